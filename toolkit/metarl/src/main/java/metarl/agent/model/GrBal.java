package metarl.agent.model;

import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Model-based meta-reinforcement learning by gradients (GrBAL, Nagabandi et al. 2019, "Learning to adapt in dynamic, real-world
 * environments"): a model of the dynamics is trained such that one gradient step on the last K steps makes it better at the steps to come;
 * acting means to adapt it before every step, and to plan with it.
 *
 * <p>With x = (s, a), y = s' − s, x̂ and ŷ brought to mean 0 and deviation 1 over all data, and the error of a set D of steps
 * L(D, θ) = mean over D and over the entries of y of (f_θ(x̂) − ŷ)², the model minimises (their equation 3, with the inner step of
 * their equation 4)
 *
 * <p>E over runs of K + M steps of one episode of L(last M, θ'), θ' = θ − α ∇L(first K, θ),
 *
 * <p>by Adam and the exact gradient through the inner step. At every control step, each environment adapts θ on its own last K steps (none
 * before there are K), then a {@link Planner} looks for the actions that would earn most in the adapted model. α = 0 leaves the adaptation
 * out: plain model-based control, the lower bound that adapting is to beat.
 *
 * <p>What a predicted step pays is said by {@link Rewards}. The agent is not told its task: where the reward itself depends a little on it,
 * as through the motor that fails, that of the first train task is planned with.
 *
 * <p>Different from the release: units come from all data and are used for all data, where the release computes them from the newest
 * iteration; there is a fixed number of updates per round, where the release stops by an error before adaptation; the model is judged by
 * the mean over entries; what is planned is clipped before it is scored. Its inner rate of 0.001 hardly changes a model: ours are larger.
 *
 * @param hidden width of the hidden layers
 * @param layers hidden layers, with max(x, 0)
 * @param innerRate α; 0: no adaptation
 * @param innerSteps gradient steps on the last K
 * @param firstOrder whether the inner gradient is held fixed in the outer one
 * @param support K, steps that are adapted to
 * @param query M, steps that judge the adapted model in training
 * @param runsPerUpdate runs of K + M steps of one update
 * @param learningRate of the outer Adam
 * @param randomEpisodes episodes with random actions at the start
 * @param episodesPerRound episodes, of different tasks, between updates
 * @param updatesPerRound updates after each collection
 * @param replayCapacity transitions kept, over all tasks
 * @param rewards where the rewards of predicted steps come from
 * @param planner how actions are chosen
 */
public record GrBal(int hidden, int layers, double innerRate, int innerSteps, boolean firstOrder, int support, int query, int runsPerUpdate,
    double learningRate, int randomEpisodes, int episodesPerRound, int updatesPerRound, int replayCapacity, Rewards rewards,
    Planner planner) implements ModelBased {
    /** Where the rewards of predicted steps come from. */
    public enum Rewards {
        /**
         * The task's own reward of the predicted outcome. An outcome is computed from the observations where the family knows how ({@link
         * metarl.task.TaskFamily#showsOutcome}); elsewhere the model foretells it beside the change. Not where tasks differ in the reward.
         */
        TASK,
        /** The model foretells the reward beside the change; what is adapted to may then be another reward. */
        LEARNED
    }

    /** Checks every value; an error names the sane range. */
    public GrBal {
        if (rewards == null) rewards = Rewards.TASK;
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 512");
        Require.that(layers >= 1 && layers <= 100, "layers", layers, "1 to 100, usually 2 or 3");
        Require.number(innerRate, innerRate >= 0 && innerRate <= 10, "innerRate", "0 (no adaptation) to 10, usually 0.01 to 0.1");
        Require.count(innerSteps, 1, "innerSteps", "at least 1, usually 1");
        Require.count(support, 1, "support", "at least 1 step, usually 16 to 32");
        Require.count(query, 1, "query", "at least 1 step, usually 10 to 32");
        ModelBased.require(planner, runsPerUpdate, learningRate, randomEpisodes, episodesPerRound, updatesPerRound, replayCapacity);
    }

    /** For {@link metarl.task.families.Pendulum} and {@link metarl.task.families.CartPole}: our own, learned in minutes. */
    public static GrBal classical() {
        return new GrBal(64, 2, 0.3, 1, false, 8, 8, 32, 3e-3, 10, 5, 1_500, 100_000, Rewards.TASK,
            Planner.crossEntropy(100, 20).iterations(3));
    }

    /** For HalfCheetah with a motor that fails, on two cores: our own, smaller than what is published. */
    public static GrBal cheetah() {
        return classical().hidden(200).innerRate(0.1).support(16).query(16).learningRate(1e-3).updatesPerRound(1_000)
            .planner(Planner.crossEntropy(150, 10).iterations(3));
    }

    /**
     * The settings of the authors' code, where {@code ant-crippled} and {@code cheetah-crippled} differ in nothing.
     *
     * @param environment cheetah-crippled or ant-crippled
     * @throws IllegalArgumentException for another name
     */
    public static GrBal released(String environment) {
        Require.that(environment.equals("cheetah-crippled") || environment.equals("ant-crippled"), "environment", "'" + environment + "'",
            "cheetah-crippled or ant-crippled");
        return new GrBal(512, 3, 1e-3, 1, false, 16, 16, 10, 1e-3, 5, 5, 5_000, 500_000, Rewards.TASK, Planner.randomShooting(500, 10));
    }

    /**
     * The settings of the paper, as far as a later implementation tells them.
     *
     * @param environment cheetah or ant
     * @throws IllegalArgumentException for another name
     */
    public static GrBal published(String environment) {
        GrBal both = released("cheetah-crippled").runsPerUpdate(32).planner(Planner.randomShooting(1_000, 15));
        return switch (environment) {
            case "cheetah" -> both.innerRate(0.01).support(32).query(32);
            case "ant" -> both.support(16).query(10);
            default -> throw new IllegalArgumentException(
                "there are no settings for '" + environment + "'; expected cheetah or ant");
        };
    }

    @Override
    public String name() {
        return adapts() ? "GrBAL" : "model-based control";
    }

    /** Whether the model is adapted at all. */
    @Override
    public boolean adapts() {
        return innerRate > 0;
    }

    @Override
    public int run() {
        return support + query;
    }

    @Override
    public String runSetting() {
        return "support + query";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, GrBalMemory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new GrBalLearner(this, problem, seed);
    }

    @Override
    public GrBal fast() {
        return updatesPerRound(Math.min(updatesPerRound, 5)).runsPerUpdate(Math.min(runsPerUpdate, 4)).planner(planner.fast());
    }

    /** This with another width of the hidden layers. */
    public GrBal hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another number of hidden layers. */
    public GrBal layers(int layers) {
        return Copy.with(this, "layers", layers);
    }

    /** This with another inner rate α; 0 leaves the adaptation out. */
    public GrBal innerRate(double innerRate) {
        return Copy.with(this, "innerRate", innerRate);
    }

    /** This with another number of inner steps. */
    public GrBal innerSteps(int innerSteps) {
        return Copy.with(this, "innerSteps", innerSteps);
    }

    /** This with the inner gradient held fixed in the outer one, or not. */
    public GrBal firstOrder(boolean firstOrder) {
        return Copy.with(this, "firstOrder", firstOrder);
    }

    /** This with another number of steps that are adapted to. */
    public GrBal support(int support) {
        return Copy.with(this, "support", support);
    }

    /** This with another number of steps that judge the adapted model. */
    public GrBal query(int query) {
        return Copy.with(this, "query", query);
    }

    /** This with another number of runs per update. */
    public GrBal runsPerUpdate(int runsPerUpdate) {
        return Copy.with(this, "runsPerUpdate", runsPerUpdate);
    }

    /** This with another learning rate of the outer Adam. */
    public GrBal learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another number of episodes with random actions. */
    public GrBal randomEpisodes(int randomEpisodes) {
        return Copy.with(this, "randomEpisodes", randomEpisodes);
    }

    /** This with another number of episodes between updates. */
    public GrBal episodesPerRound(int episodesPerRound) {
        return Copy.with(this, "episodesPerRound", episodesPerRound);
    }

    /** This with another number of updates after each collection. */
    public GrBal updatesPerRound(int updatesPerRound) {
        return Copy.with(this, "updatesPerRound", updatesPerRound);
    }

    /** This with another capacity of the replay. */
    public GrBal replayCapacity(int replayCapacity) {
        return Copy.with(this, "replayCapacity", replayCapacity);
    }

    /** This with another source of rewards. */
    public GrBal rewards(Rewards rewards) {
        return Copy.with(this, "rewards", rewards);
    }

    /** This with another planner. */
    public GrBal planner(Planner planner) {
        return Copy.with(this, "planner", planner);
    }
}
