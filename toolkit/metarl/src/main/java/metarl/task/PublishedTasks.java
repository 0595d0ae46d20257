package metarl.task;

import java.util.function.Supplier;
import metarl.basics.Require;

/**
 * The task set of a published experiment.
 *
 * @param name such as {@code mql/cheetah-vel}
 * @param family the family of its tasks
 * @param train number of train tasks
 * @param test number of test tasks
 * @param note what a reader must know of it, as a part of a sentence
 * @param tasks makes the tasks
 */
public record PublishedTasks(String name, TaskFamily family, int train, int test, String note, Supplier<TaskSet> tasks) {
    /** Checks the counts. */
    public PublishedTasks {
        Require.count(train, 1, "train", "at least 1 task");
        Require.count(test, 0, "test", "0 or more tasks");
    }
}
