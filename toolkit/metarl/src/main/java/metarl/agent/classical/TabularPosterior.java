package metarl.agent.classical;

import java.util.Arrays;
import metarl.basics.RandomStream;
import metarl.basics.Require;

/**
 * What is known of a tabular process with H steps per episode: P(·|s, a) ~ Dirichlet(α), mean reward R(s, a) ~ N(μ, 1/τ), with rewards R(s,
 * a) + N(0, 1).
 *
 * <p>Arrays are flat: pairs [states × actions], transitions [states × actions × states], values of actions [H × states × actions]. The
 * transition of an episode's last step leads nowhere that matters and is not counted, as in TabulaRL.
 */
final class TabularPosterior {
    final int states, actions, horizon;
    /** α of each next state. */
    final double[] counts;
    /** Σ α of each pair. */
    final double[] total;
    /** τ and μ of each pair's mean reward. */
    final double[] precision, mean;

    TabularPosterior(int states, int actions, int horizon, TabularPrior prior) {
        this.states = states;
        this.actions = actions;
        this.horizon = horizon;
        counts = filled(Require.length("the counts of transitions", "states or actions", states, actions, states), prior.count());
        total = filled(states * actions, states * prior.count());
        precision = filled(states * actions, prior.rewardPrecision());
        mean = filled(states * actions, prior.rewardMean());
    }

    private static double[] filled(int size, double value) {
        double[] array = new double[size];
        Arrays.fill(array, value);
        return array;
    }

    void observe(int state, int action, double reward, int next, boolean last) {
        int pair = state * actions + action;
        mean[pair] = (mean[pair] * precision[pair] + reward) / (precision[pair] + 1);
        precision[pair]++;
        if (last) return;
        counts[pair * states + next]++;
        total[pair]++;
    }

    /** Draws mean rewards and transitions. */
    void sample(RandomStream random, double[] rewards, double[] transitions) {
        for (int pair = 0; pair < total.length; pair++) {
            rewards[pair] = mean[pair] + random.nextGaussian() / Math.sqrt(precision[pair]);
            double sum = 0;
            int end = (pair + 1) * states;
            for (int i = pair * states; i < end; i++) sum += transitions[i] = random.nextGamma(counts[i]);
            double scale = 1 / sum;
            for (int i = pair * states; i < end; i++) transitions[i] *= scale;
        }
    }

    /** The expected transitions. */
    void expected(double[] transitions) {
        for (int i = 0; i < counts.length; i++) transitions[i] = counts[i] / total[i / states];
    }

    /**
     * Exact values of all actions, backwards from the last step: Q_h(s, a) = R(s, a) + Σ P(s'|s, a) max_a' Q_{h+1}(s', a').
     *
     * @param values the result, [horizon × states × actions]
     */
    static void plan(int states, int actions, int horizon, double[] rewards, double[] transitions, double[] values) {
        double[] best = new double[states];
        int pairs = states * actions;
        for (int h = horizon - 1; h >= 0; h--) {
            for (int pair = 0; pair < pairs; pair++) {
                double value = rewards[pair];
                int row = pair * states;
                for (int next = 0; next < states; next++) value += transitions[row + next] * best[next];
                values[h * pairs + pair] = value;
            }
            maxima(states, actions, values, h * pairs, best);
        }
    }

    /** The best action's value in every state. */
    static void maxima(int states, int actions, double[] values, int from, double[] best) {
        for (int s = 0; s < states; s++) {
            double highest = Double.NEGATIVE_INFINITY;
            for (int a = 0; a < actions; a++) highest = Math.max(highest, values[from + s * actions + a]);
            best[s] = highest;
        }
    }
}
