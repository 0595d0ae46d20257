package metarl.diagnose.log;

import java.util.Arrays;
import java.util.SplittableRandom;
import metarl.basics.Activity;
import metarl.basics.Require;
import metarl.diagnose.weights.PenalizedRegression;

/**
 * π_b(aᵢ | xᵢ) of logged rounds, estimated from what was chosen in which context: per action a logistic regression of "it was this one" on
 * the features, ½‖w‖² + C · log loss, the intercept free, and the answers of all actions divided by their sum (scikit-learn's
 * {@code OneVsRestClassifier(LogisticRegression(C))}). Without features it is how often the action was chosen.
 *
 * <p>The fit that is asked about a round has not seen it; folds hold every action in equal shares.
 */
final class BehaviorPropensities {
    private BehaviorPropensities() {}

    /**
     * @throws IllegalArgumentException if C or the folds are out of range, an action was taken only once, or the regression has no solution
     */
    static double[] fit(double[][] contexts, int[] actions, int actionCount, double inverseStrength, int folds, long seed) {
        Require.positive(inverseStrength, "inverseStrength", "usually 0.1 to 100");
        if (folds < 2 || folds > actions.length)
            throw new IllegalArgumentException("folds is " + folds + "; expected 2 to " + actions.length + ", usually 3 to 10");
        int[] fold = folds(actions, actionCount, folds, seed);
        double[] propensities = new double[actions.length];
        try (var activity = Activity.of("fitting propensities", folds)) {
            for (int held = 0; held < folds; held++) {
                fillIn(propensities, contexts, actions, actionCount, inverseStrength, fold, held);
                activity.advance();
            }
        }
        return propensities;
    }

    private static int[] folds(int[] actions, int actionCount, int folds, long seed) {
        int n = actions.length;
        int[] order = new int[n], fold = new int[n], taken = new int[actionCount];
        var random = new SplittableRandom(seed);
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
            taken[actions[i]]++;
        }
        for (int a = 0; a < actionCount; a++)
            if (taken[a] == 1)
                throw new IllegalArgumentException("action " + a
                    + " was taken only once: how likely it was cannot be learned from other rounds. Leave that round out, or join rare "
                    + "actions to one");
        int next = 0;
        int[] byAction = Arrays.stream(order).boxed().sorted((i, j) -> Integer.compare(actions[i], actions[j])).mapToInt(i -> i).toArray();
        for (int i : byAction) fold[i] = next++ % folds;
        return fold;
    }

    private static void fillIn(double[] propensities, double[][] contexts, int[] actions, int actionCount, double inverseStrength,
        int[] fold, int held) {
        int[] learn = rounds(fold, held, false), ask = rounds(fold, held, true);
        double[][] features = Arrays.stream(learn).mapToObj(i -> contexts[i]).toArray(double[][]::new);
        double[] ones = new double[learn.length], sums = new double[ask.length];
        Arrays.fill(ones, 1);
        for (int a = 0; a < actionCount; a++) {
            int action = a;
            double[] chosen = Arrays.stream(learn).mapToDouble(i -> actions[i] == action ? 1 : 0).toArray();
            double share = Arrays.stream(chosen).sum() / chosen.length;
            if (share == 0) continue;
            double[] theta = share == 1 || contexts[0].length == 0 ? null : regression(features, chosen, ones, inverseStrength);
            for (int k = 0; k < ask.length; k++) {
                double p = theta == null ? share : 1 / (1 + Math.exp(-PenalizedRegression.linear(theta, contexts[ask[k]])));
                sums[k] += p;
                if (actions[ask[k]] == a) propensities[ask[k]] = p;
            }
        }
        for (int k = 0; k < ask.length; k++) propensities[ask[k]] /= sums[k];
    }

    private static double[] regression(double[][] features, double[] chosen, double[] ones, double inverseStrength) {
        try {
            return PenalizedRegression.logistic(features, chosen, ones, inverseStrength);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage().replace("the reward model", "the model of the propensities"), e);
        }
    }

    private static int[] rounds(int[] fold, int held, boolean inside) {
        int[] rounds = new int[fold.length];
        int count = 0;
        for (int i = 0; i < fold.length; i++) if ((fold[i] == held) == inside) rounds[count++] = i;
        return Arrays.copyOf(rounds, count);
    }
}
