package metarl.notebook;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** What a cell has thrown, in words for its reader. */
final class Thrown {
    private static final int FRAMES = 20;

    private Thrown() {}

    /** What a thread pool or reflection has wrapped, if it is an error that has a sentence of its own. */
    static Throwable bare(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException || inner instanceof InvocationTargetException)
            && inner.getCause() != null)
            inner = inner.getCause();
        return inner instanceof Error ? inner : thrown;
    }

    /** What was thrown, in one sentence. */
    static String reason(Throwable thrown) {
        return thrown.getClass().getSimpleName() + ": " + (thrown instanceof LinkageError ? linkage(thrown) : thrown.getMessage());
    }

    /** Its message, in words of the user's own code. */
    static String message(Throwable thrown) {
        // JShell's names of the classes around snippets say nothing to a reader
        return thrown.getMessage() == null ? "no message" : thrown.getMessage().replaceAll("REPL\\.\\$JShell\\$\\w+[.$]", "");
    }

    /** Which method it was that called itself until the stack was full. */
    static String recursion(Throwable overflow) {
        var times = new HashMap<String, Integer>();
        String most = "";
        for (StackTraceElement frame : overflow.getStackTrace()) {
            String name = (frame.getClassName().startsWith("REPL.") ? "" : simple(frame.getClassName()) + ".") + frame.getMethodName();
            if (times.merge(name, 1, Integer::sum) > times.getOrDefault(most, 0)) most = name;
        }
        return "the calls go too deep: " + (most.isEmpty() ? "a method" : most.replaceFirst("lambda\\$.*", "a lambda"))
            + " calls itself, directly or through others, until the stack is full; check what should end the recursion";
    }

    private static String simple(String className) {
        return className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
    }

    /** An error while a class is loaded says little; the first cause says what happened. */
    static String linkage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null && root.getCause() != root) root = root.getCause();
        StackTraceElement[] frames = root.getStackTrace();
        String type = Stream.of(frames).filter(f -> f.getMethodName().equals("<clinit>")).map(f -> simple(f.getClassName())).findFirst()
            .orElse("");
        if (error instanceof ExceptionInInitializerError)
            return (type.isEmpty() ? "a class" : "class " + type) + " cannot be used: its static fields could not be set, because of "
                + root;
        if (error instanceof NoClassDefFoundError && String.valueOf(error.getMessage()).startsWith("Could not initialize class"))
            return "class " + simple(error.getMessage()) + " cannot be used: its static fields could not be set when it was first used"
                + (root == error ? "" : " (" + root.getMessage() + ")")
                + (error.getMessage().contains("REPL.") ? "; mend it and declare it again"
                    : "; mend that and restart the kernel");
        if (error instanceof NoClassDefFoundError) return "class " + message(error).replace('/', '.') + " is not on the class path";
        return message(error) + (root == error ? "" : ", because of " + root);
    }

    /** The frames of a stack down to the snippet; below it is only the kernel. */
    static List<String> stack(Throwable thrown) {
        var lines = new ArrayList<String>();
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith("jdk.internal.reflect.")
                || frame.getClassName().startsWith("metarl.notebook.SnippetControl")) break;
            if (lines.size() == FRAMES) {
                lines.add("    …");
                break;
            }
            lines.add("    at " + (frame.getFileName() != null && frame.getFileName().startsWith("#") ? place(frame) : frame));
        }
        return lines;
    }

    /** A frame in a snippet, which JShell calls #5:2. */
    private static String place(StackTraceElement frame) {
        String in = frame.getMethodName().isEmpty() ? "" : " of " + frame.getMethodName().replaceFirst("lambda\\$.*", "a lambda");
        return "line " + frame.getLineNumber() + in;
    }
}
