package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import metarl.nn.Gradients;

/** What methods with two critics have in common: how far the critics are from what one step of experience says. */
final class TemporalDifference {
    private TemporalDifference() {}

    /**
     * y = r + γ (1 − d) v', what a critic should say of each row; all arrays are rows × 1.
     *
     * @param rewards r
     * @param notTerminated 1 − d: 0 where the episode ended for good, 1 also where a time limit cut it off
     * @param discount γ
     * @param nextValues v', the value of what follows
     */
    static NDArray target(NDArray rewards, NDArray notTerminated, double discount, NDArray nextValues) {
        return rewards.add(Gradients.scaled(notTerminated, discount).mul(nextValues));
    }

    /** Mean over rows of w·((Q₁ − y)² + (Q₂ − y)²), a scalar; {@code weights} null counts every row once. */
    static NDArray criticLoss(NDArray first, NDArray second, NDArray target, NDArray weights) {
        return mean(first.sub(target).square().add(second.sub(target).square()), weights);
    }

    /**
     * Mean over rows of w·((L − Q₁)₊² + (L − Q₂)₊²), a scalar: what is below a lower bound of the value is pulled up, what is above it is
     * left alone.
     *
     * @param firstGap (L − Q₁)₊, as {@link #gap} says it
     * @param secondGap (L − Q₂)₊
     */
    static NDArray lowerBoundLoss(NDArray firstGap, NDArray secondGap, NDArray weights) {
        return mean(firstGap.square().add(secondGap.square()), weights);
    }

    /** (L − Q)₊ of each row. */
    static NDArray gap(NDArray values, NDArray bounds) {
        return bounds.sub(values).getNDArrayInternal().relu();
    }

    /** Mean of w·values. */
    static NDArray mean(NDArray values, NDArray weights) {
        return (weights == null ? values : values.mul(weights)).mean();
    }
}
