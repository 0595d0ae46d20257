package metarl.diagnose.sequential;

import java.util.Arrays;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;

/**
 * The value of an evaluation policy from trajectories of a behavior policy: n trajectories of T_i steps, which may differ, as arrays
 * {@code [n][T_i]}.
 *
 * <p>ρ_t = π_e(a_t | s_t) / π_b(a_t | s_t) and ρ_{0:t} = ρ_0 ⋯ ρ_t. A trajectory that ended counts on with reward 0 and its last weight.
 * Across tasks the same forms hold with ρ_t multiplied by the dynamics ratio p_j/p_i of the transition; {@link #drae} says what to do where
 * that is unknown.
 */
public final class SequentialEstimators {
    private SequentialEstimators() {}

    /**
     * Trajectory-wise importance sampling, mean of ρ_{0:T−1} Σ_t γ^t r_t (Precup, Sutton and Singh 2000). Unbiased; the variance grows
     * exponentially with the horizon.
     *
     * @param rewards r_t, [n][T_i]
     * @param policyRatios ρ_t, [n][T_i], at least 0
     * @param discount γ, from 0 to 1
     * @throws IllegalArgumentException if there are fewer than two trajectories, shapes differ, or an entry is out of its range, named by
     *     trajectory and step
     */
    public static SequentialEstimate tis(double[][] rewards, double[][] policyRatios, double discount) {
        TrajectoryChecks.of(rewards, policyRatios, discount);
        double[] contributions = new double[rewards.length];
        for (int i = 0; i < contributions.length; i++)
            contributions[i] = Math.exp(logWeight(policyRatios[i], rewards[i].length)) * discounted(rewards[i], discount);
        return SequentialEstimate.average("TIS", TrajectoryChecks.finite(contributions), ess(policyRatios));
    }

    /**
     * Per-decision importance sampling, mean of Σ_t γ^t ρ_{0:t} r_t: a reward is weighted by what came before it alone (Precup et al.
     * 2000). Unbiased. Arguments as for {@link #tis}.
     */
    public static SequentialEstimate pdis(double[][] rewards, double[][] policyRatios, double discount) {
        TrajectoryChecks.of(rewards, policyRatios, discount);
        double[] contributions = new double[rewards.length];
        for (int i = 0; i < contributions.length; i++)
            for (int t = rewards[i].length - 1; t >= 0; t--)
                contributions[i] = policyRatios[i][t] * (rewards[i][t] + discount * contributions[i]);
        return SequentialEstimate.average("PDIS", TrajectoryChecks.finite(contributions), ess(policyRatios));
    }

    /**
     * Weighted importance sampling, Σᵢ wᵢ Gᵢ / Σᵢ wᵢ with w = ρ_{0:T−1}, G the discounted return. Consistent, biased toward the behavior
     * policy's value; within the range of the returns seen. Arguments as for {@link #tis}.
     *
     * @throws IllegalArgumentException as {@link #tis}, and if every weight is 0
     */
    public static SequentialEstimate wis(double[][] rewards, double[][] policyRatios, double discount) {
        TrajectoryChecks.of(rewards, policyRatios, discount);
        int n = rewards.length;
        double[] weights = relativeWeights(policyRatios, Integer.MAX_VALUE);
        double[][] numerators = new double[n][1], denominators = new double[n][1];
        for (int i = 0; i < n; i++) {
            denominators[i][0] = weights[i];
            numerators[i][0] = weights[i] * discounted(rewards[i], discount);
        }
        return SequentialEstimate.ratios("WIS", numerators, denominators, ess(policyRatios));
    }

    /**
     * Per-decision weighted importance sampling, Σ_t γ^t Σᵢ ρ_{0:t} r_t / Σᵢ ρ_{0:t}. Consistent. Arguments as for {@link #tis}.
     *
     * @throws IllegalArgumentException as {@link #tis}, and if from some step on every weight is 0
     */
    public static SequentialEstimate perDecisionWis(double[][] rewards, double[][] policyRatios, double discount) {
        TrajectoryChecks.of(rewards, policyRatios, discount);
        double[][] actionValues = Arrays.stream(rewards).map(r -> new double[r.length]).toArray(double[][]::new);
        double[][] stateValues = Arrays.stream(rewards).map(r -> new double[r.length + 1]).toArray(double[][]::new);
        return weighted("per-decision WIS", rewards, policyRatios, stateValues, actionValues, discount);
    }

    /**
     * Doubly robust (Jiang and Li 2016): mean of V_DR(s_0), V_DR(s_t) = V̂(s_t) + ρ_t (r_t + γ V_DR(s_{t+1}) − Q̂(s_t, a_t)). Unbiased if
     * the ratios are right, for any Q̂ with V̂(s) = Σ_a π_e(a | s) Q̂(s, a) that was not fitted on these trajectories; and if the critic is
     * right, for any ratios.
     *
     * @param rewards r_t, [n][T_i]
     * @param policyRatios ρ_t, [n][T_i]
     * @param stateValues V̂(s_t), [n][T_i + 1]; the last is the bootstrap, 0 if the episode terminated
     * @param actionValues Q̂(s_t, a_t), [n][T_i]
     * @param discount γ, from 0 to 1
     * @throws IllegalArgumentException as {@link #tis}
     */
    public static SequentialEstimate dr(double[][] rewards, double[][] policyRatios, double[][] stateValues, double[][] actionValues,
        double discount) {
        var ones = new DynamicsWeight[rewards.length];
        Arrays.fill(ones, DynamicsWeight.ones());
        return recursion("DR", rewards, policyRatios, stateValues, actionValues, ones, discount);
    }

    /**
     * Across tasks: mean of Ṽ(s_0) of {@link Drae#values} over trajectories of a source task with rewards of the target. With
     * {@link DynamicsWeight#known} it is direct doubly robust estimation.
     *
     * @param weights one per trajectory, all of one kind
     * @throws IllegalArgumentException as {@link #dr}, and if there is not one weight per trajectory
     */
    public static SequentialEstimate drae(double[][] rewards, double[][] policyRatios, double[][] stateValues, double[][] actionValues,
        DynamicsWeight[] weights,
        double discount) {
        if (weights.length != rewards.length)
            throw new IllegalArgumentException(
                "given " + weights.length + " dynamics weights for " + rewards.length + " trajectories; expected one each");
        if (weights.length == 0)
            throw new IllegalArgumentException("given no trajectories; expected at least 2, because fewer give no standard error");
        return recursion("DRaE, " + weights[0].label(), rewards, policyRatios, stateValues, actionValues, weights, discount)
            .caution(weights[0].caution());
    }

    private static SequentialEstimate recursion(String name, double[][] rewards, double[][] policyRatios, double[][] stateValues,
        double[][] actionValues,
        DynamicsWeight[] weights,
        double discount) {
        TrajectoryChecks.of(rewards, policyRatios, discount);
        TrajectoryChecks.ofModel(rewards, stateValues, actionValues);
        double[] contributions = new double[rewards.length];
        double[][] carried = new double[rewards.length][];
        for (int i = 0; i < contributions.length; i++) {
            try {
                contributions[i] = Drae.values(stateValues[i], actionValues[i], rewards[i], policyRatios[i], weights[i], discount)[0];
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("trajectory " + i + ": " + e.getMessage(), e);
            }
            carried[i] = carried(policyRatios[i], weights[i]);
        }
        return SequentialEstimate.average(name, TrajectoryChecks.finite(contributions), ess(carried));
    }

    /** The ratios that multiply along a trajectory: all, or the first alone where the weight cancels what follows. */
    private static double[] carried(double[] policyRatios, DynamicsWeight weight) {
        if (!weight.recursive()) return new double[] {policyRatios[0]};
        double[] product = policyRatios.clone();
        // the ratio of the last transition meets the bootstrap only
        for (int t = 0; t + 1 < product.length; t++) product[t] *= weight.ratio(t);
        return product;
    }

    /**
     * Weighted doubly robust (Thomas and Brunskill 2016): mean of V̂(s_0) + Σ_t γ^t w_t (r_t + γ V̂(s_{t+1}) − Q̂(s_t, a_t)) with w_t =
     * ρ_{0:t} divided by its mean over trajectories. Consistent. Arguments as for {@link #dr}.
     *
     * @throws IllegalArgumentException as {@link #dr}, and if from some step on every weight is 0
     */
    public static SequentialEstimate wdr(double[][] rewards, double[][] policyRatios, double[][] stateValues, double[][] actionValues,
        double discount) {
        TrajectoryChecks.of(rewards, policyRatios, discount);
        TrajectoryChecks.ofModel(rewards, stateValues, actionValues);
        return weighted("WDR", rewards, policyRatios, stateValues, actionValues, discount);
    }

    /**
     * MAGIC (Thomas and Brunskill 2016): a mixture of weighted doubly robust estimates that follow the data for 0, 1, …, T steps and the
     * model after that, with the mixture of least estimated mean squared error. It equals {@link #wdr} with the terms of late steps shrunk.
     * What differs from the paper is told at {@link Magic}. Arguments and errors as for {@link #wdr}.
     */
    public static SequentialEstimate magic(double[][] rewards, double[][] policyRatios, double[][] stateValues, double[][] actionValues,
        double discount) {
        return Magic.of(wdr(rewards, policyRatios, stateValues, actionValues, discount));
    }

    /** One ratio of means per step, and V̂(s_0). */
    private static SequentialEstimate weighted(String name, double[][] rewards, double[][] policyRatios, double[][] stateValues,
        double[][] actionValues, double discount) {
        int n = rewards.length, longest = Arrays.stream(rewards).mapToInt(r -> r.length).max().orElse(0);
        double[][] numerators = new double[n][longest + 1], denominators = new double[n][longest + 1];
        for (int i = 0; i < n; i++) {
            numerators[i][longest] = stateValues[i][0];
            denominators[i][longest] = 1;
        }
        double factor = 1;
        for (int t = 0; t < longest; t++, factor *= discount) {
            double[] weights = relativeWeights(policyRatios, t + 1);
            for (int i = 0; i < n; i++) {
                denominators[i][t] = weights[i];
                if (t < rewards[i].length)
                    numerators[i][t] = factor * weights[i] * (rewards[i][t] + discount * stateValues[i][t + 1] - actionValues[i][t]);
            }
        }
        return SequentialEstimate.ratios(name, numerators, denominators, ess(policyRatios));
    }

    /**
     * Effective sample size of ρ_{0:t} at every step: where it falls below a tenth of n, later rewards rest on a few trajectories.
     *
     * @param policyRatios ρ_t, [n][T_i]
     * @return one per step of the longest trajectory
     */
    public static Ess[] essPerStep(double[][] policyRatios) {
        TrajectoryChecks.ofRatios(policyRatios);
        int longest = Arrays.stream(policyRatios).mapToInt(r -> r.length).max().orElse(0);
        var perStep = new Ess[longest];
        for (int t = 0; t < longest; t++) perStep[t] = ess(policyRatios, t + 1);
        return perStep;
    }

    private static Ess ess(double[][] ratios) {
        return ess(ratios, Integer.MAX_VALUE);
    }

    private static Ess ess(double[][] ratios, int steps) {
        double[] logs = logWeights(ratios, steps);
        // a deterministic policy may follow no trajectory to its end: then nothing is left, which is a finding and no error
        if (Arrays.stream(logs).max().orElse(0) == Double.NEGATIVE_INFINITY) return new Ess(logs.length, 0, 0, 1, 1);
        return ImportanceWeights.ofLog(logs).ess();
    }

    private static double[] logWeights(double[][] ratios, int steps) {
        return Arrays.stream(ratios).mapToDouble(r -> logWeight(r, steps)).toArray();
    }

    private static double logWeight(double[] ratios, int steps) {
        double log = 0;
        for (int t = 0; t < Math.min(steps, ratios.length); t++) log += Math.log(ratios[t]);
        return log;
    }

    private static double[] relativeWeights(double[][] ratios, int steps) {
        double[] logs = logWeights(ratios, steps);
        double max = Arrays.stream(logs).max().orElse(0);
        if (max == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException(
                "no trajectory has a weight above 0 " + (steps == Integer.MAX_VALUE ? "at its end" : "at step " + (steps - 1))
                    + ": the evaluation policy follows none so far. Shorten the trajectories, use dr, or collect nearer data");
        return Arrays.stream(logs).map(l -> Math.exp(l - max)).toArray();
    }

    private static double discounted(double[] rewards, double discount) {
        double sum = 0;
        for (int t = rewards.length - 1; t >= 0; t--) sum = rewards[t] + discount * sum;
        return sum;
    }
}
