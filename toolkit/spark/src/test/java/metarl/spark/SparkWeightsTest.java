package metarl.spark;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.diagnose.log.CheckedWeights;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.log.StreamedWeightsReader;
import metarl.diagnose.log.WeightGroup;
import metarl.diagnose.log.WeightStream;
import metarl.diagnose.weights.Calibration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Spark finds what one machine finds, however the rows are parted. */
class SparkWeightsTest {
    private static final StreamedWeightsReader READER = StreamedWeights.reader().targetPropensity("p_new").propensity("p_old")
        .reward("click").clip(4).group("country").dropBad();
    private static final StructType SCHEMA = new StructType().add("p_new", DataTypes.DoubleType).add("p_old", DataTypes.DoubleType)
        .add("click", DataTypes.DoubleType).add("country", DataTypes.StringType);
    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = Sparks.local(2);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** What logs can be like. */
    private enum Shape {
        /** Heavy tails, some of weight 0. */
        USUAL,
        /** One weight of 10^100 times the others. */
        GIANT,
        /** Nearly all are of one group, the others of hundreds. */
        SKEWED,
        /** A tenth cannot be used. */
        BAD;

        private List<Row> rows(int count) {
            var random = new Random(ordinal());
            var rows = new ArrayList<Row>();
            for (int i = 0; i < count; i++) {
                double old = 0.01 + 0.9 * random.nextDouble(),
                    target = random.nextInt(20) == 0 ? 0 : old * Math.pow(random.nextDouble(), 3);
                Double click = (double) random.nextInt(2);
                if (this == GIANT && i == count / 2) old = 1e-100;
                String country = this == SKEWED && random.nextInt(10) == 0 ? "c" + random.nextInt(300) : "c0";
                if (this == BAD && random.nextInt(10) == 0) switch (random.nextInt(5)) {
                    case 0 -> old = 0;
                    case 1 -> target = 1.5;
                    case 2 -> click = null;
                    case 3 -> country = " ";
                    default -> target = Double.NaN;
                }
                rows.add(RowFactory.create(target, old, click, country));
            }
            return rows;
        }
    }

    private static StreamedWeights onOneMachine(List<Row> rows) {
        CheckedWeights checks = READER.checks("the log", List.of(SCHEMA.fieldNames()));
        WeightStream stream = READER.stream(checks);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            checks.add(stream, i + 1, new CheckedWeights.Cells() {
                @Override
                public double number(CheckedWeights.Role role) {
                    Object cell = row.getAs(checks.columns().get(role));
                    return cell == null ? Double.NaN : (Double) cell;
                }

                @Override
                public String text(CheckedWeights.Role role) {
                    Object cell = row.getAs(checks.columns().get(role));
                    return cell == null ? null : cell.toString();
                }
            });
        }
        return READER.result("the log", stream, row -> row);
    }

    private static void assertNear(double expected, double found, String what) {
        assertEquals(expected, found, 1e-12 * Math.abs(expected), what);
    }

    private static void assertSame(StreamedWeights expected, StreamedWeights found) {
        assertEquals(expected.n(), found.n());
        assertEquals(expected.zeros(), found.zeros());
        assertEquals(expected.largestLog(), found.largestLog());
        assertArrayEquals(expected.tail(), found.tail());
        assertEquals(expected.khat(), found.khat());
        assertNear(expected.ess(), found.ess(), "ESS");
        assertNear(expected.meanWeight(), found.meanWeight(), "mean weight");
        assertNear(expected.meanWeightError(), found.meanWeightError(), "its error");
        assertEstimates(expected.estimates(), found.estimates());
        assertEquals(expected.groups().size(), found.groups().size());
        for (int g = 0; g < expected.groups().size(); g++) {
            WeightGroup one = expected.groups().get(g), other = found.groups().get(g);
            assertEquals(one.name() + one.n() + " " + one.zeros(), other.name() + other.n() + " " + other.zeros());
            assertNear(one.ess(), other.ess(), "ESS of " + one.name());
            assertEstimates(one.estimates(), other.estimates());
        }
        assertEquals(expected.badRows().faults(), found.badRows().faults());
        assertEquals(expected.badRows().sentence(), found.badRows().sentence());
    }

    private static void assertEstimates(List<StreamedWeights.Estimate> expected, List<StreamedWeights.Estimate> found) {
        assertEquals(expected.size(), found.size());
        for (int e = 0; e < expected.size(); e++) {
            assertEquals(expected.get(e).name(), found.get(e).name());
            assertNear(expected.get(e).value(), found.get(e).value(), expected.get(e).name());
            assertNear(expected.get(e).standardError(), found.get(e).standardError(), expected.get(e).name());
        }
    }

    /** Empty partitions, and more than one machine merges at a time, included. */
    @ParameterizedTest
    @CsvSource({"USUAL, 1", "USUAL, 7", "GIANT, 3", "SKEWED, 5", "BAD, 1", "BAD, 130", "USUAL, 130"})
    void anyPartitioningGivesWhatOneMachineFinds(Shape shape, int partitions) {
        List<Row> made = shape.rows(partitions > 100 ? 90 : 20_000);
        Dataset<Row> log = spark.createDataFrame(made, SCHEMA).repartition(partitions);
        SparkReport report = SparkWeights.of(log).by(READER).report();
        assertEquals(partitions, report.partitions());
        assertSame(onOneMachine(log.collectAsList()), report.weights());
        assertEquals(shape == Shape.BAD, report.weights().badRows().bad() > 0);
    }

    @Test
    void fewExpectedRowsGiveTheSame() {
        Dataset<Row> log = spark.createDataFrame(Shape.USUAL.rows(5_000), SCHEMA).repartition(3);
        assertSame(SparkWeights.of(log).by(READER).report().weights(), SparkWeights.of(log).by(READER).expecting(5_000).report().weights());
        var error = assertThrows(IllegalArgumentException.class, () -> SparkWeights.of(log).by(READER).expecting(4_999).report());
        assertTrue(error.getMessage().contains("had 5000 rows, expected at most 4999"), error.getMessage());
    }

    /** Text that is no number, cells that are missing, and lines that are none: the same account as that of the reader of one machine. */
    @Test
    void filesOfEveryKindGiveTheSame() throws IOException {
        Dataset<Row> log = spark.createDataFrame(Shape.BAD.rows(3_000), SCHEMA).repartition(4);
        StreamedWeights expected = onOneMachine(log.collectAsList());
        String parquet = folder.resolve("log.parquet").toString();
        log.write().parquet(parquet);
        // Spark reads the largest files first, and so numbers rows otherwise
        assertSame(onOneMachine(spark.read().parquet(parquet).collectAsList()), SparkWeights.of(parquet).by(READER).report().weights());

        log.write().option("header", true).csv(folder.resolve("log.csv").toString());
        log.write().json(folder.resolve("log.json").toString());
        for (String name : List.of("log.csv", "log.json")) {
            StreamedWeights found = SparkWeights.of(folder.resolve(name).toString()).by(READER).report().weights();
            assertEquals(expected.badRows().bad(), found.badRows().bad(), name);
            assertEquals(expected.n(), found.n(), name);
            assertEquals(expected.khat(), found.khat(), name);
        }

        Path csv = Files.writeString(folder.resolve("odd.csv"), "p_new,p_old,click,country\n0.5,0.5,1,\"a,b\"\n0.2,abc,0,c\n0.1,0.2\n"
            + "0.1,0.2,1,c,extra\n0.3,0.6,nan,c\n,0.6,1,c\n-1,0.6,1,c\n0.3,0.6,1,\n 0.25 ,0.5,1,c\n0.2,0.2,true,c\n");
        StreamedWeights one = READER.read(csv), many = SparkWeights.of(csv.toString()).by(READER).report().weights();
        assertEquals(one.n(), many.n());
        assertEquals(one.badRows().bad(), many.badRows().bad());
        assertEquals(one.groups(), many.groups());
        assertEquals(List.of("c", "a,b").size(), many.groups().size());
        String told = many.badRows().sentence();
        for (String fault : List.of("7 of 10 rows", "is not a number in row 2 (abc)",
            "the row cannot be parted into cells as the others in rows 3",
            "reward 'click' is nan in row 5", "target propensity 'p_new' is blank in row 6", "is below 0 in row 7",
            "group 'country' is blank in row 8"))
            assertTrue(told.contains(fault), fault + ": " + told);

        Path lines = Files.writeString(folder.resolve("odd.jsonl"), "{\"weight\": 1.5, \"r\": 1}\n{\"weight\": \"2\", \"r\": 0}\nnonsense\n"
            + "{\"weight\": null, \"r\": 1}\n{\"r\": 1}\n{\"weight\": 0.5, \"r\": 1, \"more\": []}\n");
        StreamedWeights ofLines = SparkWeights.of(lines.toString()).by(StreamedWeights.reader().weight("weight").dropBad()).report()
            .weights();
        assertEquals(3, ofLines.n());
        assertEquals(4.0 * 4 / (1.5 * 1.5 + 4 + 0.25), ofLines.ess(), 1e-12);
        assertEquals(3, ofLines.badRows().bad());
        assertTrue(ofLines.badRows().sentence().contains("in row 3 (nonsense)"), ofLines.badRows().sentence());
    }

    @Test
    void calibrationIsThatOfAllRows() {
        var random = new Random(3);
        var rows = new ArrayList<Row>();
        var old = new ArrayList<Double>();
        var fresh = new ArrayList<Double>();
        for (int i = 0; i < 4_000; i++) {
            double p = random.nextDouble();
            boolean isNew = random.nextDouble() < p * p;
            (isNew ? fresh : old).add(p);
            rows.add(RowFactory.create(1.0, p, isNew ? 1.0 : 0.0, "x"));
        }
        rows.add(RowFactory.create(1.0, 1.2, 0.0, "x"));
        rows.add(RowFactory.create(1.0, 0.2, 0.5, "x"));
        Dataset<Row> log = spark.createDataFrame(rows, SCHEMA).repartition(5);
        SparkReport report = SparkWeights.of(log).by(StreamedWeights.reader().weight("p_new").withoutReward().dropBad())
            .calibrating("p_old", "click").report();
        Calibration expected = Calibration.of(array(old), array(fresh), Calibration.BINS);
        assertArrayEquals(expected.counts(), report.calibration().counts());
        assertArrayEquals(expected.probabilities(), report.calibration().probabilities(), 1e-13);
        assertEquals(expected.expectedError(), report.calibration().expectedError(), 1e-13);
        assertEquals(4_000, report.weights().n());
        String told = report.weights().badRows().sentence();
        assertTrue(told.startsWith("2 of 4,002 rows cannot be used") && told.contains("probability 'p_old' is not a number from 0 to 1")
            && told.contains("label 'click' is neither 0 nor 1"), told);
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(n -> n).toArray();
    }

    static Stream<Arguments> badInputIsNamed() {
        Dataset<Row> log = spark.createDataFrame(Shape.USUAL.rows(50), SCHEMA), dated = log.withColumn("day", functions.current_date()),
            none = spark.createDataFrame(List.of(), SCHEMA), broken = spark.createDataFrame(Shape.BAD.rows(500), SCHEMA);
        return Stream.of(
            bad("a column that is not there", () -> SparkWeights.of(log).by(READER.reward("clik")).report(),
                "did you mean 'click'?"),
            bad("no usual names", () -> SparkWeights.of(log).report(), "no column for the propensity"),
            bad("dates", () -> SparkWeights.of(dated).by(READER.reward("day")).report(),
                "column 'day' holds values of the type date; expected numbers"),
            bad("no rows", () -> SparkWeights.of(none).by(READER).report(), "no rows"),
            bad("bad rows", () -> SparkWeights.of(broken).by(StreamedWeights.reader().targetPropensity("p_new").propensity("p_old")
                .reward("click")).report(), "of 500 rows cannot be used"),
            bad("too many groups", () -> SparkWeights.of(spark.createDataFrame(Shape.SKEWED.rows(9_000), SCHEMA).repartition(3))
                .by(READER.group("country", 20)).report(), "20 groups"),
            bad("a calibration of what is not there", () -> SparkWeights.of(log).by(READER).calibrating("p", "click").report(),
                "has no column 'p'; there are p_new"),
            bad("no file", () -> SparkWeights.of("nowhere/log.parquet"), "nowhere/log.parquet cannot be read: "),
            bad("another kind of file", () -> SparkWeights.of("log.xlsx"), "expected a name that ends in"),
            bad("0 rows expected", () -> SparkWeights.of(log).expecting(0), "rows"),
            bad("0 cores", () -> Sparks.local(0), "cores"));
    }

    @ParameterizedTest
    @MethodSource
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("damaged.parquet"),
            new byte[] {'P', 'A', 'R', '1', 1, 2, 3, 4, 5, 6, 7, 8, 'P', 'A', 'R', '1'});
        var error = assertThrows(IllegalArgumentException.class, () -> SparkWeights.of(file.toString()).by(READER).report());
        assertTrue(error.getMessage().contains("damaged.parquet cannot be read: "), error.getMessage());
        assertTrue(error.getMessage().length() < 500, error.getMessage());
    }

    @Test
    void anInterruptEndsTheWork() throws InterruptedException {
        Dataset<Row> endless = spark.range(0, 1L << 50, 1, 2).selectExpr("cast(1 + id % 7 as double) as w");
        var ended = new Throwable[1];
        var thread = new Thread(() -> ended[0] = assertThrows(RuntimeException.class,
            () -> SparkWeights.of(endless).by(StreamedWeights.reader().weight("w")).report()));
        thread.start();
        Thread.sleep(1_500);
        thread.interrupt();
        thread.join(20_000);
        assertTrue(!thread.isAlive() && ended[0] != null, "it goes on");
        long begin = System.nanoTime();
        while (spark.sparkContext().statusTracker().getActiveJobIds().length > 0) {
            assertTrue(System.nanoTime() - begin < 20e9, "Spark goes on");
            Thread.sleep(50);
        }
        // and the session is as good as before
        assertEquals(10, spark.createDataset(IntStream.range(0, 10).boxed().toList(), Encoders.INT()).count());
    }

    @Test
    void theSessionThatIsThereIsTaken() {
        assertEquals(spark.sparkContext(), Sparks.session().sparkContext());
        assertEquals(spark.sparkContext(), Sparks.local(2).sparkContext());
        assertTrue(Arrays.asList("local[2]").contains(Sparks.session().sparkContext().master()));
    }
}
