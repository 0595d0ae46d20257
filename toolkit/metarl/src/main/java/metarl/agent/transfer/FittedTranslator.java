package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.agent.model.DynamicsModel.Prediction;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/**
 * The network H of an {@link ActionTranslator} with its parameters, while it learns and afterwards.
 *
 * <pre>{@code
 * FittedContextModel dynamics = ContextModel.small().contextSize(0).start(4, 2, 1).fit(data, new int[] {1}, 2_000, random);
 * FittedTranslator translator = ActionTranslator.small().start(dynamics, 1).fit(data, 0, 1, 3_000, random);
 * Policy there = TransferredPolicy.of(source, translator);
 * }</pre>
 *
 * <p>The context model it stands on stays the caller's: it may learn on between updates, is never changed here, and is closed by whoever
 * made it.
 */
public final class FittedTranslator implements Translation, AutoCloseable {
    private static final String NETWORK = "translator";

    private final ActionTranslator settings;
    private final FittedContextModel dynamics;
    private final int sourceActionSize;
    private final BranchedMlp network;
    private final Parameters parameters;
    private final Adam optimizer;
    private long updates;

    FittedTranslator(ActionTranslator settings, FittedContextModel dynamics, int sourceActionSize, long seed) {
        Require.count(sourceActionSize, 1, "sourceActionSize", "at least 1 entry of an action of the source task");
        ForwardModel forward = dynamics.forward();
        int z = forward.contextSize();
        if (settings.withFeatures() && z == 0) throw new IllegalArgumentException(
            "the translator is to be told task features, and the context model has no encoder that says any (contextSize 0); "
                + "use ActionTranslator.withFeatures(false), or a ContextModel with a contextSize of 1 or more");
        this.settings = settings;
        this.dynamics = dynamics;
        this.sourceActionSize = sourceActionSize;
        int[] inputs = settings.withFeatures() ? new int[] {forward.observationSize(), sourceActionSize, z, z}
            : new int[] {forward.observationSize(), sourceActionSize};
        network = BranchedMlp.of(inputs, settings.branch(), settings.hidden(), settings.layers(), forward.actionSize());
        parameters = new Parameters(Sections.of().and(NETWORK, network), RandomStream.of(seed, NETWORK));
        optimizer = new Adam(parameters, settings.learningRate().first());
    }

    /** The settings it was made with. */
    public ActionTranslator settings() {
        return settings;
    }

    /** Context encoder and forward model it stands on. */
    public FittedContextModel dynamics() {
        return dynamics;
    }

    /** The parameters of H. */
    public Parameters parameters() {
        return parameters;
    }

    /** Entries of an action of the source task. */
    public int sourceActionSize() {
        return sourceActionSize;
    }

    /** Updates done. */
    public long updates() {
        return updates;
    }

    /**
     * One update on a pair of tasks that is drawn uniformly, with replacement, from these: source and target may be the same.
     *
     * @param data what was lived through, by tasks
     * @param tasks their numbers in the replay
     * @return the loss before the update, as {@code translatorLoss}
     * @throws IllegalStateException if one of the two has no transitions
     * @throws IllegalArgumentException if the translator has no task features and there is more than one task, or the replay is of tasks
     * with other spaces
     */
    public Map<String, Double> step(MetaReplay data, int[] tasks, RandomStream random) {
        Require.that(tasks.length >= 1, "the number of tasks", tasks.length, "at least 1, usually all that were collected");
        Require.that(settings.withFeatures() || tasks.length == 1, "the number of tasks", tasks.length,
            "1, because a translator without task features serves one pair: step(data, source, target, random), or withFeatures(true)");
        return step(data, tasks[random.nextInt(tasks.length)], tasks[random.nextInt(tasks.length)], random);
    }

    /** The same on this pair. Where F has no context, data of the target task are not needed. */
    public Map<String, Double> step(MetaReplay data, int source, int target, RandomStream random) {
        Batch rows = data.sample(new int[] {source}, settings.batchSize(), random);
        Rows.require(rows, dynamics.forward().observationSize(), sourceActionSize, NETWORK);
        float[] sourceFeature = settings.withFeatures() ? dynamics.feature(data, source, settings.segments(), random) : null;
        float[] targetFeature = dynamics.forward().contextSize() == 0 ? null
            : dynamics.feature(data, target, settings.segments(), random);
        return step(rows, sourceFeature, targetFeature);
    }

    /**
     * The same on rows and features of the caller's: where source and target differ in their spaces, and states are brought to those of the
     * target first.
     *
     * @param rows transitions of the source task, with observations of the target's space
     * @param sourceFeature z_j; null where H has no features
     * @param targetFeature z_i; null where F has no context
     */
    public Map<String, Double> step(Batch rows, float[] sourceFeature, float[] targetFeature) {
        try (NDManager scope = parameters.manager().newSubManager()) {
            Loss loss = loss(rows, sourceFeature, targetFeature, scope);
            double number = loss.number();
            DivergedException.requireLoss("translatorLoss", number, " at update " + (updates + 1));
            optimizer.minimize(loss, settings.learningRate().at(updates++));
            return Map.of("translatorLoss", number);
        }
    }

    /** Equation 3, or L1 in its place; recorded. */
    Loss loss(Batch rows, float[] sourceFeature, float[] targetFeature, NDManager scope) {
        ForwardModel forward = dynamics.forward();
        int n = rows.size(), size = forward.observationSize();
        Require.that(targetFeature == null ? forward.contextSize() == 0 : targetFeature.length == forward.contextSize(),
            "the target's feature", entries(targetFeature), forward.contextSize() + " entries, the context size");
        NDArray now = Rows.array(rows.observations(), size, scope), next = Rows.array(rows.nextObservations(), size, scope),
            goal = dynamics.units().targets().normalized(next.sub(now)),
            target = targetFeature == null ? null : scope.create(targetFeature, new Shape(1, targetFeature.length));
        return new Loss(Gradients.recorded(() -> {
            NDArray translated = translated(rows.observations(), rows.actions(), sourceFeature, target, scope);
            Prediction said = dynamics.predict(now, translated, target == null ? null : target.broadcast(n, forward.contextSize()));
            return settings.objective().loss(said, goal);
        }));
    }

    /** ã = tanh of the network, rows × action; recorded if operations are. */
    private NDArray translated(float[] observations, float[] actions, float[] sourceFeature, NDArray target, NDManager scope) {
        int size = dynamics.forward().observationSize();
        NDArray s = Rows.array(settings.normalized() ? inUnits(observations) : observations, size, scope),
            a = Rows.array(actions, sourceActionSize, scope);
        if (!settings.withFeatures()) return network.forward(parameters.list(), s, a).tanh();
        int z = dynamics.forward().contextSize();
        Require.that(sourceFeature != null && sourceFeature.length == z, "the source's feature", entries(sourceFeature),
            z + " entries, the context size");
        return network.forward(parameters.list(), s, a, scope.create(sourceFeature, new Shape(1, z)), target).tanh();
    }

    private float[] inUnits(float[] observations) {
        int size = dynamics.forward().observationSize();
        Normalizer units = dynamics.units().inputs();
        var own = new Normalizer(Arrays.copyOf(units.means(), size), Arrays.copyOf(units.deviations(), size));
        return Rows.normalized(observations, own);
    }

    private static String entries(float[] feature) {
        return feature == null ? null : feature.length + " entries";
    }

    /** So many updates on this pair. */
    public FittedTranslator fit(MetaReplay data, int source, int target, int updates, RandomStream random) {
        return fit(data, source, target, updates, random, (update, losses) -> {});
    }

    /**
     * The same, and tells of each update.
     *
     * @param listener told the number of the update, from 1, and what {@link #step} returned
     * @return itself
     * @throws CancellationException if the thread is interrupted; what was learned until then stays
     */
    public FittedTranslator fit(MetaReplay data, int source, int target, int updates, RandomStream random,
        BiConsumer<Integer, Map<String, Double>> listener) {
        return repeated(updates, () -> step(data, source, target, random), listener);
    }

    /** So many updates on pairs of these tasks. */
    public FittedTranslator fit(MetaReplay data, int[] tasks, int updates, RandomStream random) {
        return fit(data, tasks, updates, random, (update, losses) -> {});
    }

    /** The same, and tells of each update. */
    public FittedTranslator fit(MetaReplay data, int[] tasks, int updates, RandomStream random,
        BiConsumer<Integer, Map<String, Double>> listener) {
        return repeated(updates, () -> step(data, tasks, random), listener);
    }

    private FittedTranslator repeated(int count, Supplier<Map<String, Double>> update, BiConsumer<Integer, Map<String, Double>> listener) {
        Require.count(count, 0, "updates", "0 or more, usually a few thousand");
        for (int done = 0; done < count; done++) {
            if (Thread.currentThread().isInterrupted())
                throw new CancellationException("fitting the translator was interrupted after " + done + " of " + count + " updates");
            listener.accept(done + 1, update.get());
        }
        return this;
    }

    /**
     * ã = H(s, a) of each row, for a translator without task features.
     *
     * @throws IllegalStateException if it has task features
     */
    @Override
    public double[][] translate(double[][] observations, double[][] actions) {
        if (settings.withFeatures()) throw new IllegalStateException(
            "this translator is told task features: translate(observations, actions, sourceFeature, targetFeatures), "
                + "or TransferredPolicy.of(source, translator, sourceFeature)");
        return translate(observations, actions, null, null);
    }

    /**
     * ã = H(s, a, z_j, z_i) of each row.
     *
     * @param observations rows × observation
     * @param actions rows × action of the source task
     * @param sourceFeature z_j, the same for all rows; null where the translator has no features
     * @param targetFeatures z_i of each row, rows × z; null where the translator has no features
     */
    public double[][] translate(double[][] observations, double[][] actions, float[] sourceFeature, float[] targetFeatures) {
        ForwardModel forward = dynamics.forward();
        int n = observations.length, z = settings.withFeatures() ? forward.contextSize() : 0;
        Require.that(actions.length == n, "the number of actions", actions.length, n + ", one for each observation");
        float[] seen = Rows.flat(observations, forward.observationSize(), "observation", ", as the forward model was made for"),
            meant = Rows.flat(actions, sourceActionSize, "action", " of real numbers; choices cannot be translated");
        Require.that(z == 0 ? targetFeatures == null : targetFeatures != null && targetFeatures.length == n * z,
            "the targets' features", entries(targetFeatures), n + " rows of " + z + ", the context size that the translator is told");
        try (NDManager scope = parameters.manager().newSubManager()) {
            NDArray target = z == 0 ? null : Rows.array(targetFeatures, z, scope);
            float[] said = Gradients.unrecorded(() -> translated(seen, meant, sourceFeature, target, scope)).toFloatArray();
            DivergedException.requireSaid("entry", said, forward.actionSize());
            return Rows.of(said, forward.actionSize());
        }
    }

    /** Adds network, optimiser and the count of updates, which the state then closes; the context model declares itself. */
    public LearnerState declare(LearnerState state, String prefix) {
        return state.network(prefix + NETWORK, parameters).optimizer(prefix + NETWORK + "'s optimiser", optimizer)
            .part(prefix + NETWORK + " updates", out -> out.writeLong(updates), in -> updates = in.readLong());
    }

    /** Frees the network; closing twice is fine. */
    @Override
    public void close() {
        parameters.close();
        optimizer.close();
    }
}
