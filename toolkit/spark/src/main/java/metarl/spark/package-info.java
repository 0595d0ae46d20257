/**
 * Logs that are too long for one machine, and sweeps over many, on Apache Spark. Of a log it tells the figures of
 * {@link metarl.diagnose.log.StreamedWeights}, from one pass over any number of rows on any number of machines.
 *
 * <pre>{@code
 * SparkReport report = SparkWeights.of("logs/2026-*.parquet")
 *     .by(StreamedWeights.reader().reward("click").propensity("p_old").targetPropensity("p_new").clip(10).group("country"))
 *     .report();
 * }</pre>
 *
 * <p>It also does the runs of {@linkplain metarl.sweep sweeps}: {@code sweep.run(Sparks.workers())}.
 *
 * <p>Without anything said, Spark runs within this JVM, on all cores of the machine ({@link metarl.spark.Sparks#local}); on a cluster, it
 * is the session of {@link metarl.spark.Sparks#at}, or the one that {@code spark-submit} made.
 */
package metarl.spark;
