package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * Independent real numbers: outputs are the means μ, then the logarithms of the standard deviations σ;
 * log π(a) = Σ_j −½ ((a_j − μ_j) / σ_j)² − log σ_j − ½ log 2π. An action is encoded as itself.
 *
 * @param size numbers in an action
 */
public record Gaussian(int size) implements RealActions {
    static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    /** Checks the size. */
    public Gaussian {
        Require.count(size, 1, "size", "at least 1 number in an action");
    }

    @Override
    public Draw draw(float[] outputs, int from, RandomGenerator random) {
        double[] action = mode(outputs, from);
        double log = 0;
        for (int j = 0; j < size; j++) {
            double noise = random.nextGaussian(), logDeviation = outputs[from + size + j];
            action[j] += Math.exp(logDeviation) * noise;
            log += standardLogDensity(noise) - logDeviation;
        }
        return new Draw(action, log);
    }

    /** log N(z; 0, 1). */
    static double standardLogDensity(double z) {
        return -0.5 * z * z - HALF_LOG_TWO_PI;
    }

    @Override
    public double[] mode(float[] outputs, int from) {
        double[] action = new double[size];
        for (int j = 0; j < size; j++) action[j] = outputs[from + j];
        return action;
    }

    @Override
    public double logProbability(float[] outputs, int from, double[] action) {
        double sum = 0;
        for (int j = 0; j < size; j++) sum += logDensity(action[j], outputs[from + j], outputs[from + size + j]);
        return sum;
    }

    /** log N(x; μ, σ² I), one deviation for all numbers; σ is above 0. */
    public static double logDensity(double[] x, double[] means, double deviation) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) sum += logDensity(x[j], means[j], Math.log(deviation));
        return sum;
    }

    /** log N(x; μ, σ). */
    static double logDensity(double x, double mean, double logDeviation) {
        return standardLogDensity((x - mean) * Math.exp(-logDeviation)) - logDeviation;
    }

    /** Means and log standard deviations; the gradient of one split is half that of two slices. */
    NDList halves(NDArray outputs) {
        return outputs.split(new long[] {size}, 1);
    }

    @Override
    public NDArray logProbability(NDArray outputs, NDArray actions) {
        NDList halves = halves(outputs);
        return logProbability(halves.get(0), halves.get(1), actions);
    }

    /**
     * The same for means and log standard deviations that come apart.
     *
     * @param means … × numbers
     * @param logDeviations of a shape that can be broadcast to the means'
     * @param actions of the means' shape
     * @return … × 1, summed over the last axis
     */
    public static NDArray logProbability(NDArray means, NDArray logDeviations, NDArray actions) {
        NDArray z = actions.sub(means).mul(logDeviations.neg().exp());
        return Gradients.scaled(z.square(), -0.5).sub(logDeviations).sub((float) HALF_LOG_TWO_PI).sum(new int[] {-1}, true);
    }

    @Override
    public NDArray divergence(NDArray old, NDArray outputs) {
        return divergence(halves(old), halves(outputs));
    }

    /** The same, given means and log standard deviations. */
    static NDArray divergence(NDList before, NDList after) {
        NDArray was = before.get(1), is = after.get(1);
        NDArray squares = Gradients.scaled(was, 2).exp().add(before.get(0).sub(after.get(0)).square());
        return is.sub(was).add(Gradients.scaled(squares.mul(Gradients.scaled(is, -2).exp()), 0.5)).sub(0.5f).sum(new int[] {1}, true);
    }

    @Override
    public NDArray entropy(NDArray outputs) {
        return entropyOf(halves(outputs).get(1));
    }

    /** The same, given log standard deviations. */
    static NDArray entropyOf(NDArray logDeviations) {
        return logDeviations.add((float) (HALF_LOG_TWO_PI + 0.5)).sum(new int[] {1}, true);
    }
}
