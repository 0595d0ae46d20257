package metarl.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.env.Environment;
import tech.tablesaw.api.Table;

/**
 * Tasks that share observations, actions and outcomes and differ in named parameters.
 *
 * <p>Implementations are immutable and compare by value. {@link Family} describes one part by part; a class of one's own gives a name,
 * parameters, a horizon, an environment and a reward.
 */
public interface TaskFamily {
    /** The name for scripts and files, such as {@code half-cheetah-velocity}. */
    String name();

    /** One sentence: the body, what differs, where it was published. */
    default String description() {
        return parameters().isEmpty() ? "One task."
            : "Tasks that differ in " + parameters().stream().map(Parameter::group).distinct().collect(Collectors.joining(", ")) + ".";
    }

    /** In what the tasks differ. */
    List<Parameter> parameters();

    /** Steps per episode. */
    int horizon();

    /** A machine for a task of this family; close it after use. */
    Environment environment(Task task);

    /** The reward of one step in {@code task}: a pure function of outcome and action. */
    double reward(Task task, double[] outcome, double[] action);

    /**
     * The rewards of a whole episode in {@code task}, in order: what its environment would have paid for it. They are those of the single
     * steps, unless a family pays for something else, such as {@link #delayed} rewards.
     *
     * @param outcomes of all steps of the episode
     * @param actions of the same steps, as the agent gave them
     */
    default double[] rewards(Task task, double[][] outcomes, double[][] actions) {
        return Families.rewards(this, outcomes, actions, (outcome, action) -> reward(task, outcome, action));
    }

    /**
     * Whether observations show the outcome of a step, so that {@link #outcome} can be asked: then a step that a model of the observations
     * foresees can be scored by {@link #reward}.
     */
    default boolean showsOutcome() {
        return false;
    }

    /**
     * The outcome of a step, told from what was seen before and after it; the same in all tasks.
     *
     * @param action as the agent gave it
     * @throws UnsupportedOperationException unless the family {@link #showsOutcome}
     */
    default double[] outcome(double[] observation, double[] action, double[] next) {
        throw new UnsupportedOperationException("observations of " + name() + " do not show the outcome of a step. If they do in a family "
            + "of your own, say how: .showing((observation, action, next) -> …)");
    }

    /**
     * Whether tasks differ in what ends an episode for good, as where the goal ends it; then {@link #ends} says what does. Else an episode
     * that is scored for another task ends where it ended.
     */
    default boolean endsByTask() {
        return false;
    }

    /** Whether a step with this outcome ends an episode of the task for good; to be asked where {@link #endsByTask}. */
    default boolean ends(Task task, double[] outcome) {
        throw new UnsupportedOperationException("the tasks of " + name() + " do not differ in what ends an episode. If they do in a family "
            + "of your own, say how: .endingAt((task, outcome) -> …)");
    }

    /** The step at which an episode of the task would have ended for good; empty where none of its steps would end it. */
    default OptionalInt firstEnd(Task task, double[][] outcomes) {
        return IntStream.range(0, outcomes.length).filter(t -> ends(task, outcomes[t])).findFirst();
    }

    /**
     * Whether the family names a reward to learn from that is not the one it pays, as PEARL's sparse point robot does: a dense one, without
     * which nobody would ever meet the reward that counts. What is paid, seen and scored stays {@link #reward}.
     */
    default boolean isShaped() {
        return false;
    }

    /** The reward of one step to learn from where {@link #isShaped}: a pure function, too; else what is paid. */
    default double shapedReward(Task task, double[] outcome, double[] action) {
        return reward(task, outcome, action);
    }

    /** The rewards to learn from of a whole episode, in order: {@link #rewards} unless the family {@link #isShaped}. */
    default double[] shapedRewards(Task task, double[][] outcomes, double[][] actions) {
        if (!isShaped()) return rewards(task, outcomes, actions);
        return Families.rewards(this, outcomes, actions, (outcome, action) -> shapedReward(task, outcome, action));
    }

    /** What {@link #measure} gives, with its unit: what a return means in the task's own terms. */
    default String measureName() {
        return Families.MEAN_REWARD;
    }

    /**
     * How well an episode did in the task's own terms, such as the mean error of speed; the mean reward where a family has no terms of its
     * own.
     *
     * @param outcomes of all steps of the episode
     * @param actions of the same steps
     */
    default double measure(Task task, double[][] outcomes, double[][] actions) {
        return Arrays.stream(rewards(task, outcomes, actions)).average().orElse(Double.NaN);
    }

    /** The task with these parameter values, in the order of {@link #parameters()}; they may lie outside the range that is drawn. */
    default Task task(double... values) {
        return Task.of(this, values);
    }

    /** Draws {@code count} tasks; uniformly and independently unless the family says otherwise. */
    default List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) tasks.add(task(parameters().stream().mapToDouble(p -> p.draw(random)).toArray()));
        return tasks;
    }

    /**
     * The same tasks with rewards paid late, as MCAT trains on them: their sum every {@code steps} steps and at the end of the episode.
     *
     * @param steps at least 1, at most {@link #horizon}; published are 200, 350 and 500 of 1000
     */
    default TaskFamily delayed(int steps) {
        return WrappedFamily.delayed(this, steps);
    }

    /** The task in which nothing is changed, where the family names one; it may lie outside the range that is drawn. */
    default Optional<Task> nominal() {
        return Optional.empty();
    }

    /**
     * The same tasks setting in late: every episode begins as the {@link #nominal} task and becomes its own after so many steps.
     *
     * @throws IllegalStateException if the family names no nominal task
     */
    default TaskFamily changingAt(int steps) {
        return changingAt(steps,
            nominal()
                .orElseThrow(() -> new IllegalStateException("the family " + name() + " names no nominal task for its episodes to begin "
                    + "as: say which one, .changingAt(" + steps + ", family.task(…)), or name one, Family.nominal(…)")));
    }

    /**
     * The same tasks setting in late: every episode begins as the task {@code before}, and after so many steps it goes on, from the state
     * where it is, as its own. That is what adapting online is about: a motor fails under way.
     *
     * <p>{@link #rewards} and {@link #measure} of an episode are those of the task that each step was in; {@link #reward} of a single step
     * is that after the change. A family of a class of one's own that has a measure of its own is measured after the change. The name ends
     * in {@code -from-100} and is found without being registered. Environments must be {@link metarl.env.Restorable}.
     *
     * @param steps done as {@code before}, at least 1 and fewer than {@link #horizon}
     * @param before of this family
     */
    default TaskFamily changingAt(int steps, Task before) {
        return new ChangingFamily(this, steps, before);
    }

    /**
     * The same tasks in environments with something around each, such as a {@link metarl.env.wrapper.NormalizedObservation}.
     *
     * <p>{@link #rewards} and {@link #measure} are what the wrapper pays, {@link #reward} that of a step before the wrapper.
     * {@link #register} the new family to find it again by name.
     *
     * @param suffix what is added to the name, after a hyphen
     * @param wrapper what is put around an environment
     */
    default TaskFamily wrapped(String suffix, UnaryOperator<Environment> wrapper) {
        return WrappedFamily.of(this, suffix, wrapper);
    }

    /**
     * Makes the name of this family known to {@link #named} in this Java session, so that saved runs on it are found again. To
     * register a family again, as a changed notebook cell does, replaces the first one.
     *
     * <p>A few steps of it are tried first, so that its faults show here.
     *
     * @return this
     * @throws IllegalArgumentException if the name belongs to a family that comes with the toolkit
     */
    default TaskFamily register() {
        Families.register(this);
        return this;
    }

    /**
     * What stands for the definition of a family where its name does not, in the {@link TaskSet#hash} of its task sets: a run is not
     * resumed on a family whose fingerprint has changed. Empty where the name says all.
     */
    default String fingerprint() {
        return "";
    }

    /**
     * Whether another Java process finds this family by its name: it comes with the toolkit or a catalogue, or is said by a name such as
     * {@code half-cheetah-armature-delayed-500}. One of your own that was {@link #register registered} is known to its session alone.
     */
    default boolean isFoundAnywhere() {
        return Families.isFoundAnywhere(this);
    }

    /** The names of all families that come with the toolkit, then of those {@link #register registered}. */
    static List<String> names() {
        return Families.names();
    }

    /** One row per family of {@link #names()}: in what its tasks differ, what that changes, how long an episode is, and what it is. */
    static Table summary() {
        return Families.summary();
    }

    /**
     * The family of this name: one that comes with the toolkit or was {@link #register registered}. The number in
     * {@code bernoulli-bandit-7}, in {@code half-cheetah-armature-delayed-500} and in {@code half-cheetah-crippled-from-100} may be any.
     *
     * @throws IllegalArgumentException for an unknown name; the message lists the nearest ones
     */
    static TaskFamily named(String name) {
        return Families.named(name);
    }
}
