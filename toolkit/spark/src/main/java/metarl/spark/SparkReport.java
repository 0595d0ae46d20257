package metarl.spark;

import java.util.Locale;
import metarl.basics.Findings;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.weights.Calibration;
import tech.tablesaw.api.Table;

/**
 * What the rows of a table of Spark's amount to.
 *
 * @param weights as one machine would find them; groups and bad rows included
 * @param calibration of the probability that was asked for; null where none was
 * @param partitions the table was read in
 * @param seconds it took
 */
public record SparkReport(StreamedWeights weights, Calibration calibration, int partitions, double seconds) implements Findings {
    /** Rows of the log in a second, bad ones included. */
    public double rowsPerSecond() {
        return weights.badRows().rows() / seconds;
    }

    @Override
    public Table summary() {
        return weights.summary();
    }

    @Override
    public String words() {
        String read = String.format(Locale.ROOT, "%,d rows in %,d partitions, %.1f s.", weights.badRows().rows(), partitions, seconds);
        return weights + "\n" + (calibration == null ? "" : calibration.sentence() + "\n") + read;
    }

    @Override
    public String toString() {
        return words();
    }
}
