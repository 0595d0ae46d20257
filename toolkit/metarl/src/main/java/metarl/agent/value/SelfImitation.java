package metarl.agent.value;

import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Self-imitation as a lower bound of the value (Oh et al. 2018; for TD3, Tang 2020, "Self-imitation learning via generalized lower bound
 * Q-learning"): what was once earned from a state and action on can be earned again, so that the value is no less.
 *
 * <p>The critic's loss gets the term η · mean of W·((L − Q₁)₊² + (L − Q₂)₊²) over a batch of old transitions; the actor's gets none. With
 * n = 0 the bound is all that was earned to the end of the episode,
 *
 * <p>L = Σ_{k ≥ 0} γᵏ r_{t+k},
 *
 * <p>and where a time limit cut the episode off, what would have followed is left out: that is a bound where rewards are not negative, and
 * nearly one where γ to the power of the steps that are left is small. With n ≥ 1 it is, with m the smaller of n and the steps that are
 * left,
 *
 * <p>L = Σ_{k &lt; m} γᵏ r_{t+k} + γᵐ (1 − d) min(Q̄₁, Q̄₂)(s_{t+m}, ā_{t+m}),
 *
 * <p>d being 1 only where the episode ended for good: a time limit is no end.
 *
 * <p>Transitions are drawn with probability P ∝ pᵅ, with the priority p = (L − Q₁)₊ + (L − Q₂)₊ + 1e-8 of when they were drawn last; those
 * that are new have the highest that was ever set. W = (N P)^−β over the largest W of all N transitions.
 *
 * <p>The paper of MCAT says that it uses self-imitation, and no number of it; {@link #released()} has those of Tang's code. Different from
 * that code: transitions are drawn from the whole replay of all tasks, as many as in a batch of TD3.
 *
 * @param weight η; 0: no self-imitation
 * @param priorityExponent α; 0: all transitions alike
 * @param correctionExponent β, how far the weights make up for that; 0: not at all
 * @param steps n, rewards in the bound before the critic's own value; 0: all to the end of the episode
 */
public record SelfImitation(double weight, double priorityExponent, double correctionExponent, int steps) {
    /** Checks every value; an error names the sane range. */
    public SelfImitation {
        Require.number(weight, weight >= 0 && weight <= 1e6, "weight", "0 (no self-imitation) to 1e6, usually 0.1");
        Require.number(priorityExponent, priorityExponent >= 0 && priorityExponent <= 10, "priorityExponent", "0 to 10, usually 0.6");
        Require.number(correctionExponent, correctionExponent >= 0 && correctionExponent <= 10, "correctionExponent",
            "0 to 10, usually 0.1");
        Require.count(steps, 0, "steps", "0 (to the end of the episode) or more, usually 0 or 5");
    }

    /** Tang's numbers, with all that was earned to the end of the episode. */
    public static SelfImitation released() {
        return new SelfImitation(0.1, 0.6, 0.1, 0);
    }

    /** Tang's numbers with five rewards, then the critic's own value. */
    public static SelfImitation fiveSteps() {
        return released().steps(5);
    }

    /** None. */
    public static SelfImitation off() {
        return released().weight(0);
    }

    /** Whether there is any. */
    boolean isOn() {
        return weight > 0;
    }

    /** This with another weight η; 0: no self-imitation. */
    public SelfImitation weight(double weight) {
        return Copy.with(this, "weight", weight);
    }

    /** This with another exponent α of the priorities. */
    public SelfImitation priorityExponent(double priorityExponent) {
        return Copy.with(this, "priorityExponent", priorityExponent);
    }

    /** This with another exponent β of the weights. */
    public SelfImitation correctionExponent(double correctionExponent) {
        return Copy.with(this, "correctionExponent", correctionExponent);
    }

    /** This with another number n of rewards in the bound; 0: all to the end of the episode. */
    public SelfImitation steps(int steps) {
        return Copy.with(this, "steps", steps);
    }
}
