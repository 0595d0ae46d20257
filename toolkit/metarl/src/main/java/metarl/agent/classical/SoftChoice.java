package metarl.agent.classical;

import metarl.basics.Require;
import metarl.basics.Softmax;

/**
 * What Distral's objective says of one state, in closed form (Teh et al. 2017, equations 2 to 4): with the prior π₀ over its actions and
 * the values Q of these,
 *
 * <pre>V = 1/β log Σ_a π₀(a)^α exp(β Q(a)),   π(a) = π₀(a)^α exp(β (Q(a) − V))</pre>
 *
 * <p>π maximises Σ_a π(a) (Q(a) + α/β log π₀(a) − 1/β log π(a)), whose largest value V is. α = 0: π₀ does not matter, as in soft
 * Q-learning; α = 1: no bonus for entropy, only the divergence from π₀ costs. As β grows V comes near the largest Q.
 */
public final class SoftChoice {
    private SoftChoice() {}

    /**
     * V of a state.
     *
     * @param values Q of every action
     * @param prior π₀ of every action
     * @param alpha α, 0 to 1
     * @param beta β, above 0: the inverse of a temperature
     */
    public static double value(double[] values, double[] prior, double alpha, double beta) {
        return Softmax.logSum(exponents(values, prior, alpha, beta)) / beta;
    }

    /** π of a state: probabilities of its actions. */
    public static double[] policy(double[] values, double[] prior, double alpha, double beta) {
        return Softmax.of(exponents(values, prior, alpha, beta));
    }

    /** α log π₀(a) + β Q(a). */
    private static double[] exponents(double[] values, double[] prior, double alpha, double beta) {
        Require.that(values.length == prior.length && values.length > 0, "the prior",
            prior.length + " probabilities", values.length + ", one for each value, and at least one");
        double[] exponents = new double[values.length];
        for (int a = 0; a < values.length; a++) {
            // 0 · log 0 is no number
            double ofPrior = alpha == 0 ? 0 : alpha * Math.log(prior[a]);
            exponents[a] = ofPrior + beta * values[a];
        }
        return exponents;
    }
}
