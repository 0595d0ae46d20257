package metarl.diagnose;

import java.util.Locale;
import java.util.stream.DoubleStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/**
 * What one number ρ̂ at every step does to the doubly robust value Ṽ(s_0) of a {@link TabularPair}: exact bias², variance and mean squared error, and the slides' bound
 *
 * <pre>B(ρ̂) = E[(γ ρ_π (ρ̂ Ṽ′ − ρ_d V_DR′))²] + E[(γ ρ_π ρ̂ Ṽ′ − ρ_π Δ + V_θ − γ ρ_π E[V_j′])²] + V_j²,   Δ = Q_θ − Q_j</pre>
 *
 * <p>With Q_j = r_j + γ E[V_j′] the two brackets are Ṽ − V_DR and Ṽ (derived), so that B = E[(Ṽ − V_DR)²] + E[Ṽ²] + V_j² and B − MSE = E[(Ṽ − V_DR)²] + 2 V_j E[Ṽ]: a bound wherever V_j and
 * E[Ṽ] have the same sign, and one whose second term asks for Ṽ = 0. Its split (x − V_j)² ≤ x² + V_j² costs that; without it the tight bound is E[(Ṽ − V_DR)²] + MSE, which always holds.
 * The slides' further terms, which do not contain ρ̂, are left out.
 *
 * @param weights ρ̂, increasing
 * @param biasSquared (E[Ṽ] − V_j)²
 * @param variance Var(Ṽ)
 * @param bound B
 * @param tightBound B without the split
 * @param means E[Ṽ]
 * @param truth V_j(s_0)
 */
public record DraeCurve(double[] weights, double[] biasSquared, double[] variance, double[] bound, double[] tightBound, double[] means, double truth) {
    /**
     * The curves at given weights.
     *
     * @param actionValues the critic Q_θ, [T][S][A]
     * @param weights ρ̂, increasing, at least 3 of them, at least 0
     * @throws IllegalArgumentException if there are too few or they do not increase
     */
    public static DraeCurve of(TabularPair pair, double[][][] actionValues, double[] weights) {
        if (weights.length < 3) throw new IllegalArgumentException("given " + weights.length + " weights; expected at least 3 for a curve");
        for (int i = 1; i < weights.length; i++)
            if (!(weights[i] > weights[i - 1])) throw new IllegalArgumentException("weight " + i + " is " + weights[i] + " after " + weights[i - 1] + "; expected increasing ones");
        int n = weights.length;
        double truth = pair.value();
        double[] biasSquared = new double[n], variance = new double[n], bound = new double[n], tight = new double[n], means = new double[n];
        for (int i = 0; i < n; i++) {
            JointMoments m = JointMoments.of(pair, actionValues, PairWeight.constant(weights[i]), PairWeight.direct(pair));
            Moments moments = m.first(truth);
            double apart = m.squareX() - 2 * m.product() + m.squareY();
            means[i] = moments.mean();
            biasSquared[i] = moments.bias() * moments.bias();
            variance[i] = moments.variance();
            bound[i] = apart + m.squareX() + truth * truth;
            tight[i] = apart + moments.mse();
        }
        return new DraeCurve(weights, biasSquared, variance, bound, tight, means, truth);
    }

    /** Bias² + variance. */
    public double[] mse() {
        double[] mse = new double[weights.length];
        for (int i = 0; i < mse.length; i++) mse[i] = biasSquared[i] + variance[i];
        return mse;
    }

    /** Where among the weights the slides' bound is least. */
    public int optimum() {
        return least(bound);
    }

    /** Where among the weights the bound without the split is least. */
    public int tightOptimum() {
        return least(tightBound);
    }

    /** Where among the weights the mean squared error itself is least. */
    public int best() {
        return least(mse());
    }

    private static int least(double[] values) {
        int least = 0;
        for (int i = 1; i < values.length; i++) if (values[i] < values[least]) least = i;
        return least;
    }

    /** Where the three are least, and what it costs to follow the bound. */
    public String sentence() {
        double[] mse = mse();
        String text = String.format(Locale.ROOT, "The slides' bound is least at ρ̂ = %.3g, where E[Ṽ] = %.3g of V = %.3g and MSE = %.3g; without its split at ρ̂ = %.3g (MSE %.3g); the MSE itself at ρ̂ = %.3g (%.3g).",
            weights[optimum()], means[optimum()], truth, mse[optimum()], weights[tightOptimum()], mse[tightOptimum()], weights[best()], mse[best()]);
        int last = weights.length - 1;
        boolean edge = DoubleStream.of(optimum(), tightOptimum(), best()).anyMatch(i -> i == 0 || i == last);
        return text + (edge ? " One of them lies at the edge of the weights given: widen their range." : "");
    }

    /** One row per weight. */
    public Table summary() {
        return Table.create("DRaE against its weight", DoubleColumn.create("dynamics weight", weights), DoubleColumn.create("mean", means), DoubleColumn.create("bias²", biasSquared),
            DoubleColumn.create("variance", variance), DoubleColumn.create("MSE", mse()), DoubleColumn.create("bound B", bound), DoubleColumn.create("tight bound", tightBound));
    }

    @Override
    public String toString() {
        return sentence();
    }
}
