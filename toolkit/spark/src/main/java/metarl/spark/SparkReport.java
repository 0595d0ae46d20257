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
 * @param master of Spark that read it, such as {@code local[2]}
 * @param seconds it took
 */
public record SparkReport(StreamedWeights weights, Calibration calibration, int partitions, String master, double seconds)
    implements Findings {
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
        String read = String.format(Locale.ROOT, "%,d rows in %,d partitions on %s, %.1f s.", weights.badRows().rows(), partitions,
            master, seconds);
        return weights + "\n" + (calibration == null ? "" : calibration.sentence() + "\n") + read;
    }

    @Override
    public String toString() {
        return words();
    }
}
