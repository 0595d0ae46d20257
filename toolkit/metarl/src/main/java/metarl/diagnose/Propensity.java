package metarl.diagnose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The density ratio p_new/p_old of features, by logistic regression between new and old ones (MQL, eqs. 13–15).
 *
 * <p>The fit minimises ½‖w‖² + C Σ log(1 + exp(−y (w·x + b))), y = +1 for new and −1 for old, the intercept free: scikit-learn's definition.
 * With P(new | x) = σ(w·x + b), the weight is β(x) = p_new(x)/p_old(x) = exp(w·x + b) · n_old/n_new.
 *
 * <p>Different from MQL's released code, which leaves out n_old/n_new (its classes are 1 : 2, so its β is half as large) and labels the new task −1:
 * {@code priorCorrected(false)} gives its β.
 */
public final class Propensity {
    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-10;

    private final double[] coefficients;
    private final double intercept;
    private final int oldCount;
    private final int newCount;
    private final double auc;
    private final double logitClip;
    private final boolean priorCorrected;

    private Propensity(double[] coefficients, double intercept, int oldCount, int newCount, double auc, double logitClip, boolean priorCorrected) {
        this.coefficients = coefficients;
        this.intercept = intercept;
        this.oldCount = oldCount;
        this.newCount = newCount;
        this.auc = auc;
        this.logitClip = logitClip;
        this.priorCorrected = priorCorrected;
    }

    /** Fits with C = 1. */
    public static Propensity fit(double[][] oldFeatures, double[][] newFeatures) {
        return fit(oldFeatures, newFeatures, 1);
    }

    /**
     * Fits the ratio.
     *
     * @param oldFeatures n_old rows, of what is already there
     * @param newFeatures n_new rows, of what it is to be weighted towards
     * @param inverseStrength C, above 0; smaller values pull the weights towards 1
     * @throws IllegalArgumentException if a class is empty, rows differ in length, or an entry is not finite (named by row and column)
     */
    public static Propensity fit(double[][] oldFeatures, double[][] newFeatures, double inverseStrength) {
        if (!(inverseStrength > 0) || Double.isInfinite(inverseStrength))
            throw new IllegalArgumentException("inverseStrength is " + inverseStrength + ", expected a finite number above 0, usually 0.05 to 1");
        int size = check("old", oldFeatures, -1);
        check("new", newFeatures, size);
        double[] theta = new double[size + 1];
        double value = objective(theta, oldFeatures, newFeatures, inverseStrength);
        for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            double[] direction = newtonDirection(theta, oldFeatures, newFeatures, inverseStrength);
            double step = 1, next = Double.POSITIVE_INFINITY;
            double[] candidate = theta;
            while (step > 1e-8 && !(next <= value)) {
                candidate = add(theta, direction, -step);
                next = objective(candidate, oldFeatures, newFeatures, inverseStrength);
                step /= 2;
            }
            if (!(next <= value)) break;
            double change = largest(add(candidate, theta, -1));
            theta = candidate;
            value = next;
            if (change < TOLERANCE) break;
        }
        double[] w = Arrays.copyOf(theta, size);
        return new Propensity(w, theta[size], oldFeatures.length, newFeatures.length, auc(w, oldFeatures, newFeatures), Double.POSITIVE_INFINITY, true);
    }

    private static int check(String which, double[][] rows, int expected) {
        if (rows.length == 0) throw new IllegalArgumentException("there are no " + which + " features; expected at least one row");
        int size = expected < 0 ? rows[0].length : expected;
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != size) throw new IllegalArgumentException(which + " row " + i + " has " + rows[i].length + " features, expected " + size);
            for (int j = 0; j < size; j++)
                if (!Double.isFinite(rows[i][j])) throw new IllegalArgumentException(which + " row " + i + ", column " + j + " is " + rows[i][j] + "; expected a finite number");
        }
        return size;
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
        var solver = new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false), 1e-9, 0).getSolver();
        return solver.solve(new ArrayRealVector(gradient, false)).toArray();
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

    /** The probability that a new row has the larger logit than an old one (ties count half), from ranks. */
    private static double auc(double[] w, double[][] old, double[][] fresh) {
        record Scored(double score, boolean isNew) {}
        var all = new ArrayList<Scored>();
        double[] theta = Arrays.copyOf(w, w.length + 1);
        for (double[] x : old) all.add(new Scored(logit(theta, x), false));
        for (double[] x : fresh) all.add(new Scored(logit(theta, x), true));
        all.sort(Comparator.comparingDouble(Scored::score));
        double rankSum = 0;
        for (int i = 0; i < all.size(); ) {
            int j = i;
            while (j < all.size() && all.get(j).score == all.get(i).score) j++;
            double rank = (i + j + 1) / 2.0;
            for (int k = i; k < j; k++) if (all.get(k).isNew) rankSum += rank;
            i = j;
        }
        double m = fresh.length;
        return (rankSum - m * (m + 1) / 2) / (m * old.length);
    }

    /** The same with log β limited to at most {@code clip}, so that β ≤ e^clip. MQL's released flag {@code beta_clip} is this clip of the logit. */
    public Propensity logitClip(double clip) {
        if (Double.isNaN(clip)) throw new IllegalArgumentException("logitClip(NaN): expected a number, usually 0.8 to 2");
        return new Propensity(coefficients, intercept, oldCount, newCount, auc, clip, priorCorrected);
    }

    /** The same with (true, the default) or without the factor n_old/n_new. */
    public Propensity priorCorrected(boolean corrected) {
        return new Propensity(coefficients, intercept, oldCount, newCount, auc, logitClip, corrected);
    }

    /** β of each row of features. */
    public ImportanceWeights weights(double[][] features) {
        check("given", features, coefficients.length);
        double[] theta = Arrays.copyOf(coefficients, coefficients.length + 1);
        theta[coefficients.length] = intercept + (priorCorrected ? Math.log((double) oldCount / newCount) : 0);
        return ImportanceWeights.ofLog(Arrays.stream(features).mapToDouble(x -> Math.min(logitClip, logit(theta, x))).toArray());
    }

    /** w. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /** b, before any correction for class sizes. */
    public double intercept() {
        return intercept;
    }

    /** Area under the ROC curve on the data of the fit: 0.5, old and new cannot be told apart; 1, they do not overlap. */
    public double auc() {
        return auc;
    }

    /** Class sizes, AUC, intercept and largest coefficient. */
    public Table summary() {
        String[] names = {"old rows", "new rows", "AUC", "intercept", "largest |coefficient|"};
        double[] values = {oldCount, newCount, auc, intercept, largest(coefficients)};
        return Table.create("propensity", StringColumn.create("quantity", names), DoubleColumn.create("value", values));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Propensity: AUC %.2f between %d old and %d new rows", auc, oldCount, newCount)
            + (auc > 0.95 ? "; old and new hardly overlap (AUC above 0.95): their weights say little. Use fewer features or collect nearer data." : ".");
    }
}
