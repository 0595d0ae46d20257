package metarl.diagnose.weights;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Softmax;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao and Gabry 2024): a generalised Pareto distribution is fitted to the
 * largest weights, its shape k̂ says how many of their moments exist, and the fit's quantiles take their place.
 *
 * <p>The tail is what lies strictly above the (m+1)-th largest weight, m = ⌈min(n/5, 3√n)⌉, as in ArviZ 0.23. Weights tied with the cut are
 * left out; equal weights within the tail take their quantiles in the order they were given. Weights below e^−708 of the largest never
 * belong to it. With fewer than five draws in the tail there is no fit: the weights stay as they are, k̂ is +∞ and {@link #sentence} says
 * why. A tail of few distinct values is fitted as ArviZ does, but its k̂ tells nothing: {@link #telling}.
 *
 * @param n number of weights
 * @param tailLength draws above the cut
 * @param distinct different values among them
 * @param logCut natural logarithm of the cut, on the scale of the weights
 * @param scale σ of the fit in units of the cut; 0 where there is no fit
 * @param khat k̂; +∞ where there is no fit
 * @param threshold min(1 − 1/log₁₀ n, 0.7) but at least 0: above it n draws are too few for a reliable estimate
 * @param smoothedLogWeights natural logarithms of the smoothed weights, normalised to sum 1, as many as weights
 * @param logSum natural logarithm of the sum of the smoothed weights on their own scale: {@code smoothedLogWeights[i] + logSum} is on that
 *     scale
 */
public record Psis(int n, int tailLength, int distinct, double logCut, double scale, double khat, double threshold,
    double[] smoothedLogWeights, double logSum) implements Findings {
    /** Below this k̂ the variance of the weights is finite. */
    public static final double FINITE_VARIANCE = 0.5;
    /** Above this k̂ no practical number of draws is enough. */
    public static final double LARGEST_THRESHOLD = 0.7;
    /** Fewer draws in the tail allow no fit. */
    public static final int SHORTEST_TAIL = 5;
    /** With fewer distinct values, each taken twice or more on average, there is no shape to be fitted. */
    public static final int FEWEST_DISTINCT = 10;
    private static final double LOG_SMALLEST = Math.log(Double.MIN_NORMAL);

    /** Of log weights, their largest, and the sum of the weights relative to it. */
    static Psis of(double[] logWeights, double logMax, double relativeSum) {
        int n = logWeights.length;
        int wanted = (int) Math.ceil(Math.min(n / 5.0, 3 * Math.sqrt(n)));
        double cut = Math.max(largest(logWeights, wanted + 1), logMax + LOG_SMALLEST);
        int[] tail = IntStream.range(0, n).filter(i -> logWeights[i] > cut).toArray();
        double[] smoothed = logWeights.clone();
        int distinct = (int) Arrays.stream(tail).mapToDouble(i -> logWeights[i]).distinct().count();
        double khat = Double.POSITIVE_INFINITY, scale = 0, sum = relativeSum;
        if (tail.length >= SHORTEST_TAIL) {
            int[] order = Arrays.stream(tail).boxed()
                .sorted(Comparator.comparingDouble(i -> logWeights[i])).mapToInt(i -> i).toArray();
            ParetoTail fit = ParetoTail.fit(
                Arrays.stream(order).mapToDouble(i -> Math.expm1(logWeights[i] - cut)).toArray());
            if (fit.exists()) {
                khat = fit.shape();
                scale = fit.scale();
                sum += smooth(smoothed, order, fit, cut, logMax);
            }
        }
        // a tail that shrinks to little would leave but rounding of the difference
        double logSum = sum > relativeSum / 10 ? logMax + Math.log(sum) : Softmax.logSum(smoothed);
        for (int i = 0; i < n; i++) smoothed[i] -= logSum;
        double threshold = Math.max(0, Math.min(1 - 1 / Math.log10(n), LARGEST_THRESHOLD));
        return new Psis(n, tail.length, distinct, cut, scale, khat, threshold, smoothed, logSum);
    }

    /**
     * Puts the fit's quantiles, at most the largest raw weight, in place of the tail; returns by how much the sum relative to the largest
     * weight changes.
     */
    private static double smooth(double[] logWeights, int[] order, ParetoTail fit, double cut,
        double logMax) {
        double change = 0;
        for (int i = 0; i < order.length; i++) {
            double raw = logWeights[order[i]];
            double fitted = Math.min(logMax, cut + Math.log1p(fit.quantile((i + 0.5) / order.length)));
            logWeights[order[i]] = fitted;
            change += Math.exp(fitted - logMax) - Math.exp(raw - logMax);
        }
        return change;
    }

    /** The rank-th largest value, −∞ if there are fewer above that; sorting only what can still be among them makes one pass of it. */
    private static double largest(double[] values, int rank) {
        double[] kept = new double[2 * rank];
        double floor = Double.NEGATIVE_INFINITY;
        int size = 0;
        for (double v : values) {
            if (!(v > floor)) continue;
            kept[size++] = v;
            if (size < kept.length) continue;
            Arrays.sort(kept);
            System.arraycopy(kept, rank, kept, 0, rank);
            floor = kept[0];
            size = rank;
        }
        Arrays.sort(kept, 0, size);
        return size < rank ? Double.NEGATIVE_INFINITY : kept[size - rank];
    }

    /** Whether a tail could be fitted. */
    public boolean fitted() {
        return khat < Double.POSITIVE_INFINITY;
    }

    /**
     * Whether k̂ says anything: there is a fit, and not of a few values that are taken again and again, as when few actions leave few
     * weights.
     */
    public boolean telling() {
        return fitted() && telling(tailLength, distinct);
    }

    /**
     * Whether a fit to a tail says anything: its draws do not take a few values again and again.
     *
     * @param tailLength draws above the cut
     * @param distinct different values among them
     */
    public static boolean telling(int tailLength, int distinct) {
        return distinct >= SHORTEST_TAIL && (distinct >= FEWEST_DISTINCT || 2 * distinct > tailLength);
    }

    /** The end of a sentence about a k̂ that is not {@link #telling(int, int)}: "cannot tell: …". */
    public static String tooFewValues(int tailLength, int distinct) {
        return "cannot tell: the " + tailLength + " weights of the tail take "
            + (distinct == 1 ? "one value" : "only " + distinct + " values") + " (at least " + FEWEST_DISTINCT
            + " needed), as when few actions leave few weights. Judge by ESS and largest share.";
    }

    /** For a title: k̂ and its limit, or that there is none or that it tells nothing. */
    String figures() {
        if (!fitted()) return "no k̂";
        if (!telling()) return "k̂ cannot tell";
        return "k̂ " + (reliable() ? Figures.beside(khat, threshold, 2)
            : Figures.beside(khat, threshold, 2).replace(" (limit ", ", above ").replace(")", ""));
    }

    private boolean allEqual() {
        return Arrays.stream(smoothedLogWeights).allMatch(l -> l == smoothedLogWeights[0]);
    }

    /** Whether k̂ tells something and is below the threshold; without a fit, whether all weights are equal, which need none. */
    public boolean reliable() {
        return fitted() ? telling() && khat < threshold : allEqual();
    }

    /** Draws from which on an estimate with this k̂ is reliable, 10^(1/(1 − max(0, k̂))); +∞ for k̂ ≥ 1 and where there is no fit. */
    public double requiredDraws() {
        return khat < 1 ? Math.pow(10, 1 / (1 - Math.max(0, khat))) : Double.POSITIVE_INFINITY;
    }

    /**
     * Share of draws that the fit expects above a weight.
     *
     * @param logWeight its natural logarithm, on the scale of the weights, at least {@link #logCut}
     * @throws IllegalArgumentException if it lies below the cut, where nothing was fitted, or if there is no fit at all
     */
    public double expectedShareAbove(double logWeight) {
        if (!fitted()) throw new IllegalArgumentException("there is no fit to expect a share from. " + noFit());
        if (!(logWeight >= logCut))
            throw new IllegalArgumentException("log weight " + logWeight + " is not in the tail; expected at least the cut, " + logCut);
        return tailLength * new ParetoTail(khat, scale).survival(Math.expm1(logWeight - logCut)) / n;
    }

    /** The number, how it is to be read, and what to do. */
    public String sentence() {
        if (!fitted()) return noFit();
        if (!telling()) return String.format(Locale.ROOT, "PSIS k̂ (%.2f) of %d weights ", khat, n) + tooFewValues(tailLength, distinct);
        String head = "PSIS k̂ of " + n + " weights is " + Figures.beside(khat, threshold, 2) + ": ";
        String remedy = " Bring the target nearer to the behavior, clip the weights and accept bias, or rely on a model (doubly robust).";
        if (khat >= 1) return head + "the weights have no finite mean; no weighted average of them can be trusted." + remedy;
        if (khat >= LARGEST_THRESHOLD)
            return head + "averages converge too slowly, about " + Figures.about(requiredDraws()) + " draws would be needed." + remedy;
        if (khat >= threshold) return head
            + String.format(Locale.ROOT, "too few draws for so heavy a tail. Collect at least %,.0f.", Math.ceil(requiredDraws()));
        if (khat >= FINITE_VARIANCE)
            return head + "usable, though the variance of the weights may be infinite. Prefer the smoothed weights.";
        return head + "the tail is light enough for averages to be trusted.";
    }

    private String noFit() {
        if (allEqual()) return "PSIS k̂ is not needed: all " + n + " weights are equal, there is no tail.";
        String head = "PSIS k̂ cannot be estimated: " + tailLength + " of " + n + " weights lie above the cut, " + SHORTEST_TAIL
            + " are needed";
        if (n <= 5 * (SHORTEST_TAIL - 1))
            return head + ", which takes at least 21 weights. Judge by ESS and largest share alone, or collect more data.";
        return head
            + "; the largest are tied, as after clipping, or nearly all others are 0. Judge by ESS and largest share, and fit before "
            + "clipping.";
    }

    /** The numbers in one table. */
    @Override
    public Table summary() {
        String[] names = {"weights", "draws in the tail", "k̂", "threshold", "draws needed"},
            notes = {"", "", sentence(), "", fitted() ? "" : "unknown without k̂"};
        double[] values = {n, tailLength, khat, threshold, requiredDraws()};
        return Table.create("Pareto smoothed importance sampling", StringColumn.create("quantity", names),
            DoubleColumn.create("value", values), StringColumn.create("note", notes));
    }

    @Override
    public String toString() {
        return sentence();
    }
}
