package metarl.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.basics.Findings;
import metarl.basics.Interval;
import metarl.basics.Require;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Methods compared by their runs, as Agarwal et al. (2021, rliable) recommend for few seeds: interquartile mean, mean, median and
 * optimality gap, the probability that one method is better than another, and performance profiles; each with an interval of 95 % by the
 * stratified bootstrap.
 *
 * <p>A score is what one run reached on one task set, the mean over its test tasks: these share the networks of their run, so that the run
 * is what is drawn again, and not the task.
 */
public final class SweepComparison implements Findings {
    private static final int PROFILE_POINTS = 101;

    private final String metric;
    private final List<String> taskSets;
    private final Map<String, double[][]> scores;
    private final boolean normalised;
    private final List<String> notes;

    private SweepComparison(String metric, List<String> taskSets, Map<String, double[][]> scores, boolean normalised, List<String> notes) {
        this.metric = metric;
        this.taskSets = taskSets;
        this.scores = scores;
        this.normalised = normalised;
        this.notes = notes;
    }

    /**
     * Of scores from anywhere.
     *
     * @param metric what they are
     * @param taskSets their names
     * @param scores per method [task sets][runs]; methods and task sets may have different numbers of runs, at least one each
     * @param normalised whether 0 is the score of a poor reference and 1 that of a good one on each task set
     */
    public static SweepComparison of(String metric, List<String> taskSets, Map<String, double[][]> scores, boolean normalised) {
        return of(metric, taskSets, scores, normalised, List.of());
    }

    static SweepComparison of(String metric, List<String> taskSets, Map<String, double[][]> scores, boolean normalised,
        List<String> notes) {
        if (scores.isEmpty()) throw new IllegalArgumentException("given no methods, expected at least one");
        var copy = new LinkedHashMap<String, double[][]>();
        scores.forEach((method, of) -> {
            Require.that(of.length == taskSets.size(), "the number of task sets of " + method, of.length, taskSets.size() + "");
            for (int i = 0; i < of.length; i++) {
                Require.that(of[i].length > 0, "the number of runs of " + method + " on " + taskSets.get(i), 0, "at least 1");
                Require.finite("score of " + method + " on " + taskSets.get(i), of[i]);
            }
            copy.put(method, Arrays.stream(of).map(double[]::clone).toArray(double[][]::new));
        });
        return new SweepComparison(metric, List.copyOf(taskSets), copy, normalised, notes);
    }

    /** What is compared. */
    public String metric() {
        return metric;
    }

    /** The names of the methods, in order. */
    public List<String> methods() {
        return List.copyOf(scores.keySet());
    }

    /** Whether scores are shares of the way from a poor reference to a good one. */
    public boolean isNormalised() {
        return normalised;
    }

    /** The scores of a method, [task sets][runs]. */
    public double[][] scores(String method) {
        double[][] found = scores.get(method);
        if (found == null)
            throw new IllegalArgumentException("no method is called '" + method + "'; there are " + String.join(", ", scores.keySet()));
        return Arrays.stream(found).map(double[]::clone).toArray(double[][]::new);
    }

    /** The mean of the middle half of all runs on all task sets. */
    public Interval interquartileMean(String method) {
        return aggregates(method)[0];
    }

    /** The mean over task sets of the mean over runs. */
    public Interval mean(String method) {
        return aggregates(method)[1];
    }

    /** The median over task sets of the mean over runs. */
    public Interval median(String method) {
        return aggregates(method)[2];
    }

    /**
     * By how much runs fall short of the good reference on average: 1 − mean of min(score, 1). Less is better.
     *
     * @throws IllegalStateException unless scores are normalised
     */
    public Interval optimalityGap(String method) {
        if (!normalised)
            throw new IllegalStateException("the optimality gap is the distance to a reference, and there is none: say "
                + "results.normalised(\"" + taskSets.get(0) + "\", poor, good)");
        return aggregates(method)[3];
    }

    private Interval[] aggregates(String method) {
        return Stratified.intervals(scores(method), s -> new double[] {Stratified.interquartileMean(s), Stratified.mean(s),
            Stratified.median(s), Stratified.optimalityGap(s)});
    }

    /**
     * How probably a run of {@code x} has a higher score than one of {@code y} on a task set that is drawn: the mean over task sets of
     * U/(N M), where U counts the pairs of runs that x wins, ties by half (Mann and Whitney 1947). The interval is missing (NaN) where a
     * task set has fewer than {@link Interval#FEWEST} runs.
     */
    public Interval improvement(String x, String y) {
        double[][] ofX = scores(x), ofY = scores(y);
        return Stratified.intervals(Math.min(Stratified.fewest(ofX), Stratified.fewest(ofY)),
            new double[] {Stratified.improvement(ofX, ofY)},
            random -> new double[] {Stratified.improvement(Stratified.drawn(ofX, random), Stratified.drawn(ofY, random))})[0];
    }

    /** {@link #improvement} of every method over every one after it: X, Y, P(X &gt; Y), from, to. */
    public Table improvements() {
        StringColumn x = StringColumn.create("X"), y = StringColumn.create("Y");
        DoubleColumn[] numbers = columns("P(X > Y)");
        List<String> methods = methods();
        for (int i = 0; i < methods.size(); i++)
            for (int j = i + 1; j < methods.size(); j++) {
                x.append(methods.get(i));
                y.append(methods.get(j));
                append(numbers, improvement(methods.get(i), methods.get(j)));
            }
        return Table.create("probability of improvement in " + metric, x, y).addColumns(numbers);
    }

    /** Of each τ the share of runs of a method with a score above it, over all task sets, and its pointwise interval. */
    public Interval[] profile(String method, double... taus) {
        Require.finite("τ", taus);
        double[][] of = scores(method);
        return Stratified.intervals(Stratified.fewest(of), Stratified.profile(of, taus),
            random -> Stratified.profile(Stratified.drawn(of, random), taus));
    }

    /** Performance profiles of all methods at {@link #taus}: method, τ, share of runs above it, from, to. */
    public Table profiles() {
        return profiles(taus());
    }

    /** The same at these τ. */
    public Table profiles(double... taus) {
        var method = StringColumn.create("method");
        var tau = DoubleColumn.create("τ");
        DoubleColumn[] numbers = columns("share above");
        for (String name : methods()) {
            Interval[] shares = profile(name, taus);
            for (int i = 0; i < taus.length; i++) {
                method.append(name);
                tau.append(taus[i]);
                append(numbers, shares[i]);
            }
        }
        return Table.create("performance profiles of " + metric, method, tau).addColumns(numbers);
    }

    /** Equally far apart from just below the least score of all, where every run is above, to the largest, where none is. */
    public double[] taus() {
        double[] all = scores.values().stream().flatMapToDouble(s -> Arrays.stream(Stratified.pooled(s))).sorted().toArray();
        double high = all[all.length - 1], low = all[0] - 0.02 * Math.max(high - all[0], Math.abs(all[0]) * 1e-6);
        return IntStream.range(0, PROFILE_POINTS).mapToDouble(i -> high - (high - low) * (PROFILE_POINTS - 1 - i) / (PROFILE_POINTS - 1))
            .toArray();
    }

    private static DoubleColumn[] columns(String name) {
        return Stream.of(name, name + " from", name + " to").map(DoubleColumn::create).toArray(DoubleColumn[]::new);
    }

    private static void append(DoubleColumn[] columns, Interval interval) {
        columns[0].append(interval.value());
        for (int end = 1; end < 3; end++) {
            double value = end == 1 ? interval.low() : interval.high();
            if (Double.isNaN(value)) columns[end].appendMissing();
            else columns[end].append(value);
        }
    }

    /**
     * One row per method: runs per task set, the aggregates, each with its own interval, and what these intervals are. The optimality gap
     * is there where scores are normalised.
     */
    @Override
    public Table summary() {
        var method = StringColumn.create("method", methods());
        var runs = IntColumn.create("runs");
        var kind = StringColumn.create("intervals");
        var columns = new ArrayList<DoubleColumn[]>();
        for (String name : List.of("interquartile mean", "mean", "median", "optimality gap")) columns.add(columns(name));
        for (String name : methods()) {
            int fewest = Stratified.fewest(scores(name));
            runs.append(fewest);
            kind.append(Interval.kind(fewest, "runs"));
            Interval[] of = aggregates(name);
            for (int i = 0; i < of.length; i++)
                append(columns.get(i), fewest > 1 ? of[i] : new Interval(of[i].value(), Double.NaN, Double.NaN));
        }
        Table table = Table.create("last " + metric + (normalised ? ", normalised" : ""), method, runs);
        // of one task set the median over task sets is its mean
        for (int i = 0; i < columns.size(); i++)
            if (i < 2 || i == 2 && taskSets.size() > 1 || i == 3 && normalised) table.addColumns(columns.get(i));
        return table.addColumns(kind);
    }

    /** What the scores are, and what has to be known of them. */
    @Override
    public String words() {
        var lines = new ArrayList<String>();
        String sets = taskSets.size() == 1 ? taskSets.get(0) : taskSets.size() + " task sets";
        lines.add("Last " + metric + " on " + sets + ", a score per run"
            + (normalised ? ": 0 is the poor reference, 1 the good one." : "."));
        if (!normalised && taskSets.size() > 1)
            lines.add("The scores of different task sets are averaged as they are, so that the one with the largest numbers decides. Give "
                + "two references for each: results.normalised(\"" + taskSets.get(0) + "\", poor, good).");
        lines.addAll(notes);
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return methods().stream().map(m -> m + ": interquartile mean " + interquartileMean(m)).collect(Collectors.joining("\n"));
    }
}
