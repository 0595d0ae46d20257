package metarl.spark;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CancellationException;
import metarl.basics.Require;
import metarl.diagnose.log.CheckedWeights;
import metarl.diagnose.log.CheckedWeights.Role;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.log.StreamedWeightsReader;
import metarl.diagnose.log.WeightStream;
import metarl.diagnose.weights.Calibration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * {@link StreamedWeights} of a table of Spark's: in one pass, over any number of rows on any number of machines. Immutable; each verb
 * returns a changed copy.
 *
 * <pre>{@code
 * SparkReport report = SparkWeights.of(spark.read().parquet("s3://logs/2026"))
 *     .by(StreamedWeights.reader().reward("click").propensity("p_old").targetPropensity("p_new").clip(10).group("country").dropBad())
 *     .calibrating("p_click", "click")
 *     .report();
 * }</pre>
 *
 * <p><b>How.</b> Each partition makes a {@link WeightStream} of its rows, and these are merged in a tree. So the result is that of one
 * machine on the same rows, however they are parted: counts, tail and k̂ bit for bit, sums to 10⁻¹² of Σ|t|. Bad rows are numbered from 1
 * in the order of Spark's partitions, as {@code zipWithIndex} numbers them from 0.
 *
 * <p><b>Memory.</b> At most about 5 MB for each partition that is being read, however long it is, and what the groups take (see
 * {@link WeightStream}); up to 2.4 MB of each partition go over the network, less where few rows are {@linkplain #expecting expected}.
 */
public final class SparkWeights {
    private static final String TEXT = "text ", NUMBER = "number ";
    /** Parts that one machine merges at a time. */
    private static final int MOST_AT_ONCE = 100;

    private final Dataset<Row> log;
    private final String source;
    private final StreamedWeightsReader reader;
    private final String probability;
    private final String label;
    private final long mostRows;

    private SparkWeights(Dataset<Row> log, String source, StreamedWeightsReader reader, String probability, String label, long mostRows) {
        this.log = log;
        this.source = source;
        this.reader = reader;
        this.probability = probability;
        this.label = label;
        this.mostRows = mostRows;
    }

    /** Of any table. Its columns have usual names, or are named by {@link #by}. */
    public static SparkWeights of(Dataset<Row> log) {
        return new SparkWeights(log, "the log", StreamedWeights.reader(), null, null, 0);
    }

    /**
     * Of files, in the {@linkplain Sparks#session session} that is there or in one within this JVM.
     *
     * <p>CSV has a header, commas, and no line breaks within cells; JSON has one object on each line, of which the first 1 000 tell the
     * columns. Of what is otherwise make a table by Spark's own readers.
     *
     * @param path of a file, a folder or a pattern such as {@code logs/2026-*.parquet}, whose name ends in .parquet, .csv, .json or .jsonl
     * @throws IllegalArgumentException if there are no such files, or they cannot be read
     */
    public static SparkWeights of(String path) {
        return new SparkWeights(LogSource.open(Sparks.session(), path), path, StreamedWeights.reader(), null, null, 0);
    }

    /** Which columns hold what, clipping, groups, and whether to go on without bad rows: all that is said to read a file of one machine. */
    public SparkWeights by(StreamedWeightsReader newReader) {
        return new SparkWeights(log, source, newReader, probability, label, mostRows);
    }

    /**
     * Also tells whether probabilities are as frequent as they say ({@link Calibration}), of all rows that can be used.
     *
     * @param newProbability the column of the probability that the label is 1
     * @param newLabel the column of the label, 0 or 1
     */
    public SparkWeights calibrating(String newProbability, String newLabel) {
        return new SparkWeights(log, source, reader, newProbability, newLabel, mostRows);
    }

    /** The log has at most so many rows, which makes parts smaller; see {@link WeightStream#expecting}. */
    public SparkWeights expecting(long rows) {
        Require.that(rows >= 1, "rows", rows, "at least 1: those of the whole log");
        return new SparkWeights(log, source, reader, probability, label, rows);
    }

    /**
     * Reads all rows.
     *
     * @throws IllegalArgumentException if a column is missing or holds neither numbers nor text, there are no rows, or some are bad and the
     *     reader was not told to {@linkplain StreamedWeightsReader#dropBad drop} them; the message counts them by kind and names the first
     * @throws CancellationException if this thread is interrupted, when Spark has ended the work
     */
    public SparkReport report() {
        long begin = System.nanoTime();
        CheckedWeights checks = reader.checks(source, Arrays.asList(log.columns()));
        var columns = new LinkedHashMap<String, Column>();
        var places = new EnumMap<Role, Integer>(Role.class);
        checks.columns().forEach((role, name) -> places.put(role, place(name, role == Role.GROUP, columns)));
        Calibrated calibrated = probability == null ? null
            : new Calibrated(probability, place(probability, false, columns), label, place(label, false, columns));
        int ofUnreadable = Arrays.asList(log.columns()).contains(LogSource.UNREADABLE) ? place(LogSource.UNREADABLE, true, columns) : -1;
        boolean[] text = new boolean[columns.size()];
        int place = 0;
        for (String key : columns.keySet()) text[place++] = key.startsWith(TEXT);
        WeightStream empty = mostRows > 0 ? reader.stream(checks).expecting(mostRows) : reader.stream(checks);
        var sum = new PartitionSum(checks, empty.toBytes(), Columns.of(places, text), calibrated, ofUnreadable);
        Part all = LogSource.reading(source, s -> merged(sum, columns.values()));
        return report(all, (System.nanoTime() - begin) / 1e9);
    }

    private SparkReport report(Part all, double seconds) {
        all.requireWhole();
        NavigableMap<Integer, Long> before = all.before();
        StreamedWeights weights = reader.result(source, all.stream, row -> Part.number(row, before));
        return new SparkReport(weights, all.calibration == null ? null : all.calibration.result(), all.partitions(),
            log.sparkSession().sparkContext().master(), seconds);
    }

    private Part merged(PartitionSum sum, Collection<Column> columns) {
        JavaRDD<InternalRow> rows = log.select(columns.toArray(Column[]::new)).queryExecution().toRdd().toJavaRDD();
        if (rows.getNumPartitions() == 0) return sum.empty();
        SparkContext context = log.sparkSession().sparkContext();
        String work = "summing up " + source.substring(1 + source.lastIndexOf('/'));
        try (var progress = new PartitionProgress(context, work, rows.getNumPartitions())) {
            return Job.run(context, work,
                () -> rows.mapPartitionsWithIndex(sum, true).treeReduce(Part::merge, depth(rows.getNumPartitions())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException(work + " was interrupted; nothing is kept of it");
        }
    }

    /** Few parts are merged by the driver, many in a tree, so that it never holds more than about a hundred. */
    private static int depth(int partitions) {
        return (int) Math.max(1, Math.ceil(Math.log(partitions) / Math.log(MOST_AT_ONCE)));
    }

    /** The place of a column among those that are asked for: numbers as doubles, text as it is. */
    private int place(String name, boolean asText, Map<String, Column> columns) {
        if (!Arrays.asList(log.columns()).contains(name)) throw new IllegalArgumentException(
            source + " has no column '" + name + "'; there are " + String.join(", ", log.columns()));
        DataType type = log.schema().apply(name).dataType();
        boolean text = asText || type instanceof StringType;
        if (!text && !(type instanceof NumericType) && !(type instanceof BooleanType))
            throw new IllegalArgumentException(source + ": column '" + name + "' holds values of the type " + type.simpleString()
                + "; expected numbers, or text that says numbers");
        String key = (text ? TEXT : NUMBER) + name;
        columns.putIfAbsent(key, log.col("`" + name.replace("`", "``") + "`").cast(text ? DataTypes.StringType : DataTypes.DoubleType));
        return List.copyOf(columns.keySet()).indexOf(key);
    }
}
