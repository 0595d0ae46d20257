package metarl.diagnose.bandit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import metarl.basics.Activity;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How λ of a {@link WeightShape} is chosen from the rounds themselves, without knowing the true value.
 *
 * <p>The interval of a tuned estimate treats λ as if it had been given, and shows no bias. A rule that finds the reward model good enough
 * chooses a λ that all but leaves the weights out; the estimate is then as good as that model, its interval far too narrow, and a warning
 * says so.
 */
public enum Tuning {
    /**
     * Smallest estimated MSE: variance + bias², bias = |mean (w − ŵ)(r − q̂)| (Su et al. 2020, direct bias estimate). Different from Wang
     * et al. 2017, who bound the bias of Switch by the largest reward and need π_b of every action, which logs seldom hold.
     */
    MSE,
    /**
     * The same with the bias raised to a bound that holds with 95 % probability if |r − q̂| ≤ 1: + √(2 mean w² ln 40 / n) + 2 max w ln 40 /
     * (3 n). Cautious: it prefers larger λ.
     */
    MSE_BOUND,
    /**
     * The least variable estimate whose interval of ± 2 widths meets those of all more variable ones (Su, Srinath and Krishnamurthy 2020).
     * Widths are one-sided 90 % Student t.
     */
    SLOPE,
    /** The same with the sharper test |θᵢ − θⱼ| ≤ widthᵢ + (√6 − 1) widthⱼ (Tucker and Lee 2021). */
    SLOPE_PLUS_PLUS;

    private static final int GRID = 30;
    private static final double BOUND_PROBABILITY = 0.05;
    private static final double SLOPE_PROBABILITY = 0.1;

    /** λ chosen among 30 that span the weights: see {@link #candidates}. */
    public Estimator tune(Estimator estimator, WeightedRounds rounds) {
        return tune(estimator, rounds, candidates(estimator.shape(), rounds));
    }

    /**
     * λ chosen among the given ones.
     *
     * @throws IllegalArgumentException if the estimator has no λ or there are no candidates
     */
    public Estimator tune(Estimator estimator, WeightedRounds rounds, double... candidates) {
        if (!estimator.shape().hasParameter())
            throw new IllegalArgumentException(
                estimator.name() + " has no λ to choose; tune clippedIps, clippedDr, switchDr, drOs or subGaussian");
        if (candidates.length == 0)
            throw new IllegalArgumentException("no candidates for λ of " + estimator.name() + "; expected at least one");
        Estimate[] estimates = new Estimate[candidates.length];
        try (var activity = Activity.of("choosing λ of " + estimator.name(), candidates.length)) {
            for (int i = 0; i < candidates.length; i++) {
                estimates[i] = rounds.estimate(estimator.lambda(candidates[i]));
                activity.advance();
            }
        }
        return switch (this) {
            case MSE, MSE_BOUND -> smallest(estimates, Arrays.stream(estimates).mapToDouble(this::meanSquaredError).toArray()).estimator();
            case SLOPE -> slope(estimates, 2, 2);
            case SLOPE_PLUS_PLUS -> slope(estimates, 1, Math.sqrt(6) - 1);
        };
    }

    /**
     * Thirty λ in equal ratios, and the one at which weights stay as they are: from the 5 % quantile of the positive weights to their
     * largest for clipping and switching, from a hundredth of its square to hundred times the 95 % quantile's for shrinkage (Su et al.
     * 2020), from 0.001 to 1 for the sub-Gaussian shape.
     */
    public static double[] candidates(WeightShape shape, WeightedRounds rounds) {
        double[] positive = Arrays.stream(rounds.rawWeights().values()).filter(w -> w > 0).sorted().toArray();
        if (positive.length == 0) return new double[] {shape.neutral()};
        double low = positive[positive.length / 20], high = positive[positive.length - 1 - positive.length / 20];
        double[] ends = switch (shape) {
            case SHRUNK -> new double[] {0.01 * low * low, 100 * high * high};
            case SUB_GAUSSIAN -> new double[] {1e-3, 1};
            default -> new double[] {low, positive[positive.length - 1]};
        };
        double step = Math.log(ends[1] / ends[0]) / (GRID - 1);
        // the last one exactly, as rounding may pass an upper limit
        var grid = DoubleStream.iterate(0, i -> i + 1).limit(GRID).map(i -> Math.min(ends[1], ends[0] * Math.exp(step * i)));
        return DoubleStream.concat(grid, DoubleStream.of(shape.neutral())).toArray();
    }

    private static Estimate smallest(Estimate[] estimates, double[] scores) {
        int best = 0;
        // of equal ones the last, which changes the weights least
        for (int i = 1; i < scores.length; i++) if (scores[i] <= scores[best]) best = i;
        return estimates[best];
    }

    private double meanSquaredError(Estimate estimate) {
        ShapedWeights raw = estimate.rounds().rawWeights();
        double[] w = raw.values(), shaped = estimate.rounds().shaped(estimate.estimator()).values(),
            v = estimate.rounds().weighted(estimate.estimator());
        double n = w.length, bias = 0;
        for (int i = 0; i < n; i++) bias += (w[i] - shaped[i]) * v[i] / n;
        double logarithm = Math.log(2 / BOUND_PROBABILITY);
        double slack = this == MSE ? 0 : Math.sqrt(2 * raw.squares() / n * logarithm / n) + 2 * raw.largest() * logarithm / (3 * n);
        double raised = Math.abs(bias) + slack;
        return estimate.standardError() * estimate.standardError() + raised * raised;
    }

    /** From the widest interval to the narrowest, until one disagrees with a wider one. */
    private static Estimator slope(Estimate[] estimates, double ownFactor, double otherFactor) {
        Arrays.sort(estimates, Comparator.comparingDouble(Estimate::standardError).reversed());
        double quantile = new TDistribution(estimates[0].rounds().size() - 1.0).inverseCumulativeProbability(1 - SLOPE_PROBABILITY);
        int chosen = 0;
        for (int i = 1; i < estimates.length; i++) {
            for (int j = 0; j < i; j++) {
                double agree = quantile * (ownFactor * estimates[i].standardError() + otherFactor * estimates[j].standardError());
                if (Math.abs(estimates[i].value() - estimates[j].value()) > agree) return estimates[chosen].estimator();
            }
            chosen = i;
        }
        return estimates[chosen].estimator();
    }
}
