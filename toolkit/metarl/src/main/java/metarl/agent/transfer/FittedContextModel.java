package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.agent.model.DynamicsModel.Prediction;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Transition;
import metarl.env.wrapper.RunningStatistics;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Sections;
import metarl.nn.SegmentLoss;

/**
 * A {@linkplain ContextModel context encoder and a forward model} with their parameters, while they learn and afterwards. The code that
 * made it closes it.
 *
 * <pre>{@code
 * var model = ContextModel.small().start(observationSize, actionSize, 1);
 * model.fit(data, new int[] {0, 1, 2}, 2_000, RandomStream.of(1, "fit"));
 * float[] z = model.feature(data, 1, 1_024, RandomStream.of(1, "feature"));
 * model.save(Path.of("cheetah.context"));
 * }</pre>
 *
 * <p>Units of observations, actions and changes are those of all tasks' data when {@link #measure} was called last. The release adds each
 * new episode to them. Here they stand still between two calls, so that z, and all that was learned on it, keeps its meaning while encoder
 * and forward model do not learn: a learner that goes on collecting measures again before these two learn, and before all others do.
 */
public final class FittedContextModel implements AutoCloseable {
    private static final String KIND = "context model";
    /** Histories that are encoded at a time. */
    private static final int TOGETHER = 4_096;

    private final ContextModel settings;
    private final ContextEncoder encoder;
    private final ForwardModel forward;
    private final Parameters parameters;
    private final Adam optimizer;
    private final SegmentLoss loss;
    private final Segments segments;
    /** How many steps were measured, then the units. */
    private final double[] measured;

    FittedContextModel(ContextModel settings, int observationSize, int actionSize, long seed) {
        this.settings = settings;
        int z = settings.contextSize();
        forward = ForwardModel.of(observationSize, actionSize, z, settings.hidden(), settings.layers());
        encoder = z == 0 ? null : ContextEncoder.of(observationSize, actionSize, settings.history(), z,
            settings.encoderHidden().stream().mapToInt(w -> w).toArray());
        segments = new Segments(settings, observationSize, actionSize);
        var decays = new ArrayList<Double>();
        if (encoder != null) decays.addAll(perArray(settings.encoderDecay(), encoder.network()));
        decays.addAll(perArray(settings.forwardDecay(), forward.network()));
        loss = new SegmentLoss(encoder == null ? null : encoder.network(), forward.network(), settings.contrastiveWeight(),
            settings.margin(), settings.squaredHinge(), decays);
        parameters = new Parameters(forward.sections(before()), RandomStream.of(seed, "context model"));
        optimizer = new Adam(parameters, settings.learningRate());
        double[] none = new Units(Normalizer.none(observationSize + actionSize), Normalizer.none(observationSize)).numbers();
        measured = new double[1 + none.length];
        System.arraycopy(none, 0, measured, 1, none.length);
    }

    private Sections before() {
        return encoder == null ? Sections.of() : Sections.of().and(ContextEncoder.NETWORK, encoder.network());
    }

    /** A layer's decay is that of its weights and of its biases. */
    private static List<Double> perArray(List<Double> decays, Mlp network) {
        return IntStream.range(0, 2 * network.layers())
            .mapToObj(i -> decays.isEmpty() ? 0.0 : decays.get(Math.min(i / 2, decays.size() - 1))).toList();
    }

    /** What was asked for. */
    public ContextModel settings() {
        return settings;
    }

    /**
     * C.
     *
     * @throws IllegalStateException if there is none, because contextSize is 0
     */
    public ContextEncoder encoder() {
        if (encoder == null) throw new IllegalStateException(
            "this context model has no encoder, because its contextSize is 0; start one with a contextSize of 1 or more, usually 10");
        return encoder;
    }

    /** F. */
    public ForwardModel forward() {
        return forward;
    }

    /** Those of both: the encoder's, if there is one, then the forward model's. Closed with this. */
    public Parameters parameters() {
        return parameters;
    }

    /** The forward model's part of the parameters, as {@link ForwardModel#predict} takes them. */
    public NDList forwardArrays() {
        NDList all = parameters.list();
        return all.subNDList(encoder == null ? 0 : 2 * encoder.network().layers(), all.size());
    }

    /** Units of s and a, and of the change of s. */
    public Units units() {
        double[] numbers = new double[measured.length - 1];
        System.arraycopy(measured, 1, numbers, 0, numbers.length);
        return Units.of(numbers, forward.observationSize() + forward.actionSize(), forward.observationSize());
    }

    /** {@link ForwardModel#predict} with the present parameters and units. */
    public Prediction predict(NDArray observations, NDArray actions, NDArray contexts) {
        return forward.predict(observations, actions, contexts, units(), forwardArrays());
    }

    /**
     * Measures the units: mean and deviation of observations, actions and changes of the observation, over all steps of these tasks.
     *
     * @throws IllegalStateException if none of them has any step
     */
    public void measure(MetaReplay data, int... tasks) {
        requireTasks(data, tasks);
        int o = forward.observationSize(), a = forward.actionSize();
        var inputs = RunningStatistics.of(o + a);
        var changes = RunningStatistics.of(o);
        double[] x = new double[o + a], y = new double[o];
        for (int task : tasks)
            for (int age = data.of(task).size() - 1; age >= 0; age--) {
                Transition step = data.of(task).recent(age);
                System.arraycopy(step.observation(), 0, x, 0, o);
                System.arraycopy(step.action(), 0, x, o, a);
                for (int j = 0; j < o; j++) y[j] = step.nextObservation()[j] - step.observation()[j];
                inputs.add(x);
                changes.add(y);
            }
        double[] found = new Units(Normalizer.of(inputs.mean(), inputs.variance()), Normalizer.of(changes.mean(), changes.variance()))
            .numbers();
        measured[0] = inputs.count();
        System.arraycopy(found, 0, measured, 1, found.length);
    }

    private void requireTasks(MetaReplay data, int... tasks) {
        Require.that(tasks.length > 0, "the number of tasks", 0, "at least 1 task to learn from");
        Require.that(IntStream.of(tasks).distinct().count() == tasks.length, "the list of tasks", Arrays.toString(tasks),
            "each task once");
        Require.that(data.observationSize() == forward.observationSize() && data.actionSize() == forward.actionSize(),
            "the size of observations and actions in the replay", data.observationSize() + " and " + data.actionSize(),
            forward.observationSize() + " and " + forward.actionSize() + ", for which this model was made");
        for (int task : tasks) if (data.of(task).size() == 0) throw new IllegalStateException(
            "the replay holds no transitions of task " + task + ": collect episodes of it before learning from it");
    }

    /**
     * A step of Adam on L ({@link ContextModel}), from segments of one task, or with probability ½ of two.
     *
     * @param tasks from which segments are drawn; of one alone all pairs are alike
     * @return {@code forwardLoss}, L_forw; {@code forwardError}, the mean of (ŷ − μ)², on which the release's schedule looks (there the sum
     *     over both batches: twice this); {@code contrastiveLoss}, L_cont, if there is one
     * @throws IllegalStateException if the units were not measured, or no episode of a task has M steps
     */
    public Map<String, Double> step(MetaReplay data, int[] tasks, RandomStream random) {
        requireTasks(data, tasks);
        requireMeasured();
        int[] pair = pair(tasks, random);
        segments.draw(0, data, pair[0], random);
        segments.draw(1, data, pair[1], random);
        try (NDManager scope = parameters.manager().newSubManager()) {
            SegmentLoss.Found found = loss(segments.in(scope), pair[0] == pair[1]);
            DivergedException.requireLoss("the loss of the context model", found.total(), "");
            optimizer.descend(found.gradients(), scope);
            return numbers(found);
        }
    }

    /** The tasks of the two batches: with probability ½ one and the same. */
    static int[] pair(int[] tasks, RandomGenerator random) {
        int first = random.nextInt(tasks.length), second = first;
        if (tasks.length > 1 && random.nextBoolean()) second = (first + 1 + random.nextInt(tasks.length - 1)) % tasks.length;
        return new int[] {tasks[first], tasks[second]};
    }

    SegmentLoss.Found loss(SegmentLoss.Segments of, boolean same) {
        Units units = units();
        return loss.of(of, new SegmentLoss.Units(encoder == null ? null : encoder.unitsOf(units), units.inputs(), units.targets()), same,
            parameters.list());
    }

    private Map<String, Double> numbers(SegmentLoss.Found found) {
        var numbers = new LinkedHashMap<String, Double>();
        numbers.put("forwardLoss", found.fit());
        numbers.put("forwardError", found.error());
        if (encoder != null && settings.contrastiveWeight() > 0) numbers.put("contrastiveLoss", found.contrastive());
        return numbers;
    }

    /** Whether the units are known, without which nothing can be said of any step. */
    public boolean isMeasured() {
        return measured[0] > 0;
    }

    private void requireMeasured() {
        if (!isMeasured())
            throw new IllegalStateException("the units of the data are not known yet: call measure(data, tasks) first, or fit, which does");
    }

    /** Measures the units, then makes so many steps. */
    public FittedContextModel fit(MetaReplay data, int[] tasks, int updates, RandomStream random) {
        return fit(data, tasks, updates, random, (update, numbers) -> {});
    }

    /**
     * The same, and tells of each step.
     *
     * @param listener told the number of the step, from 1, and what {@link #step} returned
     */
    public FittedContextModel fit(MetaReplay data, int[] tasks, int updates, RandomStream random,
        BiConsumer<Integer, Map<String, Double>> listener) {
        Require.count(updates, 0, "updates", "0 or more, usually 1 000 to 10 000");
        measure(data, tasks);
        for (int i = 1; i <= updates; i++) listener.accept(i, step(data, tasks, random));
        return this;
    }

    /**
     * z of histories, n × z.
     *
     * @param histories n × K × (action + observation), as {@link StepHistory#values} gives them
     */
    public float[] embeddings(float[] histories, int n) {
        int width = encoder().inputs(), z = encoder.contextSize();
        Require.that(histories.length == n * width, "the number of values in histories", histories.length,
            n + " × " + width + ": " + settings.history() + " steps of action and change of the observation each");
        requireMeasured();
        float[] all = new float[n * z];
        for (int from = 0; from < n; from += TOGETHER) {
            int rows = Math.min(TOGETHER, n - from);
            float[] part = Arrays.copyOfRange(histories, from * width, (from + rows) * width);
            try (NDManager scope = parameters.manager().newSubManager()) {
                float[] found = Gradients.unrecorded(() -> encoder.encode(scope.create(part, new Shape(rows, width)), units(),
                    parameters.section(ContextEncoder.NETWORK)).toFloatArray());
                System.arraycopy(found, 0, all, from * z, found.length);
            }
        }
        return all;
    }

    /**
     * z at moments of a task's recorded episodes, drawn uniformly and with replacement: segments × z.
     *
     * @param segments how many moments
     */
    public float[] embeddings(MetaReplay data, int task, int segments, RandomStream random) {
        Require.count(segments, 1, "segments", "at least 1, usually 256 to 1024");
        requireTasks(data, task);
        encoder();
        Batch rows = data.sample(new int[] {task}, segments, random);
        return embeddings(Segments.before(data, rows, settings.history()), segments);
    }

    /**
     * A task's feature: the mean of such z.
     *
     * @param segments how many moments, in the release 256 while it learns and 1 024 when it is evaluated
     * @return z
     */
    public float[] feature(MetaReplay data, int task, int segments, RandomStream random) {
        float[] all = embeddings(data, task, segments, random), mean = new float[encoder.contextSize()];
        for (int j = 0; j < mean.length; j++) {
            double sum = 0;
            for (int i = 0; i < segments; i++) sum += all[i * mean.length + j];
            mean[j] = (float) (sum / segments);
        }
        return mean;
    }

    /**
     * Declares networks, units and optimiser as parts of a learner, which then closes them.
     *
     * @param prefix of their names, such as "context "; may be empty
     */
    public LearnerState declare(LearnerState state, String prefix) {
        return state.network(prefix + "model", parameters).network(prefix + "units", measured).optimizer(prefix + "optimiser", optimizer);
    }

    /** Writes settings, networks and units into a file, which is enough to be used, and to learn on with a fresh optimiser. */
    public void save(Path file) {
        StoredModel.save(file, KIND, settings, forward.observationSize(), forward.actionSize(), declare(LearnerState.of(), ""));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws java.io.UncheckedIOException if there is no such file, or it holds something else
     */
    public static FittedContextModel load(Path file) {
        return StoredModel.load(file, KIND, ContextModel.class, (settings, o, a) -> settings.start(o, a, 0),
            model -> model.declare(LearnerState.of(), ""));
    }

    @Override
    public void close() {
        parameters.close();
        optimizer.close();
    }
}
