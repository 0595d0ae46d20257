package metarl.spark;

import java.util.Iterator;
import java.util.List;
import metarl.diagnose.log.CheckedWeights;
import metarl.diagnose.log.WeightStream;
import metarl.diagnose.weights.Calibration;
import metarl.diagnose.weights.CalibrationSums;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Sums up the rows of a partition: what is sent to the machines of a cluster.
 *
 * @param checks what is wrong with a row
 * @param stream an empty one, as bytes
 * @param columns where its cells are
 * @param calibrated null where nothing is
 * @param ofUnreadable the place of rows that have no cells; −1 where there is none
 */
record PartitionSum(CheckedWeights checks, byte[] stream, Columns columns, Calibrated calibrated, int ofUnreadable)
    implements Function2<Integer, Iterator<InternalRow>, Iterator<Part>> {
    private static final int ROWS_PER_LOOK = 1 << 14;

    Part empty() {
        return new Part(WeightStream.ofBytes(stream), calibrated == null ? null : new CalibrationSums(Calibration.BINS));
    }

    @Override
    public Iterator<Part> call(Integer partition, Iterator<InternalRow> rows) {
        Part part = empty();
        var cursor = columns.new Cursor();
        long place = 0;
        try {
            for (; rows.hasNext(); place++) {
                // Spark only marks a task that was cancelled
                if (place % ROWS_PER_LOOK == 0) TaskContext.get().killTaskIfInterrupted();
                add(part, Part.row(partition, place), rows.next(), cursor);
            }
        } catch (IllegalArgumentException e) {
            part.refuse(e);
        }
        part.end(partition, place);
        return List.of(part).iterator();
    }

    private void add(Part part, long number, InternalRow row, Columns.Cursor cursor) {
        if (ofUnreadable >= 0 && !row.isNullAt(ofUnreadable)) {
            part.stream.addBad(number, "the row", "cannot be parted into cells as the others", columns.text(row, ofUnreadable));
            return;
        }
        boolean good = calibrated == null || calibrated.isGood(columns, row, number, part.stream);
        if (checks.add(part.stream, number, cursor.at(row), good) && calibrated != null)
            calibrated.add(columns, row, part.calibration);
    }
}
