package metarl.sweep;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import metarl.basics.Activity;
import metarl.train.StoredTraining;
import metarl.train.TrainingInterruptedException;

/** One sitting of a sweep: asks workers for what is missing until nothing is, and lets others watch. */
final class SweepDriver {
    private static final int MOST_LOSSES = 3, NAMED = 3;
    private static final long PAUSE_MILLIS = 1_000;

    private record Loss(long step, int times) {}

    private final List<SweepJob> jobs;
    private final Definition asked;
    private final Workers workers;
    private final Map<Integer, Loss> losses = new ConcurrentHashMap<>();
    private final Map<Integer, SweepOutcome> outcomes = new ConcurrentHashMap<>();

    SweepDriver(List<SweepJob> jobs, Definition asked, Workers workers) {
        this.jobs = jobs;
        this.asked = asked;
        this.workers = workers;
    }

    void run(List<SweepListener> listeners) {
        requireSame();
        if (!workers.inThisProcess()) requireFoundAnywhere();
        String name = "sweep of " + jobs.size() + " runs";
        try (Activity activity = listeners.isEmpty() ? Activity.of(name, jobs.size()) : Activity.shownElsewhere(name);
            var watch = new SweepWatch(jobs, asked.metric(), listeners, activity)) {
            List<SweepJob> missing = Definition.inOrder(jobs, asked.seeds()).stream().filter(j -> !j.isDone()).toList();
            // what failed before is tried again, and shown as failed only when it fails again
            missing.forEach(j -> j.notes().begun());
            watch.start();
            rounds(missing);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Nothing is done where one run differs: a table of mixed runs would be worth nothing. */
    private void requireSame() {
        var found = new ArrayList<String>();
        for (SweepJob job : jobs) {
            List<String> differences = differences(job);
            job.notes().done().filter(d -> d.asked() > job.training().steps() && differences.stream().noneMatch(x -> x.startsWith("steps")))
                .ifPresent(d -> differences.add("steps was " + d.asked() + ", now " + job.training().steps()));
            if (!differences.isEmpty()) found.add(job.name() + ": " + String.join("; ", differences));
        }
        if (found.isEmpty()) return;
        throw new IllegalStateException(asked.folder() + " holds runs with other settings. " + String.join(". ", found.subList(0,
            Math.min(NAMED, found.size()))) + (found.size() > NAMED ? ". And " + (found.size() - NAMED) + " more runs" : "")
            + ". Use a different folder, give the changed part a name of its own, or restore the old values to go on. Nothing was done.");
    }

    private static List<String> differences(SweepJob job) {
        try {
            return new ArrayList<>(StoredTraining.differences(job.training()));
        } catch (IllegalStateException | UncheckedIOException e) {
            // one damaged run is not the end of the others: it is told as its error
            return new ArrayList<>();
        }
    }

    /** Runs that differ in their seed alone are alike. */
    private void requireFoundAnywhere() {
        long seed = asked.seeds().get(0);
        jobs.stream().filter(j -> j.training().seed() == seed).forEach(j -> StoredTraining.requireFoundAnywhere(j.training()));
    }

    private void rounds(List<SweepJob> missing) throws InterruptedException {
        List<SweepJob> left = missing;
        while (!left.isEmpty()) {
            outcomes.clear();
            boolean cutShort = once(left);
            // a cluster may take a machine back; here it is the process that ends
            if (workers.inThisProcess() && outcomes.values().stream().anyMatch(o -> o.end() == SweepOutcome.End.INTERRUPTED))
                throw new InterruptedException();
            var again = new ArrayList<SweepJob>();
            for (SweepJob job : left) if (!isOver(job, cutShort)) again.add(job);
            left = again;
            // another process trains there, or a worker was lost: either takes its time to end
            if (!left.isEmpty()) Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Whether the workers gave up before they were through, though not before something had come of it. */
    private boolean once(List<SweepJob> left) throws InterruptedException {
        var tasks = new ArrayList<SweepTask>();
        try {
            for (SweepJob job : left) {
                SweepTask task = job.task();
                tasks.add(task);
                if (workers.inThisProcess()) task.knownHere(job.training());
            }
            workers.run(List.copyOf(tasks), outcome -> outcomes.put(outcome.index(), outcome));
            return false;
        } catch (RuntimeException e) {
            if (left.stream().noneMatch(job -> outcomes.containsKey(job.index()) || job.isDone())) throw e;
            System.err.println("The workers gave up (" + e.getMessage() + "). The runs that are left are started again.");
            return true;
        } finally {
            tasks.forEach(SweepTask::forgotten);
        }
    }

    /** Whether there is nothing more to do for a run in this sitting; one whose worker was lost several times has failed. */
    private boolean isOver(SweepJob job, boolean cutShort) {
        if (job.isDone() || job.notes().failed().isPresent()) return true;
        SweepOutcome outcome = outcomes.get(job.index());
        if (outcome != null && outcome.end() == SweepOutcome.End.ELSEWHERE) return false;
        if (outcome != null && outcome.end() == SweepOutcome.End.FAILED) {
            job.notes().failed(outcome.message(), "");
            return true;
        }
        boolean begun = job.notes().progress().isPresent();
        if (cutShort && !begun || lost(job) < MOST_LOSSES) return false;
        job.notes().failed("its worker was lost " + MOST_LOSSES + " times; the checkpoint was kept", "");
        return true;
    }

    /** How often in a row the run's worker was lost without any step being added. */
    private int lost(SweepJob job) {
        long step = job.notes().progress().map(RunNotes.Going::step).orElse(0L);
        Loss before = losses.getOrDefault(job.index(), new Loss(-1, 0)), now = new Loss(step, step > before.step ? 1 : before.times + 1);
        losses.put(job.index(), now);
        return now.times;
    }

    private TrainingInterruptedException interrupted() {
        SweepBoard board = SweepResults.of(jobs, asked.metric()).board();
        return new TrainingInterruptedException("Interrupted. " + board.words() + "; what was going on has kept its checkpoint in "
            + asked.folder() + ". Run the cell again to go on.");
    }
}
