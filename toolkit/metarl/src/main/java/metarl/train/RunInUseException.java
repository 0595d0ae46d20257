package metarl.train;

/** Another process trains in this folder: nothing was changed, and it can be asked again later. */
public final class RunInUseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    RunInUseException(String message) {
        super(message);
    }
}
