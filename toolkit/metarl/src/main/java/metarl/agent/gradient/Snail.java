package metarl.agent.gradient;

import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.CausalStack;

/**
 * SNAIL, a simple neural attentive learner (Mishra et al. 2018): a policy that reads the whole trial so far by causal convolutions and
 * attention, where {@link Rl2} carries a recurrent state, and is trained for the sum of all rewards of a trial.
 *
 * <p>Input of each step, as for RL²: observation, last action (one-hot if it was a choice), last reward, whether the episode ended. Policy
 * and value have a {@link CausalStack} each; {@link TrialPpo} says how they are trained. Adapting shows what the policy looks at: {@link
 * AttentionToPast}.
 *
 * <p>Different from the paper: PPO in place of TRPO; the value is told the time. Our own settings for bandits and processes have single
 * convolutions in place of blocks that see a whole trial, and two attentions, which cost a quarter and learn faster.
 *
 * @param dense outputs of the dense layer at the beginning; 0: none
 * @param depth convolutions in a block; 0: as many as it takes to see the whole trial, ⌈log₂ steps⌉, as in the paper
 * @param filters of each convolution of the policy
 * @param valueFilters of each convolution of the value
 * @param attention size of keys and of values
 * @param form which layers follow on one another
 * @param training how policy and value are trained
 */
public record Snail(int dense, int depth, int filters, int valueFilters, int attention, Form form, TrialPpo training)
    implements TrialMethod<Snail> {
    /** Which layers follow on one another, after the dense one. */
    public enum Form {
        /** Two blocks of convolutions and an attention, for policy and value: the paper's for bandits and random processes. */
        ONE_LOOK,
        /**
         * Convolutions, attention, convolutions, attention: the paper's for mazes. There the value has the convolutions alone; it has the
         * attentions, too, where convolutions do not see the whole trial.
         */
        TWO_LOOKS
    }

    /** Checks every value; an error names the sane range. */
    public Snail {
        Require.that(dense >= 0 && dense <= Require.LARGEST_COUNT, "dense", dense, "0 (none) or more, usually 32");
        Require.that(depth >= 0 && depth <= 31, "depth", depth, "0 (until the whole trial is seen) to 31");
        Require.count(filters, 1, "filters", "at least 1, usually 32");
        Require.count(valueFilters, 1, "valueFilters", "at least 1, usually 16");
        Require.count(attention, 1, "attention", "at least 1, usually 16 or 32");
        Require.that(form != null, "form", form, "ONE_LOOK or TWO_LOOKS");
        Require.that(training != null, "training", training, "settings, as TrialPpo.published(10, 10)");
    }

    /**
     * For bandits with trials of {@code pulls} pulls: our own, learned in minutes. Two looks over single convolutions take a quarter of the
     * time of the paper's networks, which {@link #published} has.
     */
    public static Snail bandit(int pulls) {
        return shallow(TrialPpo.of(0.99, 0.9, 0.2, 5, 256, 32, 3e-3, 0, 0.03, pulls));
    }

    /** For random tabular processes with trials of {@code episodes} episodes of ten steps: our own, of the same shape. */
    public static Snail tabular(int episodes) {
        return shallow(TrialPpo.of(0.99, 0.3, 0.2, 5, 256, 32, 1e-3, 0.02, 0.03, episodes));
    }

    /** For {@link metarl.task.families.Maze} with trials of {@code episodes} episodes: the paper's networks, our own training. */
    public static Snail maze(int episodes) {
        return new Snail(32, 0, 32, 16, 16, Form.TWO_LOOKS,
            TrialPpo.of(0.99, 0.9, 0.2, 5, 128, 16, 5e-4, 0.01, 0.03, episodes).pictureFeatures(64));
    }

    /** For bodies, as HalfCheetah with speeds to be found out, with trials of {@code episodes} episodes: our own. */
    public static Snail locomotion(int episodes) {
        return oneLook(TrialPpo.of(0.99, 0.95, 0.2, 5, 100, 20, 5e-4, 0, 0.03, episodes));
    }

    /**
     * Settings that came to the published returns on bandits and random processes, those of a reimplementation: {@link
     * TrialPpo#published}, with the networks of the paper.
     *
     * @param stepsPerEpisode 1 for bandits, 10 for the published processes
     * @param episodes episodes per trial
     */
    public static Snail published(int stepsPerEpisode, int episodes) {
        return oneLook(TrialPpo.published(stepsPerEpisode, episodes));
    }

    private static Snail shallow(TrialPpo training) {
        return new Snail(32, 1, 32, 32, 32, Form.TWO_LOOKS, training);
    }

    private static Snail oneLook(TrialPpo training) {
        return new Snail(32, 0, 32, 16, 32, Form.ONE_LOOK, training);
    }

    /** The policy's network for elements of this size and trials of this many steps. */
    CausalStack policyStack(int inputs, int steps) {
        return stack(inputs, steps, filters, form == Form.TWO_LOOKS, true);
    }

    /** The value's. */
    CausalStack valueStack(int inputs, int steps) {
        boolean alone = form == Form.TWO_LOOKS && depth == 0;
        return stack(inputs, steps, valueFilters, form == Form.TWO_LOOKS && !alone, !alone);
    }

    private CausalStack stack(int inputs, int steps, int filters, boolean firstLook, boolean lastLook) {
        CausalStack all = CausalStack.of(inputs, steps);
        if (dense > 0) all = all.dense(dense);
        all = all.convolutions(filters, depth);
        if (firstLook) all = all.attention(attention, attention);
        all = all.convolutions(filters, depth);
        return lastLook ? all.attention(attention, attention) : all;
    }

    /** Steps of a trial; without a horizon, so many that the convolutions see far. */
    int steps(Problem problem) {
        return (int) Math.min(Integer.MAX_VALUE, Require.times(training.episodesPerTrial(), MemoryNeed.horizon(problem)));
    }

    @Override
    public String name() {
        return "SNAIL";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, SnailMemory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new SnailLearner(this, problem, seed);
    }

    /** This with another size of the first layer; 0: none. */
    public Snail dense(int dense) {
        return Copy.with(this, "dense", dense);
    }

    /** This with another number of convolutions in a block; 0: until the whole trial is seen. */
    public Snail depth(int depth) {
        return Copy.with(this, "depth", depth);
    }

    /** This with another number of filters in each convolution of the policy. */
    public Snail filters(int filters) {
        return Copy.with(this, "filters", filters);
    }

    /** This with another number of filters in each convolution of the value. */
    public Snail valueFilters(int valueFilters) {
        return Copy.with(this, "valueFilters", valueFilters);
    }

    /** This with keys and values of another size. */
    public Snail attention(int attention) {
        return Copy.with(this, "attention", attention);
    }

    /** This with other layers. */
    public Snail form(Form form) {
        return Copy.with(this, "form", form);
    }

    @Override
    public Snail training(TrialPpo training) {
        return Copy.with(this, "training", training);
    }
}
