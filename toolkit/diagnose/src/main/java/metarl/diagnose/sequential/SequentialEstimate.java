package metarl.diagnose.sequential;

import java.util.Arrays;
import java.util.SplittableRandom;
import metarl.basics.Bootstrap;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Interval;
import metarl.diagnose.bandit.Grading;
import metarl.diagnose.weights.Ess;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The value of a policy as estimated from n trajectories: a sum of ratios of means, v = Σ_k mean(N_k) / mean(D_k), which covers plain
 * averages (one k, D = 1) and all self-normalised forms.
 *
 * <p>The standard error is that of the linear expansion, √(Σᵢ ψᵢ² / (n (n − 1))) with ψᵢ = Σ_k (N_ik − v_k D_ik) / mean(D_k); for an
 * average that is the usual one. The interval is normal, v ± 1.96 standard errors, until {@link #bootstrap} replaces it.
 */
public final class SequentialEstimate implements Grading.Answer, Findings {
    private static final double ROUNDING = 1e-9;

    private final String name;
    private final double[][] numerators;
    private final double[][] denominators;
    private final Ess ess;
    private final double value;
    private final double[] contributions;
    private final double standardError;
    private final Interval interval;
    private final SequentialEstimate intervalOf;
    private final String caution;

    private SequentialEstimate(String name, double[][] numerators, double[][] denominators, Ess ess, double[] bounds, String method,
        SequentialEstimate intervalOf, String caution) {
        this.name = name;
        this.numerators = numerators;
        this.denominators = denominators;
        this.ess = ess;
        this.contributions = contributions(numerators, denominators);
        this.value = mean(contributions);
        this.standardError = standardError(contributions, value);
        this.intervalOf = intervalOf;
        Interval plain = intervalOf != null ? intervalOf.interval : Interval.normal(value, standardError, Interval.USUAL_LEVEL);
        this.interval = new Interval(value, bounds != null ? bounds[0] : plain.low(), bounds != null ? bounds[1] : plain.high(),
            Interval.USUAL_LEVEL, method);
        this.caution = caution;
    }

    /** A plain average of one number per trajectory. */
    static SequentialEstimate average(String name, double[] contributions, Ess ess) {
        double[][] numerators = Arrays.stream(contributions).mapToObj(c -> new double[] {c}).toArray(double[][]::new);
        double[][] ones = Arrays.stream(contributions).mapToObj(c -> new double[] {1}).toArray(double[][]::new);
        return ratios(name, numerators, ones, ess);
    }

    /** Σ_k mean(N_k) / mean(D_k); every D_k is above 0 for some trajectory. */
    static SequentialEstimate ratios(String name, double[][] numerators, double[][] denominators, Ess ess) {
        return new SequentialEstimate(name, numerators, denominators, ess, null, "normal", null, "");
    }

    /** The same ratios, each multiplied by a factor that the data chose: biased, so that the interval is that of this, the unbiased one. */
    SequentialEstimate scaled(String name, double[] factors) {
        double[][] scaled = Arrays.stream(numerators).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : scaled) for (int k = 0; k < row.length; k++) row[k] *= factors[k];
        return new SequentialEstimate(name, scaled, denominators, ess, null, "of " + this.name + ", " + interval.method(), this, caution);
    }

    /** The same with what is to be known of a bias that no interval tells. */
    SequentialEstimate caution(String text) {
        return new SequentialEstimate(name, numerators, denominators, ess, new double[] {low(), high()}, interval.method(), intervalOf,
            text);
    }

    private static double[] contributions(double[][] numerators, double[][] denominators) {
        double[][] terms = terms(numerators, denominators);
        return Arrays.stream(terms).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
    }

    /** v_k + ψ_ik for every trajectory i and ratio k: their mean over i is v_k. */
    private static double[][] terms(double[][] numerators, double[][] denominators) {
        int n = numerators.length, count = numerators[0].length;
        double[][] terms = new double[n][count];
        for (int k = 0; k < count; k++) {
            double above = 0, below = 0;
            for (int i = 0; i < n; i++) {
                above += numerators[i][k];
                below += denominators[i][k];
            }
            double ratio = above / below;
            for (int i = 0; i < n; i++) terms[i][k] = ratio + n / below * (numerators[i][k] - ratio * denominators[i][k]);
        }
        return terms;
    }

    /** The contributions, ratio by ratio, [n][K]. */
    double[][] terms() {
        return terms(numerators, denominators);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double standardError(double[] contributions, double mean) {
        double squares = 0;
        for (double c : contributions) squares += (c - mean) * (c - mean);
        return Math.sqrt(squares / contributions.length / (contributions.length - 1));
    }

    /** What estimated it. */
    public String name() {
        return name;
    }

    @Override
    public double value() {
        return value;
    }

    /** Of the linear expansion; it shrinks like 1/√n. */
    public double standardError() {
        return standardError;
    }

    /** Of 95 %. */
    public Interval interval() {
        return interval;
    }

    @Override
    public double low() {
        return interval.low();
    }

    @Override
    public double high() {
        return interval.high();
    }

    /** Effective sample size of the trajectories' weights. */
    public Ess ess() {
        return ess;
    }

    /** What each trajectory adds: their mean is the value. For self-normalised forms v + ψᵢ, which depends on the other trajectories. */
    public double[] contributions() {
        return contributions.clone();
    }

    /**
     * The same with a 95 % interval of resampled trajectories, v − t*·se with the quantiles of t* = (v* − v) / se* (the bootstrap-t, Efron
     * and Tibshirani 1993, ch. 12): weighted returns are skewed, and on tabular oracles the plain percentiles hold the truth less often. A
     * rare large weight that is not in the data no bootstrap can know of.
     *
     * @param resamples at least 100
     * @param seed of the draws
     */
    public SequentialEstimate bootstrap(int resamples, long seed) {
        Bootstrap.requireResamples(resamples, 1);
        String label = "bootstrap-t of " + resamples;
        if (intervalOf != null)
            return new SequentialEstimate(name, numerators, denominators, ess, null, "of " + intervalOf.name + ", " + label,
                intervalOf.bootstrap(resamples, seed), caution);
        if (standardError == 0)
            return new SequentialEstimate(name, numerators, denominators, ess, new double[] {value, value}, label, null, caution);
        var random = new SplittableRandom(seed);
        double[] ends = Bootstrap.middle(Bootstrap.inTurn(resamples, () -> {
            double studentised;
            do {
                studentised = studentised(Bootstrap.counts(numerators.length, random));
                // a resample in which no trajectory has weight, or all are one, tells no spread
            } while (!Double.isFinite(studentised));
            return studentised;
        }), Interval.USUAL_LEVEL);
        double[] bounds = {value - ends[1] * standardError, value - ends[0] * standardError};
        return new SequentialEstimate(name, numerators, denominators, ess, bounds, label, null, caution);
    }

    /** (v* − v) / se* where trajectory i was drawn times[i] times. */
    private double studentised(int[] times) {
        int n = times.length, count = numerators[0].length;
        double[] above = new double[count], below = new double[count];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < count && times[i] > 0; k++) {
                above[k] += times[i] * numerators[i][k];
                below[k] += times[i] * denominators[i][k];
            }
        double drawn = 0, squares = 0;
        for (int k = 0; k < count; k++) drawn += above[k] /= below[k];
        for (int i = 0; i < n; i++) {
            if (times[i] == 0) continue;
            double influence = 0;
            for (int k = 0; k < count; k++) influence += n / below[k] * (numerators[i][k] - above[k] * denominators[i][k]);
            squares += times[i] * influence * influence;
        }
        double error = Math.sqrt(squares / n / (n - 1));
        return error > ROUNDING * standardError ? (drawn - value) / error : Double.NaN;
    }

    /** Whether enough trajectories carry the estimate. */
    public boolean reliable() {
        return ess.reliable();
    }

    /** The value, its interval, and whether the weights can carry it. */
    public String sentence() {
        String head = name + ": " + Figures.number(value, 4) + ", 95 % from " + Figures.number(low(), 4) + " to "
            + Figures.number(high(), 4)
            + " (" + interval.method() + "). " + (caution.isEmpty() ? "" : caution + " ");
        if (ess.reliable()) return head + ess.sentence();
        return head + ess.sentence()
            + " Over trajectories the weights multiply: a shorter horizon, a doubly robust form "
            + "or fitted Q evaluation rest on fewer of them."
            + " The interval is too short where one rare weight decides.";
    }

    /** The numbers in one row. */
    @Override
    public Table summary() {
        return summary(this);
    }

    /** Several estimates, one row each. */
    public static Table summary(SequentialEstimate... estimates) {
        var name = StringColumn.create("estimator");
        DoubleColumn[] columns = {DoubleColumn.create("value"), DoubleColumn.create("standard error"), DoubleColumn.create("from (95 %)"),
            DoubleColumn.create("to (95 %)"),
            DoubleColumn.create("ESS"), DoubleColumn.create("ESS / n")};
        for (SequentialEstimate e : estimates) {
            name.append(e.name);
            double[] values = {e.value, e.standardError, e.low(), e.high(), e.ess.value(), e.ess.fraction()};
            for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        }
        return Table.create("value of the evaluation policy", name).addColumns(columns);
    }

    @Override
    public String toString() {
        return sentence();
    }
}
