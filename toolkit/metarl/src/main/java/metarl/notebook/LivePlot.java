package metarl.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import metarl.chart.Series;
import metarl.plot.Plots;
import metarl.train.LogRow;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.MetricLog;
import metarl.train.Progress;
import metarl.train.TrainingListener;

/** A curve that is redrawn while training runs, at most once a second; its final form stays in the saved notebook. */
public final class LivePlot implements TrainingListener {
    private static final long NANOS = 1_000_000_000L;

    private final String title;
    private final String metric;
    private final List<Series> references = new ArrayList<>();
    private final Map<Long, double[]> sums = new TreeMap<>();
    private String name = "";
    private long totalSteps = 1;
    private Kernel.Output output;
    private long drawn;
    private boolean changed;

    private LivePlot(String title, String metric) {
        this.title = title;
        this.metric = metric;
    }

    /** The mean return on the test tasks, before adaptation. */
    public static LivePlot testReturn() {
        return new LivePlot("Return on test tasks", "testReturn");
    }

    /** The mean return after adaptation, on the test tasks that are adapted to ({@link MetaTraining#adaptTasks}). */
    public static LivePlot adaptedReturn() {
        return new LivePlot("Return on test tasks after adaptation", "adaptedReturn");
    }

    /** What a return means in the task's own terms, such as the error of speed. */
    public static LivePlot testMeasure() {
        return new LivePlot("Test tasks", "testMeasure");
    }

    /** With a dashed horizontal line at {@code level}. */
    public LivePlot reference(String label, double level) {
        references.add(Series.reference(label, level, 0, 1));
        return this;
    }

    /** A curve says what was reached, not how long it takes. */
    @Override
    public boolean showsProgress() {
        return false;
    }

    @Override
    public void started(MetaTraining training, MetricLog past) {
        sums.clear();
        output = null;
        drawn = 0;
        changed = false;
        name = training.algorithm().name() + ", seed " + training.seed();
        totalSteps = training.steps();
        for (LogRow row : past.rows()) logged(row);
    }

    @Override
    public void logged(LogRow row) {
        if (!row.metric().equals(metric)) return;
        double[] sum = sums.computeIfAbsent(row.step(), s -> new double[2]);
        sum[0] += row.value();
        sum[1]++;
        changed = true;
    }

    @Override
    public void progressed(Progress progress) {
        if (changed && System.nanoTime() - drawn > NANOS) draw();
    }

    @Override
    public void finished(MetaRun run) {
        if (changed) draw();
    }

    @Override
    public void stopped(Throwable cause) {
        if (changed) draw();
    }

    private void draw() {
        // without a notebook there is nothing to look at
        if (!Kernel.current().isNotebook() || sums.isEmpty()) return;
        double[] x = sums.keySet().stream().mapToDouble(s -> s).toArray();
        double[] y = sums.values().stream().mapToDouble(s -> s[0] / s[1]).toArray();
        var series = new ArrayList<Series>(List.of(Series.line(name, x, y)));
        for (Series r : references) series.add(Series.reference(r.name(), r.y()[0], 0, Math.max(totalSteps, x[x.length - 1])));
        var chart = Plots.lines(title, "environment steps", metric.endsWith("Return") ? "mean return" : metric,
            series.toArray(new Series[0]));
        if (output == null) output = Kernel.current().output();
        output.show(Display.bundle(chart));
        drawn = System.nanoTime();
        changed = false;
    }
}
