package metarl.diagnose.weights;

import java.io.Serializable;
import metarl.basics.Require;

/**
 * What rows that come one by one say of {@link Calibration}, in memory that does not grow. Parts of a log can be summed apart, on several
 * machines, and {@linkplain #merge merged} in any order: counts are the same, and sums of probabilities to 10⁻¹⁵ of their size.
 */
public final class CalibrationSums implements Serializable {
    private static final long serialVersionUID = 1;

    private final long[] old;
    private final long[] fresh;
    // each sum in two doubles, so that the order does not count
    private final double[] high;
    private final double[] low;

    /**
     * Of no rows.
     *
     * @param bins of equal width, at least 1
     */
    public CalibrationSums(int bins) {
        Require.that(bins >= 1, "bins", bins, "at least 1, usually " + Calibration.BINS);
        Require.room("the bins of a calibration", "bins", 32, bins);
        old = new long[bins];
        fresh = new long[bins];
        high = new double[bins];
        low = new double[bins];
    }

    /** Whether a number is a probability. */
    public static boolean isProbability(double number) {
        return number >= 0 && number <= 1;
    }

    /**
     * Adds a row.
     *
     * @param probability that it is new
     * @param isNew whether it is
     * @throws IllegalArgumentException if the probability is not from 0 to 1
     */
    public void add(double probability, boolean isNew) {
        if (!isProbability(probability))
            throw new IllegalArgumentException("the probability of a row is " + probability + "; expected a number from 0 to 1");
        int bin = Math.min(old.length - 1, (int) (probability * old.length));
        (isNew ? fresh : old)[bin]++;
        addTo(bin, probability);
    }

    /** Adds with what rounding takes away (Knuth's two-sum). */
    private void addTo(int bin, double number) {
        double sum = high[bin] + number, part = sum - high[bin];
        low[bin] += high[bin] - (sum - part) + (number - part);
        high[bin] = sum;
    }

    /**
     * Adds the rows of another part.
     *
     * @param other stays as it is
     * @return these sums
     * @throws IllegalArgumentException if it has another number of bins, or is these sums
     */
    public CalibrationSums merge(CalibrationSums other) {
        if (other == this) throw new IllegalArgumentException("given the sums themselves; expected those of other rows");
        Require.that(other.old.length == old.length, "bins", other.old.length, "as many as here, " + old.length);
        for (int b = 0; b < old.length; b++) {
            old[b] += other.old[b];
            fresh[b] += other.fresh[b];
            addTo(b, other.high[b]);
            low[b] += other.low[b];
        }
        return this;
    }

    /**
     * What the rows so far amount to.
     *
     * @throws IllegalArgumentException if there are none of a class
     */
    public Calibration result() {
        double[] sums = new double[high.length];
        for (int b = 0; b < sums.length; b++) sums[b] = high[b] + low[b];
        return Calibration.of(old, fresh, sums);
    }
}
