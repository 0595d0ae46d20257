package metarl.agent.value;

import java.util.function.UnaryOperator;
import metarl.agent.Adaptation;
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
 * Meta-Q-Learning (Fakoor et al. 2020): TD3 with context over all train tasks, then off-policy adaptation to a new one.
 *
 * <p>Adaptation has two steps on copies of the networks, both with the proximal term λ/2 ‖θ − θ̂‖² towards the meta-trained θ̂:
 * <ol>
 *   <li>eq. 18: a few TD3 updates on the new task's episodes;
 *   <li>eq. 19: TD3 updates on the old replay, every transition weighted by β = p_new/p_old, estimated by logistic regression on
 *     {@link #features}.
 * </ol>
 * λ = 1 − ESS/n of the weights as used, unless {@code fixedProximal} says otherwise.
 *
 * <p>Where tasks learn from others' episodes ({@link #relabeller}), that is a matter of the meta-training alone. The old data of eq. 19,
 * those that the propensity is fitted against included, are what the train tasks have lived through themselves: β compares what happens
 * in the new task with what happened in the old ones.
 *
 * <p>Settings: {@link #released} has those of the released scripts, {@link #paper} those of the paper's Table 1; the two disagree almost
 * everywhere, and the table's columns look permuted: its "Ant-Goal" equals the script's ant-dir, its "Ant-Forward-Backward" the script's
 * cheetah-vel but for the learning rate. Prefer the script. {@link #releasedScript()} does what the released code does where it departs
 * from the paper.
 *
 * @param base the meta-training
 * @param features what the propensity looks at
 * @param logitClip largest log β; the released script calls it {@code beta_clip}; infinite: none
 * @param inverseStrength C of the logistic regression's L2 penalty
 * @param priorCorrected whether β is corrected for unequal class sizes; the release does not, which halves it
 * @param smallestWeight a smaller β counts as 0; the release has 0.1, the paper 0
 * @param newTaskUpdates updates of step (18)
 * @param replayUpdates updates of step (19)
 * @param batchMultiple transitions per update of step (19), in batches of the meta-training
 * @param adaptationRate Adam's learning rate during adaptation
 * @param snapshot newest transitions per train task that the propensity is fitted against, at most
 * @param fixedProximal λ if at least 0; negative: λ = 1 − ESS/n
 * @param proximalOnNewTask whether step (18) has the proximal term, too; in the release it has not
 */
public record Mql(Td3 base, Features features, double logitClip, double inverseStrength, boolean priorCorrected, double smallestWeight,
    int newTaskUpdates,
    int replayUpdates, int batchMultiple, double adaptationRate, int snapshot, double fixedProximal, boolean proximalOnNewTask)
    implements Algorithm {
    /** What the propensity looks at. */
    public enum Features {
        /** The actor's context before the transition. */
        CONTEXT,
        /** The observation, then the context. */
        OBSERVATION_AND_CONTEXT
    }

    /** The release multiplies the whole square by 0.1; with the paper's factor ½ that is twice as much. */
    private static final double RELEASED_PROXIMAL = 0.2;
    private static final double RELEASED_SMALLEST_WEIGHT = 0.1;

    /** Checks every value; an error names the sane range. */
    public Mql {
        if (features == null) features = Features.CONTEXT;
        Require.that(base != null, "base", base, "the settings of the meta-training, such as Td3.withContext()");
        Require.that(logitClip > 0, "logitClip", logitClip, "above 0 (infinite: no clip), usually 0.8 to 2");
        Require.number(inverseStrength, inverseStrength > 0 && inverseStrength <= 1e12, "inverseStrength",
            "above 0 and at most 1e12, usually 0.05 to 0.5");
        Require.number(smallestWeight, smallestWeight >= 0 && smallestWeight <= 1e6, "smallestWeight", "0 to 1e6, in the release 0.1");
        Require.count(newTaskUpdates, 0, "newTaskUpdates", "0 or more, usually 5 to 10");
        Require.count(replayUpdates, 0, "replayUpdates", "0 or more, usually 50 to 400");
        Require.count(batchMultiple, 1, "batchMultiple", "at least 1, usually 5");
        Adam.requireRate(adaptationRate, "adaptationRate");
        Require.count(snapshot, 1, "snapshot", "at least 1, usually 1000 to 4000");
        Require.number(fixedProximal, fixedProximal <= 1e12, "fixedProximal", "0 to 1e12, or negative for 1 − ESS/n");
    }

    /** The released script's settings for HalfCheetah velocity on smaller batches and a shorter start, with the paper's adaptation. */
    public static Mql defaults() {
        return adapting(Td3.withContext(), 1, 0.1, 10, 100, 2_000);
    }

    /** For {@link metarl.task.families.PointRobot}: small networks, learned in about a minute. */
    public static Mql pointRobot() {
        return adapting(Td3.pointRobot(), 1, 0.1, 5, 20, 500).adaptationRate(3e-4);
    }

    private static Mql adapting(Td3 base, double logitClip, double inverseStrength, int newTaskUpdates, int replayUpdates, int snapshot) {
        return new Mql(base, Features.CONTEXT, logitClip, inverseStrength, true, 0, newTaskUpdates, replayUpdates, 1, 1e-3, snapshot, -1,
            true);
    }

    /**
     * The settings of the released scripts, with the paper's adaptation (corrected β, λ = 1 − ESS/n, proximal term in both steps).
     *
     * @param environment ant-dir, ant-goal, cheetah-vel, cheetah-dir, humanoid-dir or walker-params, as the scripts call them
     * @throws IllegalArgumentException for another name
     */
    public static Mql released(String environment) {
        return switch (environment) {
            case "ant-dir" -> adapting(meta(4, 0.2, 0.4, 25, 30, 10_000, 1, 5, 3e-4), 1.2, 0.05, 5, 400, 2_000).batchMultiple(5);
            case "ant-goal" -> adapting(meta(4, 0.3, 0.3, 40, 40, 225_000, 0.2, 5, 4e-4), 2, 0.1, 10, 150, 1_000)
                .features(Features.OBSERVATION_AND_CONTEXT);
            case "cheetah-vel" -> adapting(meta(2, 0.3, 0.3, 20, 15, 50_000, 1, 1, 1e-3), 1, 0.1, 10, 100, 2_000).batchMultiple(5);
            case "cheetah-dir" -> adapting(meta(2, 0.3, 0.3, 20, 20, 10_000, 2.5, 1, 3e-4), 1.5, 0.5, 10, 50, 2_000).batchMultiple(10);
            case "humanoid-dir" -> adapting(meta(3, 0.2, 0.3, 15, 20, 100_000, 2.5, 1, 3e-4), 2, 0.1, 5, 15, 2_000).batchMultiple(5)
                .features(Features.OBSERVATION_AND_CONTEXT);
            case "walker-params" -> adapting(meta(3, 0.2, 0.2, 10, 30, 20_000, 0.2, 5, 8e-4), 1.1, 0.06, 10, 400, 4_000).batchMultiple(5)
                .features(Features.OBSERVATION_AND_CONTEXT);
            default -> throw unknown(environment);
        };
    }

    /**
     * The settings of the paper's Table 1, as printed; what it leaves open (snapshots, C, batches, episodes per round) is as in the
     * released scripts.
     *
     * @param environment as in {@link #released}
     * @throws IllegalArgumentException for another name
     */
    public static Mql paper(String environment) {
        return switch (environment) {
            case "humanoid-dir" -> printed(environment, 1, 2, 0.3, 0.2, 500, 10, 200, 20, 20, 3e-4);
            case "cheetah-vel" -> printed(environment, 1.1, 2, 0.3, 0.3, 1000, 5, 400, 20, 20, 1e-3);
            case "ant-dir" -> printed(environment, 1, 2, 0.3, 0.3, 200, 10, 100, 20, 15, 3e-4);
            case "ant-goal" -> printed(environment, 1.2, 4, 0.2, 0.4, 1000, 5, 400, 25, 30, 4e-4);
            case "walker-params" -> printed(environment, 2, 4, 0.3, 0.3, 200, 10, 400, 10, 30, 8e-4);
            case "cheetah-dir" -> printed(environment, 0.8, 3, 0.2, 0.2, 200, 10, 300, 10, 30, 3e-4);
            default -> throw unknown(environment);
        };
    }

    private static IllegalArgumentException unknown(String environment) {
        return new IllegalArgumentException("there are no settings for '" + environment
            + "'; expected ant-dir, ant-goal, cheetah-vel, cheetah-dir, humanoid-dir or walker-params");
    }

    private static Td3 meta(int policyDelay, double explorationNoise, double targetNoise, int contextLength, int contextSize,
        int randomSteps, double updatesPerStep,
        int episodesPerRound, double learningRate) {
        return Td3.withContext().policyDelay(policyDelay).explorationNoise(explorationNoise).targetNoise(targetNoise)
            .contextLength(contextLength).contextSize(contextSize)
            .randomSteps(randomSteps).updatesPerStep(updatesPerStep).episodesPerRound(episodesPerRound).learningRate(learningRate)
            .replayCapacity(1_000_000).randomEpisodeLength(50);
    }

    private static Mql printed(String environment, double logitClip, int policyDelay, double explorationNoise, double targetNoise,
        int updatesPerRound, int newTaskUpdates,
        int replayUpdates, int contextLength, int contextSize, double learningRate) {
        int stepsPerEpisode = 200;
        return released(environment).logitClip(logitClip).newTaskUpdates(newTaskUpdates).replayUpdates(replayUpdates)
            .base(b -> b.policyDelay(policyDelay).explorationNoise(explorationNoise).targetNoise(targetNoise).contextLength(contextLength)
                .contextSize(contextSize)
                .learningRate(learningRate).updatesPerStep((double) updatesPerRound / (stepsPerEpisode * b.episodesPerRound())));
    }

    /**
     * This with the adaptation of the released code: β not corrected for class sizes and 0 below 0.1, λ fixed (0.1 without the factor ½),
     * no proximal term in step (18).
     */
    public Mql releasedScript() {
        return priorCorrected(false).smallestWeight(RELEASED_SMALLEST_WEIGHT).fixedProximal(RELEASED_PROXIMAL).proximalOnNewTask(false);
    }

    @Override
    public String name() {
        return "MQL";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, Td3Memory.of(base, this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new MqlLearner(this, problem, seed);
    }

    @Override
    public Mql fast() {
        return base(Td3::fast).newTaskUpdates(Math.min(newTaskUpdates, 1)).replayUpdates(Math.min(replayUpdates, 2)).batchMultiple(1);
    }

    /** Ablation: no context; the propensity then looks at the observation. */
    public Mql withoutContext() {
        return contextLength(0);
    }

    /** Ablation: no eq. 18. */
    public Mql withoutNewTaskUpdates() {
        return newTaskUpdates(0);
    }

    /** Ablation: no eq. 19. */
    public Mql withoutReplayUpdates() {
        return replayUpdates(0);
    }

    /** Ablation: β as it is estimated. */
    public Mql withoutLogitClip() {
        return logitClip(Double.POSITIVE_INFINITY);
    }

    /** This with other settings of the meta-training. */
    public Mql base(Td3 base) {
        return Copy.with(this, "base", base);
    }

    /** This with a change of its meta-training. */
    public Mql base(UnaryOperator<Td3> change) {
        return base(change.apply(base));
    }

    /** This with another context length. */
    public Mql contextLength(int length) {
        return base(b -> b.contextLength(length));
    }

    /** This with another number of random steps at the start. */
    public Mql randomSteps(int steps) {
        return base(b -> b.randomSteps(steps));
    }

    /** This with another number of updates per step. */
    public Mql updatesPerStep(double updates) {
        return base(b -> b.updatesPerStep(updates));
    }

    /** This with another rule of which other train tasks learn from an episode. */
    public Mql relabeller(Relabeller relabeller) {
        return base(b -> b.relabeller(relabeller));
    }

    /** This with ratios of dynamics that are learned otherwise, for relabellers that ask for them. */
    public Mql ratios(LearnedRatios.Settings ratios) {
        return base(b -> b.ratios(ratios));
    }

    /** This with other features for the propensity. */
    public Mql features(Features features) {
        return Copy.with(this, "features", features);
    }

    /** This with another clip of log β. */
    public Mql logitClip(double logitClip) {
        return Copy.with(this, "logitClip", logitClip);
    }

    /** This with another strength C of the logistic regression. */
    public Mql inverseStrength(double inverseStrength) {
        return Copy.with(this, "inverseStrength", inverseStrength);
    }

    /** This with or without the correction of β for class sizes. */
    public Mql priorCorrected(boolean priorCorrected) {
        return Copy.with(this, "priorCorrected", priorCorrected);
    }

    /** This with another β below which a weight counts as 0. */
    public Mql smallestWeight(double smallestWeight) {
        return Copy.with(this, "smallestWeight", smallestWeight);
    }

    /** This with another number of updates on the new task; 0 leaves out eq. 18. */
    public Mql newTaskUpdates(int newTaskUpdates) {
        return Copy.with(this, "newTaskUpdates", newTaskUpdates);
    }

    /** This with another number of updates on old data; 0 leaves out eq. 19. */
    public Mql replayUpdates(int replayUpdates) {
        return Copy.with(this, "replayUpdates", replayUpdates);
    }

    /** This with larger batches in step (19). */
    public Mql batchMultiple(int batchMultiple) {
        return Copy.with(this, "batchMultiple", batchMultiple);
    }

    /** This with another learning rate during adaptation. */
    public Mql adaptationRate(double adaptationRate) {
        return Copy.with(this, "adaptationRate", adaptationRate);
    }

    /** This with another size of the snapshot per task. */
    public Mql snapshot(int snapshot) {
        return Copy.with(this, "snapshot", snapshot);
    }

    /** This with a fixed λ; negative: λ = 1 − ESS/n. */
    public Mql fixedProximal(double fixedProximal) {
        return Copy.with(this, "fixedProximal", fixedProximal);
    }

    /** This with or without the proximal term in step (18). */
    public Mql proximalOnNewTask(boolean proximalOnNewTask) {
        return Copy.with(this, "proximalOnNewTask", proximalOnNewTask);
    }
}
