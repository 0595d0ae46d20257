package metarl.agent.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.diagnose.weights.Propensity;

/**
 * MQL: meta-training as {@link Td3Learner} does it, adaptation on copies, so that rolling back is simply to drop them. Old data are what
 * the train tasks have lived through themselves.
 */
final class MqlLearner extends Td3Learner {
    private final Mql settings;

    MqlLearner(Mql settings, Problem problem, long seed) {
        super(settings.base(), problem, seed);
        this.settings = settings;
    }

    private MqlLearner(Mql settings, MqlLearner original) {
        super(original);
        this.settings = settings;
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        if (!(other instanceof Mql mql)) throw new IllegalArgumentException(
            "these networks were trained by MQL and can adapt by other settings of MQL, not by " + other.name());
        Td3 mine = settings.base(), theirs = mql.base();
        if (mine.hidden() != theirs.hidden() || mine.contextLength() != theirs.contextLength()
            || mine.contextSize() != theirs.contextSize())
            throw new IllegalArgumentException("the settings describe other networks (hidden " + theirs.hidden() + ", context "
                + theirs.contextLength() + " × " + theirs.contextSize()
                + ") than were trained (hidden " + mine.hidden() + ", context " + mine.contextLength() + " × " + mine.contextSize()
                + "); change only the adaptation");
        return new MqlLearner(mql, this);
    }

    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        if (shots.isEmpty()) return Adaptation.none(policy());
        requireOldData();
        ContextBatch fresh = newTask(shots);
        Old old = weigh(fresh, random.split("snapshot"));
        double proximal = settings.fixedProximal() >= 0 ? settings.fixedProximal() : old.ess.lambda();
        ActorCritic adapted = networks().copy();
        var losses = new ArrayList<Double>();
        try (var update = new Td3Update(settings.base(), adapted, settings.adaptationRate(),
            random.split("target noise"))) {
            onNewTask(update, fresh, settings.proximalOnNewTask() ? proximal : 0, losses);
            onReplay(update, old.propensity, proximal, random.split("batches"), losses);
        } catch (RuntimeException e) {
            adapted.close();
            throw e;
        }
        var policy = new ContextPolicy(adapted, settings.base().contextLength(), problem());
        var oldData = new OldData(old.weights, old.rawEss, old.ess, old.taskWeights, proximal,
            settings.newTaskUpdates(), settings.replayUpdates());
        return new Adaptation(policy, losses, oldData, List.of(adapted));
    }

    private void requireOldData() {
        if (replay().size() == 0)
            throw new IllegalStateException(
                "MQL adapts with the help of old data, but the replay is empty: networks were loaded without it. "
                    + "Train on for a few episodes first: MetaTraining.on(tasks)….startFrom(run).steps(4_000).run()");
    }

    /** Eq. 18: the new task's episodes as one batch. */
    private void onNewTask(Td3Update update, ContextBatch fresh, double proximal, List<Double> losses) {
        for (int i = 0; i < settings.newTaskUpdates(); i++) {
            stopIfInterrupted();
            losses.add(update.step(fresh, null, networks(), proximal).get("criticLoss"));
        }
    }

    /** Eq. 19: old transitions, weighted. */
    private void onReplay(Td3Update update, Propensity propensity, double proximal,
        RandomStream batches, List<Double> losses) {
        for (int i = 0; i < settings.replayUpdates(); i++) {
            stopIfInterrupted();
            ContextBatch batch = withContext(replay(), own().sample(oldRows(), batches));
            float[] beta = floats(weights(propensity, features(batch)));
            losses.add(update.step(batch, beta, networks(), proximal).get("criticLoss"));
        }
    }

    private int oldRows() {
        return Require.length("a batch of step (19)", "batchMultiple or batchSize", settings.batchMultiple(),
            settings.base().batchSize());
    }

    static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) throw new CancellationException("the adaptation was interrupted; nothing was changed");
    }

    /** All transitions of the new task's episodes, newest last. */
    private ContextBatch newTask(List<Trajectory> shots) {
        Problem p = problem();
        int steps = Require.length("the steps of the new task", "the number of shots", shots.stream().mapToLong(Trajectory::length).sum());
        var replay = new MetaReplay(1, p.observationSize(), p.actionSize(), p.outcomeSize(), steps);
        for (Trajectory t : shots) replay.of(0).add(t);
        return withContext(replay, replay.newest(steps));
    }

    private ContextBatch withContext(MetaReplay replay, Batch batch) {
        return replay.withContext(batch, settings.base().contextLength());
    }

    private double[][] features(ContextBatch batch) {
        return networks().features(batch, settings.features() == Mql.Features.OBSERVATION_AND_CONTEXT);
    }

    private record Old(Propensity propensity, ImportanceWeights weights, Ess rawEss, Ess ess, double[] taskWeights) {}

    /** Fits the propensity between the new task and a snapshot of all old ones of about twice its size, and weighs the snapshot. */
    private Old weigh(ContextBatch fresh, RandomStream random) {
        int tasks = problem().tasks(),
            perTask = Require.length("the snapshot of old data", "the number of shots", 2L * fresh.size() / tasks + 2);
        ContextBatch snapshot = withContext(replay(),
            own().sampleEach(perTask, settings.snapshot(), random));
        double[][] oldFeatures = features(snapshot);
        Propensity raw = Propensity.fit(oldFeatures, features(fresh), settings.inverseStrength()).priorCorrected(settings.priorCorrected());
        Propensity clipped = raw.logitClip(settings.logitClip());
        ImportanceWeights weights = weights(clipped, oldFeatures);
        return new Old(clipped, weights, raw.weights(oldFeatures).ess(), weights.ess(),
            meanPerTask(snapshot.batch().tasks(), weights.values()));
    }

    /** Small weights count as none, if the settings say so; if all are small they stay, because weights that are all zero say nothing. */
    private ImportanceWeights weights(Propensity propensity, double[][] features) {
        ImportanceWeights weights = propensity.weights(features);
        if (settings.smallestWeight() == 0) return weights;
        double[] kept = Arrays.stream(weights.values()).map(w -> w < settings.smallestWeight() ? 0 : w).toArray();
        return Arrays.stream(kept).anyMatch(w -> w > 0) ? ImportanceWeights.of(kept) : weights;
    }

    /** NaN for a task without old data. */
    private double[] meanPerTask(int[] tasks, double[] weights) {
        double[] sums = new double[problem().tasks()], counts = new double[problem().tasks()];
        for (int i = 0; i < weights.length; i++) {
            sums[tasks[i]] += weights[i];
            counts[tasks[i]]++;
        }
        for (int task = 0; task < sums.length; task++) sums[task] /= counts[task];
        return sums;
    }

    private static float[] floats(ImportanceWeights weights) {
        double[] values = weights.values();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }
}
