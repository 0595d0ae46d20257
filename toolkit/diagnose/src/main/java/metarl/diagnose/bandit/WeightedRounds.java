package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import metarl.basics.Require;
import metarl.diagnose.log.BanditLog;
import metarl.diagnose.log.Rounding;
import metarl.diagnose.weights.ImportanceWeights;

/**
 * What every estimator reads of logged rounds and an evaluation policy, computed once: wᵢ = π_e(aᵢ | xᵢ) / π_b(aᵢ | xᵢ) and, with a reward
 * model, q̂(xᵢ, π_e) = Σ_a π_e(a | xᵢ) q̂(xᵢ, a) and rᵢ − q̂(xᵢ, aᵢ).
 */
public final class WeightedRounds {
    private final double[] rewards;
    private final ShapedWeights weights;
    private final double[] direct, residuals;
    private final List<String> weightWarnings;
    private final List<String> modelWarnings;
    /** Asked for the weights of rounds that have none; null for others. */
    private final Supplier<double[]> noWeights;

    private WeightedRounds(double[] rewards, double[] weights, double[] direct, double[] residuals, List<String> weightWarnings,
        List<String> modelWarnings) {
        this(rewards, weights, direct, residuals, weightWarnings, modelWarnings, null);
    }

    private WeightedRounds(double[] rewards, double[] weights, double[] direct, double[] residuals, List<String> weightWarnings,
        List<String> modelWarnings,
        Supplier<double[]> noWeights) {
        this.noWeights = noWeights;
        this.rewards = rewards;
        this.weights = ShapedWeights.of(weights);
        this.direct = direct;
        this.residuals = residuals;
        this.weightWarnings = List.copyOf(weightWarnings);
        this.modelWarnings = List.copyOf(modelWarnings);
    }

    /** Rounds of a log without a reward model. */
    public static WeightedRounds of(BanditLog log, double[][] target) {
        return of(log, target, null);
    }

    /** Rounds of a log with a reward model's predictions. */
    public static WeightedRounds of(BanditLog log, double[][] target, double[][] predictedRewards) {
        if (log.hasPropensities()) return of(log.rewards(), log.actions(), log.propensities(), target, predictedRewards);
        double[] ones = new double[log.size()];
        Arrays.fill(ones, 1);
        // for its checks, and for what does not come from weights
        WeightedRounds checked = of(log.rewards(), log.actions(), ones, target, predictedRewards);
        return new WeightedRounds(log.rewards(), new double[log.size()], checked.direct, checked.residuals, List.of(),
            checked.modelWarnings, log::propensities);
    }

    /**
     * Rounds as arrays. The arrays are kept, not copied.
     *
     * @param rewards n, finite
     * @param actions n, each from 0 to k − 1
     * @param propensities n: π_b(aᵢ | xᵢ) of the policy that <em>made</em> the log, above 0 and at most 1
     * @param target n × k: π_e(a | xᵢ) of the policy to be evaluated; rows sum to 1, but for what rounding to four digits or to single
     *     precision leaves
     * @param predictedRewards n × k: q̂(xᵢ, a), from a model that did not see round i; null, if there is none
     * @throws IllegalArgumentException if there are fewer than two rounds, shapes differ, or an entry is out of its range, named by round
     */
    public static WeightedRounds of(double[] rewards, int[] actions, double[] propensities, double[][] target,
        double[][] predictedRewards) {
        int n = rewards.length;
        if (n < 2)
            throw new IllegalArgumentException("given " + n + " rounds; expected at least 2, because fewer give no standard error");
        requireLength("actions", actions.length, n);
        requireLength("propensities", propensities.length, n);
        requireLength("rows of the target policy", target.length, n);
        if (predictedRewards != null) requireLength("rows of predicted rewards", predictedRewards.length, n);
        int k = target[0].length;
        double[] weights = new double[n], mass = new double[k];
        double[] direct = predictedRewards == null ? null : new double[n], residuals = predictedRewards == null ? null : new double[n];
        int[] taken = new int[k];
        for (int i = 0; i < n; i++) {
            addRow(target[i], i, mass);
            int a = actions[i];
            requireRound(i, rewards[i], a, propensities[i], k);
            taken[a]++;
            weights[i] = target[i][a] / Rounding.toOne(propensities[i]);
            if (predictedRewards == null) continue;
            direct[i] = expectation(target[i], predictedRewards[i], i);
            residuals[i] = rewards[i] - predictedRewards[i][a];
        }
        return new WeightedRounds(rewards, weights, direct, residuals, RoundsCheck.ofWeights(rewards, propensities, weights, mass, taken),
            RoundsCheck.ofResiduals(residuals, rewards));
    }

    /** The same rounds as those of a policy that acts as the behavior did: all weights are 1. */
    static WeightedRounds onPolicy(BanditLog log) {
        double[] ones = new double[log.size()];
        Arrays.fill(ones, 1);
        return new WeightedRounds(log.rewards(), ones, null, null, List.of(), List.of());
    }

    /** Rounds of which only the reward model's predictions under a policy are known. */
    static WeightedRounds direct(double[][] target, double[][] predictedRewards) {
        int n = target.length;
        if (n < 2)
            throw new IllegalArgumentException("given " + n + " rounds; expected at least 2, because fewer give no standard error");
        requireLength("rows of predicted rewards", predictedRewards.length, n);
        double[] direct = new double[n], mass = new double[target[0].length];
        for (int i = 0; i < n; i++) {
            addRow(target[i], i, mass);
            direct[i] = expectation(target[i], predictedRewards[i], i);
        }
        return new WeightedRounds(new double[n], new double[n], direct, new double[n], List.of(), List.of());
    }

    /** Rounds with {@link BalancedWeights} in place of those of the propensities. */
    static WeightedRounds balanced(BanditLog log, double[][] target, double inverseStrength) {
        Require.positive(inverseStrength, "inverseStrength", "usually 0.1 to 100");
        // for its checks
        of(log, target);
        return new WeightedRounds(log.rewards(), BalancedWeights.of(log, target, inverseStrength), null, null,
            List.of("Weights are those of a classifier fitted on these rounds, "
                + "not known ones: errors and intervals leave out how wrong it is. Compare with snips, if propensities were logged."),
            List.of());
    }

    /** The same with more to say about its reward model. */
    WeightedRounds warn(List<String> aboutModel) {
        var all = new ArrayList<>(modelWarnings);
        all.addAll(aboutModel);
        return new WeightedRounds(rewards, weights.values(), direct, residuals, weightWarnings, all, noWeights);
    }

    private static void requireLength(String what, int given, int rounds) {
        if (given != rounds) throw new IllegalArgumentException(
            "given " + given + " " + what + " and " + rounds + " rewards or rounds; expected one of each per round");
    }

    private static void addRow(double[] row, int i, double[] mass) {
        if (row.length != mass.length)
            throw new IllegalArgumentException(
                "row " + i + " of the target policy has " + row.length + " actions, the first has " + mass.length
                    + "; expected equal lengths");
        double sum = 0;
        for (int a = 0; a < row.length; a++) {
            if (!(row[a] >= 0))
                throw new IllegalArgumentException(
                    "the target's probability of action " + a + " in round " + i + " is " + row[a] + "; expected at least 0");
            sum += row[a];
            mass[a] += row[a];
        }
        if (!Rounding.isOne(sum, row.length))
            throw new IllegalArgumentException(
                "row " + i + " of the target policy sums to " + sum + "; expected 1: " + Rounding.remedy(sum));
    }

    private static void requireRound(int i, double reward, int action, double propensity, int k) {
        if (!Double.isFinite(reward)) throw Require.refused("reward " + i, reward, "a finite number");
        if (action < 0 || action >= k)
            throw new IllegalArgumentException(
                "action " + i + " is " + action + "; expected 0 to " + (k - 1) + ", as the target policy has " + k + " actions");
        if (!(propensity >= RoundsCheck.SMALLEST_PROPENSITY) || Rounding.aboveOne(propensity))
            throw new IllegalArgumentException(
                "propensity " + i + " is " + propensity + "; expected a probability of at least " + RoundsCheck.SMALLEST_PROPENSITY
                    + " and at most 1, because the action was chosen by the behavior policy");
    }

    private static double expectation(double[] probabilities, double[] predicted, int i) {
        if (predicted.length != probabilities.length)
            throw new IllegalArgumentException(
                "row " + i + " of predicted rewards has " + predicted.length + " actions, the target policy has " + probabilities.length);
        double sum = 0;
        for (int a = 0; a < predicted.length; a++) sum += probabilities[a] * predicted[a];
        // an infinite or NaN prediction shows in the sum, also where the target never acts so
        if (!Double.isFinite(sum))
            throw new IllegalArgumentException(
                "predicted rewards of round " + i + " are " + Arrays.toString(predicted) + "; expected finite numbers");
        return sum;
    }

    /** Number of rounds. */
    public int size() {
        return rewards.length;
    }

    /** w, one per round. */
    public ImportanceWeights weights() {
        requireWeights();
        return ImportanceWeights.of(weights.values());
    }

    /** Sentences on what makes weights of these rounds doubtful; empty if nothing does. */
    public List<String> weightWarnings() {
        return weightWarnings;
    }

    /** Sentences on what makes the reward model doubtful; empty if nothing does. */
    public List<String> modelWarnings() {
        return modelWarnings;
    }

    /**
     * The value of the evaluation policy by one estimator; a λ left open is chosen by {@link Tuning#MSE}.
     *
     * @throws IllegalArgumentException if it needs a reward model that was not given, or if all weights are 0
     */
    public Estimate estimate(Estimator estimator) {
        return Estimate.of(estimator, this);
    }

    /** Whether there are weights, known or fitted. */
    boolean hasWeights() {
        return noWeights == null;
    }

    private void requireWeights() {
        // which says what to do
        if (noWeights != null) noWeights.get();
    }

    /** w, with their sums. */
    ShapedWeights rawWeights() {
        return weights;
    }

    /** ŵ, with their sums. */
    ShapedWeights shaped(Estimator estimator) {
        if (estimator.shape() != WeightShape.NONE) requireWeights();
        return switch (estimator.shape()) {
            case PLAIN -> weights;
            case NONE -> new ShapedWeights(new double[size()], 0, 0, 0);
            default -> ShapedWeights.of(weights.values(), estimator.shape().with(estimator.lambda()));
        };
    }

    /** q̂(x, π_e) per round, or null without a reward model. */
    double[] direct() {
        return direct;
    }

    double[] rewards() {
        return rewards;
    }

    /** What the weights multiply: r − q̂(x, a) with a reward model, r without. */
    double[] weighted(Estimator estimator) {
        return estimator.model() == Estimator.Model.NONE ? rewards : residuals;
    }
}
