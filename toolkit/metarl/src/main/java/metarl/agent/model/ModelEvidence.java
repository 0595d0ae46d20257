package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import metarl.agent.Evidence;
import metarl.agent.model.GrBalModel.Steps;
import metarl.agent.model.GrBalModel.Units;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.Panel;
import metarl.chart.Series;
import metarl.data.Trajectory;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.task.Task;
import metarl.task.TaskSet;

/**
 * How well GrBAL's model foretells the steps of a task, before and after it is adapted to the steps before each. Evaluations log the means
 * over the shots under {@code modelErrorBefore} and {@code modelErrorAfter}.
 *
 * <p>It asks the model of the run as it is when it is asked: valid as long as the run is open.
 */
public final class ModelEvidence implements Evidence {
    /** Steps whose models are evaluated together, each with parameters of its own. */
    private static final int TOGETHER = 32;

    private final GrBalLearner learner;
    private final List<Errors> shots;

    /**
     * The error of the prediction of every step of an episode: the mean over the entries of (f(x̂) − ŷ)², in units of their deviations over
     * the training data.
     *
     * @param before by θ
     * @param after by θ', adapted to the K steps before; NaN for the first K steps of the episode, which have too few before them
     */
    public record Errors(double[] before, double[] after) {
        /** The mean before adaptation, over the steps that can be adapted to. */
        public double meanBefore() {
            return IntStream.range(0, before.length).filter(t -> !Double.isNaN(after[t])).mapToDouble(t -> before[t]).average()
                .orElse(Double.NaN);
        }

        /** The mean after adaptation, over the same steps. */
        public double meanAfter() {
            return Arrays.stream(after).filter(e -> !Double.isNaN(e)).average().orElse(Double.NaN);
        }
    }

    /**
     * What a planner sees from one step of an episode on.
     *
     * @param paths what the model foretells for each sequence: sequences × (horizon + 1) × observation; first the present observation
     * @param returns what each sequence would earn, as the model foretells it
     * @param plan what is foretold for the chosen plan: (horizon + 1) × observation
     */
    public record Foreseen(double[][][] paths, double[] returns, double[][] plan) {}

    private ModelEvidence(GrBalLearner learner, List<Errors> shots) {
        this.learner = learner;
        this.shots = shots;
    }

    static ModelEvidence of(GrBalLearner learner, List<Trajectory> shots) {
        return new ModelEvidence(learner, shots.stream().map(s -> errors(learner, s)).toList());
    }

    /** Of each shot. */
    public List<Errors> shots() {
        return shots;
    }

    /** Along any episode of the family, such as one in which a motor fails. */
    public Errors errors(Trajectory episode) {
        return errors(learner, episode);
    }

    private static Errors errors(GrBalLearner learner, Trajectory episode) {
        int k = learner.settings().support(), n = episode.length();
        double[] before = new double[n], after = new double[n];
        Arrays.fill(after, Double.NaN);
        for (int from = 0; from < n; from += TOGETHER) {
            int first = from, count = Math.min(TOGETHER, n - from);
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                Steps asked = steps(learner, episode, first, count, 1, scope);
                NDList theta = Gradients.unrecorded(() -> Mlp.stacked(learner.parameters().list(), count, scope));
                copy(errors(learner, asked, theta), before, first, 0);
                if (first + count <= k) continue;
                var recent = IntStream.range(first, first + count).mapToObj(t -> recent(learner, episode, t)).toList();
                NDList adapted = GrBalPolicy.adapted(learner.settings(), learner.model(), learner.parameters(), learner.units(), recent,
                    scope);
                copy(errors(learner, asked, adapted), after, first, Math.max(0, k - first));
            }
        }
        return new Errors(before, after);
    }

    private static void copy(float[] from, double[] to, int at, int skipped) {
        for (int i = skipped; i < from.length; i++) to[at + i] = from[i];
    }

    private static float[] errors(GrBalLearner learner, Steps asked, NDList stacked) {
        return Gradients.unrecorded(() -> learner.model().errors(asked, stacked).toFloatArray());
    }

    /** The steps from {@code from} on, one of each of {@code count} models. */
    private static Steps steps(GrBalLearner learner, Trajectory episode, int from, int count, int each, NDManager scope) {
        var steps = IntStream.range(from, from + count).mapToObj(t -> {
            var one = new RecentSteps(learner.model(), learner.payments(), each);
            one.add(episode, t);
            return one;
        }).toList();
        return learner.model().steps(RecentSteps.rows(steps), count, 0, each, learner.units(), scope);
    }

    /** The K steps before step {@code t}. */
    private static RecentSteps recent(GrBalLearner learner, Trajectory episode, int t) {
        int k = learner.settings().support();
        var recent = new RecentSteps(learner.model(), learner.payments(), k);
        for (int s = Math.max(0, t - k); s < t; s++) recent.add(episode, s);
        return recent;
    }

    /**
     * What the planner sees before step {@code t} of an episode: what the model, adapted to the steps before, foretells for random
     * sequences of actions and for the plan that is chosen.
     *
     * @param sequences how many random sequences
     */
    public Foreseen foreseen(Trajectory episode, int t, int sequences, RandomStream random) {
        Require.that(t >= 0 && t < episode.length(), "t", t, "0 to " + (episode.length() - 1) + ", a step of the episode");
        Require.count(sequences, 1, "sequences", "at least 1");
        Planner planner = learner.settings().planner();
        double[] now = episode.observation(t);
        Units units = learner.units();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDList stacked = GrBalPolicy.adapted(learner.settings(), learner.model(), learner.parameters(), units,
                List.of(recent(learner, episode, t)), scope);
            var foresight = new ModelForesight(learner.model().ahead(units), stacked, new double[][] {now}, learner.payments().payment());
            int actionSize = episode.action(t).length, h = planner.horizon();
            Planning planning = planner.start(1, actionSize, random.split("plan"));
            planning.next(foresight);
            float[] actions = new float[Require.tensor("the sequences of actions", "sequences", sequences + 1, h, actionSize)];
            for (int i = 0; i < sequences * h * actionSize; i++) actions[i] = 2 * random.nextFloat() - 1;
            double[][] plan = planning.plan(0);
            for (int s = 0; s < h * actionSize; s++)
                actions[sequences * h * actionSize + s] = (float) plan[s / actionSize][s % actionSize];
            var tried = new Sequences(1, sequences + 1, h, actionSize, actions);
            double[][][] paths = paths(foresight, tried, scope);
            return new Foreseen(Arrays.copyOf(paths, sequences), Arrays.copyOf(foresight.returns(tried), sequences), paths[sequences]);
        }
    }

    private static double[][][] paths(ModelForesight foresight, Sequences tried, NDManager scope) {
        double[] now = foresight.observations()[0];
        int rows = tried.candidates(), width = foresight.model().network().outputs();
        NDArray foretold = foresight.model().of(scope.create(new double[][] {now}).toType(ai.djl.ndarray.types.DataType.FLOAT32, false),
            scope.create(tried.values(), new ai.djl.ndarray.types.Shape(1, rows, tried.horizon(), tried.actionSize())),
            foresight.stacked());
        float[] values = foretold.toFloatArray();
        double[][][] paths = new double[rows][tried.horizon() + 1][now.length];
        for (int row = 0; row < rows; row++) {
            paths[row][0] = now.clone();
            for (int t = 0; t < tried.horizon(); t++)
                for (int j = 0; j < now.length; j++) paths[row][t + 1][j] = values[(t * rows + row) * width + j];
        }
        return paths;
    }

    private double mean(boolean adapted) {
        return shots.stream().mapToDouble(e -> adapted ? e.meanAfter() : e.meanBefore()).filter(e -> !Double.isNaN(e)).average()
            .orElse(Double.NaN);
    }

    @Override
    public Map<String, Double> numbers() {
        var numbers = new LinkedHashMap<String, Double>();
        if (Double.isNaN(mean(true))) return numbers;
        numbers.put("modelErrorBefore", mean(false));
        numbers.put("modelErrorAfter", mean(true));
        return numbers;
    }

    @Override
    public String sentence() {
        int k = learner.settings().support();
        String rewards = "; rewards: " + learner.payments().sentence();
        if (Double.isNaN(mean(true))) return "the shots have no more than the " + k + " steps that are adapted to" + rewards;
        return String.format(Locale.ROOT, "adapted to the %d steps before each, the model's error is %.2f of what it was%s", k,
            mean(true) / mean(false), rewards);
    }

    /** The error along the first shot, before and after adaptation. */
    @Override
    public Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        Errors first = shots.get(0);
        double[] t = IntStream.range(0, first.before.length).asDoubleStream().toArray();
        return Optional.of(new Chart(new Panel("Error of the model in " + adaptedTo.label(), Axis.of("step"),
            Axis.of("mean squared error, in deviations²"),
            List.of(Series.line("before adaptation", t, first.before), Series.line("adapted to the steps before", t, first.after)))));
    }
}
