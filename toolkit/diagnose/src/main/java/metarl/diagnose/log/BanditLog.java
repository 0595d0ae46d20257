package metarl.diagnose.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Require;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.diagnose.weights.WeightReport;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Logged rounds of a contextual bandit: in round i the behavior policy saw context xᵢ, chose action aᵢ with probability π_b(aᵢ | xᵢ) and
 * was paid rᵢ.
 *
 * <p>Every policy that is to be evaluated on it was not the one that chose; the propensities say how likely the choice was, and without
 * them nothing can be corrected by known weights. A log without them has no {@link #propensities}; the direct method and
 * {@link metarl.diagnose.bandit.Estimators#balanced} need none, {@link #withFittedPropensities} estimates them.
 */
public final class BanditLog implements Findings {
    /** A mean this many standard errors away from what it must be is no accident. */
    private static final double DOUBTFUL_ERRORS = 4;
    /** What the name of an action takes at least. */
    private static final int NAME_BYTES = 56;

    private final double[][] contexts;
    private final int[] actions;
    private final double[] rewards;
    private final double[] propensities;
    private final int actionCount;
    private final Details details;

    /** What a file tells beyond the arrays. */
    record Details(double[] targets, List<String> actionNames, List<String> contextNames, BadRows badRows, List<String> warnings) {}

    private BanditLog(double[][] contexts, int[] actions, double[] rewards, double[] propensities, int actionCount, Details details) {
        this.contexts = contexts;
        this.actions = actions;
        this.rewards = rewards;
        this.propensities = propensities;
        this.actionCount = actionCount;
        this.details = details;
    }

    /**
     * The rounds as arrays, one entry per round.
     *
     * @param contexts n rows of features of equal length, which may be 0
     * @param actions each from 0 to actionCount − 1
     * @param rewards finite
     * @param propensities π_b(aᵢ | xᵢ), above 0 and at most 1: the choice was made
     * @param actionCount number of actions the behavior policy chose among
     * @throws IllegalArgumentException if lengths differ, there are no rounds, or an entry is out of its range, named by round
     */
    public static BanditLog of(double[][] contexts, int[] actions, double[] rewards, double[] propensities, int actionCount) {
        if (propensities.length != actions.length)
            throw new IllegalArgumentException("given " + contexts.length + " contexts, " + actions.length + " actions, " + rewards.length
                + " rewards and " + propensities.length
                + " propensities; expected one of each per round");
        BanditLog log = of(contexts, actions, rewards, actionCount);
        for (int i = 0; i < propensities.length; i++)
            if (!(propensities[i] > 0) || Rounding.aboveOne(propensities[i]))
                throw new IllegalArgumentException(
                    "propensity " + i + " is " + propensities[i] + "; expected a probability above 0 and at most 1, because the action "
                        + "was chosen");
        return new BanditLog(contexts, actions, rewards, Rounding.toOne(propensities), actionCount, log.details);
    }

    /**
     * The rounds of a log that holds no propensities.
     *
     * @param contexts n rows of features of equal length, which may be 0
     * @param actions each from 0 to actionCount − 1
     * @param rewards finite
     * @param actionCount number of actions the behavior policy chose among
     * @throws IllegalArgumentException if lengths differ, there are no rounds, or an entry is out of its range, named by round
     */
    public static BanditLog of(double[][] contexts, int[] actions, double[] rewards, int actionCount) {
        int n = actions.length;
        if (n == 0) throw new IllegalArgumentException("given a log of no rounds; expected at least one");
        if (contexts.length != n || rewards.length != n)
            throw new IllegalArgumentException("given " + contexts.length + " contexts, " + n + " actions and " + rewards.length
                + " rewards; expected one of each per round");
        if (actionCount < 1) throw new IllegalArgumentException("actionCount is " + actionCount + "; expected at least 1");
        Require.room("the names of the actions", "actionCount", NAME_BYTES, actionCount);
        for (int i = 0; i < n; i++) {
            if (contexts[i].length != contexts[0].length)
                throw new IllegalArgumentException(
                    "context " + i + " has " + contexts[i].length + " features, the first has " + contexts[0].length
                        + "; expected equal lengths");
            for (int j = 0; j < contexts[i].length; j++)
                if (!Double.isFinite(contexts[i][j]))
                    throw new IllegalArgumentException("context " + i + ", feature " + j + " is " + contexts[i][j]
                        + "; expected a finite number");
            if (actions[i] < 0 || actions[i] >= actionCount)
                throw new IllegalArgumentException("action " + i + " is " + actions[i] + "; expected 0 to " + (actionCount - 1));
        }
        Require.finite("reward", rewards);
        return new BanditLog(contexts, actions, rewards, null, actionCount,
            new Details(null, IntStream.range(0, actionCount).mapToObj(a -> "" + a).toList(),
                IntStream.range(0, contexts[0].length).mapToObj(j -> "x" + j).toList(),
                new BadRows(n, 0, List.of()), List.of()));
    }

    BanditLog with(Details details) {
        return new BanditLog(contexts, actions, rewards, propensities, actionCount, details);
    }

    /**
     * Reads a CSV file (plain or packed by gzip) or a Parquet file whose columns have usual names: action, reward, propensity, and
     * target_propensity if it is there.
     *
     * @throws IllegalArgumentException as {@link BanditLogReader#read(Path)}
     */
    public static BanditLog read(Path path) {
        return reader().read(path);
    }

    /** As {@link #read(Path)}. */
    public static BanditLog read(String path) {
        return reader().read(path);
    }

    /** Reads a file whose columns are called otherwise, or that holds features. */
    public static BanditLogReader reader() {
        return new BanditLogReader(LogOptions.USUAL, 0, List.of());
    }

    /** Number of rounds. */
    public int size() {
        return actions.length;
    }

    /** Number of actions the behavior policy chose among. */
    public int actionCount() {
        return actionCount;
    }

    /** xᵢ, one row per round. */
    public double[][] contexts() {
        return contexts;
    }

    /** aᵢ. */
    public int[] actions() {
        return actions;
    }

    /** rᵢ. */
    public double[] rewards() {
        return rewards;
    }

    /**
     * π_b(aᵢ | xᵢ).
     *
     * @throws IllegalStateException if the log holds none
     */
    public double[] propensities() {
        if (propensities == null)
            throw new IllegalStateException(
                "this log holds no propensities, and weights need them. Fit them by withFittedPropensities(1, 5, 7) of the log, or use "
                    + "what needs none: "
                    + "Estimators.balanced, or the direct method with a reward model, estimate(\"dm\")");
        return propensities;
    }

    /** Whether the log holds propensities. */
    public boolean hasPropensities() {
        return propensities != null;
    }

    /**
     * The same with propensities that are fitted to what was chosen: per action a logistic regression on the features, ½‖w‖² + C · log
     * loss, the intercept free, and the answers divided by their sum; without features, how often the action was chosen. The fit that is
     * asked about a round has not seen it.
     *
     * <p>They are right if nothing but these features made the behavior policy choose as it did, and the model holds it.
     *
     * @param inverseStrength C, above 0, usually 0.1 to 100; smaller values pull the propensities towards the shares of the actions
     * @param folds into which the rounds are parted, usually 3 to 10
     * @param seed of the partition
     * @throws IllegalArgumentException if an argument is out of range, an action was taken only once, or the regression has no solution
     */
    public BanditLog withFittedPropensities(double inverseStrength, int folds, long seed) {
        double[] fitted = BehaviorPropensities.fit(contexts, actions, actionCount, inverseStrength, folds, seed);
        var warnings = new ArrayList<>(details.warnings);
        warnings.add(String.format(Locale.ROOT,
            "Propensities were fitted to %s (C = %s, %d folds), not logged: errors and intervals leave out how wrong they are, and what "
                + "the behavior policy saw beside these features is not corrected.",
            features(), inverseStrength, folds));
        return new BanditLog(contexts, actions, rewards, fitted, actionCount,
            new Details(details.targets, details.actionNames, details.contextNames, details.badRows, List.copyOf(warnings)));
    }

    /** What each action is called: its number, unless the file held names. */
    public List<String> actionNames() {
        return details.actionNames;
    }

    /** What each feature is called. */
    public List<String> contextNames() {
        return details.contextNames;
    }

    /** The account of rows of the file that were left out. */
    public BadRows badRows() {
        return details.badRows;
    }

    /** The same, to be weighted to a policy: π_e(aᵢ | xᵢ) of the logged actions, from 0 to 1. */
    public BanditLog targetPropensities(double[] targets) {
        // both policies are asked about the same choices, and the weights below check the rest
        ImportanceWeights.ratio(targets, propensities == null ? ones() : propensities);
        for (int i = 0; i < targets.length; i++)
            if (Rounding.aboveOne(targets[i]))
                throw new IllegalArgumentException("target propensity " + i + " is " + targets[i] + "; expected a probability from 0 to 1");
        return with(new Details(Rounding.toOne(targets), details.actionNames, details.contextNames, details.badRows, details.warnings));
    }

    private double[] ones() {
        double[] ones = new double[size()];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * π_e(aᵢ | xᵢ).
     *
     * @throws IllegalStateException if the log holds none
     */
    public double[] targetPropensities() {
        if (details.targets == null)
            throw new IllegalStateException(
                "this log does not tell what a target policy would do; name its column by BanditLog.reader().targetPropensity(\"…\"), or "
                    + "give π_e of the logged actions to targetPropensities(…)");
        return details.targets;
    }

    /**
     * wᵢ = π_e(aᵢ | xᵢ) / π_b(aᵢ | xᵢ).
     *
     * @throws IllegalStateException if the log does not hold both
     */
    public ImportanceWeights weights() {
        return ImportanceWeights.ratio(targetPropensities(), propensities());
    }

    /** What is in the log, one quantity per row. */
    @Override
    public Table summary() {
        double meanReward = Arrays.stream(rewards).average().orElse(0);
        double squares = Arrays.stream(rewards).map(r -> (r - meanReward) * (r - meanReward)).sum();
        long taken = Arrays.stream(actions).distinct().count();
        double error = size() > 1 ? Math.sqrt(squares / (size() - 1) / size()) : Double.POSITIVE_INFINITY;
        var quantities = new ArrayList<>(
            List.of("rounds", "rows left out", "actions", "actions taken", "features", "mean reward", "its standard error"));
        var values = new ArrayList<>(List.of((double) size(), (double) badRows().bad(), (double) actionCount, (double) taken,
            (double) contexts[0].length, meanReward, error));
        if (propensities != null) {
            var chances = Arrays.stream(propensities).summaryStatistics();
            quantities.addAll(List.of("smallest propensity", "largest propensity", "mean of 1/propensity"));
            values.addAll(List.of(chances.getMin(), chances.getMax(), Arrays.stream(propensities).map(p -> 1 / p).average().orElse(0)));
        }
        return Table.create("log of a contextual bandit", StringColumn.create("quantity", quantities),
            DoubleColumn.create("value", values));
    }

    /** What makes conclusions from this log doubtful: value, what was expected, consequence, remedy; none if nothing does. */
    public List<String> warnings() {
        var found = new ArrayList<String>();
        if (badRows().bad() > 0) found.add(badRows().sentence() + " They were left out" + BadRows.CONSEQUENCE);
        found.addAll(details.warnings);
        long taken = Arrays.stream(actions).distinct().count();
        if (taken < actionCount)
            found.add(String.format(Locale.ROOT,
                "%d of %d actions were never taken: the log does not show what they pay, and a policy that takes them cannot be "
                    + "evaluated by weights alone.",
                actionCount - taken, actionCount));
        if (Arrays.stream(rewards).distinct().count() == 1)
            found.add("All rewards are " + rewards[0] + ": every policy is worth that here. Is it the column that was "
                + "meant?");
        propensityWarning().ifPresent(found::add);
        return found;
    }

    /** E_πb[1/π_b(a | x)] counts the actions that the behavior policy can take: it cannot exceed their number. */
    private Optional<String> propensityWarning() {
        if (propensities == null) return Optional.empty();
        double[] inverse = Arrays.stream(propensities).map(p -> 1 / p).toArray();
        double mean = Arrays.stream(inverse).average().orElse(0);
        double error = Math.sqrt(Arrays.stream(inverse).map(v -> (v - mean) * (v - mean)).sum()) / size();
        if (mean - DOUBTFUL_ERRORS * error > actionCount * (1 + WeightReport.MEAN_TOLERANCE))
            return Optional.of(String.format(Locale.ROOT,
                "The mean of 1/propensity is %s (standard error %s), expected at most the number of actions, %d (within %s and "
                    + "%.0f standard errors): these are not the probabilities of the logged actions. Every weighted estimate is wrong; "
                    + "check the column, or say how many actions there were.",
                Figures.number(mean, 4), Figures.number(error, 2), actionCount, Figures.percent(WeightReport.MEAN_TOLERANCE),
                DOUBTFUL_ERRORS));
        if (Arrays.stream(propensities).allMatch(p -> p == 1) && actionCount > 1)
            return Optional.of(
                "All propensities are 1: the behavior policy never tried anything else, so weights can say nothing about a policy that "
                    + "does. Log one that "
                    + "explores.");
        return Optional.empty();
    }

    private String features() {
        return contexts[0].length + (contexts[0].length == 1 ? " feature" : " features");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "BanditLog: %,d rounds, %d actions, %s", size(), actionCount, features())
            + (propensities == null ? ", no propensities" : "")
            + badRows().notes().stream().map(n -> "\n" + n).collect(Collectors.joining())
            + warnings().stream().map(w -> "\n" + w).collect(Collectors.joining());
    }
}
