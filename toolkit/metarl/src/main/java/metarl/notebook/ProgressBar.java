package metarl.notebook;

import java.util.Map;
import metarl.train.Evaluation;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.MetricLog;
import metarl.train.Progress;
import metarl.train.ProgressSentence;
import metarl.train.TrainingListener;

/**
 * Shows how far a training is: steps, rate, time left and the best test return of this run (after adaptation, where the method adapts); at
 * the end, what became of the run. In a notebook one bar for each run; elsewhere a line every five seconds.
 */
public final class ProgressBar implements TrainingListener {
    private static final long NOTEBOOK_NANOS = 200_000_000L;
    private static final long TERMINAL_NANOS = 5_000_000_000L;
    private static final int CELLS = 24;

    private final ProgressSentence sentence = new ProgressSentence();
    private Kernel.Output output;
    private long shown;

    @Override
    public boolean showsProgress() {
        return true;
    }

    @Override
    public void started(MetaTraining training, MetricLog past) {
        sentence.started(training, past);
        output = Kernel.current().output();
        shown = 0;
    }

    @Override
    public void progressed(Progress progress) {
        sentence.progressed(progress);
        long now = System.nanoTime();
        if (now - shown < (Kernel.current().isNotebook() ? NOTEBOOK_NANOS : TERMINAL_NANOS)) return;
        shown = now;
        draw();
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        sentence.evaluated(evaluation);
    }

    @Override
    public void finished(MetaRun run) {
        sentence.finished(run);
        draw();
    }

    @Override
    public void stopped(Throwable cause) {
        sentence.stopped(cause);
        draw();
    }

    private void draw() {
        // a run can fail before it has told its listeners that it starts
        if (output == null) output = Kernel.current().output();
        output.show(bundle(sentence.part(), sentence.text()));
    }

    /** A bar and a line beside it; a bar without a known part, NaN, only says that something goes on. */
    static Map<String, Object> bundle(double part, String line) {
        boolean known = !Double.isNaN(part);
        int full = known ? (int) (part * CELLS) : 0;
        Map<String, Object> bundle = Display.text((known ? "[" + "#".repeat(full) + "-".repeat(CELLS - full) + "] " : "") + line);
        String bar = "<progress " + (known ? "value=\"" + part + "\" " : "") + "max=\"1\" style=\"width:240px\"></progress> ";
        bundle.put("text/html", bar + "<small>" + Display.escape(line) + "</small>");
        return bundle;
    }
}
