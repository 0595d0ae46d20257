package metarl.diagnose.bandit;

import java.util.Arrays;
import java.util.SplittableRandom;
import metarl.basics.Activity;
import metarl.diagnose.log.BanditLog;

/**
 * Learns q̂(x, a), the mean reward of action a in context x, from logged rounds. Own models take part by implementing {@link #fit}.
 *
 * <p>A model that is asked about the rounds it was fitted on knows their noise; {@link #crossFit} never asks that.
 */
public interface RewardModel {
    /** What was learned. */
    interface Fitted {
        /** q̂(x, a): one row per context, one column per action. */
        double[][] predict(double[][] contexts);
    }

    /**
     * Fits the model.
     *
     * @param contexts n rows of d features
     * @param actions n, each from 0 to actionCount − 1
     * @param rewards n
     * @param sampleWeights n, at least 0: how much the error on each round counts
     */
    Fitted fit(double[][] contexts, int[] actions, double[] rewards, double[] sampleWeights, int actionCount);

    /**
     * A linear model of each action's reward, Σ s (r − w·x − b)² + strength ‖w‖², the intercept free (scikit-learn's
     * {@code Ridge(alpha=strength)}).
     */
    static LinearRewardModel ridge(double strength) {
        return new LinearRewardModel(LinearRewardModel.Link.IDENTITY, strength, LinearRewardModel.Form.PER_ACTION);
    }

    /**
     * A logistic model of each action's reward in [0, 1], ½‖w‖² + C Σ s · log loss, the intercept free (scikit-learn's
     * {@code LogisticRegression(C=inverseStrength)}).
     */
    static LinearRewardModel logistic(double inverseStrength) {
        return new LinearRewardModel(LinearRewardModel.Link.LOGISTIC, inverseStrength, LinearRewardModel.Form.PER_ACTION);
    }

    /**
     * Which fold each round falls into: a shuffle, so that folds differ in size by at most one and a rhythm in the log does not become one
     * of the folds.
     *
     * @throws IllegalArgumentException unless there are 2 to {@code rounds} folds
     */
    static int[] folds(int rounds, int folds, long seed) {
        if (folds < 2 || folds > rounds)
            throw new IllegalArgumentException(folds + " folds of " + rounds + " rounds; expected 2 to " + rounds + ", usually 3"
                + (folds == 1 ? ". To fit on the very rounds that are predicted, say withoutCrossFitting()" : ""));
        int[] fold = new int[rounds];
        for (int i = 0; i < rounds; i++) fold[i] = i % folds;
        var random = new SplittableRandom(seed);
        for (int i = rounds - 1; i > 0; i--) {
            int j = random.nextInt(i + 1), swapped = fold[i];
            fold[i] = fold[j];
            fold[j] = swapped;
        }
        return fold;
    }

    /**
     * q̂ of every round of a log by the model fitted on the other folds.
     *
     * @param fold of each round, from 0; rounds that belong together, such as those of one user, go into one fold
     * @param sampleWeights one per round, or null for 1
     * @return n × k
     * @throws IllegalArgumentException if lengths differ, or all rounds are in one fold
     */
    default double[][] crossFit(BanditLog log, int[] fold, double[] sampleWeights) {
        int n = log.size();
        if (fold.length != n || sampleWeights != null && sampleWeights.length != n)
            throw new IllegalArgumentException(
                "given " + fold.length + " folds" + (sampleWeights == null ? "" : " and " + sampleWeights.length + " sample weights")
                    + " for " + n + " rounds; expected one per round");
        if (Arrays.stream(fold).distinct().count() < 2)
            throw new IllegalArgumentException(
                "all rounds are in fold " + fold[0] + "; expected at least 2 folds, so that others can be learned from");
        double[] weights = sampleWeights == null ? ones(n) : sampleWeights;
        double[][] predicted = new double[n][];
        int[] folds = Arrays.stream(fold).distinct().toArray();
        try (var activity = Activity.of("cross-fitting the reward model", folds.length)) {
            for (int held : folds) {
                int[] learn = Arrays.stream(indices(n)).filter(i -> fold[i] != held).toArray(),
                    ask = Arrays.stream(indices(n)).filter(i -> fold[i] == held).toArray();
                double[][] answers = fit(log, learn, weights)
                    .predict(Arrays.stream(ask).mapToObj(i -> log.contexts()[i]).toArray(double[][]::new));
                for (int i = 0; i < ask.length; i++) predicted[ask[i]] = answers[i];
                activity.advance();
            }
        }
        return predicted;
    }

    /** q̂ of every round of a log by the model fitted on all of them: overfitted to their noise, for comparison only. */
    default double[][] fitOnSameRounds(BanditLog log, double[] sampleWeights) {
        try (var activity = Activity.of("fitting the reward model")) {
            return fit(log, indices(log.size()), sampleWeights == null ? ones(log.size()) : sampleWeights).predict(log.contexts());
        }
    }

    private Fitted fit(BanditLog log, int[] rows, double[] weights) {
        return fit(Arrays.stream(rows).mapToObj(i -> log.contexts()[i]).toArray(double[][]::new),
            Arrays.stream(rows).map(i -> log.actions()[i]).toArray(),
            Arrays.stream(rows).mapToDouble(i -> log.rewards()[i]).toArray(), Arrays.stream(rows).mapToDouble(i -> weights[i]).toArray(),
            log.actionCount());
    }

    private static int[] indices(int n) {
        int[] indices = new int[n];
        Arrays.setAll(indices, i -> i);
        return indices;
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}
