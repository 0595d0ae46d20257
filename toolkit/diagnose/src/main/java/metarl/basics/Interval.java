package metarl.basics;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A value and an interval around it. Of runs, tasks or other draws it is that of the percentile bootstrap (Efron 1979) of 95 % unless said
 * otherwise, and from {@link #FEWEST} draws on. Of fewer the bootstrap gives no more than their range, and that is what it is called: the
 * range of two draws holds the median of what they are drawn from with a chance of 50 %, of three with 75 %, of four with 87.5 % (1 −
 * 2^(1−k)). One draw has no interval. The bootstrap of five holds the mean in about 83 of 100, of ten in 90, of forty in 94: where that
 * matters, see {@link #ofFew}. {@link #kind()} names which of these it is, and {@link #kind(int, String)} says so of draws that have a
 * name.
 *
 * @param value the statistic of the data
 * @param low lower end: 2.5 % of the resampled statistics lie below; of few draws, the statistic of the least
 * @param high upper end: 2.5 % of the resampled statistics lie above; of few draws, the statistic of the largest
 * @param level the share of repetitions in which such an interval is meant to hold the true value, such as 0.95; NaN where none is promised
 * @param method how it was made, and what that takes for granted, such as "bootstrap of 1000"; empty if that is not told
 */
public record Interval(double value, double low, double high, double level, String method) {
    /** The level used where none is given. */
    public static final double USUAL_LEVEL = 0.95;
    /** From so many draws on there is a bootstrap interval. */
    public static final int FEWEST = 5;
    private static final String OF_ONE = "one value, no interval";
    private static final int REPEATS = 2_000;

    /** Checks the level and the order of the ends. */
    public Interval {
        if (!Double.isNaN(level)) requireLevel(level);
        if (low > high)
            throw new IllegalArgumentException("given an interval from " + low + " to " + high + "; expected the lower end first");
    }

    /** An interval of 95 % of which nobody tells how it was made. */
    public Interval(double value, double low, double high) {
        this(value, low, high, USUAL_LEVEL, "");
    }

    /** @throws IllegalArgumentException unless the level lies between 0 and 1 */
    public static void requireLevel(double level) {
        if (!(level > 0 && level < 1))
            throw new IllegalArgumentException("level is " + level + "; expected a number between 0 and 1, usually 0.95");
    }

    /** A single value, which tells nothing of how far another would lie from it. */
    private static Interval ofOne(double value, double low, double high) {
        return new Interval(value, low, high, Double.NaN, OF_ONE);
    }

    /**
     * Value ± z · standard error (central limit theorem): right for many draws without a heavy tail.
     *
     * @throws IllegalArgumentException unless the level lies between 0 and 1
     */
    public static Interval normal(double value, double standardError, double level) {
        requireLevel(level);
        double reach = new NormalDistribution(0, 1).inverseCumulativeProbability((1 + level) / 2) * standardError;
        return new Interval(value, value - reach, value + reach, level, "normal");
    }

    /**
     * Of scores [runs][tasks]: in every repetition each task's runs are drawn again, with replacement and task by task (stratified, Agarwal
     * et al. 2021).
     *
     * @param statistic of all scores in one array, such as {@link #interquartileMean}
     * @throws IllegalArgumentException if there are no runs, or not as many tasks in each
     */
    public static Interval bootstrap(double[][] scores, ToDoubleFunction<double[]> statistic, long seed) {
        if (scores.length == 0 || scores[0].length == 0)
            throw new IllegalArgumentException("there are no scores to draw from; expected at least one run and one task");
        int runs = scores.length, tasks = scores[0].length;
        for (double[] run : scores) if (run.length != tasks)
            throw new IllegalArgumentException("a run has " + run.length + " tasks, another " + tasks + "; expected the same");
        double[] all = Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray(), drawn = new double[all.length];
        double value = statistic.applyAsDouble(all);
        if (runs < FEWEST) return range(value, Arrays.stream(scores).mapToDouble(statistic).toArray());
        var random = RandomStream.of(seed, "bootstrap");
        double[] ends = Bootstrap.middle(Bootstrap.inTurn(REPEATS, () -> {
            for (int i = 0; i < drawn.length; i++) drawn[i] = scores[random.nextInt(runs)][i % tasks];
            return statistic.applyAsDouble(drawn);
        }), USUAL_LEVEL);
        return new Interval(value, ends[0], ends[1], USUAL_LEVEL, "bootstrap of " + runs);
    }

    private static Interval range(double value, double[] each) {
        double low = Math.min(value, Arrays.stream(each).min().orElse(value)),
            high = Math.max(value, Arrays.stream(each).max().orElse(value));
        return each.length == 1 ? ofOne(value, low, high) : new Interval(value, low, high, Double.NaN, "range of " + each.length);
    }

    /** Of the mean of values that are drawn again with replacement, such as paired differences. */
    public static Interval ofMean(double[] values, long seed) {
        double[][] column = Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
        return bootstrap(column, Interval::mean, seed);
    }

    /**
     * Of the mean of few values, as from five seeds: Student's t interval (Gosset 1908), mean ± t s/√n. The bootstrap of so few holds the
     * mean less often than it says; this one holds it in 95 % if the values are normal, and about so if they are not far from it.
     *
     * @throws IllegalArgumentException if there are fewer than two
     */
    public static Interval ofFew(double[] values) {
        if (values.length < 2)
            throw new IllegalArgumentException("given " + values.length + " values; an interval needs at least 2, which differ by chance");
        double mean = mean(values), squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double error = Math.sqrt(squares / (values.length - 1) / values.length);
        double reach = new TDistribution(values.length - 1).inverseCumulativeProbability((1 + USUAL_LEVEL) / 2) * error;
        return new Interval(mean, mean - reach, mean + reach, USUAL_LEVEL, "Student's t of " + values.length);
    }

    /**
     * What an interval of so many draws is: "95 % bootstrap of 7 seeds", "range of 3 seeds", or "one seed, no interval".
     *
     * @param draws runs, tasks or what else is drawn again
     * @param noun what they are, in the plural, with an s
     */
    public static String kind(int draws, String noun) {
        if (draws == 1) return "one " + noun.substring(0, noun.length() - 1) + ", no interval";
        return (draws < FEWEST ? "range of " : "95 % bootstrap of ") + draws + " " + noun;
    }

    /** The numbers and the kind of the interval; of one draw, the value alone. */
    public String of(int draws, String noun) {
        return (draws == 1 ? Figures.number(value, 4) : toString()) + " (" + kind(draws, noun) + ")";
    }

    /** The mean. */
    public static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** The mean of the middle half of the values: less swayed by outliers than the mean, less wasteful than the median. */
    public static double interquartileMean(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int cut = sorted.length / 4;
        return mean(Arrays.copyOfRange(sorted, cut, sorted.length - cut));
    }

    /** What the interval is: "95 % bootstrap of 7", "95 % normal", "range of 3", or "one value, no interval". */
    public String kind() {
        return ((Double.isNaN(level) ? "" : Figures.level(level) + " ") + method).strip();
    }

    /** Whether there is no more than a value: the ends are the value itself, and judge nothing. */
    public boolean ofOneValue() {
        return method.equals(OF_ONE);
    }

    /** Whether it holds a number. */
    public boolean contains(double number) {
        return number >= low && number <= high;
    }

    /** Whether the interval lies on one side of a number; never so of a single value. */
    public boolean excludes(double number) {
        return !ofOneValue() && (low > number || high < number);
    }

    /** high − low. */
    public double width() {
        return high - low;
    }

    /**
     * In words, where it lies: "22.61 [16.16, 28.29] is above 0", or "3.072 [-0.5009, 6.546] contains 0: not clearly different from it"; of
     * a single value that it has no interval.
     */
    public String against(double number) {
        if (ofOneValue()) return toString();
        String named = number == Math.rint(number) ? String.format(Locale.ROOT, "%.0f", number) : String.valueOf(number);
        return this
            + (low > number ? " is above " + named
                : high < number ? " is below " + named : " contains " + named + ": not clearly different from it");
    }

    @Override
    public String toString() {
        if (ofOneValue()) return Figures.number(value, 4) + " (" + OF_ONE + ")";
        return Figures.number(value, 4) + " [" + Figures.number(low, 4) + ", " + Figures.number(high, 4) + "]";
    }
}
