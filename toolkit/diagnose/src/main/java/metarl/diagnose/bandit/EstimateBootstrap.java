package metarl.diagnose.bandit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.Bootstrap;
import metarl.basics.Interval;
import metarl.basics.Quantiles;

/**
 * Quantiles of estimates on rounds drawn again with replacement; all estimates see the same draws, so that their differences can be
 * compared.
 */
final class EstimateBootstrap {
    private EstimateBootstrap() {}

    /** One interval per estimate. */
    static List<Interval> intervals(List<Estimate> estimates, int resamples, long seed, double level) {
        Interval.requireLevel(level);
        Bootstrap.requireResamples(resamples, estimates.size());
        List<Statistic> statistics = estimates.stream().map(Statistic::of).toList();
        int n = estimates.get(0).rounds().size();
        double[][] values = Bootstrap.sideBySide(resamples, seed, statistics.size(), random -> {
            int[] counts = Bootstrap.counts(n, random);
            return statistics.stream().mapToDouble(s -> s.value(counts)).toArray();
        });
        return IntStream.range(0, values.length).mapToObj(e -> interval(values[e], resamples, level, estimates.get(e))).toList();
    }

    private static Interval interval(double[] ascending, int resamples, double level, Estimate estimate) {
        if (ascending.length < resamples / 2)
            throw new IllegalArgumentException(
                "in " + (resamples - ascending.length) + " of " + resamples + " resamples all weights of " + estimate.name()
                    + " are 0: too few rounds carry weight for an interval");
        String method = "bootstrap of " + resamples;
        if (ascending.length < resamples)
            method += "; " + (resamples - ascending.length) + " without any weight left out, so too narrow";
        double[] ends = Quantiles.linear(ascending, (1 - level) / 2, (1 + level) / 2);
        return new Interval(estimate.value(), ends[0], ends[1], level, method);
    }

    /** mean plain + Σ numerators / Σ denominators; the latter two are null for a mean. */
    private record Statistic(double[] plain, double[] numerators, double[] denominators) {
        static Statistic of(Estimate estimate) {
            Estimator estimator = estimate.estimator();
            if (!estimator.selfNormalized()) return new Statistic(estimate.terms(), null, null);
            double[] shaped = estimate.rounds().shaped(estimator).values(), v = estimate.rounds().weighted(estimator),
                numerators = new double[v.length];
            Arrays.setAll(numerators, i -> shaped[i] * v[i]);
            return new Statistic(estimator.model() == Estimator.Model.NONE ? new double[v.length] : estimate.rounds().direct(), numerators,
                shaped);
        }

        double value(int[] counts) {
            double mean = weightedSum(counts, plain) / counts.length;
            return numerators == null ? mean : mean + weightedSum(counts, numerators) / weightedSum(counts, denominators);
        }

        private static double weightedSum(int[] counts, double[] values) {
            double sum = 0;
            for (int i = 0; i < counts.length; i++) sum += counts[i] * values[i];
            return sum;
        }
    }
}
