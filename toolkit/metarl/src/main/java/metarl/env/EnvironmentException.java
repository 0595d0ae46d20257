package metarl.env;

/**
 * An environment broke its promises or failed: the message says which one, in which step of which episode, what it gave and what is
 * expected.
 *
 * <p>The cause is the environment's own exception, if there was one.
 */
public final class EnvironmentException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
