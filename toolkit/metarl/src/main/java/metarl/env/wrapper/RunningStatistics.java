package metarl.env.wrapper;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Mean and variance of a stream of vectors, entry by entry (Welford 1962; merged by Chan, Golub and LeVeque 1979).
 *
 * <p>Not thread-safe: whoever shares one must call in a fixed order to get the same numbers again.
 */
public final class RunningStatistics {
    private static final double SMALLEST_VARIANCE = 1e-8;

    private final double[] mean, squares;
    private final boolean frozen;
    private long count;

    private RunningStatistics(double[] mean, double[] squares, long count, boolean frozen) {
        this.mean = mean;
        this.squares = squares;
        this.count = count;
        this.frozen = frozen;
    }

    /** Statistics of vectors of this size, with nothing seen yet. */
    public static RunningStatistics of(int size) {
        if (size < 1) throw new IllegalArgumentException("size is " + size + ", expected at least 1 entry");
        return new RunningStatistics(new double[size], new double[size], 0, false);
    }

    /** A copy that learns no more: for evaluation. */
    public RunningStatistics frozen() {
        return new RunningStatistics(mean.clone(), squares.clone(), count, true);
    }

    /** Whether it learns no more. */
    public boolean isFrozen() {
        return frozen;
    }

    /** How many vectors were seen. */
    public long count() {
        return count;
    }

    /**
     * Takes in a vector, unless frozen.
     *
     * @throws IllegalArgumentException for a wrong length or an entry that is not finite; then nothing is taken in
     */
    public void add(double... x) {
        check(x);
        if (frozen) return;
        count++;
        for (int i = 0; i < x.length; i++) {
            double distance = x[i] - mean[i];
            mean[i] += distance / count;
            squares[i] += distance * (x[i] - mean[i]);
        }
    }

    /** Takes in all that other statistics have seen, unless frozen. */
    public void merge(RunningStatistics other) {
        if (other.mean.length != mean.length)
            throw new IllegalArgumentException("the other statistics have " + other.mean.length + " entries, expected " + mean.length);
        if (frozen || other.count == 0) return;
        long total = count + other.count;
        for (int i = 0; i < mean.length; i++) {
            double distance = other.mean[i] - mean[i];
            mean[i] += distance * other.count / total;
            squares[i] += other.squares[i] + distance * distance * count * other.count / total;
        }
        count = total;
    }

    private void check(double[] x) {
        if (x.length != mean.length) throw new IllegalArgumentException("given " + x.length + " values, expected " + mean.length);
        for (int i = 0; i < x.length; i++)
            if (!Double.isFinite(x[i])) throw new IllegalArgumentException("entry " + i + " is " + x[i] + ", expected a finite number");
    }

    /** The means. */
    public double[] mean() {
        return mean.clone();
    }

    /** The population variances; 1 while fewer than two vectors were seen. */
    public double[] variance() {
        double[] variance = new double[mean.length];
        for (int i = 0; i < mean.length; i++) variance[i] = variance(i);
        return variance;
    }

    private double variance(int i) {
        return count < 2 ? 1 : squares[i] / count;
    }

    /** {@code (x − mean) / √(variance + 1e-8)}, entry by entry. */
    public double[] standardize(double[] x) {
        check(x);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) y[i] = (x[i] - mean[i]) / deviation(i);
        return y;
    }

    /** {@code √(variance + 1e-8)} of an entry. */
    double deviation(int i) {
        return Math.sqrt(variance(i) + SMALLEST_VARIANCE);
    }

    /** Writes everything but whether it is frozen. */
    public void save(DataOutputStream out) throws IOException {
        out.writeInt(mean.length);
        out.writeLong(count);
        for (double v : mean) out.writeDouble(v);
        for (double v : squares) out.writeDouble(v);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IOException if the stream ends early or holds no such statistics
     */
    public static RunningStatistics load(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 1 || size > 1_000_000) throw new IOException("these are no statistics: they would have " + size + " entries");
        long count = in.readLong();
        double[] mean = new double[size], squares = new double[size];
        for (int i = 0; i < size; i++) mean[i] = in.readDouble();
        for (int i = 0; i < size; i++) squares[i] = in.readDouble();
        return new RunningStatistics(mean, squares, count, false);
    }

    @Override
    public String toString() {
        return count + " vectors, mean " + Arrays.toString(mean) + ", variance " + Arrays.toString(variance());
    }
}
