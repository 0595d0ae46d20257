package metarl.notebook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What stands at the cursor of a cell: its signature and, where it is the toolkit's own, its Javadoc. */
final class Inspection {
    private static final int MOST = 12;
    private static final Pattern CHAIN = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\s*\\.\\s*[\\p{L}_$][\\p{L}\\p{N}_$]*)*\\s*\\(?$");
    private static final String PACKAGE = "\\b(?:[a-z]\\w*\\.)+(?=\\p{Lu})";
    private static final String ARGUMENTS = "(?:<(?:[^<>(]|<[^<>(]*>)*>)";

    private final SourceCodeAnalysis analysis;
    private final TypeNames types;

    Inspection(SourceCodeAnalysis analysis) {
        this.analysis = analysis;
        this.types = new TypeNames(analysis);
    }

    /** One paragraph for each candidate, as text and as HTML; empty if nothing is known there. */
    Map<String, Object> at(String code, int cursor) {
        int end = end(code, cursor);
        Set<String> found = new LinkedHashSet<>();
        for (String part : parts(code, end)) {
            for (Documentation d : analysis.documentation(part, part.length(), false)) found.add(d.signature());
            if (!found.isEmpty()) break;
        }
        if (found.isEmpty()) return Map.of();
        List<String> ordered = end > 0 && code.charAt(end - 1) == '(' ? nearestFirst(List.copyOf(found), arguments(code, end))
            : List.copyOf(found);
        List<String> shown = ordered.subList(0, Math.min(MOST, ordered.size()));
        Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("text/plain", shown.stream().map(Inspection::text).collect(Collectors.joining("\n\n")));
        bundle.put("text/html", shown.stream().map(Inspection::html).collect(Collectors.joining("<hr>")));
        return bundle;
    }

    /**
     * Behind the name at the cursor, and behind the bracket if it is called: only so is it known for a method. Just behind a bracket it is
     * the call that is asked about.
     */
    private static int end(String code, int cursor) {
        if (cursor > 0 && code.charAt(cursor - 1) == '(') return cursor;
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
        parts.add(last(analysis, code.substring(0, end)));
        parts.add(code.substring(0, end));
        Matcher chain = CHAIN.matcher(code.substring(0, end));
        if (chain.find()) parts.add(chain.group());
        return parts;
    }

    /** The snippet a text ends in. */
    static String last(SourceCodeAnalysis analysis, String text) {
        String rest = text;
        for (SourceCodeAnalysis.CompletionInfo next = analysis.analyzeCompletion(rest); next.completeness().isComplete()
            && !next.remaining().isBlank(); next = analysis.analyzeCompletion(rest)) rest = next.remaining();
        return rest;
    }

    // --- which overload is meant ---

    /** What stands between the bracket that ends at a place and the one that closes it. */
    private static List<String> arguments(String code, int begin) {
        int depth = 1, end = begin;
        while (end < code.length() && depth > 0) {
            char c = code.charAt(end++);
            if (c == '(') depth++;
            if (c == ')') depth--;
        }
        return TypeNames.divided(code.substring(begin, depth == 0 ? end - 1 : end));
    }

    private List<String> nearestFirst(List<String> signatures, List<String> arguments) {
        if (signatures.size() < 2) return signatures;
        List<String> given = arguments.stream().map(a -> String.valueOf(analysis.analyzeType(a, a.length()))).toList();
        return signatures.stream().sorted(Comparator.comparingInt(s -> misfits(Signature.of(s).types(), given))).toList();
    }

    private int misfits(List<String> wanted, List<String> given) {
        int misfits = 100 * Math.abs(wanted.size() - given.size());
        for (int i = 0; i < Math.min(wanted.size(), given.size()); i++) if (!takes(wanted.get(i), given.get(i))) misfits++;
        return misfits;
    }

    private boolean takes(String wanted, String given) {
        return simple(wanted).equals(simple(TypeNames.erased(given)))
            || types.classes(wanted).anyMatch(w -> types.classes(given).anyMatch(w::isAssignableFrom));
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    // --- what it is ---

    /**
     * The parts of a signature as JShell writes it: "TaskSet a.b.TaskSet.Builder.sample(long seed)", "Math.PI:double" or "a.b.TaskSet".
     *
     * @param owner the type it belongs to; empty for what a cell declares
     * @param member empty for a type
     * @param types of its parameters without arguments; null if it is not called
     */
    private record Signature(String owner, String member, List<String> types) {
        private static Signature of(String signature) {
            int bracket = signature.indexOf('('), colon = signature.indexOf(':');
            if (bracket < 0 && colon < 0) return new Signature(signature, "", null);
            String head = TypeNames.erased(signature.substring(0, bracket < 0 ? colon : bracket));
            String name = head.substring(head.lastIndexOf(' ') + 1);
            String last = simple(name), owner = name.substring(0, Math.max(0, name.length() - last.length() - 1));
            if (bracket < 0) return owner.isEmpty() ? new Signature(TypeNames.erased(signature.substring(colon + 1)), "", null)
                : new Signature(owner, last, null);
            List<String> types = TypeNames.divided(signature.substring(bracket + 1, signature.lastIndexOf(')'))).stream()
                .map(p -> simple(TypeNames.erased(p).replaceFirst("\\s+\\S+$", ""))).toList();
            // a constructor is named as its type is
            return new Signature(Character.isUpperCase(last.charAt(0)) ? name : owner, last, types);
        }
    }

    private static String documented(String signature) {
        Signature parts = Signature.of(signature);
        if (parts.member.isEmpty()) return Javadoc.instance().ofType(parts.owner);
        return parts.owner.isEmpty() ? "" : Javadoc.instance().ofMember(parts.owner, parts.member, parts.types);
    }

    /** As one would write it: no packages, and no type arguments before the name of a method. */
    static String readable(String signature) {
        if (signature.indexOf('(') < 0 && signature.indexOf(':') < 0) return signature;
        return withoutPackages(signature).replaceFirst("(\\w)" + ARGUMENTS + "?\\." + ARGUMENTS + "?(\\w+\\()", "$1.$2")
            .replaceFirst("^([\\w.$]+):", "$1: ");
    }

    static String withoutPackages(String text) {
        return text.replaceAll(PACKAGE, "");
    }

    private static String text(String signature) {
        String about = Javadoc.plain(documented(signature));
        return readable(signature) + (about.isEmpty() ? "" : "\n" + about.indent(4).replaceAll("(?m)^ +$", "").stripTrailing());
    }

    private static String html(String signature) {
        String about = documented(signature);
        return "<pre><b>" + Display.escape(readable(signature)) + "</b></pre>" + (about.isEmpty() ? "" : "<div>" + about + "</div>");
    }
}
