package metarl.agent.value;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.nn.Parameters;

/** TD3 on a replay of many tasks, with or without context. */
class Td3Learner implements Learner {
    private final Td3 settings;
    private final Problem problem;
    private final ActorCritic networks;
    private final MetaReplay replay;
    private final Td3Update update;
    private final TaskOrder order;
    private RandomStream batchStream;
    private int randomStepsLeft;
    private double owed;
    private boolean owned = true;

    Td3Learner(Td3 settings, Problem problem, long seed) {
        this.settings = settings;
        this.problem = problem;
        networks = new ActorCritic(settings, problem, RandomStream.of(seed, "networks"));
        replay = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(),
            settings.replayCapacity());
        update = new Td3Update(settings, networks, settings.learningRate(), RandomStream.of(seed, "target noise"));
        order = new TaskOrder(problem.tasks(), seed);
        batchStream = RandomStream.of(seed, "batches");
        randomStepsLeft = settings.randomSteps();
    }

    /** A view of another learner: the same networks and replay, which stay the other's to close. */
    Td3Learner(Td3Learner original) {
        settings = original.settings;
        problem = original.problem;
        networks = original.networks;
        replay = original.replay;
        update = original.update;
        order = original.order;
        batchStream = original.batchStream;
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

    @Override
    public Policy explorer() {
        if (randomStepsLeft > 0) return Policy.random(problem.actionSize());
        return new ContextPolicy(networks, settings.contextLength(), problem, settings.explorationNoise());
    }

    @Override
    public Policy policy() {
        return new ContextPolicy(networks, settings.contextLength(), problem, 0);
    }

    @Override
    public int[] nextTasks() {
        return order.next(Math.min(settings.episodesPerRound(), problem.tasks()));
    }

    @Override
    public int episodeLimit() {
        return randomStepsLeft > 0 && settings.randomEpisodeLength() > 0 ? settings.randomEpisodeLength() : Integer.MAX_VALUE;
    }

    @Override
    public void store(int[] tasks, List<Trajectory> trajectories) {
        for (int i = 0; i < tasks.length; i++) {
            Trajectory trajectory = trajectories.get(i);
            replay.of(tasks[i]).add(trajectory);
            if (randomStepsLeft > 0) randomStepsLeft = Math.max(0, randomStepsLeft - trajectory.length());
            else owed += settings.updatesPerStep() * trajectory.length();
        }
    }

    @Override
    public boolean isDue() {
        return owed >= 1;
    }

    @Override
    public Map<String, Double> update() {
        owed -= 1;
        Batch batch = replay.sample(settings.batchSize(), settings.contextLength(), batchStream);
        return update.step(batch, null, null, 0);
    }

    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        return Adaptation.none(policy());
    }

    @Override
    public void saveNetworks(DataOutputStream out) throws IOException {
        networks.actor.save(out);
        networks.critic.save(out);
    }

    @Override
    public void loadNetworks(DataInputStream in) throws IOException {
        networks.actor.load(in);
        networks.critic.load(in);
        networks.actorTarget.set(networks.actor);
        networks.criticTarget.set(networks.critic);
    }

    @Override
    public void saveState(DataOutputStream out) throws IOException {
        for (Parameters p : networks.all()) p.save(out);
        update.save(out);
        order.save(out);
        out.writeLong(batchStream.state());
        out.writeInt(randomStepsLeft);
        out.writeDouble(owed);
    }

    @Override
    public void loadState(DataInputStream in) throws IOException {
        for (Parameters p : networks.all()) p.load(in);
        update.load(in);
        order.load(in);
        batchStream = RandomStream.resume(in.readLong());
        randomStepsLeft = in.readInt();
        owed = in.readDouble();
    }

    @Override
    public void saveReplay(DataOutputStream out) throws IOException {
        replay.save(out);
    }

    @Override
    public void loadReplay(DataInputStream in) throws IOException {
        replay.load(in);
    }

    @Override
    public void skipRandomSteps() {
        randomStepsLeft = 0;
    }

    @Override
    public void close() {
        if (!owned) return;
        update.close();
        networks.close();
    }
}
