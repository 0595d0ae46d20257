package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import metarl.env.world.PointEnvironment;
import metarl.env.world.PointEnvironment.Setting;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * Points in the plane that look for a goal: two-dimensional navigation (MAML), corners (ProMP), and a goal under a shift of the dynamics.
 * PEARL's point robots are {@link PointRobot}.
 *
 * <p>Observation: the position (x, y). Outcome: the position after the step and before it. Actions lie in [−1, 1]² and are scaled to the
 * step length.
 */
public final class Point {
    private static final double NAVIGATION_STEP = 0.1, NAVIGATION_END = 0.01, LAST = 1;
    private static final double CORNER = 2, CORNER_STEP = 0.2, CORNER_SILENCE = 0.5;
    private static final double SHIFT_STEP = 0.1, SHIFT_DRIFT = 0.05;

    private static final TaskFamily NAVIGATION = Family.define("point-navigation")
        .described("A point in the plane walks to a hidden goal (MAML).")
        .parameter("goalX", "", -0.5, 0.5, REWARD).parameter("goalY", "", -0.5, 0.5, REWARD).lasting(100)
        .machine(task -> new PointEnvironment(Setting.of(0, NAVIGATION_STEP, task.value(0), task.value(1), 100).endsWithin(NAVIGATION_END),
            task))
        .paying((task, o, a) -> -distance(task, o[0], o[1]))
        .measuring("final distance", LAST, (task, o) -> distance(task, o[0], o[1]));

    private static final TaskFamily CORNERS = Family.define("point-corner")
        .described("A point in the plane finds out which corner pays (ProMP).")
        .parameter("goalX", "", -CORNER, CORNER, REWARD).parameter("goalY", "", -CORNER, CORNER, REWARD)
        .among(new double[] {-CORNER, -CORNER}, new double[] {CORNER, -CORNER}, new double[] {-CORNER, CORNER},
            new double[] {CORNER, CORNER})
        .lasting(100)
        .machine(task -> new PointEnvironment(Setting.of(CORNER_STEP, CORNER_STEP, task.value(0), task.value(1), 100), task))
        .paying(Point::cornerReward)
        .measuring("final distance", LAST, (task, o) -> distance(task, o[0], o[1]));

    private static final TaskFamily SHIFTED = Family.define("point-shifted-sparse")
        .described(
            "A point under drift and with a gain of its own finds a goal on the half-circle: reward and dynamics both differ (after DRaT).")
        .parameter("angle", "rad", 0, Math.PI, REWARD).parameter("driftX", "", -SHIFT_DRIFT, SHIFT_DRIFT, DYNAMICS)
        .parameter("driftY", "", -SHIFT_DRIFT, SHIFT_DRIFT, DYNAMICS).parameter("gain", "", 0.5, 1.5, DYNAMICS).lasting(20)
        .machine(task -> new PointEnvironment(
            Setting.of(0, SHIFT_STEP, goalX(task), goalY(task), 20).moved(task.value(3), task.value(1), task.value(2)), task))
        .paying((task, o, a) -> {
            double distance = Math.hypot(o[0] - goalX(task), o[1] - goalY(task));
            return distance <= PointRobot.GOAL_RADIUS ? 1 - distance : 0;
        })
        .measuring("final distance", LAST, (task, o) -> Math.hypot(o[0] - goalX(task), o[1] - goalY(task)));

    private Point() {}

    private static double distance(Task task, double x, double y) {
        return Math.hypot(x - task.value(0), y - task.value(1));
    }

    /** How much nearer the step came, if the point has left the middle and the goal is the nearest corner. */
    private static double cornerReward(Task task, double[] o, double[] action) {
        if (Math.abs(o[0]) + Math.abs(o[1]) < CORNER_SILENCE) return 0;
        double goal = distance(task, o[0], o[1]), nearest = Math.hypot(CORNER - Math.abs(o[0]), CORNER - Math.abs(o[1]));
        return goal <= nearest ? distance(task, o[2], o[3]) - goal : 0;
    }

    private static double goalX(Task task) {
        return Math.cos(task.value(0));
    }

    private static double goalY(Task task) {
        return Math.sin(task.value(0));
    }

    /**
     * Two-dimensional navigation (MAML, Finn et al. 2017): start at the origin, goal ~ U(−0.5, 0.5)², steps of up to 0.1 per axis, reward
     * −‖p − g‖₂, 100 steps; ends when both coordinates are within 0.01 of the goal.
     */
    public static TaskFamily navigation() {
        return NAVIGATION;
    }

    /**
     * Corners (ProMP, Rothfuss et al. 2019): the goal is one of (±2, ±2), start ~ U(−0.2, 0.2)², steps of up to 0.2 per axis, 100 steps. A
     * step that ends at least 0.5 (‖·‖₁) from the origin, with the goal as the nearest corner, pays by how much it came nearer; any other
     * pays 0.
     *
     * <p>Different from the release: tasks are dealt in turn, not drawn with replacement.
     */
    public static TaskFamily corner() {
        return CORNERS;
    }

    /**
     * A sparse goal under shifted dynamics, the smallest case in which reward and dynamics both differ between tasks: goal (cos θ, sin θ)
     * with θ ~ U(0, π), p' = p + 0.1 · gain · a + drift with gain ~ U(0.5, 1.5) and drift ~ U(−0.05, 0.05)²; start at the origin, reward 1
     * − ‖p − g‖₂ within 0.2 of the goal and 0 elsewhere, 20 steps.
     *
     * <p>Our own, after the setting of the DRaT talk (Jiang et al. 2023), which gives no constants; without shift it is PEARL's sparse
     * point robot.
     */
    public static TaskFamily shiftedSparse() {
        return SHIFTED;
    }
}
