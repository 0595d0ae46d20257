package metarl.notebook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What stands at the cursor of a cell: its signature, and the first sentence of its Javadoc where the toolkit's sources are at hand. */
final class Inspection {
    private static final int MOST = 12;
    private static final Pattern CHAIN = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\s*\\.\\s*[\\p{L}_$][\\p{L}\\p{N}_$]*)*\\s*\\(?$");
    private static final Pattern CALLED = Pattern
        .compile("([\\p{L}_$][\\p{L}\\p{N}_$]*)(?:<[^(]*>)?\\.(?:<[^(]*>)?([\\p{L}_$][\\p{L}\\p{N}_$]*)\\((.*)\\)");
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/([^{;]*)", Pattern.DOTALL);

    private final SourceCodeAnalysis analysis;
    private final List<Path> sources;

    /** @param root the project's folder; null if it is not known, then there are signatures alone */
    Inspection(SourceCodeAnalysis analysis, String root) {
        this.analysis = analysis;
        this.sources = root == null ? List.of() : Stream.of("metarl", "diagnose")
            .map(module -> Path.of(root, "toolkit", module, "src/main/java/metarl")).filter(Files::isDirectory).toList();
    }

    /** One paragraph for each candidate; empty if nothing is known there. */
    String at(String code, int cursor) {
        int end = end(code, cursor);
        Set<String> found = new LinkedHashSet<>();
        for (String part : parts(code, end)) {
            for (Documentation d : analysis.documentation(part, part.length(), false))
                if (found.size() < MOST) found.add(d.signature() + sentence(d.signature()).map(s -> "\n    " + s).orElse(""));
            if (!found.isEmpty()) break;
        }
        return String.join("\n", found);
    }

    /** Behind the name at the cursor, and behind the bracket if it is called: only so is it known for a method. */
    private static int end(String code, int cursor) {
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) end++;
        int bracket = end;
        while (bracket < code.length() && Character.isWhitespace(code.charAt(bracket))) bracket++;
        boolean named = end > 0 && Character.isJavaIdentifierPart(code.charAt(end - 1));
        return named && bracket < code.length() && code.charAt(bracket) == '(' ? bracket + 1 : end;
    }

    /**
     * Texts that end at a place: its own snippet, all of the cell so far (for variables it has not yet declared), the chain of names alone.
     */
    private List<String> parts(String code, int end) {
        var parts = new ArrayList<String>();
        String rest = code.substring(0, end);
        for (SourceCodeAnalysis.CompletionInfo next = analysis.analyzeCompletion(rest); next.completeness().isComplete()
            && !next.remaining().isBlank(); next = analysis.analyzeCompletion(rest)) rest = next.remaining();
        parts.add(rest);
        parts.add(code.substring(0, end));
        Matcher chain = CHAIN.matcher(code.substring(0, end));
        if (chain.find()) parts.add(chain.group());
        return parts;
    }

    /** The first sentence of the Javadoc of what a signature names, from the toolkit's sources. */
    private Optional<String> sentence(String signature) {
        Matcher called = CALLED.matcher(signature);
        if (called.find()) return documented(called.group(1), declaration -> declares(declaration, called.group(2), called.group(3)));
        String type = signature.substring(signature.lastIndexOf('.') + 1).replaceFirst("\\W.*", "");
        return documented(type,
            declaration -> declaration.matches("(?s).*\\b(class|record|interface|enum)\\s+" + Pattern.quote(type) + "\\b.*"));
    }

    private Optional<String> documented(String type, java.util.function.Predicate<String> wanted) {
        try {
            Optional<Path> file = source(type);
            if (file.isEmpty()) return Optional.empty();
            Matcher comment = COMMENT.matcher(Files.readString(file.get()));
            while (comment.find()) if (wanted.test(comment.group(2))) return Optional.of(first(comment.group(1))).filter(s -> !s.isEmpty());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Path> source(String type) throws IOException {
        for (Path folder : sources)
            try (Stream<Path> files = Files.walk(folder)) {
                Optional<Path> file = files.filter(f -> f.getFileName().toString().equals(type + ".java")).findFirst();
                if (file.isPresent()) return file;
            }
        return Optional.empty();
    }

    /** Whether a declaration is of this method with parameters of these names. */
    private static boolean declares(String declaration, String method, String parameters) {
        Matcher m = Pattern.compile("\\b" + Pattern.quote(method) + "\\s*\\(([^)]*)\\)").matcher(declaration);
        return m.find() && names(m.group(1)).equals(names(parameters));
    }

    private static List<String> names(String parameters) {
        return parameters.isBlank() ? List.of() : Stream.of(parameters.replaceAll("<[^>]*>", "").split(",")).map(p -> p.strip()
            .replaceFirst("^.*\\s", "")).toList();
    }

    /** The first sentence, without tags. */
    static String first(String comment) {
        String text = comment.replaceAll("(?m)^\\s*\\*? ?", "").strip()
            .replaceAll("\\{@\\w+\\s+(?:[\\w.#]+(?:\\([^)]*\\))?\\s+)?([^}]*)\\}", "$1")
            .replaceAll("<[^>]+>", "")
            .replaceFirst("^@return ", "returns ").replaceFirst("(?s)\\n\\s*\\n.*|\\n@\\w+ .*", "").replaceAll("\\s+", " ");
        Matcher end = Pattern.compile("\\.(?= [\\p{Lu}{])").matcher(text);
        return end.find() ? text.substring(0, end.end()) : text;
    }
}
