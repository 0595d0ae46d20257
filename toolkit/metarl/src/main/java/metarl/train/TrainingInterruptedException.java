package metarl.train;

/** Training was interrupted on purpose; what was computed is kept, and the message says how to go on. */
public final class TrainingInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingInterruptedException(String message) {
        super(message);
    }
}
