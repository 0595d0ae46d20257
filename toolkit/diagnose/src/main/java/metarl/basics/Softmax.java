package metarl.basics;

import java.util.random.RandomGenerator;

/** Probabilities from numbers of any size: p_i = exp(x_i) / Σ_j exp(x_j), which overflows nowhere. */
public final class Softmax {
    private Softmax() {}

    /** log Σ_i exp(x_i); −∞ of none. */
    public static double logSum(double[] x) {
        double largest = Double.NEGATIVE_INFINITY, sum = 0;
        for (double v : x) largest = Math.max(largest, v);
        // −∞ less −∞ is no number
        if (largest == Double.NEGATIVE_INFINITY) return largest;
        for (double v : x) sum += Math.exp(v - largest);
        return largest + Math.log(sum);
    }

    /** log of the mean of exp(x_i). */
    public static double logMean(double[] x) {
        return logSum(x) - Math.log(x.length);
    }

    /** p of every entry. */
    public static double[] of(double[] x) {
        double log = logSum(x);
        double[] p = new double[x.length];
        for (int i = 0; i < x.length; i++) p[i] = Math.exp(x[i] - log);
        return p;
    }

    /** A place drawn with these probabilities. */
    public static int draw(double[] probabilities, RandomGenerator random) {
        double left = random.nextDouble();
        int i = 0;
        while (i < probabilities.length - 1 && left >= probabilities[i]) left -= probabilities[i++];
        return i;
    }
}
