package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import metarl.basics.Activity;
import metarl.basics.Require;

/** Quantiles of estimates on rounds drawn again with replacement; all estimates see the same draws, so that their differences can be compared. */
final class Bootstrap {
    private static final int FEWEST = 100;

    private Bootstrap() {}

    /** One interval per estimate. */
    static List<ConfidenceInterval> intervals(List<Estimate> estimates, int resamples, long seed, double level) {
        ConfidenceInterval.requireLevel(level);
        if (resamples < FEWEST)
            throw new IllegalArgumentException(
                "bootstrap of " + resamples + " resamples; expected at least " + FEWEST + ", usually 1000: tails of fewer are chance");
        Require.room("the estimates of a bootstrap", "the number of resamples", 16, resamples, estimates.size() + 6L);
        List<Statistic> statistics = estimates.stream().map(Statistic::of).toList();
        int n = estimates.get(0).rounds().size();
        var generators = new ArrayList<SplittableRandom>();
        var root = new SplittableRandom(seed);
        for (int b = 0; b < resamples; b++) generators.add(root.split());
        // a generator for each resample: the result does not depend on the number of threads
        List<double[]> values;
        try (var activity = Activity.of("bootstrap", resamples)) {
            values = IntStream.range(0, resamples).parallel().mapToObj(b -> {
                int[] counts = draw(n, generators.get(b));
                double[] ofAll = statistics.stream().mapToDouble(s -> s.value(counts)).toArray();
                activity.advance();
                return ofAll;
            }).toList();
        }
        var intervals = new ArrayList<ConfidenceInterval>();
        for (int e = 0; e < statistics.size(); e++) {
            int index = e;
            intervals.add(interval(values.stream().mapToDouble(v -> v[index]).filter(Double::isFinite).sorted().toArray(), resamples, level,
                estimates.get(e)));
        }
        return intervals;
    }

    private static int[] draw(int n, SplittableRandom random) {
        int[] counts = new int[n];
        for (int i = 0; i < n; i++) counts[random.nextInt(n)]++;
        return counts;
    }

    private static ConfidenceInterval interval(double[] sorted, int resamples, double level, Estimate estimate) {
        if (sorted.length < resamples / 2)
            throw new IllegalArgumentException(
                "in " + (resamples - sorted.length) + " of " + resamples + " resamples all weights of " + estimate.name()
                    + " are 0: too few rounds carry weight for an interval");
        String method = "bootstrap of " + resamples;
        if (sorted.length < resamples) method += "; " + (resamples - sorted.length) + " without any weight left out, so too narrow";
        return new ConfidenceInterval(quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2), level, method);
    }

    private static double quantile(double[] sorted, double p) {
        double at = p * (sorted.length - 1);
        int below = (int) at;
        return below + 1 < sorted.length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
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
