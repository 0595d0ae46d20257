package org.mujoco;

import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;

/** The native memory of a model: freed when the model is closed and no simulation uses it any more, whichever comes last. */
final class ModelMemory {
    private final mjModel pointer;
    private int users = 1;
    private boolean closed;

    ModelMemory(mjModel pointer) {
        this.pointer = pointer;
        Native.count(1);
    }

    /** Another simulation, renderer or copy uses the model; {@link #release()} ends that. */
    synchronized mjModel retain() {
        if (closed) throw new IllegalStateException("the model is closed; load it again");
        users++;
        return pointer;
    }

    synchronized void release() {
        if (--users > 0) return;
        mujoco.mj_deleteModel(pointer);
        Native.count(-1);
    }

    /** No new users from now on. */
    synchronized void close() {
        closed = true;
        release();
    }
}
