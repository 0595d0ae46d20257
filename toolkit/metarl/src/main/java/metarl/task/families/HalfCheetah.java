package metarl.task.families;

import static metarl.env.Reward.squares;
import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * The HalfCheetah families: a planar body with six joints (bthigh, bshin, bfoot, fthigh, fshin, ffoot), MuJoCo at 0.01 s, five substeps
 * per step (0.05 s).
 *
 * <p>Start: the model's own position + U(−0.1, 0.1), velocity 0.1·N(0, 1). Nothing terminates. Outcome: forward velocity vx = Δx/0.05 s
 * and position x of the root. Observation: positions without the root's x (8) and velocities (9); the suite of PEARL and MQL and the
 * crippled and the damped cheetah add the position of the torso (3), which shows the outcome.
 *
 * <p>Different from all sources: the model file is Gymnasium's, tasks are drawn from the task set's seed (PEARL fixes numpy's at 1337),
 * and the physics is MuJoCo 3.
 */
public final class HalfCheetah {
    private static final double CONTROL_COST = 0.05, FULL_CONTROL_COST = 0.1;
    private static final int MOTORS = 6, PARTS = 8, COORDINATES = 9, NONE = -1;
    private static final double TORSO_HEIGHT = 0.7, SUBSTEP = 0.01, SECONDS = 0.05, ROUNDING = 1e-7;
    /** The first quarter of an episode is run-up and does not count for the measure. */
    private static final double RUN_UP = 0.25;
    private static final double SPARSE_SPEED_ERROR = 0.5, NEAR_SPEED = 0.3;

    private static final Body PLAIN = plain("half_cheetah");
    private static final Body SUITE = PLAIN.seeing(Sight.POSITIONS_WITHOUT_X, Sight.VELOCITIES, Sight.FRAME_POSITION);

    private static final TaskFamily VELOCITY = Family.define("half-cheetah-velocity")
        .described("A planar cheetah runs at a speed it is only told by its reward (PEARL, MQL).")
        .parameter("speed", "m/s", 0, 3, REWARD).lasting(200).body(task -> SUITE).showing(HalfCheetah::outcome)
        .paying((task, o, a) -> -Math.abs(o[0] - task.value(0)) - CONTROL_COST * squares(a))
        .measuring("speed error (m/s)", RUN_UP, (task, o) -> Math.abs(o[0] - task.value(0)));

    private static final TaskFamily SPARSE_VELOCITY = Family.define("half-cheetah-velocity-sparse")
        .described("The same speeds, rewarded only within 0.5 m/s of the asked one.")
        .parameter("speed", "m/s", 0, 3, REWARD).lasting(200).body(task -> SUITE).showing(HalfCheetah::outcome)
        .paying((task, o, a) -> {
            double error = Math.abs(o[0] - task.value(0));
            return error <= SPARSE_SPEED_ERROR ? 1 - error : 0;
        })
        .measuring("speed error (m/s)", RUN_UP, (task, o) -> Math.abs(o[0] - task.value(0)));

    private static final TaskFamily SPARSE_VELOCITY_ARMATURE = Family.define("half-cheetah-velocity-armature-sparse")
        .described("Speeds rewarded only near the asked one, on bodies with another rotor inertia (after HFR and DRaT).")
        .parameter("speed", "m/s", 0, 3, REWARD).parameter("armature", "kg·m²", 0.05, 0.8, DYNAMICS).lasting(200)
        .body(task -> SUITE.with(new Change.Armature(task.value(1)))).showing(HalfCheetah::outcome)
        .paying((task, o, a) -> {
            double error = Math.abs(o[0] - task.value(0));
            return (error <= NEAR_SPEED ? 2 - error : 0) - CONTROL_COST * squares(a);
        })
        .measuring("speed error (m/s)", RUN_UP, (task, o) -> Math.abs(o[0] - task.value(0)));

    private static final TaskFamily FORWARD_BACKWARD = Family.define("half-cheetah-forward-backward")
        .described("A planar cheetah runs forward or backward (MAML, PEARL, MQL).")
        .parameter("direction", "", -1, 1, REWARD).among(-1, 1).lasting(200).body(task -> SUITE)
        .showing(HalfCheetah::outcome)
        .paying((task, o, a) -> task.value(0) * o[0] - CONTROL_COST * squares(a))
        .measuring("speed in the asked direction (m/s)", RUN_UP, (task, o) -> task.value(0) * o[0]);

    private static final TaskFamily ARMATURE = dynamics("half-cheetah-armature",
        "A planar cheetah runs with joints of another rotor inertia (MCAT).")
        .parameter("armature", "kg·m²", 0.05, 0.8, DYNAMICS).among(0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8)
        .nominal(0.1).body(task -> PLAIN.with(new Change.Armature(task.value(0))));

    private static final TaskFamily MASS = dynamics("half-cheetah-mass",
        "A planar cheetah runs with all its parts lighter or heavier (MCAT).")
        .parameter("scale", "", 0.5, 2, DYNAMICS).nominal(1)
        .body(task -> PLAIN.with(new Change.Masses(Collections.nCopies(PARTS, task.value(0)))));

    private static final TaskFamily CRIPPLED = Family.define("half-cheetah-crippled")
        .described("A planar cheetah runs with one powerless motor (Nagabandi et al. 2019).")
        .parameter("motor", "", 1, MOTORS - 1, DYNAMICS).among(1, 2, 3, 4, 5).nominal(NONE).lasting(1000)
        .body(task -> SUITE.with(new Change.Powerless(number(task) == NONE ? List.of() : List.of(number(task)))))
        .showing(HalfCheetah::outcome)
        .paying((task, o, a) -> o[0] - CONTROL_COST * (squares(a) - wasted(task, a)))
        .measuring("forward speed (m/s)", RUN_UP, (task, o) -> o[0]);

    private static final TaskFamily DAMPED = Family.define("half-cheetah-damped")
        .described("A planar cheetah runs with another mass and other joint damping (CaDM).")
        .parameter("mass", "", 0.75, 1.25, DYNAMICS).parameter("damping", "", 0.75, 1.25, DYNAMICS)
        .among(pairs(0.75, 0.85, 1, 1.15, 1.25)).nominal(1, 1).lasting(200)
        .body(task -> SUITE.with(new Change.Masses(Collections.nCopies(PARTS, task.value(0))))
            .with(new Change.Dampings(Collections.nCopies(COORDINATES, task.value(1)))))
        .showing(HalfCheetah::outcome)
        .paying((task, o, a) -> o[0] - CONTROL_COST * squares(a))
        .measuring("forward speed (m/s)", RUN_UP, (task, o) -> o[0]);

    private static final TaskFamily TWO_LEGS = dynamics("half-cheetah-two-legs",
        "The planar cheetah with its two legs: one half of a pair of bodies (MCAT).")
        .body(task -> PLAIN);

    private static final TaskFamily THREE_LEGS = dynamics("half-cheetah-three-legs",
        "A planar cheetah with a second hind leg: the other half of the pair (MCAT).")
        .body(task -> plain("half_cheetah_three_legs"));

    /** Height and pitch, hind leg, second hind leg, front leg; then the velocities: of x, height and pitch, and of the same legs. */
    private static final int[] TWINS = {0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 11, 12, 13, 14, 15, 16};

    private HalfCheetah() {}

    private static Body plain(String model) {
        return Body.named(model).frame("torso").starting(Body.Start.gaussian(0.1, 0.1))
            .seeing(Sight.POSITIONS_WITHOUT_X, Sight.VELOCITIES).telling(Quantity.ROOT_VELOCITY, Quantity.ROOT_POSITION).metresAcross(3);
    }

    private static Family dynamics(String name, String description) {
        return Family.define(name).described(description).lasting(1000)
            .paying((task, o, a) -> o[0] - FULL_CONTROL_COST * squares(a))
            .measuring("forward speed (m/s)", RUN_UP, (task, o) -> o[0]);
    }

    private static int number(Task task) {
        return task.whole(0, NONE, MOTORS - 1);
    }

    private static double wasted(Task task, double[] action) {
        int motor = number(task);
        return motor == NONE ? 0 : action[motor] * action[motor];
    }

    private static double[][] pairs(double... values) {
        return DoubleStream.of(values).boxed().flatMap(a -> DoubleStream.of(values).mapToObj(b -> new double[] {a, b}))
            .toArray(double[][]::new);
    }

    /** Speed and place of the root, from observations that show the torso. */
    private static double[] outcome(double[] observation, double[] action, double[] next) {
        double before = root(observation), after = root(next);
        return new double[] {(after - before) / SECONDS, after};
    }

    /**
     * The x of the root: where the torso was one substep ago, and how far it went since. Only at the start of an episode the torso is seen
     * where it is, which its height tells.
     */
    private static double root(double[] observation) {
        double torso = observation[17], height = observation[19], speed = observation[8];
        return Math.abs(height - TORSO_HEIGHT - observation[0]) < ROUNDING ? torso : torso + SUBSTEP * speed;
    }

    /**
     * Run at a given speed (PEARL and MQL, identical files): v* ~ U(0, 3) m/s, reward −|vx − v*| − 0.05 ‖a‖², 200 steps.
     *
     * <p>MAML and garage draw v* from U(0, 2) and MAML stops after 100 steps: returns are not comparable.
     */
    public static TaskFamily velocity() {
        return VELOCITY;
    }

    /**
     * The same speeds with a sparse reward: 1 − |vx − v*| where the error is at most 0.5 m/s, else 0; no cost of control. Our own
     * definition.
     */
    public static TaskFamily velocitySparse() {
        return SPARSE_VELOCITY;
    }

    /**
     * Sparse speeds on different bodies: v* ~ U(0, 3) m/s and an armature ~ U(0.05, 0.8), of which the standard body has 0.1; reward 2 −
     * |vx − v*| where the error is at most 0.3 m/s, else 0, less 0.05 ‖a‖², 200 steps. The reward is that of Hindsight Foresight Relabeling
     * (Wan et al. 2021, released code), the armature our own, after DRaT (Jiang et al. 2023).
     */
    public static TaskFamily velocityArmatureSparse() {
        return SPARSE_VELOCITY_ARMATURE;
    }

    /**
     * Run forward or backward: d ∈ {−1, 1}, reward d·vx − 0.05 ‖a‖², 200 steps. There are two tasks, so published test tasks are the train
     * tasks.
     */
    public static TaskFamily forwardBackward() {
        return FORWARD_BACKWARD;
    }

    /**
     * Joints of another armature (MCAT, Guo et al. 2022): the standard is 0.1; reward vx − 0.1 ‖a‖², 1000 steps.
     *
     * <p>Tasks are dealt from the values whose model files were released; which of them were for training is not published.
     */
    public static TaskFamily armature() {
        return ARMATURE;
    }

    /**
     * All masses times a scale (MCAT): reward vx − 0.1 ‖a‖², 1000 steps.
     *
     * <p>As in the released code, the masses alone are written into the compiled model: inertias and the solver's constants stay. The
     * range of the scale is not published; ours is U(0.5, 2).
     */
    public static TaskFamily mass() {
        return MASS;
    }

    /**
     * One motor without power (Nagabandi et al. 2019, learning to adapt): number 1 … 5 of 0 … 5, or −1: none, which is not drawn; reward
     * vx − 0.05 ‖a‖² without the powerless motor's share, 1000 steps.
     *
     * <p>Different from the release: vx is Δx/dt, not the velocity of the centre of mass at the end of the step, and the torso's position
     * stands for the centre of mass in the observation.
     */
    public static TaskFamily crippled() {
        return CRIPPLED;
    }

    /**
     * All masses and all joint dampings times a scale each (CaDM, Lee et al. 2020): 0.75, 0.85, 1, 1.15 or 1.25; reward vx − 0.05 ‖a‖², 200
     * steps. The paper tests outside the range as well, with scales of 0.2 to 0.3 and 1.7 to 1.8: {@code family.task(0.25, 1.75)}.
     *
     * <p>Masses and dampings alone are written into the compiled model: inertias and the solver's constants stay. Different from the
     * paper: the observation, that of {@link #crippled()}.
     */
    public static TaskFamily damped() {
        return DAMPED;
    }

    /**
     * The standard body as a family of one task: reward vx − 0.1 ‖a‖², 1000 steps; 17 observations, 6 actions. Its partner is
     * {@link #threeLegs()}.
     */
    public static TaskFamily twoLegs() {
        return TWO_LEGS;
    }

    /**
     * A body with two hind legs and a front leg as a family of one task: the same reward; 23 observations, 9 actions.
     *
     * <p>Our own model after the description of the one used for dynamics cycle-consistency (Zhang et al. 2021): there the second hind leg
     * differs a little in shape.
     */
    public static TaskFamily threeLegs() {
        return THREE_LEGS;
    }

    /**
     * For each of the 23 observations of {@link #threeLegs()} the number of the observation of {@link #twoLegs()} that it is: the second
     * hind leg's are those of the first.
     */
    public static int[] twins() {
        return TWINS.clone();
    }
}
