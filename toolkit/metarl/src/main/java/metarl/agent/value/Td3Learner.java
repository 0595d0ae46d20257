package metarl.agent.value;

import java.util.List;
import java.util.Map;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.ContextBatch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;

/** TD3 on a replay of many tasks, with or without context. */
class Td3Learner implements Learner {
    private final Td3 settings;
    private final Problem problem;
    private final ActorCritic networks;
    private final MetaReplay replay;
    private final Td3Update update;
    private final TaskOrder order;
    private final RandomStream batches;
    private final LearnerState state;
    private final boolean owned;
    private int randomStepsLeft;
    private double owed;

    Td3Learner(Td3 settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        networks = new ActorCritic(settings, problem, RandomStream.of(seed, "networks"));
        replay = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            settings.replayCapacity());
        update = new Td3Update(settings, networks, settings.learningRate(), RandomStream.of(seed, "target noise"));
        order = new TaskOrder(problem.tasks(), seed);
        batches = RandomStream.of(seed, "batches");
        randomStepsLeft = settings.randomSteps();
        owned = true;
        state = declared();
    }

    /** A view of another learner: the same networks and replay, which stay the other's to close. */
    Td3Learner(Td3Learner original) {
        settings = original.settings;
        problem = original.problem;
        networks = original.networks;
        replay = original.replay;
        update = original.update;
        order = original.order;
        batches = original.batches;
        state = original.state;
        owned = false;
    }

    ActorCritic networks() {
        return networks;
    }

    MetaReplay replay() {
        return replay;
    }

    Problem problem() {
        return problem;
    }

    private LearnerState declared() {
        var declared = LearnerState.of().network("actor", networks.actor).network("critic", networks.critic)
            .target("target of the actor", networks.actorTarget, networks.actor)
            .target("target of the critic", networks.criticTarget, networks.critic);
        return update.declare(declared).part("task order", order::save, order::load).stream("batches", batches)
            .part("random steps left", out -> out.writeInt(randomStepsLeft), in -> randomStepsLeft = in.readInt())
            .part("updates owed", out -> out.writeDouble(owed), in -> owed = in.readDouble()).replay("replay", replay)
            .afresh(() -> randomStepsLeft = 0);
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public Policy policy() {
        return new ContextPolicy(networks, settings.contextLength(), problem, 0);
    }

    private int seats() {
        return Math.min(settings.episodesPerRound(), problem.tasks());
    }

    /** At the start random actions, in short episodes if the settings say so; then the policy with noise. */
    @Override
    public Plan plan() {
        int[] tasks = order.peek(seats());
        if (randomStepsLeft == 0)
            return Plan.of(new ContextPolicy(networks, settings.contextLength(), problem, settings.explorationNoise()), tasks);
        Plan random = Plan.of(Policy.random(problem.actionSize()), tasks);
        return settings.randomEpisodeLength() > 0 ? random.limit(settings.randomEpisodeLength()) : random;
    }

    @Override
    public void store(List<Trial> trials) {
        order.next(trials.size());
        for (Trial trial : trials) {
            Trajectory episode = trial.episodes().get(0);
            replay.of(trial.task()).add(episode);
            if (randomStepsLeft > 0) randomStepsLeft = Math.max(0, randomStepsLeft - episode.length());
            else owed += settings.updatesPerStep() * episode.length();
        }
    }

    @Override
    public boolean isDue() {
        return owed >= 1;
    }

    @Override
    public Map<String, Double> update() {
        owed -= 1;
        ContextBatch batch = replay.withContext(replay.sample(settings.batchSize(), batches), settings.contextLength());
        return update.step(batch, null, null, 0);
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
