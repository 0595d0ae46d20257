package metarl.agent;

/**
 * The sizes a learner must know.
 *
 * @param tasks number of train tasks
 * @param observationSize entries of an observation
 * @param actionSize entries of an action; of a choice, how many there are to choose from
 * @param outcomeSize entries of an outcome
 * @param discrete whether an action is one of {@code actionSize} choices (given as its number) instead of that many real numbers
 * @param horizon largest number of steps of an episode
 */
public record Problem(int tasks, int observationSize, int actionSize, int outcomeSize, boolean discrete, int horizon) {
    /** Actions of real numbers, episodes of any length. */
    public Problem(int tasks, int observationSize, int actionSize, int outcomeSize) {
        this(tasks, observationSize, actionSize, outcomeSize, false, Integer.MAX_VALUE);
    }
}
