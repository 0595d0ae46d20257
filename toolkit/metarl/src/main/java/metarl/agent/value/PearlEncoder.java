package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import metarl.basics.Require;
import metarl.nn.Gradients;
import metarl.nn.Mlp;

/**
 * PEARL's encoder (Rakelly et al. 2019, section 4.1) as functions of its parameters: every transition of a context is a Gaussian factor of
 * the posterior over z, so that their order says nothing, q(z|c) ∝ Π_n N(z; μ(c_n), σ²(c_n)) (equation 2).
 *
 * <p>The network gives μ and ρ of each transition, with σ² = max(softplus ρ, 10⁻⁷) as in the released code.
 *
 * @param network from a transition to μ, then ρ
 */
public record PearlEncoder(Mlp network) {
    /** Below this, variances would make products that no number holds. */
    private static final double LEAST_VARIANCE = 1e-7;

    /** Checks the outputs. */
    public PearlEncoder {
        Require.that(network.outputs() % 2 == 0, "outputs of the encoder", network.outputs(),
            "an even number: a mean and a variance for each entry of z");
    }

    /**
     * An encoder with hidden layers of these widths.
     *
     * @param row numbers of a transition: (s, a, r), or (s, a, r, s')
     * @param latentSize entries of z
     */
    public static PearlEncoder of(int row, int latentSize, int... hidden) {
        return new PearlEncoder(Mlp.of(row, hidden, 2 * latentSize));
    }

    /**
     * Gaussians with independent entries.
     *
     * @param mean μ; the last dimension is that of z
     * @param variance σ², of the same shape
     */
    public record Gaussians(NDArray mean, NDArray variance) {}

    /** Entries of z. */
    public int latentSize() {
        return network.outputs() / 2;
    }

    /**
     * The factor of every transition.
     *
     * @param transitions rows × inputs
     * @param own the encoder's arrays
     * @return rows × z
     */
    public Gaussians factors(NDArray transitions, NDList own) {
        NDList halves = network.forward(transitions, own).split(2, 1);
        return new Gaussians(halves.get(0), halves.get(1).getNDArrayInternal().softPlus().clip(LEAST_VARIANCE, Float.MAX_VALUE));
    }

    /**
     * q(z|c) of several tasks in one pass. A transition that is drawn several times is as many factors and one row.
     *
     * @param contexts (tasks · rows) × inputs: first all transitions of the first task
     * @param counts how often each transition stands in its context, tasks × rows × 1
     * @return tasks × z
     */
    public Gaussians posterior(NDArray contexts, NDArray counts, NDList own) {
        Gaussians all = factors(contexts, own);
        Shape each = new Shape(counts.getShape().get(0), counts.getShape().get(1), latentSize());
        return product(new Gaussians(all.mean.reshape(each), all.variance.reshape(each)), counts);
    }

    /**
     * The normalised product of each task's factors, each taken kₙ times: 1/σ² = Σ kₙ/σₙ², μ = σ² Σ kₙ μₙ/σₙ².
     *
     * @param factors tasks × factors × z
     * @param counts kₙ, tasks × factors × 1
     * @return tasks × z
     */
    public static Gaussians product(Gaussians factors, NDArray counts) {
        int[] overFactors = {1};
        NDArray precision = inverse(factors.variance).mul(counts);
        NDArray variance = inverse(precision.sum(overFactors));
        return new Gaussians(factors.mean.mul(precision).sum(overFactors).mul(variance), variance);
    }

    private static NDArray inverse(NDArray values) {
        return values.onesLike().div(values);
    }

    /** Σ KL(q ‖ N(0, I)) over tasks and entries, ½ Σ (μ² + σ² − 1 − log σ²), a scalar. */
    public static NDArray divergence(Gaussians q) {
        return Gradients.scaled(q.mean.square().add(q.variance).sub(1).sub(q.variance.log()).sum(), 0.5);
    }

    /**
     * z = μ + σ ε, repeated for the rows of each task.
     *
     * @param q tasks × z
     * @param noise ε, standard normal, tasks × z
     * @param rows rows of a task
     * @return (tasks · rows) × z
     */
    public static NDArray draw(Gaussians q, NDArray noise, int rows) {
        NDArray z = q.variance.sqrt().mul(noise).add(q.mean);
        long tasks = z.getShape().get(0), size = z.getShape().get(1);
        return z.expandDims(1).broadcast(new Shape(tasks, rows, size)).reshape(tasks * rows, size);
    }
}
