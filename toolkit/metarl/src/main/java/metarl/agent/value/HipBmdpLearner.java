package metarl.agent.value;

import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.Trajectory;

/** HiP-BMDP while it learns. */
final class HipBmdpLearner implements ReplayLearner {
    private final HipBmdp settings;
    private final HipBmdpNetworks networks;
    private final HipBmdpUpdate update;
    private final RandomStream noise;
    private final ReplaySchedule schedule;
    private final LearnerState state;
    private final boolean owned;

    HipBmdpLearner(HipBmdp settings, Problem problem, long seed) {
        this.settings = settings;
        Sac sac = settings.base();
        networks = new HipBmdpNetworks(settings, problem, RandomStream.of(seed, "networks"));
        update = new HipBmdpUpdate(networks);
        noise = RandomStream.of(seed, "noise of drawn actions");
        schedule = new ReplaySchedule(problem, sac.replayCapacity(), sac.randomSteps(), sac.updatesPerStep(), sac.episodesPerRound(), seed);
        state = schedule.declare(update.declare(networks.declare(LearnerState.of())).stream("noise of drawn actions", noise));
        owned = true;
    }

    /** A view of another learner: the same networks and replay, which stay the other's to close. */
    private HipBmdpLearner(HipBmdp settings, HipBmdpLearner original) {
        this.settings = settings;
        networks = original.networks;
        update = original.update;
        noise = original.noise;
        schedule = original.schedule;
        state = original.state;
        owned = false;
    }

    HipBmdpNetworks networks() {
        return networks;
    }

    @Override
    public LearnerState state() {
        return state;
    }

    /** Without noise; by the mean embedding, except where the task is known to be a train task. */
    @Override
    public Policy policy() {
        return new HipBmdpPolicy(networks, null, false);
    }

    @Override
    public Plan plan() {
        return schedule.plan(new HipBmdpPolicy(networks, null, true), 0);
    }

    @Override
    public ReplaySchedule schedule() {
        return schedule;
    }

    /** The first one measures the units. */
    @Override
    public Map<String, Double> update() {
        if (!networks.isMeasured()) networks.measure(schedule.replay());
        Batch batch = schedule.draw(settings.base().batchSize());
        int numbers = Require.tensor("the noise of a batch", "batchSize", batch.size(), networks.problem.actionSize());
        return update.step(batch, new HipBmdpUpdate.Noise(noise.gaussians(numbers), noise.gaussians(numbers)));
    }

    /** The networks stay as they are; what can change is the embedding that they are told. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        return new EmbeddingFit(networks, settings, shots).adaptation(random);
    }

    @Override
    public Learner adaptingBy(Algorithm other) {
        if (!(other instanceof HipBmdp hip)) throw new IllegalArgumentException(
            "these networks were trained by HiP-BMDP and can adapt by other settings of HiP-BMDP, not by " + other.name());
        if (!networksOf(hip).equals(networksOf(settings))) throw new IllegalArgumentException("the networks were trained with "
            + networksOf(settings) + ", and asked to adapt with " + networksOf(hip)
            + "; only newTask, fitUpdates, fitRate and what training alone uses can change");
        return new HipBmdpLearner(hip, this);
    }

    /** What the settings say about the networks, which cannot change after training. */
    private static String networksOf(HipBmdp s) {
        return "hidden " + s.base().hidden() + ", latentSize " + s.latentSize() + ", encoderHidden " + s.encoderHidden()
            + ", embeddingSize " + s.embeddingSize() + ", modelHidden " + s.modelHidden() + ", conditioned " + s.conditioned()
            + ", probabilistic " + s.probabilistic();
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
