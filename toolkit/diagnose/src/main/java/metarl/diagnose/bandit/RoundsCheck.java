package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import metarl.basics.Figures;
import metarl.diagnose.log.BanditLog;
import metarl.diagnose.weights.WeightReport;

/**
 * What users get wrong about a log and an evaluation policy, found where the numbers show it. Each sentence says value, threshold,
 * consequence and remedy.
 */
final class RoundsCheck {
    /** Below it a weight says more about the logging than about the policies. */
    static final double SMALLEST_PROPENSITY = 1e-12;
    private static final int FEW_ROUNDS = 30;
    private static final double STANDARD_ERRORS = 4;
    private static final double UNSEEN_MASS = 0.005;
    private static final double EXACT_SHARE = 0.2;

    private RoundsCheck() {}

    /** On the rewards and weights. */
    static List<String> ofWeights(double[] rewards, double[] propensities, double[] weights, double[] mass, int[] taken) {
        var found = new ArrayList<String>();
        int n = rewards.length;
        if (n < FEW_ROUNDS) found
            .add("Only " + n + " rounds (below " + FEW_ROUNDS + "): standard errors and intervals come out too small. Log more rounds.");
        if (allEqual(rewards))
            found.add("All " + n + " rewards are " + rewards[0]
                + ": a standard error of 0 is not certainty, only a reward that was never seen to vary. Check the reward column, or log "
                + "more rounds.");
        boolean deterministic = allEqual(propensities) && propensities[0] == 1;
        if (deterministic)
            found.add("Every propensity is 1: the behavior policy was deterministic, or its probabilities were not logged. "
                + "Weights cannot speak about actions it did not take. Log its probabilities, let it explore, or rely on the reward "
                + "model (dm) alone.");
        String unseen = unseen(n, mass, taken);
        if (unseen != null) found.add(unseen);
        if (allEqual(weights) && Math.abs(weights[0] - 1) < 1e-12)
            found.add(
                "All weights are 1: the target gives each logged action the probability that was logged, "
                    + "so IPS is the plain mean of the rewards. "
                    + "If the two policies should differ, the behavior's probabilities were given as target, or the target's as "
                    + "propensities.");
        else if (!deterministic) addMeanWeight(found, weights, unseen != null);
        return found;
    }

    /**
     * E[w] = 1 under the behavior policy, whatever the target, if propensities are right and the behavior can do all that the target does.
     */
    private static void addMeanWeight(List<String> found, double[] weights, boolean unseen) {
        int n = weights.length;
        double mean = 0, squares = 0;
        for (double w : weights) mean += w / n;
        for (double w : weights) squares += (w - mean) * (w - mean);
        double error = Math.sqrt(squares / n / (n - 1.0));
        // w = 0 throughout is refused by the estimators, with its own words
        if (mean == 0 || Math.abs(mean - 1) <= Math.max(WeightReport.MEAN_TOLERANCE, STANDARD_ERRORS * error)) return;
        String head = String.format(Locale.ROOT, "The mean weight is %s ± %s, expected 1 (within %s and %.0f standard errors): ",
            Figures.number(mean, 3),
            Figures.number(error, 2), Figures.percent(WeightReport.MEAN_TOLERANCE), STANDARD_ERRORS);
        if (mean < 1 && unseen) found.add(head + "the log holds nothing about part of what the target does, so IPS and DR miss it.");
        else if (mean < 1)
            found.add(head
                + "the target does what the behavior rarely or never did, or propensities are larger than those of the logged actions. "
                + "IPS comes out too near 0. "
                + "Check that propensities are π_b of the logged action; if they are, use snips, dr or switchDr.");
        else
            found.add(head
                + "propensities are not those of the logged actions under the policy that made the log. Were the target's given as "
                + "propensities, target and behavior swapped, "
                + "or probabilities of a different action logged? Give π_b(logged action | context); until then no weighted estimate means "
                + "anything.");
    }

    private static String unseen(int n, double[] mass, int[] taken) {
        double total = 0;
        int first = -1, number = 0;
        for (int a = 0; a < mass.length; a++) {
            if (taken[a] > 0 || mass[a] == 0) continue;
            total += mass[a] / n;
            number++;
            if (first < 0) first = a;
        }
        if (total < UNSEEN_MASS) return null;
        return String.format(Locale.ROOT,
            "The target takes actions that the log never shows (%d of %d, the first is %d) in %s of its choices (limit %s): weights "
                + "leave out what they pay, "
                + "and a reward model can only guess it. Evaluate a policy that keeps to logged actions, or log them.",
            number, mass.length, first, Figures.percent(total, 1),
            Figures.percent(UNSEEN_MASS, 1));
    }

    /**
     * On the reward model, from r − q̂(x, a); none without a model. Rounds that paid nothing do not count: of an action that never paid,
     * any model predicts 0.
     */
    static List<String> ofResiduals(double[] residuals, double[] rewards) {
        if (residuals == null) return List.of();
        int exact = 0, paid = 0;
        for (int i = 0; i < residuals.length; i++) {
            if (rewards[i] == 0) continue;
            paid++;
            if (Math.abs(residuals[i]) < 1e-9) exact++;
        }
        if (paid == 0 || exact <= EXACT_SHARE * paid) return List.of();
        return List.of(String.format(Locale.ROOT,
            "The reward model predicts %s of the rewards that are not 0 exactly (limit %s): it has seen the rounds it predicts, or "
                + "rewards have no noise. "
                + "If the first, dm and dr are as overfitted as it is: fit it on other rounds, as rewardModel(…).folds(3) does.",
            Figures.percentBeside((double) exact / paid, EXACT_SHARE, 0),
            Figures.percent(EXACT_SHARE)));
    }

    /** On actions that a fold's model had nothing to learn from, though the target takes them and the log shows them. */
    static List<String> ofFolds(BanditLog log, double[][] target, int[] fold, int folds) {
        int k = log.actionCount();
        int[][] held = new int[folds][k];
        int[] taken = new int[k];
        double[] mass = new double[k];
        for (int i = 0; i < fold.length; i++) {
            held[fold[i]][log.actions()[i]]++;
            taken[log.actions()[i]]++;
            for (int a = 0; a < k; a++) mass[a] += target[i][a];
        }
        for (int f = 0; f < folds; f++)
            for (int a = 0; a < k; a++)
                if (taken[a] > 0 && mass[a] > 0 && held[f][a] == taken[a])
                    return List.of("All rounds of action " + a + " (" + taken[a] + " in the log) are in one fold of " + folds
                        + ": the model that predicts them never saw the action. "
                        + "Use additive(), which shares what it learns between actions, more folds, or more rounds.");
        return List.of();
    }

    private static boolean allEqual(double[] values) {
        for (double v : values) if (v != values[0]) return false;
        return true;
    }
}
