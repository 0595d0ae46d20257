package metarl.diagnose;

import java.util.Arrays;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Importance weights w = p_target/p_behavior, kept as logarithms so that weights of e^±700 neither overflow nor vanish.
 *
 * <p>{@link #ess}, {@link #normalized} and the largest share do not change when all weights are multiplied by a number.
 */
public final class ImportanceWeights {
    private final double[] logWeights;

    private ImportanceWeights(double[] logWeights) {
        this.logWeights = logWeights;
    }

    /**
     * Weights as they are.
     *
     * @throws IllegalArgumentException if there are none, if one is negative, infinite or NaN, or if all are zero
     */
    public static ImportanceWeights of(double[] weights) {
        requireSome(weights.length);
        double[] logs = new double[weights.length];
        for (int i = 0; i < logs.length; i++) {
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) throw bad("weight", i, weights[i], "a finite number of at least 0");
            logs[i] = Math.log(weights[i]);
        }
        return checked(logs);
    }

    /**
     * Weights given by their natural logarithms; −∞ is weight 0.
     *
     * @throws IllegalArgumentException if there are none, if one is NaN or +∞, or if all are −∞
     */
    public static ImportanceWeights ofLog(double[] logWeights) {
        requireSome(logWeights.length);
        for (int i = 0; i < logWeights.length; i++)
            if (Double.isNaN(logWeights[i]) || logWeights[i] == Double.POSITIVE_INFINITY) throw bad("log weight", i, logWeights[i], "a number below +∞");
        return checked(logWeights.clone());
    }

    /**
     * Weights target[i] / behavior[i] from two densities or probabilities of the same draws.
     *
     * @param target p under the target, at least 0
     * @param behavior p under the distribution the draws came from, above 0
     * @throws IllegalArgumentException if lengths differ or an entry is out of range; a behavior probability of 0 cannot have produced a draw
     */
    public static ImportanceWeights ratio(double[] target, double[] behavior) {
        if (target.length != behavior.length)
            throw new IllegalArgumentException("given " + target.length + " target and " + behavior.length + " behavior probabilities; expected one of each per draw");
        requireSome(target.length);
        double[] logs = new double[target.length];
        for (int i = 0; i < logs.length; i++) {
            if (!(target[i] >= 0) || Double.isInfinite(target[i])) throw bad("target probability", i, target[i], "a finite number of at least 0");
            if (!(behavior[i] > 0) || Double.isInfinite(behavior[i]))
                throw bad("behavior probability", i, behavior[i], "a finite number above 0, because the draw was made; were target and behavior swapped?");
            logs[i] = Math.log(target[i]) - Math.log(behavior[i]);
        }
        return checked(logs);
    }

    private static void requireSome(int n) {
        if (n == 0) throw new IllegalArgumentException("given no weights at all; expected at least one");
    }

    private static IllegalArgumentException bad(String what, int index, double value, String expected) {
        return new IllegalArgumentException(what + " " + index + " is " + value + "; expected " + expected);
    }

    private static ImportanceWeights checked(double[] logs) {
        if (max(logs) == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException("all " + logs.length + " weights are 0; expected at least one above 0: the target never does what was logged");
        return new ImportanceWeights(logs);
    }

    /** Number of weights. */
    public int size() {
        return logWeights.length;
    }

    /** The weights; those beyond the range of a double are 0 or +∞. */
    public double[] values() {
        return Arrays.stream(logWeights).map(Math::exp).toArray();
    }

    /** Their natural logarithms. */
    public double[] logValues() {
        return logWeights.clone();
    }

    /** Effective sample size, (Σw)² / Σw², computed relative to the largest weight. */
    public Ess ess() {
        double[] relative = relative();
        double sum = 0, squares = 0;
        for (double w : relative) {
            sum += w;
            squares += w * w;
        }
        int n = relative.length;
        // rounding may leave the exact bounds by one unit in the last place
        double value = Math.max(1, Math.min(n, sum * sum / squares));
        return new Ess(n, value, value / n, 1 / sum, 1 - value / n);
    }

    /** w / max w. */
    private double[] relative() {
        double max = max(logWeights);
        return Arrays.stream(logWeights).map(l -> Math.exp(l - max)).toArray();
    }

    /**
     * The same with every weight above {@code max} set to {@code max}.
     *
     * @throws IllegalArgumentException unless max is above 0
     */
    public ImportanceWeights clip(double max) {
        if (!(max > 0)) throw new IllegalArgumentException("clip(" + max + "): expected a number above 0");
        double logMax = Math.log(max);
        return new ImportanceWeights(Arrays.stream(logWeights).map(l -> Math.min(l, logMax)).toArray());
    }

    /** The same divided by their mean, so that they sum to their number (self-normalisation). */
    public ImportanceWeights normalized() {
        double logMean = max(logWeights) + Math.log(Arrays.stream(relative()).sum() / size());
        return new ImportanceWeights(Arrays.stream(logWeights).map(l -> l - logMean).toArray());
    }

    /**
     * Quantiles of the weights, linear between order statistics (R's type 7).
     *
     * @param probabilities each in [0, 1]
     */
    public double[] quantiles(double... probabilities) {
        double[] sorted = values();
        Arrays.sort(sorted);
        double[] result = new double[probabilities.length];
        for (int i = 0; i < result.length; i++) {
            double p = probabilities[i];
            if (!(p >= 0 && p <= 1)) throw bad("probability", i, p, "a number from 0 to 1");
            double at = p * (sorted.length - 1);
            int below = (int) Math.floor(at);
            double part = at - below;
            result[i] = part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
        }
        return result;
    }

    /** Size, mean, spread, quantiles, ESS and largest share, one row each. */
    public Table summary() {
        Ess ess = ess();
        double mean = Arrays.stream(values()).average().orElse(Double.NaN);
        double variation = Math.sqrt(Math.max(0, ess.n() / ess.value() - 1));
        double[] q = quantiles(0, 0.5, 0.95, 1);
        String[] names = {"weights", "mean", "coefficient of variation", "smallest", "median", "95 % quantile", "largest", "ESS", "ESS / n", "largest share", "λ = 1 − ESS/n"};
        double[] numbers = {ess.n(), mean, variation, q[0], q[1], q[2], q[3], ess.value(), ess.fraction(), ess.largestShare(), ess.lambda()};
        return Table.create("importance weights", StringColumn.create("quantity", names), DoubleColumn.create("value", numbers));
    }

    private static double max(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double v : values) max = Math.max(max, v);
        return max;
    }

    @Override
    public String toString() {
        return ess().sentence();
    }
}
