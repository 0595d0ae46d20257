package metarl.diagnose.weights;

import java.util.Arrays;
import metarl.basics.Require;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/** Linear and logistic regression with an L2 penalty, sample weights and a free intercept, which comes last in θ. */
public final class PenalizedRegression {
    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-10;

    private PenalizedRegression() {}

    /** min Σ s (y − w·x − b)² + strength ‖w‖²: normal equations of the features around their weighted means. */
    public static double[] ridge(double[][] x, double[] y, double[] s, double strength) {
        int d = x[0].length;
        double[] center = new double[d + 1];
        double total = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < d; j++) center[j] += s[i] * x[i][j];
            center[d] += s[i] * y[i];
            total += s[i];
        }
        for (int j = 0; j <= d; j++) center[j] /= total;
        double[] theta = new double[d + 1], products = new double[d];
        double[][] gram = new double[d][d];
        for (int j = 0; j < d; j++) gram[j][j] = strength;
        for (int i = 0; i < x.length; i++)
            for (int j = 0; j < d; j++) {
                double sx = s[i] * (x[i][j] - center[j]);
                products[j] += sx * (y[i] - center[d]);
                for (int k = 0; k <= j; k++) gram[j][k] += sx * (x[i][k] - center[k]);
            }
        for (int j = 0; j < d; j++) for (int k = 0; k < j; k++) gram[k][j] = gram[j][k];
        if (d > 0) System.arraycopy(solve(gram, products), 0, theta, 0, d);
        theta[d] = center[d];
        for (int j = 0; j < d; j++) theta[d] -= theta[j] * center[j];
        return theta;
    }

    /** min ½‖w‖² + C Σ s (log(1 + e^z) − y z), z = w·x + b, y in [0, 1]: Newton steps, halved until the objective falls. */
    public static double[] logistic(double[][] x, double[] y, double[] s, double inverseStrength) {
        double[] theta = new double[x[0].length + 1];
        double value = objective(theta, x, y, s, inverseStrength);
        for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            double[] direction = newtonDirection(theta, x, y, s, inverseStrength), candidate = theta;
            double step = 1, next = Double.POSITIVE_INFINITY;
            while (step > 1e-8 && !(next <= value)) {
                candidate = minus(theta, direction, step);
                next = objective(candidate, x, y, s, inverseStrength);
                step /= 2;
            }
            if (!(next <= value)) break;
            double change = 0;
            for (int j = 0; j < theta.length; j++) change = Math.max(change, Math.abs(candidate[j] - theta[j]));
            theta = candidate;
            value = next;
            if (change < TOLERANCE) break;
        }
        return theta;
    }

    private static double objective(double[] theta, double[][] x, double[] y, double[] s, double c) {
        double penalty = 0, loss = 0;
        for (int j = 0; j < theta.length - 1; j++) penalty += theta[j] * theta[j] / 2;
        for (int i = 0; i < x.length; i++) {
            double z = linear(theta, x[i]);
            loss += s[i] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y[i] * z);
        }
        return penalty + c * loss;
    }

    private static double[] newtonDirection(double[] theta, double[][] x, double[] y, double[] s, double c) {
        int d = theta.length - 1;
        double[] gradient = Arrays.copyOf(theta, d + 1), row = new double[d + 1];
        gradient[d] = 0;
        Require.room("the second derivatives of a regression on " + d + " features", "the number of features", 8, d + 1L, d + 1L);
        double[][] hessian = new double[d + 1][d + 1];
        // keeps the matrix positive definite where all probabilities are 0 or 1
        hessian[d][d] = 1e-12;
        for (int j = 0; j < d; j++) hessian[j][j] = 1;
        row[d] = 1;
        for (int i = 0; i < x.length; i++) {
            System.arraycopy(x[i], 0, row, 0, d);
            double p = 1 / (1 + Math.exp(-linear(theta, x[i]))), error = c * s[i] * (p - y[i]), curvature = c * s[i] * p * (1 - p);
            for (int j = 0; j <= d; j++) {
                gradient[j] += error * row[j];
                for (int k = 0; k <= j; k++) hessian[j][k] += curvature * row[j] * row[k];
            }
        }
        for (int j = 0; j <= d; j++) for (int k = 0; k < j; k++) hessian[k][j] = hessian[j][k];
        return solve(hessian, gradient);
    }

    private static double[] solve(double[][] matrix, double[] right) {
        try {
            return new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-9, 0).getSolver()
                .solve(new ArrayRealVector(right, false)).toArray();
        } catch (MathIllegalArgumentException e) {
            throw new IllegalArgumentException(
                "the reward model cannot be fitted: features are of so different sizes, or so nearly the same, that the penalty vanishes "
                    + "beside them. "
                    + "Bring them to similar sizes, or raise the penalty",
                e);
        }
    }

    /** w·x + b. */
    public static double linear(double[] theta, double[] x) {
        double z = theta[x.length];
        for (int j = 0; j < x.length; j++) z += theta[j] * x[j];
        return z;
    }

    private static double[] minus(double[] a, double[] b, double factor) {
        double[] result = a.clone();
        for (int j = 0; j < a.length; j++) result[j] -= factor * b[j];
        return result;
    }
}
