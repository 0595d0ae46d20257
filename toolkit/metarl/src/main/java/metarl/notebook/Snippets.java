package metarl.notebook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.SPIResolutionException;

/**
 * Runs cells and scripts, snippet by snippet, and says in one sentence what went wrong.
 *
 * <p>JShell accepts a method or class whose body names something unknown and throws when it is used. Here it is told where it is written:
 * as an error if it can never be found (a member of a known type), as a note if a later cell may declare it.
 */
public final class Snippets implements AutoCloseable {
    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");
    private static final Pattern SYMBOL = Pattern.compile("symbol:\\s+(.*)");

    private final JShell shell;
    private final SnippetControl control;
    private final Set<DeclarationSnippet> unfinished = new LinkedHashSet<>();
    /** Those that compiled before something they name was declared anew. */
    private final Set<DeclarationSnippet> broken = new LinkedHashSet<>();
    private final Set<String> emptied = new LinkedHashSet<>();
    private int depth;

    /** @param control the one the shell was built with */
    public Snippets(JShell shell, SnippetControl control) {
        this.shell = shell;
        this.control = control;
    }

    /** A new shell in this JVM, with every room imported. */
    static Snippets start(boolean ownThread) {
        var control = new SnippetControl(ownThread);
        var snippets = new Snippets(JShell.builder().executionEngine(control.provider(), Map.of()).build(), control);
        for (String line : Imports.lines()) snippets.eval(line);
        return snippets;
    }

    /**
     * What stands at a place of a cell, as Shift-Tab shows it: signatures and Javadoc, as text/plain and text/html.
     *
     * @param cursor the place in code points, from 0
     * @return empty if nothing is known there
     */
    public Map<String, Object> inspect(String code, int cursor) {
        return new Inspection(shell.sourceCodeAnalysis()).at(code, place(code, cursor));
    }

    /**
     * What can stand at a place of a cell, as Tab lists it.
     *
     * @param cursor the place in code points, from 0; so is the place in the result
     */
    public Completion.Options complete(String code, int cursor) {
        Completion.Options found = new Completion(shell).at(code, place(code, cursor));
        return new Completion.Options(code.codePointCount(0, found.begin()), found.options());
    }

    private static int place(String code, int cursor) {
        return code.offsetByCodePoints(0, Math.max(0, Math.min(cursor, code.codePointCount(0, code.length()))));
    }

    JShell shell() {
        return shell;
    }

    @Override
    public void close() {
        shell.close();
    }

    /**
     * Runs all snippets of a text.
     *
     * @return the value of the last one, if it is an expression; otherwise null
     * @throws SnippetFailure at the first that does not compile, throws, or is interrupted
     */
    public Object eval(String text) {
        if (depth++ == 0) control.begin();
        try {
            Object value = null;
            String rest = text;
            while (!rest.isBlank()) {
                SourceCodeAnalysis.CompletionInfo next = next(rest);
                // an unfinished last snippet is evaluated too, so that the compiler says what is wrong with it
                String source = next.source() == null || next.source().isBlank() ? rest : next.source();
                if (next.completeness() == SourceCodeAnalysis.Completeness.EMPTY) break;
                value = single(source);
                rest = source.equals(rest) ? "" : next.remaining();
            }
            return value;
        } finally {
            depth--;
            if (depth == 0) tellUnfinished();
        }
    }

    private SourceCodeAnalysis.CompletionInfo next(String text) {
        try {
            return shell.sourceCodeAnalysis().analyzeCompletion(text);
        } catch (Error | IllegalStateException e) {
            throw gaveUp(text, e);
        }
    }

    private List<SnippetEvent> events(String source) {
        try {
            return shell.eval(source);
        } catch (Error | IllegalStateException e) {
            throw gaveUp(source, e);
        }
    }

    /** The compiler's own stack is full over a text that is nested too deeply. */
    private static SnippetFailure gaveUp(String source, Throwable e) {
        return new SnippetFailure("CompilationException", "the compiler gave up on this snippet (" + e
            + "); divide it into smaller ones", source, List.of(), e);
    }

    private Object single(String source) {
        control.clear();
        List<SnippetEvent> events = events(source);
        Object value = null;
        emptied.addAll(control.lost());
        for (SnippetEvent event : events) {
            Snippet snippet = event.snippet();
            if (event.causeSnippet() == null && snippet instanceof VarSnippet v) emptied.remove(v.name());
            if (snippet instanceof DeclarationSnippet d && isUnfinished(event.status())) {
                unfinished.add(d);
                if (event.previousStatus() == Status.VALID) broken.add(d);
            }
            if (event.causeSnippet() != null || event.status() == Status.OVERWRITTEN) continue;
            boolean noValue = event.exception() != null || snippet.subKind() == Snippet.SubKind.VAR_DECLARATION_SUBKIND;
            if (noValue && snippet instanceof VarSnippet v) control.reset(v.name());
            if (event.exception() != null) throw thrown(snippet, event.exception());
            if (event.status() == Status.REJECTED) throw rejected(snippet);
            Optional<Matcher> member = isUnfinished(event.status()) ? unknownMember((DeclarationSnippet) snippet) : Optional.empty();
            if (member.isPresent()) {
                unfinished.remove(snippet);
                shell.drop(snippet);
                String name = member.get().group().strip();
                throw new SnippetFailure("CompilationException", "cannot find symbol: " + name
                    + near(name), "", marked(snippet.source(), member.get().start(), member.get().end()), null);
            }
            value = switch (snippet.subKind()) {
                case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> control.value();
                default -> null;
            };
        }
        return value;
    }

    private static boolean isUnfinished(Status status) {
        return status == Status.RECOVERABLE_DEFINED || status == Status.RECOVERABLE_NOT_DEFINED;
    }

    // --- what does not compile ---

    /** A name that is unknown and stands behind a dot wherever it is used: a member, which no later cell can declare. */
    private Optional<Matcher> unknownMember(DeclarationSnippet snippet) {
        for (String symbol : shell.unresolvedDependencies(snippet).toList()) {
            String name = Pattern.quote(nameOf(symbol));
            Matcher member = Pattern.compile("(?<=\\.)\\s*" + name + "\\b").matcher(snippet.source());
            if (member.find() && !Pattern.compile("(?<![.\\w$])" + name + "\\b").matcher(snippet.source()).find())
                return Optional.of(member);
        }
        return Optional.empty();
    }

    private static String nameOf(String symbol) {
        return symbol.replaceFirst("^\\w+ ", "").replaceFirst("\\(.*", "");
    }

    private static String span(Snippet snippet, Diag diagnostic) {
        int from = (int) diagnostic.getStartPosition(), to = (int) diagnostic.getEndPosition();
        return from < 0 || to > snippet.source().length() || to < from ? "" : snippet.source().substring(from, to);
    }

    private SnippetFailure rejected(Snippet snippet) {
        List<Diag> errors = shell.diagnostics(snippet).filter(Diag::isError).toList();
        var lines = new ArrayList<String>();
        for (Diag error : errors) {
            lines.addAll(marked(snippet.source(), error));
            if (errors.size() > 1) lines.add(told(snippet, error));
        }
        String first = errors.isEmpty() ? "it is not a Java snippet" : told(snippet, errors.get(0));
        return new SnippetFailure("CompilationException", first, "", lines, null);
    }

    private String told(Snippet snippet, Diag error) {
        return CallFault.sentence(shell.sourceCodeAnalysis(), snippet.source(), error)
            .orElseGet(() -> sentence(error) + hint(snippet, error));
    }

    /** The compiler's message in one line: "cannot find symbol: variable foo". */
    private static String sentence(Diag diagnostic) {
        List<String> parts = diagnostic.getMessage(Locale.ROOT).lines().map(String::strip).filter(line -> !line.isEmpty()
            && !line.startsWith("location:")).toList();
        return Inspection.withoutPackages(String.join("; ", parts)).replaceFirst(";?:?; symbol:\\s*", ": ").replaceAll("\\s+", " ");
    }

    /** The source's lines with what is wrong underlined. */
    private static List<String> marked(String source, Diag diagnostic) {
        int from = (int) diagnostic.getStartPosition();
        return marked(source, from, Math.max(from + 1, (int) diagnostic.getEndPosition()));
    }

    private static List<String> marked(String source, int from, int to) {
        var lines = new ArrayList<String>();
        int begin = 0;
        for (String line : source.split("\n", -1)) {
            int a = Math.max(from - begin, 0), b = Math.min(to - begin, line.length());
            if (!line.isBlank()) lines.add("    " + line);
            if (from >= 0 && a < b && !line.substring(a, b).isBlank()) lines.add("    " + " ".repeat(a) + "^".repeat(b - a));
            begin += line.length() + 1;
        }
        return lines;
    }

    /** What may have been meant by an unknown name. */
    private String hint(Snippet snippet, Diag diagnostic) {
        String wanted = span(snippet, diagnostic);
        if (!diagnostic.getCode().startsWith("compiler.err.cant.resolve")) return "";
        if (IDENTIFIER.matcher(wanted).matches()) return meant(wanted);
        int dot = wanted.lastIndexOf('.'), begin = (int) diagnostic.getStartPosition();
        if (dot < 0 || !IDENTIFIER.matcher(wanted.substring(dot + 1).strip()).matches()) return "";
        String member = wanted.substring(dot + 1).strip();
        return nearest(member, suggested(Inspection.last(shell.sourceCodeAnalysis(), snippet.source().substring(0, begin + dot + 1))));
    }

    private String meant(String wanted) {
        for (Snippet snippet : shell.snippets().toList())
            if (snippet instanceof DeclarationSnippet d && d.name().equals(wanted) && isUnfinished(shell.status(d))) return "; " + waits(d);
        return near(wanted);
    }

    private String near(String wanted) {
        String nearest = nearest(wanted, known(wanted));
        if (!nearest.isEmpty()) return nearest;
        return shell.sourceCodeAnalysis().listQualifiedNames(wanted, wanted.length()).getNames().stream()
            .filter(name -> name.matches("(java|metarl|ai\\.djl)\\..*"))
            .findFirst().map(name -> "; 'import " + name + ";' makes it known").orElse("");
    }

    private static String nearest(String wanted, Stream<String> names) {
        String nearest = names.filter(name -> !name.equals(wanted)).min(Comparator.comparingInt(name -> distance(wanted, name))).orElse("");
        boolean close = !nearest.isEmpty() && wanted.length() > 2 && distance(wanted, nearest) <= Math.max(1, wanted.length() / 4);
        return close ? "; did you mean " + nearest + "?" : "";
    }

    /** Names that can stand at the end of a text. */
    private Stream<String> suggested(String text) {
        return shell.sourceCodeAnalysis().completionSuggestions(text, text.length(), new int[1]).stream()
            .map(s -> s.continuation().replaceFirst("\\W+$", ""));
    }

    /** Names that a cell can use: its own, and those of the same first letter that are imported. */
    private Stream<String> known(String wanted) {
        var names = new TreeSet<String>();
        shell.snippets().filter(s -> shell.status(s) == Status.VALID).forEach(s -> {
            if (s instanceof VarSnippet v) names.add(v.name());
            if (s instanceof MethodSnippet m) names.add(m.name());
            if (s instanceof TypeDeclSnippet t) names.add(t.name());
        });
        String letter = wanted.substring(0, wanted.offsetByCodePoints(0, 1));
        suggested(letter).forEach(names::add);
        return names.stream();
    }

    /** How many letters to insert, delete, replace or swap. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
        return cost[a.length()][b.length()];
    }

    // --- what names something unknown ---

    /** One sentence for each declaration that waits for another. */
    private void tellUnfinished() {
        for (DeclarationSnippet snippet : unfinished)
            if (isUnfinished(shell.status(snippet))) System.out.println("Note: " + waits(snippet) + ".");
        unfinished.clear();
        for (String name : new TreeSet<>(emptied)) System.out.println("Note: variable " + name
            + " is empty now, because the class of its value was declared anew.");
        emptied.clear();
    }

    private String waits(DeclarationSnippet snippet) {
        if (broken.contains(snippet)) {
            List<String> errors = shell.diagnostics(snippet).filter(Diag::isError).map(Snippets::sentence).toList();
            return signature(snippet) + " no longer compiles ("
                + (errors.isEmpty() ? "it uses " + unknown(snippet) : String.join("; ", errors))
                + "): mend it if need be, and run its cell again";
        }
        boolean one = shell.unresolvedDependencies(snippet).distinct().count() == 1;
        return signature(snippet) + " uses " + unknown(snippet) + "; it works once " + (one ? "that is" : "those are") + " declared";
    }

    private String unknown(DeclarationSnippet snippet) {
        List<String> all = shell.unresolvedDependencies(snippet).distinct().map(this::described).toList();
        if (all.isEmpty()) all = shell.diagnostics(snippet).filter(Diag::isError).map(d -> described(symbol(d))).distinct().toList();
        return String.join(" and ", all);
    }

    private static String symbol(Diag diagnostic) {
        Matcher symbol = SYMBOL.matcher(diagnostic.getMessage(Locale.ROOT));
        return symbol.find() ? symbol.group(1).strip() : sentence(diagnostic);
    }

    /** "method mean(double[]), which is not known (did you mean …?)". */
    private String described(String symbol) {
        return symbol + ", which is not known" + near(nameOf(symbol)).replaceFirst("^; (.*)$", " ($1)");
    }

    private static String signature(DeclarationSnippet snippet) {
        if (snippet instanceof MethodSnippet m) return m.name() + "(" + m.parameterTypes() + ")";
        return snippet instanceof TypeDeclSnippet t ? kind(t) + " " + t.name() : "variable " + snippet.name();
    }

    private static String kind(TypeDeclSnippet type) {
        return type.subKind().name().split("_")[0].toLowerCase(Locale.ROOT);
    }

    // --- what was thrown ---

    private SnippetFailure thrown(Snippet snippet, Throwable event) {
        if (event instanceof EvalException e && e.getExceptionClassName().equals(SnippetControl.INTERRUPTED))
            return new SnippetFailure("Interrupted", "the cell was interrupted", snippet.source(), List.of(), null);
        Throwable real = Thrown.bare(control.thrown());
        if (event instanceof UnresolvedReferenceException e) return unresolved(snippet, e.getSnippet(), real);
        // of a cell within a cell, as %load makes it
        for (Throwable cause = real; cause != null; cause = cause.getCause()) if (cause instanceof SnippetFailure f) return f;
        if (real == null) return new SnippetFailure(event.getClass().getSimpleName(), String.valueOf(event.getMessage()), snippet.source(),
            Thrown.stack(event), event);
        if (real instanceof StackOverflowError)
            return new SnippetFailure("StackOverflowError", Thrown.recursion(real), snippet.source(), List.of(), real);
        if (real instanceof OutOfMemoryError && Thrown.message(real).contains("array size"))
            return new SnippetFailure("OutOfMemoryError", "an array cannot be that long: " + Thrown.message(real), snippet.source(),
                Thrown.stack(event),
                real);
        if (real instanceof OutOfMemoryError) {
            String sentence = "the memory of this kernel is full (" + real.getMessage() + "; it may use "
                + (Runtime.getRuntime().maxMemory() >> 20)
                + " MB): make the data or the networks smaller, or restart the kernel";
            return new SnippetFailure("OutOfMemoryError", sentence, snippet.source(), Thrown.stack(event), real);
        }
        if (real instanceof LinkageError)
            return new SnippetFailure(real.getClass().getSimpleName(), Thrown.linkage(real), snippet.source(), Thrown.stack(event), real);
        for (Throwable cause = real.getCause(); cause != null; cause = cause.getCause())
            if (cause instanceof SPIResolutionException) return unresolved(snippet, null, real);
        var lines = new ArrayList<String>(Thrown.stack(event));
        for (Throwable cause = real.getCause(); cause != null && cause != cause.getCause(); cause = cause.getCause())
            lines.add("caused by " + cause);
        return new SnippetFailure(real.getClass().getSimpleName(), Thrown.message(real), snippet.source(), lines, real);
    }

    private SnippetFailure unresolved(Snippet snippet, DeclarationSnippet called, Throwable real) {
        // deep inside a library only a number is left of the name: then all that wait are named
        List<DeclarationSnippet> all = called != null ? List.of(called) : shell.snippets().filter(s -> s instanceof DeclarationSnippet
            && isUnfinished(shell.status(s)))
            .map(s -> (DeclarationSnippet) s).toList();
        String sentence = String.join("; ", all.stream().map(s -> signature(s) + " cannot be used yet: it uses " + unknown(s)).toList());
        return new SnippetFailure("UnresolvedReferenceException", sentence.isEmpty() ? "something is used that is not declared"
            : sentence, snippet.source(), List.of(), real);
    }
}
