package metarl.agent;

/**
 * The sizes a learner must know.
 *
 * @param tasks number of train tasks
 * @param observationSize entries of an observation
 * @param actionSize entries of an action
 * @param outcomeSize entries of an outcome
 */
public record Problem(int tasks, int observationSize, int actionSize, int outcomeSize) {
}
