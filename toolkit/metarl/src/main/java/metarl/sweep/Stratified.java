package metarl.sweep;

import java.util.Arrays;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import metarl.basics.Bootstrap;
import metarl.basics.Interval;

/**
 * Statistics of scores [task sets][runs] and their intervals by the stratified bootstrap, in which the runs of each task set are drawn
 * again with replacement (Agarwal et al. 2021). Task sets may have different numbers of runs.
 */
final class Stratified {
    private static final int RESAMPLES = 2_000;
    private static final long SEED = 0;

    private Stratified() {}

    /** All scores in one array. */
    static double[] pooled(double[][] scores) {
        return Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The mean of each task set. */
    static double[] means(double[][] scores) {
        return Arrays.stream(scores).mapToDouble(Interval::mean).toArray();
    }

    /** The mean over task sets of their means. */
    static double mean(double[][] scores) {
        return Interval.mean(means(scores));
    }

    /** The median over task sets of their means. */
    static double median(double[][] scores) {
        double[] sorted = means(scores);
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /** The mean of the middle half of all runs on all task sets. */
    static double interquartileMean(double[][] scores) {
        return Interval.interquartileMean(pooled(scores));
    }

    /** By how much runs fall short of 1 on average: 1 − mean of min(score, 1). */
    static double optimalityGap(double[][] scores) {
        return 1 - Arrays.stream(pooled(scores)).map(s -> Math.min(s, 1)).average().orElse(Double.NaN);
    }

    /** P(X &gt; Y) + P(X = Y)/2, mean over task sets: of each the Mann-Whitney U of all pairs of runs over their number. */
    static double improvement(double[][] x, double[][] y) {
        double sum = 0;
        for (int task = 0; task < x.length; task++) {
            double wins = 0;
            for (double a : x[task]) for (double b : y[task]) wins += a > b ? 1 : a == b ? 0.5 : 0;
            sum += wins / ((double) x[task].length * y[task].length);
        }
        return sum / x.length;
    }

    /** For each τ the share of all runs with a score above it. */
    static double[] profile(double[][] scores, double[] taus) {
        double[] sorted = pooled(scores);
        Arrays.sort(sorted);
        double[] shares = new double[taus.length];
        for (int i = 0; i < taus.length; i++) shares[i] = (double) above(sorted, taus[i]) / sorted.length;
        return shares;
    }

    private static int above(double[] sorted, double tau) {
        int low = 0, high = sorted.length;
        while (low < high) {
            int middle = (low + high) / 2;
            if (sorted[middle] > tau) high = middle;
            else low = middle + 1;
        }
        return sorted.length - low;
    }

    /** The least number of runs that a task set has. */
    static int fewest(double[][] scores) {
        return Arrays.stream(scores).mapToInt(s -> s.length).min().orElse(0);
    }

    static double[][] drawn(double[][] scores, RandomGenerator random) {
        double[][] drawn = new double[scores.length][];
        for (int task = 0; task < drawn.length; task++) {
            double[] runs = scores[task];
            drawn[task] = new double[runs.length];
            for (int i = 0; i < runs.length; i++) drawn[task][i] = runs[random.nextInt(runs.length)];
        }
        return drawn;
    }

    /**
     * Several statistics of the same scores, on the same draws. Of fewer runs than {@link Interval#FEWEST} the ends are the statistics of
     * single runs, one of each task set, the least and the largest.
     */
    static Interval[] intervals(double[][] scores, Function<double[][], double[]> statistics) {
        int runs = fewest(scores);
        if (runs >= Interval.FEWEST)
            return intervals(runs, statistics.apply(scores), random -> statistics.apply(drawn(scores, random)));
        double[] values = statistics.apply(scores);
        double[][] each = new double[runs][];
        for (int i = 0; i < runs; i++) {
            int run = i;
            each[i] = statistics.apply(Arrays.stream(scores).map(s -> new double[] {s[run]}).toArray(double[][]::new));
        }
        var intervals = new Interval[values.length];
        for (int s = 0; s < values.length; s++) {
            double low = values[s], high = low;
            for (double[] one : each) {
                low = Math.min(low, one[s]);
                high = Math.max(high, one[s]);
            }
            intervals[s] = new Interval(values[s], low, high, Double.NaN, runs == 1 ? "one run" : "range of " + runs);
        }
        return intervals;
    }

    /** The same where single runs tell nothing, as of shares: of too few the ends are missing (NaN). */
    static Interval[] intervals(int runs, double[] values, Function<RandomGenerator, double[]> redrawn) {
        var intervals = new Interval[values.length];
        double[][] draws = runs < Interval.FEWEST ? null : Bootstrap.sideBySide(RESAMPLES, SEED, values.length, redrawn);
        for (int s = 0; s < values.length; s++) {
            double[] ends = draws == null ? new double[] {Double.NaN, Double.NaN} : Bootstrap.middle(draws[s], Interval.USUAL_LEVEL);
            intervals[s] = draws == null ? new Interval(values[s], ends[0], ends[1], Double.NaN, "no interval of fewer than "
                + Interval.FEWEST + " runs")
                : new Interval(values[s], ends[0], ends[1], Interval.USUAL_LEVEL, "bootstrap of " + runs);
        }
        return intervals;
    }
}
