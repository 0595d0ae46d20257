package metarl.diagnose.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.basics.Findings;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Logged episodes of unequal lengths: rewards r_t and how likely each action was under the behavior policy, π_b(a_t | s_t), and under the
 * target policy, π_e(a_t | s_t).
 *
 * <p>Arrays are per episode, then per step. A log may lack propensities; it then has rewards, returns, ends and columns, but no weights.
 */
public final class TrajectoryLog implements Findings {
    /** How an episode came to its end. Only after a termination is nothing left to earn. */
    public enum End {
        /** It was over. */
        TERMINATED,
        /** A limit of time, or of patience, cut it. */
        TRUNCATED,
        /** The log does not tell. */
        UNKNOWN
    }

    private final List<String> episodes;
    private final double[][] rewards;
    private final double[][] behavior;
    private final double[][] target;
    private final List<End> ends;
    private final Map<String, double[][]> columns;
    private final BadRows badRows;
    private final int episodesLeftOut;
    private final String note;

    TrajectoryLog(List<String> episodes, double[][] rewards, double[][] behavior, double[][] target, List<End> ends,
        Map<String, double[][]> columns, BadRows badRows,
        int episodesLeftOut, String note) {
        this.episodes = List.copyOf(episodes);
        this.rewards = rewards;
        this.behavior = behavior;
        this.target = target;
        this.ends = List.copyOf(ends);
        this.columns = columns;
        this.badRows = badRows;
        this.episodesLeftOut = episodesLeftOut;
        this.note = note;
    }

    /**
     * The episodes as arrays; how they ended is unknown.
     *
     * @param rewards finite
     * @param behaviorPropensities π_b(a_t | s_t), above 0: the action was chosen. Densities may exceed 1
     * @param targetPropensities π_e(a_t | s_t), at least 0
     * @throws IllegalArgumentException if there are no episodes, one has no steps, lengths differ, or an entry is out of its range, named
     *     by episode and step
     */
    public static TrajectoryLog of(double[][] rewards, double[][] behaviorPropensities, double[][] targetPropensities) {
        int n = rewards.length;
        if (n == 0) throw new IllegalArgumentException("given no episodes; expected at least one");
        if (behaviorPropensities.length != n || targetPropensities.length != n)
            throw new IllegalArgumentException(
                "given rewards of " + n + " episodes, behavior propensities of " + behaviorPropensities.length
                    + " and target propensities of " + targetPropensities.length + "; expected one array of each per episode");
        for (int i = 0; i < n; i++) check(i, rewards[i], behaviorPropensities[i], targetPropensities[i]);
        return of(n, rewards, behaviorPropensities, targetPropensities);
    }

    private static TrajectoryLog of(int n, double[][] rewards, double[][] behavior, double[][] target) {
        return new TrajectoryLog(IntStream.range(0, n).mapToObj(i -> "" + i).toList(), rewards, behavior, target,
            IntStream.range(0, n).mapToObj(i -> End.UNKNOWN).toList(), Map.of(),
            new BadRows(Arrays.stream(rewards).mapToInt(r -> r.length).sum(), 0, List.of()), 0, "");
    }

    private static void check(int episode, double[] rewards, double[] behavior, double[] target) {
        if (rewards.length == 0) throw new IllegalArgumentException("episode " + episode + " has no steps; expected at least one");
        if (behavior.length != rewards.length || target.length != rewards.length)
            throw new IllegalArgumentException(
                "episode " + episode + " has " + rewards.length + " rewards, " + behavior.length + " behavior and " + target.length
                    + " target propensities; expected one of each per step");
        for (int t = 0; t < rewards.length; t++) {
            String step = "episode " + episode + ", step " + t + ": ";
            if (!Double.isFinite(rewards[t]))
                throw new IllegalArgumentException(step + "the reward is " + rewards[t] + "; expected a finite number");
            if (!(behavior[t] > 0) || Double.isInfinite(behavior[t]))
                throw new IllegalArgumentException(
                    step + "the behavior propensity is " + behavior[t] + "; expected a finite number above 0, because the action was "
                        + "chosen");
            if (!(target[t] >= 0) || Double.isInfinite(target[t]))
                throw new IllegalArgumentException(step + "the target propensity is " + target[t]
                    + "; expected a finite number of at least 0");
        }
    }

    /**
     * Reads a CSV file (plain or packed by gzip) or a Parquet file whose columns have usual names: episode, step, reward, propensity,
     * target_propensity, terminated, truncated.
     *
     * @throws IllegalArgumentException as {@link TrajectoryLogReader#read(Path)}
     */
    public static TrajectoryLog read(Path path) {
        return reader().read(path);
    }

    /** As {@link #read(Path)}. */
    public static TrajectoryLog read(String path) {
        return reader().read(path);
    }

    /** Reads a file whose columns are called otherwise, or of which more columns are wanted. */
    public static TrajectoryLogReader reader() {
        return new TrajectoryLogReader(LogOptions.USUAL);
    }

    /** Number of episodes. */
    public int size() {
        return rewards.length;
    }

    /** What each episode is called. */
    public List<String> episodes() {
        return episodes;
    }

    /** r_t. */
    public double[][] rewards() {
        return rewards;
    }

    /**
     * π_b(a_t | s_t).
     *
     * @throws IllegalStateException if the log holds none
     */
    public double[][] behaviorPropensities() {
        requirePropensities();
        return behavior;
    }

    /**
     * π_e(a_t | s_t).
     *
     * @throws IllegalStateException if the log holds none
     */
    public double[][] targetPropensities() {
        requirePropensities();
        return target;
    }

    /** Whether the log holds propensities, of both policies. */
    public boolean hasPropensities() {
        return behavior != null;
    }

    private void requirePropensities() {
        if (behavior == null)
            throw new IllegalStateException(
                "this log holds no propensities, and weights need them. Give those of a model of the behavior policy, and of the target, "
                    + "to propensities(…), "
                    + "or use fitted Q evaluation, which needs none");
    }

    /**
     * The same with propensities from elsewhere, such as those of a fitted model of the behavior policy.
     *
     * @param behaviorPropensities π_b(a_t | s_t), above 0
     * @param targetPropensities π_e(a_t | s_t), at least 0
     * @throws IllegalArgumentException if there is not one of each per step, or an entry is out of its range, named by episode and step
     */
    public TrajectoryLog propensities(double[][] behaviorPropensities, double[][] targetPropensities) {
        of(rewards, behaviorPropensities, targetPropensities);
        return new TrajectoryLog(episodes, rewards, behaviorPropensities, targetPropensities, ends, columns, badRows, episodesLeftOut,
            note);
    }

    /**
     * The same, told how each episode ended.
     *
     * @throws IllegalArgumentException if there is not one end per episode
     */
    public TrajectoryLog ends(List<End> ends) {
        if (ends.size() != size())
            throw new IllegalArgumentException("given " + ends.size() + " ends of " + size() + " episodes; expected one each");
        return new TrajectoryLog(episodes, rewards, behavior, target, ends, columns, badRows, episodesLeftOut, note);
    }

    /** How each episode ended. */
    public List<End> ends() {
        return ends;
    }

    /** The account of rows of the file that cannot be used. */
    public BadRows badRows() {
        return badRows;
    }

    /**
     * A further column of the file, as named to the reader.
     *
     * @throws IllegalArgumentException if it was not
     */
    public double[][] column(String name) {
        if (!columns.containsKey(name))
            throw new IllegalArgumentException("column '" + name + "' was not read; those read besides are " + columns.keySet()
                + ". If the file has it, name it, as in TrajectoryLog.reader().columns(\"" + name + "\")");
        return columns.get(name);
    }

    /** ρ_t = π_e(a_t | s_t) / π_b(a_t | s_t). */
    public double[][] policyRatios() {
        requirePropensities();
        double[][] ratios = new double[size()][];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = new double[rewards[i].length];
            for (int t = 0; t < ratios[i].length; t++) ratios[i][t] = target[i][t] / behavior[i][t];
        }
        return ratios;
    }

    /** Σ γᵗ r_t of each episode. */
    public double[] returns(double discount) {
        if (!(discount >= 0 && discount <= 1))
            throw new IllegalArgumentException("discount is " + discount + "; expected a number from 0 to 1");
        return Arrays.stream(rewards).mapToDouble(r -> {
            double sum = 0;
            for (int t = r.length - 1; t >= 0; t--) sum = r[t] + discount * sum;
            return sum;
        }).toArray();
    }

    /** Weights of whole episodes, Π_t ρ_t. */
    public ImportanceWeights weights() {
        return weights(Integer.MAX_VALUE);
    }

    /** Weights of the first steps, ρ_0 … ρ_{steps−1} multiplied; an episode that ended before keeps its own. */
    public ImportanceWeights weights(int steps) {
        if (steps < 1) throw new IllegalArgumentException("weights(" + steps + "): expected at least 1 step");
        requirePropensities();
        return ImportanceWeights.ofLog(IntStream.range(0, size()).mapToDouble(i -> {
            double log = 0;
            for (int t = 0; t < Math.min(steps, rewards[i].length); t++) log += Math.log(target[i][t]) - Math.log(behavior[i][t]);
            return log;
        }).toArray());
    }

    /** What is left of the evidence after each step: episodes still going on, ESS and largest share of the weights so far. */
    public Table essByStep() {
        requirePropensities();
        int longest = Arrays.stream(rewards).mapToInt(r -> r.length).max().orElse(0);
        var table = Table.create("evidence left after each step", IntColumn.create("steps"), IntColumn.create("episodes"),
            DoubleColumn.create("ESS"),
            DoubleColumn.create("ESS / n"), DoubleColumn.create("largest share"));
        double[] logs = new double[size()];
        for (int t = 0; t < longest; t++) {
            int going = 0;
            for (int i = 0; i < size(); i++) {
                if (t >= rewards[i].length) continue;
                going++;
                logs[i] += Math.log(target[i][t]) - Math.log(behavior[i][t]);
            }
            // from here on the target does nothing that was logged
            if (Arrays.stream(logs).allMatch(l -> l == Double.NEGATIVE_INFINITY)) break;
            Ess ess = ImportanceWeights.ofLog(logs).ess();
            table.intColumn(0).append(t + 1);
            table.intColumn(1).append(going);
            double[] numbers = {ess.value(), ess.fraction(), ess.largestShare()};
            for (int j = 0; j < numbers.length; j++) table.doubleColumn(2 + j).append(numbers[j]);
        }
        return table;
    }

    /** What is in the log, one quantity per row. */
    @Override
    public Table summary() {
        var lengths = Arrays.stream(rewards).mapToInt(r -> r.length).summaryStatistics();
        var names = new ArrayList<>(List.of("episodes", "episodes left out", "rows that cannot be used", "steps", "shortest episode",
            "longest episode", "terminated", "truncated",
            "end unknown", "mean return"));
        var values = new ArrayList<>(
            List.of((double) size(), (double) episodesLeftOut, (double) badRows.bad(), (double) lengths.getSum(), (double) lengths.getMin(),
                (double) lengths.getMax(), (double) count(End.TERMINATED), (double) count(End.TRUNCATED), (double) count(End.UNKNOWN),
                Arrays.stream(returns(1)).average().orElse(0)));
        if (behavior != null) {
            names.addAll(List.of("smallest behavior propensity", "largest policy ratio"));
            values.add(Arrays.stream(behavior).flatMapToDouble(Arrays::stream).min().orElse(0));
            values.add(Arrays.stream(policyRatios()).flatMapToDouble(Arrays::stream).max().orElse(0));
        }
        return Table.create("log of episodes", StringColumn.create("quantity", names), DoubleColumn.create("value", values));
    }

    private long count(End end) {
        return ends.stream().filter(e -> e == end).count();
    }

    /** What makes conclusions from this log doubtful: value, what was expected, consequence, remedy; none if nothing does. */
    public List<String> warnings() {
        var found = new ArrayList<String>();
        if (badRows.bad() > 0)
            found.add(badRows.sentence() + " Episodes left out with them: " + episodesLeftOut + BadRows.CONSEQUENCE);
        if (count(End.UNKNOWN) > 0)
            found.add("How " + count(End.UNKNOWN) + " of " + size()
                + " episodes ended is not known: a cut episode is treated as if it would earn nothing more. Log "
                + "terminated and truncated apart." + note);
        if (behavior == null) return found;
        if (Arrays.stream(target).allMatch(p -> Arrays.stream(p).anyMatch(v -> v == 0)))
            found.add("All episodes have weight 0: the target never does all that was "
                + "logged in any of them. No weighted estimate says anything; log a behavior that overlaps it.");
        else if (!weights().ess().reliable())
            found.add("Over whole episodes " + weights().ess().sentence() + " Estimators per decision lose less (see essByStep()).");
        return found;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "TrajectoryLog: %,d episodes, %,d steps", size(),
            Arrays.stream(rewards).mapToLong(r -> r.length).sum())
            + (behavior == null ? ", no propensities" : "") + badRows.notes().stream().map(n -> "\n" + n).collect(Collectors.joining())
            + warnings().stream().map(w -> "\n" + w).collect(Collectors.joining());
    }
}
