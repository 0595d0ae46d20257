package metarl.env.wrapper;

import metarl.env.Environment;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;

/** Pays a reward only where it reaches a threshold, and 0 elsewhere: r if r ≥ threshold, else 0. */
public final class SparseReward extends WrappedEnvironment {
    private final double threshold;

    /** Makes the rewards of an environment sparse; the threshold must be a number. */
    public SparseReward(Environment inner, double threshold) {
        super(inner);
        if (!Double.isFinite(threshold)) throw new IllegalArgumentException("threshold is " + threshold + ", expected a finite number");
        this.threshold = threshold;
    }

    @Override
    public Step step(double[] action) {
        Step step = super.step(action);
        return step.reward() >= threshold ? step : paying(step, 0);
    }
}
