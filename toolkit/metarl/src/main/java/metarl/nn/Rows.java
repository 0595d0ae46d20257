package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import metarl.basics.Require;

/** Rows of numbers on their way to networks and back. */
public final class Rows {
    private Rows() {}

    /**
     * Rows of this width, one after the other.
     *
     * @param what they are, such as "observation"
     * @param more what is to be said besides where the width is another; may be empty
     * @throws IllegalArgumentException where a row has another width
     */
    public static float[] flat(double[][] rows, int width, String what, String more) {
        float[] flat = new float[Require.tensor("the " + what + "s", "the number of environments", rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == null || rows[i].length != width) throw Require.refused(what + " " + i,
                rows[i] == null ? null : "one of " + rows[i].length + " entries", width + " entries" + more);
            for (int j = 0; j < width; j++) flat[i * width + j] = (float) rows[i][j];
        }
        return flat;
    }

    /** rows × width, in a short-lived manager. */
    public static NDArray array(float[] flat, int width, NDManager scope) {
        return scope.create(flat, new Shape(flat.length / width, width));
    }

    /** So many rows of equal width, in a short-lived manager. */
    public static NDArray ofCount(float[] flat, long count, NDManager scope) {
        return scope.create(flat, new Shape(count, flat.length / count));
    }

    /** Flat rows in these units. */
    public static float[] normalized(float[] flat, Normalizer units) {
        float[] normalized = new float[flat.length];
        for (int at = 0; at < flat.length; at += units.means().length) units.normalize(flat, at, normalized, at);
        return normalized;
    }

    /** The rows of flat numbers. */
    public static double[][] of(float[] flat, int width) {
        double[][] rows = new double[flat.length / width][width];
        for (int i = 0; i < flat.length; i++) rows[i / width][i % width] = flat[i];
        return rows;
    }

    /** The rows of an array of two dimensions. */
    public static double[][] of(NDArray rows) {
        return of(rows.toFloatArray(), (int) rows.getShape().get(1));
    }
}
