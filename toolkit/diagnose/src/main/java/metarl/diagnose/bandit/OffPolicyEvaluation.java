package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import metarl.basics.Activity;
import metarl.basics.Copy;
import metarl.diagnose.log.BanditLog;

/**
 * Asks what a policy <em>would have</em> been paid on rounds that another one chose:
 * {@code OffPolicyEvaluation.of(log).target(policy).rewardModel(model).folds(3).estimate("ips", "dr").bootstrap(1_000, 7).summary()}.
 *
 * <p>This evaluates a policy. Whether an estimator is a good one is another question, which needs problems whose true value is known.
 *
 * @param log rounds of the behavior policy
 * @param target n × k: the evaluation policy's probabilities in the contexts of the log; null until given
 * @param rewardModel how q̂ is learned; null for none
 * @param predictedRewards n × k: q̂ from elsewhere; null for none
 * @param folds of cross-fitting; 1 fits on the very rounds that are predicted
 * @param seed of the assignment of rounds to folds
 * @param tuning how a λ left open is chosen
 */
public record OffPolicyEvaluation(BanditLog log, double[][] target, RewardModel rewardModel, double[][] predictedRewards, int folds,
    long seed, Tuning tuning) {
    private static final int USUAL_FOLDS = 3;

    /** Starts with a log. */
    public static OffPolicyEvaluation of(BanditLog log) {
        return new OffPolicyEvaluation(log, null, null, null, USUAL_FOLDS, 0, Tuning.MSE);
    }

    /**
     * The policy to be evaluated.
     *
     * @param policy n × k: its probability of every action in the context of every round; not the behavior's, and not that of the logged
     *     action alone
     * @throws IllegalArgumentException if there is not one row per round and one column per action
     */
    public OffPolicyEvaluation target(double[][] policy) {
        if (policy.length != log.size())
            throw new IllegalArgumentException(
                "the target policy has " + policy.length + " rows, the log has " + log.size() + " rounds; expected one row per round");
        for (int i = 0; i < policy.length; i++)
            if (policy[i].length != log.actionCount())
                throw new IllegalArgumentException(
                    "row " + i + " of the target policy has " + policy[i].length + " actions, the log has " + log.actionCount()
                        + "; expected a probability for each");
        return Copy.with(this, "target", policy);
    }

    /** A policy that acts alike in every context: k probabilities. */
    public OffPolicyEvaluation target(double[] everywhere) {
        double[][] policy = new double[log.size()][];
        Arrays.fill(policy, everywhere);
        return target(policy);
    }

    /** The reward model of dm, dr and their kin, cross-fitted: the model that predicts a round has not seen it. */
    public OffPolicyEvaluation rewardModel(RewardModel model) {
        return Copy.with(Copy.with(this, "rewardModel", model), "predictedRewards", null);
    }

    /**
     * Predictions of a reward model of one's own instead.
     *
     * @param predicted n × k; the model must not have been fitted on the rounds of this log, which cannot be checked here
     */
    public OffPolicyEvaluation predictedRewards(double[][] predicted) {
        return Copy.with(Copy.with(this, "predictedRewards", predicted), "rewardModel", null);
    }

    /** Folds of cross-fitting, at least 2, assigned by seed 0. */
    public OffPolicyEvaluation folds(int number) {
        return folds(number, 0);
    }

    /** Folds of cross-fitting, at least 2, and the seed that assigns rounds to them. */
    public OffPolicyEvaluation folds(int number, long foldSeed) {
        RewardModel.folds(log.size(), number, foldSeed);
        return Copy.with(Copy.with(this, "folds", number), "seed", foldSeed);
    }

    /** Fits the reward model on the very rounds it predicts. Values come out with a warning: dm and dr then follow the noise of the log. */
    public OffPolicyEvaluation withoutCrossFitting() {
        return Copy.with(this, "folds", 1);
    }

    /** How the λ of estimators that leave it open is chosen; by estimated MSE unless told. */
    public OffPolicyEvaluation tuned(Tuning rule) {
        return Copy.with(this, "tuning", rule);
    }

    /** Mean reward of the log: the value of the behavior policy, for comparison. */
    public Estimate onPolicyValue() {
        return WeightedRounds.onPolicy(log)
            .estimate(new Estimator("on-policy mean", WeightShape.PLAIN, Estimator.Model.NONE, false, Double.NaN));
    }

    /**
     * All that can be estimated: with a reward model dm, ips, snips, dr, snDr, switchDr, drOs and, if it is fitted here, mrdr; without one
     * ips, snips, clippedIps and subGaussian. From a log without propensities dm alone.
     */
    public Estimates estimate() {
        if (!log.hasPropensities() && (rewardModel != null || predictedRewards != null)) return estimate("dm");
        if (rewardModel == null && predictedRewards == null) return estimate("ips", "snips", "clippedIps", "subGaussian");
        var keys = new ArrayList<>(List.of("dm", "ips", "snips", "dr", "snDr", "switchDr", "drOs"));
        if (rewardModel != null) keys.add("mrdr");
        return estimate(keys.toArray(String[]::new));
    }

    /** Estimates by the named estimators, such as "ips", "switchDr" (λ chosen from the data) or "switchDr(10)". */
    public Estimates estimate(String... keys) {
        return estimate(Arrays.stream(keys).map(Estimator::of).toArray(Estimator[]::new));
    }

    /**
     * Estimates by the given estimators, with normal intervals of 95 %.
     *
     * @throws IllegalArgumentException if there is no target policy, or an estimator needs a reward model that was not given
     */
    public Estimates estimate(Estimator... estimators) {
        if (target == null) throw new IllegalArgumentException(
            "there is no policy to evaluate; say target(policy), the probabilities of every action in every round");
        Map<Estimator.Model, WeightedRounds> rounds = new EnumMap<>(Estimator.Model.class);
        var estimates = new ArrayList<Estimate>();
        try (var activity = Activity.of("estimates", estimators.length)) {
            for (Estimator e : estimators) {
                WeightedRounds of = rounds.computeIfAbsent(e.model(), this::rounds);
                estimates.add(of.estimate(e.needsLambda() ? tuning.tune(e, of) : e));
                activity.advance();
            }
        }
        return Estimates.of(estimates);
    }

    private WeightedRounds rounds(Estimator.Model model) {
        if (model == Estimator.Model.NONE || model == Estimator.Model.PLAIN && rewardModel == null && predictedRewards == null)
            return WeightedRounds.of(log, target);
        if (predictedRewards != null && model == Estimator.Model.PLAIN) return WeightedRounds.of(log, target, predictedRewards);
        if (rewardModel == null) throw new IllegalArgumentException(
            "MRDR fits a reward model of its own; say rewardModel(…), such as rewardModel(RewardModel.ridge(1))");
        double[] weights = model == Estimator.Model.ROBUST ? Estimators.robustWeights(log, target) : null;
        if (folds == 1)
            return WeightedRounds.of(log, target, rewardModel.fitOnSameRounds(log, weights))
                .warn(List.of("The reward model was fitted on the rounds it predicts: "
                    + "it has learned their noise, so values and errors come out too good. Use folds(3)."));
        int[] fold = RewardModel.folds(log.size(), folds, seed);
        return WeightedRounds.of(log, target, rewardModel.crossFit(log, fold, weights)).warn(RoundsCheck.ofFolds(log, target, fold, folds));
    }
}
