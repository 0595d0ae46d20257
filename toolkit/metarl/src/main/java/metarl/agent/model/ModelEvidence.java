package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import metarl.agent.Evidence;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.Panel;
import metarl.chart.Series;
import metarl.data.Trajectory;
import metarl.task.Task;
import metarl.task.TaskSet;

/**
 * How well a learned model foretells the steps of a task, before and after it is adapted to the steps before each. Evaluations log the
 * means over the shots under {@code modelErrorBefore} and {@code modelErrorAfter}.
 *
 * <p>It asks the model of the run as it is when it is asked: valid as long as the run is open.
 */
public final class ModelEvidence implements Evidence {
    private final ModelBasedLearner learner;
    private final List<Errors> shots;

    /**
     * The error of the prediction of every step of an episode: the mean over the entries of (f(x̂) − ŷ)², in units of their deviations over
     * the training data.
     *
     * @param before by θ; by ReBAL, by a memory that is empty
     * @param after by θ', adapted to the K steps before; NaN for the first K steps of the episode, which have too few before them. By
     * ReBAL, with the memory of all steps before; NaN for the first
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

    private ModelEvidence(ModelBasedLearner learner, List<Errors> shots) {
        this.learner = learner;
        this.shots = shots;
    }

    static ModelEvidence of(ModelBasedLearner learner, List<Trajectory> shots) {
        return new ModelEvidence(learner, shots.stream().map(learner::errors).toList());
    }

    /** Of each shot. */
    public List<Errors> shots() {
        return shots;
    }

    /** Along any episode of the family, such as one in which a motor fails. */
    public Errors errors(Trajectory episode) {
        return learner.errors(episode);
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
        Planner planner = learner.planner();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            ModelForesight foresight = learner.foresight(episode, t, scope);
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
        NDArray foretold = foresight.foretold(tried, scope);
        int rows = tried.candidates(), width = (int) foretold.getShape().get(2);
        float[] values = foretold.toFloatArray();
        double[][][] paths = new double[rows][tried.horizon() + 1][now.length];
        for (int row = 0; row < rows; row++) {
            paths[row][0] = now.clone();
            for (int t = 0; t < tried.horizon(); t++)
                for (int j = 0; j < now.length; j++) paths[row][t + 1][j] = values[(t * width + j) * rows + row];
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
        String rewards = "; rewards: " + learner.payments.sentence();
        if (Double.isNaN(mean(true))) return "the shots are too short for " + learner.adaptedTo() + rewards;
        return String.format(Locale.ROOT, "adapted to %s, the model's error is %.2f of what it was%s", learner.adaptedTo(),
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
