package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * Real numbers in (−1, 1), each the hyperbolic tangent of a normal one (Haarnoja et al. 2018, appendix C): a = tanh u with u ~ N(μ, σ²), so
 * that log π(a) = log N(u; μ, σ) − Σ_j log(1 − tanh² u_j). Outputs are μ, then log σ. An action is encoded as itself.
 *
 * <p>log σ is held in [−20, 2], as in the authors' code and in PEARL's: above, all actions would lie at the bounds and their densities
 * would overflow; below, σ could reach 0. Where an output lies outside, its gradient is 0. The logarithm of the slope is computed as log(1
 * − tanh² u) = 2 (log 2 − u − softplus(−2u)), which stays finite where tanh² u rounds to 1.
 *
 * @param size numbers in an action
 */
public record SquashedGaussian(int size) implements RealActions {
    /** Bounds of log σ. */
    public static final double LEAST_LOG_DEVIATION = -20, LARGEST_LOG_DEVIATION = 2;
    /** Given actions are moved this far away from ±1, where u would be infinite: single precision keeps no more apart. */
    private static final double MARGIN = 1e-6;
    /** Nodes of the entropy's quadrature lie between ± this many standard deviations. */
    private static final double REACH = 6;
    private static final int NODES = 81;

    /** Checks the size. */
    public SquashedGaussian {
        Require.count(size, 1, "size", "at least 1 number in an action");
    }

    /**
     * Actions as functions of the outputs.
     *
     * @param actions rows × size, in (−1, 1)
     * @param logProbability log π of each, rows × 1
     * @param normals the u behind the actions, rows × size
     */
    public record Sample(NDArray actions, NDArray logProbability, NDArray normals) {}

    @Override
    public Draw draw(float[] outputs, int from, RandomGenerator random) {
        double[] action = new double[size];
        double log = 0;
        for (int j = 0; j < size; j++) {
            double noise = random.nextGaussian(), logDeviation = bounded(outputs[from + size + j]);
            double u = outputs[from + j] + Math.exp(logDeviation) * noise;
            action[j] = Math.tanh(u);
            log += Gaussian.standardLogDensity(noise) - logDeviation - logSlope(u);
        }
        return new Draw(action, log);
    }

    /** log(1 − tanh² u). */
    private static double logSlope(double u) {
        double size = Math.abs(u);
        return 2 * (Math.log(2) - size - Math.log1p(Math.exp(-2 * size)));
    }

    private static double bounded(double logDeviation) {
        return Math.max(LEAST_LOG_DEVIATION, Math.min(LARGEST_LOG_DEVIATION, logDeviation));
    }

    /** tanh μ, the image of the most likely u. The density of a itself is largest somewhere else, for large σ near both bounds. */
    @Override
    public double[] mode(float[] outputs, int from) {
        double[] action = new double[size];
        for (int j = 0; j < size; j++) action[j] = Math.tanh(outputs[from + j]);
        return action;
    }

    /**
     * Reparameterised draws a = tanh(μ + σ ε): with the noise held fixed they and their log π can be differentiated for the outputs.
     *
     * @param outputs rows × {@link #outputs()}
     * @param noise ε, standard normal, rows × size
     */
    public Sample sample(NDArray outputs, NDArray noise) {
        NDList halves = halves(outputs);
        NDArray logDeviations = halves.get(1), u = logDeviations.exp().mul(noise).add(halves.get(0));
        // (u − μ) / σ is ε: dividing back would lose it where σ is small
        NDArray normal = Gradients.scaled(noise.square(), -0.5).sub(logDeviations).sub((float) Gaussian.HALF_LOG_TWO_PI);
        return new Sample(u.tanh(), total(normal.sub(logSlope(u))), u);
    }

    @Override
    public double logProbability(float[] outputs, int from, double[] action) {
        double sum = 0;
        for (int j = 0; j < size; j++) {
            double a = Math.max(MARGIN - 1, Math.min(1 - MARGIN, action[j])), u = 0.5 * (Math.log1p(a) - Math.log1p(-a));
            sum += Gaussian.logDensity(u, outputs[from + j], bounded(outputs[from + size + j])) - Math.log1p(-a * a);
        }
        return sum;
    }

    /** Of actions that were given; those within 10⁻⁶ of a bound count as if they lay there. */
    @Override
    public NDArray logProbability(NDArray outputs, NDArray actions) {
        NDArray inside = actions.clip(MARGIN - 1, 1 - MARGIN);
        return logProbabilityOfNormals(outputs, Gradients.scaled(inside.add(1).log().sub(inside.neg().add(1).log()), 0.5));
    }

    /**
     * The same of actions tanh u that are given by their u, such as those of another policy: exact near the bounds, too.
     *
     * @param outputs rows × {@link #outputs()}
     * @param u rows × size
     */
    public NDArray logProbabilityOfNormals(NDArray outputs, NDArray u) {
        NDList halves = halves(outputs);
        return Gaussian.logProbability(halves.get(0), halves.get(1), u).sub(total(logSlope(u)));
    }

    /** That of the normal u: squashing both in the same way changes nothing. */
    @Override
    public NDArray divergence(NDArray old, NDArray outputs) {
        return Gaussian.divergence(halves(old), halves(outputs));
    }

    /**
     * H(u) + Σ_j E[log(1 − tanh² u_j)]. The mean has no closed form; the trapezoidal rule with 81 nodes over ±6 σ is exact to 4·10⁻⁵ per
     * number for all σ allowed here, and to 10⁻⁷ up to σ = 4.
     */
    @Override
    public NDArray entropy(NDArray outputs) {
        NDList halves = halves(outputs);
        double[] nodes = new double[NODES], weights = new double[NODES];
        double sum = 0;
        for (int k = 0; k < NODES; k++) {
            nodes[k] = REACH * (2.0 * k / (NODES - 1) - 1);
            sum += weights[k] = Math.exp(-nodes[k] * nodes[k] / 2);
        }
        for (int k = 0; k < NODES; k++) weights[k] /= sum;
        NDArray u = halves.get(1).exp().expandDims(2).mul(likeOutputs(nodes, outputs)).add(halves.get(0).expandDims(2));
        NDArray slopes = logSlope(u).mul(likeOutputs(weights, outputs)).sum(new int[] {2});
        return Gaussian.entropyOf(halves.get(1)).add(total(slopes));
    }

    private static NDArray likeOutputs(double[] values, NDArray outputs) {
        return outputs.getManager().create(values, new Shape(1, 1, values.length)).toType(outputs.getDataType(), false);
    }

    /** Means and log standard deviations, these within their bounds. */
    private NDList halves(NDArray outputs) {
        NDList halves = new Gaussian(size).halves(outputs);
        return new NDList(halves.get(0), halves.get(1).clip(LEAST_LOG_DEVIATION, LARGEST_LOG_DEVIATION));
    }

    /** log(1 − tanh² u). */
    private static NDArray logSlope(NDArray u) {
        NDArray tail = Gradients.scaled(u, -2).getNDArrayInternal().softPlus();
        return Gradients.scaled(u.add(tail).sub(Math.log(2)), -2);
    }

    private static NDArray total(NDArray values) {
        return values.sum(new int[] {1}, true);
    }
}
