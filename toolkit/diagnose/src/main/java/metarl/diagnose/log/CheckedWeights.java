package metarl.diagnose.log;

import java.io.Serializable;

/**
 * What is wrong with the numbers of a row, found as {@link StreamedWeights#reader} finds it in a file, for rows that come from elsewhere:
 * good rows are added to a {@link WeightStream}, bad ones are counted there. Immutable; each verb returns a changed copy.
 *
 * <p>Bad are a weight that is NaN, infinite or below 0; a propensity that is, or is above 1 by more than rounding ({@link Rounding}); a
 * behavior propensity of 0, as what it belongs to was chosen; a reward that is NaN or infinite, where the stream has rewards; and a group
 * that is null or blank, where it has groups.
 */
public final class CheckedWeights implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String NOT_A_NUMBER = "is NaN";

    private final String weight;
    private final String target;
    private final String behavior;
    private final boolean density;
    private final String reward;
    private final String group;

    private CheckedWeights(String weight, String target, String behavior, boolean density, String reward, String group) {
        this.weight = weight;
        this.target = target;
        this.behavior = behavior;
        this.density = density;
        this.reward = reward;
        this.group = group;
        for (String column : new String[] {weight, target, behavior, reward, group}) GroupSums.requireShort("the column", column);
    }

    /** Of weights: the name of their column, which the account shows. */
    public static CheckedWeights ofWeights(String column) {
        return new CheckedWeights(LogColumn.shown("weight", column), "", "", false, "reward", "group");
    }

    /** Of propensities: the names of the columns of π_e(a | x) and π_b(a | x), which the account shows. */
    public static CheckedWeights ofPropensities(String target, String behavior) {
        return new CheckedWeights("", LogColumn.shown("target propensity", target), LogColumn.shown("propensity", behavior), false,
            "reward", "group");
    }

    /** The name of the column of the reward. */
    public CheckedWeights reward(String column) {
        return new CheckedWeights(weight, target, behavior, density, LogColumn.shown("reward", column), group);
    }

    /** The name of the column of the group. */
    public CheckedWeights group(String column) {
        return new CheckedWeights(weight, target, behavior, density, reward, LogColumn.shown("group", column));
    }

    /** Propensities are densities of continuous actions, which may exceed 1. */
    public CheckedWeights densities() {
        return new CheckedWeights(weight, target, behavior, true, reward, group);
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
        if (weight.isEmpty())
            throw new IllegalArgumentException("given a weight; expected addRatio(…), as these are checks of propensities");
        return add(stream, row, rewardIsGood(stream, row, paid) & isGood(stream, row, weight, value, true), Math.log(value), paid, name);
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
        if (target.isEmpty())
            throw new IllegalArgumentException("given propensities; expected addWeight(…), as these are checks of weights");
        boolean good = rewardIsGood(stream, row, paid) & isGood(stream, row, target, ofTarget, density)
            & isGood(stream, row, behavior, ofBehavior, density);
        if (ofBehavior == 0) {
            stream.addBad(row, behavior, FaultCounts.NEVER, "");
            good = false;
        }
        return add(stream, row, good, Math.log(asRead(ofTarget)) - Math.log(asRead(ofBehavior)), paid, name);
    }

    private double asRead(double propensity) {
        return density ? propensity : Rounding.toOne(propensity);
    }

    private boolean rewardIsGood(WeightStream stream, long row, double paid) {
        return !stream.rewarded || isFinite(stream, row, reward, paid);
    }

    private static boolean isFinite(WeightStream stream, long row, String column, double value) {
        if (Double.isFinite(value)) return true;
        stream.addBad(row, column, Double.isNaN(value) ? NOT_A_NUMBER : FaultCounts.INFINITE, "");
        return false;
    }

    private static boolean isGood(WeightStream stream, long row, String column, double value, boolean density) {
        boolean finite = isFinite(stream, row, column, value);
        String problem = value < 0 ? FaultCounts.NEGATIVE : !density && Rounding.aboveOne(value) ? FaultCounts.ABOVE_ONE : null;
        if (problem != null) stream.addBad(row, column, problem, NumberText.shown(value));
        return finite && problem == null;
    }

    private boolean add(WeightStream stream, long row, boolean good, double logWeight, double paid, String name) {
        if (stream.groups.most() == 0) {
            if (good) stream.add(logWeight, paid);
            return good;
        }
        boolean blank = name == null || name.isBlank();
        if (blank) stream.addBad(row, group, FaultCounts.BLANK, "");
        else if (good) stream.add(logWeight, paid, name);
        return good && !blank;
    }
}
