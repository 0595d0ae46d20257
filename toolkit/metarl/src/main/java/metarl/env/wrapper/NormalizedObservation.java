package metarl.env.wrapper;

import java.util.random.RandomGenerator;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;

/**
 * Observations standardized by their running mean and variance: clip((o − μ)/√(σ² + 1e-8), ±10), every observation being taken in before
 * it is standardized.
 *
 * <p>For evaluation wrap with {@link RunningStatistics#frozen()} statistics: they change no more, and the same state always looks the same.
 */
public final class NormalizedObservation extends WrappedEnvironment {
    private static final double BOUND = 10;

    private final RunningStatistics statistics;

    /** Standardizes the observations of an environment; statistics may be shared by environments that are stepped in turn. */
    public NormalizedObservation(Environment inner, RunningStatistics statistics) {
        super(inner);
        if (statistics.mean().length != inner.observations().size())
            throw new IllegalArgumentException("the statistics have " + statistics.mean().length + " entries, expected "
                + inner.observations().size() + ", the size of an observation");
        this.statistics = statistics;
    }

    @Override
    public Space observations() {
        return Space.box(super.observations().size(), BOUND);
    }

    @Override
    public double[] reset(RandomGenerator random) {
        return seen(super.reset(random));
    }

    @Override
    public Step step(double[] action) {
        Step step = super.step(action);
        return new Step(seen(step.observation()), step.reward(), step.terminated(), step.truncated(), step.outcome());
    }

    private double[] seen(double[] observation) {
        statistics.add(observation);
        double[] y = statistics.standardize(observation);
        for (int i = 0; i < y.length; i++) y[i] = Math.max(-BOUND, Math.min(BOUND, y[i]));
        return y;
    }
}
