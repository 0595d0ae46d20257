package metarl.diagnose.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import metarl.basics.Copy;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Interval;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ParetoTail;
import metarl.diagnose.weights.Psis;
import metarl.diagnose.weights.WeightReport;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What weights, and rewards under them, amount to, from one pass over rows that need not fit into memory, or, by {@link WeightStream}, over
 * rows on many machines.
 *
 * <p>With wᵢ = π_e/π_b: IPS = (1/n) Σ wᵢrᵢ with standard error s(wr)/√n; SNIPS = Σ wᵢrᵢ / Σ wᵢ with that of the delta method, s(w(r −
 * SNIPS))/(w̄√n); clipped IPS = (1/n) Σ min(wᵢ, λ) rᵢ.
 *
 * @param n rows
 * @param zeros rows of weight 0: the target would not have done what was logged
 * @param ess effective sample size, (Σw)² / Σw²
 * @param largestShare max w / Σw
 * @param meanWeight w̄, 1 in expectation where weights are ratios of probabilities
 * @param meanWeightError its standard error
 * @param largestLog ln max w
 * @param tail the largest log weights in ascending order: ⌈min(n/5, 3√n)⌉ and the one below them, which is what Pareto smoothing looks at;
 *     −∞ for weights of 0
 * @param estimates of the value of the target policy, and the mean reward as logged; empty for a stream of weights alone
 * @param groups each group among itself, sorted by name; empty where none was asked for
 * @param badRows the account of rows of the file that were left out
 */
public record StreamedWeights(long n, long zeros, double ess, double largestShare, double meanWeight, double meanWeightError,
    double largestLog, double[] tail,
    List<Estimate> estimates, List<WeightGroup> groups, BadRows badRows) implements Findings {
    private static final double DOUBTFUL_ERRORS = 4;

    /**
     * One estimate.
     *
     * @param name such as "SNIPS"
     * @param value mean reward
     * @param standardError of it, +∞ for a single row
     * @param clipped share of rows whose weights were clipped
     */
    public record Estimate(String name, double value, double standardError, double clipped) {
        /** 95 % by the standard error, which is right for many rows whose weights have no heavy tail; of a single row all numbers. */
        public Interval interval() {
            return Interval.normal(value, standardError, Interval.USUAL_LEVEL);
        }
    }

    /** Reads a file whose columns have usual names: reward, propensity, target_propensity. */
    public static StreamedWeights read(Path path) {
        return reader().read(path);
    }

    /** As {@link #read(Path)}. */
    public static StreamedWeights read(String path) {
        return reader().read(path);
    }

    /** Reads a file whose columns are called otherwise, or rows that are made on the fly. */
    public static StreamedWeightsReader reader() {
        return new StreamedWeightsReader(LogOptions.USUAL, Double.POSITIVE_INFINITY, 0);
    }

    /** ESS / n. */
    public double fraction() {
        return ess / n;
    }

    /**
     * k̂ of the tail, fitted as in {@link Psis}; +∞ where fewer than {@link Psis#SHORTEST_TAIL} weights lie above the cut, and
     * {@link #warnings} says so.
     *
     * <p>Different from {@link Psis}: beyond 10¹⁰ rows the tail stops at 300 000 draws.
     */
    public double khat() {
        double cut = cut();
        double[] excesses = aboveCut().map(l -> Math.expm1(l - cut)).toArray();
        if (excesses.length < Psis.SHORTEST_TAIL) return Double.POSITIVE_INFINITY;
        ParetoTail fit = ParetoTail.fit(excesses);
        return fit.exists() ? fit.shape() : Double.POSITIVE_INFINITY;
    }

    private double cut() {
        return Math.max(tail[0], largestLog + Math.log(Double.MIN_NORMAL));
    }

    private DoubleStream aboveCut() {
        double cut = cut();
        return Arrays.stream(tail).filter(l -> l > cut);
    }

    /** Whether k̂ says anything, as {@link Psis#telling}. */
    public boolean telling() {
        return khat() < Double.POSITIVE_INFINITY && Psis.telling((int) aboveCut().count(), (int) aboveCut().distinct().count());
    }

    /** Above this k̂ so many draws are too few, min(1 − 1/log₁₀ n, 0.7). */
    public double khatThreshold() {
        return Math.max(0, Math.min(1 - 1 / Math.log10(n), Psis.LARGEST_THRESHOLD));
    }

    private boolean allEqual() {
        return n - ess < 1e-9 * n;
    }

    /** The estimate of a name. */
    public Estimate estimate(String name) {
        return estimates.stream().filter(e -> e.name.startsWith(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no estimate '" + name
                + "'; there are " + estimates.stream().map(Estimate::name).toList()
                + (estimates.isEmpty() ? ": the stream held weights alone" : "")));
    }

    /** {@link #groups} in a table: share of the weight, ESS, ESS / n and largest share of each, and how to read them. */
    public Table essByGroup() {
        if (groups.isEmpty()) throw new IllegalArgumentException("there are no groups; expected weights that were read by a reader with "
            + ".group(\"…\")");
        return WeightGroup.table(groups);
    }

    StreamedWeights with(BadRows account) {
        return Copy.with(this, "badRows", account);
    }

    /** The number of draws the weights are worth, how it is to be read, and what to do. */
    public String sentence() {
        return sentence(n, ess, largestShare);
    }

    static String sentence(long n, double ess, double largestShare) {
        double fraction = ess / n;
        String head = String.format(Locale.ROOT, "ESS %,.0f of %,d (%s): ", ess, n, Ess.shown(fraction)), share = "one weight holds "
            + Figures.percentBeside(largestShare, Ess.DOMINATING_SHARE, 0) + " of the sum (limit " + Figures.percent(Ess.DOMINATING_SHARE)
            + ")";
        if (fraction < Ess.BARELY)
            return head + "below " + Figures.percent(Ess.BARELY) + ", what was logged barely overlaps the target"
                + (largestShare >= Ess.DOMINATING_SHARE ? ", and " + share : "")
                + ". Clip the weights and accept bias, or log a policy nearer to it.";
        if (largestShare >= Ess.DOMINATING_SHARE) return head + share + ". Clip the weights, or collect more data.";
        return head + (fraction < Ess.PARTLY ? "what was logged overlaps the target in part; conclusions are based on a part of it."
            : "what was logged overlaps the target well.");
    }

    /** What makes the numbers doubtful: value, what was expected, consequence, remedy; none if nothing does. */
    public List<String> warnings() {
        var found = new ArrayList<String>();
        if (badRows.bad() > 0) found.add(badRows.sentence() + " They were left out" + BadRows.CONSEQUENCE);
        if (fraction() < Ess.BARELY || largestShare >= Ess.DOMINATING_SHARE) found.add(sentence());
        if (!estimates.isEmpty()
            && Math.abs(meanWeight - 1) > Math.max(WeightReport.MEAN_TOLERANCE, DOUBTFUL_ERRORS * meanWeightError))
            found.add(String.format(Locale.ROOT,
                "The mean weight is %s (standard error %s), expected 1: either the propensities are not those of what was logged "
                    + "(swapped?), or the target does things that the behavior policy never did, or the largest weights have not been "
                    + "seen yet. IPS is off by about that "
                    + "factor; SNIPS hides it.",
                Figures.number(meanWeight, 4), Figures.number(meanWeightError, 2)));
        if (Double.isInfinite(meanWeight))
            found.add(String.format(Locale.ROOT,
                "The largest log weight is %.0f (limit 709): mean weight and IPS exceed what a double holds and are infinite. ESS and "
                    + "SNIPS are not affected.",
                largestLog));
        double khat = khat();
        if (khat < Double.POSITIVE_INFINITY && !telling() && !allEqual())
            found.add(String.format(Locale.ROOT, "PSIS k̂ (%.2f) ", khat)
                + Psis.tooFewValues((int) aboveCut().count(), (int) aboveCut().distinct().count()));
        else if (khat == Double.POSITIVE_INFINITY && !allEqual())
            found.add("PSIS k̂ cannot be estimated: fewer than " + Psis.SHORTEST_TAIL
                + " weights lie above the cut; the largest are tied, or there are too few. Judge "
                + "by ESS and largest share.");
        else if (khat >= khatThreshold() && !allEqual())
            found.add("PSIS k̂ " + Figures.beside(khat, khatThreshold(), 2)
                + ": the tail of the weights is too heavy for their averages and standard errors to be trusted. "
                + "Bring the target nearer to the behavior, clip and accept bias, or rely on a model (doubly robust).");
        if (n == 1) found.add("A single row has no standard error; it is given as infinite. Log more.");
        return found;
    }

    /** Everything about the weights, then every estimate, with its standard error where it has one. */
    @Override
    public Table summary() {
        var quantity = StringColumn.create("quantity", "weights", "of them 0", "mean", "largest", "ESS", "ESS / n", "largest share");
        var value = DoubleColumn.create("value", new double[] {n, zeros, meanWeight, Math.exp(largestLog), ess, fraction(), largestShare});
        var error = DoubleColumn.create("standard error", quantity.size());
        error.set(2, meanWeightError);
        if (khat() < Double.POSITIVE_INFINITY) {
            quantity.append("PSIS k̂");
            value.append(khat());
            error.appendMissing();
        }
        for (Estimate e : estimates) {
            quantity.append(e.name);
            value.append(e.value);
            error.append(e.standardError);
        }
        return Table.create("streamed weights", quantity, value, error);
    }

    @Override
    public String toString() {
        return Stream.concat(badRows.notes().stream(), warnings().isEmpty() ? Stream.of(sentence()) : warnings().stream())
            .collect(Collectors.joining("\n"));
    }
}
