package metarl.env;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import metarl.basics.Require;

/**
 * Rounds of small pieces of work that do not depend on each other, such as a step in each of many environments, shared among a few threads.
 * Which thread does which piece must not matter to the result.
 *
 * <p>Threads start with the first round that is worth sharing, wait actively for a short time between two rounds, and sleep after that. One
 * thread at a time may call; it works, too. If it is interrupted while it waits, so are the threads that still work.
 */
public final class Lockstep implements AutoCloseable {
    /** About 50 µs: longer than the caller needs between two steps when a policy is cheap, short enough not to burn a core. */
    private static final int SPINS = 2_000;
    /** A round of less work than this is done faster than it is shared. */
    private static final long CHEAP_NANOS = 15_000;
    /** A shorter piece of work costs about as much to hand out as to do. */
    private static final long SHORT_NANOS = 2_000;
    private static final int MOST_THREADS = 1024;
    private static final ThreadLocal<Integer> LIMIT = new InheritableThreadLocal<>() {
        @Override
        protected Integer initialValue() {
            return MOST_THREADS;
        }
    };

    private final int threads;
    private final AtomicInteger next = new AtomicInteger(), finished = new AtomicInteger();
    private Worker[] workers = {};
    private IntConsumer job;
    private int pieces;
    private Throwable[] failures = {};
    /** What the last round would have taken one thread, roughly; the first round is not shared. */
    private long workNanos;
    private volatile int round;
    /** Whether a piece of work interrupted the thread it was done on: the caller is to hear of it. */
    private volatile boolean interrupted;
    private volatile boolean closed;

    /** The machine's cores, unless {@code -Dmetarl.threads} or {@link #limited} says otherwise. */
    public static int cores() {
        int most = Math.max(1, Integer.getInteger("metarl.threads", Runtime.getRuntime().availableProcessors()));
        return Math.min(most, LIMIT.get());
    }

    /**
     * Work of this thread, and of those that it starts, which shares the machine with other such work: each takes no more than its part.
     *
     * @param threads how many cores there are for it, at least 1
     */
    public static <T> T limited(int threads, Supplier<T> work) {
        Require.count(threads, 1, "threads", "at least 1");
        int before = LIMIT.get();
        LIMIT.set(threads);
        try {
            return work.get();
        } finally {
            LIMIT.set(before);
        }
    }

    /** On at most this many threads, the caller's included. */
    public Lockstep(int threads) {
        Require.count(threads, 1, "threads", "at least 1");
        this.threads = Math.min(threads, MOST_THREADS);
    }

    /**
     * Does {@code work} for 0, 1, …, n − 1, and returns when all are done.
     *
     * @return what each piece has thrown, null where it threw nothing
     */
    public Throwable[] run(int n, IntConsumer work) {
        if (closed) throw new IllegalStateException("these threads have ended; make others");
        job = work;
        pieces = n;
        failures = new Throwable[n];
        next.set(0);
        long start = System.nanoTime();
        boolean shared = threads > 1 && n > 1 && workNanos > Math.max(CHEAP_NANOS, n * SHORT_NANOS);
        if (shared) beginRound(n);
        workThrough();
        if (shared) awaitWorkers();
        if (interrupted) Thread.currentThread().interrupt();
        interrupted = false;
        workNanos = (System.nanoTime() - start) * (shared ? workers.length + 1 : 1);
        return failures;
    }

    private void beginRound(int n) {
        int wanted = Math.min(threads, n) - 1, present = workers.length;
        finished.set(0);
        if (wanted > present) {
            workers = Arrays.copyOf(workers, wanted);
            for (int i = present; i < wanted; i++) workers[i] = new Worker(i, round);
            for (int i = present; i < wanted; i++) workers[i].start();
        }
        round++;
        for (Worker worker : workers) if (worker.parked) LockSupport.unpark(worker);
    }

    private void awaitWorkers() {
        boolean told = false;
        for (int spins = 0; finished.get() < workers.length; spins++) {
            if (!told && Thread.currentThread().isInterrupted()) {
                told = true;
                for (Worker worker : workers) worker.interrupt();
            }
            if (spins < SPINS) Thread.onSpinWait();
            else Thread.yield();
        }
    }

    /** Takes pieces one after the other until none is left. */
    private void workThrough() {
        for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
            try {
                job.accept(i);
            } catch (Throwable e) {
                // an error that ended a worker would leave the caller waiting for ever
                failures[i] = e;
            }
        }
    }

    private final class Worker extends Thread {
        private final int born;
        private volatile boolean parked;

        Worker(int number, int born) {
            super("lockstep-" + number);
            this.born = born;
            setDaemon(true);
        }

        @Override
        public void run() {
            int seen = born;
            while (true) {
                await(seen);
                if (closed) return;
                seen++;
                workThrough();
                if (Thread.interrupted()) interrupted = true;
                finished.incrementAndGet();
            }
        }

        private void await(int seen) {
            for (int spins = 0; round == seen && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                    continue;
                }
                parked = true;
                if (round == seen && !closed) LockSupport.park(Lockstep.this);
                parked = false;
            }
        }
    }

    /** Ends the threads; closing twice is fine. */
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) LockSupport.unpark(worker);
    }
}
