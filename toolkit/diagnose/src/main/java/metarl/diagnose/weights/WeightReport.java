package metarl.diagnose.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import metarl.basics.Figures;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Everything about one set of weights: numbers, the limits they are judged by, and what to do where one is passed.
 *
 * <p>From a file of one's own: {@code var table = Table.read().csv("weights.csv");} and {@code WeightReport.of(table, "weight")}.
 *
 * @param weights the weights
 * @param ess Kish's effective sample size
 * @param entropyEss effective sample size by entropy
 * @param coefficientOfVariation standard deviation over mean
 * @param psis the tail's shape
 * @param smoothedEss Kish's effective sample size of the smoothed weights
 */
public record WeightReport(ImportanceWeights weights, Ess ess, double entropyEss, double coefficientOfVariation, Psis psis, Ess smoothedEss)
    implements Findings {
    /** A mean of weights, which estimates 1, is no cause of doubt within it: rounded propensities cost more than single digits of it. */
    public static final double MEAN_TOLERANCE = 0.05;
    /** From so many standard errors between the mean weight and 1 on, a warning says so. */
    public static final double MEAN_DISTANCE = 5;

    /** Judges the weights. */
    public static WeightReport of(ImportanceWeights weights) {
        Psis psis = weights.psis();
        return new WeightReport(weights, weights.ess(), weights.entropyEss(), weights.coefficientOfVariation(), psis,
            ImportanceWeights.ofLog(psis.smoothedLogWeights()).ess());
    }

    /** Judges the weights of one column. */
    public static WeightReport of(NumericColumn<?> weights) {
        return of(ImportanceWeights.of(weights));
    }

    /**
     * Judges the weights in a column of a table.
     *
     * @throws IllegalArgumentException if there is no such column, it holds no numbers, or a weight is missing, negative or infinite (named
     *     by row, from 0)
     */
    public static WeightReport of(Table table, String column) {
        if (!table.containsColumn(column))
            throw new IllegalArgumentException("the table has no column '" + column + "'; there are " + table.columnNames());
        if (!(table.column(column) instanceof NumericColumn<?> numbers))
            throw new IllegalArgumentException("column '" + column + "' holds " + table.column(column).type().name()
                + " values; expected numbers. Look for text among them.");
        return of(numbers);
    }

    /** Whether no number passes its limit. */
    public boolean reliable() {
        return ess.reliable() && psis.reliable();
    }

    /**
     * The figures that the weights are judged by, in a line, each with its limit where it passes it: "ESS/n 4 %, below 10 % · k̂ 0.66
     * (limit 0.70)".
     */
    public String figures() {
        return ess.figures() + " · " + psis.figures();
    }

    /** A sentence with remedy for each number that passes its limit; none if all is well. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        if (!ess.reliable()) warnings.add(ess.sentence());
        if (!psis.reliable()) warnings.add(psis.sentence());
        double mean = Math.exp(weights.logMean()), error = mean * coefficientOfVariation / Math.sqrt(ess.n());
        if (mean == 0 || Double.isInfinite(mean))
            warnings.add(String.format(Locale.ROOT,
                "The mean weight, e^%.0f, is beyond the range of a double, as are weights near it. Read shares and ESS, "
                    + "or use normalized().",
                weights.logMean()));
        else if (Math.abs(mean - 1) > Math.max(MEAN_TOLERANCE, MEAN_DISTANCE * error))
            warnings.add(String.format(Locale.ROOT,
                "The mean weight is %s, more than %.0f standard errors (of %s) from 1, which ratios of probabilities average: "
                    + "they are clipped, unnormalised, or of wrong or swapped propensities. Check the propensities, and use "
                    + "self-normalised estimates.",
                Figures.number(mean, 3), MEAN_DISTANCE,
                Figures.number(error, 2)));
        return warnings;
    }

    /** Every number in one row, with the limit it is judged by. */
    @Override
    public Table summary() {
        double[] q = weights.quantiles(0, 0.5, 0.95, 0.99, 1);
        String khatLimit = psis.telling() ? String.format(Locale.ROOT, "below %.2f", psis.threshold()) : psis.sentence();
        return table(
            new Row("weights", ess.n(), ""),
            new Row("weights of 0", Arrays.stream(weights.logValues()).filter(l -> l == Double.NEGATIVE_INFINITY).count(), ""),
            new Row("mean", Math.exp(weights.logMean()), "near 1 for ratios of probabilities"),
            new Row("coefficient of variation", coefficientOfVariation, ""),
            new Row("smallest", q[0], ""), new Row("median", q[1], ""), new Row("95 % quantile", q[2], ""),
            new Row("99 % quantile", q[3], ""), new Row("largest", q[4], ""),
            new Row("ESS", ess.value(), ""), new Row("ESS / n", ess.fraction(), "at least " + Ess.BARELY),
            new Row("entropy ESS", entropyEss, ""),
            new Row("largest share", ess.largestShare(), "below " + Ess.DOMINATING_SHARE), new Row("λ = 1 − ESS/n", ess.lambda(), ""),
            new Row("PSIS k̂", psis.khat(), khatLimit), new Row("draws in the tail", psis.tailLength(), "at least " + Psis.SHORTEST_TAIL),
            new Row("draws needed for k̂", psis.requiredDraws(), psis.telling() ? "at most the number of weights" : "unknown without k̂"),
            new Row("ESS of smoothed weights", smoothedEss.value(), ""));
    }

    private record Row(String quantity, double value, String limit) {}

    private static Table table(Row... rows) {
        var quantity = StringColumn.create("quantity");
        var value = DoubleColumn.create("value");
        var limit = StringColumn.create("limit");
        for (Row row : rows) {
            quantity.append(row.quantity);
            value.append(row.value);
            limit.append(row.limit);
        }
        return Table.create("importance weights", quantity, value, limit);
    }

    @Override
    public String toString() {
        return reliable() && warnings().isEmpty() ? ess.sentence() + " " + psis.sentence() : String.join("\n", warnings());
    }
}
