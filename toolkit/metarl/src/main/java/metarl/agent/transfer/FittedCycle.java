package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.ReplayBuffer;
import metarl.data.Transition;
import metarl.env.wrapper.RunningStatistics;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;

/**
 * The networks of {@link CycleConsistency} with their parameters, while they learn and afterwards.
 *
 * <pre>{@code
 * FittedCycle cycle = CycleConsistency.small().start(4, 2, 1).fit(data, 0, 1, random);
 * Policy there = TransferredPolicy.of(source, cycle);                              // B of the last epoch
 * var scores = cycle.scores(epoch -> returnOf(TransferredPolicy.of(source, epoch)));
 * scores.last(), scores.best(), scores.bestEpoch()
 * }</pre>
 */
public final class FittedCycle implements Translation, AutoCloseable {
    private static final String KIND = "dynamics cycle";

    private final CycleConsistency settings;
    private final CycleNetworks networks;
    private final int observationSize;
    private final int actionSize;
    private final Parameters forward, maps, judge;
    private final Adam forwardOptimizer, mapOptimizer, judgeOptimizer;
    private final ActionPool made, real;
    /** Means and deviations of s, then of its change. */
    private final double[] units;
    private final List<float[]> epochs = new ArrayList<>();
    private final List<Map<String, Double>> losses = new ArrayList<>();
    private long forwardUpdates, updates;

    FittedCycle(CycleConsistency settings, int observationSize, int actionSize, long seed) {
        this.settings = settings;
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        networks = CycleNetworks.of(settings, observationSize, actionSize);
        forward = new Parameters(Sections.of().and(CycleNetworks.FORWARD, networks.model()), RandomStream.of(seed, CycleNetworks.FORWARD));
        maps = new Parameters(networks.maps(), RandomStream.of(seed, "maps"));
        judge = new Parameters(Sections.of().and(CycleNetworks.JUDGE, networks.judge()), RandomStream.of(seed, CycleNetworks.JUDGE));
        double rate = settings.learningRate().first();
        forwardOptimizer = new Adam(forward, rate);
        mapOptimizer = new Adam(maps, rate);
        judgeOptimizer = new Adam(judge, rate);
        made = new ActionPool(settings.poolSize(), actionSize);
        real = new ActionPool(settings.poolSize(), actionSize);
        units = new double[4 * observationSize];
        Arrays.fill(units, observationSize, 2 * observationSize, 1);
        Arrays.fill(units, 3 * observationSize, 4 * observationSize, 1);
    }

    /** The settings it was made with. */
    public CycleConsistency settings() {
        return settings;
    }

    /** Those of A, then B. */
    public Parameters parameters() {
        return maps;
    }

    /** Updates done of A, B and D. */
    public long updates() {
        return updates;
    }

    /** Measures the units of s and its change on the source data; where the settings say so, F works in them. */
    public void measure(MetaReplay data, int source) {
        if (!settings.normalized()) return;
        Needs.require(data, observationSize, actionSize, "cycle");
        ReplayBuffer buffer = data.of(source);
        if (buffer.size() == 0) throw Needs.empty(source);
        var seen = RunningStatistics.of(observationSize);
        var changes = RunningStatistics.of(observationSize);
        double[] change = new double[observationSize];
        for (int age = buffer.size() - 1; age >= 0; age--) {
            Transition t = buffer.recent(age);
            for (int j = 0; j < observationSize; j++) change[j] = t.nextObservation()[j] - t.observation()[j];
            seen.add(t.observation());
            changes.add(change);
        }
        keep(Normalizer.of(seen.mean(), seen.variance()), 0);
        keep(Normalizer.of(changes.mean(), changes.variance()), 2 * observationSize);
    }

    private void keep(Normalizer measured, int at) {
        for (int j = 0; j < observationSize; j++) {
            units[at + j] = measured.means()[j];
            units[at + observationSize + j] = measured.deviations()[j];
        }
    }

    private Normalizer unitsAt(int at) {
        float[] means = new float[observationSize], deviations = new float[observationSize];
        for (int j = 0; j < observationSize; j++) {
            means[j] = (float) units[at + j];
            deviations[j] = (float) units[at + observationSize + j];
        }
        return new Normalizer(means, deviations);
    }

    /** s as the networks see it. */
    private NDArray seen(float[] observations, NDManager scope) {
        return Rows.array(settings.normalized() ? Rows.normalized(observations, unitsAt(0)) : observations, observationSize, scope);
    }

    /** What F is to foretell: s', or the change in its units. */
    private NDArray goals(Batch rows, NDManager scope) {
        float[] goals = rows.nextObservations();
        if (settings.normalized()) {
            goals = goals.clone();
            for (int i = 0; i < goals.length; i++) goals[i] -= rows.observations()[i];
            goals = Rows.normalized(goals, unitsAt(2 * observationSize));
        }
        return Rows.array(goals, observationSize, scope);
    }

    private Batch drawn(MetaReplay data, int task, RandomStream random) {
        Needs.require(data, observationSize, actionSize, "cycle");
        return data.sample(new int[] {task}, settings.batchSize(), random);
    }

    /**
     * One update of F on the source task.
     *
     * @return {@code forwardLoss}, before it
     * @throws IllegalStateException if the task has no transitions
     */
    public Map<String, Double> forwardStep(MetaReplay data, int source, RandomStream random) {
        Batch rows = drawn(data, source, random);
        try (NDManager scope = forward.manager().newSubManager()) {
            NDArray s = seen(rows.observations(), scope), a = Rows.array(rows.actions(), actionSize, scope), goals = goals(rows, scope);
            var loss = new Loss(Gradients.recorded(() -> networks.forwardLoss(s, a, goals, forward.list())));
            double number = checked("forwardLoss", loss, forwardUpdates);
            forwardOptimizer.minimize(loss, settings.learningRate().at(forwardUpdates++));
            return Map.of("forwardLoss", number);
        }
    }

    /**
     * One update of the maps A and B on the target task, and before it one of D on both.
     *
     * @return {@code dynamicsLoss}, {@code roundTripLoss} and, with D, {@code adversarialLoss} and {@code discriminatorLoss}, without
     *     their weights
     * @throws IllegalStateException if one of the two has no transitions
     */
    public Map<String, Double> step(MetaReplay data, int source, int target, RandomStream random) {
        Batch sources = drawn(data, source, random), rows = drawn(data, target, random);
        var found = new LinkedHashMap<String, Double>();
        try (NDManager scope = maps.manager().newSubManager()) {
            NDArray s = seen(rows.observations(), scope), a = Rows.array(rows.actions(), actionSize, scope), goals = goals(rows, scope);
            NDArray there = Gradients.recorded(() -> networks.there(s, a, maps.list()));
            if (settings.adversarialWeight() > 0)
                found.put("discriminatorLoss", judgeStep(there.toFloatArray(), sources.actions(), random, scope));
            CycleNetworks.Terms terms = Gradients.recorded(
                () -> networks.terms(s, a, there, goals, forward.list(), maps.list(),
                    settings.adversarialWeight() > 0 ? judge.list() : null));
            var loss = new Loss(Gradients.recorded(() -> terms.total(settings)));
            checked("mapLoss", loss, updates);
            found.put("dynamicsLoss", (double) terms.dynamics().getFloat());
            found.put("roundTripLoss", (double) terms.roundTrip().getFloat());
            if (terms.adversarial() != null) found.put("adversarialLoss", (double) terms.adversarial().getFloat());
            mapOptimizer.minimize(loss, settings.learningRate().at(updates++));
        }
        return found;
    }

    private double judgeStep(float[] there, float[] actions, RandomStream random, NDManager scope) {
        NDArray fakes = Rows.array(made.exchanged(there, random), actionSize, scope),
            reals = Rows.array(real.exchanged(actions, random), actionSize, scope);
        var loss = new Loss(Gradients.recorded(() -> networks.discriminatorLoss(fakes, reals, judge.list())));
        double number = checked("discriminatorLoss", loss, updates);
        judgeOptimizer.minimize(loss, settings.learningRate().at(updates));
        return number;
    }

    private static double checked(String name, Loss loss, long updates) {
        double number = loss.number();
        DivergedException.requireLoss(name, number, " at update " + (updates + 1));
        return number;
    }

    /**
     * Measures, fits F on the source task, then A, B and D on both, for as many epochs as the settings say, and keeps B of every epoch.
     *
     * @return itself; what acts is B of the last epoch
     * @throws CancellationException if the thread is interrupted; what was learned until then stays
     */
    public FittedCycle fit(MetaReplay data, int source, int target, RandomStream random) {
        return fit(data, source, target, random, (epoch, means) -> {});
    }

    /**
     * The same, and tells of each epoch.
     *
     * @param listener told the number of the epoch, those of F first, from 1, and its mean losses
     */
    public FittedCycle fit(MetaReplay data, int source, int target, RandomStream random,
        BiConsumer<Integer, Map<String, Double>> listener) {
        measure(data, source);
        for (int epoch = 1; epoch <= settings.forwardEpochs(); epoch++)
            listener.accept(epoch, epoch(() -> forwardStep(data, source, random)));
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            losses.add(epoch(() -> step(data, source, target, random)));
            listener.accept(settings.forwardEpochs() + epoch, losses.get(losses.size() - 1));
            float[] values = maps.values();
            epochs.add(Arrays.copyOfRange(values, values.length / 2, values.length));
        }
        return this;
    }

    private Map<String, Double> epoch(Supplier<Map<String, Double>> update) {
        var means = new LinkedHashMap<String, Double>();
        for (int done = 0; done < settings.updatesPerEpoch(); done++) {
            if (Thread.currentThread().isInterrupted())
                throw new CancellationException("fitting the cycle was interrupted, in an epoch after " + done + " updates");
            update.get().forEach((name, loss) -> means.merge(name, loss / settings.updatesPerEpoch(), Double::sum));
        }
        return means;
    }

    /** The mean losses of each epoch of the maps that was fitted here; those before it was loaded are not kept. */
    public List<Map<String, Double>> losses() {
        return List.copyOf(losses);
    }

    /**
     * Every epoch's B by a score of the caller's, such as the mean return of some episodes in the target task. It changes nothing: what
     * acts stays that of the last epoch. Who reports the best of them must say that it was chosen by this score.
     *
     * @throws IllegalStateException if nothing was fitted
     */
    public Scores scores(ToDoubleFunction<Translation> score) {
        if (epochs.isEmpty()) throw new IllegalStateException("no epoch was fitted yet: call fit(data, source, target, random) first");
        double[] scores = new double[epochs.size()];
        try (var back = new Parameters(Sections.of().and(CycleNetworks.BACK, networks.map()), RandomStream.of(0, CycleNetworks.BACK))) {
            for (int epoch = 0; epoch < scores.length; epoch++) {
                back.setValues(epochs.get(epoch));
                scores[epoch] = score.applyAsDouble((observations, actions) -> translated(observations, actions, back.list()));
            }
        }
        return new Scores(scores);
    }

    /**
     * A score of each epoch, in order.
     *
     * @param ofEpoch one for each
     */
    public record Scores(double[] ofEpoch) {
        /** That of the last epoch: what nothing was selected by. */
        public double last() {
            return ofEpoch[ofEpoch.length - 1];
        }

        /** The best of all: selected by this very score. */
        public double best() {
            return ofEpoch[bestEpoch()];
        }

        /** The epoch of the best score, from 0; the first of equal ones. */
        public int bestEpoch() {
            int best = 0;
            for (int epoch = 1; epoch < ofEpoch.length; epoch++) if (ofEpoch[epoch] > ofEpoch[best]) best = epoch;
            return best;
        }
    }

    /** B(s, a) of each row, as it is now. */
    @Override
    public double[][] translate(double[][] observations, double[][] actions) {
        return translated(observations, actions, maps.section(CycleNetworks.BACK));
    }

    private double[][] translated(double[][] observations, double[][] actions, NDList back) {
        Require.that(actions.length == observations.length, "the number of actions", actions.length,
            observations.length + ", one for each observation");
        float[] seen = Rows.flat(observations, observationSize, "observation", ", as the cycle was made for"),
            meant = Rows.flat(actions, actionSize, "action", " of real numbers; choices cannot be translated");
        try (NDManager scope = maps.manager().newSubManager()) {
            float[] said = Gradients.unrecorded(
                () -> networks.mapped(seen(seen, scope), Rows.array(meant, actionSize, scope), back)).toFloatArray();
            DivergedException.requireSaid("entry", said, actionSize);
            return Rows.of(said, actionSize);
        }
    }

    /** Adds everything: networks, optimisers, pools, units and the epochs that are kept. */
    public LearnerState declare(LearnerState state, String prefix) {
        return state.network(prefix + CycleNetworks.FORWARD, forward).network(prefix + "maps", maps)
            .network(prefix + "units", units).network(prefix + CycleNetworks.JUDGE, judge)
            .optimizer(prefix + "forward model's optimiser", forwardOptimizer).optimizer(prefix + "maps' optimiser", mapOptimizer)
            .optimizer(prefix + "discriminator's optimiser", judgeOptimizer).part(prefix + "made actions", made::save, made::load)
            .part(prefix + "real actions", real::save, real::load).part(prefix + "epochs", this::saveEpochs, this::loadEpochs);
    }

    private void saveEpochs(DataOutputStream out) throws IOException {
        out.writeLong(forwardUpdates);
        out.writeLong(updates);
        out.writeInt(epochs.size());
        for (float[] back : epochs) StoredNumbers.writeCounted(out, back);
    }

    private void loadEpochs(DataInputStream in) throws IOException {
        forwardUpdates = in.readLong();
        updates = in.readLong();
        int count = in.readInt(), size = (int) networks.map().parameters();
        epochs.clear();
        for (int epoch = 0; epoch < count; epoch++) epochs.add(StoredNumbers.readCounted(in, size));
    }

    /** Writes settings and networks into a file, enough to translate with as now, without earlier epochs. */
    public void save(Path file) {
        StoredModel.save(file, KIND, settings, observationSize, actionSize, declare(LearnerState.of(), ""));
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws java.io.UncheckedIOException if there is no such file, or it holds something else
     */
    public static FittedCycle load(Path file) {
        return StoredModel.load(file, KIND, CycleConsistency.class, (settings, o, a) -> settings.start(o, a, 0),
            cycle -> cycle.declare(LearnerState.of(), ""));
    }

    /** Frees the networks; closing twice is fine. */
    @Override
    public void close() {
        for (Parameters p : List.of(forward, maps, judge)) p.close();
        for (Adam optimizer : List.of(forwardOptimizer, mapOptimizer, judgeOptimizer)) optimizer.close();
    }
}
