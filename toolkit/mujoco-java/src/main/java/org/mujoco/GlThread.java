package org.mujoco;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mujoco.generated.global.mujoco;

/**
 * The one thread that talks to OpenGL. A context belongs to the thread that made it, while notebook cells run on changing threads; all
 * renderers share this thread and its context, which live as long as the process.
 */
final class GlThread {
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(body -> {
        var thread = new Thread(body, "mujoco-opengl");
        thread.setDaemon(true);
        return thread;
    });
    private static String context;

    private GlThread() {}

    /**
     * Runs this with the context current, and waits for it.
     *
     * @throws MujocoException if there is no OpenGL, or if MuJoCo reports an error
     */
    static void run(String what, Runnable body) {
        Future<?> done = THREAD.submit(() -> {
            open();
            Native.run(what, body);
        });
        boolean interrupted = false;
        // an interrupt must not let the caller go on while its buffers are still being drawn to
        while (true) {
            try {
                done.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                if (interrupted) Thread.currentThread().interrupt();
                throw e.getCause() instanceof RuntimeException cause ? cause
                    : new MujocoException(what + " failed: " + e.getCause(), e.getCause());
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static void open() {
        if (context == null) {
            Native.load();
            String environment = System.getenv("MUJOCO_GL");
            context = mujoco.mjj_openContext(System.getProperty("mujoco.gl", environment == null ? "" : environment));
        }
        if (context.isEmpty())
            throw new MujocoException(
                "MuJoCo cannot draw: neither EGL nor OSMesa gives an off-screen OpenGL context. Install Mesa: Debian: apt install libegl1 "
                    + "libgl1-mesa-dri, or apt install libosmesa6; conda: conda install -c conda-forge mesalib; then restart. (Linux "
                    + "only for now.)");
    }

    /** "egl" or "osmesa"; empty where there is none, null before the first use. */
    static String context() {
        return context;
    }
}
