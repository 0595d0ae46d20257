// Weights of logs on Spark: seconds and memory from a million to a hundred million rows made on the fly, one core and two; then a log in Parquet files beside one thread without Spark, and beside DuckDB and Polars, which compute sums alone.
import java.lang.management.*;

var python = System.getenv("METARL_BENCH_PYTHON");
var reader = StreamedWeights.reader().clip(10);

/** w = 0.6 u^−0.4, a Pareto tail of k = 0.4 with mean 1; paid is whether u is above ½. */
org.apache.spark.sql.Dataset<org.apache.spark.sql.Row> made(SparkSession spark, long rows, int parts) {
    return spark.range(0, rows, 1, parts).selectExpr("1e-4 + 9e-4 * rand(2) as propensity", "rand(1) as u")
        .selectExpr("propensity", "least(1.0d, propensity * 0.6 * pow(u, -0.4)) as target_propensity", "if(u > 0.5, 1.0d, 0.0d) as reward");
}

/** Peak of the heap while it runs, in megabytes. */
double peak(Runnable work) {
    System.gc();
    for (var pool : ManagementFactory.getMemoryPoolMXBeans()) pool.resetPeakUsage();
    work.run();
    return ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getType() == MemoryType.HEAP).mapToLong(p -> p.getPeakUsage().getUsed()).sum() / 1e6;
}

int most = Integer.getInteger("most", 100_000_000), inFiles = Integer.getInteger("files", 20_000_000);
double[] perRow = new double[2];
for (int cores = 1; cores <= Math.min(2, Runtime.getRuntime().availableProcessors()); cores++) {
    var spark = Sparks.local(cores);
    SparkWeights.of(made(spark, 2_000_000, 8)).by(reader).report();
    double before = 0;
    for (long rows = most / 100; rows <= most; rows *= 10) {
        // parts of a million rows, as a store hands them out: more rows are more parts, not larger ones
        var log = made(spark, rows, (int) Math.max(2, rows / 1_000_000));
        var report = new SparkReport[1];
        double megabytes = peak(() -> report[0] = SparkWeights.of(log).by(reader).report());
        perRow[cores - 1] = 1e9 * report[0].seconds() / rows;
        System.out.println(String.format(Locale.ROOT, "%d core%s, %,11d rows on the fly: %6.1f s, %6.1f ns a row%s, heap at most %.0f MB; ESS/n %.4f, k̂ %.3f (0.4)", cores, cores > 1 ? "s" : "", rows,
            report[0].seconds(), perRow[cores - 1], before > 0 ? String.format(Locale.ROOT, " (%.1f times as long)", report[0].seconds() / before) : "", megabytes, report[0].weights().fraction(), report[0].weights().khat()));
        before = report[0].seconds();
    }
}
if (perRow[1] > 0) System.out.println(String.format(Locale.ROOT, "two cores are %.2f times as fast as one", perRow[0] / perRow[1]));

/** Seconds, rows, ESS and IPS of the peer. */
double[] peer(Path folder, String engine, int threads) throws Exception {
    var process = new ProcessBuilder(python, "bench/peers/spark.py", folder.toString(), engine, "" + threads).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes()).trim();
    if (process.waitFor() != 0) throw new IllegalStateException("bench/peers/spark.py failed");
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
}

var spark = Sparks.session();
Path folder = Files.createTempDirectory("bench");
Path files = folder.resolve("log.parquet");
made(spark, inFiles, 8).write().parquet(files.toString());
long bytes = Files.list(files).mapToLong(p -> p.toFile().length()).sum();
System.out.println(String.format(Locale.ROOT, "a log of %,d rows, %,d MB of Parquet; best of three", inFiles, bytes >> 20));
void told(String who, double seconds, double ess, double ips) {
    System.out.println(String.format(Locale.ROOT, "%-45s %6.2f s %6.2f M rows/s   ESS %.3f, IPS %.9f", who, seconds, inFiles / 1e6 / seconds, ess, ips));
}
for (int cores = 1; cores <= 2; cores++) {
    spark = Sparks.local(cores);
    double best = Double.MAX_VALUE;
    StreamedWeights weights = null;
    for (int round = 0; round < 3; round++) {
        var report = SparkWeights.of(files.toString()).by(reader).report();
        best = Math.min(best, report.seconds());
        weights = report.weights();
    }
    told("Spark, " + cores + (cores > 1 ? " cores" : " core"), best, weights.ess(), weights.estimate("IPS").value());
}
double best = Double.MAX_VALUE;
long read = 0;
for (int round = 0; round < 3; round++) {
    long begin = System.nanoTime();
    read = 0;
    for (Path file : Files.list(files).filter(p -> p.toString().endsWith(".parquet")).toList()) read += reader.progress(part -> { }).read(file).n();
    best = Math.min(best, (System.nanoTime() - begin) / 1e9);
}
told("one thread without Spark, file by file", best, Double.NaN, Double.NaN);
for (String engine : List.of("duckdb", "polars")) for (int threads = 1; threads <= 2; threads++) {
    double[] sums = peer(files, engine, threads);
    told(engine + ", sums alone, " + threads + (threads > 1 ? " threads" : " thread"), sums[0], sums[2], sums[3]);
}
spark.stop();
try (var all = Files.walk(folder)) { all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete()); }
