package metarl.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files as a table of Spark's. Cells of CSV and JSON stay the text that they are, so that a bad one can be shown; a row that cannot be
 * parted into cells is in a column of its own.
 */
final class LogSource {
    /** Rows of CSV or JSON that cannot be parted into cells. */
    static final String UNREADABLE = "_corrupt_record";
    /** So many lines of JSON tell which columns there are. */
    private static final int LOOKED_AT = 1_000;
    private static final Set<String> PACKED = Set.of("gz", "bz2", "zst", "snappy", "lz4");

    private LogSource() {}

    /** @throws IllegalArgumentException if there are no such files, or their kind is not known by their name */
    static Dataset<Row> open(SparkSession spark, String path) {
        String kind = kind(path);
        return reading(path, p -> switch (kind) {
            case "parquet" -> spark.read().parquet(p);
            case "csv" -> csv(spark, p);
            case "json", "jsonl" -> json(spark, p);
            default -> throw new IllegalArgumentException(path + " is of a kind that its name does not tell; expected a name that ends in "
                + ".parquet, .csv, .json or .jsonl, packed or not, or a table: SparkWeights.of(spark.read()….load(…))");
        });
    }

    /** The ending of a name, without that of its packing; of a folder or pattern, too. */
    private static String kind(String path) {
        String name = path.toLowerCase(Locale.ROOT).replaceAll("[/*]+$", "");
        String[] parts = name.substring(name.lastIndexOf('/') + 1).split("\\.");
        int last = parts.length - 1;
        return last > 1 && PACKED.contains(parts[last]) ? parts[last - 1] : parts[last];
    }

    private static Dataset<Row> csv(SparkSession spark, String path) {
        var reader = spark.read().option("header", true).option("escape", "\"").option("columnPruning", false)
            .option("columnNameOfCorruptRecord", UNREADABLE);
        return reader.schema(texts(Arrays.stream(reader.csv(path).columns()))).csv(path);
    }

    private static Dataset<Row> json(SparkSession spark, String path) {
        Dataset<String> head = spark.createDataset(spark.read().textFile(path).limit(LOOKED_AT).collectAsList(), Encoders.STRING());
        Stream<String> columns = Arrays.stream(spark.read().json(head).columns()).filter(c -> !c.equals(UNREADABLE));
        return spark.read().option("columnNameOfCorruptRecord", UNREADABLE).schema(texts(columns)).json(path);
    }

    private static StructType texts(Stream<String> columns) {
        return new StructType(
            Stream.concat(columns, Stream.of(UNREADABLE)).map(c -> DataTypes.createStructField(c, DataTypes.StringType, true))
                .toArray(StructField[]::new));
    }

    /** What cannot be read is told in a sentence, not in a page of Spark's. */
    static <T> T reading(String source, Function<String, T> work) {
        try {
            return work.apply(source);
        } catch (IllegalArgumentException | CancellationException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException(source + " cannot be read: " + reason(e), e);
        }
    }

    /** The first sentence of the innermost cause. */
    private static String reason(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null && inner.getCause() != inner) inner = inner.getCause();
        String text = inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
        return List.of(text.strip().split("\n")).get(0).replaceAll(" SQLSTATE.*", "");
    }
}
