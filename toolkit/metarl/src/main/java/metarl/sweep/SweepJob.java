package metarl.sweep;

import java.util.Map;
import java.util.function.Predicate;
import metarl.train.MetaTraining;

/**
 * One run of a sweep.
 *
 * @param index its number
 * @param tasks the name of its task set
 * @param algorithm the name of its method
 * @param training all else, with the folder
 */
record SweepJob(int index, String tasks, String algorithm, MetaTraining training) {
    RunNotes notes() {
        return new RunNotes(training.folder());
    }

    String name() {
        return algorithm + " on " + tasks + ", seed " + training.seed();
    }

    SweepTask task() {
        return SweepTask.of(index, name(), training);
    }

    boolean isDone() {
        return notes().isDone(training.steps());
    }

    /**
     * As its folder tells.
     *
     * @param now whether it is going on, of what was noted on the way
     */
    SweepRow row(Predicate<RunNotes.Going> now) {
        RunNotes notes = notes();
        long steps = training.steps();
        var done = notes.done();
        if (done.isPresent() && done.get().asked() >= steps)
            return row(SweepRow.State.DONE, done.get().step(), 0, done.get().seconds(), done.get().scores(), "");
        var failed = notes.failed();
        var going = notes.progress();
        long step = going.map(RunNotes.Going::step).orElse(done.map(RunNotes.Done::step).orElse(0L));
        if (failed.isPresent()) return row(SweepRow.State.FAILED, step, 0, Double.NaN, Map.of(), failed.get());
        return row(going.filter(now).isPresent() ? SweepRow.State.RUNNING : SweepRow.State.WAITING, step,
            going.map(RunNotes.Going::perSecond).orElse(0.0), Double.NaN, Map.of(), "");
    }

    private SweepRow row(SweepRow.State state, long step, double perSecond, double seconds, Map<String, Double> scores, String error) {
        return new SweepRow(tasks, algorithm, training.seed(), state, step, training.steps(), perSecond, seconds, scores, error);
    }
}
