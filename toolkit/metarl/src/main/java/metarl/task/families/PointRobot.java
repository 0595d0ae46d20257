package metarl.task.families;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.world.PointEnvironment;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * PEARL's point robots (Rakelly et al. 2019, released code): reach a goal in the plane that no observation shows.
 *
 * <p>Both see the position (x, y) and move by up to 0.1 per axis and step for 20 steps.
 * <ul>
 *   <li><b>dense</b>: goal ~ U(−1, 1)², start ~ U(−1, 1)², reward −‖p − g‖₂;
 *   <li><b>sparse</b>: goals evenly spaced on the unit half-circle (angles 0 … π, shuffled), start at the origin, reward
 *       1 − ‖p − g‖₂ within 0.2 of the goal and 0 elsewhere.
 * </ul>
 *
 * <p>In the paper's sparse experiment the learner's updates use the dense reward, and only context and score the sparse one: environments
 * pay the sparse one, and {@link #shapedReward} is the dense one, for methods that ask for it.
 *
 * @param rewardOnlyNearGoal whether the reward is sparse
 */
public record PointRobot(boolean rewardOnlyNearGoal) implements TaskFamily {
    /** The radius within which the sparse reward is paid. */
    public static final double GOAL_RADIUS = 0.2;
    private static final double STEP_LENGTH = 0.1;

    /** Reward −distance everywhere. */
    public static PointRobot dense() {
        return new PointRobot(false);
    }

    /** Reward only near the goal. */
    public static PointRobot sparse() {
        return new PointRobot(true);
    }

    @Override
    public String name() {
        return rewardOnlyNearGoal ? "point-robot-sparse" : "point-robot-dense";
    }

    @Override
    public String description() {
        return rewardOnlyNearGoal ? "A point in the plane finds a goal on the unit half-circle, rewarded only near it (PEARL)."
            : "A point in the plane finds a goal in the square, rewarded by the negative distance (PEARL).";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("goalX", "", -1, 1, Parameter.Changes.REWARD),
            new Parameter("goalY", "", rewardOnlyNearGoal ? 0 : -1, 1, Parameter.Changes.REWARD));
    }

    @Override
    public int horizon() {
        return 20;
    }

    @Override
    public Environment environment(Task task) {
        return new PointEnvironment(
            PointEnvironment.Setting.of(rewardOnlyNearGoal ? 0 : 1, STEP_LENGTH, task.value(0), task.value(1), horizon()), task);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        double distance = distance(task, outcome);
        if (!rewardOnlyNearGoal) return -distance;
        return distance <= GOAL_RADIUS ? 1 - distance : 0;
    }

    /** The sparse robot is learned by the dense reward, as in PEARL's experiment. */
    @Override
    public boolean isShaped() {
        return rewardOnlyNearGoal;
    }

    @Override
    public double shapedReward(Task task, double[] outcome, double[] action) {
        return -distance(task, outcome);
    }

    @Override
    public String measureName() {
        return "final distance";
    }

    @Override
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        return distance(task, outcomes[outcomes.length - 1]);
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        if (!rewardOnlyNearGoal) return TaskFamily.super.sample(count, random);
        var tasks = new ArrayList<Task>();
        for (int i : RandomStream.resume(random.nextLong()).permutation(count)) {
            double angle = count == 1 ? Math.PI / 2 : Math.PI * i / (count - 1);
            tasks.add(task(Math.cos(angle), Math.sin(angle)));
        }
        return tasks;
    }

    private static double distance(Task task, double[] position) {
        return Math.hypot(position[0] - task.value(0), position[1] - task.value(1));
    }
}
