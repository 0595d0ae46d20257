package metarl.agent;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Step;

/** A way to act. It acts in several environments at once, so that one forward pass serves all. */
@FunctionalInterface
public interface Policy {
    /**
     * Begins fresh episodes in this many environments.
     *
     * @param random the source of everything the policy draws
     */
    Actor start(int environments, RandomStream random);

    /** What {@link #start(int[], RandomStream)} is told of a task that is none of the train tasks. */
    int UNKNOWN = -1;

    /** {@link #UNKNOWN} for each of so many environments. */
    static int[] unknown(int environments) {
        int[] tasks = new int[environments];
        Arrays.fill(tasks, UNKNOWN);
        return tasks;
    }

    /**
     * Begins fresh episodes of these tasks: for a policy that acts in each task by another rule.
     *
     * @param tasks the number of the train task in each environment, {@link #UNKNOWN} for others
     */
    default Actor start(int[] tasks, RandomStream random) {
        return start(tasks.length, random);
    }

    /**
     * A policy in the middle of its episodes: it remembers what it has seen. After a step that was the {@linkplain Step#last last} of an
     * episode, the next observation there is the first of a new episode of the same task, if there is one.
     */
    interface Actor extends AutoCloseable {
        /**
         * The next actions.
         *
         * @param observations one per environment; that of an ended episode is ignored
         */
        double[][] act(double[][] observations);

        /**
         * log π(a|o) of the actions that {@link #act} gave last, one per environment: a probability of choices, a density of real numbers.
         * NaN where it is not known; empty where the policy tells none, because its actions have no density, as those without noise.
         */
        default double[] logDensities() {
            return new double[0];
        }

        /**
         * Lives on with actions that somebody else has chosen, in place of {@link #act}; {@link #received} follows as ever. Off-policy
         * estimates need it.
         *
         * @param actions one per environment; that of an ended episode is ignored
         * @return log π(a|o) of each, as above
         */
        default double[] logDensities(double[][] observations, double[][] actions) {
            return new double[0];
        }

        /** Tells what the actions led to; {@code steps[i]} is null where the episode had ended before. */
        default void received(double[][] actions, Step[] steps) {}

        @Override
        default void close() {}
    }

    /**
     * This policy with Gaussian noise on its actions, which are brought to [−1, 1] after that. The policy is told what was done, noise
     * included.
     *
     * <p>It tells log N(a; μ, σ² I) of what it did, where this policy would have done μ and σ is the deviation: the density of the noise
     * before actions were brought to [−1, 1], at the action after that. At the border, where what was brought back piles up, that is no
     * density of the actions; a ratio of two such densities with one deviation is right within. It tells none where this policy draws its
     * actions, too, and says how likely they are.
     *
     * @param deviation standard deviation of the noise, 0 or more; with 0 none is drawn
     */
    default Policy withNoise(double deviation) {
        Require.that(deviation >= 0 && Double.isFinite(deviation), "the deviation of the noise", deviation, "0 or more");
        return deviation == 0 ? this : new NoisyPolicy(this, deviation);
    }

    /** A rule that knows nothing but the present observation. */
    static Policy of(UnaryOperator<double[]> rule) {
        return (environments, random) -> observations -> Arrays.stream(observations).map(rule).toArray(double[][]::new);
    }

    /**
     * a = W o + b, linear in the present observation o.
     *
     * @param weights for each entry of the action its row of W, then its b
     */
    static Policy linear(double[] weights) {
        return of(o -> {
            int row = o.length + 1;
            double[] action = new double[weights.length / row];
            for (int k = 0; k < action.length * row; k++) action[k / row] += weights[k] * (k % row < o.length ? o[k % row] : 1);
            return action;
        });
    }

    /** Actions drawn uniformly from [−1, 1]^size. */
    static Policy random(int actionSize) {
        return (environments, random) -> new Actor() {
            @Override
            public double[][] act(double[][] observations) {
                double[][] actions = new double[observations.length][actionSize];
                for (double[] action : actions) for (int i = 0; i < actionSize; i++) action[i] = random.nextDouble(-1, 1);
                return actions;
            }

            @Override
            public double[] logDensities() {
                return DoubleStream.generate(() -> -actionSize * Math.log(2)).limit(environments).toArray();
            }

            @Override
            public double[] logDensities(double[][] observations, double[][] actions) {
                return Arrays.stream(actions).mapToDouble(
                    action -> Arrays.stream(action).allMatch(a -> Math.abs(a) <= 1) ? -actionSize * Math.log(2) : Double.NEGATIVE_INFINITY)
                    .toArray();
            }
        };
    }

    /**
     * One action per episode, drawn uniformly from [−1, 1]^size and kept to its end: what explores farther than actions that are drawn anew
     * at every step, whose sum grows with the root of their number only.
     */
    static Policy held(int actionSize) {
        return (environments, random) -> new Actor() {
            private final double[][] held = new double[environments][];

            @Override
            public double[][] act(double[][] observations) {
                double[][] actions = new double[environments][];
                for (int i = 0; i < environments; i++) {
                    if (held[i] == null) held[i] = random.doubles(actionSize, -1, 1).toArray();
                    actions[i] = held[i].clone();
                }
                return actions;
            }

            @Override
            public void received(double[][] actions, Step[] steps) {
                for (int i = 0; i < steps.length; i++) if (steps[i] != null && steps[i].last()) held[i] = null;
            }
        };
    }

    /** Always action zero. */
    static Policy zero(int actionSize) {
        return (environments, random) -> observations -> new double[observations.length][actionSize];
    }
}
