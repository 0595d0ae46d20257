package metarl.diagnose.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The ratio of dynamics p_target(s'|s,a) / p_source(s'|s,a), from two classifiers that tell target from source transitions, one by (s,a,s')
 * and one by (s,a).
 *
 * <p>With β = p_target/p_source of what a classifier sees, log ratio = log β(s,a,s') − log β(s,a): the densities of (s,a) cancel, so source
 * and target may have been visited by different policies (Eysenbach et al. 2021, DARC, whose correction of the reward Δr it is). Class
 * sizes cancel too.
 *
 * <p>Target over source is what makes an estimate from source data unbiased; the inverse does not. Columns are brought to mean 0 and
 * standard deviation 1 over both data sets before their features are made, so that units do not matter. Different from DARC, the
 * classifiers are logistic regressions on named features instead of networks.
 */
public final class DynamicsRatio implements Findings {
    private final List<Integer> sizes;
    private final Classifier stateAction;
    private final Classifier transition;

    private DynamicsRatio(List<Integer> sizes, Classifier stateAction, Classifier transition) {
        this.sizes = sizes;
        this.stateAction = stateAction;
        this.transition = transition;
    }

    private record Classifier(TransitionFeatures features, Propensity propensity) {
        static Classifier fit(Transitions source, Transitions target, boolean withNext, Features features, double inverseStrength) {
            double[][] from = source.rows(withNext), to = target.rows(withNext);
            var seen = TransitionFeatures.of(features, source.states[0].length, source.actions[0].length, from, to);
            return new Classifier(seen, Propensity.fit(seen.rows(from), seen.rows(to), inverseStrength));
        }

        double[] logRatios(double[][] rows) {
            return propensity.weights(features.rows(rows)).logValues();
        }
    }

    /** What a classifier sees of s, a and s'. */
    public enum Features {
        /** The entries as they are: exact for Gaussians that differ in mean only. */
        LINEAR,
        /**
         * The entries, their squares and their products in pairs: exact for all linear-Gaussian dynamics and Gaussian densities of (s,a).
         */
        QUADRATIC,
        /**
         * s, a and the change s' − s, their squares, and the products of every change with its own entry of s and with every entry of a: a
         * quarter of the products for a body of twenty entries, so that a fit takes a twentieth of the time. Exact where every change is
         * linear in its own entry or in one action; else it says of products what these tell.
         */
        CHANGES
    }

    /**
     * Observed transitions, one row each.
     *
     * @param states s
     * @param actions a; rows may have no entries
     * @param nextStates s'
     */
    public record Transitions(double[][] states, double[][] actions, double[][] nextStates) {
        /** Checks that there is one state, action and next state per transition, and at least one. */
        public Transitions {
            if (states.length == 0) throw new IllegalArgumentException("given no transitions at all; expected at least one");
            if (actions.length != states.length || nextStates.length != states.length)
                throw new IllegalArgumentException(
                    "given " + states.length + " states, " + actions.length + " actions and " + nextStates.length
                        + " next states; expected one of each per transition");
            check("state", states);
            check("action", actions);
            check("next state", nextStates);
        }

        private static void check(String what, double[][] rows) {
            for (int i = 0; i < rows.length; i++) {
                if (rows[i].length != rows[0].length)
                    throw new IllegalArgumentException(what + " " + i + " has " + rows[i].length + " entries, the first has "
                        + rows[0].length + "; expected equal lengths");
                for (int j = 0; j < rows[i].length; j++)
                    if (!Double.isFinite(rows[i][j])) throw new IllegalArgumentException(
                        what + " " + i + ", entry " + j + " is " + rows[i][j] + "; expected a finite number");
            }
        }

        private double[][] rows(boolean withNext) {
            double[][] rows = new double[states.length][];
            for (int i = 0; i < rows.length; i++) {
                double[] s = states[i], a = actions[i], next = withNext ? nextStates[i] : new double[0];
                double[] row = Arrays.copyOf(s, s.length + a.length + next.length);
                System.arraycopy(a, 0, row, s.length, a.length);
                System.arraycopy(next, 0, row, s.length + a.length, next.length);
                rows[i] = row;
            }
            return rows;
        }

        private List<Integer> sizes() {
            return List.of(states[0].length, actions[0].length, nextStates[0].length);
        }

        private void require(List<Integer> expected) {
            if (!sizes().equals(expected))
                throw new IllegalArgumentException(
                    "given states, actions and next states of " + sizes() + " entries, expected " + expected + " as in the source");
        }
    }

    /** Fits with C = 1. */
    public static DynamicsRatio fit(Transitions source, Transitions target, Features features) {
        return fit(source, target, features, 1);
    }

    /**
     * Fits both classifiers.
     *
     * @param source transitions of the task the data come from
     * @param target transitions of the task that is to be estimated
     * @param features what the classifiers see
     * @param inverseStrength C, above 0; smaller values pull the ratios towards 1
     * @throws IllegalArgumentException if target rows have other lengths than source rows, or C is out of range
     */
    public static DynamicsRatio fit(Transitions source, Transitions target, Features features, double inverseStrength) {
        target.require(source.sizes());
        return new DynamicsRatio(source.sizes(), Classifier.fit(source, target, false, features, inverseStrength),
            Classifier.fit(source, target, true, features, inverseStrength));
    }

    /**
     * The ratio of each source transition by classifiers that have not seen it: ratios of their own rows are too extreme where features are
     * many.
     *
     * @param folds into which the transitions are parted, from 2 to the number of transitions of the smaller set
     * @param seed of the partition
     */
    public static ImportanceWeights crossFit(Transitions source, Transitions target, Features features, double inverseStrength, int folds,
        long seed) {
        target.require(source.sizes());
        // one seed, one partition: both classifiers leave out the same rows
        return difference(crossFit(source, target, true, features, inverseStrength, folds, seed),
            crossFit(source, target, false, features, inverseStrength, folds, seed));
    }

    private static double[] crossFit(Transitions source, Transitions target, boolean withNext, Features features, double inverseStrength,
        int folds, long seed) {
        double[][] from = source.rows(withNext), to = target.rows(withNext);
        var seen = TransitionFeatures.of(features, source.states[0].length, source.actions[0].length, from, to);
        return Propensity.crossFit(seen.rows(from), seen.rows(to), inverseStrength, folds, seed).weights().logValues();
    }

    private static ImportanceWeights difference(double[] withNext, double[] without) {
        double[] logs = withNext.clone();
        for (int i = 0; i < logs.length; i++) logs[i] -= without[i];
        return ImportanceWeights.ofLog(logs);
    }

    /** p_target(s'|s,a) / p_source(s'|s,a) of each transition; {@code logValues()} is DARC's Δr. */
    public ImportanceWeights ratios(Transitions transitions) {
        transitions.require(sizes);
        double[] withNext = transition.logRatios(transitions.rows(true));
        double[] without = stateAction.logRatios(transitions.rows(false));
        return difference(withNext, without);
    }

    /** The classifier by (s,a), on its standardised features: how differently source and target were visited. */
    public Propensity stateAction() {
        return stateAction.propensity;
    }

    /** The classifier by (s,a,s'), on its standardised features. */
    public Propensity transition() {
        return transition.propensity;
    }

    /** Both classifiers' AUC: what (s,a) tells already, and what s' adds. */
    @Override
    public Table summary() {
        String[] names = {"AUC by (s,a)", "AUC by (s,a,s')"};
        return Table.create("ratio of dynamics", StringColumn.create("quantity", names),
            DoubleColumn.create("value", stateAction().auc(), transition().auc()));
    }

    @Override
    public String toString() {
        double visited = stateAction().auc(), both = transition().auc();
        String head = String.format(Locale.ROOT, "DynamicsRatio: AUC %.2f by (s,a), %.2f by (s,a,s')", visited, both);
        if (visited > Propensity.HARDLY_OVERLAPPING_AUC)
            return head + "; source and target visited different states (limit " + Propensity.HARDLY_OVERLAPPING_AUC
                + "): ratios are extrapolated. Collect both under nearer policies.";
        if (both > Propensity.HARDLY_OVERLAPPING_AUC)
            return head + "; next states hardly overlap (limit " + Propensity.HARDLY_OVERLAPPING_AUC
                + "): ratios are extreme. Use an interval of ratios (DRaE) or nearer tasks.";
        return head + ".";
    }
}
