package metarl.diagnose.weights;

import java.util.Locale;
import java.util.Random;
import metarl.basics.Activity;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The density ratio p_new/p_old of each old row by a {@link Propensity} that was fitted without that row's fold, so that a row cannot earn
 * an extreme weight by being remembered (Chernozhukov et al. 2018 on why nuisance models are fitted apart).
 *
 * @param folds number of folds
 * @param weights β of each old row, in the order given
 * @param auc area under the ROC curve on rows left out, mean over folds
 * @param fittedAuc the same on the rows of the fit; far above {@code auc}, the classifier remembers rows
 * @param calibration of the probabilities of rows left out
 */
public record CrossFittedPropensity(int folds, ImportanceWeights weights, double auc, double fittedAuc, Calibration calibration)
    implements Findings {
    /** From this difference of AUC on, the fit remembers rows. */
    public static final double REMEMBERING = 0.05;

    /**
     * Fits once per fold.
     *
     * @param oldFeatures n_old rows, of what is already there
     * @param newFeatures n_new rows, of what it is to be weighted towards
     * @param inverseStrength C, above 0
     * @param folds into which the rows are parted, from 2 to the number of rows of the smaller class
     * @param seed of the partition
     * @throws IllegalArgumentException if there are too few or too many folds, and as
     *     {@link Propensity#fit(double[][], double[][], double)} does
     */
    public static CrossFittedPropensity fit(double[][] oldFeatures, double[][] newFeatures, double inverseStrength, int folds, long seed) {
        int rows = Math.min(oldFeatures.length, newFeatures.length);
        if (folds < 2 || folds > rows)
            throw new IllegalArgumentException("folds is " + folds + "; expected 2 to " + rows
                + ", the rows of the smaller class, so that every fold has rows of both; usually 3 to 10");
        // names a bad row by its number in what was given
        Propensity.check(oldFeatures, newFeatures);
        var random = new Random(seed);
        int[] oldFold = partition(oldFeatures.length, folds, random), newFold = partition(newFeatures.length, folds, random);
        double[] logs = new double[oldFeatures.length], ofOld = new double[oldFeatures.length], ofNew = new double[newFeatures.length];
        double auc = 0, fittedAuc = 0;
        try (var activity = Activity.of("cross-fitting the propensity", folds)) {
            for (int fold = 0; fold < folds; fold++) {
                var fit = Propensity.fit(rows(oldFeatures, oldFold, fold, false), rows(newFeatures, newFold, fold, false), inverseStrength);
                double[][] oldLeft = rows(oldFeatures, oldFold, fold, true), newLeft = rows(newFeatures, newFold, fold, true);
                scatter(fit.weights(oldLeft).logValues(), logs, oldFold, fold);
                scatter(fit.probabilities(oldLeft), ofOld, oldFold, fold);
                scatter(fit.probabilities(newLeft), ofNew, newFold, fold);
                auc += fit.auc(oldLeft, newLeft) / folds;
                fittedAuc += fit.auc() / folds;
                activity.advance();
            }
        }
        return new CrossFittedPropensity(folds, ImportanceWeights.ofLog(logs), auc, fittedAuc,
            Calibration.of(ofOld, ofNew, Calibration.BINS));
    }

    /** The fold of each of n rows, sizes differing by at most one. */
    private static int[] partition(int n, int folds, Random random) {
        int[] fold = new int[n];
        for (int i = 0; i < n; i++) {
            int other = random.nextInt(i + 1);
            fold[i] = fold[other];
            fold[other] = i % folds;
        }
        return fold;
    }

    private static double[][] rows(double[][] all, int[] folds, int fold, boolean inside) {
        int count = 0;
        for (int f : folds) if ((f == fold) == inside) count++;
        double[][] chosen = new double[count][];
        int next = 0;
        for (int i = 0; i < all.length; i++) if ((folds[i] == fold) == inside) chosen[next++] = all[i];
        return chosen;
    }

    private static void scatter(double[] values, double[] all, int[] folds, int fold) {
        int next = 0;
        for (int i = 0; i < all.length; i++) if (folds[i] == fold) all[i] = values[next++];
    }

    /** Whether the classifier does as well on rows it has not seen, says what it knows, and leaves overlap. */
    public boolean reliable() {
        return fittedAuc - auc <= REMEMBERING && auc <= Propensity.HARDLY_OVERLAPPING_AUC && calibration.reliable();
    }

    /** The number, how it is to be read, and what to do. */
    public String sentence() {
        String head = String.format(Locale.ROOT, "AUC %.2f on rows left out in %d folds, %.2f on rows of the fit: ", auc, folds, fittedAuc);
        if (fittedAuc - auc > REMEMBERING)
            return head + "the classifier has memorised rows (limit of the difference " + REMEMBERING
                + "). Use a smaller C, fewer features or more rows.";
        if (auc > Propensity.HARDLY_OVERLAPPING_AUC)
            return head + "old and new hardly overlap (limit " + Propensity.HARDLY_OVERLAPPING_AUC
                + "). Use fewer features or collect nearer data.";
        return head + calibration.sentence();
    }

    /** The numbers in one table. */
    @Override
    public Table summary() {
        Ess ess = weights.ess();
        String[] names = {"folds", "AUC on rows left out", "AUC on rows of the fit", "expected calibration error", "ESS", "ESS / n"};
        double[] values = {folds, auc, fittedAuc, calibration.expectedError(), ess.value(), ess.fraction()};
        return Table.create("cross-fitted propensity", StringColumn.create("quantity", names), DoubleColumn.create("value", values));
    }

    @Override
    public String toString() {
        return sentence();
    }
}
