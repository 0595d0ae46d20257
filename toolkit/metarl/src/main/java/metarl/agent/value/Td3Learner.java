package metarl.agent.value;

import java.util.List;
import java.util.Map;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.MetaReplay;

/** TD3 on a replay of many tasks, with or without context. */
class Td3Learner implements ReplayLearner {
    private final Td3 settings;
    private final Problem problem;
    private final ActorCritic networks;
    private final ReplaySchedule schedule;
    private final Td3Hindsight hindsight;
    private final Td3Update update;
    private final LearnerState state;
    private final boolean owned;

    Td3Learner(Td3 settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        networks = new ActorCritic(settings, problem, RandomStream.of(seed, "networks"));
        schedule = new ReplaySchedule(problem, settings.replayCapacity(), settings.randomSteps(), settings.updatesPerStep(),
            settings.episodesPerRound(), seed);
        hindsight = new Td3Hindsight(settings, problem, schedule.replay(), seed);
        update = new Td3Update(settings, networks, settings.learningRate(), RandomStream.of(seed, "target noise"));
        owned = true;
        state = hindsight.declare(schedule.declare(update.declare(networks.declare(LearnerState.of()))));
    }

    /** A view of another learner: the same networks and replay, which stay the other's to close. */
    Td3Learner(Td3Learner original) {
        settings = original.settings;
        problem = original.problem;
        networks = original.networks;
        schedule = original.schedule;
        hindsight = original.hindsight;
        update = original.update;
        state = original.state;
        owned = false;
    }

    ActorCritic networks() {
        return networks;
    }

    MetaReplay replay() {
        return schedule.replay();
    }

    /** What tasks have lived through themselves, of what is in the replay. */
    OwnSteps own() {
        return hindsight.own();
    }

    Td3Hindsight hindsight() {
        return hindsight;
    }

    Problem problem() {
        return problem;
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public Policy policy() {
        return new ContextPolicy(networks, settings.contextLength(), problem);
    }

    /** At the start random actions, in short episodes if the settings say so; then the policy with noise. */
    @Override
    public Plan plan() {
        return schedule.plan(policy().withNoise(settings.explorationNoise()), settings.randomEpisodeLength());
    }

    @Override
    public ReplaySchedule schedule() {
        return schedule;
    }

    /** Episodes that others learn from, too, are owed no more updates than without. */
    @Override
    public void store(List<Trial> trials) {
        schedule.store(trials, (episode, task) -> hindsight.add(episode, task, new Td3Values(settings, networks, hindsight)));
    }

    @Override
    public Map<String, Double> update() {
        Batch batch = schedule.draw(settings.batchSize());
        Map<String, Double> found = update.step(hindsight.withContext(batch), hindsight.weights(batch), hindsight.scales(batch));
        found.putAll(hindsight.numbers());
        return found;
    }

    /** A view ends with the learner it looks at. */
    @Override
    public void close() {
        if (owned) state.close();
    }
}
