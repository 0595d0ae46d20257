package metarl.task.families;

import static metarl.env.Reward.squares;
import static metarl.task.Parameter.Changes.DYNAMICS;

import metarl.env.body.Body;
import metarl.env.body.Change;
import metarl.env.body.Quantity;
import metarl.env.body.Sight;
import metarl.task.Family;
import metarl.task.TaskFamily;

/** The Hopper families: a planar torso on one leg of three joints. */
public final class Hopper {
    private static final RandomParameters PARAMETERS = new RandomParameters(4, 3, 5);
    private static final double STATE_BOUND = 100;
    private static final Body BODY = Body.named("hopper").frame("torso").substeps(RandomParameters.SUBSTEPS)
        .starting(Body.Start.uniform(0.005, 0.005)).seeing(Sight.POSITIONS_WITHOUT_X, Sight.CLIPPED_VELOCITIES)
        .telling(Quantity.ROOT_VELOCITY, Quantity.ROOT_POSITION).metresAcross(3);

    private static final TaskFamily RANDOM_PARAMETERS = Family.define("hopper-random-parameters")
        .described("A planar hopper with masses, inertias, dampings and frictions multiplied at random (PEARL, MQL).")
        .parameters(PARAMETERS.parameters()).drawn(PARAMETERS::draw).nominal(PARAMETERS.ones()).lasting(200)
        .body(task -> PARAMETERS.apply(BODY.living(Hopper::stands), task))
        .paying((task, o, a) -> o[0] + 1 - 1e-3 * squares(a))
        .measuring("forward speed (m/s)", 0, (task, o) -> o[0]);

    private static final TaskFamily SIZE = Family.define("hopper-size")
        .described("A planar hopper, thin or thick (MCAT).")
        .parameter("size", "m", 0.01, 0.3, DYNAMICS).among(0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.1, 0.15, 0.2, 0.25, 0.27, 0.28, 0.3)
        .nominal(0.05).lasting(1000)
        .body(task -> sized(task.value(0)))
        .paying((task, o, a) -> o[0] + 1 - 1e-3 * squares(a))
        .measuring("forward speed (m/s)", 0, (task, o) -> o[0]);

    private Hopper() {}

    private static boolean stands(double[] positions, double[] velocities) {
        for (int i = 2; i < positions.length; i++) if (Math.abs(positions[i]) >= STATE_BOUND) return false;
        for (double v : velocities) if (Math.abs(v) >= STATE_BOUND) return false;
        return positions[1] > 0.7 && Math.abs(positions[2]) < 0.2;
    }

    private static Body sized(double size) {
        return BODY.with(new Change.Radius("torso_geom", size)).with(new Change.Radius("thigh_geom", size))
            .with(new Change.Radius("leg_geom", 0.8 * size))
            .with(new Change.Radius("foot_geom", 1.2 * size));
    }

    /**
     * Hop with random constants: as {@link Walker2d#randomParameters()}; ends when the height is not above 0.7 m, the torso leans by 0.2
     * rad, or a coordinate (but the first two) or a velocity reaches 100. Observation: positions without x (5), velocities clipped to ±10
     * (6).
     */
    public static TaskFamily randomParameters() {
        return RANDOM_PARAMETERS;
    }

    /**
     * Hop with limbs of another radius (MCAT): torso and thigh s, leg 0.8 s, foot 1.2 s (standard s = 0.05 m), masses following the
     * shapes; reward vx + 1 − 1e-3 ‖a‖², 1000 steps of 0.008 s, no termination.
     *
     * <p>Tasks are dealt from the values whose model files were released; which of them were for training is not published.
     */
    public static TaskFamily size() {
        return SIZE;
    }
}
