package metarl.diagnose.weights;

import metarl.basics.Require;

/** Natural logarithms of weights as users give them, and what is refused of these. */
final class LogWeights {
    private static final String REMEDY = ": then sum logarithms instead, and give the sums to ImportanceWeights.ofLog(…)";
    private static final String BEYOND = ". Or is it a product of many, which can exceed 1e308" + REMEDY;
    private static final String BELOW = ". Or is each a product of many, which fall below 1e-308" + REMEDY;
    private static final String BELOW_TOO = " Or is it a product of many, which fall below 1e-308" + REMEDY;

    private LogWeights() {}

    static double[] of(double[] weights) {
        requireSome(weights);
        double[] logs = new double[weights.length];
        for (int i = 0; i < logs.length; i++) {
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) throw refused("weight", i, weights[i]);
            logs[i] = Math.log(weights[i]);
        }
        return checked(logs, BELOW);
    }

    static double[] ofLog(double[] logWeights) {
        requireSome(logWeights);
        for (int i = 0; i < logWeights.length; i++)
            if (Double.isNaN(logWeights[i]) || logWeights[i] == Double.POSITIVE_INFINITY)
                throw Require.refused("log weight " + i, logWeights[i], "a number below +∞");
        return checked(logWeights.clone(), "");
    }

    static double[] ratio(double[] target, double[] behavior) {
        if (target == null || behavior == null)
            throw new IllegalArgumentException("given null for probabilities; expected one of each per draw");
        if (target.length != behavior.length)
            throw new IllegalArgumentException(
                "given " + target.length + " target and " + behavior.length + " behavior probabilities; expected one of each per draw");
        requireSome(target);
        double[] logs = new double[target.length];
        for (int i = 0; i < logs.length; i++) {
            if (!(target[i] >= 0) || Double.isInfinite(target[i])) throw refused("target probability", i, target[i]);
            if (!(behavior[i] > 0) || Double.isInfinite(behavior[i]))
                throw Require.refused("behavior probability " + i, behavior[i],
                    "a finite number above 0, because the draw was made; were target and behavior swapped?"
                        + (behavior[i] == 0 ? BELOW_TOO : ""));
            logs[i] = Math.log(target[i]) - Math.log(behavior[i]);
        }
        return checked(logs, BELOW);
    }

    private static void requireSome(double[] weights) {
        if (weights == null || weights.length == 0) throw new IllegalArgumentException("given no weights at all; expected at least one");
    }

    private static IllegalArgumentException refused(String what, int i, double value) {
        return Require.refused(what + " " + i, value,
            "a finite number of at least 0" + (value == Double.POSITIVE_INFINITY ? BEYOND : ""));
    }

    private static double[] checked(double[] logs, String hint) {
        if (max(logs) == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException(
                "all " + logs.length + " weights are 0; expected at least one above 0: the target never does what was logged" + hint);
        return logs;
    }

    static double max(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double v : values) max = Math.max(max, v);
        return max;
    }
}
