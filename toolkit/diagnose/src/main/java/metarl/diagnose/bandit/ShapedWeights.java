package metarl.diagnose.bandit;

import java.util.function.DoubleUnaryOperator;
import metarl.diagnose.weights.Ess;

/**
 * Weights as an estimator uses them, with their sums from the same pass: over millions of rounds memory is read more slowly than it is
 * added up.
 *
 * @param values ŵ
 * @param sum Σŵ
 * @param squares Σŵ², which does not overflow because propensities have a lower limit
 * @param largest max ŵ
 */
record ShapedWeights(double[] values, double sum, double squares, double largest) {
    /** The weights themselves. */
    static ShapedWeights of(double[] weights) {
        double sum = 0, squares = 0, largest = 0;
        for (double w : weights) {
            sum += w;
            squares += w * w;
            largest = Math.max(largest, w);
        }
        return new ShapedWeights(weights, sum, squares, largest);
    }

    /** s(w) of each. */
    static ShapedWeights of(double[] weights, DoubleUnaryOperator shape) {
        double[] shaped = new double[weights.length];
        double sum = 0, squares = 0, largest = 0;
        for (int i = 0; i < shaped.length; i++) {
            double w = shape.applyAsDouble(weights[i]);
            shaped[i] = w;
            sum += w;
            squares += w * w;
            largest = Math.max(largest, w);
        }
        return new ShapedWeights(shaped, sum, squares, largest);
    }

    /** Effective sample size; null where all are 0. */
    Ess ess() {
        if (sum == 0) return null;
        int n = values.length;
        // rounding may leave the exact bounds by one unit in the last place
        double value = Math.max(1, Math.min(n, sum * sum / squares));
        return new Ess(n, value, value / n, largest / sum, 1 - value / n);
    }
}
