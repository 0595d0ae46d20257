package metarl.agent;

import java.util.List;
import metarl.basics.Require;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.task.Task;

/**
 * What a learner must know of the tasks it learns on: the sizes, and the train tasks themselves, whose reward is a function it may ask
 * ({@link Task#reward}): for planning and for relabelling.
 *
 * @param tasks number of train tasks
 * @param observationSize entries of an observation
 * @param actionSize entries of an action; of a choice, how many there are to choose from
 * @param outcomeSize entries of an outcome
 * @param discrete whether an action is one of {@code actionSize} choices (given as its number) instead of that many real numbers
 * @param horizon largest number of steps of an episode
 * @param train the train tasks, by number; empty where only the sizes are known
 * @param picture height, width and channels where an observation is a picture; null where it is none
 */
public record Problem(int tasks, int observationSize, int actionSize, int outcomeSize, boolean discrete, int horizon, List<Task> train,
    Space.Picture picture) {
    /** Checks the sizes. */
    public Problem {
        train = List.copyOf(train);
        Require.count(tasks, 1, "tasks", "at least 1 train task");
        Require.count(observationSize, 1, "observationSize", "at least 1 entry");
        Require.count(actionSize, 1, "actionSize", "at least 1 entry or choice");
        Require.count(outcomeSize, 0, "outcomeSize", "0 or more entries");
        Require.that(horizon >= 1, "horizon", horizon, "at least 1 step");
        Require.that(train.isEmpty() || train.size() == tasks, "train", train.size() + " tasks", tasks + " tasks, or none");
        Require.that(picture == null || picture.size() == observationSize, "picture", picture,
            "one of " + observationSize + " entries, as the observation, or none");
    }

    /** The same where an observation is no picture. */
    public Problem(int tasks, int observationSize, int actionSize, int outcomeSize, boolean discrete, int horizon, List<Task> train) {
        this(tasks, observationSize, actionSize, outcomeSize, discrete, horizon, train, null);
    }

    /** The sizes alone. */
    public Problem(int tasks, int observationSize, int actionSize, int outcomeSize, boolean discrete, int horizon) {
        this(tasks, observationSize, actionSize, outcomeSize, discrete, horizon, List.of());
    }

    /** Actions of real numbers, episodes of any length. */
    public Problem(int tasks, int observationSize, int actionSize, int outcomeSize) {
        this(tasks, observationSize, actionSize, outcomeSize, false, Integer.MAX_VALUE);
    }

    /** What there is to know of these tasks; the first one's environment is opened for it. */
    public static Problem of(List<Task> train) {
        try (Environment e = CheckedEnvironment.of(train.get(0).environment(), train.get(0))) {
            boolean discrete = e.actions() instanceof Space.Discrete;
            int actions = e.actions() instanceof Space.Discrete d ? d.count() : e.actions().size();
            var picture = e.observations() instanceof Space.Picture p ? p : null;
            return new Problem(train.size(), e.observations().size(), actions, e.outcomeNames().size(), discrete, e.horizon(), train,
                picture);
        }
    }
}
