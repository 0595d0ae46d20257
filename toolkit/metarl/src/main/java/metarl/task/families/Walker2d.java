package metarl.task.families;

import static metarl.env.Reward.squares;

import metarl.env.body.Body;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.TaskFamily;

/** The Walker2d family: a planar torso on two legs of three joints each. */
public final class Walker2d {
    private static final RandomParameters PARAMETERS = new RandomParameters(7, 6, 8);
    private static final Body BODY = Body.named("walker2d").frame("torso").substeps(RandomParameters.SUBSTEPS)
        .starting(Body.Start.uniform(0.005, 0.005)).seeing(Sight.POSITIONS_WITHOUT_X, Sight.CLIPPED_VELOCITIES)
        .telling(Quantity.ROOT_VELOCITY, Quantity.ROOT_POSITION)
        .living((positions, velocities) -> positions[1] > 0.8 && positions[1] < 2 && Math.abs(positions[2]) < 1);

    private static final TaskFamily RANDOM_PARAMETERS = Family.define("walker2d-random-parameters")
        .described("A planar walker with masses, inertias, dampings and frictions multiplied at random (PEARL, MQL).")
        .parameters(PARAMETERS.parameters()).drawn(PARAMETERS::draw).nominal(PARAMETERS.ones()).lasting(200)
        .body(task -> PARAMETERS.apply(BODY, task))
        .paying((task, o, a) -> o[0] + 1 - 1e-3 * squares(a))
        .measuring("forward speed (m/s)", 0, (task, o) -> o[0]);

    private Walker2d() {}

    /**
     * Walk with random constants: masses, inertias and frictions × 1.5^u, dampings × 1.3^u, a u ~ U(−3, 3) of its own for each
     * (rand_param_envs); reward vx + 1 − 1e-3 ‖a‖², 200 steps of 0.016 s; ends when the torso's height leaves (0.8, 2) m or it leans by 1
     * rad.
     *
     * <p>Observation: positions without x (8), velocities clipped to ±10 (9). Start: the model's own position and no velocity, both +
     * U(−0.005, 0.005). The left foot's friction is 1.9 and all others' 0.9, as in the source. Different from it: Gymnasium's model file,
     * which says the same in local coordinates, and MuJoCo 3 instead of 1.31.
     */
    public static TaskFamily randomParameters() {
        return RANDOM_PARAMETERS;
    }
}
