package metarl.notebook;

import java.util.ArrayList;
import java.util.List;

/** Why a snippet did not do what it says: a name, one sentence, the source, and lines on position and stack. */
public final class SnippetFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String name;
    private final String source;
    private final List<String> lines;

    SnippetFailure(String name, String sentence, String source, List<String> lines, Throwable cause) {
        super(sentence, cause);
        this.name = name;
        this.source = source;
        this.lines = List.copyOf(lines);
    }

    /** A failure as it is, or what else was thrown as one: of a renderer, for example. */
    public static SnippetFailure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) if (cause instanceof SnippetFailure f) return f;
        var lines = new ArrayList<String>();
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 10); i++) lines.add("    at " + frames[i]);
        for (Throwable cause = thrown.getCause(); cause != null && cause != cause.getCause(); cause = cause.getCause())
            lines.add("caused by "
                + cause);
        return new SnippetFailure(thrown.getClass().getSimpleName(), thrown.getMessage() == null ? "no message"
            : thrown.getMessage(), "", lines, thrown);
    }

    /** What failed: the simple name of an exception, or "does not compile", or "interrupted". */
    public String name() {
        return name;
    }

    /** The snippet itself; empty where the lines hold it. */
    public String source() {
        return source;
    }

    /** Position and stack, as far as they help. */
    public List<String> lines() {
        return lines;
    }
}
