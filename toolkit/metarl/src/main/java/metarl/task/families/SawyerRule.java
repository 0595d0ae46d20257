package metarl.task.families;

import java.util.function.UnaryOperator;
import metarl.basics.Require;
import metarl.env.body.SawyerObject;

/** A hand-made rule by which the Sawyer arm does its task; see {@link Sawyer#rule}. */
record SawyerRule(SawyerObject object) implements UnaryOperator<double[]> {
    private static final int SIZE = 39, OBJECT = 4, GOAL = 36;
    /** The hand goes by ten times its error, in units of 0.01 m: by a tenth of it. */
    private static final double GAIN = 10;
    private static final double ABOVE = 0.2, HEIGHT_OF_CARRIED_MUG = 0.1;

    @Override
    public double[] apply(double[] observation) {
        Require.that(observation.length == SIZE, "the length of the observation", observation.length,
            SIZE + ", as the Sawyer arm gives it");
        return object == SawyerObject.MUG ? mug(observation) : puck(observation, object == SawyerObject.CUBE ? 0.02 : 0);
    }

    /** @param middle height of the middle of the object above its frame */
    private static double[] puck(double[] o, double middle) {
        double x = o[OBJECT], y = o[OBJECT + 1], z = o[OBJECT + 2] + middle;
        // a little to the side of the middle
        double aside = x - 0.005, height = Math.abs(o[2] - z);
        double effort = Math.hypot(o[0] - x, o[1] - y) > 0.02 || height > 0.1 ? 0 : 0.6;
        if (Math.hypot(o[0] - aside, o[1] - y) > 0.02) return towards(o, aside, y, z + ABOVE, effort);
        if (height > 0.04) return towards(o, aside, y, z + 0.03, effort);
        return towards(o, o[GOAL], o[GOAL + 1], o[GOAL + 2], effort);
    }

    private static double[] mug(double[] o) {
        // where the hand holds it
        double x = o[OBJECT] + 0.01, y = o[OBJECT + 1], z = o[OBJECT + 2] + 0.05;
        double off = Math.hypot(o[0] - x, o[1] - y), height = Math.abs(o[2] - z);
        double effort = off > 0.06 || height > 0.1 ? -1 : 0.5;
        if (off > 0.06) return towards(o, x, y, z + ABOVE, effort);
        if (height > 0.02) return towards(o, x, y, z, effort);
        return towards(o, o[GOAL], o[GOAL + 1], HEIGHT_OF_CARRIED_MUG, effort);
    }

    private static double[] towards(double[] o, double x, double y, double z, double effort) {
        return new double[] {bounded(GAIN * (x - o[0])), bounded(GAIN * (y - o[1])), bounded(GAIN * (z - o[2])), effort};
    }

    private static double bounded(double action) {
        return Math.max(-1, Math.min(1, action));
    }
}
