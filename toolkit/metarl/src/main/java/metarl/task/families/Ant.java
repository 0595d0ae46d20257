package metarl.task.families;

import static metarl.env.Reward.squares;
import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * The Ant families: a torso on four legs of two joints each, MuJoCo at 0.01 s with the Runge–Kutta integrator, five substeps per step
 * (0.05 s).
 *
 * <p>Start: the model's own position + U(−0.1, 0.1), velocity 0.1·N(0, 1). Motors in the model's order: hip and ankle of legs 4, 1, 2, 3.
 * A velocity is the displacement of the torso by 0.05 s. The contact cost is Σ min(|f|, 1)² over the external forces f on all parts,
 * computed after every step: old versions of MuJoCo left them at zero, so returns may differ by that much from published ones.
 *
 * <p>Different from the sources: the model file is Gymnasium's (the sizes are the same), tasks are drawn from the task set's seed, and a
 * state that stops being finite is an exception, not a termination.
 */
public final class Ant {
    private static final double CONTACT_WEIGHT = 5e-4, ALIVE_BONUS = 1, SMALL_ALIVE_BONUS = 0.05;
    private static final double GOAL_RANGE = 3, SPARSE_GOAL_RADIUS = 1, RUN_UP = 0.25, LAST = 1;
    private static final int LEGS = 4;
    /** The motors of legs 0 … 3 as MCAT counts them. */
    private static final List<List<Integer>> LEG_MOTORS = List.of(List.of(2, 3), List.of(4, 5), List.of(6, 7), List.of(0, 1));
    private static final int FIRST_DOF = 2, FIRST_INVERSE_DOF = 8, DOFS = 14;

    private static final Body PLAIN = Body.named("ant").frame("torso").starting(Body.Start.gaussian(0.1, 0.1))
        .seeing(Sight.POSITIONS_WITHOUT_XY, Sight.VELOCITIES).telling(Quantity.FRAME_VELOCITY);
    private static final Body DIRECTED = PLAIN.telling(Quantity.FRAME_VELOCITY, Quantity.CLIPPED_CONTACT_COST)
        .living((positions, velocities) -> positions[2] >= 0.2 && positions[2] <= 1);
    private static final Body TO_GOAL = PLAIN.seeing(Sight.POSITIONS, Sight.VELOCITIES, Sight.CLIPPED_CONTACT_FORCES)
        .telling(Quantity.FRAME_POSITION, Quantity.CLIPPED_CONTACT_COST);

    private static final TaskFamily FORWARD_BACKWARD = directed("ant-forward-backward", "An ant walks forward or backward (MAML, MQL).")
        .among(0, Math.PI);
    private static final TaskFamily DIRECTION = directed("ant-direction",
        "An ant walks in any direction (PEARL's released configuration).");

    private static final TaskFamily GOAL = toGoal("ant-goal", "An ant walks to a point that only its reward knows (PEARL, MQL).")
        .paying(
            (task, o, a) -> -Math.abs(o[0] - task.value(0)) - Math.abs(o[1] - task.value(1)) - 0.1 * squares(a) - CONTACT_WEIGHT * o[2]);
    private static final TaskFamily SPARSE_GOAL = toGoal("ant-goal-sparse", "The same points, rewarded only within 1 m of them.")
        .paying((task, o, a) -> {
            double distance = distance(task, o);
            return distance <= SPARSE_GOAL_RADIUS ? 1 - distance : 0;
        });

    private static final TaskFamily DAMPING = damped("ant-damping", "An ant walks on joints of other damping (MCAT).", Ant::released);
    private static final TaskFamily UNIFORM_DAMPING = damped("ant-damping-uniform",
        "An ant walks on joints that are all damped more or all less (after MCAT).", scale -> Collections.nCopies(DOFS, scale));
    private static final TaskFamily CRIPPLED = forward("ant-crippled", "An ant walks with one powerless leg (MCAT).")
        .parameter("leg", "", 0, LEGS - 1, DYNAMICS).among(0, 1, 2, 3)
        .body(task -> PLAIN.with(new Change.Powerless(LEG_MOTORS.get(task.whole(0, 0, LEGS - 1)))))
        .paying((task, o, a) -> o[0] + SMALL_ALIVE_BONUS);
    private static final TaskFamily CRIPPLED_LEGS = forward("ant-crippled-legs", "An ant walks with one or two powerless legs (MCAT).")
        .parameter("leg", "", 0, LEGS - 1, DYNAMICS).parameter("otherLeg", "", 0, LEGS - 1, DYNAMICS).among(pairsOfLegs())
        .body(task -> PLAIN.with(new Change.Powerless(motors(task))))
        .paying((task, o, a) -> o[0] + SMALL_ALIVE_BONUS);

    private Ant() {}

    private static Family directed(String name, String description) {
        return Family.define(name).described(description).parameter("heading", "rad", 0, 2 * Math.PI, REWARD).lasting(200)
            .body(task -> DIRECTED)
            .paying((task, o, a) -> along(task, o) - 0.5 * squares(a) - CONTACT_WEIGHT * o[2] + ALIVE_BONUS)
            .measuring("speed in the asked direction (m/s)", RUN_UP, Ant::along);
    }

    private static double along(Task task, double[] velocity) {
        return velocity[0] * Math.cos(task.value(0)) + velocity[1] * Math.sin(task.value(0));
    }

    private static Family toGoal(String name, String description) {
        return Family.define(name).described(description).parameter("goalX", "m", -GOAL_RANGE, GOAL_RANGE, REWARD)
            .parameter("goalY", "m", -GOAL_RANGE, GOAL_RANGE, REWARD).drawn(Ant::goal).lasting(200).body(task -> TO_GOAL)
            .measuring("final distance (m)", LAST, Ant::distance);
    }

    private static double[] goal(RandomGenerator random) {
        double angle = random.nextDouble(2 * Math.PI), radius = GOAL_RANGE * Math.sqrt(random.nextDouble());
        return new double[] {radius * Math.cos(angle), radius * Math.sin(angle)};
    }

    private static double distance(Task task, double[] position) {
        return Math.hypot(position[0] - task.value(0), position[1] - task.value(1));
    }

    private static Family forward(String name, String description) {
        return Family.define(name).described(description).lasting(1000).measuring("forward speed (m/s)", RUN_UP, (task, o) -> o[0]);
    }

    private static Family damped(String name, String description, DoubleFunction<List<Double>> factors) {
        return forward(name, description).parameter("scale", "", 0.1, 10, DYNAMICS).nominal(1)
            .drawn(random -> new double[] {Math.pow(10, random.nextDouble(-1, 1))})
            .body(task -> PLAIN.with(new Change.Dampings(factors.apply(task.value(0)))))
            .paying((task, o, a) -> o[0] - 0.005 * squares(a) + SMALL_ALIVE_BONUS);
    }

    private static double[][] pairsOfLegs() {
        return IntStream.range(0, LEGS).boxed()
            .flatMap(leg -> IntStream.range(leg, LEGS).mapToObj(other -> new double[] {leg, other})).toArray(double[][]::new);
    }

    private static List<Integer> motors(Task task) {
        return IntStream.of(task.whole(0, 0, LEGS - 1), task.whole(1, 0, LEGS - 1)).distinct()
            .mapToObj(LEG_MOTORS::get).flatMap(List::stream).toList();
    }

    private static List<Double> released(double scale) {
        var factors = new ArrayList<>(Collections.nCopies(DOFS, 1.0));
        for (int dof = FIRST_DOF; dof < DOFS; dof++) factors.set(dof, dof < FIRST_INVERSE_DOF ? scale : 1 / scale);
        return factors;
    }

    /**
     * Walk forward or backward: heading θ ∈ {0, π}, reward v·(cos θ, sin θ) − 0.5 ‖a‖² − 5e-4 · contact cost + 1, 200 steps; ends when the
     * torso's height leaves [0.2, 1] m. Observation: positions without x and y (13), velocities (14). Published test tasks are the train
     * tasks.
     */
    public static TaskFamily forwardBackward() {
        return FORWARD_BACKWARD;
    }

    /** The same with θ ~ U(0, 2π): what PEARL's released configuration draws, because it leaves {@code forward_backward} unset. */
    public static TaskFamily direction() {
        return DIRECTION;
    }

    /**
     * Walk to a goal g, drawn uniformly from the disc of radius 3 m: reward −‖p − g‖₁ − 0.1 ‖a‖² − 5e-4 · contact cost, 200 steps, no
     * termination. Observation: positions (15), velocities (14), external forces clipped to ±1 (84).
     */
    public static TaskFamily goal() {
        return GOAL;
    }

    /**
     * The same goals with a sparse reward: 1 − ‖p − g‖₂ within 1 m of the goal, else 0; no costs. Our own definition, after the sparse
     * point robot.
     */
    public static TaskFamily goalSparse() {
        return SPARSE_GOAL;
    }

    /**
     * Joints of other damping (MCAT): reward vx − 0.005 ‖a‖² + 0.05, 1000 steps, no termination.
     *
     * <p>As in the released code: the damping of degrees of freedom 2 … 7 is multiplied by the scale and that of 8 … 13 divided by it. The
     * first four of these belong to the root, which has none, so in effect leg 1 is multiplied and legs 2, 3, 4 are divided. The range is
     * not published; ours is log-uniform on [0.1, 10]. What was meant is probably {@link #dampingUniform()}.
     */
    public static TaskFamily damping() {
        return DAMPING;
    }

    /**
     * The same with the damping of all eight joints multiplied by the scale: what the paper's words, tasks that differ in damping, would
     * lead one to expect.
     */
    public static TaskFamily dampingUniform() {
        return UNIFORM_DAMPING;
    }

    /**
     * One leg without power (MCAT): leg 0 … 3 has motors {2, 3}, {4, 5}, {6, 7}, {0, 1}; reward vx + 0.05, 1000 steps, no termination.
     *
     * <p>The release also means to shrink the leg, but never does, because it compares a number with a list; nor does this.
     */
    public static TaskFamily crippled() {
        return CRIPPLED;
    }

    /**
     * One or two legs without power: {@code task(2, 2)} is {@code crippled().task(2)}, and {@code task(0, 2)} has two powerless legs.
     *
     * <p>The released code of MCAT lets several legs be named, too. With the four single legs to train on, pairs are tasks not seen yet.
     */
    public static TaskFamily crippledLegs() {
        return CRIPPLED_LEGS;
    }
}
