package metarl.diagnose.bandit;

import java.util.Arrays;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.diagnose.weights.PenalizedRegression;

/**
 * q̂(x, a) = h(w·φ(x, a) + b), h the identity or the logistic function.
 *
 * @param link h
 * @param strength of the penalty for the identity (larger is smoother), its inverse C for the logistic function (smaller is smoother);
 *     above 0
 * @param form φ
 */
public record LinearRewardModel(Link link, double strength, Form form) implements RewardModel {
    /** h. */
    public enum Link {
        /** h(z) = z: any reward. */
        IDENTITY,
        /** h(z) = 1 / (1 + e^−z): rewards from 0 to 1. */
        LOGISTIC
    }

    /** φ. */
    public enum Form {
        /** Each action has its own w and b: contexts may matter differently to each. */
        PER_ACTION,
        /** φ = (x, one-hot a): actions shift the reward alike in all contexts, with w shared (Open Bandit Pipeline's features). */
        ADDITIVE
    }

    /** Checks the strength. */
    public LinearRewardModel {
        Require.positive(strength, "strength", "usually 0.1 to 100");
    }

    /** The same with w shared by all actions: fewer numbers to learn, for few rounds or many actions. */
    public LinearRewardModel additive() {
        return new LinearRewardModel(link, strength, Form.ADDITIVE);
    }

    @Override
    public Fitted fit(double[][] contexts, int[] actions, double[] rewards, double[] sampleWeights, int actionCount) {
        check(contexts, actions, rewards, sampleWeights, actionCount);
        if (form == Form.ADDITIVE) {
            double[][] features = IntStream.range(0, contexts.length).mapToObj(i -> additive(contexts[i], actions[i], actionCount))
                .toArray(double[][]::new);
            double[] theta = solve(features, rewards, sampleWeights);
            return asked -> predict(asked, contexts[0].length, (x, a) -> respond(theta, additive(x, a, actionCount)), actionCount);
        }
        double[][] thetas = new double[actionCount][];
        for (int a = 0; a < actionCount; a++) {
            int action = a;
            int[] rows = IntStream.range(0, actions.length).filter(i -> actions[i] == action && sampleWeights[i] > 0).toArray();
            // nothing is known of an action that was not taken but what is paid on average
            thetas[a] = rows.length == 0 ? null : solve(Arrays.stream(rows).mapToObj(i -> contexts[i]).toArray(double[][]::new),
                Arrays.stream(rows).mapToDouble(i -> rewards[i]).toArray(),
                Arrays.stream(rows).mapToDouble(i -> sampleWeights[i]).toArray());
        }
        double mean = mean(rewards, sampleWeights);
        return asked -> predict(asked, contexts[0].length, (x, a) -> thetas[a] == null ? mean : respond(thetas[a], x), actionCount);
    }

    private interface Response {
        double of(double[] context, int action);
    }

    private static double[][] predict(double[][] contexts, int size, Response response, int actionCount) {
        double[][] predicted = new double[contexts.length][actionCount];
        for (int i = 0; i < contexts.length; i++) {
            if (contexts[i].length != size)
                throw new IllegalArgumentException(
                    "context " + i + " has " + contexts[i].length + " features, the model was fitted on " + size);
            for (int a = 0; a < actionCount; a++) predicted[i][a] = response.of(contexts[i], a);
        }
        return predicted;
    }

    private void check(double[][] contexts, int[] actions, double[] rewards, double[] weights, int actionCount) {
        int n = contexts.length;
        if (n == 0) throw new IllegalArgumentException("given no rounds to fit a reward model on; expected at least one");
        if (actions.length != n || rewards.length != n || weights.length != n)
            throw new IllegalArgumentException(
                "given " + n + " contexts, " + actions.length + " actions, " + rewards.length + " rewards and " + weights.length
                    + " sample weights; expected one of each per round");
        double total = 0;
        for (int i = 0; i < n; i++) {
            if (contexts[i].length != contexts[0].length)
                throw new IllegalArgumentException(
                    "context " + i + " has " + contexts[i].length + " features, the first has " + contexts[0].length);
            if (actions[i] < 0 || actions[i] >= actionCount)
                throw new IllegalArgumentException("action " + i + " is " + actions[i] + "; expected 0 to " + (actionCount - 1));
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i]))
                throw new IllegalArgumentException("sample weight " + i + " is " + weights[i] + "; expected a finite number of at least 0");
            if (!Double.isFinite(rewards[i]) || link == Link.LOGISTIC && (rewards[i] < 0 || rewards[i] > 1))
                throw new IllegalArgumentException("reward " + i + " is " + rewards[i] + "; expected " + (link == Link.LOGISTIC
                    ? "0 to 1 for a logistic reward model: use RewardModel.ridge, or rescale" : "a finite number"));
            total += weights[i];
        }
        if (total == 0)
            throw new IllegalArgumentException("all " + n
                + " sample weights are 0; expected one above 0: mrdr learns nothing where π_e = 0 or π_b = 1 on every logged action");
    }

    private double[] solve(double[][] features, double[] rewards, double[] weights) {
        return link == Link.IDENTITY ? PenalizedRegression.ridge(features, rewards, weights, strength)
            : PenalizedRegression.logistic(features, rewards, weights, strength);
    }

    private double respond(double[] theta, double[] features) {
        double z = PenalizedRegression.linear(theta, features);
        return link == Link.IDENTITY ? z : 1 / (1 + Math.exp(-z));
    }

    private static double[] additive(double[] context, int action, int actionCount) {
        double[] features = Arrays.copyOf(context, context.length + actionCount);
        features[context.length + action] = 1;
        return features;
    }

    private static double mean(double[] values, double[] weights) {
        double sum = 0, total = 0;
        for (int i = 0; i < values.length; i++) {
            sum += weights[i] * values[i];
            total += weights[i];
        }
        return sum / total;
    }

    @Override
    public String toString() {
        return (link == Link.IDENTITY ? "ridge(" : "logistic(") + strength + ")" + (form == Form.ADDITIVE ? ", additive" : ", per action");
    }
}
