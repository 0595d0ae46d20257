package metarl.diagnose.bandit;

import metarl.diagnose.log.BanditLog;

/**
 * Estimates of an evaluation policy's value from rounds of a contextual bandit, one call each on arrays. To compute several from the same
 * rounds, make {@link WeightedRounds} once; for a log with a reward model, see {@link OffPolicyEvaluation}. The formula is in
 * {@link Estimator}.
 *
 * <p>All take n rewards, n actions, n propensities π_b(aᵢ | xᵢ) of the policy that made the log, the n × k probabilities of the policy to
 * be evaluated and, where a reward model takes part, its n × k predictions q̂(xᵢ, a). Shapes and ranges are checked as in
 * {@link WeightedRounds#of}.
 */
public final class Estimators {
    private Estimators() {}

    /** The direct method, mean Σ_a π_e(a | x) q̂(x, a). */
    public static Estimate dm(double[][] target, double[][] predictedRewards) {
        return WeightedRounds.direct(target, predictedRewards).estimate(Estimator.dm());
    }

    /** Inverse propensity scoring, mean w r. */
    public static Estimate ips(double[] rewards, int[] actions, double[] propensities, double[][] target) {
        return WeightedRounds.of(rewards, actions, propensities, target, null).estimate(Estimator.ips());
    }

    /** IPS with weights of at most λ, mean min(w, λ) r. */
    public static Estimate clippedIps(double[] rewards, int[] actions, double[] propensities, double[][] target, double lambda) {
        return WeightedRounds.of(rewards, actions, propensities, target, null).estimate(Estimator.clippedIps(lambda));
    }

    /** Self-normalised IPS, Σ w r / Σ w. */
    public static Estimate snips(double[] rewards, int[] actions, double[] propensities, double[][] target) {
        return WeightedRounds.of(rewards, actions, propensities, target, null).estimate(Estimator.snips());
    }

    /** IPS with weights w / (1 − λ + λw). */
    public static Estimate subGaussian(double[] rewards, int[] actions, double[] propensities, double[][] target, double lambda) {
        return WeightedRounds.of(rewards, actions, propensities, target, null).estimate(Estimator.subGaussian(lambda));
    }

    /** Doubly robust, mean q̂(x, π_e) + w (r − q̂(x, a)). */
    public static Estimate dr(double[] rewards, int[] actions, double[] propensities, double[][] target, double[][] predictedRewards) {
        return WeightedRounds.of(rewards, actions, propensities, target, predictedRewards).estimate(Estimator.dr());
    }

    /** DR with a self-normalised correction, mean q̂(x, π_e) + Σ w (r − q̂(x, a)) / Σ w. */
    public static Estimate snDr(double[] rewards, int[] actions, double[] propensities, double[][] target, double[][] predictedRewards) {
        return WeightedRounds.of(rewards, actions, propensities, target, predictedRewards).estimate(Estimator.snDr());
    }

    /** DR with its correction only where w ≤ λ. */
    public static Estimate switchDr(double[] rewards, int[] actions, double[] propensities, double[][] target, double[][] predictedRewards,
        double lambda) {
        return WeightedRounds.of(rewards, actions, propensities, target, predictedRewards).estimate(Estimator.switchDr(lambda));
    }

    /** DR with weights λw / (w² + λ). */
    public static Estimate drOs(double[] rewards, int[] actions, double[] propensities, double[][] target, double[][] predictedRewards,
        double lambda) {
        return WeightedRounds.of(rewards, actions, propensities, target, predictedRewards).estimate(Estimator.drOs(lambda));
    }

    /**
     * DR whose reward model is fitted for the variance of DR, cross-fitted here (Farajtabar, Chow and Ghavamzadeh 2018).
     *
     * @param fold of each round, see {@link RewardModel#folds}
     */
    public static Estimate mrdr(BanditLog log, double[][] target, RewardModel model, int[] fold) {
        return WeightedRounds.of(log, target, model.crossFit(log, fold, robustWeights(log, target))).estimate(Estimator.mrdr());
    }

    /**
     * Self-normalised IPS with weights from a classifier between the target's actions and the logged ones, for logs without propensities or
     * with doubtful ones; those of the log are not read.
     *
     * @param inverseStrength C of the classifier's penalty, above 0; smaller values pull the weights towards 1
     */
    public static Estimate balanced(BanditLog log, double[][] target, double inverseStrength) {
        return WeightedRounds.balanced(log, target, inverseStrength)
            .estimate(new Estimator("balanced IPS", WeightShape.PLAIN, Estimator.Model.NONE, true, Double.NaN));
    }

    /** π_e (1 − π_b) / π_b² of the logged actions: what a squared error of q̂ there adds to the variance of DR. */
    static double[] robustWeights(BanditLog log, double[][] target) {
        double[] weights = new double[log.size()];
        for (int i = 0; i < weights.length; i++) {
            double propensity = log.propensities()[i];
            weights[i] = target[i][log.actions()[i]] * (1 - propensity) / (propensity * propensity);
        }
        return weights;
    }
}
