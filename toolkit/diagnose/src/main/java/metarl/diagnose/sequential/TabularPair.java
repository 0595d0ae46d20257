package metarl.diagnose.sequential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import metarl.basics.Copy;
import metarl.basics.Findings;
import metarl.basics.Require;
import metarl.diagnose.bandit.Oracle;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A source task i that data come from and a target task j that is asked about, both small enough to know everything: values by dynamic
 * programming, moments of estimators exactly. Every trajectory has T steps, after which the value is 0. S states, A actions.
 *
 * @param sourceDynamics p_i(s' | s, a), [S][A][S]
 * @param targetDynamics p_j(s' | s, a), [S][A][S]
 * @param rewards r_j(s, a), the target's, by which the source's trajectories are relabelled, [S][A]
 * @param behaviorPolicy π_b(a | s), which collected the data in the source, [S][A]
 * @param evaluationPolicy π_e(a | s), whose value in the target is wanted, [S][A]
 * @param discount γ, from 0 to 1
 * @param horizon T, at least 1
 * @param start s_0
 */
public record TabularPair(double[][][] sourceDynamics, double[][][] targetDynamics, double[][] rewards, double[][] behaviorPolicy,
    double[][] evaluationPolicy,
    double discount, int horizon, int start) implements Oracle<TabularLog>, Findings {
    /** Checks shapes, that probabilities add up to 1, and ranges. */
    public TabularPair {
        TabularPairChecks.ofRewards(rewards);
        int states = rewards.length, actions = rewards[0].length;
        TabularPairChecks.ofDynamics("source dynamics", sourceDynamics, states, actions);
        TabularPairChecks.ofDynamics("target dynamics", targetDynamics, states, actions);
        TabularPairChecks.ofRows("behavior policy", behaviorPolicy, states, actions);
        TabularPairChecks.ofRows("evaluation policy", evaluationPolicy, states, actions);
        TabularPairChecks.ofNumbers(discount, horizon, start, states, actions);
    }

    /**
     * Three states, two actions, four steps, γ = 0.9: the pair whose estimators are tabulated in the notebook on DRaE. The target drifts a
     * little more toward state 2, where the reward is.
     */
    public static TabularPair threeStates() {
        double[][][] source = {{{.6, .3, .1}, {.2, .5, .3}}, {{.1, .7, .2}, {.4, .2, .4}}, {{.3, .3, .4}, {.1, .1, .8}}};
        double[][][] target = {{{.5, .3, .2}, {.1, .5, .4}}, {{.2, .5, .3}, {.2, .2, .6}}, {{.2, .3, .5}, {.1, .2, .7}}};
        return new TabularPair(source, target, new double[][] {{0, 0}, {0, .2}, {1, .5}}, new double[][] {{.5, .5}, {.6, .4}, {.3, .7}},
            new double[][] {{.2, .8}, {.3, .7}, {.8, .2}}, 0.9, 4, 0);
    }

    /**
     * A pair drawn at random: the target's dynamics are (1 − shift) p_i + shift q with q drawn like p_i; every probability is above 0,
     * rewards lie in [0, 1), γ = 0.9.
     *
     * @param states S
     * @param actions A
     * @param horizon T
     * @param shift 0, the tasks share their dynamics, to 1, they have nothing in common
     * @param seed of the draws
     */
    public static TabularPair random(int states, int actions, int horizon, double shift, long seed) {
        if (states < 1 || actions < 1)
            throw new IllegalArgumentException("given " + states + " states and " + actions + " actions; expected at least one of each");
        if (!(shift >= 0 && shift <= 1)) throw new IllegalArgumentException("shift is " + shift + "; expected a number from 0 to 1");
        Require.room("the dynamics of source and target", "states or actions", 16, states, actions, states);
        var random = new SplittableRandom(seed);
        double[][][] source = new double[states][][], target = new double[states][][];
        double[][] rewards = new double[states][actions];
        for (int s = 0; s < states; s++) {
            source[s] = rows(actions, states, random);
            target[s] = rows(actions, states, random);
            for (int a = 0; a < actions; a++) {
                rewards[s][a] = random.nextDouble();
                for (int next = 0; next < states; next++)
                    target[s][a][next] = (1 - shift) * source[s][a][next] + shift * target[s][a][next];
            }
        }
        return new TabularPair(source, target, rewards, rows(states, actions, random), rows(states, actions, random), 0.9, horizon, 0);
    }

    private static double[][] rows(int count, int width, SplittableRandom random) {
        double[][] rows = new double[count][width];
        for (double[] row : rows) {
            double sum = 0;
            for (int k = 0; k < width; k++) sum += row[k] = 0.1 + random.nextDouble();
            for (int k = 0; k < width; k++) row[k] /= sum;
        }
        return rows;
    }

    /** The same over another number of steps. */
    public TabularPair horizon(int steps) {
        return Copy.with(this, "horizon", steps);
    }

    /** The same with data of another behavior policy. */
    public TabularPair behaviorPolicy(double[][] policy) {
        return Copy.with(this, "behaviorPolicy", policy);
    }

    /** The same with other dynamics of the target; given those of the source, only the policies differ. */
    public TabularPair targetDynamics(double[][][] dynamics) {
        return Copy.with(this, "targetDynamics", dynamics);
    }

    /** The same with other rewards of the target. */
    public TabularPair rewards(double[][] values) {
        return Copy.with(this, "rewards", values);
    }

    /** V_j(s_0): the true value of the evaluation policy in the target. */
    @Override
    public double value() {
        return stateValues(actionValues())[0][start];
    }

    /** Q_j at every time, state and action, [T][S][A], by dynamic programming. */
    public double[][][] actionValues() {
        int states = rewards.length, actions = rewards[0].length;
        double[][][] q = new double[horizon][states][actions];
        double[] next = new double[states];
        for (int t = horizon - 1; t >= 0; t--) {
            for (int s = 0; s < states; s++)
                for (int a = 0; a < actions; a++) {
                    double expected = 0;
                    for (int to = 0; to < states; to++) expected += targetDynamics[s][a][to] * next[to];
                    q[t][s][a] = rewards[s][a] + discount * expected;
                }
            next = underPolicy(q[t]);
        }
        return q;
    }

    /**
     * V(s) = Σ_a π_e(a | s) Q(s, a) at every time, [T + 1][S]; 0 after the last step.
     *
     * @param actionValues any Q, exact or not, [T][S][A]
     */
    public double[][] stateValues(double[][][] actionValues) {
        if (actionValues.length != horizon)
            throw new IllegalArgumentException("given action values of " + actionValues.length + " steps; expected " + horizon
                + ", one table of states and actions per step");
        double[][] values = new double[horizon + 1][rewards.length];
        for (int t = 0; t < horizon; t++) values[t] = underPolicy(actionValues[t]);
        return values;
    }

    private double[] underPolicy(double[][] q) {
        double[] values = new double[q.length];
        for (int s = 0; s < q.length; s++)
            for (int a = 0; a < q[s].length; a++) values[s] += evaluationPolicy[s][a] * q[s][a];
        return values;
    }

    /** n trajectories of the behavior policy in the source. */
    @Override
    public TabularLog sample(int n, long seed) {
        if (n < 1) throw new IllegalArgumentException("asked for " + n + " trajectories; expected at least 1");
        Require.room("the steps of all trajectories", "their number or the horizon", 40, n, horizon + 1L);
        var random = new SplittableRandom(seed);
        int[][] states = new int[n][horizon + 1], actions = new int[n][horizon];
        for (int i = 0; i < n; i++) {
            states[i][0] = start;
            for (int t = 0; t < horizon; t++) {
                int s = states[i][t];
                actions[i][t] = draw(behaviorPolicy[s], random);
                states[i][t + 1] = draw(sourceDynamics[s][actions[i][t]], random);
            }
        }
        return log(states, actions);
    }

    private static int draw(double[] probabilities, SplittableRandom random) {
        double left = random.nextDouble();
        int last = 0;
        for (int k = 0; k < probabilities.length; k++) {
            if (probabilities[k] == 0) continue;
            last = k;
            left -= probabilities[k];
            if (left < 0) return k;
        }
        // rounding may leave a rest: it belongs to the last that can happen
        return last;
    }

    /** Rewards and ratios along given trajectories of the source. */
    TabularLog log(int[][] states, int[][] actions) {
        int n = actions.length;
        double[][] paid = new double[n][horizon], policyRatios = new double[n][horizon], dynamicsRatios = new double[n][horizon];
        for (int i = 0; i < n; i++)
            for (int t = 0; t < horizon; t++) {
                int s = states[i][t], a = actions[i][t], next = states[i][t + 1];
                paid[i][t] = rewards[s][a];
                policyRatios[i][t] = evaluationPolicy[s][a] / behaviorPolicy[s][a];
                dynamicsRatios[i][t] = targetDynamics[s][a][next] / sourceDynamics[s][a][next];
            }
        return new TabularLog(states, actions, paid, policyRatios, dynamicsRatios);
    }

    /** Every trajectory the behavior policy can leave in the source, with its probability. */
    public Trajectories trajectories() {
        return Trajectories.of(this);
    }

    /**
     * Exact moments of Ṽ(s_0), by a backward recursion: time grows with the horizon, not with the number of trajectories.
     *
     * @param actionValues the critic Q_θ, [T][S][A]
     * @param weight linear in Ṽ(s_{t+1}), which all are but intervals; for those average over {@link #trajectories}
     */
    public Moments moments(double[][][] actionValues, PairWeight weight) {
        return JointMoments.of(this, actionValues, weight, weight).first(value());
    }

    /** What no estimator can mend: actions and transitions that the target needs and the source never makes. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        for (int s = 0; s < rewards.length; s++)
            for (int a = 0; a < rewards[s].length; a++) {
                if (evaluationPolicy[s][a] > 0 && behaviorPolicy[s][a] == 0)
                    warnings.add("The evaluation policy takes action " + a + " in state " + s
                        + ", the behavior policy never: no weight corrects for it. Collect data with that action.");
                for (int to = 0; to < rewards.length; to++)
                    if (targetDynamics[s][a][to] > 0 && sourceDynamics[s][a][to] == 0)
                        warnings.add("The target goes from state " + s + " by action " + a + " to state " + to
                            + ", the source never: no weight corrects for it. Use data of a nearer task.");
            }
        return warnings;
    }

    /** Sizes, and what is to be found out. */
    @Override
    public Table summary() {
        String[] names = {"states", "actions", "horizon", "discount", "value in the target", "value in the source, same rewards"};
        double[] values = {rewards.length, rewards[0].length, horizon, discount, value(), targetDynamics(sourceDynamics).value()};
        return Table.create("tabular pair", StringColumn.create("quantity", names), DoubleColumn.create("value", values));
    }

    @Override
    public String words() {
        return String.join("\n", warnings());
    }
}
