package metarl.diagnose.weights;

import java.util.Arrays;
import java.util.Locale;
import metarl.basics.Activity;
import metarl.basics.Findings;
import metarl.basics.Require;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The density ratio p_new/p_old of features, by logistic regression between new and old ones (MQL, eqs. 13–15).
 *
 * <p>The fit minimises ½‖w‖² + C Σ log(1 + exp(−y (w·x + b))), y = +1 for new and −1 for old, the intercept free: scikit-learn's
 * definition. With P(new | x) = σ(w·x + b), the weight is β(x) = p_new(x)/p_old(x) = exp(w·x + b) · n_old/n_new.
 *
 * <p>Different from MQL's released code, which leaves out n_old/n_new (its classes are 1 : 2, so its β is half as large) and labels the new
 * task −1: {@code priorCorrected(false)} gives its β.
 */
public final class Propensity implements Findings {
    /** Above this AUC old and new hardly overlap. */
    public static final double HARDLY_OVERLAPPING_AUC = 0.95;

    private final LogisticRegression model;
    private final int oldCount;
    private final int newCount;
    private final double auc;
    private final double logitClip;
    private final boolean priorCorrected;

    private Propensity(LogisticRegression model, int oldCount, int newCount, double auc, double logitClip, boolean priorCorrected) {
        this.model = model;
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
        Require.positive(inverseStrength, "inverseStrength", "usually 0.05 to 1");
        check(oldFeatures, newFeatures);
        try (var activity = Activity.of("fitting the propensity")) {
            LogisticRegression model = LogisticRegression.fit(oldFeatures, newFeatures, inverseStrength);
            return new Propensity(model, oldFeatures.length, newFeatures.length,
                auc(logits(model, oldFeatures), logits(model, newFeatures)), Double.POSITIVE_INFINITY, true);
        }
    }

    /**
     * The ratio of each old row by a fit that has not seen it; see {@link CrossFittedPropensity}.
     *
     * @param folds into which the rows are parted, from 2 to the number of rows of the smaller class
     * @param seed of the partition
     * @throws IllegalArgumentException if there are too few or too many folds, and as {@link #fit(double[][], double[][], double)} does
     */
    public static CrossFittedPropensity crossFit(double[][] oldFeatures, double[][] newFeatures, double inverseStrength, int folds,
        long seed) {
        return CrossFittedPropensity.fit(oldFeatures, newFeatures, inverseStrength, folds, seed);
    }

    /** Refuses what no fit can be made of. */
    static void check(double[][] oldFeatures, double[][] newFeatures) {
        check("new", newFeatures, check("old", oldFeatures, -1));
    }

    private static int check(String which, double[][] rows, int expected) {
        if (rows.length == 0) throw new IllegalArgumentException("there are no " + which + " features; expected at least one row");
        int size = expected < 0 ? rows[0].length : expected;
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != size)
                throw new IllegalArgumentException(which + " row " + i + " has " + rows[i].length + " features, expected " + size);
            for (int j = 0; j < size; j++)
                if (!Double.isFinite(rows[i][j])) throw new IllegalArgumentException(
                    which + " row " + i + ", column " + j + " is " + rows[i][j] + "; expected a finite number");
        }
        return size;
    }

    private static double[] logits(LogisticRegression model, double[][] rows) {
        return Arrays.stream(rows).mapToDouble(model::logit).toArray();
    }

    /** The probability that a new row has the larger logit than an old one, ties counting half. */
    private static double auc(double[] oldLogits, double[] newLogits) {
        double[] old = oldLogits.clone();
        Arrays.sort(old);
        double wins = 0;
        int below = 0, upTo = 0;
        for (double logit : Arrays.stream(newLogits).sorted().toArray()) {
            while (below < old.length && old[below] < logit) below++;
            while (upTo < old.length && old[upTo] <= logit) upTo++;
            wins += (below + upTo) / 2.0;
        }
        return wins / old.length / newLogits.length;
    }

    /**
     * Area under the ROC curve of this fit on rows it need not have seen.
     *
     * @throws IllegalArgumentException if a class is empty, a row has another length than those of the fit, or an entry is not finite
     */
    public double auc(double[][] oldFeatures, double[][] newFeatures) {
        check("old", oldFeatures, size());
        check("new", newFeatures, size());
        return auc(logits(model, oldFeatures), logits(model, newFeatures));
    }

    /** P(new | x) = σ(w·x + b) of each row, for classes as large as those of the fit. */
    public double[] probabilities(double[][] features) {
        check("given", features, size());
        return Arrays.stream(features).mapToDouble(x -> 1 / (1 + Math.exp(-model.logit(x)))).toArray();
    }

    /** Whether P(new | x) is as frequent as it says, in ten bins, on rows in the proportion of the fit. */
    public Calibration calibration(double[][] oldFeatures, double[][] newFeatures) {
        check("old", oldFeatures, size());
        check("new", newFeatures, size());
        return Calibration.of(probabilities(oldFeatures), probabilities(newFeatures), Calibration.BINS);
    }

    private int size() {
        return model.theta().length - 1;
    }

    /**
     * The same with log β limited to at most {@code clip}, so that β ≤ e^clip. MQL's released flag {@code beta_clip} is this clip of the
     * logit.
     */
    public Propensity logitClip(double clip) {
        if (Double.isNaN(clip)) throw new IllegalArgumentException("logitClip(NaN): expected a number, usually 0.8 to 2");
        return new Propensity(model, oldCount, newCount, auc, clip, priorCorrected);
    }

    /** The same with (true, the default) or without the factor n_old/n_new. */
    public Propensity priorCorrected(boolean corrected) {
        return new Propensity(model, oldCount, newCount, auc, logitClip, corrected);
    }

    /** β of each row of features. */
    public ImportanceWeights weights(double[][] features) {
        check("given", features, size());
        double prior = priorCorrected ? Math.log((double) oldCount / newCount) : 0;
        return ImportanceWeights.ofLog(Arrays.stream(features).mapToDouble(x -> Math.min(logitClip, model.logit(x) + prior)).toArray());
    }

    /** w. */
    public double[] coefficients() {
        return Arrays.copyOf(model.theta(), size());
    }

    /** b, before any correction for class sizes. */
    public double intercept() {
        return model.theta()[size()];
    }

    /** Area under the ROC curve on the data of the fit: 0.5, old and new cannot be told apart; 1, they do not overlap. */
    public double auc() {
        return auc;
    }

    /** Class sizes, AUC, intercept and largest coefficient. */
    @Override
    public Table summary() {
        String[] names = {"old rows", "new rows", "AUC", "intercept", "largest |coefficient|"};
        double[] values = {oldCount, newCount, auc, intercept(), Arrays.stream(coefficients()).map(Math::abs).max().orElse(0)};
        return Table.create("propensity", StringColumn.create("quantity", names), DoubleColumn.create("value", values));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Propensity: AUC %.2f between %d old and %d new rows", auc, oldCount, newCount)
            + (auc > HARDLY_OVERLAPPING_AUC
                ? "; old and new hardly overlap (AUC above 0.95): their weights say little. Use fewer features or collect nearer data."
                : ".");
    }
}
