package metarl.diagnose.weights;

import java.util.Arrays;
import metarl.basics.Findings;
import metarl.basics.Quantiles;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Importance weights w = p_target/p_behavior, kept as logarithms so that weights of e^±700 neither overflow nor vanish.
 *
 * <p>{@link #ess}, {@link #entropyEss}, {@link #coefficientOfVariation}, {@link #psis}, {@link #normalized} and the largest share do not change when all weights are
 * multiplied by a number.
 */
public final class ImportanceWeights implements Findings {
    private static final String REMEDY = ": then sum logarithms instead, and give the sums to ImportanceWeights.ofLog(…)";
    private static final String BEYOND = ". Or is it a product of many, which can exceed 1e308" + REMEDY;
    private static final String BELOW = ". Or is each a product of many, which fall below 1e-308" + REMEDY;
    private static final String BELOW_TOO = " Or is it a product of many, which fall below 1e-308" + REMEDY;

    private final double[] logWeights;
    private final double logMax;
    private Moments moments;

    private ImportanceWeights(double[] logWeights) {
        this.logWeights = logWeights;
        this.logMax = max(logWeights);
    }

    /** Σv, Σv² and Σ v ln v of v = w / max w. */
    private record Moments(double sum, double squares, double logProducts) {}

    /**
     * Weights as they are.
     *
     * @throws IllegalArgumentException if there are none, if one is negative, infinite or NaN, or if all are zero
     */
    public static ImportanceWeights of(double[] weights) {
        requireSome(weights);
        double[] logs = new double[weights.length];
        for (int i = 0; i < logs.length; i++) {
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) throw bad("weight", i, weights[i],
                "a finite number of at least 0" + (weights[i] == Double.POSITIVE_INFINITY ? BEYOND : ""));
            logs[i] = Math.log(weights[i]);
        }
        return checked(logs, BELOW);
    }

    /**
     * Weights of one column, as a file of one's own has them; a missing cell is refused as NaN.
     *
     * @throws IllegalArgumentException as {@link #of(double[])} does
     */
    public static ImportanceWeights of(NumericColumn<?> weights) {
        return of(weights.asDoubleArray());
    }

    /**
     * Weights given by their natural logarithms; −∞ is weight 0.
     *
     * @throws IllegalArgumentException if there are none, if one is NaN or +∞, or if all are −∞
     */
    public static ImportanceWeights ofLog(double[] logWeights) {
        requireSome(logWeights);
        for (int i = 0; i < logWeights.length; i++)
            if (Double.isNaN(logWeights[i]) || logWeights[i] == Double.POSITIVE_INFINITY)
                throw bad("log weight", i, logWeights[i], "a number below +∞");
        return checked(logWeights.clone(), "");
    }

    /**
     * Weights target[i] / behavior[i] from two densities or probabilities of the same draws.
     *
     * @param target p under the target, at least 0
     * @param behavior p under the distribution the draws came from, above 0
     * @throws IllegalArgumentException if lengths differ or an entry is out of range; a behavior probability of 0 cannot have produced a draw
     */
    public static ImportanceWeights ratio(double[] target, double[] behavior) {
        if (target == null || behavior == null)
            throw new IllegalArgumentException("given null for probabilities; expected one of each per draw");
        if (target.length != behavior.length)
            throw new IllegalArgumentException(
                "given " + target.length + " target and " + behavior.length + " behavior probabilities; expected one of each per draw");
        requireSome(target);
        double[] logs = new double[target.length];
        for (int i = 0; i < logs.length; i++) {
            if (!(target[i] >= 0) || Double.isInfinite(target[i])) throw bad("target probability", i, target[i],
                "a finite number of at least 0" + (target[i] == Double.POSITIVE_INFINITY ? BEYOND : ""));
            if (!(behavior[i] > 0) || Double.isInfinite(behavior[i]))
                throw bad("behavior probability", i, behavior[i],
                    "a finite number above 0, because the draw was made; were target and behavior swapped?"
                        + (behavior[i] == 0 ? BELOW_TOO : ""));
            logs[i] = Math.log(target[i]) - Math.log(behavior[i]);
        }
        return checked(logs, BELOW);
    }

    private static void requireSome(double[] weights) {
        if (weights == null || weights.length == 0) throw new IllegalArgumentException("given no weights at all; expected at least one");
    }

    private static IllegalArgumentException bad(String what, int index, double value, String expected) {
        return new IllegalArgumentException(what + " " + index + " is " + value + "; expected " + expected);
    }

    private static ImportanceWeights checked(double[] logs, String hint) {
        var weights = new ImportanceWeights(logs);
        if (weights.logMax == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException(
                "all " + logs.length + " weights are 0; expected at least one above 0: the target never does what was logged" + hint);
        return weights;
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
        Moments v = moments();
        double value = withinBounds(v.sum * v.sum / v.squares);
        return new Ess(size(), value, value / size(), 1 / v.sum, 1 - value / size());
    }

    /**
     * Effective sample size by entropy, exp(−Σ p ln p) with p = w / Σw, between 1 and n (Martino, Elvira and Louzada 2017).
     *
     * <p>Never below Kish's, which counts the few largest weights for more: far above it, many middling weights stand behind few large ones.
     */
    public double entropyEss() {
        Moments v = moments();
        return withinBounds(v.sum * Math.exp(-v.logProducts / v.sum));
    }

    /** Standard deviation over mean, √(n/ESS − 1): 0 for equal weights, at most √(n − 1). */
    public double coefficientOfVariation() {
        return Math.sqrt(Math.max(0, size() / ess().value() - 1));
    }

    /** Natural logarithm of the mean weight; ratios of probabilities average 1, so 0 is expected of them. */
    public double logMean() {
        return logMax + Math.log(moments().sum / size());
    }

    /** Rounding may leave the exact bounds by some units in the last place. */
    private double withinBounds(double ess) {
        return Math.max(1, Math.min(size(), ess));
    }

    /** One pass, kept: every number of a report rests on these sums. */
    private Moments moments() {
        if (moments == null) {
            double sum = 0, squares = 0, logProducts = 0;
            for (double l : logWeights) {
                double d = l - logMax, v = Math.exp(d);
                // 0 · ln 0 counts as 0
                if (v == 0) continue;
                sum += v;
                squares += v * v;
                logProducts += v * d;
            }
            moments = new Moments(sum, squares, logProducts);
        }
        return moments;
    }

    /** The tail's shape k̂ and Pareto-smoothed weights. */
    public Psis psis() {
        return Psis.of(logWeights, logMax, moments().sum);
    }

    /** The same with the tail smoothed by {@link #psis}, on the scale of these weights; unchanged where no tail could be fitted. */
    public ImportanceWeights smoothed() {
        Psis psis = psis();
        double[] logs = psis.smoothedLogWeights().clone();
        for (int i = 0; i < logs.length; i++) logs[i] += psis.logSum();
        return new ImportanceWeights(logs);
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

    /** The same with every weight above √n times their mean set to that limit, which grows slowly enough for the bias to vanish with n (Ionides 2008). */
    public ImportanceWeights truncated() {
        double limit = logMean() + Math.log(size()) / 2;
        return new ImportanceWeights(Arrays.stream(logWeights).map(l -> Math.min(l, limit)).toArray());
    }

    /** The same divided by their mean, so that they sum to their number (self-normalisation). */
    public ImportanceWeights normalized() {
        double logMean = logMean();
        return new ImportanceWeights(Arrays.stream(logWeights).map(l -> l - logMean).toArray());
    }

    /**
     * Quantiles of the weights, linear between order statistics (R's type 7); beyond the range of a double they are 0 or +∞.
     *
     * @param probabilities each in [0, 1]
     */
    public double[] quantiles(double... probabilities) {
        return Quantiles.linear(values(), probabilities);
    }

    /**
     * Quantiles of values under these weights: the smallest value of positive weight such that it and those below hold at least p of all weight.
     *
     * @param values one per weight, finite
     * @param probabilities each in [0, 1]
     * @throws IllegalArgumentException if there is not one value per weight, or an entry is out of range
     */
    public double[] weightedQuantiles(double[] values, double... probabilities) {
        requireOneEach("values", values.length);
        for (int i = 0; i < values.length; i++) if (!Double.isFinite(values[i])) throw bad("value", i, values[i], "a finite number");
        return Quantiles.weighted(values, Arrays.stream(logWeights).map(l -> Math.exp(l - logMax)).toArray(), probabilities);
    }

    private void requireOneEach(String what, int given) {
        if (given != size())
            throw new IllegalArgumentException("given " + given + " " + what + " for " + size() + " weights; expected one each");
    }

    /**
     * ESS of each group's weights among themselves, in order of first appearance: which tasks, policies or days of the data carry the estimate.
     *
     * @param groups the name of each weight's group
     * @throws IllegalArgumentException if there is not one name per weight, or one is null
     */
    public Table essBy(String[] groups) {
        requireOneEach("groups", groups.length);
        return GroupEss.table(this, groups);
    }

    /** ESS of each group's weights among themselves, groups given as numbers. */
    public Table essBy(int[] groups) {
        return essBy(Arrays.stream(groups).mapToObj(Integer::toString).toArray(String[]::new));
    }

    /** Everything about these weights in one table, with warnings. */
    public WeightReport report() {
        return WeightReport.of(this);
    }

    /** Size, mean, spread, quantiles, ESS and largest share, one row each. */
    @Override
    public Table summary() {
        Ess ess = ess();
        double[] q = quantiles(0, 0.5, 0.95, 1);
        String[] names = {"weights", "mean", "coefficient of variation", "smallest", "median", "95 % quantile", "largest", "ESS", "ESS / n",
            "largest share", "λ = 1 − ESS/n"};
        double[] numbers = {ess.n(), Math.exp(logMean()), coefficientOfVariation(), q[0], q[1], q[2], q[3], ess.value(), ess.fraction(),
            ess.largestShare(), ess.lambda()};
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
