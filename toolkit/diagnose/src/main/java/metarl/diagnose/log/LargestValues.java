package metarl.diagnose.log;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import org.hipparchus.util.KthSelector;

/** The largest of many values, in memory that does not grow with how many pass by. */
final class LargestValues {
    /** So many rows have a tail of 300 000 draws; of more the tail is cut there. */
    static final long MOST_ROWS = 10_000_000_000L;
    private static final int FIRST = 16;

    private final int capacity;
    /** Up to twice as many as are asked for: parting them only when so many have come costs a few comparisons per value that is kept. */
    private double[] kept;
    private int size;
    private double threshold = Double.NEGATIVE_INFINITY;

    LargestValues(int capacity) {
        Require.room("the largest weights", "the number of rows", 16, Math.max(0, (long) capacity));
        this.capacity = capacity;
        kept = new double[Math.min(FIRST, 2 * capacity)];
    }

    /** For as many of the largest weights as Pareto smoothing looks at where there are so many rows. */
    static LargestValues ofTail(long rows) {
        return new LargestValues(tailLength(rows));
    }

    /** ⌈min(n/5, 3√n)⌉, and the one below them. */
    private static int tailLength(long rows) {
        double n = Math.min(MOST_ROWS, rows);
        return (int) (1 + Math.ceil(Math.min(n / 5, 3 * Math.sqrt(n))));
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

    /** Keeps the largest, in no order. */
    private void shrink() {
        int drop = size - capacity;
        if (size < kept.length) Arrays.fill(kept, size, kept.length, Double.POSITIVE_INFINITY);
        threshold = new KthSelector().select(kept, null, drop);
        System.arraycopy(kept, drop, kept, 0, capacity);
        size = capacity;
    }

    /** The {@code count} largest, or all that are kept, in ascending order. */
    double[] ascending(int count) {
        Arrays.sort(kept, 0, size);
        return Arrays.copyOfRange(kept, Math.max(0, size - count), size);
    }

    /** The tail of so many rows in ascending order; what is −∞ is not kept, and lowest. */
    double[] tail(long rows) {
        double[] tail = new double[(int) Math.min(tailLength(rows), rows)], known = ascending(tail.length);
        Arrays.fill(tail, Double.NEGATIVE_INFINITY);
        System.arraycopy(known, 0, tail, tail.length - known.length, known.length);
        return tail;
    }

    /** At most as many as are asked for. */
    void write(DataOutputStream out) throws IOException {
        if (size > capacity) shrink();
        out.writeDouble(threshold);
        StoredNumbers.writeCounted(out, Arrays.copyOf(kept, size));
    }

    /** @throws IOException if it was damaged */
    static LargestValues read(DataInputStream in, long rows) throws IOException {
        LargestValues values = ofTail(rows);
        values.threshold = in.readDouble();
        double[] stored = StoredNumbers.readDoubles(in);
        if (stored.length > values.capacity)
            throw new IOException("found " + stored.length + " of the " + values.capacity + " largest values");
        values.size = stored.length;
        values.kept = Arrays.copyOf(stored, Math.max(values.kept.length, Math.min(2 * stored.length, 2 * values.capacity)));
        return values;
    }
}
