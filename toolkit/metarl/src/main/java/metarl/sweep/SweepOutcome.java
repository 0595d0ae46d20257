package metarl.sweep;

import java.io.Serializable;

/**
 * What a task has come to on its worker.
 *
 * @param index the task's number
 * @param end how it ended
 * @param message what is to be said of it: the error of a failed run, where an interrupted one was kept, who trains elsewhere; may be empty
 */
public record SweepOutcome(int index, End end, String message) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How a task ends. */
    public enum End {
        /** The run has all its steps. */
        DONE,
        /** The run has ended by an error, which lies in its folder. */
        FAILED,
        /** The thread was interrupted; the run can go on. */
        INTERRUPTED,
        /** Another process trains in the folder; to be asked again later. */
        ELSEWHERE
    }
}
