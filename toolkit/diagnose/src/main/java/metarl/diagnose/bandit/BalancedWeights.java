package metarl.diagnose.bandit;

import metarl.basics.Require;
import metarl.diagnose.log.BanditLog;
import metarl.diagnose.weights.PenalizedRegression;

/**
 * π_e/π_b of logged rounds without any propensities: the odds of a classifier that tells (x, a) with a drawn from the target from (x, a) as
 * logged (Sondhi, Arbour and Dimmery 2020).
 *
 * <p>Features are (1, x) of the action at hand, so that log w is linear in x for each action. Different from the paper, actions of the
 * target are not sampled: every action enters with its probability, which needs no seed.
 */
final class BalancedWeights {
    private BalancedWeights() {}

    static double[] of(BanditLog log, double[][] target, double inverseStrength) {
        int n = log.size(), k = log.actionCount();
        Require.room("the features of balanced weights", "the number of rounds, actions or features", 8, n, k + 1L, k,
            log.contexts()[0].length + 1L);
        double[][] features = new double[n * (k + 1)][];
        double[] labels = new double[features.length], weights = new double[features.length];
        for (int i = 0; i < n; i++) {
            features[i] = features(log.contexts()[i], log.actions()[i], k);
            weights[i] = 1;
            for (int a = 0; a < k; a++) {
                int row = n + i * k + a;
                features[row] = features(log.contexts()[i], a, k);
                labels[row] = 1;
                weights[row] = target[i][a];
            }
        }
        double[] theta = PenalizedRegression.logistic(features, labels, weights, inverseStrength), odds = new double[n];
        for (int i = 0; i < n; i++) odds[i] = Math.exp(PenalizedRegression.linear(theta, features[i]));
        return odds;
    }

    private static double[] features(double[] context, int action, int actionCount) {
        int d = context.length + 1;
        double[] features = new double[d * actionCount];
        features[action * d] = 1;
        System.arraycopy(context, 0, features, action * d + 1, d - 1);
        return features;
    }
}
