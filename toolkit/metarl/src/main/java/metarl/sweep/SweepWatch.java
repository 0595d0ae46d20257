package metarl.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import metarl.basics.Activity;

/** Looks once a second into the folders of all runs and tells how they stand, on a thread of its own: wherever the runs are done. */
final class SweepWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;

    private final List<SweepJob> jobs;
    private final String metric;
    private final List<SweepListener> listeners;
    private final Activity activity;
    private final long start = System.nanoTime();
    private final Thread thread = new Thread(this::lookOn, "progress of the sweep");
    /** What was noted by an earlier sitting says nothing of this one. */
    private final Map<Integer, Optional<RunNotes.Going>> before = new HashMap<>();
    private final Map<Integer, SweepRow> done = new HashMap<>();
    private final Set<SweepListener> failed = new HashSet<>();
    private volatile boolean over;

    SweepWatch(List<SweepJob> jobs, String metric, List<SweepListener> listeners, Activity activity) {
        this.jobs = jobs;
        this.metric = metric;
        this.listeners = listeners;
        this.activity = activity;
    }

    void start() {
        for (SweepJob job : jobs) before.put(job.index(), job.notes().progress());
        thread.setDaemon(true);
        thread.start();
    }

    private void lookOn() {
        while (!over) {
            try {
                tell(false);
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // a folder that cannot be read for a moment is looked at again
            }
        }
    }

    private void tell(boolean last) {
        SweepBoard board = board(last);
        activity.reach(board.count(SweepRow.State.DONE) + board.count(SweepRow.State.FAILED));
        activity.say(last ? board.wordsAtEnd() : board.words());
        for (SweepListener listener : listeners) {
            if (failed.contains(listener)) continue;
            try {
                if (last) listener.ended(board);
                else listener.changed(board);
            } catch (RuntimeException | Error e) {
                failed.add(listener);
                System.err.println("The listener " + listener.getClass().getName()
                    + " failed and is left out from here on; the sweep goes on. " + e);
            }
        }
    }

    private SweepBoard board(boolean last) {
        var rows = new ArrayList<SweepRow>();
        for (SweepJob job : jobs) {
            SweepRow row = done.get(job.index());
            if (row == null) row = job.row(going -> !last && !before.get(job.index()).equals(Optional.of(going)));
            if (row.state() == SweepRow.State.DONE) done.put(job.index(), row);
            rows.add(row);
        }
        return new SweepBoard(rows, metric, (System.nanoTime() - start) / 1e9);
    }

    /** Tells how it has ended; an interruption of the thread waits for that. */
    @Override
    public void close() {
        over = true;
        boolean interrupted = Thread.interrupted();
        thread.interrupt();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            if (!before.isEmpty()) tell(true);
        } catch (RuntimeException e) {
            System.err.println("How the sweep stands could not be read at its end: " + e.getMessage());
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
