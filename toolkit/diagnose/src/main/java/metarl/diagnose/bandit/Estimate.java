package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Interval;
import metarl.diagnose.weights.Ess;
import tech.tablesaw.api.Table;

/**
 * The value of an evaluation policy as one estimator sees it, and whether to believe it.
 *
 * @param estimator what was computed, with the λ that was used
 * @param rounds what it was computed from
 * @param value V̂, in units of the reward
 * @param standardError √(Σ(tᵢ − V̂)² / (n (n − 1))) of the {@link #terms}
 * @param ess effective sample size of the weights as they enter, null where none do
 * @param keptWeight Σŵ / Σw: what λ left of the weights; 1 where it changed nothing, 0 for the direct method
 * @param warnings sentences on what makes the value doubtful; empty if nothing does
 */
public record Estimate(Estimator estimator, WeightedRounds rounds, double value, double standardError, Ess ess, double keptWeight,
    List<String> warnings)
    implements Grading.Answer, Findings {
    private static final double MUCH_REMOVED = 0.1;

    /** Computes it; see {@link WeightedRounds#estimate}. */
    static Estimate of(Estimator asked, WeightedRounds rounds) {
        if (asked.model() != Estimator.Model.NONE && rounds.direct() == null)
            throw new IllegalArgumentException(asked.name()
                + " needs a reward model; give predicted rewards, or OffPolicyEvaluation.of(log).rewardModel(…), or ask for ips or snips");
        Estimator estimator = asked.needsLambda() ? Tuning.MSE.tune(asked, rounds) : asked;
        ShapedWeights shaped = rounds.shaped(estimator);
        double weightSum = rounds.rawWeights().sum();
        if (estimator.shape() != WeightShape.NONE && weightSum == 0)
            throw new IllegalArgumentException(
                "all " + rounds.size() + " weights are 0: the target never does what was logged, so " + estimator.name()
                    + " has nothing to weigh; use dm, or log actions of the target");
        Terms terms = Terms.of(estimator, rounds, shaped);
        int n = rounds.size();
        double value = 0, squares = 0;
        for (int i = 0; i < n; i++) value += terms.at(i);
        value /= n;
        for (int i = 0; i < n; i++) squares += (terms.at(i) - value) * (terms.at(i) - value);
        double kept = weightSum == 0 ? 1 : shaped.sum() / weightSum, error = Math.sqrt(squares / n / (n - 1.0));
        return new Estimate(estimator, rounds, value, error, shaped.ess(), kept, doubts(estimator, rounds, shaped, kept));
    }

    /**
     * tᵢ = qᵢ + ρ + (vᵢ − ρ) ŵᵢ/c: with ρ = 0 and c = 1 the plain form; self-normalised, ρ = Σŵv/Σŵ and c = mean ŵ make it the form
     * linearised around its value.
     */
    private record Terms(double[] direct, double[] v, double[] shaped, double ratio, double inverse) {
        static Terms of(Estimator estimator, WeightedRounds rounds, ShapedWeights weights) {
            double[] shaped = weights.values();
            double[] v = rounds.weighted(estimator),
                direct = estimator.model() == Estimator.Model.NONE ? null : rounds.direct();
            if (!estimator.selfNormalized()) return new Terms(direct, v, shaped, 0, 1);
            double sum = 0;
            for (int i = 0; i < v.length; i++) sum += shaped[i] * v[i];
            return new Terms(direct, v, shaped, sum / weights.sum(), v.length / weights.sum());
        }

        double at(int i) {
            return (direct == null ? 0 : direct[i]) + ratio + shaped[i] * inverse * (v[i] - ratio);
        }
    }

    private static List<String> doubts(Estimator estimator, WeightedRounds rounds, ShapedWeights shaped, double kept) {
        var doubts = new ArrayList<String>();
        if (estimator.shape() == WeightShape.NONE)
            doubts.add("No weights are used: the error holds the spread of the contexts, not how wrong the reward model is"
                + leftOut(rounds, estimator, shaped.values())
                + (rounds.hasWeights() ? ". Compare with dr." : ". Compare with Estimators.balanced, which needs no propensities either."));
        else {
            addOverlap(doubts, estimator, shaped.ess());
            if (kept < 1 - MUCH_REMOVED)
                doubts.add(String.format(Locale.ROOT,
                    "λ = %s removes %s of the weight (limit %s)%s: a bias that no interval shows, so that intervals hold the true value "
                        + "less often than "
                        + "they say. Compare with %s.",
                    estimator.shortLambda(), Figures.percentBeside(1 - kept, MUCH_REMOVED, 0), Figures.percent(MUCH_REMOVED),
                    leftOut(rounds, estimator, shaped.values()),
                    estimator.model() == Estimator.Model.NONE ? "ips" : "dr"));
            doubts.addAll(rounds.weightWarnings());
        }
        if (estimator.model() != Estimator.Model.NONE) doubts.addAll(rounds.modelWarnings());
        return List.copyOf(doubts);
    }

    /** What the weights as they are would add: mean (w − ŵ) v and its standard error. */
    private static String leftOut(WeightedRounds rounds, Estimator estimator, double[] shaped) {
        double[] w = rounds.rawWeights().values(), v = rounds.weighted(estimator);
        if (rounds.rawWeights().sum() == 0) return "";
        int n = w.length;
        double mean = 0, squares = 0;
        for (int i = 0; i < n; i++) mean += (w[i] - shaped[i]) * v[i] / n;
        for (int i = 0; i < n; i++) squares += Math.pow((w[i] - shaped[i]) * v[i] - mean, 2);
        return ", and leaves out a correction of " + Figures.number(mean, 2) + " ± "
            + Figures.number(Math.sqrt(squares / n / (n - 1.0)), 1);
    }

    private static void addOverlap(List<String> doubts, Estimator estimator, Ess ess) {
        if (ess == null) {
            doubts.add(estimator + " leaves no weight above 0: this is the reward model alone. Choose a larger λ.");
            return;
        }
        if (ess.reliable()) return;
        String reason = ess.fraction() < Ess.BARELY ? "below " + Figures.percent(Ess.BARELY) + ", few of the rounds decide"
            : "one round holds " + Figures.percentBeside(ess.largestShare(), Ess.DOMINATING_SHARE, 0) + " of the weight (limit "
                + Figures.percent(Ess.DOMINATING_SHARE) + ")";
        doubts.add(String.format(Locale.ROOT, "ESS %.0f of %d (%s): %s, and the standard error is itself too uncertain to trust. "
            + "Use drOs or switchDr, evaluate a policy nearer to the behavior, or log more.", ess.value(), ess.n(),
            Figures.percentBeside(ess.fraction(), Ess.BARELY, 1), reason));
    }

    /** Name of the estimator, with its λ if it has one. */
    public String name() {
        return estimator.toString();
    }

    /**
     * tᵢ, one per round, whose mean is the value. Self-normalised estimators are ratios; theirs are linearised (delta method), so that
     * their spread is that of the ratio.
     */
    public double[] terms() {
        double[] values = new double[rounds.size()];
        Terms terms = Terms.of(estimator, rounds, rounds.shaped(estimator));
        Arrays.setAll(values, terms::at);
        return values;
    }

    /** Lower end of {@link #normal()}. */
    @Override
    public double low() {
        return normal().low();
    }

    /** Upper end of {@link #normal()}. */
    @Override
    public double high() {
        return normal().high();
    }

    /** Value ± z · standard error (central limit theorem), at 95 %. */
    public Interval normal() {
        return normal(Interval.USUAL_LEVEL);
    }

    /** Value ± z · standard error: right for many rounds of weights without a heavy tail. */
    public Interval normal(double level) {
        return Interval.normal(value, standardError, level);
    }

    /** Quantiles of the estimate on resampled rounds, at 95 %. */
    public Interval bootstrap(int resamples, long seed) {
        return EstimateBootstrap.intervals(List.of(this), resamples, seed, Interval.USUAL_LEVEL).get(0);
    }

    /**
     * Empirical Bernstein bound (Maurer and Pontil 2009, theorem 4, on both sides): V̂ ± (√(2 s² L/n) + 7 R L / (3 (n − 1))), L = ln(4 / (1
     * − level)), s² the variance and R the range of the terms. It holds for every n, not only in the limit, and is wide; it speaks of the
     * mean of the estimator, so bias is not in it.
     *
     * <p>R follows from what is known <em>before</em> looking at the data: ŵ ≤ s(largestWeight), and terms of a reward model lie within
     * [low − ŵ(high − low), high + ŵ(high − low)].
     *
     * @param rewardLow smallest reward there can be
     * @param rewardHigh largest reward there can be
     * @param largestWeight largest π_e/π_b there can be, such as 1 / the smallest propensity of the behavior policy by design
     * @throws IllegalArgumentException for a self-normalised estimator, whose terms depend on each other, or if a reward, prediction or
     *     weight lies outside what was said
     */
    public Interval bernstein(double rewardLow, double rewardHigh, double largestWeight, double level) {
        Interval.requireLevel(level);
        double range = TermRange.of(this, rewardLow, rewardHigh, largestWeight);
        int n = rounds.size();
        double logarithm = Math.log(4 / (1 - level));
        double reach = standardError * Math.sqrt(2 * logarithm) + 7 * range * logarithm / (3 * (n - 1.0));
        return new Interval(value, value - reach, value + reach, level, "empirical Bernstein");
    }

    /** One row: value, interval, standard error, ESS and what is doubtful. */
    @Override
    public Table summary() {
        return Estimates.of(List.of(this)).summary();
    }

    /** The number and its doubts. */
    public String sentence() {
        return name() + ": " + Figures.number(value, 4) + " ± " + Figures.number(standardError, 2)
            + (warnings.isEmpty() ? "." : ". " + String.join(" ", warnings));
    }

    @Override
    public String toString() {
        return sentence();
    }
}
