package metarl.train;

import java.util.Map;

/**
 * How far a run has come.
 *
 * @param step environment steps collected
 * @param totalSteps environment steps planned
 * @param doing what is going on, such as {@code collecting}, {@code learning}, {@code evaluating}
 * @param latest the newest value of each metric, averaged over tasks where there are several
 */
public record Progress(long step, long totalSteps, String doing, Map<String, Double> latest) {}
