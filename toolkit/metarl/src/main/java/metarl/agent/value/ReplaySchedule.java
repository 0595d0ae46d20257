package metarl.agent.value;

import java.util.List;
import java.util.function.ObjIntConsumer;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;

/**
 * What learners with a replay of many tasks have in common: whose turn it is, a start with random actions, the replay, and the updates that
 * are owed for its steps.
 */
final class ReplaySchedule {
    private final Problem problem;
    private final MetaReplay replay;
    private final TaskOrder order;
    private final RandomStream batches;
    private final double updatesPerStep;
    private final int seats;
    private int randomStepsLeft;
    private double owed;

    /**
     * An empty replay.
     *
     * @param capacity transitions kept, over all tasks
     * @param randomSteps steps with random actions before updates begin
     * @param updatesPerStep updates owed for every later step
     * @param episodesPerRound episodes, of different tasks, between updates
     */
    ReplaySchedule(Problem problem, int capacity, int randomSteps, double updatesPerStep, int episodesPerRound, long seed) {
        this.problem = problem;
        this.updatesPerStep = updatesPerStep;
        replay = new MetaReplay(problem.tasks(), problem.observationSize(), problem.actionSize(), problem.outcomeSize(), capacity);
        order = new TaskOrder(problem.tasks(), seed);
        batches = RandomStream.of(seed, "batches");
        seats = Math.min(episodesPerRound, problem.tasks());
        randomStepsLeft = randomSteps;
    }

    MetaReplay replay() {
        return replay;
    }

    /** At the start random actions, in episodes of {@code randomLength} steps if that is above 0; then this policy. */
    Plan plan(Policy explorer, int randomLength) {
        return isRandom() ? randomPlan(randomLength) : Plan.of(explorer, turn());
    }

    /** Random actions in all tasks whose turn it is. */
    Plan randomPlan(int randomLength) {
        Plan random = Plan.of(Policy.random(problem.actionSize()), turn());
        return randomLength > 0 ? random.limit(randomLength) : random;
    }

    /** Whether actions are still random. */
    boolean isRandom() {
        return randomStepsLeft > 0;
    }

    /** The tasks whose turn it is; a task may come twice. */
    int[] turn() {
        return order.peek(seats);
    }

    /** Takes in an episode of each task whose turn it is. */
    void store(List<Trial> trials) {
        store(trials, (episode, task) -> replay.of(task).add(episode));
    }

    /**
     * The same where somebody else puts episodes into the replay, and maybe more than these; updates are owed for these alone.
     *
     * @param keeper takes an episode and the number of its task
     */
    void store(List<Trial> trials, ObjIntConsumer<Trajectory> keeper) {
        order.next(trials.size());
        for (Trial trial : trials) {
            Trajectory episode = trial.episodes().get(0);
            keeper.accept(episode, trial.task());
            count(episode.length());
        }
    }

    /** Counts steps that were collected. */
    void count(int steps) {
        if (isRandom()) randomStepsLeft = Math.max(0, randomStepsLeft - steps);
        else owed += updatesPerStep * steps;
    }

    /** Whether an update is owed. */
    boolean isDue() {
        return owed >= 1;
    }

    /** The batch of an update, which is then owed no more. */
    Batch draw(int size) {
        owed -= 1;
        return replay.sample(size, batches);
    }

    /** The same with so many transitions of every task, task by task. */
    Batch drawEach(int perTask) {
        owed -= 1;
        return replay.sample(replay.filledTasks(), perTask, batches);
    }

    /** Whether there are transitions of every task. */
    boolean hasAll() {
        return replay.filledTasks().length == problem.tasks();
    }

    /** Adds all of this to the parts of a learner. */
    LearnerState declare(LearnerState state) {
        return state.part("task order", order::save, order::load).stream("batches", batches)
            .part("random steps left", out -> out.writeInt(randomStepsLeft), in -> randomStepsLeft = in.readInt())
            .part("updates owed", out -> out.writeDouble(owed), in -> owed = in.readDouble()).replay("replay", replay)
            .afresh(() -> randomStepsLeft = 0);
    }
}
