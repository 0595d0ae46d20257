package metarl.diagnose.bandit;

import metarl.basics.Figures;

/**
 * An interval around an estimate.
 *
 * @param low lower end
 * @param high upper end
 * @param level the share of repetitions in which such an interval is meant to hold the true value, such as 0.95
 * @param method how it was made, and what that takes for granted
 */
public record ConfidenceInterval(double low, double high, double level, String method) {
    /** The level used where none is given. */
    public static final double USUAL_LEVEL = 0.95;

    /** Checks the level and the order of the ends. */
    public ConfidenceInterval {
        requireLevel(level);
        if (!(low <= high))
            throw new IllegalArgumentException("given an interval from " + low + " to " + high + "; expected the lower end first");
    }

    static void requireLevel(double level) {
        if (!(level > 0 && level < 1))
            throw new IllegalArgumentException("level is " + level + "; expected a number between 0 and 1, usually 0.95");
    }

    /** Whether it holds a value. */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }

    /** high − low. */
    public double width() {
        return high - low;
    }

    @Override
    public String toString() {
        return Figures.number(low, 4) + " to " + Figures.number(high, 4) + " (" + Figures.level(level) + ", " + method + ")";
    }
}
