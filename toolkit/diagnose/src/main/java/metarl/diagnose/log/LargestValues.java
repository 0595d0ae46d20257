package metarl.diagnose.log;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;

/** The largest of many values, in memory that does not grow with how many pass by. */
final class LargestValues {
    private static final int FIRST = 1 << 10;

    private final int capacity;
    /** Up to twice as many as are asked for: sorting only when so many have come costs a few comparisons per value that is kept. */
    private double[] kept;
    private int size;
    private double threshold = Double.NEGATIVE_INFINITY;

    LargestValues(int capacity) {
        Require.room("the largest weights", "the number of rows", 16, Math.max(0, (long) capacity));
        this.capacity = capacity;
        kept = new double[Math.min(FIRST, 2 * capacity)];
    }

    void add(double value) {
        if (!(value > threshold)) return;
        kept[size++] = value;
        if (size == 2 * capacity) shrink();
        else if (size == kept.length) kept = Arrays.copyOf(kept, Math.min(2 * size, 2 * capacity));
    }

    /** All that another one keeps. */
    void addAll(LargestValues other) {
        for (int i = 0; i < other.size; i++) add(other.kept[i]);
    }

    private void shrink() {
        Arrays.sort(kept, 0, size);
        int drop = Math.max(0, size - capacity);
        System.arraycopy(kept, drop, kept, 0, size - drop);
        size -= drop;
        if (size == capacity) threshold = kept[0];
    }

    /** How many are kept at least. */
    int capacity() {
        return capacity;
    }

    /** The {@code count} largest, or all that are kept, in ascending order. */
    double[] ascending(int count) {
        Arrays.sort(kept, 0, size);
        return Arrays.copyOfRange(kept, Math.max(0, size - count), size);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(capacity);
        out.writeDouble(threshold);
        StoredNumbers.writeCounted(out, Arrays.copyOf(kept, size));
    }

    /** @throws IOException if it was damaged */
    static LargestValues read(DataInputStream in) throws IOException {
        int capacity = in.readInt();
        if (capacity < 1) throw new IOException("the largest of " + capacity + " values; expected at least 1");
        var values = new LargestValues(capacity);
        values.threshold = in.readDouble();
        double[] stored = StoredNumbers.readDoubles(in);
        if (stored.length >= 2L * capacity) throw new IOException("found " + stored.length + " of the " + capacity + " largest values");
        values.size = stored.length;
        values.kept = Arrays.copyOf(stored, Math.max(values.kept.length, Math.min(2 * stored.length, 2 * capacity)));
        return values;
    }
}
