package metarl.agent.classical;

import java.util.List;
import metarl.basics.Require;

/**
 * What every task asks of one policy that all tasks share, exactly. The policy is a table of probabilities, π(a|s) ∝ exp θ(s, a), and by
 * the policy gradient theorem (Sutton et al. 2000, "Policy gradient methods for reinforcement learning with function approximation",
 * theorem 1) the return of task i changes with θ by
 *
 * <pre>g_i(s, a) = ∂J_i/∂θ(s, a) = d_i(s) π(a|s) (Q_i(s, a) − V_i(s)),   d_i(s) = Σ_t γ^t P_i(s_t = s)</pre>
 *
 * <p>Two tasks whose gradients have a negative cosine interfere: a small step that makes one better makes the other worse. For tables this
 * happens in a state or not at all; in a network states share weights, too.
 *
 * @param gradients g_i, [task] [state][action]
 */
public record TaskGradients(List<double[][]> gradients) {
    /**
     * The gradients of these tasks.
     *
     * @param policy π, [state][action]; every probability above 0, as θ gives them
     * @throws IllegalArgumentException if there is no task, sizes differ, or something is no probability
     */
    public static TaskGradients of(List<TabularProcess> tasks, double[][] policy) {
        Require.that(!tasks.isEmpty(), "the number of tasks", 0, "at least 1");
        return new TaskGradients(tasks.stream().map(task -> gradient(task, policy)).toList());
    }

    private static double[][] gradient(TabularProcess task, double[][] policy) {
        double[] values = task.values(policy), visits = task.visits(policy);
        double[][] gradient = task.actionValues(values);
        for (int s = 0; s < gradient.length; s++)
            for (int a = 0; a < gradient[s].length; a++)
                gradient[s][a] = visits[s] * policy[s][a] * (gradient[s][a] - values[s]);
        return gradient;
    }

    /** The cosine of the gradients of every two tasks, [task][task]; 0 where one of them is 0. */
    public double[][] cosines() {
        int tasks = gradients.size();
        var cosines = new double[tasks][tasks];
        for (int i = 0; i < tasks; i++)
            for (int j = 0; j < tasks; j++) {
                double lengths = Math.sqrt(product(i, i) * product(j, j));
                cosines[i][j] = lengths > 0 ? product(i, j) / lengths : 0;
            }
        return cosines;
    }

    private double product(int i, int j) {
        double sum = 0;
        for (int s = 0; s < gradients.get(i).length; s++) sum += product(i, j, s);
        return sum;
    }

    private double product(int i, int j, int state) {
        double sum = 0;
        double[] one = gradients.get(i)[state], other = gradients.get(j)[state];
        for (int a = 0; a < one.length; a++) sum += one[a] * other[a];
        return sum;
    }

    /**
     * In every state ‖Σ_i g_i(s, ·)‖ / Σ_i ‖g_i(s, ·)‖: 1 where all tasks ask for the same, 0 where what they ask for cancels, NaN where no
     * task asks for anything.
     */
    public double[] agreement() {
        var agreement = new double[gradients.get(0).length];
        for (int s = 0; s < agreement.length; s++) {
            double squared = 0, lengths = 0;
            for (int i = 0; i < gradients.size(); i++) {
                lengths += Math.sqrt(product(i, i, s));
                for (int j = 0; j < gradients.size(); j++) squared += product(i, j, s);
            }
            agreement[s] = lengths > 0 ? Math.sqrt(Math.max(0, squared)) / lengths : Double.NaN;
        }
        return agreement;
    }
}
