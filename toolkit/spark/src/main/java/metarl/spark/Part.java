package metarl.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import metarl.diagnose.log.WeightStream;
import metarl.diagnose.weights.CalibrationSums;

/** What some of Spark's partitions amount to. */
final class Part implements Serializable {
    private static final long serialVersionUID = 1;
    /** A row is added under the number of its partition and its place in it. */
    private static final int PLACE_BITS = 40;

    final WeightStream stream;
    /** Null where nothing is calibrated. */
    final CalibrationSums calibration;
    /** How many rows each partition has. */
    private final TreeMap<Integer, Long> rows = new TreeMap<>();
    /** Why its rows could not be summed up; null if they could. Trying again elsewhere would not help, so that no task fails of it. */
    private String refusal;

    Part(WeightStream stream, CalibrationSums calibration) {
        this.stream = stream;
        this.calibration = calibration;
    }

    static long row(int partition, long place) {
        return ((long) partition << PLACE_BITS) + place;
    }

    void end(int partition, long count) {
        rows.put(partition, count);
    }

    void refuse(IllegalArgumentException reason) {
        refusal = reason.getMessage();
    }

    /** @throws IllegalArgumentException if rows could not be summed up */
    void requireWhole() {
        if (refusal != null) throw new IllegalArgumentException(refusal);
    }

    int partitions() {
        return rows.size();
    }

    /** Adds another part to this one. */
    Part merge(Part other) {
        if (refusal == null) refusal = other.refusal;
        if (refusal != null) return this;
        try {
            stream.merge(other.stream);
            if (calibration != null) calibration.merge(other.calibration);
            rows.putAll(other.rows);
        } catch (IllegalArgumentException e) {
            refuse(e);
        }
        return this;
    }

    /** Rows before each partition, by which a row has its number: from 1, in the order of the partitions. */
    NavigableMap<Integer, Long> before() {
        var before = new TreeMap<Integer, Long>();
        long sum = 0;
        for (Map.Entry<Integer, Long> partition : rows.entrySet()) {
            before.put(partition.getKey(), sum);
            sum += partition.getValue();
        }
        return before;
    }

    static long number(long row, NavigableMap<Integer, Long> before) {
        return before.get((int) (row >> PLACE_BITS)) + (row & (1L << PLACE_BITS) - 1) + 1;
    }
}
