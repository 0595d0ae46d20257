package org.mujoco;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.mujoco.generated.global.mujoco;

/** The native side: loading, calls that cannot end the process, and the count of native objects alive. */
public final class Native {
    private static final AtomicInteger LIVE = new AtomicInteger();
    private static final Set<String> SHOWN = ConcurrentHashMap.newKeySet();
    private static final Cleaner CLEANER = Cleaner.create();
    private static String failure;
    private static boolean ready;

    private Native() {}

    /** Native models, simulations and renderers that have not been freed: the same before and after code that closes what it opens. */
    public static int liveObjects() {
        return LIVE.get();
    }

    /**
     * Loads libmujoco and the glue, once.
     *
     * @throws MujocoException if that is impossible; the message says what is missing
     */
    static synchronized void load() {
        if (ready) return;
        if (failure == null) {
            try {
                int library = mujoco.mj_version(), header = mujoco.mjj_headerVersion();
                ready = library == header;
                failure = "the glue was compiled for MuJoCo " + header + ", but the library says " + library + "; run ./metarl setup again";
            } catch (LinkageError e) {
                failure = reason(e);
            }
        }
        if (ready) Plugins.load();
        if (!ready) throw new MujocoException("MuJoCo cannot be used: " + failure);
    }

    /** The innermost message: the outer ones only say that a class could not be initialised. */
    private static String reason(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) inner = inner.getCause();
        return inner.getMessage() == null ? inner.toString() : inner.getMessage();
    }

    /** Calls into MuJoCo; its errors, which the glue turns into runtime exceptions, come out as {@link MujocoException}. */
    static <T> T call(String what, Supplier<T> body) {
        try {
            return body.get();
        } catch (MujocoException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MujocoException(what + " failed: " + e.getMessage(), e);
        }
    }

    /** As {@link #call(String, Supplier)}, without a result. */
    static void run(String what, Runnable body) {
        call(what, () -> {
            body.run();
            return null;
        });
    }

    /**
     * Ties native memory to its owner: {@link Cleaner.Cleanable#clean()} frees it, and a forgotten owner is freed some time after it became
     * unreachable.
     *
     * @param free must not refer to the owner
     */
    static Cleaner.Cleanable guard(Object owner, Runnable free) {
        return CLEANER.register(owner, free);
    }

    /** Shows a finding that is no error, each text once. What will only matter to a later MuJoCo is none. */
    static void show(String finding) {
        if (!finding.contains("deprecated") && SHOWN.add(finding)) System.err.println("MuJoCo warns: " + finding);
    }

    /** Counts a native object that was made (+1) or freed (−1). */
    static void count(int change) {
        LIVE.addAndGet(change);
    }
}
