package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import metarl.basics.Require;

/**
 * Brings numbers of different units to mean 0 and deviation 1, entry by entry, and back: x̂ = (x − m) / d.
 *
 * @param means m, one per entry
 * @param deviations d, one per entry, positive
 */
public record Normalizer(float[] means, float[] deviations) {
    /** A deviation this small, relative to the mean, is rounding. */
    private static final double SMALL = 1e-12;

    /** Checks the sizes. */
    public Normalizer {
        Require.that(means.length == deviations.length, "the number of deviations", deviations.length,
            means.length + ", as many as there are means");
        for (float d : deviations) Require.number(d, d > 0, "a deviation", "above 0");
    }

    /** One that changes nothing. */
    public static Normalizer none(int width) {
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        return new Normalizer(new float[width], ones);
    }

    /**
     * By mean and standard deviation of the rows; an entry that is the same in all rows keeps its unit.
     *
     * @param rows rows × entries, flat; at least one row
     * @param width entries of a row
     */
    public static Normalizer of(float[] rows, int width) {
        Require.that(width >= 1 && rows.length >= width && rows.length % width == 0, "the number of values", rows.length,
            "rows of " + width + " entries, at least one");
        int n = rows.length / width;
        double[] means = new double[width], variances = new double[width];
        for (int j = 0; j < width; j++) {
            for (int i = 0; i < n; i++) means[j] += (double) rows[i * width + j] / n;
            for (int i = 0; i < n; i++) variances[j] += (rows[i * width + j] - means[j]) * (rows[i * width + j] - means[j]) / n;
        }
        return of(means, variances);
    }

    /** By means and variances that are known; an entry that is the same everywhere keeps its unit. */
    public static Normalizer of(double[] means, double[] variances) {
        int width = means.length;
        Require.that(variances.length == width, "the number of variances", variances.length, width + ", as many as there are means");
        float[] m = new float[width], deviations = new float[width];
        for (int j = 0; j < width; j++) {
            m[j] = (float) means[j];
            double deviation = Math.sqrt(variances[j]);
            deviations[j] = deviation > SMALL * Math.max(1, Math.abs(means[j])) ? (float) deviation : 1;
        }
        return new Normalizer(m, deviations);
    }

    /** x̂ of one row of x, from place {@code at} of an array to place {@code to} of another. */
    public void normalize(float[] values, int at, float[] normalized, int to) {
        for (int j = 0; j < means.length; j++) normalized[to + j] = (values[at + j] - means[j]) / deviations[j];
    }

    /** x̂ of x, … × entries. */
    public NDArray normalized(NDArray values) {
        return values.sub(like(means, values)).div(like(deviations, values));
    }

    /** x of x̂, … × entries. */
    public NDArray restored(NDArray normalized) {
        return normalized.mul(like(deviations, normalized)).add(like(means, normalized));
    }

    /** 2 log d, to be added to the logarithm of a variance of x̂ to make it one of x. */
    public NDArray restoredLogVariance(NDArray logVariance) {
        return logVariance.add(Gradients.scaled(like(deviations, logVariance).log(), 2));
    }

    private static NDArray like(float[] values, NDArray other) {
        return other.getManager().create(values, new Shape(values.length)).toType(other.getDataType(), false);
    }
}
