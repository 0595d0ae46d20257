package metarl.agent.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.Require;

/**
 * A process so small that all of its trajectories can be listed: what policy gradients estimate is then a sum, and known without sampling.
 * It begins in state 0 and lasts T steps. The policy is a table θ of logits, a row per state: π(a|s) = exp(θ_sa) / Σ_b exp(θ_sb).
 *
 * <p>With P(τ) the probability of a trajectory, R(τ) its sum of rewards and ∇ log P(τ) = Σₜ ∇ log π(aₜ|sₜ):
 *
 * <pre>
 * J(θ)   = Σ_τ P(τ) R(τ)
 * ∇J(θ)  = Σ_τ P(τ) R(τ) ∇ log P(τ)
 * ∇²J(θ) = Σ_τ P(τ) R(τ) (∇ log P(τ) ∇ log P(τ)ᵀ + ∇² log P(τ))
 * ∇_θ J(θ + α ∇J(θ)) = (I + α ∇²J(θ)) ∇J(θ + α ∇J(θ))
 * </pre>
 *
 * <p>{@link #estimator} says what an {@link InnerObjective} makes of it.
 */
public final class EnumeratedProcess {
    private static final int MOST = 100_000;

    /** A trajectory without its policy: states, actions, and R_t, the rewards from step t on; and the chance that the process allows it. */
    record Path(int[] states, int[] actions, double[] toGo, double chance) {}

    private final double[][][] dynamics;
    private final double[][] rewards;
    private final int horizon;
    private final List<Path> paths = new ArrayList<>();

    /**
     * A process.
     *
     * @param dynamics P(s'|s, a), state × action × next state
     * @param rewards r(s, a), state × action
     * @param horizon T
     * @throws IllegalArgumentException if the tables do not fit together, a row of {@code dynamics} is no distribution, or there are more
     *     than 100 000 trajectories
     */
    public EnumeratedProcess(double[][][] dynamics, double[][] rewards, int horizon) {
        Require.count(horizon, 1, "horizon", "at least 1, usually 2 to 6");
        Require.that(dynamics.length >= 1 && rewards.length == dynamics.length, "the number of states in rewards", rewards.length,
            "as many as in dynamics: " + dynamics.length);
        for (int s = 0; s < dynamics.length; s++) {
            Require.that(dynamics[s].length == dynamics[0].length && rewards[s].length == dynamics[0].length,
                "the number of actions in state",
                s, "in dynamics and rewards as many as in state 0: " + dynamics[0].length);
            for (double[] row : dynamics[s]) requireDistribution(row, dynamics.length);
        }
        double count = Math.pow((double) dynamics.length * dynamics[0].length, horizon);
        Require.that(count <= MOST, "the number of trajectories", count, "at most " + MOST + "; take fewer states, actions or steps");
        this.dynamics = dynamics;
        this.rewards = rewards;
        this.horizon = horizon;
        list(new int[horizon], new int[horizon], 0, 0, 1);
    }

    private static void requireDistribution(double[] row, int states) {
        double sum = 0;
        for (double p : row) sum += p >= 0 ? p : Double.NaN;
        Require.that(row.length == states && Math.abs(sum - 1) < 1e-9, "a row of dynamics", Arrays.toString(row),
            states + " probabilities that sum to 1");
    }

    /**
     * Two states, two actions, two steps: in state 0 the first action pays 0.4 and mostly stays, the second pays nothing and mostly leads
     * to state 1, where the second action pays 1. So what the first action is worth depends on the second.
     */
    public static EnumeratedProcess twoSteps() {
        return steps(2);
    }

    /** The same for another number of steps; from state 1 either action leads back as often as not. */
    public static EnumeratedProcess steps(int horizon) {
        return new EnumeratedProcess(new double[][][] {{{0.9, 0.1}, {0.1, 0.9}}, {{0.5, 0.5}, {0.5, 0.5}}},
            new double[][] {{0.4, 0}, {0, 1}}, horizon);
    }

    /** All that can come after these steps. */
    private void list(int[] states, int[] actions, int t, int state, double chance) {
        if (chance == 0) return;
        if (t == horizon) {
            double[] toGo = new double[horizon];
            for (int k = horizon - 1; k >= 0; k--) toGo[k] = rewards[states[k]][actions[k]] + (k + 1 < horizon ? toGo[k + 1] : 0);
            paths.add(new Path(states.clone(), actions.clone(), toGo, chance));
            return;
        }
        states[t] = state;
        for (int a = 0; a < actions(); a++) {
            actions[t] = a;
            // where the last action leads is no part of what is seen
            if (t == horizon - 1) list(states, actions, horizon, 0, chance);
            else for (int next = 0; next < states(); next++) list(states, actions, t + 1, next, chance * dynamics[state][a][next]);
        }
    }

    /** How many states. */
    public int states() {
        return dynamics.length;
    }

    /** How many actions. */
    public int actions() {
        return dynamics[0].length;
    }

    /** T. */
    public int horizon() {
        return horizon;
    }

    /** Entries of θ: states · actions, row by row. */
    public int parameters() {
        return states() * actions();
    }

    List<Path> paths() {
        return paths;
    }

    /** π(a|s), state × action. */
    public double[][] policy(double[] theta) {
        Require.that(theta.length == parameters(), "the number of entries of theta", theta.length,
            "one per state and action: " + parameters());
        double[][] policy = new double[states()][actions()];
        for (int s = 0; s < states(); s++) {
            double sum = 0;
            for (int a = 0; a < actions(); a++) sum += policy[s][a] = Math.exp(theta[s * actions() + a]);
            for (int a = 0; a < actions(); a++) policy[s][a] /= sum;
        }
        return policy;
    }

    /** P(τ) of every trajectory, in their order. */
    public double[] probabilities(double[] theta) {
        double[][] policy = policy(theta);
        return paths.stream().mapToDouble(p -> {
            double probability = p.chance;
            for (int t = 0; t < horizon; t++) probability *= policy[p.states[t]][p.actions[t]];
            return probability;
        }).toArray();
    }

    /** J(θ). */
    public double value(double[] theta) {
        double[] probabilities = probabilities(theta);
        return IntStream.range(0, probabilities.length).mapToDouble(i -> probabilities[i] * paths.get(i).toGo[0]).sum();
    }

    /** ∇J(θ). */
    public double[] gradient(double[] theta) {
        double[] probabilities = probabilities(theta), gradient = new double[parameters()];
        for (int i = 0; i < probabilities.length; i++) {
            double[] score = score(paths.get(i), theta, new double[] {1});
            for (int j = 0; j < gradient.length; j++) gradient[j] += probabilities[i] * paths.get(i).toGo[0] * score[j];
        }
        return gradient;
    }

    /** Σₜ wₜ ∇ log π(aₜ|sₜ); one weight stands for all steps. */
    double[] score(Path path, double[] theta, double[] weights) {
        double[][] policy = policy(theta);
        double[] score = new double[parameters()];
        for (int t = 0; t < horizon; t++) {
            double w = weights[Math.min(t, weights.length - 1)];
            int s = path.states[t];
            for (int a = 0; a < actions(); a++) score[s * actions() + a] += w * ((a == path.actions[t] ? 1 : 0) - policy[s][a]);
        }
        return score;
    }

    /** ∇²J(θ). */
    public double[][] hessian(double[] theta) {
        double[][] policy = policy(theta), hessian = new double[parameters()][parameters()];
        double[] probabilities = probabilities(theta);
        for (int i = 0; i < probabilities.length; i++) {
            Path path = paths.get(i);
            double weight = probabilities[i] * path.toGo[0];
            double[] score = score(path, theta, new double[] {1});
            for (int j = 0; j < score.length; j++) for (int k = 0; k < score.length; k++) hessian[j][k] += weight * score[j] * score[k];
            for (int s : path.states)
                for (int a = 0; a < actions(); a++)
                    for (int b = 0; b < actions(); b++)
                        hessian[s * actions() + a][s * actions() + b] += weight * policy[s][a] * (policy[s][b] - (a == b ? 1 : 0));
        }
        return hessian;
    }

    /** V(s) before step t, step × state: what is still to come under π. */
    double[][] values(double[] theta) {
        double[][] policy = policy(theta), values = new double[horizon + 1][states()];
        for (int t = horizon - 1; t >= 0; t--)
            for (int s = 0; s < states(); s++)
                for (int a = 0; a < actions(); a++) {
                    double worth = rewards[s][a];
                    for (int next = 0; next < states(); next++) worth += dynamics[s][a][next] * values[t + 1][next];
                    values[t][s] += policy[s][a] * worth;
                }
        return values;
    }

    /** θ + α ∇J(θ). */
    public double[] adapted(double[] theta, double rate) {
        return moved(theta, gradient(theta), rate);
    }

    /** ∇_θ J(θ + α ∇J(θ)): the exact meta-gradient. */
    public double[] metaGradient(double[] theta, double rate) {
        return through(hessian(theta), gradient(adapted(theta, rate)), rate);
    }

    /** What an objective's inner step makes of the meta-gradient. */
    public EnumeratedEstimator estimator(InnerObjective objective, double[] theta, boolean baseline) {
        return EnumeratedEstimator.of(this, objective, theta, baseline);
    }

    static double[] moved(double[] theta, double[] direction, double rate) {
        return IntStream.range(0, theta.length).mapToDouble(j -> theta[j] + rate * direction[j]).toArray();
    }

    /** (I + α H) v. */
    static double[] through(double[][] hessian, double[] v, double rate) {
        return IntStream.range(0, v.length)
            .mapToDouble(j -> v[j] + rate * IntStream.range(0, v.length).mapToDouble(k -> hessian[j][k] * v[k]).sum()).toArray();
    }
}
