package metarl.sweep;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import metarl.basics.Figures;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * All runs of a sweep at a moment.
 *
 * @param rows one per run
 * @param metric whose last value is shown
 * @param seconds since this sitting began
 */
public record SweepBoard(List<SweepRow> rows, String metric, double seconds) implements Findings {
    /** Keeps a copy of the rows. */
    public SweepBoard {
        rows = List.copyOf(rows);
    }

    /** How many runs stand so. */
    public long count(SweepRow.State state) {
        return rows.stream().filter(r -> r.state() == state).count();
    }

    /** The share of all steps that is done, from 0 to 1. */
    public double part() {
        double asked = rows.stream().mapToDouble(SweepRow::steps).sum(), done = rows.stream().mapToDouble(r -> switch (r.state()) {
            // what failed is over
            case DONE, FAILED -> r.steps();
            case WAITING, RUNNING -> Math.min(r.step(), r.steps());
        }).sum();
        return asked > 0 ? done / asked : 1;
    }

    /** Seconds until all is done at the pace of the runs that go on; NaN if that cannot be told. */
    public double secondsLeft() {
        double rate = rows.stream().filter(r -> r.state() == SweepRow.State.RUNNING).mapToDouble(SweepRow::perSecond).sum();
        double left = rows.stream().filter(r -> r.state() == SweepRow.State.RUNNING || r.state() == SweepRow.State.WAITING)
            .mapToDouble(r -> Math.max(0, r.steps() - r.step())).sum();
        return left == 0 ? 0 : rate > 0 ? left / rate : Double.NaN;
    }

    /** In one line: "12 of 40 runs done, 2 running, 1 failed · 35 % of the steps · 12.3 min left". */
    @Override
    public String words() {
        var text = new StringBuilder(count(SweepRow.State.DONE) + " of " + rows.size() + (rows.size() == 1 ? " run done" : " runs done"));
        long running = count(SweepRow.State.RUNNING), failed = count(SweepRow.State.FAILED);
        if (running > 0) text.append(", ").append(running).append(" running");
        if (failed > 0) text.append(", ").append(failed).append(" failed");
        if (running == 0) return text.toString();
        text.append(" · ").append((int) (100 * part())).append(" % of the steps");
        double left = secondsLeft();
        return Double.isNaN(left) ? text.toString() : text.append(" · ").append(Figures.time(left)).append(" left").toString();
    }

    /**
     * What became of a sitting that is over, in one line. Where it was interrupted: "interrupted with 12 of 40 runs done; each run that had
     * begun is kept to its last checkpoint; run the cell again to go on".
     */
    public String wordsAtEnd() {
        boolean whole = count(SweepRow.State.WAITING) + count(SweepRow.State.RUNNING) == 0;
        return whole ? words() : "interrupted with " + words()
            + "; each run that had begun is kept to its last checkpoint; run the cell again to go on";
    }

    /** One row per run: task set, algorithm, seed, state, steps, steps per second, seconds left, last score, seconds, error. */
    @Override
    public Table summary() {
        return table(rows);
    }

    /** The same of what goes on and what failed, which is what a reader wants to see of many runs. */
    public Table going() {
        return table(rows.stream().filter(r -> r.state() == SweepRow.State.RUNNING || r.state() == SweepRow.State.FAILED)
            .collect(Collectors.toList()));
    }

    private Table table(List<SweepRow> shown) {
        StringColumn tasks = StringColumn.create("task set"), algorithm = StringColumn.create("algorithm"),
            state = StringColumn.create("state"), error = StringColumn.create("error");
        LongColumn seed = LongColumn.create("seed"), step = LongColumn.create("step"), steps = LongColumn.create("of steps");
        DoubleColumn rate = DoubleColumn.create("steps/s"), left = DoubleColumn.create("seconds left"),
            score = DoubleColumn.create("last " + metric), seconds = DoubleColumn.create("seconds");
        for (SweepRow row : shown) {
            boolean running = row.state() == SweepRow.State.RUNNING && row.perSecond() > 0;
            tasks.append(row.tasks());
            algorithm.append(row.algorithm());
            seed.append(row.seed());
            state.append(row.state().name().toLowerCase(Locale.ROOT));
            step.append(row.step());
            steps.append(row.steps());
            number(rate, running ? row.perSecond() : Double.NaN);
            number(left, running ? Math.max(0, row.steps() - row.step()) / row.perSecond() : Double.NaN);
            number(score, row.score(metric));
            number(seconds, row.seconds());
            error.append(row.error());
        }
        return Table.create("runs", tasks, algorithm, seed, state, step, steps, rate, left, score, seconds, error);
    }

    private static void number(DoubleColumn column, double value) {
        if (Double.isNaN(value)) column.appendMissing();
        else column.append(value);
    }

    @Override
    public String toString() {
        return words();
    }
}
