package metarl.basics;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;

/**
 * Work that may take a while, and how far it is. A notebook shows it to the user when it takes longer than two seconds; in scripts and
 * tests nobody watches, and it costs next to nothing.
 *
 * <pre>{@code
 * try (var activity = Activity.of("bootstrap", resamples)) {
 *     for (…) { …; activity.advance(); }
 * }
 * }</pre>
 *
 * <p>Parts may be reported from any thread. An activity that is begun while another one of the same thread is open belongs to it, and the
 * two are shown as one.
 */
public final class Activity implements AutoCloseable {
    /** Who shows activities: a notebook. Both methods are called on the thread that works, and must return at once. */
    public interface Watcher {
        /** An activity has begun that belongs to no other. */
        void begun(Activity activity);

        /** It is over, finished or not. */
        void ended(Activity activity);
    }

    private static final Watcher NOBODY = new Watcher() {
        @Override
        public void begun(Activity activity) {}

        @Override
        public void ended(Activity activity) {}
    };
    private static final ThreadLocal<Activity> CURRENT = new ThreadLocal<>();
    private static volatile Watcher watcher = NOBODY;

    private final String name;
    private final long total;
    private final Activity outer;
    private final Watcher told;
    private final long start = System.nanoTime();
    private final LongAdder done = new LongAdder();
    private volatile Activity inner;
    private volatile String sentence = "";
    private volatile String sentenceWithin = "";
    private boolean closed;

    private Activity(String name, long total, Watcher watcher) {
        this.name = name;
        this.total = total;
        outer = CURRENT.get();
        told = outer == null ? watcher : NOBODY;
        if (outer != null) outer.inner = this;
        CURRENT.set(this);
        told.begun(this);
    }

    /**
     * Begins an activity; close it on the same thread.
     *
     * @param name what is done, such as "bootstrap"
     * @param total parts there are to do; 0 if that is not known
     */
    public static Activity of(String name, long total) {
        return new Activity(name, total, watcher);
    }

    /** Begins an activity of which nobody knows how many parts it has. */
    public static Activity of(String name) {
        return new Activity(name, 0, watcher);
    }

    /** Begins an activity that somebody else shows already: neither it nor what belongs to it is shown again. */
    public static Activity shownElsewhere(String name) {
        return new Activity(name, 0, NOBODY);
    }

    /** Work that is handed to another thread but belongs to the activity of this one. */
    public static <T> Callable<T> within(Callable<T> work) {
        Activity activity = CURRENT.get();
        return () -> {
            Activity before = CURRENT.get();
            CURRENT.set(activity);
            try {
                return work.call();
            } finally {
                CURRENT.set(before);
            }
        };
    }

    /** Who shows activities from now on; null for nobody. */
    public static void watchedBy(Watcher newWatcher) {
        watcher = newWatcher == null ? NOBODY : newWatcher;
    }

    /** One more part is done. */
    public void advance() {
        done.increment();
    }

    /** So many parts are done in all. Of use to one thread only. */
    public void reach(long parts) {
        done.add(parts - done.sum());
    }

    /** What is to be said of it, instead of name and parts, now and when it has ended. */
    public void say(String text) {
        sentence = text;
    }

    /** What is done. */
    public String name() {
        return name;
    }

    /** What was {@linkplain #say said}; empty if nothing was. */
    public String sentence() {
        return sentence;
    }

    /** The last word of the activity within this one that ended last; empty if it had none. */
    public String sentenceWithin() {
        return sentenceWithin;
    }

    /** Parts there are to do; 0 if that is not known. */
    public long total() {
        return total;
    }

    /** Parts done. */
    public long done() {
        return done.sum();
    }

    /** The share of it that is done, from 0 to 1, with what is done of the activity within it; NaN if the total is not known. */
    public double fraction() {
        if (total <= 0) return Double.NaN;
        Activity part = inner;
        double ofPart = part == null ? 0 : part.fraction();
        return Math.min(1, (done() + (Double.isNaN(ofPart) ? 0 : ofPart)) / total);
    }

    /** The activity within this one that is going on now; null if there is none. */
    public Activity inner() {
        return inner;
    }

    /** Seconds since it began. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Ends it. Closing again does nothing. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        if (CURRENT.get() == this) {
            if (outer == null) CURRENT.remove();
            else CURRENT.set(outer);
        }
        if (outer != null) {
            outer.inner = null;
            outer.sentenceWithin = sentence.isEmpty() ? sentenceWithin : sentence;
        }
        told.ended(this);
    }
}
