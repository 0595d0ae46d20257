package metarl.notebook;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Scanner;
import metarl.sweep.Sweep;

/**
 * Runs a {@code .jsh} script, or a plain prompt, in this JVM with every room imported. Unlike the JDK's own tool it stops at the first
 * snippet that does not compile or throws, tells where, and exits with 1.
 */
public final class ScriptRunner {
    private final Snippets snippets = Snippets.start(false);

    private ScriptRunner() {
        TableFiles.refuseOtherEndings();
        Sweep.shownBy(SweepTable::new);
    }

    /** Runs the script named first; the others are its {@code args}. Without any, reads from the terminal. */
    public static void main(String[] arguments) {
        var runner = new ScriptRunner();
        boolean fine;
        try {
            fine = arguments.length == 0 ? runner.prompt()
                : runner.script(Path.of(arguments[0]), Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (IOException e) {
            System.err.println(e.getMessage());
            fine = false;
        }
        System.out.flush();
        System.exit(fine ? 0 : 1);
    }

    private boolean script(Path file, String[] arguments) throws IOException {
        if (!Files.isRegularFile(file)) {
            System.err.println("there is no script " + file.toAbsolutePath());
            return false;
        }
        String quoted = String.join(", ",
            Arrays.stream(arguments).map(a -> '"' + a.replace("\\", "\\\\").replace("\"", "\\\"") + '"').toList());
        return run("String[] args = {" + quoted + "};", false) && run(text(file), false);
    }

    /** A script is UTF-8, whatever the system's own encoding. */
    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new IOException(file + " is not UTF-8 text; save it as UTF-8", e);
        }
    }

    private boolean prompt() {
        System.out.println("metarl: Java with all rooms imported. An expression shows its value; /exit leaves.");
        var input = new Scanner(System.in, StandardCharsets.UTF_8);
        var text = new StringBuilder();
        for (System.out.print("> "); input.hasNextLine(); System.out.print(text.isEmpty() ? "> " : "… ")) {
            String line = input.nextLine();
            if (line.trim().equals("/exit")) return true;
            text.append(line).append('\n');
            if (!snippets.shell().sourceCodeAnalysis().analyzeCompletion(text.toString()).completeness().isComplete()) continue;
            run(text.toString(), true);
            text.setLength(0);
        }
        return true;
    }

    /** Runs all snippets of a text; false at the first that fails. */
    private boolean run(String text, boolean showValue) {
        try {
            Object value = snippets.eval(text);
            if (showValue && value != null) System.out.println(SnippetControl.text(value));
            return true;
        } catch (SnippetFailure e) {
            System.out.flush();
            System.err.println();
            e.source().strip().lines().forEach(line -> System.err.println("    " + line));
            System.err.println(e.name() + ": " + e.getMessage());
            e.lines().forEach(System.err::println);
            return false;
        }
    }
}
