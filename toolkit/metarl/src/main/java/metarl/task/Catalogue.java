package metarl.task;

import java.util.List;
import java.util.Optional;

/**
 * Families and task sets that a library brings along. Every catalogue named in {@code META-INF/services/metarl.task.Catalogue} is found by
 * {@link TaskFamily#named} and {@link TaskSet#published}.
 */
public interface Catalogue {
    /** The families, in the order in which they are listed. */
    List<TaskFamily> families();

    /** A family that is not listed because its name holds a number, such as {@code bernoulli-bandit-7}; empty if this is no such name. */
    default Optional<TaskFamily> numbered(String name) {
        return Optional.empty();
    }

    /** The task sets, in the order in which they are listed. */
    default List<PublishedTasks> taskSets() {
        return List.of();
    }
}
