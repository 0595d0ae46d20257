package metarl.agent.classical;

import java.util.Arrays;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.task.TabularFamily;
import metarl.task.Task;

/**
 * A process with finitely many states and actions that is known: what it is worth and how often its states come follow exactly, by
 * iteration to the last digit.
 *
 * <p>A family gives its arrays, such as {@link metarl.task.families.TwoRooms#transitions}.
 */
public final class TabularProcess {
    private static final double TOLERANCE = 1e-9;
    private static final int MOST_ITERATIONS = 1_000_000;

    private final double[][] rewards;
    private final double[] start;
    private final double discount;
    /** Next states that can come, [state][action][…], and their probabilities. */
    private final int[][][] next;
    private final double[][][] chances;

    /**
     * A process.
     *
     * @param transitions P(s'|s, a), [state][action][next state]; what is missing from 1 in a row is the chance that the episode ends
     * @param rewards mean reward, [state][action]
     * @param start probability of every state at the start
     * @param discount γ, from 0 to below 1
     * @throws IllegalArgumentException if the sizes do not fit, or something is no probability
     */
    public TabularProcess(double[][][] transitions, double[][] rewards, double[] start, double discount) {
        int states = start.length;
        Require.that(states >= 1 && transitions.length == states && rewards.length == states, "the transitions and rewards",
            "of " + transitions.length + " and " + rewards.length + " states", states + " of each, as start has, and at least 1");
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.9 to 0.999");
        requireChances("start", start, true);
        this.rewards = Arrays.stream(rewards).map(double[]::clone).toArray(double[][]::new);
        this.start = start.clone();
        this.discount = discount;
        next = new int[states][][];
        chances = new double[states][][];
        for (int s = 0; s < states; s++) {
            Require.that(rewards[s].length == rewards[0].length && transitions[s].length == rewards[0].length && rewards[0].length > 0,
                "the number of actions in state " + s, rewards[s].length + " rewards, " + transitions[s].length + " transitions",
                rewards[0].length + " of each, as state 0 has, and at least 1");
            Require.finite("reward of state " + s + ", action", rewards[s]);
            next[s] = new int[actions()][];
            chances[s] = new double[actions()][];
            for (int a = 0; a < actions(); a++) keep(transitions[s][a], s, a);
        }
    }

    /**
     * The process of a task.
     *
     * @param task of a {@link TabularFamily}, such as {@link metarl.task.families.TwoRooms}
     * @param discount γ, from 0 to below 1
     * @throws IllegalArgumentException if its family does not say what its tasks are
     */
    public static TabularProcess of(Task task, double discount) {
        if (!(task.family() instanceof TabularFamily family))
            throw new IllegalArgumentException(
                "the family " + task.family().name() + " has no tables of its tasks; give the arrays yourself,"
                    + " or take a TabularFamily such as TwoRooms.cells()");
        return new TabularProcess(family.transitions(task), family.rewards(task), family.starts(task), discount);
    }

    private void keep(double[] row, int s, int a) {
        Require.that(row.length == states(), "the length of transitions[" + s + "][" + a + "]", row.length, states() + "");
        requireChances("transitions[" + s + "][" + a + "]", row, false);
        next[s][a] = IntStream.range(0, row.length).filter(k -> row[k] > 0).toArray();
        chances[s][a] = Arrays.stream(next[s][a]).mapToDouble(k -> row[k]).toArray();
    }

    private static void requireChances(String name, double[] row, boolean whole) {
        double sum = 0;
        for (double p : row) {
            Require.that(p >= 0, "a probability of " + name, p, "at least 0");
            sum += p;
        }
        Require.that(sum <= 1 + TOLERANCE && (!whole || sum >= 1 - TOLERANCE), "the sum of " + name, sum, whole ? "1" : "at most 1");
    }

    /** Number of states. */
    public int states() {
        return start.length;
    }

    /** Number of actions. */
    public int actions() {
        return rewards[0].length;
    }

    /** Σ_s P(s is the start) · V(s). */
    public double atStart(double[] values) {
        double sum = 0;
        for (int s = 0; s < states(); s++) sum += start[s] * values[s];
        return sum;
    }

    /** Q(s, a) = r(s, a) + γ Σ_s' P(s'|s, a) V(s'), [state][action]. */
    public double[][] actionValues(double[] values) {
        var q = new double[states()][actions()];
        for (int s = 0; s < states(); s++) for (int a = 0; a < actions(); a++) q[s][a] = actionValue(values, s, a);
        return q;
    }

    private double actionValue(double[] values, int s, int a) {
        double sum = 0;
        for (int k = 0; k < next[s][a].length; k++) sum += chances[s][a][k] * values[next[s][a][k]];
        return rewards[s][a] + discount * sum;
    }

    /**
     * V(s) of the best policy under Distral's objective with this prior: the only solution of V = {@link SoftChoice#value} of Q(V), found
     * by soft value iteration.
     *
     * @param prior π₀, [state][action]
     */
    public double[] softValues(double[][] prior, double alpha, double beta) {
        requireTable("the prior", prior);
        return iterate(values -> {
            double[] better = new double[states()], q = new double[actions()];
            for (int s = 0; s < states(); s++) {
                for (int a = 0; a < q.length; a++) q[a] = actionValue(values, s, a);
                better[s] = SoftChoice.value(q, prior[s], alpha, beta);
            }
            return better;
        });
    }

    /** The best policy itself, [state][action]. */
    public double[][] softPolicy(double[][] prior, double alpha, double beta) {
        double[][] q = actionValues(softValues(prior, alpha, beta));
        for (int s = 0; s < states(); s++) q[s] = SoftChoice.policy(q[s], prior[s], alpha, beta);
        return q;
    }

    /** V(s) of a policy, by iteration: V(s) = Σ_a π(a|s) Q(s, a). */
    public double[] values(double[][] policy) {
        requirePolicy(policy);
        return iterate(values -> {
            double[] better = new double[states()];
            for (int s = 0; s < states(); s++)
                for (int a = 0; a < actions(); a++) better[s] += policy[s][a] * actionValue(values, s, a);
            return better;
        });
    }

    /** How often a policy comes to each state, discounted: d(s) = Σ_t γ^t P(s_t = s). */
    public double[] visits(double[][] policy) {
        requirePolicy(policy);
        return iterate(d -> {
            double[] following = start.clone();
            for (int s = 0; s < states(); s++)
                for (int a = 0; a < actions(); a++)
                    for (int k = 0; k < next[s][a].length; k++)
                        following[next[s][a][k]] += discount * d[s] * policy[s][a] * chances[s][a][k];
            return following;
        });
    }

    private void requirePolicy(double[][] policy) {
        requireTable("the policy", policy);
        for (int s = 0; s < states(); s++) requireChances("the policy in state " + s, policy[s], true);
    }

    private void requireTable(String name, double[][] table) {
        Require.that(table.length == states() && Arrays.stream(table).allMatch(row -> row.length == actions()), name,
            "a table of a different size", states() + " states × " + actions() + " actions");
    }

    /** One round of an iteration that brings any two vectors nearer to each other by the factor γ. */
    @FunctionalInterface
    private interface Round {
        double[] of(double[] before);
    }

    private double[] iterate(Round round) {
        double[] x = new double[states()];
        for (int i = 0; i < MOST_ITERATIONS; i++) {
            double[] better = round.of(x);
            double change = 0, size = 0;
            for (int s = 0; s < x.length; s++) {
                change = Math.max(change, Math.abs(better[s] - x[s]));
                size = Math.max(size, Math.abs(better[s]));
            }
            x = better;
            if (change <= 2 * Math.ulp(size)) return x;
        }
        throw new IllegalStateException("the iteration has not converged in " + MOST_ITERATIONS + " rounds; the discount is " + discount
            + ": take one farther below 1");
    }
}
