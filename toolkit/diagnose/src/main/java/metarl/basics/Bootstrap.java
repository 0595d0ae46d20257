package metarl.basics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The bootstrap (Efron 1979): what statistics come to on data that are drawn again with replacement, many times over. The middle of these
 * values is an {@link Interval}.
 */
public final class Bootstrap {
    /** Tails of fewer resamples are chance. */
    public static final int FEWEST = 100;

    /** The share outside a level is known so well. */
    private static final double ROUNDING = 1e-9;

    private Bootstrap() {}

    /** @throws IllegalArgumentException if there are fewer than {@link #FEWEST} resamples, or too many for Java's memory */
    public static void requireResamples(int resamples, long statistics) {
        if (resamples < FEWEST)
            throw new IllegalArgumentException(
                "bootstrap of " + resamples + " resamples; expected at least " + FEWEST + ", usually 1000: tails of fewer are chance");
        Require.room("the estimates of a bootstrap", "the number of resamples", 16, resamples, statistics + 6);
    }

    /** How often each of {@code n} is drawn in n draws with replacement. */
    public static int[] counts(int n, RandomGenerator random) {
        int[] counts = new int[n];
        for (int i = 0; i < n; i++) counts[random.nextInt(n)]++;
        return counts;
    }

    /**
     * Resamples one after another.
     *
     * @param statistic draws the data again and says what the statistic comes to
     * @return what it came to, in ascending order
     */
    public static double[] inTurn(int resamples, DoubleSupplier statistic) {
        double[] values = new double[resamples];
        for (int b = 0; b < resamples; b++) values[b] = statistic.getAsDouble();
        Arrays.sort(values);
        return values;
    }

    /**
     * Resamples on all cores, several statistics on the same draws, so that their differences can be compared. Every resample has a
     * generator of its own: the result does not depend on the number of threads.
     *
     * @param statistics draws the data again by the generator and says what each statistic comes to
     * @return per statistic, what it came to where that is finite, in ascending order
     * @throws IllegalArgumentException as {@link #requireResamples}
     */
    public static double[][] sideBySide(int resamples, long seed, int count, Function<RandomGenerator, double[]> statistics) {
        requireResamples(resamples, count);
        var generators = new ArrayList<SplittableRandom>();
        var root = new SplittableRandom(seed);
        for (int b = 0; b < resamples; b++) generators.add(root.split());
        double[][] values;
        try (var activity = Activity.of("bootstrap", resamples)) {
            values = generators.parallelStream().map(random -> {
                double[] ofAll = statistics.apply(random);
                activity.advance();
                return ofAll;
            }).toArray(double[][]::new);
        }
        return IntStream.range(0, count).mapToObj(s -> Arrays.stream(values).mapToDouble(v -> v[s]).filter(Double::isFinite).sorted()
            .toArray()).toArray(double[][]::new);
    }

    /** The ends of the middle of values in ascending order: as many lie outside at either end, ⌊(1 − level)/2 · n⌋. */
    public static double[] middle(double[] ascending, double level) {
        int cut = (int) ((1 - level) / 2 * ascending.length + ROUNDING);
        return new double[] {ascending[cut], ascending[ascending.length - 1 - cut]};
    }
}
