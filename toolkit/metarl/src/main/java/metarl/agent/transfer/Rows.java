package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import metarl.basics.Require;
import metarl.data.MetaReplay;
import metarl.nn.Normalizer;

/** Rows of numbers on their way to networks and back. */
final class Rows {
    private Rows() {}

    /**
     * Rows of this width, one after the other.
     *
     * @param what they are, such as "observation"
     * @param more what is to be said besides where the width is another; may be empty
     */
    static float[] flat(double[][] rows, int width, String what, String more) {
        float[] flat = new float[Require.tensor("the " + what + "s", "the number of environments", rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == null || rows[i].length != width) throw Require.refused(what + " " + i,
                rows[i] == null ? null : "one of " + rows[i].length + " entries", width + " entries" + more);
            for (int j = 0; j < width; j++) flat[i * width + j] = (float) rows[i][j];
        }
        return flat;
    }

    /** rows × width, in a short-lived manager. */
    static NDArray array(float[] flat, int width, NDManager scope) {
        return scope.create(flat, new Shape(flat.length / width, width));
    }

    /** Flat rows in these units. */
    static float[] normalized(float[] flat, Normalizer units) {
        float[] normalized = new float[flat.length];
        for (int at = 0; at < flat.length; at += units.means().length) units.normalize(flat, at, normalized, at);
        return normalized;
    }

    /** The rows of flat numbers. */
    static double[][] of(float[] flat, int width) {
        double[][] rows = new double[flat.length / width][width];
        for (int i = 0; i < flat.length; i++) rows[i / width][i % width] = flat[i];
        return rows;
    }

    /**
     * Refuses a replay of other tasks.
     *
     * @param whom it was made for, such as "translator"
     */
    static void require(MetaReplay data, int observationSize, int actionSize, String whom) {
        Require.that(data.observationSize() == observationSize && data.actionSize() == actionSize,
            "the size of observations and actions in the replay", data.observationSize() + " and " + data.actionSize(),
            observationSize + " and " + actionSize + ", as the " + whom + " was made for");
    }

    /** What to say of a task without transitions. */
    static IllegalStateException empty(int task) {
        return new IllegalStateException("the replay holds no transitions of task " + task + ": collect episodes of it before fitting");
    }
}
