package metarl.agent;

import metarl.basics.Require;

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
    /** Checks the sizes. */
    public Problem {
        Require.count(tasks, 1, "tasks", "at least 1 train task");
        Require.count(observationSize, 1, "observationSize", "at least 1 entry");
        Require.count(actionSize, 1, "actionSize", "at least 1 entry or choice");
        Require.count(outcomeSize, 0, "outcomeSize", "0 or more entries");
        Require.that(horizon >= 1, "horizon", horizon, "at least 1 step");
    }

    /** Actions of real numbers, episodes of any length. */
    public Problem(int tasks, int observationSize, int actionSize, int outcomeSize) {
        this(tasks, observationSize, actionSize, outcomeSize, false, Integer.MAX_VALUE);
    }
}
