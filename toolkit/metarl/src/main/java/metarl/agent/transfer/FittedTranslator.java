package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.nn.Adam;
import metarl.nn.BranchedMlp;
import metarl.nn.Gradients;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;
import metarl.nn.TranslationLoss;

/**
 * The network H of an {@link ActionTranslator} with its parameters, while it learns and afterwards.
 *
 * <pre>{@code
 * FittedContextModel dynamics = ContextModel.small().contextSize(0).start(4, 2, 1).fit(data, new int[] {1}, 2_000, random);
 * FittedTranslator translator = ActionTranslator.small().start(dynamics, 1).fit(data, 0, 1, 3_000, random);
 * Policy there = TransferredPolicy.of(source, translator);
 * }</pre>
 *
 * <p>The context model it stands on stays the caller's: it may learn on between updates, is never changed here, and the caller
 * closes it.
 */
public final class FittedTranslator implements Translation, AutoCloseable {
    private static final String KIND = "action translator", NETWORK = "translator";

    private final ActionTranslator settings;
    private final FittedContextModel dynamics;
    private final int sourceActionSize;
    private final BranchedMlp network;
    private final TranslationLoss loss;
    private final Parameters parameters;
    private final Adam optimizer;
    private long updates;

    FittedTranslator(ActionTranslator settings, FittedContextModel dynamics, int sourceActionSize, long seed) {
        Require.count(sourceActionSize, 1, "sourceActionSize", "at least 1 entry of an action of the source task");
        ForwardModel forward = dynamics.forward();
        int z = forward.contextSize();
        if (settings.withFeatures() && z == 0) throw new IllegalArgumentException(
            "the translator expects task features, and the context model has no encoder to compute them (contextSize 0); "
                + "use ActionTranslator.withFeatures(false), or a ContextModel with a contextSize of 1 or more");
        this.settings = settings;
        this.dynamics = dynamics;
        this.sourceActionSize = sourceActionSize;
        int[] inputs = settings.withFeatures() ? new int[] {forward.observationSize(), sourceActionSize, z, z}
            : new int[] {forward.observationSize(), sourceActionSize};
        network = BranchedMlp.of(inputs, settings.branch(), settings.hidden(), settings.layers(), forward.actionSize());
        loss = new TranslationLoss(network, forward.network(), settings.objective() == ActionTranslator.Objective.LIKELIHOOD);
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
        Needs.require(data, dynamics.forward().observationSize(), sourceActionSize, NETWORK);
        Batch rows = data.sample(new int[] {source}, settings.batchSize(), random);
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
        int size = dynamics.forward().contextSize();
        requireFeature("the source's feature", sourceFeature, settings.withFeatures() ? size : 0);
        requireFeature("the target's feature", targetFeature, size);
        try (NDManager scope = parameters.manager().newSubManager()) {
            TranslationLoss.Rows known = inUnits(rows, sourceFeature, targetFeature, scope);
            TranslationLoss.Found found = loss.of(known, parameters.list(), dynamics.forwardArrays());
            DivergedException.requireLoss("translatorLoss", found.value(), " at update " + (updates + 1));
            optimizer.descend(found.gradients(), settings.learningRate().at(updates++), scope);
            return Map.of("translatorLoss", found.value());
        }
    }

    private static void requireFeature(String name, float[] feature, int size) {
        Require.that(size == 0 ? feature == null : feature != null && feature.length == size, name, entries(feature),
            size == 0 ? "null, because no network reads it" : size + " entries, the context size");
    }

    private TranslationLoss.Rows inUnits(Batch rows, float[] sourceFeature, float[] targetFeature, NDManager scope) {
        int size = dynamics.forward().observationSize(), width = dynamics.forward().actionSize();
        Units units = dynamics.units();
        float[] changes = rows.nextObservations().clone();
        for (int i = 0; i < changes.length; i++) changes[i] -= rows.observations()[i];
        NDArray now = Rows.array(Rows.normalized(rows.observations(), part(units.inputs(), 0, size)), size, scope),
            goals = Rows.array(Rows.normalized(changes, units.targets()), size, scope),
            context = targetFeature == null ? null : Rows.array(targetFeature, targetFeature.length, scope),
            seen = settings.normalized() ? now : Rows.array(rows.observations(), size, scope);
        var inputs = new NDList(seen, Rows.array(rows.actions(), sourceActionSize, scope));
        if (settings.withFeatures()) inputs.addAll(new NDList(Rows.array(sourceFeature, sourceFeature.length, scope), context));
        return new TranslationLoss.Rows(now, goals, context, part(units.inputs(), size, size + width), inputs);
    }

    private static Normalizer part(Normalizer units, int from, int to) {
        return new Normalizer(Arrays.copyOfRange(units.means(), from, to), Arrays.copyOfRange(units.deviations(), from, to));
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
            "this translator needs task features: translate(observations, actions, sourceFeature, targetFeatures), "
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
            "the targets' features", entries(targetFeatures), n + " rows of " + z + ", the context size of the translator");
        if (z > 0) requireFeature("the source's feature", sourceFeature, z);
        try (NDManager scope = parameters.manager().newSubManager()) {
            if (settings.normalized()) seen = Rows.normalized(seen, part(dynamics.units().inputs(), 0, forward.observationSize()));
            NDArray s = Rows.array(seen, forward.observationSize(), scope), a = Rows.array(meant, sourceActionSize, scope);
            float[] said = Gradients.unrecorded(() -> (z == 0 ? network.forward(parameters.list(), s, a)
                : network.forward(parameters.list(), s, a, Rows.array(sourceFeature, z, scope), Rows.array(targetFeatures, z, scope)))
                .tanh())
                .toFloatArray();
            DivergedException.requireSaid("entry", said, forward.actionSize());
            return Rows.of(said, forward.actionSize());
        }
    }

    /** Adds network, optimiser and the count of updates, which the state then closes; the context model declares itself. */
    public LearnerState declare(LearnerState state, String prefix) {
        return state.network(prefix + NETWORK, parameters).optimizer(prefix + NETWORK + "'s optimiser", optimizer)
            .part(prefix + NETWORK + " updates", out -> out.writeLong(updates), in -> updates = in.readLong());
    }

    /** Writes settings and network into a file, enough to translate with; the context model is stored by itself. */
    public void save(Path file) {
        StoredModel.save(file, KIND, settings, dynamics.forward().observationSize(), sourceActionSize, declare(LearnerState.of(), ""));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param dynamics the context model that it was fitted on
     * @throws java.io.UncheckedIOException if there is no such file, or it holds something else, or was made for tasks with other spaces
     */
    public static FittedTranslator load(Path file, FittedContextModel dynamics) {
        return StoredModel.load(file, KIND, ActionTranslator.class, (settings, observationSize, sourceActionSize) -> {
            Require.that(observationSize == dynamics.forward().observationSize(), "the size of observations", observationSize,
                dynamics.forward().observationSize() + ", as the context model was made for");
            return settings.start(dynamics, sourceActionSize, 0);
        }, translator -> translator.declare(LearnerState.of(), ""));
    }

    /** Frees the network; closing twice is fine. */
    @Override
    public void close() {
        parameters.close();
        optimizer.close();
    }
}
