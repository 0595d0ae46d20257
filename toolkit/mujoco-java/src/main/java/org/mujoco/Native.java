package org.mujoco;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.mujoco.generated.global.mujoco;

/** Loading of the native library, calls that cannot end the process, and the count of native objects alive. */
final class Native {
    private static final AtomicInteger LIVE = new AtomicInteger();
    private static String failure;
    private static boolean ready;

    private Native() {}

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
                if (library == header) {
                    ready = true;
                    return;
                }
                failure = "the glue was compiled for MuJoCo " + header + ", but the library says " + library + "; run ./metarl setup again";
            } catch (LinkageError e) {
                failure = String.valueOf(e.getMessage());
            }
        }
        throw new MujocoException("MuJoCo cannot be used: " + failure);
    }

    /** Calls into MuJoCo; its errors, which the glue turns into runtime exceptions, come out as {@link MujocoException}. */
    static <T> T call(String what, Supplier<T> body) {
        try {
            return body.get();
        } catch (MujocoException | IllegalArgumentException | IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MujocoException(what + " failed: " + e.getMessage(), e);
        }
    }

    /** Counts a native object that was made (+1) or freed (−1). */
    static void count(int change) {
        LIVE.addAndGet(change);
    }

    /** Native models, simulations and renderers that have not been freed. */
    static int liveObjects() {
        return LIVE.get();
    }
}
