package metarl.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import metarl.basics.Findings;
import metarl.basics.Require;
import metarl.train.MetaRun;
import metarl.train.MetaRuns;
import tech.tablesaw.api.Table;

/** What has come of a sweep: the runs that are done with their numbers, those that failed with their errors, and those still to be done. */
public final class SweepResults implements Findings {
    private static final int SHOWN_ERRORS = 5;

    /** The scores that count as 0 and as 1. */
    private record Scale(double poor, double good) {
        double of(double score) {
            return (score - poor) / (good - poor);
        }
    }

    private final List<SweepJob> jobs;
    private final SweepBoard board;
    private final Map<String, Scale> scales;

    private SweepResults(List<SweepJob> jobs, SweepBoard board, Map<String, Scale> scales) {
        this.jobs = jobs;
        this.board = board;
        this.scales = scales;
    }

    static SweepResults of(List<SweepJob> jobs, String metric) {
        return new SweepResults(jobs, new SweepBoard(jobs.stream().map(j -> j.row(going -> false)).toList(), metric, 0), Map.of());
    }

    /** One row per run. */
    public List<SweepRow> rows() {
        return board.rows();
    }

    /** One row per run: task set, algorithm, seed, state, steps, last score, seconds, error. */
    public Table table() {
        return board.summary().removeColumns("steps/s", "seconds left");
    }

    SweepBoard board() {
        return board;
    }

    /** Names of the task sets, in order. */
    public List<String> taskSets() {
        return jobs.stream().map(SweepJob::tasks).distinct().toList();
    }

    /** Names of the algorithms, in order. */
    public List<String> algorithms() {
        return jobs.stream().map(SweepJob::algorithm).distinct().toList();
    }

    /** Whether all runs have all their steps. */
    public boolean isComplete() {
        return board.count(SweepRow.State.DONE) == jobs.size();
    }

    /**
     * The runs of a method on a task set that are done, for charts and comparisons. Their logs are read; their networks are loaded when
     * they are first asked for.
     *
     * @throws IllegalArgumentException if none is done, or there is no such method or task set
     */
    public MetaRuns runs(String taskSet, String algorithm) {
        requireKnown("task set", taskSet, taskSets());
        requireKnown("algorithm", algorithm, algorithms());
        List<MetaRun> done = doneRuns(taskSet, algorithm);
        if (done.isEmpty()) throw new IllegalArgumentException("no run of " + algorithm + " on " + taskSet + " is done yet");
        return new MetaRuns(algorithm, done);
    }

    private List<MetaRun> doneRuns(String taskSet, String algorithm) {
        return jobs.stream()
            .filter(j -> j.tasks().equals(taskSet) && j.algorithm().equals(algorithm) && state(j) == SweepRow.State.DONE)
            .map(j -> MetaRun.logged(j.training().folder())).toList();
    }

    private SweepRow.State state(SweepJob job) {
        return rows().get(job.index()).state();
    }

    /** All methods of which a run on this task set is done: {@code Plots.learningCurve(results.runs("…"))}. */
    public MetaRuns[] runs(String taskSet) {
        requireKnown("task set", taskSet, taskSets());
        return algorithms().stream().map(a -> new Runs(a, doneRuns(taskSet, a))).filter(r -> !r.done.isEmpty())
            .map(r -> new MetaRuns(r.name, r.done)).toArray(MetaRuns[]::new);
    }

    private record Runs(String name, List<MetaRun> done) {}

    /**
     * The same of the only task set.
     *
     * @throws IllegalStateException if there are several
     */
    public MetaRuns[] runs() {
        if (taskSets().size() > 1)
            throw new IllegalStateException("the sweep has several task sets; say which: runs(\"" + taskSets().get(0) + "\")");
        return runs(taskSets().get(0));
    }

    private static void requireKnown(String what, String name, List<String> known) {
        if (!known.contains(name))
            throw new IllegalArgumentException("no " + what + " is called '" + name + "'; there are " + String.join(", ", known));
    }

    /**
     * With two references for a task set, so that several can be compared: a score of {@code poor} counts as 0, one of {@code good} as 1,
     * and what lies outside is not cut. Published scores are good references, such as those of a random policy and of a method that is
     * trained on each task by itself; scores of the methods compared are not, because each would move the scale of the others. Where less
     * is better, poor is above good.
     *
     * @param taskSet its name
     */
    public SweepResults normalised(String taskSet, double poor, double good) {
        requireKnown("task set", taskSet, taskSets());
        Require.number(poor, true, "poor", "a finite score");
        Require.number(good, good != poor, "good", "a finite score, different from that of the poor reference");
        var more = new HashMap<>(scales);
        more.put(taskSet, new Scale(poor, good));
        return new SweepResults(jobs, board, more);
    }

    /** Methods compared by the last {@code testReturn} of their runs, before adaptation. */
    public SweepComparison comparison() {
        return comparison("testReturn");
    }

    /**
     * Methods compared by the last value of a metric, the mean over the tasks of a run; by those of their runs that are done.
     *
     * @throws IllegalArgumentException if no method has a run that is done on every task set, or none has logged the metric
     * @throws IllegalStateException if some task sets have references and others have none
     */
    public SweepComparison comparison(String metric) {
        List<String> bare = taskSets().stream().filter(t -> !scales.containsKey(t)).toList();
        if (!scales.isEmpty() && !bare.isEmpty())
            throw new IllegalStateException("there are no references for " + String.join(", ", bare) + ": say .normalised(\"" + bare.get(0)
                + "\", poor, good), or leave all scores as they are");
        var notes = new ArrayList<String>();
        var scores = new LinkedHashMap<String, double[][]>();
        for (String algorithm : algorithms()) {
            double[][] of = taskSets().stream().map(t -> scores(t, algorithm, metric)).toArray(double[][]::new);
            List<String> without = taskSets().stream().filter(t -> of[taskSets().indexOf(t)].length == 0).toList();
            if (without.isEmpty()) scores.put(algorithm, of);
            else notes.add(algorithm + " is left out: no run is done on " + String.join(", ", without) + ".");
        }
        if (scores.isEmpty())
            throw new IllegalArgumentException("there is nothing to compare: no method has a run that is done on every task set");
        long missing = jobs.size() - board.count(SweepRow.State.DONE);
        if (missing > 0)
            notes.add(missing + " of " + jobs.size() + " runs are not done and count as none. If they failed because they did badly, what "
                + "is left flatters their method.");
        return SweepComparison.of(metric, taskSets(), scores, !scales.isEmpty(), notes);
    }

    private double[] scores(String taskSet, String algorithm, String metric) {
        List<SweepRow> done = rows().stream()
            .filter(r -> r.tasks().equals(taskSet) && r.algorithm().equals(algorithm) && r.state() == SweepRow.State.DONE).toList();
        for (SweepRow row : done)
            if (!row.scores().containsKey(metric))
                throw new IllegalArgumentException(row.name() + " has not logged '" + metric + "'; it has logged "
                    + String.join(", ", new TreeSet<>(row.scores().keySet())));
        Scale scale = scales.get(taskSet);
        return done.stream().mapToDouble(r -> scale == null ? r.score(metric) : scale.of(r.score(metric))).toArray();
    }

    /** How many runs are done, and the errors of those that failed. */
    @Override
    public String words() {
        List<SweepRow> failed = rows().stream().filter(r -> r.state() == SweepRow.State.FAILED).toList();
        String errors = failed.stream().limit(SHOWN_ERRORS).map(r -> "\n" + r.name() + ": " + r.error()).collect(Collectors.joining());
        String more = failed.size() > SHOWN_ERRORS ? "\n… and " + (failed.size() - SHOWN_ERRORS) + " more, see table()" : "";
        return board.words() + "." + (failed.isEmpty() ? "" : " Run the sweep again to try what failed once more." + errors + more);
    }

    /** The same as {@link #table()}. */
    @Override
    public Table summary() {
        return table();
    }

    @Override
    public String toString() {
        return words();
    }
}
