package metarl.diagnose.bandit;

/** The range of an estimator's terms from what is known of rewards and weights before any data. */
final class TermRange {
    private TermRange() {}

    static double of(Estimate estimate, double low, double high, double largestWeight) {
        Estimator estimator = estimate.estimator();
        if (estimator.selfNormalized())
            throw new IllegalArgumentException("the Bernstein bound is for means of independent terms; those of " + estimator.name()
                + " share their normaliser. Use bootstrap, or ips and dr");
        if (!(low < high) || Double.isInfinite(high - low))
            throw new IllegalArgumentException("rewards from " + low + " to " + high + "; expected two finite numbers, the smaller first");
        boolean weighs = estimator.shape() != WeightShape.NONE;
        WeightedRounds rounds = estimate.rounds();
        for (int i = 0; i < rounds.size(); i++) {
            require("reward", i, rounds.rewards()[i], low, high);
            if (weighs) require("weight", i, rounds.rawWeights().values()[i], 0, largestWeight);
        }
        double bound = estimator.shape().bound(estimator.lambda(), largestWeight);
        if (estimator.model() == Estimator.Model.NONE) return Math.max(0, bound * high) - Math.min(0, bound * low);
        for (int i = 0; i < rounds.size(); i++) {
            require("predicted value", i, rounds.direct()[i], low, high);
            require("reward minus prediction", i, rounds.weighted(estimator)[i], low - high, high - low);
        }
        return (high - low) * (1 + 2 * bound);
    }

    private static void require(String what, int i, double value, double low, double high) {
        if (!(value >= low && value <= high))
            throw new IllegalArgumentException(what + " " + i + " is " + value + ", outside " + low + " to " + high
                + "; the bound holds only for a range that holds all that can happen");
    }
}
