package metarl.sweep;

import java.util.Map;

/**
 * One run of a sweep and what has become of it.
 *
 * @param tasks the name of its task set
 * @param algorithm the name of its method
 * @param seed its seed
 * @param state where it stands
 * @param step environment steps collected, as far as known
 * @param steps environment steps asked for
 * @param perSecond steps per second, of a run that goes on
 * @param seconds of a run that is done, over all sittings; else NaN
 * @param scores of a run that is done, for each metric its last value, the mean over tasks
 * @param error of a run that failed; else empty
 */
public record SweepRow(String tasks, String algorithm, long seed, State state, long step, long steps, double perSecond, double seconds,
    Map<String, Double> scores, String error) {
    /** Where a run stands. */
    public enum State {
        /** It has not begun, or was broken off and will go on from its checkpoint. */
        WAITING,
        /** It is being done. */
        RUNNING,
        /** It has all its steps. */
        DONE,
        /** It ended by an error. */
        FAILED
    }

    /** Keeps a copy of the scores. */
    public SweepRow {
        scores = Map.copyOf(scores);
    }

    /** The last value of a metric, the mean over tasks; NaN if the run is not done or has not logged it. */
    public double score(String metric) {
        return scores.getOrDefault(metric, Double.NaN);
    }

    /** Method, task set and seed. */
    public String name() {
        return algorithm + " on " + tasks + ", seed " + seed;
    }
}
