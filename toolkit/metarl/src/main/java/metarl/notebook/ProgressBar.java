package metarl.notebook;

import java.util.Locale;
import java.util.Map;
import metarl.train.Evaluation;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.MetricLog;
import metarl.train.Progress;
import metarl.train.TrainingListener;

/** Shows how far a training is: steps, rate, time left, best test return. In a notebook one bar; elsewhere a line every five seconds. */
public final class ProgressBar implements TrainingListener {
    private static final long NOTEBOOK_NANOS = 200_000_000L;
    private static final long TERMINAL_NANOS = 5_000_000_000L;
    private static final int CELLS = 24;

    private String id;
    private String label = "";
    private long start;
    private long firstStep = -1;
    private long shown;
    private double best = Double.NEGATIVE_INFINITY;
    private Progress last;

    @Override
    public void started(MetaTraining training, MetricLog past) {
        label = training.algorithm().name() + " on " + training.tasks().family().name();
        start = System.nanoTime();
        firstStep = -1;
        id = null;
        shown = 0;
    }

    @Override
    public void progressed(Progress progress) {
        last = progress;
        if (firstStep < 0) firstStep = progress.step();
        long now = System.nanoTime();
        if (now - shown < (Kernel.current().isNotebook() ? NOTEBOOK_NANOS : TERMINAL_NANOS)) return;
        shown = now;
        draw(line(progress.doing()));
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        best = Math.max(best, evaluation.meanBefore());
    }

    @Override
    public void finished(MetaRun run) {
        last = new Progress(run.steps(), Math.max(1, run.training().steps()), "done", Map.of());
        draw(line("done"));
    }

    @Override
    public void stopped(Throwable cause) {
        if (last != null) draw(line("stopped"));
    }

    private String line(String doing) {
        double seconds = (System.nanoTime() - start) / 1e9;
        double rate = (last.step() - firstStep) / Math.max(1e-9, seconds);
        String left = rate > 0 && !doing.equals("done") ? time((last.totalSteps() - last.step()) / rate) + " left" : time(seconds);
        String bestText = Double.isInfinite(best) ? "" : String.format(Locale.ROOT, " · best test return %.1f", best);
        return String.format(Locale.ROOT, "%s · %s · %,d of %,d steps · %.0f/s · %s%s", label, doing, last.step(), last.totalSteps(), rate, left, bestText);
    }

    private static String time(double seconds) {
        return seconds < 90 ? Math.round(seconds) + " s" : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }

    private void draw(String line) {
        double part = Math.min(1, (double) last.step() / last.totalSteps());
        int full = (int) (part * CELLS);
        Map<String, Object> bundle = Display.text("[" + "#".repeat(full) + "-".repeat(CELLS - full) + "] " + line);
        bundle.put("text/html", "<progress value=\"" + part + "\" max=\"1\" style=\"width:240px\"></progress> <small>" + line + "</small>");
        if (id == null) id = Kernel.current().show(bundle);
        else Kernel.current().update(id, bundle);
    }
}
