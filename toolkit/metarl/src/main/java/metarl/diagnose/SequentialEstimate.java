package metarl.diagnose;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The value of a policy as estimated from n trajectories: a sum of ratios of means, v = Σ_k mean(N_k) / mean(D_k), which covers plain averages (one k, D = 1) and all self-normalised forms.
 *
 * <p>The standard error is that of the linear expansion, √(Σᵢ ψᵢ² / (n (n − 1))) with ψᵢ = Σ_k (N_ik − v_k D_ik) / mean(D_k); for an average that is the usual one. The interval is
 * normal, v ± 1.96 standard errors, until {@link #bootstrap} replaces it.
 */
public final class SequentialEstimate implements Grading.Answer {
    private static final double NORMAL_95 = 1.959963984540054;
    private static final double TAIL = 0.025;

    private final String name;
    private final double[][] numerators;
    private final double[][] denominators;
    private final Ess ess;
    private final double value;
    private final double[] contributions;
    private final double standardError;
    private final double low;
    private final double high;
    private final String interval;

    private SequentialEstimate(String name, double[][] numerators, double[][] denominators, Ess ess, double low, double high, String interval) {
        this.name = name;
        this.numerators = numerators;
        this.denominators = denominators;
        this.ess = ess;
        int n = numerators.length;
        this.contributions = contributions(numerators, denominators);
        this.value = Arrays.stream(contributions).sum() / n;
        double squares = 0;
        for (double c : contributions) squares += (c - value) * (c - value);
        this.standardError = Math.sqrt(squares / n / (n - 1));
        this.low = Double.isNaN(low) ? value - NORMAL_95 * standardError : low;
        this.high = Double.isNaN(high) ? value + NORMAL_95 * standardError : high;
        this.interval = interval;
    }

    /** A plain average of one number per trajectory. */
    static SequentialEstimate average(String name, double[] contributions, Ess ess) {
        double[][] numerators = Arrays.stream(contributions).mapToObj(c -> new double[] {c}).toArray(double[][]::new);
        return new SequentialEstimate(name, numerators, null, ess, Double.NaN, Double.NaN, "normal");
    }

    /** Σ_k mean(N_k) / mean(D_k); every D_k is above 0 for some trajectory. */
    static SequentialEstimate ratios(String name, double[][] numerators, double[][] denominators, Ess ess) {
        return new SequentialEstimate(name, numerators, denominators, ess, Double.NaN, Double.NaN, "normal");
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
                below += denominators == null ? 1 : denominators[i][k];
            }
            double ratio = above / below;
            for (int i = 0; i < n; i++) terms[i][k] = ratio + n / below * (numerators[i][k] - ratio * (denominators == null ? 1 : denominators[i][k]));
        }
        return terms;
    }

    /** The contributions, ratio by ratio, [n][K]. */
    double[][] terms() {
        return terms(numerators, denominators);
    }

    /** The same ratios, each multiplied by a factor. */
    SequentialEstimate scaled(String name, double[] factors) {
        double[][] scaled = Arrays.stream(numerators).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : scaled) for (int k = 0; k < row.length; k++) row[k] *= factors[k];
        return ratios(name, scaled, denominators, ess);
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

    @Override
    public double low() {
        return low;
    }

    @Override
    public double high() {
        return high;
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
     * The same with a 95 % percentile interval of resampled trajectories (Efron 1979). Where weights are heavy-tailed it is too short, as every bootstrap is: the rare large weight is not in the data.
     *
     * @param resamples at least 100
     * @param seed of the draws
     */
    public SequentialEstimate bootstrap(int resamples, long seed) {
        if (resamples < 100) throw new IllegalArgumentException("asked for " + resamples + " resamples; expected at least 100, usually 1000, to tell the 2.5 % quantile");
        var random = new SplittableRandom(seed);
        int n = numerators.length, terms = numerators[0].length;
        double[] values = new double[resamples], above = new double[terms], below = new double[terms];
        for (int b = 0; b < resamples; b++) {
            do {
                Arrays.fill(above, 0);
                Arrays.fill(below, denominators == null ? n : 0);
                for (int draw = 0; draw < n; draw++) add(random.nextInt(n), above, below);
                // a resample in which no trajectory has weight says nothing
            } while (Arrays.stream(below).min().orElse(1) == 0);
            for (int k = 0; k < terms; k++) values[b] += above[k] / below[k];
        }
        Arrays.sort(values);
        int cut = (int) Math.floor(TAIL * resamples);
        return new SequentialEstimate(name, numerators, denominators, ess, values[cut], values[resamples - 1 - cut], "bootstrap of " + resamples);
    }

    private void add(int i, double[] above, double[] below) {
        for (int k = 0; k < above.length; k++) {
            above[k] += numerators[i][k];
            if (denominators != null) below[k] += denominators[i][k];
        }
    }

    /** Whether enough trajectories carry the estimate. */
    public boolean reliable() {
        return ess.reliable();
    }

    /** The value, its interval, and whether the weights can carry it. */
    public String sentence() {
        String head = String.format(Locale.ROOT, "%s: %.4g, 95 %% from %.4g to %.4g (%s). ", name, value, low, high, interval);
        if (ess.reliable()) return head + ess.sentence();
        return head + ess.sentence() + " Over trajectories the weights multiply: a shorter horizon, a doubly robust form or fitted Q evaluation rest on fewer of them."
            + " The interval is too short where one rare weight decides.";
    }

    /** The numbers in one row. */
    public Table summary() {
        return summary(this);
    }

    /** Several estimates, one row each. */
    public static Table summary(SequentialEstimate... estimates) {
        var name = StringColumn.create("estimator");
        DoubleColumn[] columns = {DoubleColumn.create("value"), DoubleColumn.create("standard error"), DoubleColumn.create("from (95 %)"), DoubleColumn.create("to (95 %)"),
            DoubleColumn.create("ESS"), DoubleColumn.create("ESS / n")};
        for (SequentialEstimate e : estimates) {
            name.append(e.name);
            double[] values = {e.value, e.standardError, e.low, e.high, e.ess.value(), e.ess.fraction()};
            for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        }
        return Table.create("value of the evaluation policy", name).addColumns(columns);
    }

    @Override
    public String toString() {
        return sentence();
    }
}
