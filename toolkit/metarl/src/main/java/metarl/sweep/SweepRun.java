package metarl.sweep;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.function.Supplier;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.MetricLog;
import metarl.train.Progress;
import metarl.train.RunInUseException;
import metarl.train.TrainingInterruptedException;
import metarl.train.TrainingListener;
import metarl.train.TrainingStoppedException;

/** Does one run in its folder, and notes there what becomes of it. */
final class SweepRun implements TrainingListener {
    private static final long BETWEEN_NANOS = 500_000_000L;
    private static final int LONGEST_TRACE = 8_000;

    private final int index;
    private final RunNotes notes;
    private long start, noted, firstStep = -1;

    SweepRun(int index, Path folder) {
        this.index = index;
        notes = new RunNotes(folder);
    }

    /** @param asked makes the training; what goes wrong there is told as an error of the run */
    SweepOutcome run(Supplier<MetaTraining> asked) {
        try {
            MetaTraining training = asked.get();
            if (notes.isDone(training.steps())) return outcome(SweepOutcome.End.DONE, "");
            try (MetaRun run = training.listen(this).run()) {
                notes.done(training.steps(), run);
            }
            return outcome(SweepOutcome.End.DONE, "");
        } catch (TrainingInterruptedException e) {
            freed(e);
            return outcome(SweepOutcome.End.INTERRUPTED, e.getMessage());
        } catch (RunInUseException e) {
            return outcome(SweepOutcome.End.ELSEWHERE, e.getMessage());
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    private SweepOutcome outcome(SweepOutcome.End end, String message) {
        return new SweepOutcome(index, end, message);
    }

    private SweepOutcome failed(Throwable error) {
        if (error instanceof TrainingStoppedException stopped) freed(stopped);
        Throwable cause = error instanceof TrainingStoppedException && error.getCause() != null ? error.getCause() : error;
        String sentence = cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage().strip());
        var trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        String text = trace.toString();
        try {
            notes.failed(sentence, text.substring(0, Math.min(LONGEST_TRACE, text.length())));
        } catch (RuntimeException e) {
            // the disk may be what failed; whoever asked is told in any case
            sentence += " (" + e.getMessage() + ")";
        }
        return outcome(SweepOutcome.End.FAILED, sentence);
    }

    /** What is on the disk is not needed in memory. */
    private static void freed(TrainingStoppedException stopped) {
        stopped.run().ifPresent(MetaRun::close);
    }

    @Override
    public void started(MetaTraining training, MetricLog past) {
        start = System.nanoTime();
        notes.begun();
    }

    @Override
    public void progressed(Progress progress) {
        long now = System.nanoTime();
        if (firstStep < 0) firstStep = progress.step();
        else if (now - noted < BETWEEN_NANOS) return;
        noted = now;
        double seconds = (now - start) / 1e9;
        notes.progress(progress, seconds > 0 ? (progress.step() - firstStep) / seconds : 0);
    }
}
