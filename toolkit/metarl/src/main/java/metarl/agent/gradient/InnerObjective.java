package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;

/**
 * What an inner step of a meta policy gradient raises: mean g Â over the steps of a task's episodes, where g is a function of log π(a|o)
 * and Â says how much better the action was than expected. At the policy that collected the episodes all three have the same gradient, the
 * policy gradient mean ∇log π Â. They differ in the second derivative, which the gradient through the inner step needs, and so in what of
 * ∇²J they estimate. With R the reward still to come and ∇ of one step written as ∇ₜ, the exact one is
 *
 * <pre>
 * ∇²J = E Σₜ Rₜ ∇ₜ² log π  +  E Σₜ Rₜ ∇ₜ log π ∇ₜ log πᵀ  +  E Σₜ (∇ₜ log π ∇Qₜᵀ + ∇Qₜ ∇ₜ log πᵀ)
 * </pre>
 *
 * <p>(Rothfuss et al. 2019, sections 4 and 5). The first part is what a fixed set of episodes says; the second and the third
 * are what θ does to the distribution that the episodes come from. {@link EnumeratedProcess} gives all of it without sampling.
 */
public enum InnerObjective {
    /**
     * g = log π(a|o), as in MAML's release (Finn et al. 2017): of ∇²J the first part alone, which depends on the baseline. For a table of
     * choices and an exact baseline it is 0 in the mean.
     */
    LOG_PROBABILITY {
        @Override
        public NDArray gain(NDArray log, NDArray old, NDArray starts) {
            return log;
        }
    },
    /**
     * g = π(a|o) / π_old(a|o), ProMP's low-variance curvature (Rothfuss et al. 2019, section 5): the first two parts. Of the third, how
     * an action changes what later actions earn, it knows nothing: a bias. A baseline changes no mean.
     */
    LIKELIHOOD_RATIO {
        @Override
        public NDArray gain(NDArray log, NDArray old, NDArray starts) {
            return log.sub(old).exp();
        }
    },
    /**
     * g = exp(τₜ − ⊥τₜ) − exp(τₜ₋₁ − ⊥τₜ₋₁) with τₜ = Σ_{k≤t} log π(aₖ|oₖ) within the episode and ⊥ what is held fixed: DiCE (Foerster et
     * al. 2018) with advantages, as in Loaded DiCE (Farquhar et al. 2019). All parts, without bias, and with the most variance:
     * every action is credited with all that comes later, to the second order too.
     *
     * <p>Why this form: with Âₜ = Σ_{k≥t} rₖ the sum over t is, but for a constant, Σₖ rₖ exp(τₖ − ⊥τₖ), DiCE's own; and a baseline b(oₜ)
     * in Âₜ adds Σₜ exp(τₜ₋₁ − ⊥τₜ₋₁) (ρₜ − 1) b(oₜ), whose mean is 0 for every θ, so that no derivative of any order is biased by it.
     * ProMP's release instead multiplies exp(τₜ − ⊥τₜ) by rₜ − b(oₜ), with b fitted to single rewards; that mean depends on θ. Unbiased
     * holds where Â is an advantage without discount (γ = λ = 1) and its scale is not taken from the same episodes; with γ below 1 later
     * steps count fully, as in most policy gradients.
     *
     * <p>It is the same at any θ: {@code old} is not asked for.
     */
    DICE {
        @Override
        public NDArray gain(NDArray log, NDArray old, NDArray starts) {
            if (starts == null)
                throw new IllegalArgumentException(
                    "DICE needs to know where episodes begin, but starts is null; expected tasks × rows");
            NDArray rows = log.reshape(starts.getShape()), before = rows.cumSum(1).sub(rows);
            NDArray until = before.sub(before.gather(starts, 1)), now = until.add(rows);
            return magic(now).sub(magic(until)).reshape(log.getShape());
        }
    };

    /**
     * g of every row, to be multiplied by its advantage, to be averaged, and to be differentiated up to twice.
     *
     * @param log log π(a|o), (tasks · rows) × 1, the steps of an episode one after the other
     * @param old log π_old(a|o) of the policy that collected the rows, held fixed, of the same shape; {@code log.stopGradient()} where that
     *     is π itself
     * @param starts tasks × rows, of 64-bit integers: in which of its task's rows a row's episode begins; only {@link #DICE} needs it
     * @return of the shape of {@code log}
     */
    public abstract NDArray gain(NDArray log, NDArray old, NDArray starts);

    /** Whether {@link #gain} asks where episodes begin. */
    boolean needsStarts() {
        return this == DICE;
    }

    /** 1, with the derivatives of a probability: DiCE's magic box. */
    private static NDArray magic(NDArray log) {
        return log.sub(log.stopGradient()).exp();
    }
}
