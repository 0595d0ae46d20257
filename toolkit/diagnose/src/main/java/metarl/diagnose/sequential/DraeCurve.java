package metarl.diagnose.sequential;

import java.util.Arrays;
import metarl.basics.Activity;
import metarl.basics.Figures;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/**
 * What the dynamics weight ρ̂ of the first step does to the doubly robust value Ṽ(s_0) of a {@link TabularPair} where the next value Ṽ(s_1)
 * = V_j(s_1) is known: exact bias², variance and mean squared error, and the slides' bound
 *
 * <pre>B(ρ̂) = E[(γ ρ_π (ρ̂ Ṽ′ − ρ_d V_DR′))²] + E[(γ ρ_π ρ̂ Ṽ′ − ρ_π Δ + V_θ − γ ρ_π E[V_j′])²] + V_j²,   Δ = Q_θ − Q_j</pre>
 *
 * <p>With Q_j = r_j + γ E[V_j′] the two brackets are Ṽ − V_DR and Ṽ (derived here), so that B = E[(Ṽ − V_DR)²] + E[Ṽ²] + V_j² and B − MSE =
 * E[(Ṽ − V_DR)²] + 2 V_j E[Ṽ] ≥ E[Ṽ]² + V_j²: always a bound, and one whose second term asks for Ṽ = 0. Its split (x − V_j)² ≤ x² + V_j²
 * costs that; without it the tight bound is E[(Ṽ − V_DR)²] + MSE. The slides' further terms, which do not contain ρ̂, are left out.
 *
 * @param weights ρ̂, increasing
 * @param means E[Ṽ]
 * @param biasSquared (E[Ṽ] − V_j)²
 * @param variance Var(Ṽ)
 * @param bound B
 * @param tightBound B without the split
 * @param optimal where the slides' formula ρ̂* puts the weight
 * @param tight where the tight formula puts it: at 1
 * @param truth V_j(s_0)
 */
public record DraeCurve(double[] weights, double[] means, double[] biasSquared, double[] variance, double[] bound, double[] tightBound,
    Formula optimal, Formula tight,
    double truth) implements Findings {
    /**
     * What a formula for the weight makes of the value.
     *
     * @param weight ρ̂ by the formula, averaged over first transitions of the data whose next value is not 0
     * @param moments of Ṽ(s_0) with the formula's own weight at every transition
     */
    public record Formula(double weight, Moments moments) {}

    /**
     * The curves at given weights.
     *
     * @param actionValues the critic Q_θ, [T][S][A]
     * @param weights ρ̂, increasing, at least 3 of them, finite
     * @throws IllegalArgumentException if there are too few weights, they do not increase, or every next value is 0, so that no weight
     *     matters
     */
    public static DraeCurve of(TabularPair pair, double[][][] actionValues, double[] weights) {
        if (weights.length < 3) throw new IllegalArgumentException("given " + weights.length + " weights; expected at least 3 for a curve");
        for (int i = 1; i < weights.length; i++)
            if (!(weights[i] > weights[i - 1]))
                throw new IllegalArgumentException("weight " + i + " is " + weights[i] + " after " + weights[i - 1]
                    + "; expected increasing ones");
        int n = weights.length;
        double truth = pair.value();
        double[][] values = pair.stateValues(pair.actionValues());
        double[] means = new double[n], biasSquared = new double[n], variance = new double[n], bound = new double[n],
            tightBound = new double[n];
        try (var activity = Activity.of("DRaE curve", n)) {
            for (int i = 0; i < n; i++) {
                // γ ρ̂ V_j(s′) is the tight form's product for values multiplied by ρ̂
                JointMoments m = JointMoments.of(pair, actionValues, PairWeight.tight(multiplied(values, weights[i])),
                    PairWeight.direct(pair));
                Moments moments = m.first(truth);
                double apart = m.squareX() - 2 * m.product() + m.squareY();
                means[i] = moments.mean();
                biasSquared[i] = moments.bias() * moments.bias();
                variance[i] = moments.variance();
                bound[i] = apart + m.squareX() + truth * truth;
                tightBound[i] = apart + moments.mse();
                activity.advance();
            }
        }
        Formula optimal = new Formula(averageOptimum(pair, values[1]), pair.moments(actionValues, PairWeight.optimal(values)));
        return new DraeCurve(weights, means, biasSquared, variance, bound, tightBound, optimal,
            new Formula(1, pair.moments(actionValues, PairWeight.tight(values))), truth);
    }

    private static double[][] multiplied(double[][] values, double factor) {
        return Arrays.stream(values).map(row -> Arrays.stream(row).map(v -> factor * v).toArray()).toArray(double[][]::new);
    }

    private static double averageOptimum(TabularPair pair, double[] nextValues) {
        double sum = 0, mass = 0;
        int s = pair.start();
        for (int a = 0; a < pair.rewards()[s].length; a++)
            for (int to = 0; to < nextValues.length; to++) {
                double p = pair.behaviorPolicy()[s][a] * pair.sourceDynamics()[s][a][to], divisor = 2 * pair.discount() * nextValues[to];
                if (p == 0 || divisor == 0) continue;
                sum += p * (pair.discount() * nextValues[to] - pair.rewards()[s][a]) / divisor;
                mass += p;
            }
        if (mass == 0) throw new IllegalArgumentException(
            "γ V_j(s′) is 0 after every first transition, so no dynamics weight matters; expected a longer horizon, a later reward, or a "
                + "discount above 0");
        return sum / mass;
    }

    /** Bias² + variance. */
    public double[] mse() {
        double[] mse = new double[weights.length];
        for (int i = 0; i < mse.length; i++) mse[i] = biasSquared[i] + variance[i];
        return mse;
    }

    /** The weight where the slides' bound is least. */
    public double leastBound() {
        return leastOf(bound);
    }

    /** The weight where the bound without its split is least. */
    public double leastTightBound() {
        return leastOf(tightBound);
    }

    /** The weight where the mean squared error itself is least. */
    public double leastMse() {
        return leastOf(mse());
    }

    /** Every curve is a parabola in ρ̂: its vertex, from three points. */
    private double leastOf(double[] y) {
        int last = weights.length - 1, middle = last / 2;
        double x0 = weights[0], x1 = weights[middle], x2 = weights[last];
        double first = (y[middle] - y[0]) / (x1 - x0), second = ((y[last] - y[middle]) / (x2 - x1) - first) / (x2 - x0);
        return (x0 + x1) / 2 - first / (2 * second);
    }

    /** Where the formulas put the weight, where bounds and error are least, and what it costs. */
    public String sentence() {
        double[] shown = {optimal.weight, optimal.moments.mean(), truth, optimal.moments.mse(), tight.weight, tight.moments.mean(),
            tight.moments.mse(), leastBound(),
            leastTightBound(), leastMse()};
        return String.format(
            "The slides' formula gives ρ̂ = %s: E[Ṽ] = %s of V = %s, MSE %s; the tight one %s: E[Ṽ] = %s, MSE %s. The slides' bound is "
                + "least at ρ̂ = %s, "
                + "without the split of the bias at %s, the MSE itself at %s.",
            Arrays.stream(shown).mapToObj(v -> Figures.number(v, 3)).toArray());
    }

    /** One row per weight. */
    @Override
    public Table summary() {
        return Table.create("DRaE against its weight", DoubleColumn.create("dynamics weight", weights), DoubleColumn.create("mean", means),
            DoubleColumn.create("bias²", biasSquared), DoubleColumn.create("variance", variance), DoubleColumn.create("MSE", mse()),
            DoubleColumn.create("bound B", bound), DoubleColumn.create("tight bound", tightBound));
    }

    @Override
    public String toString() {
        return sentence();
    }
}
