package metarl.train;

/** Training was interrupted on purpose; what was computed is kept, and the message says how to go on. */
public final class TrainingInterruptedException extends TrainingStoppedException {
    private static final long serialVersionUID = 1L;

    /** Of several runs, each of which was kept. */
    public TrainingInterruptedException(String message) {
        this(message, null, Kept.NOTHING);
    }

    TrainingInterruptedException(String message, Throwable cause, Kept kept) {
        super(message, cause, kept);
    }
}
