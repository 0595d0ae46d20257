package org.mujoco;

/** MuJoCo refused something or found a state that makes no sense; the message says what, and what to do. The simulation stays usable. */
public final class MujocoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with this explanation. */
    public MujocoException(String message) {
        super(message);
    }

    /** An error with this explanation and cause. */
    public MujocoException(String message, Throwable cause) {
        super(message, cause);
    }
}
