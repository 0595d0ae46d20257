/**
 * Logs in CSV and Parquet files: reading and checking them, and judging their weights in one pass. It may import {@link metarl.basics}
 * and {@link metarl.diagnose.weights}.
 *
 * <p>Start with {@link metarl.diagnose.log.BanditLog} for a log of single choices, {@link metarl.diagnose.log.TrajectoryLog} for a log
 * of episodes, and {@link metarl.diagnose.log.StreamedWeights} for a log that is longer than memory.
 */
package metarl.diagnose.log;
