package metarl.diagnose.log;

/**
 * How far probabilities may be from what they must be because they were rounded, to four digits or more or to single precision: the one
 * tolerance for all of them.
 */
public final class Rounding {
    /** Half a unit of the fourth digit, and what the arithmetic adds. */
    static final double OF_ONE = 0.5e-4 * (1 + 1e-6);
    /** Errors of many roundings have either sign, and do not add up beyond it. */
    private static final double OF_A_SUM = 1e-3;
    /** A sum this near to 1 was meant to be 1. */
    private static final double MEANT = 0.05;

    private Rounding() {}

    /** Whether a probability is above 1 by more than rounding. */
    public static boolean aboveOne(double probability) {
        return probability > 1 + OF_ONE;
    }

    /** The probability with 1 for what is above it by rounding. */
    public static double toOne(double probability) {
        return probability > 1 && !aboveOne(probability) ? 1 : probability;
    }

    /** The same for many; the array itself where there is nothing to change. */
    public static double[] toOne(double[] probabilities) {
        double[] result = probabilities;
        for (int i = 0; i < probabilities.length; i++) {
            if (toOne(probabilities[i]) == probabilities[i] || Double.isNaN(probabilities[i])) continue;
            if (result == probabilities) result = probabilities.clone();
            result[i] = 1;
        }
        return result;
    }

    /** Whether the sum of some probabilities misses 1 by no more than rounding. */
    public static boolean isOne(double sum, int count) {
        return Math.abs(sum - 1) <= Math.min(OF_A_SUM, Math.max(1, count) * OF_ONE);
    }

    /** What to do about a sum that is not 1. */
    public static String remedy(double sum) {
        return Math.abs(sum - 1) <= MEANT ? "if they were rounded, divide each row by its sum"
            : "one probability for each action, not scores or one of the chosen action only";
    }
}
