package metarl.agent.value;

import static metarl.basics.Require.times;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.data.ReplayBuffer;
import metarl.nn.Adam;

/**
 * Soft actor-critic (Haarnoja et al. 2018, "Soft actor-critic algorithms and applications") on a replay of many tasks, which it does not
 * tell apart: the pieces are those of {@link SoftActorCritic}. With several tasks it learns one policy that is good on average; alone, or
 * as the bar for methods that adapt.
 *
 * <p>Different from the authors' code: episodes are collected whole before the updates that are owed for them, as by {@link Td3}.
 *
 * @param hidden width of both hidden layers
 * @param discount γ
 * @param targetRate τ of the target networks
 * @param learningRate of Adam, for actor, critics and temperature
 * @param batchSize transitions per update
 * @param temperature α at the start
 * @param entropy what the temperature is adjusted for: nats per number of the action, −1 in the paper
 * @param randomSteps environment steps with uniformly random actions before learning starts
 * @param updatesPerStep updates per collected environment step
 * @param episodesPerRound episodes (of different tasks, in lockstep) between updates
 * @param replayCapacity transitions kept, over all tasks
 */
public record Sac(int hidden, double discount, double targetRate, double learningRate, int batchSize, double temperature, double entropy,
    int randomSteps, double updatesPerStep, int episodesPerRound, int replayCapacity) implements Algorithm {
    private static final double LARGEST = 1e6;

    /** Checks every value; an error names the sane range. */
    public Sac {
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 300");
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.9 to 0.99");
        Require.number(targetRate, targetRate > 0 && targetRate <= 1, "targetRate", "in (0, 1], usually 0.005");
        Adam.requireRate(learningRate, "learningRate");
        Require.count(batchSize, 1, "batchSize", "at least 1, usually 64 to 256");
        Require.number(temperature, temperature > 0 && temperature <= LARGEST, "temperature", "above 0 and at most 1e6, usually 0.1 to 1");
        Require.number(entropy, Math.abs(entropy) <= 100, "entropy", "−100 to 100 nats per number of the action, usually −1");
        Require.count(randomSteps, 0, "randomSteps", "0 or more, usually 1 000 to 10 000 for a body");
        Require.number(updatesPerStep, updatesPerStep > 0 && updatesPerStep <= LARGEST, "updatesPerStep",
            "above 0 and at most 1 000 000, usually 0.2 to 1");
        Require.count(episodesPerRound, 1, "episodesPerRound", "at least 1, usually 1 to 5");
        Require.count(replayCapacity, 1, "replayCapacity", "at least 1, usually 100 000 to 1 000 000");
    }

    /** The paper's settings. */
    public static Sac defaults() {
        return new Sac(256, 0.99, 0.005, 3e-4, 256, 1, -1, 10_000, 1, 1, 1_000_000);
    }

    /** Small networks and a short horizon for {@link metarl.task.families.PointRobot}: our own, tuned to learn in seconds. */
    public static Sac pointRobot() {
        return new Sac(64, 0.9, 0.02, 3e-3, 64, 0.1, -1, 500, 1, 5, 100_000);
    }

    @Override
    public String name() {
        return "SAC";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new SacLearner(this, problem, seed);
    }

    @Override
    public MemoryNeed memory(Problem p, MemoryNeed.Work work) {
        long o = p.observationSize(), a = p.actionSize(), actor = MemoryNeed.layers(o, hidden, 2 * a),
            critics = 2 * MemoryNeed.layers(o + a, hidden, 1);
        var parts = new ArrayList<MemoryNeed.Part>();
        // values, two moments and a gradient of each, and the targets
        parts.add(new MemoryNeed.Part("networks, targets and optimisers", "hidden", MemoryNeed.Phase.ALWAYS, times(8, critics),
            times(4, MemoryNeed.plus(times(4, actor), times(5, critics)))));
        long capacity = times(Math.max(1, replayCapacity / p.tasks()), p.tasks());
        parts.add(new MemoryNeed.Part("replay", "replayCapacity", MemoryNeed.Phase.ALWAYS,
            ReplayBuffer.bytes(p.observationSize(), p.actionSize(), p.outcomeSize(), capacity), 0));
        // eight passes through a network, six of them kept for a gradient
        long row = 2 * o + a + 3, pass = MemoryNeed.plus(times(40, hidden), 8 * row + 40 * a);
        parts.add(new MemoryNeed.Part("batch and its passes", "batchSize", MemoryNeed.Phase.LEARNING, times(4, times(batchSize, row)),
            times(4, times(batchSize, pass))));
        acting("episodes of a round", "episodesPerRound", MemoryNeed.Phase.COLLECTING, Math.min(episodesPerRound, p.tasks()), 1, p, parts);
        if (work.testTasks() > 0)
            acting("episodes of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING, work.testTasks(), work.episodes(), p, parts);
        return new MemoryNeed(this, p, work, parts);
    }

    private void acting(String what, String setting, MemoryNeed.Phase phase, long environments, long each, Problem p,
        List<MemoryNeed.Part> parts) {
        long steps = times(times(environments, each), MemoryNeed.horizon(p));
        parts.add(new MemoryNeed.Part(what, setting, phase, MemoryNeed.episodes(p, steps), times(24, times(environments, hidden))));
    }

    @Override
    public boolean adapts() {
        return false;
    }

    @Override
    public Sac fast() {
        return batchSize(Math.min(batchSize, 32)).updatesPerStep(Math.min(updatesPerStep, 0.2));
    }

    /** This with another width of the hidden layers. */
    public Sac hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another discount. */
    public Sac discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another rate of the target networks. */
    public Sac targetRate(double targetRate) {
        return Copy.with(this, "targetRate", targetRate);
    }

    /** This with another learning rate. */
    public Sac learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another batch size. */
    public Sac batchSize(int batchSize) {
        return Copy.with(this, "batchSize", batchSize);
    }

    /** This with another temperature at the start. */
    public Sac temperature(double temperature) {
        return Copy.with(this, "temperature", temperature);
    }

    /** This with another entropy to be held, in nats per number of the action. */
    public Sac entropy(double entropy) {
        return Copy.with(this, "entropy", entropy);
    }

    /** This with another number of random steps at the start. */
    public Sac randomSteps(int randomSteps) {
        return Copy.with(this, "randomSteps", randomSteps);
    }

    /** This with another number of updates per step. */
    public Sac updatesPerStep(double updatesPerStep) {
        return Copy.with(this, "updatesPerStep", updatesPerStep);
    }

    /** This with another number of episodes per round. */
    public Sac episodesPerRound(int episodesPerRound) {
        return Copy.with(this, "episodesPerRound", episodesPerRound);
    }

    /** This with another replay capacity. */
    public Sac replayCapacity(int replayCapacity) {
        return Copy.with(this, "replayCapacity", replayCapacity);
    }
}
