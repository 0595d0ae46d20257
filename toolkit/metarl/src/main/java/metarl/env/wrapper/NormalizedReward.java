package metarl.env.wrapper;

import java.util.random.RandomGenerator;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;

/**
 * Rewards divided by the standard deviation of the discounted return so far: r/√(Var[R] + 1e-8) with R ← γ R + r, where R starts again
 * after a termination.
 *
 * <p>The practice of PPO implementations (Engstrom et al. 2020) and of Gymnasium. For evaluation leave it away, or wrap with
 * {@link RunningStatistics#frozen()} statistics.
 */
public final class NormalizedReward extends WrappedEnvironment {
    private final RunningStatistics statistics;
    private final double discount;
    private double discountedReturn;
    private boolean terminated;

    /**
     * Scales the rewards of an environment.
     *
     * @param statistics of returns, with one entry; may be shared by environments that are stepped in turn
     * @param discount γ in [0, 1)
     */
    public NormalizedReward(Environment inner, RunningStatistics statistics, double discount) {
        super(inner);
        if (statistics.mean().length != 1)
            throw new IllegalArgumentException("the statistics have " + statistics.mean().length + " entries, expected 1, the return");
        if (!(discount >= 0 && discount < 1)) throw new IllegalArgumentException("discount is " + discount + ", expected in [0, 1)");
        this.statistics = statistics;
        this.discount = discount;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        double[] observation = super.reset(random);
        if (terminated) discountedReturn = 0;
        terminated = false;
        return observation;
    }

    @Override
    public Step step(double[] action) {
        Step step = super.step(action);
        discountedReturn = discount * discountedReturn + step.reward();
        terminated = step.terminated();
        statistics.add(discountedReturn);
        return paying(step, step.reward() / statistics.deviation(0));
    }
}
