package metarl.task.families;

import static metarl.env.Reward.squares;
import static metarl.task.Parameter.Changes.REWARD;

import metarl.env.body.Body;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * The Humanoid family: 13 parts, 17 motors of ±0.4; MuJoCo at 0.003 s with the Runge–Kutta integrator, five substeps per step (0.015 s).
 */
public final class Humanoid {
    private static final double CONTROL_RANGE = 0.4, CONTROL_COST = 0.1, ALIVE_BONUS = 5, IMPACT_WEIGHT = 5e-7, IMPACT_BOUND = 10;
    /** 0.25 over a substep of 0.003 s is 1.25 over a step of 0.015 s. */
    private static final double SPEED_WEIGHT = 1.25;
    private static final Body BODY = Body.named("humanoid").frame("torso").starting(Body.Start.uniform(0.01, 0.01))
        .seeing(Sight.POSITIONS_WITHOUT_XY, Sight.VELOCITIES, Sight.INERTIAS, Sight.PART_VELOCITIES, Sight.MOTOR_FORCES,
            Sight.CONTACT_FORCES)
        .telling(Quantity.CENTRE_VELOCITY, Quantity.CONTACT_COST)
        .living((positions, velocities) -> positions[2] >= 1 && positions[2] <= 2);

    private static final TaskFamily DIRECTION = Family.define("humanoid-direction")
        .described("A humanoid walks in a direction that only its reward knows (PEARL, MQL).")
        .parameter("heading", "rad", 0, 2 * Math.PI, REWARD).lasting(200).body(task -> BODY)
        .paying((task, o, a) -> SPEED_WEIGHT * along(task, o) - CONTROL_COST * CONTROL_RANGE * CONTROL_RANGE * squares(a)
            - Math.min(IMPACT_WEIGHT * o[2], IMPACT_BOUND) + ALIVE_BONUS)
        .measuring("speed in the asked direction (m/s)", 0, Humanoid::along);

    private Humanoid() {}

    private static double along(Task task, double[] velocity) {
        return velocity[0] * Math.cos(task.value(0)) + velocity[1] * Math.sin(task.value(0));
    }

    /**
     * Walk in a direction θ ~ U(0, 2π): reward 0.25 Δc·(cos θ, sin θ)/0.003 − 0.1 ‖u‖² − min(5e-7 Σf², 10) + 5, with the displacement Δc
     * of the centre of mass over the step, the controls u = 0.4 a and the external forces f; 200 steps; ends when the root's height leaves
     * [1, 2] m.
     *
     * <p>The released code divides the displacement over five substeps by the duration of one: 1.25 times the mean speed. Observation
     * (376): positions without x and y (22), velocities (23), inertias (140), velocities of the parts (84), motor forces (23), external
     * forces (84), each with the world. Start: the model's own position and no velocity, both + U(−0.01, 0.01). Different from the source:
     * external forces are computed after every step (old versions of MuJoCo left them at zero), and an episode starts from a reset
     * simulator.
     */
    public static TaskFamily direction() {
        return DIRECTION;
    }
}
