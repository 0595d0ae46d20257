package metarl.diagnose.weights;

import java.util.List;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Logistic regression by Newton's method: minimises ½‖w‖² + C Σ log(1 + exp(−y (w·x + b))), y = ±1, the intercept free, which is
 * scikit-learn's definition.
 *
 * @param theta w, then b
 */
record LogisticRegression(double[] theta) {
    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-10;

    /** Fits y = −1 for old rows and +1 for new ones; rows are of one length and finite. */
    static LogisticRegression fit(double[][] old, double[][] fresh, double inverseStrength) {
        double[] theta = new double[old[0].length + 1];
        double value = objective(theta, old, fresh, inverseStrength);
        for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            double[] direction = newtonDirection(theta, old, fresh, inverseStrength);
            double step = 1, next = Double.POSITIVE_INFINITY;
            double[] candidate = theta;
            while (step > 1e-8 && !(next <= value)) {
                candidate = add(theta, direction, -step);
                next = objective(candidate, old, fresh, inverseStrength);
                step /= 2;
            }
            if (!(next <= value)) break;
            double change = largest(add(candidate, theta, -1));
            theta = candidate;
            value = next;
            if (change < TOLERANCE) break;
        }
        return new LogisticRegression(theta);
    }

    /** w·x + b. */
    double logit(double[] x) {
        return logit(theta, x);
    }

    private static double objective(double[] theta, double[][] old, double[][] fresh, double c) {
        double penalty = 0;
        for (int j = 0; j < theta.length - 1; j++) penalty += theta[j] * theta[j] / 2;
        double loss = 0;
        for (double[] x : old) loss += softplus(logit(theta, x));
        for (double[] x : fresh) loss += softplus(-logit(theta, x));
        return penalty + c * loss;
    }

    private static double[] newtonDirection(double[] theta, double[][] old, double[][] fresh, double c) {
        int n = theta.length;
        double[] gradient = new double[n];
        double[][] hessian = new double[n][n];
        for (int j = 0; j < n - 1; j++) {
            gradient[j] = theta[j];
            hessian[j][j] = 1;
        }
        for (double[] x : old) accumulate(theta, x, 0, c, gradient, hessian);
        for (double[] x : fresh) accumulate(theta, x, 1, c, gradient, hessian);
        // keeps the matrix positive definite where all probabilities are 0 or 1
        hessian[n - 1][n - 1] += 1e-12;
        var matrix = new Array2DRowRealMatrix(hessian, false);
        if (!Double.isFinite(matrix.getTrace())) throw tooLarge(old, fresh);
        try {
            return new CholeskyDecomposition(matrix, 1e-9, 0).getSolver().solve(new ArrayRealVector(gradient, false)).toArray();
        } catch (MathIllegalArgumentException notPositiveDefinite) {
            throw tooLarge(old, fresh);
        }
    }

    private static IllegalArgumentException tooLarge(double[][] old, double[][] fresh) {
        double largest = 0;
        for (double[][] rows : List.of(old, fresh)) for (double[] x : rows) largest = Math.max(largest, largest(x));
        return new IllegalArgumentException(
            "no stable fit: features reach " + largest + " in size, or some are sums of others; expected columns near 1 in size. "
                + "Bring them to mean 0 and standard deviation 1, and leave out copies.");
    }

    private static void accumulate(double[] theta, double[] x, int label, double c, double[] gradient, double[][] hessian) {
        int last = theta.length - 1;
        double p = 1 / (1 + Math.exp(-logit(theta, x)));
        double error = c * (p - label), curvature = c * p * (1 - p);
        for (int j = 0; j <= last; j++) {
            double xj = j == last ? 1 : x[j];
            gradient[j] += error * xj;
            for (int k = 0; k <= last; k++) hessian[j][k] += curvature * xj * (k == last ? 1 : x[k]);
        }
    }

    private static double logit(double[] theta, double[] x) {
        double z = theta[theta.length - 1];
        for (int j = 0; j < x.length; j++) z += theta[j] * x[j];
        return z;
    }

    private static double softplus(double z) {
        return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    }

    private static double[] add(double[] a, double[] b, double factor) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) sum[i] += factor * b[i];
        return sum;
    }

    private static double largest(double[] values) {
        double max = 0;
        for (double v : values) max = Math.max(max, Math.abs(v));
        return max;
    }
}
