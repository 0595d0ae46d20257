package metarl.diagnose.bandit;

import java.util.function.DoubleUnaryOperator;

/** How an importance weight w = π_e/π_b enters an estimate: ŵ = s(w, λ), each a trade of bias against variance. */
public enum WeightShape {
    /** ŵ = 0: no correction at all, the direct method. */
    NONE,
    /** ŵ = w. */
    PLAIN,
    /** ŵ = min(w, λ) (Ionides 2008; Su et al. 2020 call it pessimistic shrinkage). λ = ∞ is w. */
    CLIPPED,
    /** ŵ = w where w ≤ λ, else 0 (Wang et al. 2017). λ = 0 is no correction, ∞ is w. */
    SWITCHED,
    /** ŵ = λw / (w² + λ) (Su et al. 2020, optimistic shrinkage). λ = 0 is no correction, ∞ is w. */
    SHRUNK,
    /** ŵ = w / (1 − λ + λw) (Metelli et al. 2021, power −1). λ = 0 is w, 1 is the plain mean. */
    SUB_GAUSSIAN;

    /** Whether there is a λ to choose. */
    public boolean hasParameter() {
        return this != NONE && this != PLAIN;
    }

    /** The λ at which ŵ = w. */
    double neutral() {
        return this == SUB_GAUSSIAN ? 0 : Double.POSITIVE_INFINITY;
    }

    /** s(·, λ). */
    DoubleUnaryOperator with(double lambda) {
        return switch (this) {
            case NONE -> w -> 0;
            case PLAIN -> w -> w;
            case CLIPPED -> w -> Math.min(w, lambda);
            case SWITCHED -> w -> w <= lambda ? w : 0;
            // both limits of λ and w = 0 without 0/0 or ∞/∞
            case SHRUNK -> w -> w == 0 ? 0 : w / (w * w / lambda + 1);
            case SUB_GAUSSIAN -> w -> w == 0 ? 0 : w / (1 - lambda + lambda * w);
        };
    }

    /** The largest ŵ that a weight of at most {@code largestWeight} can have. */
    double bound(double lambda, double largestWeight) {
        double worst = switch (this) {
            case SHRUNK -> Math.min(largestWeight, Math.sqrt(lambda));
            case CLIPPED, SWITCHED -> Math.min(largestWeight, lambda);
            case NONE, PLAIN, SUB_GAUSSIAN -> largestWeight;
        };
        return with(lambda).applyAsDouble(worst);
    }
}
