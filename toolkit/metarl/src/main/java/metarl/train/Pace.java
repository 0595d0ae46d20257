package metarl.train;

import java.util.function.LongSupplier;

/**
 * When a run in progress is saved: after an evaluation, and when {@value #INTERVAL} seconds have gone by without a save; but saving takes
 * at most {@value #SHARE} of the time, and {@value #ALLOWANCE} s. A large replay is therefore saved less often.
 */
final class Pace {
    static final double INTERVAL = 60;
    static final double SHARE = 0.02;
    static final double ALLOWANCE = 1;

    private final double interval;
    private final LongSupplier nanos;
    private final long start;
    private double savedAt;
    private double lastCost;
    private double spent;

    Pace() {
        this(INTERVAL, System::nanoTime);
    }

    Pace(double interval, LongSupplier nanos) {
        this.interval = interval;
        this.nanos = nanos;
        start = nanos.getAsLong();
    }

    /** Seconds since this pace began. */
    double seconds() {
        return (nanos.getAsLong() - start) / 1e9;
    }

    /** Whether now is the time; the next save is taken to cost what the last one did. */
    boolean isDue(boolean justEvaluated) {
        double now = seconds();
        return (justEvaluated || now - savedAt >= interval) && spent + lastCost <= SHARE * now + ALLOWANCE;
    }

    /** After a save that began at {@code from} seconds, whether or not it succeeded. */
    void saved(double from) {
        savedAt = seconds();
        lastCost = savedAt - from;
        spent += lastCost;
    }
}
