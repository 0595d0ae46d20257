package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import metarl.basics.Require;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.env.world.PointEnvironment;
import metarl.env.world.PointEnvironment.Setting;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * Points in the plane that look for a goal: two-dimensional navigation (MAML), corners (ProMP), four corners behind squares (HFR), goals
 * under a shift of the dynamics or turned controls, and masses whose controls are rotated and scaled. PEARL's point robots are
 * {@link PointRobot}.
 *
 * <p>Observation: the position (x, y), of masses with the velocity. Outcome: the position after the step and before it, of masses with the
 * velocities. Actions lie in [−1, 1]² and are scaled to the step length.
 */
public final class Point {
    private static final double NAVIGATION_STEP = 0.1, NAVIGATION_END = 0.01, LAST = 1;
    private static final double CORNER = 2, CORNER_STEP = 0.2, CORNER_SILENCE = 0.5;
    private static final double SHIFT_STEP = 0.1, SHIFT_DRIFT = 0.05;
    private static final double SQUARE_NEAR = 0.1, SQUARE_FAR = 0.5, NEAR = 0.5;
    private static final double SECONDS = 0.1;

    private static final TaskFamily NAVIGATION = Family.define("point-navigation")
        .described("A point in the plane walks to a hidden goal (MAML).")
        .parameter("goalX", "", -0.5, 0.5, REWARD).parameter("goalY", "", -0.5, 0.5, REWARD).lasting(100)
        .machine(task -> new PointEnvironment(Setting.of(0, NAVIGATION_STEP, task.value(0), task.value(1), 100).endsWithin(NAVIGATION_END),
            task))
        .paying((task, o, a) -> -distance(task, o[0], o[1]))
        .endingAt((task, o) -> Math.max(Math.abs(o[0] - task.value(0)), Math.abs(o[1] - task.value(1))) < NAVIGATION_END)
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
        .paying((task, o, a) -> nearby(Math.hypot(o[0] - goalX(task), o[1] - goalY(task))))
        .measuring("final distance", LAST, (task, o) -> Math.hypot(o[0] - goalX(task), o[1] - goalY(task)));

    private static final TaskFamily ROTATED = Family.define("point-rotated")
        .described("A mass in the plane comes home by controls that are rotated and scaled: our own, with a known action translator.")
        .parameter("angle", "rad", -Math.PI, Math.PI, DYNAMICS).parameter("gain", "", 0.5, 1.5, DYNAMICS).nominal(0, 1).lasting(100)
        .dynamics(Point::mass)
        .showing((observation, action, next) -> told(observation, next))
        .paying((task, o, a) -> -Math.hypot(o[0], o[1]))
        .measuring("distance (m)", 0.5, (task, o) -> Math.hypot(o[0], o[1]));

    private static final TaskFamily TURNED = Family.define("point-turned-sparse")
        .described("A point with turned controls finds a goal on the circle: reward and dynamics both differ (after DRaT).")
        .parameter("goal", "rad", -Math.PI, Math.PI, REWARD).parameter("turn", "rad", -Math.PI, Math.PI, DYNAMICS).lasting(20)
        .dynamics(task -> Dynamics.of("x", "y").acting(Space.box(2, 1)).starting(0, 0)
            .moving((at, action) -> moved(at, turned(task.value(1), SHIFT_STEP, action))))
        .showing((observation, action, next) -> next.clone())
        .paying((task, o, a) -> nearby(fromNearGoal(task, o)))
        .measuring("final distance", LAST, Point::fromNearGoal);

    private static final TaskFamily FOUR_CORNERS = Family.define("point-four-corners")
        .described("A point in the plane goes around the square that lies before its corner (HFR).")
        .parameter("goalX", "", -1, 1, REWARD).parameter("goalY", "", -1, 1, REWARD)
        .among(new double[] {-1, -1}, new double[] {1, 1}, new double[] {1, -1}, new double[] {-1, 1}).lasting(20)
        .dynamics(task -> Dynamics.of("x", "y").acting(Space.box(2, 1)).starting(0, 0)
            .moving((at, action) -> moved(at, turned(0, SHIFT_STEP, action))).ending(at -> isAtCorner(task, at)))
        .showing((observation, action, next) -> next.clone())
        .paying((task, o, a) -> isAtCorner(task, o) ? 0 : isOnSquare(task, o) ? -3 : -1)
        .endingAt(Point::isAtCorner)
        .measuring("final distance", LAST, (task, o) -> distance(task, o[0], o[1]));

    private Point() {}

    private static double[] moved(double[] at, double[] by) {
        return new double[] {at[0] + by[0], at[1] + by[1]};
    }

    private static double nearby(double distance) {
        return distance <= PointRobot.GOAL_RADIUS ? 1 - distance : 0;
    }

    private static double fromNearGoal(Task task, double[] at) {
        return Math.hypot(at[0] - NEAR * goalX(task), at[1] - NEAR * goalY(task));
    }

    private static boolean isAtCorner(Task task, double[] at) {
        return distance(task, at[0], at[1]) <= PointRobot.GOAL_RADIUS;
    }

    private static boolean isOnSquare(Task task, double[] at) {
        double x = at[0] * task.value(0), y = at[1] * task.value(1);
        return SQUARE_NEAR < Math.min(x, y) && Math.max(x, y) < SQUARE_FAR;
    }

    private static Dynamics mass(Task task) {
        return Dynamics.of("x (m)", "y (m)", "x speed (m/s)", "y speed (m/s)").acting(Space.box(2, 1))
            .starting(random -> new double[] {random.nextDouble(-1, 1), random.nextDouble(-1, 1), 0, 0})
            .moving((s, a) -> {
                double[] push = turned(task.value(0), task.value(1) * SECONDS, a);
                double speedX = s[2] + push[0], speedY = s[3] + push[1];
                return new double[] {s[0] + SECONDS * speedX, s[1] + SECONDS * speedY, speedX, speedY};
            })
            .telling(List.of("x (m)", "y (m)", "x speed (m/s)", "y speed (m/s)", "x before (m)", "y before (m)", "x speed before (m/s)",
                "y speed before (m/s)"), Point::told);
    }

    private static double[] told(double[] before, double[] after) {
        return DoubleStream.concat(Arrays.stream(after), Arrays.stream(before)).toArray();
    }

    /** A vector of the plane, turned by this angle and made so many times as long. */
    private static double[] turned(double angle, double scale, double[] v) {
        double cos = scale * Math.cos(angle), sin = scale * Math.sin(angle);
        return new double[] {cos * v[0] - sin * v[1], sin * v[0] + cos * v[1]};
    }

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

    /**
     * A sparse goal under turned controls: goal (cos θ, sin θ) / 2 with θ ~ U(−π, π), p' = p + 0.1 R(φ) a with R(φ) the rotation by φ ~
     * U(−π, π); start at the origin, reward 1 − ‖p − g‖₂ within 0.2 of the goal and 0 elsewhere, 20 steps. Turned by π, every action does
     * the opposite.
     *
     * <p>Our own, after the setting of the DRaT talk (Jiang et al. 2023); where nothing is turned it is PEARL's sparse point robot on a
     * whole circle, at half of its distance, so that a point that trembles about the start finds the goal now and then.
     */
    public static TaskFamily turnedSparse() {
        return TURNED;
    }

    /**
     * Four corners (Hindsight Foresight Relabeling, Wan et al. 2021, released code): the goal is one of (±1, ±1), start at the origin,
     * steps of up to 0.1 per axis, at most 20. A step pays −1, one that ends on the square of coordinates between 0.1 and 0.5 before the
     * corner −3, and one that ends within 0.2 of the goal 0; with it the episode ends. The best way leads around the square.
     */
    public static TaskFamily fourCorners() {
        return FOUR_CORNERS;
    }

    /**
     * Masses in the plane whose controls are rotated and scaled: with R(θ) the rotation by θ, v' = v + 0.1 g R(θ) a and p' = p + 0.1 v';
     * angle θ ~ U(−π, π), gain g ~ U(0.5, 1.5). Start: p ~ U(−1, 1)², at rest. A step pays −‖p'‖, 100 steps. Our own.
     *
     * <p>The reward depends on states alone and the tasks differ in nothing but the controls, so that an action has an equivalent one in
     * every other task (MCAT, Guo, Wu and Lee 2022, section 4) as long as that lies within [−1, 1]²: {@link #equivalent}.
     */
    public static TaskFamily rotated() {
        return ROTATED;
    }

    /**
     * The action that does in one task of {@link #rotated} what an action does in another: (g_j / g_i) R(θ_j − θ_i) a. Where it leaves
     * [−1, 1]², no action of the target task does it.
     *
     * @param source j, whose action it is
     * @param target i
     */
    public static double[] equivalent(Task source, Task target, double[] action) {
        for (Task task : new Task[] {source, target})
            Require.that(task.family().name().equals(ROTATED.name()), "the family", task.family().name(), ROTATED.name());
        Require.that(action.length == 2, "the length of the action", action.length, "2 entries");
        return turned(source.value(0) - target.value(0), source.value(1) / target.value(1), action);
    }
}
