package metarl.diagnose.log;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Counts, means and products of deviations of weights and weighted rewards. Weights are summed relative to the largest so far (a running
 * log-sum-exp); parts are joined as by Chan, Golub and LeVeque (1983), so that 10⁸ rows lose no digits to cancellation.
 */
final class WeightSums {
    // the kinds of terms whose means and products are kept
    static final int WEIGHT = 0, WEIGHTED = 1, CLIPPED = 2, REWARD = 3;
    private static final int KINDS = 4;

    private final double[] mean = new double[KINDS];
    private final double[] squares = new double[KINDS];
    /** Σ of products of deviations of w and wr. */
    private double products;
    private double max = Double.NEGATIVE_INFINITY;
    private long count;
    private long zeros;
    private long clipped;

    /** Rows. */
    long count() {
        return count;
    }

    /** Rows of weight 0. */
    long zeros() {
        return zeros;
    }

    /** Rows of weights above the clip. */
    long clipped() {
        return clipped;
    }

    /** ln max w; −∞ where all weights are 0. */
    double max() {
        return max;
    }

    /** Mean of a kind of terms, of weights relative to the largest. */
    double mean(int kind) {
        return mean[kind];
    }

    /** Σ (t − mean)² of a kind of terms. */
    double squares(int kind) {
        return squares[kind];
    }

    /** Σ (w − w̄)(wr − mean wr). */
    double products() {
        return products;
    }

    /** Room for the terms of so many rows. */
    static double[][] room(int rows) {
        return new double[KINDS][rows];
    }

    /**
     * The sums of the first {@code n} rows.
     *
     * @param logLargest ln of what weights are summed relative to: at least the largest of them
     * @param terms {@link #room} for them
     */
    static WeightSums of(double[] logs, double[] rewards, int n, double logClip, double logLargest, double[][] terms) {
        var sums = new WeightSums();
        sums.count = n;
        sums.max = logLargest;
        boolean clips = logClip < Double.POSITIVE_INFINITY;
        int zeros = 0, clipped = 0;
        for (int i = 0; i < n; i++) {
            double w = logLargest == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logs[i] - logLargest);
            if (logs[i] == Double.NEGATIVE_INFINITY) zeros++;
            if (logs[i] > logClip) clipped++;
            terms[WEIGHT][i] = w;
            terms[WEIGHTED][i] = w * rewards[i];
            if (clips) terms[CLIPPED][i] = Math.exp(Math.min(logs[i], logClip)) * rewards[i];
            terms[REWARD][i] = rewards[i];
        }
        sums.zeros = zeros;
        sums.clipped = clipped;
        sums.take(terms, n);
        return sums;
    }

    private void take(double[][] terms, int n) {
        for (int kind = 0; kind < KINDS; kind++) {
            double[] values = terms[kind];
            double sum = 0, deviations = 0;
            for (int i = 0; i < n; i++) sum += values[i];
            double center = sum / n;
            for (int i = 0; i < n; i++) deviations += (values[i] - center) * (values[i] - center);
            mean[kind] = center;
            squares[kind] = deviations;
        }
        double product = 0;
        for (int i = 0; i < n; i++) product += (terms[WEIGHT][i] - mean[WEIGHT]) * (terms[WEIGHTED][i] - mean[WEIGHTED]);
        products = product;
    }

    /** Joins the sums of other rows to these. */
    void join(WeightSums other) {
        if (other.count == 0) return;
        double larger = Math.max(max, other.max), own = factor(max, larger), others = factor(other.max, larger);
        double share = (double) other.count / (count + other.count), both = count * share;
        double[] apart = new double[KINDS];
        for (int kind = 0; kind < KINDS; kind++) {
            double a = relative(kind) ? own : 1, b = relative(kind) ? others : 1;
            mean[kind] *= a;
            squares[kind] *= a * a;
            apart[kind] = b * other.mean[kind] - mean[kind];
            squares[kind] += b * b * other.squares[kind] + apart[kind] * apart[kind] * both;
            mean[kind] += apart[kind] * share;
        }
        products = own * own * products + (others * others * other.products + apart[WEIGHT] * apart[WEIGHTED] * both);
        max = larger;
        count += other.count;
        zeros += other.zeros;
        clipped += other.clipped;
    }

    private static boolean relative(int kind) {
        return kind == WEIGHT || kind == WEIGHTED;
    }

    private static double factor(double max, double larger) {
        return max == larger ? 1 : max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(max - larger);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(count);
        out.writeLong(zeros);
        out.writeLong(clipped);
        out.writeDouble(max);
        out.writeDouble(products);
        for (int kind = 0; kind < KINDS; kind++) {
            out.writeDouble(mean[kind]);
            out.writeDouble(squares[kind]);
        }
    }

    /** @throws IOException if it was damaged */
    static WeightSums read(DataInputStream in) throws IOException {
        var sums = new WeightSums();
        sums.count = in.readLong();
        sums.zeros = in.readLong();
        sums.clipped = in.readLong();
        if (sums.count < 0 || sums.zeros < 0 || sums.zeros > sums.count || sums.clipped < 0 || sums.clipped > sums.count)
            throw new IOException("found " + sums.zeros + " weights of 0 and " + sums.clipped + " clipped ones of " + sums.count);
        sums.max = in.readDouble();
        sums.products = in.readDouble();
        for (int kind = 0; kind < KINDS; kind++) {
            sums.mean[kind] = in.readDouble();
            sums.squares[kind] = in.readDouble();
        }
        return sums;
    }
}
