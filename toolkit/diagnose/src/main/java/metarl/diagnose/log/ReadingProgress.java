package metarl.diagnose.log;

import java.util.function.DoubleConsumer;
import metarl.basics.Activity;

/**
 * Reports what part has been read, twice a second from the second second on: to the user's listener, or to the watcher of activities
 * where there is none.
 */
final class ReadingProgress implements AutoCloseable {
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final long BETWEEN_NANOS = 500_000_000L;
    private static final int PARTS = 1_000;

    private final DoubleConsumer listener;
    private final Activity activity;
    private long due = System.nanoTime() + PATIENCE_NANOS;
    private boolean told;

    /** Begins; the listener may be null. */
    ReadingProgress(String name, DoubleConsumer listener) {
        this.listener = listener;
        activity = listener == null ? Activity.of(name, PARTS) : Activity.shownElsewhere(name);
    }

    /** A part from 0 to 1 has been read. */
    void reach(double part) {
        if (listener == null) activity.reach(Math.round(part * PARTS));
        else if (System.nanoTime() > due) tell(part);
    }

    /** All has been read. */
    void end() {
        if (told) tell(1);
        else if (listener == null) activity.reach(PARTS);
    }

    private void tell(double part) {
        told = true;
        due = System.nanoTime() + BETWEEN_NANOS;
        listener.accept(part);
    }

    @Override
    public void close() {
        activity.close();
    }
}
