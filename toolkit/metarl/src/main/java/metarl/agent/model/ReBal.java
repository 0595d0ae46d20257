package metarl.agent.model;

import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Model-based meta-reinforcement learning by a memory (ReBAL, Nagabandi et al. 2019, "Learning to adapt in dynamic, real-world
 * environments", section 5): the recurrent form of {@link GrBal}. What a gradient step does there, the hidden state of a recurrent unit
 * does here: it follows the steps of an episode, and what the next step leads to is read from it.
 *
 * <p>With x̂ and ŷ as in {@link GrBal}, element t of a sequence is x̂_t and ŷ_{t−1}, what is seen and done and what the last step led to (0
 * at the beginning), and
 *
 * <p>h_t = GRU(x̂_t, ŷ_{t−1}; h_{t−1}), ŷ_t ≈ W h_t + b.
 *
 * <p>Learned is the mean over runs of consecutive steps of one episode, over steps and over entries of (W h_t + b − ŷ_t)², by Adam; a run
 * begins with an empty memory, and the gradient goes back to its beginning. When a {@link Planner} looks ahead, every candidate carries on
 * with a copy of the hidden state of its environment through the steps that are predicted; all candidates of all environments are one
 * product per step. A new episode begins with an empty memory: other than in {@link GrBal}, nothing lasts from one to the next, and shots
 * change nothing.
 *
 * <p>Different from the release: a gated recurrent unit, where it has an LSTM; an element says what the last step led to, which the
 * release leaves to the memory; runs are drawn from a replay and begin empty, where the release goes through whole episodes and cuts the
 * gradient every 100 steps; a fixed number of updates per round. And what is said of {@link GrBal}.
 *
 * @param hidden size of the hidden state
 * @param runLength steps of a run
 * @param runsPerUpdate runs of one update
 * @param learningRate of Adam
 * @param randomEpisodes episodes with random actions at the start
 * @param episodesPerRound episodes, of different tasks, between updates
 * @param updatesPerRound updates after each collection
 * @param replayCapacity transitions kept, over all tasks
 * @param rewards where the rewards of predicted steps come from
 * @param planner how actions are chosen
 */
public record ReBal(int hidden, int runLength, int runsPerUpdate, double learningRate, int randomEpisodes, int episodesPerRound,
    int updatesPerRound, int replayCapacity, GrBal.Rewards rewards, Planner planner) implements ModelBased {
    /** Checks every value; an error names the sane range. */
    public ReBal {
        if (rewards == null) rewards = GrBal.Rewards.TASK;
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 256");
        Require.count(runLength, 1, "runLength", "at least 1 step, usually 50 to 100");
        ModelBased.require(planner, runsPerUpdate, learningRate, randomEpisodes, episodesPerRound, updatesPerRound, replayCapacity);
    }

    /** For {@link metarl.task.families.Pendulum} and {@link metarl.task.families.CartPole}: our own, learned in minutes. */
    public static ReBal classical() {
        return new ReBal(64, 50, 16, 3e-3, 10, 5, 300, 100_000, GrBal.Rewards.TASK, Planner.crossEntropy(100, 20).iterations(3));
    }

    /** The settings of the authors' code; its 50 passes over the 5,000 steps of a round are 250 updates. */
    public static ReBal released() {
        return new ReBal(256, 100, 10, 1e-2, 5, 5, 250, 500_000, GrBal.Rewards.TASK, Planner.randomShooting(500, 10));
    }

    @Override
    public String name() {
        return "ReBAL";
    }

    /** It adapts within an episode only: episodes that were lived through before change nothing. */
    @Override
    public boolean adapts() {
        return false;
    }

    @Override
    public int run() {
        return runLength;
    }

    @Override
    public String runSetting() {
        return "runLength";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, ReBalMemory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new ReBalLearner(this, problem, seed);
    }

    @Override
    public ReBal fast() {
        return updatesPerRound(Math.min(updatesPerRound, 5)).runsPerUpdate(Math.min(runsPerUpdate, 4)).planner(planner.fast());
    }

    /** This with another size of the hidden state. */
    public ReBal hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another number of steps in a run. */
    public ReBal runLength(int runLength) {
        return Copy.with(this, "runLength", runLength);
    }

    /** This with another number of runs per update. */
    public ReBal runsPerUpdate(int runsPerUpdate) {
        return Copy.with(this, "runsPerUpdate", runsPerUpdate);
    }

    /** This with another learning rate. */
    public ReBal learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another number of episodes with random actions. */
    public ReBal randomEpisodes(int randomEpisodes) {
        return Copy.with(this, "randomEpisodes", randomEpisodes);
    }

    /** This with another number of episodes between updates. */
    public ReBal episodesPerRound(int episodesPerRound) {
        return Copy.with(this, "episodesPerRound", episodesPerRound);
    }

    /** This with another number of updates after each collection. */
    public ReBal updatesPerRound(int updatesPerRound) {
        return Copy.with(this, "updatesPerRound", updatesPerRound);
    }

    /** This with another capacity of the replay. */
    public ReBal replayCapacity(int replayCapacity) {
        return Copy.with(this, "replayCapacity", replayCapacity);
    }

    /** This with another source of rewards. */
    public ReBal rewards(GrBal.Rewards rewards) {
        return Copy.with(this, "rewards", rewards);
    }

    /** This with another planner. */
    public ReBal planner(Planner planner) {
        return Copy.with(this, "planner", planner);
    }
}
