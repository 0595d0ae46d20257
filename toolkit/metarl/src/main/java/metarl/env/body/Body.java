package metarl.env.body;

import java.util.ArrayList;
import java.util.List;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * A simulated body: its model, what is seen of it, what a reward may read, how it starts and ends, and what is changed about it.
 *
 * <p>Pure data; {@link Bodies} builds the machine. Actions lie in [−1, 1] per motor and are mapped linearly to the motor's control range.
 *
 * @param model the model file, without .xml
 * @param frame name of the body part whose frame counts as the body's position
 * @param substeps time steps of the simulation per environment step
 * @param start how the start state is drawn
 * @param sights what the observation is made of, in order
 * @param quantities what the outcome is made of, in order
 * @param life when an episode goes on
 * @param changes what differs from the model file
 * @param metresAcross how much of the world a picture shows
 */
public record Body(String model, String frame, int substeps, Start start, List<Sight> sights, List<Quantity> quantities, Life life,
    List<Change> changes,
    double metresAcross) {

    private static final double LARGEST = 1e6;

    /** Checks the numbers. */
    public Body {
        Require.count(substeps, 1, "substeps", "at least 1, usually 4 or 5");
        Require.number(metresAcross, metresAcross > 0 && metresAcross <= LARGEST, "metresAcross", "above 0 and at most 1e6, usually 4");
        sights = List.copyOf(sights);
        quantities = List.copyOf(quantities);
        changes = List.copyOf(changes);
    }

    /** A part of an observation. */
    public enum Sight {
        /** All position coordinates. */
        POSITIONS,
        /** The position coordinates without the first one, x. */
        POSITIONS_WITHOUT_X,
        /** The position coordinates without the first two, x and y. */
        POSITIONS_WITHOUT_XY,
        /** All velocity coordinates. */
        VELOCITIES,
        /** All velocity coordinates, clipped to ±10. */
        CLIPPED_VELOCITIES,
        /** The position x, y, z of the frame, as computed in the last substep before the joints moved. */
        FRAME_POSITION,
        /** Inertia of every part about the centre of mass (MuJoCo's cinert), with the world: 10 each. */
        INERTIAS,
        /** Velocity of every part (cvel), with the world: 6 each. */
        PART_VELOCITIES,
        /** Force of the motors on every degree of freedom (qfrc_actuator). */
        MOTOR_FORCES,
        /** External force on every part (cfrc_ext), with the world: 6 each. */
        CONTACT_FORCES,
        /** The same, clipped to ±1. */
        CLIPPED_CONTACT_FORCES
    }

    /** A part of an outcome. */
    public enum Quantity {
        /** Displacement of position coordinate 0 over the step by its duration. */
        ROOT_VELOCITY("forward velocity (m/s)"),
        /** Position coordinate 0. */
        ROOT_POSITION("x (m)"),
        /** Displacement of the frame in the plane over the step by its duration. */
        FRAME_VELOCITY("velocity x (m/s)", "velocity y (m/s)"),
        /** Position of the frame in the plane. */
        FRAME_POSITION("x (m)", "y (m)"),
        /** Position of the frame in space. */
        FRAME_POSITION_3D("x (m)", "y (m)", "z (m)"),
        /** Displacement of the centre of mass in the plane over the step by its duration. */
        CENTRE_VELOCITY("velocity of the centre of mass x (m/s)", "velocity of the centre of mass y (m/s)"),
        /** Σ min(|f|, 1)² over all external forces. */
        CLIPPED_CONTACT_COST("squared clipped contact forces"),
        /** Σ f² over all external forces. */
        CONTACT_COST("squared contact forces (N²)");

        private final List<String> names;

        Quantity(String... names) {
            this.names = List.of(names);
        }

        /** Its entries, with units. */
        public List<String> names() {
            return names;
        }
    }

    /**
     * How the start state is drawn: the model's own position and no velocity, plus noise.
     *
     * @param positionNoise positions + U(−positionNoise, positionNoise)
     * @param velocityNoise velocities + noise of this size
     * @param gaussian whether the velocities' noise is velocityNoise · N(0, 1) instead of U(−velocityNoise, velocityNoise)
     */
    public record Start(double positionNoise, double velocityNoise, boolean gaussian) {
        /** Checks both sizes; 0 of a uniform noise is none. */
        public Start {
            Require.number(positionNoise, positionNoise >= 0 && positionNoise <= LARGEST, "positionNoise",
                "0 to 1e6, usually 0.005 to 0.1");
            Require.number(velocityNoise, velocityNoise >= 0 && velocityNoise <= LARGEST, "velocityNoise",
                "0 to 1e6, usually 0.005 to 0.1");
        }
    }

    /** When an episode goes on. */
    @FunctionalInterface
    public interface Life {
        /** Whether a body in this state is still alive; states that are not finite are an error of their own. */
        boolean goesOn(double[] positions, double[] velocities);

        /** Nothing ends an episode. */
        static Life endless() {
            return (positions, velocities) -> true;
        }
    }

    /** A difference from the model file. */
    public sealed interface Change {}

    /**
     * Multiplies mass entries of the compiled model and nothing else: no inertia, no derived constant.
     *
     * @param factors one per part, with the world
     */
    public record Masses(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Masses {
            factors = requireFactors(factors);
        }
    }

    /** The same for the principal inertias: three factors per part, with the world. */
    public record Inertias(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Inertias {
            factors = requireFactors(factors);
        }
    }

    /** The same for the damping of the degrees of freedom. */
    public record Dampings(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Dampings {
            factors = requireFactors(factors);
        }
    }

    /** The same for sliding, torsional and rolling friction: three factors per geom. */
    public record Frictions(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Frictions {
            factors = requireFactors(factors);
        }
    }

    private static List<Double> requireFactors(List<Double> factors) {
        for (int i = 0; i < factors.size(); i++) {
            Double factor = factors.get(i);
            if (factor == null || !(factor >= 0 && factor <= LARGEST))
                throw new IllegalArgumentException(
                    "factors[" + i + "] is " + factor + ", expected a finite number of at least 0, at most 1e6, usually near 1");
        }
        return List.copyOf(factors);
    }

    /** Sets the armature, in kg·m², of every joint with a limit, that is all but the root. */
    public record Armature(double value) implements Change {
        /** Checks the value. */
        public Armature {
            Require.number(value, value >= 0 && value <= LARGEST, "value of the armature", "0 to 1e6 kg·m², usually 0.01 to 1");
        }
    }

    /** Sets the radius of a capsule, in m, before the model is compiled, so that mass and inertia follow. */
    public record Radius(String geom, double value) implements Change {
        /** Checks the value. */
        public Radius {
            if (!(value > 0 && value <= LARGEST))
                throw new IllegalArgumentException("value of the radius of '" + geom + "' is " + value
                    + " m, expected a positive finite number, at most 1e6, usually 0.01 to 0.1");
        }
    }

    /** Sets the time step, in s. */
    public record Timestep(double seconds) implements Change {
        /** Checks the value. */
        public Timestep {
            Require.number(seconds, seconds > 0 && seconds <= 1, "seconds", "above 0 and at most 1, usually 0.002 to 0.01");
        }
    }

    /** Takes away the power of motors, by number: their action counts as 0. */
    public record Powerless(List<Integer> motors) implements Change {
        /** Checks that no number is negative. */
        public Powerless {
            motors = List.copyOf(motors);
            for (int motor : motors) Require.count(motor, 0, "motors", "numbers of motors from 0 on");
        }
    }

    /** The same body with one more change. */
    public Body with(Change change) {
        var all = new ArrayList<>(changes);
        all.add(change);
        return Copy.with(this, "changes", List.copyOf(all));
    }

    /** The same body with another observation. */
    public Body seeing(Sight... sights) {
        return Copy.with(this, "sights", List.of(sights));
    }

    /** The same body with another outcome. */
    public Body telling(Quantity... quantities) {
        return Copy.with(this, "quantities", List.of(quantities));
    }

    /** The same body with another end. */
    public Body living(Life life) {
        return Copy.with(this, "life", life);
    }

    /** The names of all entries of the outcome. */
    public List<String> outcomeNames() {
        return quantities.stream().flatMap(q -> q.names().stream()).toList();
    }
}
