package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;

import java.util.List;
import java.util.random.RandomGenerator;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.TaskFamily;

/**
 * A pendulum is to be swung up and held there by a motor that is too weak to lift it: mass and length differ (CaDM, Lee et al. 2020).
 *
 * <p>The equations are those of Gymnasium's Pendulum-v1: with the torque u = 2a N·m,
 *
 * <pre>ω' = clip(ω + (3g / (2l) · sin θ + 3u / (m l²)) · dt, ±8),   θ' = θ + ω' · dt,   g = 10 m/s², dt = 0.05 s</pre>
 *
 * <p>θ = 0 is upright. Start: θ ~ U(−π, π), ω ~ U(−1, 1). Observation: (cos θ, sin θ, ω). Outcome: angle, in (−π, π], and speed after the
 * step, then before it. Nothing terminates.
 */
public final class Pendulum {
    private static final double GRAVITY = 10, TORQUE = 2, SECONDS = 0.05, FASTEST = 8, LOW = 0.75, HIGH = 1.25, WEAKEST = 1.5,
        STRONGEST = 2.5;
    private static final double SPEED_COST = 0.1, TORQUE_COST = 0.001;

    private static final TaskFamily SWING_UP = Family.define("pendulum")
        .described("A pendulum is swung up by a motor too weak to lift it, with another mass and length (CaDM).")
        .parameter("mass", "kg", LOW, HIGH, DYNAMICS).parameter("length", "m", LOW, HIGH, DYNAMICS).nominal(1, 1).lasting(200)
        .dynamics(task -> dynamics(task.value(0), task.value(1), TORQUE))
        .showing((observation, action, next) -> outcome(seen(observation), seen(next)))
        .paying((task, o, a) -> -o[2] * o[2] - SPEED_COST * o[3] * o[3] - TORQUE_COST * TORQUE * a[0] * TORQUE * a[0])
        .measuring("angle from upright (rad)", 0.5, (task, o) -> Math.abs(o[0]));

    private static final TaskFamily MOTOR = Family.define("pendulum-motor")
        .described("The pendulum with another motor, which may push the other way: our own, for motors that fail under way.")
        .parameter("torque", "N·m", -STRONGEST, STRONGEST, DYNAMICS).drawn(Pendulum::torque).nominal(TORQUE).lasting(200)
        .dynamics(task -> dynamics(1, 1, task.value(0)))
        .showing((observation, action, next) -> outcome(seen(observation), seen(next)))
        .paying((task, o, a) -> -o[2] * o[2] - SPEED_COST * o[3] * o[3] - TORQUE_COST * TORQUE * a[0] * TORQUE * a[0])
        .measuring("angle from upright (rad)", 0.5, (task, o) -> Math.abs(o[0]));

    private Pendulum() {}

    /** As likely the one way as the other. */
    private static double[] torque(RandomGenerator random) {
        return new double[] {(random.nextBoolean() ? 1 : -1) * random.nextDouble(WEAKEST, STRONGEST)};
    }

    private static Dynamics dynamics(double mass, double length, double torque) {
        double pull = 3 * GRAVITY / (2 * length), push = 3 * torque / (mass * length * length);
        return Dynamics.of("angle (rad)", "speed (rad/s)").starting(Pendulum::start)
            .moving((s, a) -> {
                double speed = s[1] + (pull * Math.sin(s[0]) + push * a[0]) * SECONDS;
                speed = Math.max(-FASTEST, Math.min(FASTEST, speed));
                return new double[] {s[0] + speed * SECONDS, speed};
            })
            .seeing(3, s -> new double[] {Math.cos(s[0]), Math.sin(s[0]), s[1]}, Pendulum::seen)
            .telling(List.of("angle (rad)", "speed (rad/s)", "angle before (rad)", "speed before (rad/s)"), Pendulum::outcome);
    }

    private static double[] start(RandomGenerator random) {
        return new double[] {random.nextDouble(-Math.PI, Math.PI), random.nextDouble(-1, 1)};
    }

    /** The state behind an observation. */
    private static double[] seen(double[] observation) {
        return new double[] {Math.atan2(observation[1], observation[0]), observation[2]};
    }

    private static double[] outcome(double[] before, double[] after) {
        return new double[] {fromUpright(after[0]), after[1], fromUpright(before[0]), before[1]};
    }

    static double fromUpright(double angle) {
        return Math.atan2(Math.sin(angle), Math.cos(angle));
    }

    /**
     * Swing up (CaDM): mass and length ~ U(0.75, 1.25) each, reward −(θ² + 0.1 ω² + 0.001 u²) of the angle and the speed before the step
     * and the torque in it, 200 steps.
     *
     * <p>The reward and the equations are Gymnasium's, 1 kg and 1 m its own task. The paper tests outside the range as well, far below and
     * above it: {@code family.task(0.3, 1.6)}.
     */
    public static TaskFamily swingUp() {
        return SWING_UP;
    }

    /**
     * Swing up by another motor: its largest torque is U(1.5, 2.5) N·m, and in half of the tasks it pushes the other way; 1 kg, 1 m, the
     * same reward, in which the torque counts as that of the nominal motor of 2 N·m. Our own. {@code motor().changingAt(100)} begins with
     * the nominal motor, which then turns into that of the task.
     */
    public static TaskFamily motor() {
        return MOTOR;
    }
}
