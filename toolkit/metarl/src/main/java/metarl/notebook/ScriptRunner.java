package metarl.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/**
 * Runs a {@code .jsh} script, or a plain prompt, in this JVM with every room imported. Unlike the JDK's own tool it stops at the first
 * snippet that does not compile or throws, tells where, and exits with 1.
 */
public final class ScriptRunner {
    private final JShell shell = JShell.builder().executionEngine("local").build();

    private ScriptRunner() {
        for (String line : Imports.lines()) run(line, false);
    }

    /** Runs the script named first; the others are its {@code args}. Without any, reads from the terminal. */
    public static void main(String[] arguments) throws IOException {
        var runner = new ScriptRunner();
        boolean fine = arguments.length == 0 ? runner.prompt() : runner.script(Path.of(arguments[0]), Arrays.copyOfRange(arguments, 1, arguments.length));
        System.out.flush();
        System.exit(fine ? 0 : 1);
    }

    private boolean script(Path file, String[] arguments) throws IOException {
        if (!Files.isRegularFile(file)) {
            System.err.println("there is no script " + file.toAbsolutePath());
            return false;
        }
        String quoted = String.join(", ", Arrays.stream(arguments).map(a -> '"' + a.replace("\\", "\\\\").replace("\"", "\\\"") + '"').toList());
        return run("String[] args = {" + quoted + "};", false) && run(Files.readString(file), false);
    }

    private boolean prompt() {
        System.out.println("metarl: Java with all rooms imported. An expression shows its value; /exit leaves.");
        var input = new Scanner(System.in);
        var text = new StringBuilder();
        for (System.out.print("> "); input.hasNextLine(); System.out.print(text.isEmpty() ? "> " : "… ")) {
            String line = input.nextLine();
            if (line.trim().equals("/exit")) return true;
            text.append(line).append('\n');
            if (!shell.sourceCodeAnalysis().analyzeCompletion(text.toString()).completeness().isComplete()) continue;
            run(text.toString(), true);
            text.setLength(0);
        }
        return true;
    }

    /** Runs all snippets of a text; false at the first that fails. */
    private boolean run(String text, boolean showValues) {
        String rest = text;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            // an unfinished last snippet is evaluated too, so that the compiler says what is wrong with it
            String source = next.source() == null || next.source().isBlank() ? rest : next.source();
            for (SnippetEvent event : shell.eval(source)) {
                if (event.causeSnippet() != null) continue;
                if (!succeeded(event)) return false;
                if (showValues && event.value() != null && !event.value().isEmpty()) System.out.println(event.value());
            }
            rest = source.equals(rest) ? "" : next.remaining();
        }
        return true;
    }

    private boolean succeeded(SnippetEvent event) {
        Snippet snippet = event.snippet();
        if (event.exception() != null) {
            System.err.println("\nthis snippet threw:\n" + indent(snippet.source()));
            Throwable thrown = event.exception();
            String type = thrown instanceof EvalException e ? e.getExceptionClassName() : thrown.getClass().getName();
            System.err.println(type + ": " + thrown.getMessage());
            for (StackTraceElement frame : thrown.getStackTrace()) System.err.println("    at " + frame);
            for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause())
                System.err.println("caused by " + (cause instanceof EvalException e ? e.getExceptionClassName() : cause.getClass().getName()) + ": " + cause.getMessage());
            return false;
        }
        if (event.status() == Snippet.Status.REJECTED) {
            System.err.println("\nthis snippet does not compile:\n" + indent(snippet.source()));
            List<String> messages = shell.diagnostics(snippet).map(d -> d.getMessage(Locale.ROOT)).toList();
            messages.forEach(System.err::println);
            return false;
        }
        return true;
    }

    private static String indent(String source) {
        return source.strip().indent(4);
    }
}
