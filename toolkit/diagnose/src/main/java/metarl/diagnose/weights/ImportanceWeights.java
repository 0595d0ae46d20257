package metarl.diagnose.weights;

import java.util.Arrays;
import metarl.basics.Findings;
import metarl.basics.Quantiles;
import metarl.basics.Require;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Importance weights w = p_target/p_behavior, kept as logarithms so that weights of e^±700 neither overflow nor vanish.
 *
 * <p>{@link #ess}, {@link #entropyEss}, {@link #coefficientOfVariation}, {@link #psis}, {@link #normalized} and the largest share do not
 * change when all weights are multiplied by a number.
 */
public final class ImportanceWeights implements Findings {
    private final double[] logWeights;
    private final double logMax;
    private RelativeSums sums;

    private ImportanceWeights(double[] logWeights) {
        this.logWeights = logWeights;
        this.logMax = LogWeights.max(logWeights);
    }

    /**
     * Weights as they are.
     *
     * @throws IllegalArgumentException if there are none, if one is negative, infinite or NaN, or if all are zero
     */
    public static ImportanceWeights of(double[] weights) {
        return new ImportanceWeights(LogWeights.of(weights));
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
        return new ImportanceWeights(LogWeights.ofLog(logWeights));
    }

    /**
     * Weights target[i] / behavior[i] from two densities or probabilities of the same draws.
     *
     * @param target p under the target, at least 0
     * @param behavior p under the distribution the draws came from, above 0
     * @throws IllegalArgumentException if lengths differ or an entry is out of range; a behavior probability of 0 cannot have produced a
     *     draw
     */
    public static ImportanceWeights ratio(double[] target, double[] behavior) {
        return new ImportanceWeights(LogWeights.ratio(target, behavior));
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
        RelativeSums v = sums();
        double value = withinBounds(v.sum() * v.sum() / v.squares());
        return new Ess(size(), value, value / size(), 1 / v.sum(), 1 - value / size());
    }

    /**
     * Effective sample size by entropy, exp(−Σ p ln p) with p = w / Σw, between 1 and n (Martino, Elvira and Louzada 2017).
     *
     * <p>Never below Kish's, which counts the few largest weights for more: far above it, many middling weights stand behind few large
     * ones.
     */
    public double entropyEss() {
        RelativeSums v = sums();
        return withinBounds(v.sum() * Math.exp(-v.logProducts() / v.sum()));
    }

    /** Standard deviation over mean, √(n/ESS − 1): 0 for equal weights, at most √(n − 1). */
    public double coefficientOfVariation() {
        return Math.sqrt(Math.max(0, size() / ess().value() - 1));
    }

    /** Natural logarithm of the mean weight; ratios of probabilities average 1, so 0 is expected of them. */
    public double logMean() {
        return logMax + Math.log(sums().sum() / size());
    }

    /** Rounding may leave the exact bounds by some units in the last place. */
    private double withinBounds(double ess) {
        return Math.max(1, Math.min(size(), ess));
    }

    /** One pass, kept: every number of a report rests on these sums. */
    private RelativeSums sums() {
        if (sums == null) sums = RelativeSums.of(logWeights, logMax);
        return sums;
    }

    /** The tail's shape k̂ and Pareto-smoothed weights. */
    public Psis psis() {
        return Psis.of(logWeights, logMax, sums().sum());
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

    /**
     * The same with every weight above √n times their mean set to that limit, which grows slowly enough for the bias to vanish with n
     * (Ionides 2008).
     */
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
     * Quantiles of values under these weights: the smallest value of positive weight such that it and those below hold at least p of all
     * weight.
     *
     * @param values one per weight, finite
     * @param probabilities each in [0, 1]
     * @throws IllegalArgumentException if there is not one value per weight, or an entry is out of range
     */
    public double[] weightedQuantiles(double[] values, double... probabilities) {
        requireOneEach("values", values.length);
        Require.finite("value", values);
        return Quantiles.weighted(values, Arrays.stream(logWeights).map(l -> Math.exp(l - logMax)).toArray(), probabilities);
    }

    private void requireOneEach(String what, int given) {
        if (given != size())
            throw new IllegalArgumentException("given " + given + " " + what + " for " + size() + " weights; expected one each");
    }

    /**
     * ESS of each group's weights among themselves, in order of first appearance: which tasks, policies or days of the data carry the
     * estimate.
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

    @Override
    public String toString() {
        return ess().sentence();
    }
}
