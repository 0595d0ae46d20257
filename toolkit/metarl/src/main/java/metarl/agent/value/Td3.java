package metarl.agent.value;

import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * TD3 (Fujimoto et al. 2018), optionally with a context: the meta-training of MQL (Fakoor et al. 2020, §3.1).
 *
 * <p>Critic target y = r + γ (1 − d) min(Q̄₁, Q̄₂)(s', ā', c'), ā' = clip(π̄(s', c') + clip(ε, ±targetNoiseClip), ±1). The context c is the
 * last hidden state of a GRU over the past {@code contextLength} triples (a, r, s); actor and critic own separate GRUs, learned end to end.
 *
 * <p>Different from the released code: the triple before an episode's first has action 0 (there: noise); context windows are rebuilt from
 * the replay instead of being stored.
 *
 * <p>With a {@code relabeller} train tasks learn from others' episodes, too (our own, after Generalized Hindsight and DRaT). Such steps go
 * into the replay of the task that learns, where they displace older ones and are drawn like its own. Their weights count in both losses,
 * their targets may be halved, and no updates are owed for them. A step of another task is given, each time it is drawn, the context of a
 * step that its task has lived through itself, so that no context shows one task's dynamics under the name of another; as long as there is
 * none, the context is empty (zeros). To a relabeller V_j(s) is min(Q₁, Q₂)(s, π(s, c_j), c_j), with c_j of the newest own steps of task
 * j, and π_j(a|s) is N(a; π(s, c_j), explorationNoise² I), for both tasks: a surrogate, since the policy itself has no density. It is
 * that of the noise before actions are clipped, at the action after that, so that ratios are wrong where actions stand at ±1.
 *
 * @param hidden width of both hidden layers
 * @param discount γ
 * @param targetRate τ of the target networks
 * @param learningRate of Adam, actor and critic
 * @param batchSize transitions per update
 * @param policyDelay critic updates per update of actor and targets
 * @param explorationNoise standard deviation of the Gaussian noise on collected actions
 * @param targetNoise standard deviation of ε
 * @param targetNoiseClip largest |ε|
 * @param contextLength L, past triples the context reads; 0: no context
 * @param contextSize size of c
 * @param randomSteps environment steps with uniformly random actions before learning starts
 * @param updatesPerStep critic updates per collected environment step
 * @param episodesPerRound episodes (of different tasks, in lockstep) between updates
 * @param replayCapacity transitions kept, over all tasks
 * @param randomEpisodeLength steps after which the episodes of the random start are cut (truncated, not terminated), so that they visit
 *     more tasks; 0: whole episodes
 * @param relabeller which other train tasks learn from an episode, as its task would have paid it; contexts stay each task's own
 * @param ratios how ratios of dynamics are learned, for relabellers that ask for them
 */
public record Td3(int hidden, double discount, double targetRate, double learningRate, int batchSize, int policyDelay,
    double explorationNoise, double targetNoise, double targetNoiseClip, int contextLength, int contextSize,
    int randomSteps, double updatesPerStep, int episodesPerRound, int replayCapacity, int randomEpisodeLength, Relabeller relabeller,
    LearnedRatios.Settings ratios) implements Algorithm {
    private static final double LARGEST_NOISE = 100, MOST_UPDATES = 1e6;

    /** Checks every value; an error names the sane range. */
    public Td3 {
        if (relabeller == null) relabeller = Relabeller.none();
        if (ratios == null) ratios = LearnedRatios.Settings.defaults();
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 400");
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.9 to 0.99");
        Require.number(targetRate, targetRate > 0 && targetRate <= 1, "targetRate", "in (0, 1], usually 0.005");
        Adam.requireRate(learningRate, "learningRate");
        Require.count(batchSize, 1, "batchSize", "at least 1, usually 64 to 256");
        Require.count(policyDelay, 1, "policyDelay", "at least 1, usually 2");
        Require.number(explorationNoise, explorationNoise >= 0 && explorationNoise <= LARGEST_NOISE, "explorationNoise",
            "0 to 100, usually 0.1 to 0.3");
        Require.number(targetNoise, targetNoise >= 0 && targetNoise <= LARGEST_NOISE, "targetNoise", "0 to 100, usually 0.2 to 0.4");
        Require.number(targetNoiseClip, targetNoiseClip >= 0 && targetNoiseClip <= LARGEST_NOISE, "targetNoiseClip",
            "0 to 100, usually 0.5");
        Require.count(contextLength, 0, "contextLength", "0 (no context) or more, usually 10 to 30");
        Require.count(contextSize, 1, "contextSize", "at least 1, usually 15 to 40");
        Require.count(randomSteps, 0, "randomSteps", "0 or more, usually 10 000 to 50 000 for a body");
        Require.number(updatesPerStep, updatesPerStep > 0 && updatesPerStep <= MOST_UPDATES, "updatesPerStep",
            "above 0 and at most 1 000 000, usually 0.2 to 1");
        Require.count(episodesPerRound, 1, "episodesPerRound", "at least 1, usually 1 to 5");
        Require.count(randomEpisodeLength, 0, "randomEpisodeLength", "0 (whole episodes) or more, in the release 50");
        Require.count(replayCapacity, 1, "replayCapacity", "at least 1, usually 100 000 to 1 000 000");
    }

    /** The paper's TD3 without context, with the released cheetah-velocity settings otherwise. */
    public static Td3 defaults() {
        return withContext().contextLength(0);
    }

    /** TD3-context with the settings of MQL's released script for HalfCheetah velocity ({@code cheetah-vel}); see {@link Mql}. */
    public static Td3 withContext() {
        return new Td3(300, 0.99, 0.005, 1e-3, 256, 2, 0.3, 0.3, 0.5, 20, 15, 20_000, 1.0, 1, 300_000, 0, Relabeller.none(),
            LearnedRatios.Settings.defaults());
    }

    /** Small networks and a short horizon for {@link metarl.task.families.PointRobot}: our own, tuned to learn in about a minute. */
    public static Td3 pointRobot() {
        return new Td3(64, 0.8, 0.02, 3e-3, 128, 2, 0.2, 0.1, 0.3, 5, 32, 2_000, 1, 5, 100_000, 0, Relabeller.none(),
            LearnedRatios.Settings.defaults());
    }

    @Override
    public String name() {
        return contextLength == 0 ? "TD3" : "TD3-context";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new Td3Learner(this, problem, seed);
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, Td3Memory.of(this, null, problem, work));
    }

    @Override
    public boolean adapts() {
        return false;
    }

    @Override
    public Td3 fast() {
        return batchSize(Math.min(batchSize, 32)).updatesPerStep(Math.min(updatesPerStep, 0.2));
    }

    /** This with another width of the hidden layers. */
    public Td3 hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another discount. */
    public Td3 discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another rate of the target networks. */
    public Td3 targetRate(double targetRate) {
        return Copy.with(this, "targetRate", targetRate);
    }

    /** This with another learning rate. */
    public Td3 learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another batch size. */
    public Td3 batchSize(int batchSize) {
        return Copy.with(this, "batchSize", batchSize);
    }

    /** This with another policy delay. */
    public Td3 policyDelay(int policyDelay) {
        return Copy.with(this, "policyDelay", policyDelay);
    }

    /** This with another exploration noise. */
    public Td3 explorationNoise(double explorationNoise) {
        return Copy.with(this, "explorationNoise", explorationNoise);
    }

    /** This with another target noise. */
    public Td3 targetNoise(double targetNoise) {
        return Copy.with(this, "targetNoise", targetNoise);
    }

    /** This with another clip of the target noise. */
    public Td3 targetNoiseClip(double targetNoiseClip) {
        return Copy.with(this, "targetNoiseClip", targetNoiseClip);
    }

    /** This with another context length; 0 is TD3 without context. */
    public Td3 contextLength(int contextLength) {
        return Copy.with(this, "contextLength", contextLength);
    }

    /** This with another context size. */
    public Td3 contextSize(int contextSize) {
        return Copy.with(this, "contextSize", contextSize);
    }

    /** This with another number of random steps at the start. */
    public Td3 randomSteps(int randomSteps) {
        return Copy.with(this, "randomSteps", randomSteps);
    }

    /** This with another number of updates per step. */
    public Td3 updatesPerStep(double updatesPerStep) {
        return Copy.with(this, "updatesPerStep", updatesPerStep);
    }

    /** This with another number of episodes per round. */
    public Td3 episodesPerRound(int episodesPerRound) {
        return Copy.with(this, "episodesPerRound", episodesPerRound);
    }

    /** This with another replay capacity. */
    public Td3 replayCapacity(int replayCapacity) {
        return Copy.with(this, "replayCapacity", replayCapacity);
    }

    /** This with another length of the episodes at the random start; 0: whole episodes. */
    public Td3 randomEpisodeLength(int randomEpisodeLength) {
        return Copy.with(this, "randomEpisodeLength", randomEpisodeLength);
    }

    /** This with another rule of which other train tasks learn from an episode; contexts stay each task's own. */
    public Td3 relabeller(Relabeller relabeller) {
        return Copy.with(this, "relabeller", relabeller);
    }

    /** This with ratios of dynamics that are learned otherwise, for relabellers that ask for them. */
    public Td3 ratios(LearnedRatios.Settings ratios) {
        return Copy.with(this, "ratios", ratios);
    }
}
