package metarl.env.body;

import java.util.List;
import metarl.basics.Require;

/** A difference from the model. */
public sealed interface Change {
    /** No constant of a model is larger. */
    double LARGEST = 1e6;

    /**
     * Multiplies mass entries of the compiled model and nothing else: no inertia, no derived constant.
     *
     * @param factors one per part, with the world
     */
    record Masses(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Masses {
            factors = requireFactors(factors);
        }
    }

    /** The same for the principal inertias: three factors per part, with the world. */
    record Inertias(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Inertias {
            factors = requireFactors(factors);
        }
    }

    /** The same for the damping of the degrees of freedom. */
    record Dampings(List<Double> factors) implements Change {
        /** Checks every factor. */
        public Dampings {
            factors = requireFactors(factors);
        }
    }

    /** The same for sliding, torsional and rolling friction: three factors per geom. */
    record Frictions(List<Double> factors) implements Change {
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
    record Armature(double value) implements Change {
        /** Checks the value. */
        public Armature {
            Require.number(value, value >= 0 && value <= LARGEST, "value of the armature", "0 to 1e6 kg·m², usually 0.01 to 1");
        }
    }

    /** Sets the radius of a capsule, in m, before the model is compiled, so that mass and inertia follow. */
    record Radius(String geom, double value) implements Change {
        /** Checks the value. */
        public Radius {
            if (!(value > 0 && value <= LARGEST))
                throw new IllegalArgumentException("value of the radius of '" + geom + "' is " + value
                    + " m, expected a positive finite number, at most 1e6, usually 0.01 to 0.1");
        }
    }

    /** Sets the time step, in s. */
    record Timestep(double seconds) implements Change {
        /** Checks the value. */
        public Timestep {
            Require.number(seconds, seconds > 0 && seconds <= 1, "seconds", "above 0 and at most 1, usually 0.002 to 0.01");
        }
    }

    /** Takes away the power of motors, by number: their action counts as 0. */
    record Powerless(List<Integer> motors) implements Change {
        /** Checks that no number is negative. */
        public Powerless {
            motors = List.copyOf(motors);
            for (int motor : motors) Require.count(motor, 0, "motors", "numbers of motors from 0 on");
        }
    }

    /**
     * Sets the mass of a body part, in kg; its inertia grows in proportion, and derived constants are computed again.
     *
     * @param part its name
     */
    record Mass(String part, double kilograms) implements Change {
        /** Checks the mass. */
        public Mass {
            Require.number(kilograms, kilograms > 0 && kilograms <= LARGEST, "kilograms of '" + part + "'", "above 0 and at most 1e6 kg");
        }
    }

    /**
     * Sets the damping of a joint, in N·m·s/rad or N·s/m; derived constants are computed again.
     *
     * @param joint its name
     */
    record Damping(String joint, double value) implements Change {
        /** Checks the value. */
        public Damping {
            Require.number(value, value >= 0 && value <= LARGEST, "value of the damping of '" + joint + "'", "0 to 1e6");
        }
    }

    /**
     * Sets the gear of a motor: its force or torque per unit of control.
     *
     * @param motor its name
     */
    record Gear(String motor, double value) implements Change {
        /** Checks the value. */
        public Gear {
            Require.number(value, Math.abs(value) <= LARGEST, "value of the gear of '" + motor + "'", "a number of at most 1e6 in size");
        }
    }
}
