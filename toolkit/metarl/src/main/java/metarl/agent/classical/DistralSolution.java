package metarl.agent.classical;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.Require;

/**
 * Policies and prior that maximise Distral's objective on processes that are known (Teh et al. 2017, equation 1):
 *
 * <pre>J = Σ_i E_{π_i} Σ_t γ^t [r_i + α/β log π₀(a_t|s_t) − 1/β log π_i(a_t|s_t)]</pre>
 *
 * <p>As in the paper it is made larger for the π_i, by soft value iteration, and for π₀, in turn. For a table the best prior
 * is known: π₀(a|s) ∝ Σ_i d_i(s) π_i(a|s), where d_i(s) = Σ_t γ^t P_i(s_t = s), the maximum likelihood estimate from actions that are
 * weighted by γ^t. Neither half can make J smaller, so that it converges; to the largest J only if there is one such point, as where α =
 * 0. It begins with the uniform prior.
 *
 * @param prior π₀, [state][action]; uniform where nobody comes
 * @param policies π_i, [task] [state][action]
 * @param values V_i, [task] [state]
 * @param objectives J after each round of both halves, in order; the last one is J of these policies with the prior before it
 */
public record DistralSolution(double[][] prior, List<double[][]> policies, List<double[]> values, double[] objectives) {
    private static final double AT_REST = 1e-14;
    private static final int MOST_ROUNDS = 100_000;

    /**
     * The solution for these tasks.
     *
     * @param alpha α, 0 to 1
     * @param beta β, above 0
     * @throws IllegalArgumentException if there is no task, or their sizes differ
     */
    public static DistralSolution of(List<TabularProcess> tasks, double alpha, double beta) {
        TabularDistral.requireCosts(alpha, beta);
        Require.that(!tasks.isEmpty(), "the number of tasks", 0, "at least 1");
        int states = tasks.get(0).states(), actions = tasks.get(0).actions();
        Require.that(tasks.stream().allMatch(t -> t.states() == states && t.actions() == actions), "a task", "of a different size",
            states + " states × " + actions + " actions, as the first has, because one prior serves all");
        var prior = new double[states][actions];
        for (double[] row : prior) Arrays.fill(row, 1.0 / actions);
        double[] objectives = {};
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double[][] given = prior;
            List<double[]> values = tasks.stream().map(task -> task.softValues(given, alpha, beta)).toList();
            List<double[][]> policies = IntStream.range(0, tasks.size())
                .mapToObj(i -> policy(tasks.get(i).actionValues(values.get(i)), given, alpha, beta)).toList();
            objectives = Arrays.copyOf(objectives, round + 1);
            for (int i = 0; i < tasks.size(); i++) objectives[round] += tasks.get(i).atStart(values.get(i));
            prior = prior(tasks, policies);
            if (distance(prior, given) <= AT_REST || alpha == 0) return new DistralSolution(prior, policies, values, objectives);
        }
        throw new IllegalStateException("prior and policies have not converged in " + MOST_ROUNDS + " rounds; alpha is " + alpha
            + " and beta " + beta + ": make beta smaller");
    }

    private static double[][] policy(double[][] q, double[][] prior, double alpha, double beta) {
        return IntStream.range(0, q.length).mapToObj(s -> SoftChoice.policy(q[s], prior[s], alpha, beta)).toArray(double[][]::new);
    }

    /** The prior that maximises J for given policies. */
    public static double[][] prior(List<TabularProcess> tasks, List<double[][]> policies) {
        Require.that(tasks.size() == policies.size() && !tasks.isEmpty(), "the number of policies", policies.size(),
            tasks.size() + ", one per task, and at least 1");
        int states = tasks.get(0).states(), actions = tasks.get(0).actions();
        var prior = new double[states][actions];
        for (int i = 0; i < tasks.size(); i++) {
            double[] visits = tasks.get(i).visits(policies.get(i));
            for (int s = 0; s < states; s++) for (int a = 0; a < actions; a++) prior[s][a] += visits[s] * policies.get(i)[s][a];
        }
        for (double[] row : prior) normalize(row);
        return prior;
    }

    private static void normalize(double[] row) {
        double sum = Arrays.stream(row).sum();
        for (int a = 0; a < row.length; a++) row[a] = sum > 0 ? row[a] / sum : 1.0 / row.length;
    }

    private static double distance(double[][] one, double[][] other) {
        double largest = 0;
        for (int s = 0; s < one.length; s++)
            for (int a = 0; a < one[s].length; a++) largest = Math.max(largest, Math.abs(one[s][a] - other[s][a]));
        return largest;
    }
}
