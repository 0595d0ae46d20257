package metarl.env;

import java.util.Arrays;

/**
 * A box of real vectors: {@code low[i] ≤ x[i] ≤ high[i]}.
 *
 * @param low lower bounds, may be −∞
 * @param high upper bounds, may be +∞
 */
public record Space(double[] low, double[] high) {
    /** Checks that the bounds have equal length and are in order. */
    public Space {
        if (low.length != high.length)
            throw new IllegalArgumentException("a space needs as many lower as upper bounds, given " + low.length + " and " + high.length);
        for (int i = 0; i < low.length; i++)
            if (!(low[i] <= high[i]))
                throw new IllegalArgumentException("bounds of entry " + i + " are [" + low[i] + ", " + high[i] + "]: expected low ≤ high");
    }

    /** The box {@code [−bound, bound]^size}. */
    public static Space box(int size, double bound) {
        double[] low = new double[size], high = new double[size];
        Arrays.fill(low, -bound);
        Arrays.fill(high, bound);
        return new Space(low, high);
    }

    /** All real vectors of this size. */
    public static Space unbounded(int size) {
        return box(size, Double.POSITIVE_INFINITY);
    }

    /** Number of entries of a vector of this space. */
    public int size() {
        return low.length;
    }

    /** Whether {@code x} has the right length, is finite and lies within the bounds. */
    public boolean contains(double[] x) {
        if (x.length != size()) return false;
        for (int i = 0; i < x.length; i++) if (!(x[i] >= low[i] && x[i] <= high[i] && Double.isFinite(x[i]))) return false;
        return true;
    }

    /**
     * A copy of {@code x} moved into the bounds.
     *
     * @throws IllegalArgumentException for a wrong length, or an entry that is not a number
     */
    public double[] clip(double[] x) {
        if (x.length != size())
            throw new IllegalArgumentException("given " + x.length + " values, expected " + size());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            if (Double.isNaN(x[i])) throw new IllegalArgumentException("entry " + i + " of " + Arrays.toString(x) + " is NaN; expected a number");
            y[i] = Math.max(low[i], Math.min(high[i], x[i]));
        }
        return y;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Space s && Arrays.equals(low, s.low) && Arrays.equals(high, s.high);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
        return "Space" + Arrays.toString(low) + "…" + Arrays.toString(high);
    }
}
