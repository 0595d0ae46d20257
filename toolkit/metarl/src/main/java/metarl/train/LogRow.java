package metarl.train;

/**
 * One logged number.
 *
 * @param step environment steps collected so far
 * @param task the task's label, empty if the number belongs to no task
 * @param metric what it is: see {@link MetricLog}
 * @param value the number
 */
public record LogRow(long step, String task, String metric, double value) {}
