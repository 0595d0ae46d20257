package metarl.diagnose.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * Whether probabilities are as frequent as they say: rows in bins of equal width by their probability of being new, and the share of each
 * bin that is.
 *
 * <p>The expected calibration error is Σ n_b/n |mean probability − share of new| over the bins b (Naeini, Cooper and Hauskrecht 2015). It
 * is above 0 by chance alone, by about Σ n_b/n √(2 p(1−p) / (π n_b)), which is said beside it.
 *
 * @param from lower edge of each bin that is not empty
 * @param to its upper edge
 * @param counts rows in it
 * @param probabilities mean probability of its rows
 * @param shares share of its rows that are new
 * @param expectedError the expected calibration error
 * @param chanceError what it is about where every probability is right
 */
public record Calibration(double[] from, double[] to, long[] counts, double[] probabilities, double[] shares, double expectedError,
    double chanceError) implements Findings {
    /** Bins unless told otherwise. */
    public static final int BINS = 10;
    /** Up to this expected error, or twice that of chance, probabilities can be taken as they are. */
    public static final double TOLERABLE = 0.05;

    /**
     * Of probabilities of being new.
     *
     * @param ofOld the probability of each row that is old
     * @param ofNew the probability of each row that is new
     * @param bins at least 1
     * @throws IllegalArgumentException if there are no rows of a class, or a probability is not from 0 to 1 (named by row)
     */
    public static Calibration of(double[] ofOld, double[] ofNew, int bins) {
        var sums = new CalibrationSums(bins);
        add("old", ofOld, sums, false);
        add("new", ofNew, sums, true);
        return sums.result();
    }

    private static void add(String which, double[] probabilities, CalibrationSums sums, boolean isNew) {
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            if (!CalibrationSums.isProbability(p)) throw new IllegalArgumentException(
                "the probability of " + which + " row " + i + " is " + p + "; expected a number from 0 to 1");
            sums.add(p, isNew);
        }
    }

    /** Of the old and the new rows in each bin, and of their probabilities added up. */
    static Calibration of(long[] old, long[] fresh, double[] sums) {
        long ofOld = Arrays.stream(old).sum(), ofNew = Arrays.stream(fresh).sum();
        if (ofOld == 0 || ofNew == 0) throw new IllegalArgumentException(
            "there are no probabilities of " + (ofOld == 0 ? "old" : "new") + " rows; expected at least one");
        int bins = old.length;
        int[] filled = IntStream.range(0, bins).filter(b -> old[b] + fresh[b] > 0).toArray();
        double[] from = new double[filled.length], to = new double[filled.length], probabilities = new double[filled.length],
            shares = new double[filled.length];
        long[] counts = new long[filled.length];
        double error = 0, chance = 0, n = ofOld + ofNew;
        for (int row = 0; row < filled.length; row++) {
            int b = filled[row];
            counts[row] = old[b] + fresh[b];
            double p = sums[b] / counts[row], share = (double) fresh[b] / counts[row];
            from[row] = (double) b / bins;
            to[row] = (b + 1.0) / bins;
            probabilities[row] = p;
            shares[row] = share;
            error += counts[row] / n * Math.abs(p - share);
            chance += counts[row] / n * Math.sqrt(2 * p * (1 - p) / (Math.PI * counts[row]));
        }
        return new Calibration(from, to, counts, probabilities, shares, error, chance);
    }

    /** Whether the expected error is tolerable, or no more than twice what chance brings. */
    public boolean reliable() {
        return expectedError <= Math.max(TOLERABLE, 2 * chanceError);
    }

    /** The number, how it is to be read, and what to do. */
    public String sentence() {
        double limit = Math.max(TOLERABLE, 2 * chanceError);
        String head = String.format(Locale.ROOT, "expected calibration error %.3f (limit %.3f, by chance %.3f): ", expectedError, limit,
            chanceError);
        if (reliable()) return head + "the predicted probabilities match the observed shares.";
        return head
            + "the predicted probabilities do not match the observed shares, so ratios computed from them are off. Add features such as "
            + "squares and products, change C, or collect more rows.";
    }

    /** One row per bin that is not empty. */
    @Override
    public Table summary() {
        return Table.create("calibration", DoubleColumn.create("from", from), DoubleColumn.create("to", to),
            LongColumn.create("rows", counts),
            DoubleColumn.create("mean probability", probabilities), DoubleColumn.create("share of new", shares));
    }

    @Override
    public String toString() {
        return sentence();
    }
}
