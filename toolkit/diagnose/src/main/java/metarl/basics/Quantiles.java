package metarl.basics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Quantiles of values, all counting alike or each with its weight. */
public final class Quantiles {
    /** Sums of weights are known so well, as a share of their total; without it a quantile could depend on the unit of the weights. */
    private static final double ROUNDING = 1e-12;

    private Quantiles() {}

    /**
     * Linear between order statistics (R's type 7).
     *
     * @param probabilities each in [0, 1]
     * @throws IllegalArgumentException if one is not, named by its index
     */
    public static double[] linear(double[] values, double... probabilities) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] result = new double[probabilities.length];
        for (int i = 0; i < result.length; i++) {
            double at = checked(probabilities, i) * (sorted.length - 1);
            int below = (int) Math.floor(at), above = (int) Math.ceil(at);
            // equal neighbours may both be +∞, whose difference is no number
            result[i] = sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (at - below) * (sorted[above] - sorted[below]);
        }
        return result;
    }

    /**
     * The smallest value of positive weight such that it and those below it hold at least a share p of all weight.
     *
     * @param weights one per value, at least 0, and one above 0
     * @param probabilities each in [0, 1]
     * @throws IllegalArgumentException if one is not, named by its index
     */
    public static double[] weighted(double[] values, double[] weights, double[] probabilities) {
        int[] order = IntStream.range(0, values.length).filter(i -> weights[i] > 0).boxed()
            .sorted(Comparator.comparingDouble(i -> values[i])).mapToInt(i -> i).toArray();
        double[] cumulative = new double[order.length];
        double sum = 0;
        for (int i = 0; i < order.length; i++) cumulative[i] = sum += weights[order[i]];
        double[] result = new double[probabilities.length];
        for (int i = 0; i < result.length; i++) {
            double p = checked(probabilities, i);
            int at = Arrays.binarySearch(cumulative, p == 1 ? sum : (p - ROUNDING) * sum);
            result[i] = values[order[at >= 0 ? at : -at - 1]];
        }
        return result;
    }

    private static double checked(double[] probabilities, int index) {
        double p = probabilities[index];
        if (!(p >= 0 && p <= 1))
            throw new IllegalArgumentException("probability " + index + " is " + p + "; expected a number from 0 to 1");
        return p;
    }
}
