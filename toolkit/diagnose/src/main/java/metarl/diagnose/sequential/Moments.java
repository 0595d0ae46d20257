package metarl.diagnose.sequential;

import java.util.Map;
import metarl.basics.Figures;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Exact mean and variance of an estimator of one trajectory; the average of n independent trajectories has the same bias and 1/n of the
 * variance.
 *
 * @param mean E[Ṽ]
 * @param variance E[Ṽ²] − E[Ṽ]²
 * @param truth the value that is estimated
 */
public record Moments(double mean, double variance, double truth) implements Findings {
    /**
     * Moments of values that come with probabilities.
     *
     * @param values one per outcome
     * @param probabilities of the outcomes, as many, adding up to 1
     * @param truth the value that is estimated
     * @throws IllegalArgumentException if lengths differ or the probabilities do not add up to 1
     */
    public static Moments of(double[] values, double[] probabilities, double truth) {
        if (values.length != probabilities.length)
            throw new IllegalArgumentException(
                "given " + values.length + " values and " + probabilities.length + " probabilities; expected one of each per outcome");
        double total = 0, mean = 0, variance = 0;
        for (int i = 0; i < values.length; i++) {
            total += probabilities[i];
            mean += probabilities[i] * values[i];
        }
        if (!(Math.abs(total - 1) < 1e-9))
            throw new IllegalArgumentException("the probabilities add up to " + total + "; expected 1: enumerate every outcome");
        for (int i = 0; i < values.length; i++) variance += probabilities[i] * (values[i] - mean) * (values[i] - mean);
        return new Moments(mean, variance, truth);
    }

    /** E[Ṽ] − truth. */
    public double bias() {
        return mean - truth;
    }

    /** Mean squared error, bias² + variance. */
    public double mse() {
        return bias() * bias() + variance;
    }

    /**
     * From how many trajectories on the average of {@code other} has the smaller mean squared error; 0 if it always has, +∞ if it never
     * has.
     */
    public double overtakenAt(Moments other) {
        double gainPerTrajectory = bias() * bias() - other.bias() * other.bias(), excess = other.variance - variance;
        if (gainPerTrajectory <= 0) return excess < 0 && gainPerTrajectory == 0 ? 0 : Double.POSITIVE_INFINITY;
        return Math.max(0, excess / gainPerTrajectory);
    }

    /** Mean, bias, variance and mean squared error in one row. */
    @Override
    public Table summary() {
        return summary(Map.of("estimator", this));
    }

    /** One row per estimator, in the order of the map. */
    public static Table summary(Map<String, Moments> rows) {
        var name = StringColumn.create("estimator");
        DoubleColumn[] columns = {DoubleColumn.create("mean"), DoubleColumn.create("bias"), DoubleColumn.create("variance"),
            DoubleColumn.create("MSE")};
        rows.forEach((label, m) -> {
            name.append(label);
            double[] values = {m.mean, m.bias(), m.variance, m.mse()};
            for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        });
        return Table.create("exact moments of one trajectory", name).addColumns(columns);
    }

    @Override
    public String toString() {
        return "mean " + Figures.number(mean, 4) + " (truth " + Figures.number(truth, 4) + "), bias " + Figures.number(bias(), 4)
            + ", variance " + Figures.number(variance, 4)
            + ", MSE " + Figures.number(mse(), 4);
    }
}
