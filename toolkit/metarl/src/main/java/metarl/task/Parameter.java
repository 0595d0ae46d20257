package metarl.task;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Require;

/**
 * One number in which the tasks of a family differ.
 *
 * <p>Numbers of one kind, such as the means of a bandit's arms, are called {@code mean[0]}, {@code mean[1]}, …: tables and labels show
 * them as one group.
 *
 * @param name what it is, a whole word
 * @param unit its unit, empty if it has none
 * @param low the smallest value that is drawn
 * @param high the largest value that is drawn
 * @param changes what it changes
 */
public record Parameter(String name, String unit, double low, double high, Changes changes) {
    /** What one takes on the heap, with its name. */
    public static final long BYTES = 160;

    /** Checks that the range is one; its ends may be infinite. */
    public Parameter {
        Require.that(name != null && !name.isBlank(), "the name of a parameter", name == null ? null : "'" + name + "'",
            "a word, such as goal");
        Require.that(unit != null && changes != null, "the unit or the change of " + name, null,
            "a unit, which may be empty, and a change");
        if (!(low <= high))
            throw new IllegalArgumentException("low and high of " + name + " are " + low + " and " + high + ", expected low ≤ high");
    }

    /** What a parameter changes between tasks. */
    public enum Changes {
        /** What is rewarded; the same actions lead to the same states. */
        REWARD,
        /** How the body or the world moves. */
        DYNAMICS
    }

    /** The parameters name[0] … name[count − 1], alike in everything else. */
    public static List<Parameter> group(String name, int count, String unit, double low, double high, Changes changes) {
        Require.count(count, 0, "count", "0 or more parameters");
        Require.heap(count * BYTES, String.format(Locale.ROOT, "%,d parameters", count), "the number of " + name + "s");
        return IntStream.range(0, count).mapToObj(i -> new Parameter(name + "[" + i + "]", unit, low, high, changes)).toList();
    }

    /** A value from U(low, high). */
    double draw(RandomGenerator random) {
        if (Double.isInfinite(high - low))
            throw new IllegalStateException("'" + name + "' goes from " + low + " to " + high
                + ", and there is no uniform draw from that: give it a finite range, or say how tasks are drawn");
        return low < high ? random.nextDouble(low, high) : low;
    }

    /** The name without the index: the group it belongs to. */
    public String group() {
        int bracket = name.indexOf('[');
        return bracket < 0 ? name : name.substring(0, bracket);
    }

    /** The name with its unit, as an axis says it. */
    public String label() {
        return name + (unit.isEmpty() ? "" : " (" + unit + ")");
    }
}
