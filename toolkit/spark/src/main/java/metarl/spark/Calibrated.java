package metarl.spark;

import java.io.Serializable;
import metarl.diagnose.log.WeightStream;
import metarl.diagnose.weights.CalibrationSums;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Which cells tell how a probability is calibrated.
 *
 * @param probability its column's name
 * @param ofProbability its place
 * @param label the name of the label's column
 * @param ofLabel its place
 */
record Calibrated(String probability, int ofProbability, String label, int ofLabel) implements Serializable {
    /** Whether the cells of a row can be used; what cannot be is counted. */
    boolean isGood(Columns columns, InternalRow row, long number, WeightStream stream) {
        boolean good = true;
        if (!CalibrationSums.isProbability(columns.number(row, ofProbability))) {
            stream.addBad(number, "probability '" + probability + "'", "is not a number from 0 to 1", shown(columns, row, ofProbability));
            good = false;
        }
        double said = columns.number(row, ofLabel);
        if (said == 0 || said == 1) return good;
        stream.addBad(number, "label '" + label + "'", "is neither 0 nor 1", shown(columns, row, ofLabel));
        return false;
    }

    private static String shown(Columns columns, InternalRow row, int place) {
        String text = columns.text(row, place);
        return text == null ? "blank" : text;
    }

    void add(Columns columns, InternalRow row, CalibrationSums sums) {
        sums.add(columns.number(row, ofProbability), columns.number(row, ofLabel) == 1);
    }
}
