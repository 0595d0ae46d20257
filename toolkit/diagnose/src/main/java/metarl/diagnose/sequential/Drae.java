package metarl.diagnose.sequential;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Require;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * Doubly robust values of a target task j along a trajectory of a source task i (DRaT's slides, Jiang et al., NeurIPS 2023),
 *
 * <pre>Ṽ(s_t) = V_θ(s_t) + ρ_π(t) [ r_j(s_t, a_t) + γ ρ̂_d(t) Ṽ(s_{t+1}) − Q_θ(s_t, a_t) ],
 *   ρ_π(t) = π_e(a_t | s_t) / π_b(a_t | s_t)</pre>
 *
 * in one backward sweep. What stands for ρ̂_d is a {@link DynamicsWeight}; with the true ratio it is direct doubly robust estimation, with
 * ones that of Jiang and Li (2016).
 *
 * @param values Ṽ(s_0) … Ṽ(s_T), T + 1 of them; the last is the bootstrap V_θ(s_T)
 * @param dynamicsWeights ρ̂_d(t) for a plot, T of them; NaN where it is a quotient and γ Ṽ(s_{t+1}) is 0, which {@link #sentence} tells:
 *     the values do not need it
 */
public record Drae(double[] values, double[] dynamicsWeights) implements Findings {
    private static final int NAMED_STEPS = 5;

    /**
     * Ṽ along one trajectory.
     *
     * @param stateValues V_θ(s_t), T + 1 of them; the last is the bootstrap, 0 if the episode terminated there
     * @param actionValues Q_θ(s_t, a_t), T of them
     * @param rewards r_j(s_t, a_t), relabelled for the target task, T of them
     * @param policyRatios ρ_π(t), evaluation over behavior policy, T of them, at least 0
     * @param weight what stands for the dynamics ratio
     * @param discount γ, from 0 to 1
     * @return Ṽ(s_0) … Ṽ(s_T)
     * @throws IllegalArgumentException if there are no steps, lengths differ, or an entry is out of its range, named by step
     */
    public static double[] values(double[] stateValues, double[] actionValues, double[] rewards,
        double[] policyRatios, DynamicsWeight weight, double discount) {
        check(stateValues, actionValues, rewards, policyRatios, weight, discount);
        int steps = rewards.length;
        double[] values = new double[steps + 1];
        values[steps] = stateValues[steps];
        for (int t = steps - 1; t >= 0; t--)
            values[t] = stateValues[t] + policyRatios[t]
                * (rewards[t] + weight.product(t, values[t + 1], rewards[t], discount) - actionValues[t]);
        return values;
    }

    /** As {@link #values(double[], double[], double[], double[], DynamicsWeight, double)}, with the weights that were in effect. */
    public static Drae of(double[] stateValues, double[] actionValues, double[] rewards, double[] policyRatios, DynamicsWeight weight,
        double discount) {
        double[] values = values(stateValues, actionValues, rewards, policyRatios, weight, discount);
        double[] ratios = new double[rewards.length];
        for (int t = 0; t < ratios.length; t++) ratios[t] = weight.weight(t, values[t + 1], rewards[t], discount);
        return new Drae(values, ratios);
    }

    private static void check(double[] stateValues, double[] actionValues, double[] rewards, double[] policyRatios, DynamicsWeight weight,
        double discount) {
        int steps = rewards.length;
        if (steps == 0) throw new IllegalArgumentException("given a trajectory of no steps; expected at least one reward");
        if (stateValues.length != steps + 1)
            throw new IllegalArgumentException(
                "given " + stateValues.length + " state values for " + steps + " rewards; expected " + (steps + 1)
                    + ": one per state, the last to bootstrap from (0 if the episode terminated)");
        if (actionValues.length != steps || policyRatios.length != steps)
            throw new IllegalArgumentException(
                "given " + actionValues.length + " action values, " + steps + " rewards and " + policyRatios.length
                    + " policy ratios; expected one of each per step");
        if (weight.steps() >= 0 && weight.steps() != steps)
            throw new IllegalArgumentException(
                "the dynamics weight knows " + weight.steps() + " steps, the trajectory has " + steps + "; expected as many");
        if (!(discount >= 0 && discount <= 1))
            throw new IllegalArgumentException("discount is " + discount + "; expected a number from 0 to 1");
        Require.finite("state value", stateValues);
        Require.finite("action value", actionValues);
        Require.finite("reward", rewards);
        Require.atLeastZero("policy ratio", policyRatios, ", evaluation over behavior probability");
    }

    /** Steps whose ρ̂_d cannot be told, because γ Ṽ(s_{t+1}) is 0. */
    public int[] undefinedSteps() {
        return IntStream.range(0, dynamicsWeights.length).filter(t -> Double.isNaN(dynamicsWeights[t])).toArray();
    }

    /** Ṽ(s_0), and whether some weights cannot be drawn. */
    public String sentence() {
        String head = "Ṽ(s_0) = " + Figures.number(values[0], 4) + " over " + dynamicsWeights.length
            + (dynamicsWeights.length == 1 ? " step" : " steps");
        int[] undefined = undefinedSteps();
        if (undefined.length == 0) return head + ".";
        String named = Arrays.stream(undefined).limit(NAMED_STEPS).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        if (undefined.length > NAMED_STEPS) named += ", …";
        return head + "; ρ̂ is undefined at " + undefined.length + " of them (" + named
            + "), where γ Ṽ(s') is 0: leave them out of a plot of ρ̂. The values rest on products and are defined.";
    }

    /** One row per step: Ṽ(s_t) and ρ̂_d(t), the latter missing where it is undefined. */
    @Override
    public Table summary() {
        var step = IntColumn.create("step");
        var value = DoubleColumn.create("value");
        var ratio = DoubleColumn.create("dynamics weight");
        for (int t = 0; t < values.length; t++) {
            step.append(t);
            value.append(values[t]);
            if (t < dynamicsWeights.length && !Double.isNaN(dynamicsWeights[t])) ratio.append(dynamicsWeights[t]);
            else ratio.appendMissing();
        }
        return Table.create("DRaE", step, value, ratio);
    }

    @Override
    public String toString() {
        return sentence();
    }
}
