package metarl.diagnose.log;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is wrong with the numbers of a row, found as {@link StreamedWeights#reader} finds it in a file, for rows that come from elsewhere:
 * good rows are added to a {@link WeightStream}, bad ones are counted there. Immutable; each verb returns a changed copy.
 *
 * <p>Bad are a weight that is NaN, infinite or below 0; a propensity that is, or is above 1 by more than rounding ({@link Rounding}); a
 * behavior propensity of 0, as what it belongs to was chosen; a reward that is NaN or infinite, where the stream has rewards; and a group
 * that is null or blank, where it has groups.
 */
public final class CheckedWeights implements Serializable {
    private static final long serialVersionUID = 2;

    /** What a column holds. */
    public enum Role {
        /** w. */
        WEIGHT("weight"),
        /** π_e(a | x) of what was chosen. */
        TARGET("target propensity"),
        /** π_b(a | x). */
        BEHAVIOR("propensity"),
        /** What was paid. */
        REWARD("reward"),
        /** The name of the row's group. */
        GROUP("group");

        private final String shown;

        Role(String shown) {
            this.shown = shown;
        }
    }

    /** A row, whatever holds it. */
    public interface Cells {
        /** The number in a column; NaN where there is none. */
        double number(Role role);

        /** The text in it; null where there is nothing. Of a number that is NaN it tells what stands in its place. */
        String text(Role role);
    }

    private final EnumMap<Role, String> columns;
    private final boolean density;
    private final boolean ofWeights;

    private CheckedWeights(EnumMap<Role, String> columns, boolean density) {
        this.columns = columns;
        this.density = density;
        ofWeights = columns.containsKey(Role.WEIGHT);
    }

    /** Of weights: the name of their column, which the account shows. */
    public static CheckedWeights ofWeights(String column) {
        return new CheckedWeights(new EnumMap<>(Role.class), false).with(Role.WEIGHT, column);
    }

    /** Of propensities: the names of the columns of π_e(a | x) and π_b(a | x), which the account shows. */
    public static CheckedWeights ofPropensities(String target, String behavior) {
        return new CheckedWeights(new EnumMap<>(Role.class), false).with(Role.TARGET, target).with(Role.BEHAVIOR, behavior);
    }

    private CheckedWeights with(Role role, String column) {
        GroupSums.requireShort("the column", column);
        var more = new EnumMap<>(columns);
        more.put(role, column);
        return new CheckedWeights(more, density);
    }

    /** The name of the column of the reward. */
    public CheckedWeights reward(String column) {
        return with(Role.REWARD, column);
    }

    /** The name of the column of the group. */
    public CheckedWeights group(String column) {
        return with(Role.GROUP, column);
    }

    /** Propensities are densities of continuous actions, which may exceed 1. */
    public CheckedWeights densities() {
        return new CheckedWeights(columns, true);
    }

    /** The columns that were named, by what they hold. */
    public Map<Role, String> columns() {
        return Collections.unmodifiableMap(columns);
    }

    private String shown(Role role) {
        String name = columns.get(role);
        return name == null ? role.shown : LogColumn.shown(role.shown, name);
    }

    /**
     * Adds a row with its weight w, or counts it as bad.
     *
     * @param row its number, such as Spark's {@code monotonically_increasing_id}; no other row must have the same
     * @param paid the reward; ignored by a stream of weights alone
     * @param name of its group; ignored by a stream without groups
     * @return whether it was good
     * @throws IllegalArgumentException if these are checks of propensities, or the group is one too many
     */
    public boolean addWeight(WeightStream stream, long row, double value, double paid, String name) {
        if (!ofWeights)
            throw new IllegalArgumentException("given a weight; expected addRatio(…), as these are checks of propensities");
        return add(stream, row, new Given(value, Double.NaN, paid, name));
    }

    /**
     * Adds a row with its weight w = π_e/π_b, or counts it as bad.
     *
     * @param row its number, such as Spark's {@code monotonically_increasing_id}; no other row must have the same
     * @param ofTarget π_e(a | x) of what was chosen
     * @param ofBehavior π_b(a | x)
     * @param paid the reward; ignored by a stream of weights alone
     * @param name of its group; ignored by a stream without groups
     * @return whether it was good
     * @throws IllegalArgumentException if these are checks of weights, or the group is one too many
     */
    public boolean addRatio(WeightStream stream, long row, double ofTarget, double ofBehavior, double paid, String name) {
        if (ofWeights)
            throw new IllegalArgumentException("given propensities; expected addWeight(…), as these are checks of weights");
        return add(stream, row, new Given(ofTarget, ofBehavior, paid, name));
    }

    /** Numbers that were given as such. */
    private record Given(double first, double behavior, double paid, String name) implements Cells {
        @Override
        public double number(Role role) {
            return role == Role.REWARD ? paid : role == Role.BEHAVIOR ? behavior : first;
        }

        @Override
        public String text(Role role) {
            return role == Role.GROUP ? name : "NaN";
        }
    }

    /**
     * Adds a row, or counts it as bad.
     *
     * @param row its number; no other row must have the same
     * @return whether it was good
     * @throws IllegalArgumentException if its group is one too many
     */
    public boolean add(WeightStream stream, long row, Cells cells) {
        return add(stream, row, cells, true);
    }

    /** The same of a row that may have been found bad before, and is counted as bad then. */
    public boolean add(WeightStream stream, long row, Cells cells, boolean goodSoFar) {
        var check = new Check(stream, row, cells);
        double paid = stream.rewarded ? check.finite(Role.REWARD) : 0;
        double log = ofWeights ? Math.log(check.atLeastZero(Role.WEIGHT, true))
            : Math.log(check.atLeastZero(Role.TARGET, density)) - Math.log(check.chosen(density));
        String name = stream.groups.most() > 0 ? check.name() : null;
        if (!goodSoFar || !check.good) return false;
        if (name == null) stream.add(log, paid);
        else stream.add(log, paid, name);
        return true;
    }

    /** One row and what was found of it. */
    private final class Check {
        private final WeightStream stream;
        private final long row;
        private final Cells cells;
        private boolean good = true;

        Check(WeightStream stream, long row, Cells cells) {
            this.stream = stream;
            this.row = row;
            this.cells = cells;
        }

        private void fault(Role role, String problem, String text) {
            good = false;
            stream.addBad(row, shown(role), problem, text);
        }

        double finite(Role role) {
            double value = cells.number(role);
            if (Double.isInfinite(value)) fault(role, FaultCounts.INFINITE, "");
            if (Double.isNaN(value)) {
                String text = cells.text(role), problem = FaultCounts.problem(text);
                fault(role, problem, problem.equals(FaultCounts.NO_NUMBER) ? text : "");
            }
            return value;
        }

        double atLeastZero(Role role, boolean mayExceedOne) {
            double value = finite(role);
            if (value < 0) fault(role, FaultCounts.NEGATIVE, NumberText.shown(value));
            if (mayExceedOne) return value;
            if (Rounding.aboveOne(value)) fault(role, FaultCounts.ABOVE_ONE, NumberText.shown(value));
            return Rounding.toOne(value);
        }

        double chosen(boolean mayExceedOne) {
            double value = atLeastZero(Role.BEHAVIOR, mayExceedOne);
            if (value == 0) fault(Role.BEHAVIOR, FaultCounts.NEVER, "");
            return value;
        }

        String name() {
            String name = cells.text(Role.GROUP);
            if (name == null || name.isBlank()) fault(Role.GROUP, FaultCounts.BLANK, "");
            return name;
        }
    }
}
