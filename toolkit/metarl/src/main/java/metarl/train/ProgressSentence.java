package metarl.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import metarl.basics.Figures;

/** How far a run is, in one line: steps, rate, time left and best return of this run; and when it is over, what became of it. */
public final class ProgressSentence implements TrainingListener {
    private static final String KEEP = "nothing was kept: give the training saveTo(\"runs/…\") to keep it";
    private static final int LONGEST_CAUSE = 200;

    private String label = "";
    private boolean saved;
    private long start;
    private long firstStep;
    private double best;
    private boolean adapts;
    private boolean adapted;
    private String end = "";
    private Progress last;

    @Override
    public void started(MetaTraining training, MetricLog past) {
        label = training.algorithm().name() + " on " + training.tasks().family().name() + ", seed " + training.seed();
        saved = training.folder() != null;
        start = System.nanoTime();
        firstStep = -1;
        best = Double.NEGATIVE_INFINITY;
        adapts = training.algorithm().adapts();
        adapted = false;
        end = "";
        last = null;
        var perStep = new TreeMap<Long, Map<String, List<Double>>>();
        for (LogRow row : past.rows())
            perStep.computeIfAbsent(row.step(), k -> new TreeMap<>()).computeIfAbsent(row.metric(), k -> new ArrayList<>())
                .add(row.value());
        for (Map<String, List<Double>> at : perStep.values())
            if (at.containsKey("testReturn")) reached(at.get("testReturn"), at.getOrDefault("adaptedReturn", List.of()));
    }

    @Override
    public void progressed(Progress progress) {
        last = progress;
        if (firstStep < 0) firstStep = progress.step();
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        reached(evaluation.tasks().stream().map(Evaluation.OfTask::before).toList(),
            evaluation.tasks().stream().filter(Evaluation.OfTask::adapted).map(Evaluation.OfTask::after).toList());
    }

    private void reached(List<Double> before, List<Double> after) {
        adapted = adapts && !after.isEmpty();
        double now = (adapted ? after : before).stream().mapToDouble(v -> v).average().orElse(Double.NaN);
        if (now > best) best = now;
    }

    @Override
    public void finished(MetaRun run) {
        last = new Progress(run.steps(), Math.max(1, run.training().steps()), "", Map.of());
        if (firstStep < 0) firstStep = run.steps();
        end = "finished";
    }

    @Override
    public void stopped(Throwable cause) {
        OptionalLong kept = cause instanceof TrainingStoppedException early ? early.keptSteps() : OptionalLong.empty();
        boolean interrupted = cause instanceof TrainingInterruptedException;
        String what = interrupted ? "interrupted" : "failed: " + shortened(cause.getCause() == null ? cause : cause.getCause());
        if (kept.isPresent())
            end = what + String.format(Locale.ROOT, ", kept to step %,d in %s; run the cell again to go on", kept.getAsLong(),
                ((TrainingStoppedException) cause).folder().orElseThrow());
        else end = !interrupted ? what : what + (saved ? ", nothing was saved yet; run the cell again to begin anew" : ", " + KEEP);
    }

    private static String shortened(Throwable cause) {
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage().lines().findFirst().orElse("");
        return text.length() <= LONGEST_CAUSE ? text : text.substring(0, LONGEST_CAUSE) + "…";
    }

    /** Algorithm, tasks and seed. */
    public String label() {
        return label;
    }

    /** Whether the run is over, finished or not. */
    public boolean over() {
        return !end.isEmpty();
    }

    /** The share of the steps that is done, from 0 to 1. */
    public double part() {
        return last == null ? 0 : Math.min(1, (double) last.step() / last.totalSteps());
    }

    /** The line. */
    public String text() {
        if (last == null) return label + " · " + (over() ? end : "starting");
        double seconds = (System.nanoTime() - start) / 1e9, rate = (last.step() - firstStep) / Math.max(1e-9, seconds);
        String time = rate > 0 && !over() ? Figures.time(Math.max(0, last.totalSteps() - last.step()) / rate) + " left"
            : Figures.time(seconds);
        String bestText = Double.isInfinite(best) ? ""
            : String.format(Locale.ROOT, " · best %s return %.1f", adapted ? "adapted" : "test", best);
        return String.format(Locale.ROOT, "%s · %s · %,d of %,d steps · %.0f/s · %s%s", label, over() ? end : last.doing(), last.step(),
            last.totalSteps(), rate, time, bestText);
    }
}
