package metarl.diagnose.log;

import java.util.Arrays;
import metarl.basics.Require;

/** The largest of many values, in memory that does not grow with how many pass by. */
final class LargestValues {
    private final double[] kept;
    private final int capacity;
    private int size;
    private double threshold = Double.NEGATIVE_INFINITY;

    LargestValues(int capacity) {
        Require.room("the largest weights", "the number of rows", 16, Math.max(0, (long) capacity));
        this.capacity = capacity;
        // sorting only when twice as many have come costs a few comparisons per value that is kept
        kept = new double[2 * capacity];
    }

    void add(double value) {
        if (!(value > threshold)) return;
        kept[size++] = value;
        if (size == kept.length) shrink();
    }

    private void shrink() {
        Arrays.sort(kept, 0, size);
        int drop = Math.max(0, size - capacity);
        System.arraycopy(kept, drop, kept, 0, size - drop);
        size -= drop;
        if (size == capacity) threshold = kept[0];
    }

    /** The {@code count} largest, or all that are kept, in ascending order. */
    double[] ascending(int count) {
        Arrays.sort(kept, 0, size);
        return Arrays.copyOfRange(kept, Math.max(0, size - count), size);
    }
}
