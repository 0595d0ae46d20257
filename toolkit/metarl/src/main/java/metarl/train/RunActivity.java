package metarl.train;

import java.util.ArrayList;
import java.util.List;
import metarl.basics.Activity;

/** Makes a run an activity, which is shown unless one of the listeners shows how far the run is. */
final class RunActivity implements TrainingListener {
    private static final long BETWEEN_NANOS = 250_000_000L;

    private final ProgressSentence sentence = new ProgressSentence();
    private Activity activity;
    private long said;

    private RunActivity() {}

    /** Those told of a run: its listeners, and this. */
    static List<TrainingListener> listeners(MetaTraining training) {
        var all = new ArrayList<>(training.listeners());
        all.add(new RunActivity());
        return all;
    }

    /** An activity of several runs of a training. */
    static Activity of(MetaTraining training, String name, int runs) {
        return showsProgress(training) ? Activity.shownElsewhere(name) : Activity.of(name, runs);
    }

    private static boolean showsProgress(MetaTraining training) {
        return training.listeners().stream().anyMatch(TrainingListener::showsProgress);
    }

    @Override
    public void started(MetaTraining training, MetricLog past) {
        sentence.started(training, past);
        activity = showsProgress(training) ? Activity.shownElsewhere(sentence.label()) : Activity.of(sentence.label(), training.steps());
    }

    @Override
    public void progressed(Progress progress) {
        sentence.progressed(progress);
        long now = System.nanoTime();
        if (now - said < BETWEEN_NANOS) return;
        said = now;
        activity.reach(progress.step());
        activity.say(sentence.text());
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        sentence.evaluated(evaluation);
    }

    @Override
    public void finished(MetaRun run) {
        sentence.finished(run);
        end();
    }

    @Override
    public void stopped(Throwable cause) {
        sentence.stopped(cause);
        end();
    }

    private void end() {
        if (activity == null) return;
        activity.reach(Math.round(sentence.part() * activity.total()));
        activity.say(sentence.text());
        activity.close();
    }
}
