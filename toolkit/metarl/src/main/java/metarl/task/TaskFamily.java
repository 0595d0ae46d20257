package metarl.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.Environment;
import tech.tablesaw.api.Table;

/**
 * Tasks that share observations, actions and outcomes and differ in named parameters.
 *
 * <p>Implementations are immutable and compare by value.
 */
public interface TaskFamily {
    /** The name for scripts and files, such as {@code half-cheetah-velocity}. */
    String name();

    /** One sentence: the body, what differs, where it was published. */
    String description();

    /** In what the tasks differ. */
    List<Parameter> parameters();

    /** Steps per episode. */
    int horizon();

    /** A machine for a task of this family; close it after use. */
    Environment environment(Task task);

    /** The reward of one step in {@code task}: a pure function of outcome and action. */
    double reward(Task task, double[] outcome, double[] action);

    /** What {@link #measure} gives, with its unit: what a return means in the task's own terms. */
    String measureName();

    /**
     * How well an episode did in the task's own terms, such as the mean error of speed.
     *
     * @param outcomes the outcomes of the episode's steps, in order
     */
    double measure(Task task, double[][] outcomes);

    /** The task with these parameter values, in the order of {@link #parameters()}; they may lie outside the range that is drawn. */
    default Task task(double... values) {
        return Task.of(this, values);
    }

    /** Draws {@code count} tasks; uniformly and independently unless the family says otherwise. */
    default List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++)
            tasks.add(task(parameters().stream().mapToDouble(p -> random.nextDouble(p.low(), p.high())).toArray()));
        return tasks;
    }

    /**
     * The same tasks with rewards paid late, as MCAT trains on them: their sum every {@code steps} steps and at the end of the episode.
     *
     * <p>{@link #reward} stays the reward before the delay, which is no function of one step any more.
     */
    default TaskFamily delayed(int steps) {
        return new DelayedFamily(this, steps);
    }

    /** The names of all families that {@link #named} knows. */
    static List<String> names() {
        return Families.names();
    }

    /** One row per family of {@link #names()}: in what its tasks differ, what that changes, how long an episode is, and what it is. */
    static Table summary() {
        return Families.summary();
    }

    /**
     * The family of this name; the number in {@code bernoulli-bandit-7} and in {@code half-cheetah-armature-delayed-500} may be any.
     *
     * @throws IllegalArgumentException for an unknown name; the message lists the nearest ones
     */
    static TaskFamily named(String name) {
        return Families.named(name);
    }
}
