package metarl.agent;

import java.util.List;
import java.util.concurrent.CancellationException;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.diagnose.Ess;
import metarl.diagnose.ImportanceWeights;
import metarl.diagnose.Propensity;
import metarl.env.RandomStream;

/** MQL: meta-training as {@link Td3Learner} does it, adaptation on copies, so that rolling back is simply to drop them. */
final class MqlLearner extends Td3Learner {
    private final Mql settings;

    MqlLearner(Mql settings, Problem problem, long seed) {
        super(settings.base(), problem, seed);
        this.settings = settings;
    }

    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        if (shots.isEmpty()) return Adaptation.none(policy());
        MetaReplay replay = replay();
        if (replay.size() == 0)
            throw new IllegalStateException("MQL adapts with the help of old data, but the replay is empty: networks were loaded without it. "
                + "Train on for a few episodes first: MetaTraining.on(tasks)….startFrom(run).steps(4_000).run()");
        Batch fresh = newTask(shots);
        Old old = weigh(fresh, random.split("snapshot"));
        double proximal = settings.fixedProximal() >= 0 ? settings.fixedProximal() : old.ess.lambda();
        ActorCritic adapted = networks().copy();
        try (var update = new Td3Update(settings.base(), adapted, settings.adaptationRate(), random.split("target noise"))) {
            for (int i = 0; i < settings.newTaskUpdates(); i++) {
                stopIfInterrupted();
                update.step(fresh, null, networks(), proximal);
            }
            RandomStream batches = random.split("batches");
            for (int i = 0; i < settings.replayUpdates(); i++) {
                stopIfInterrupted();
                Batch batch = replay.sample(settings.base().batchSize(), settings.base().contextLength(), batches);
                update.step(batch, floats(old.propensity.weights(networks().features(batch))), networks(), proximal);
            }
        } catch (RuntimeException e) {
            adapted.close();
            throw e;
        }
        var policy = new ContextPolicy(adapted, settings.base().contextLength(), problem(), 0);
        return new Adaptation(policy, old.weights, old.rawEss, old.ess, proximal, settings.newTaskUpdates() + settings.replayUpdates(), List.of(adapted));
    }

    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) throw new CancellationException("the adaptation was interrupted; nothing was changed");
    }

    /** All transitions of the new task's episodes, newest last. */
    private Batch newTask(List<Trajectory> shots) {
        Problem p = problem();
        int steps = shots.stream().mapToInt(Trajectory::length).sum();
        var replay = new MetaReplay(1, p.observationSize(), p.actionSize(), p.outcomeSize(), steps);
        for (Trajectory t : shots) replay.of(0).add(t);
        return replay.newest(steps, settings.base().contextLength());
    }

    private record Old(Propensity propensity, ImportanceWeights weights, Ess rawEss, Ess ess) {}

    /** Fits the propensity between the new task and a snapshot of all old ones of about twice its size, and weighs the snapshot. */
    private Old weigh(Batch fresh, RandomStream random) {
        int perTask = 2 * fresh.size() / problem().tasks() + 2;
        Batch snapshot = replay().sampleEach(perTask, settings.snapshot(), settings.base().contextLength(), random);
        double[][] oldFeatures = networks().features(snapshot);
        Propensity raw = Propensity.fit(oldFeatures, networks().features(fresh), settings.inverseStrength());
        Propensity clipped = raw.logitClip(settings.logitClip());
        ImportanceWeights weights = clipped.weights(oldFeatures);
        return new Old(clipped, weights, raw.weights(oldFeatures).ess(), weights.ess());
    }

    private static float[] floats(ImportanceWeights weights) {
        double[] values = weights.values();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }
}
