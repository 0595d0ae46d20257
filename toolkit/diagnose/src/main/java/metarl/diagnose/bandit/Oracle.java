package metarl.diagnose.bandit;

/**
 * A world whose true value is known and whose logs can be drawn at will, to grade estimators on: {@link Grading}.
 *
 * @param <L> its logs
 */
public interface Oracle<L> {
    /** The true value of the evaluation policy. */
    double value();

    /**
     * A log the behavior policy would leave; the same seed gives the same log.
     *
     * @param n number of trajectories or rounds
     * @param seed of the draws
     */
    L sample(int n, long seed);
}
