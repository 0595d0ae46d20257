package metarl.diagnose.sequential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import metarl.basics.Activity;
import metarl.basics.Findings;
import metarl.basics.Require;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.DecompositionSolver;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * Fitted Q evaluation (Le, Voloshin and Yue 2019): Q with h steps to go is regressed on r + γ Σ_a π_e(a | s′) Q with h − 1 steps to go (s′,
 * a), for h = 1 … T, from transitions in any order.
 *
 * <p>The model is linear, Q_h(s, a) = φ(s, a)ᵀ θ_h, fitted by ridge regression; tables are the case of one feature per state and action.
 * Transitions of a source task, weighted by the dynamics ratio p_j/p_i, give the values of the target task. No importance weight of
 * policies is needed, hence no variance that grows with the horizon; the price is the model's bias.
 *
 * @param coefficients θ_h in row h − 1, [T][d]
 * @param weightPerFeature Σ weight φ_k² of the data: 0 where nothing was learnt about a feature
 * @param discount γ
 */
public record FittedQEvaluation(double[][] coefficients, double[] weightPerFeature, double discount) implements Findings {
    private static final double NEARLY_NONE = 1e-12;
    private static final int NAMED = 5;

    /**
     * A fit with given features.
     *
     * @param features φ(s, a), [m][d]
     * @param rewards r(s, a), m of them
     * @param nextFeatures Σ_a π_e(a | s′) φ(s′, a), [m][d]; zeros where the episode terminated
     * @param weights of the transitions, m of them, at least 0: ones, or dynamics ratios p_j/p_i across tasks
     * @param discount γ, from 0 to 1
     * @param horizon T, at least 1: 1/(1 − γ) times five is nearly endless
     * @param ridge λ of λ|θ|², above 0 unless the features are independent
     * @throws IllegalArgumentException if shapes differ, an entry is out of its range, named by row, or the regression has no unique
     *     solution
     */
    public static FittedQEvaluation linear(double[][] features, double[] rewards, double[][] nextFeatures, double[] weights,
        double discount, int horizon, double ridge) {
        check(features, rewards, nextFeatures, weights, discount, horizon, ridge);
        try (var activity = Activity.of("fitted Q evaluation", horizon)) {
            return linear(features, rewards, nextFeatures, weights, discount, horizon, ridge, activity);
        }
    }

    private static FittedQEvaluation linear(double[][] features, double[] rewards, double[][] nextFeatures, double[] weights,
        double discount, int horizon, double ridge,
        Activity activity) {
        int size = features[0].length, rows = rewards.length;
        double[][] gram = new double[size][size];
        double[] seen = new double[size];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < size; j++) {
                if (features[i][j] == 0) continue;
                for (int k = 0; k < size; k++) gram[j][k] += weights[i] * features[i][j] * features[i][k];
            }
        for (int j = 0; j < size; j++) {
            seen[j] = gram[j][j];
            gram[j][j] += ridge;
        }
        DecompositionSolver solver = solver(gram);
        double[][] coefficients = new double[horizon][];
        double[] before = new double[size];
        for (int h = 0; h < horizon; h++) {
            double[] products = new double[size];
            for (int i = 0; i < rows; i++) {
                double target = weights[i] * (rewards[i] + discount * dot(nextFeatures[i], before));
                for (int j = 0; j < size; j++) products[j] += target * features[i][j];
            }
            before = solver.solve(new ArrayRealVector(products, false)).toArray();
            coefficients[h] = before;
            activity.advance();
        }
        return new FittedQEvaluation(coefficients, seen, discount);
    }

    /**
     * A fit with a table. Pairs that were never seen have value 0, and {@link #warnings} names them.
     *
     * @param states s, m of them, from 0
     * @param actions a, m of them, from 0
     * @param rewards r, m of them
     * @param nextStates s′, m of them; −1 where the episode terminated
     * @param evaluationPolicy π_e(a | s), [S][A]
     * @param weights of the transitions, as for {@link #linear}
     * @param discount γ, from 0 to 1
     * @param horizon T, at least 1
     * @throws IllegalArgumentException if lengths differ or an entry is out of its range, named by row
     */
    public static FittedQEvaluation tabular(int[] states, int[] actions, double[] rewards, int[] nextStates, double[][] evaluationPolicy,
        double[] weights, double discount,
        int horizon) {
        int rows = rewards.length;
        if (states.length != rows || actions.length != rows || nextStates.length != rows)
            throw new IllegalArgumentException(
                "given " + states.length + " states, " + actions.length + " actions, " + rows + " rewards and " + nextStates.length
                    + " next states; expected one of each per transition");
        if (evaluationPolicy.length == 0)
            throw new IllegalArgumentException("the evaluation policy has no states; expected one row of action probabilities per state");
        int actionCount = evaluationPolicy[0].length, size = evaluationPolicy.length * actionCount;
        double[][] features = new double[rows][size], next = new double[rows][size];
        for (int i = 0; i < rows; i++) {
            Require.index("state", i, states[i], 0, evaluationPolicy.length);
            Require.index("action", i, actions[i], 0, actionCount);
            Require.index("next state", i, nextStates[i], -1, evaluationPolicy.length);
            features[i][states[i] * actionCount + actions[i]] = 1;
            if (nextStates[i] >= 0) System.arraycopy(evaluationPolicy[nextStates[i]], 0, next[i], nextStates[i] * actionCount, actionCount);
        }
        // seen pairs are shrunk by a billionth, unseen ones get 0 instead of no solution
        return linear(features, rewards, next, weights, discount, horizon, 1e-9);
    }

    private static void check(double[][] features, double[] rewards, double[][] nextFeatures, double[] weights, double discount,
        int horizon, double ridge) {
        int rows = rewards.length;
        if (rows == 0) throw new IllegalArgumentException("given no transitions; expected at least one");
        if (features.length != rows || nextFeatures.length != rows || weights.length != rows)
            throw new IllegalArgumentException(
                "given " + features.length + " rows of features, " + rows + " rewards, " + nextFeatures.length
                    + " rows of next features and " + weights.length
                    + " weights; expected one of each per transition");
        Require.discount(discount);
        if (horizon < 1) throw new IllegalArgumentException("horizon is " + horizon + "; expected at least 1 step");
        Require.number(ridge, ridge >= 0, "ridge", "a finite number of at least 0, such as 1e-3");
        for (int i = 0; i < rows; i++) {
            requireRow("features", i, features[i], features[0].length);
            requireRow("next features", i, nextFeatures[i], features[0].length);
        }
        Require.finite("reward", rewards);
        Require.atLeastZero("weight", weights, "");
    }

    private static void requireRow(String what, int row, double[] values, int size) {
        if (values.length != size) throw new IllegalArgumentException(
            what + " of row " + row + " are " + values.length + "; expected " + size + " as in the first row");
        Require.finite(what + " of row " + row + ", column", values);
    }

    private static DecompositionSolver solver(double[][] gram) {
        try {
            return new CholeskyDecomposition(new Array2DRowRealMatrix(gram, false), 1e-9, 0).getSolver();
        } catch (MathIllegalArgumentException e) {
            throw new IllegalArgumentException(
                "the features are linearly dependent, so the regression has no unique solution; give a ridge above 0, such as 1e-3, or "
                    + "drop features",
                e);
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) sum += a[j] * b[j];
        return sum;
    }

    /** T. */
    public int horizon() {
        return coefficients.length;
    }

    /**
     * φᵀθ_h: Q(s, a) for φ(s, a), or V(s) for Σ_a π_e(a | s) φ(s, a).
     *
     * @param features φ, d of them
     * @param stepsToGo h, from 0 (value 0) to T
     */
    public double value(double[] features, int stepsToGo) {
        if (stepsToGo < 0 || stepsToGo > horizon())
            throw new IllegalArgumentException("asked for " + stepsToGo + " steps to go; fitted were 0 to " + horizon());
        if (features.length != weightPerFeature.length)
            throw new IllegalArgumentException("given " + features.length + " features; expected " + weightPerFeature.length);
        return stepsToGo == 0 ? 0 : dot(features, coefficients[stepsToGo - 1]);
    }

    /**
     * Q of a tabular fit at every time, state and action, [T][S][A]: at time t there are T − t steps to go.
     *
     * @param actionCount A, which divides the number of features
     */
    public double[][][] actionValues(int actionCount) {
        int size = weightPerFeature.length;
        if (actionCount < 1 || size % actionCount != 0)
            throw new IllegalArgumentException("given " + actionCount + " actions for a table of " + size
                + " entries; expected a divisor");
        double[][][] q = new double[horizon()][size / actionCount][];
        for (int t = 0; t < q.length; t++)
            for (int s = 0; s < q[t].length; s++)
                q[t][s] = Arrays.copyOfRange(coefficients[horizon() - 1 - t], s * actionCount, (s + 1) * actionCount);
        return q;
    }

    /** Features no transition tells of, whose part of the value is 0. */
    public List<String> warnings() {
        var unseen = new ArrayList<Integer>();
        for (int j = 0; j < weightPerFeature.length; j++) if (weightPerFeature[j] <= NEARLY_NONE) unseen.add(j);
        if (unseen.isEmpty()) return List.of();
        return List.of(String.format(Locale.ROOT,
            "%d of %d features (%s%s) occur in no transition; expected none: their part of the value is 0. Collect data there, or use "
                + "fewer features.",
            unseen.size(),
            weightPerFeature.length, String.join(", ", unseen.stream().limit(NAMED).map(String::valueOf).toList()),
            unseen.size() > NAMED ? ", …" : ""));
    }

    /** Per feature: how much data tells of it, and its coefficient with T steps to go. */
    @Override
    public Table summary() {
        var feature = IntColumn.create("feature");
        var weight = DoubleColumn.create("weight of the data", weightPerFeature);
        for (int j = 0; j < weightPerFeature.length; j++) feature.append(j);
        return Table.create("fitted Q evaluation, " + horizon() + " steps", feature, weight,
            DoubleColumn.create("coefficient", coefficients[horizon() - 1]));
    }

    @Override
    public String toString() {
        return "FittedQEvaluation over " + horizon() + " steps with " + weightPerFeature.length + " features. "
            + String.join(" ", warnings());
    }
}
