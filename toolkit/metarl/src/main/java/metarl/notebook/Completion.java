package metarl.notebook;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/**
 * What can stand at the cursor of a cell, with the parameters of methods: first what cells have declared, then the toolkit's own, then the
 * rest, and last what every object has.
 */
public final class Completion {
    private static final Set<String> OF_EVERY_OBJECT = Stream.of(Object.class.getMethods()).map(Method::getName).collect(
        Collectors.toSet());
    /** How many variables of the cell may depend on each other until the type is known. */
    private static final int MOST_VARIABLES = 8;
    private static final int LONGEST = 2_000;
    private static final Pattern SET = Pattern.compile("([\\p{L}_$][\\p{L}\\p{N}_$]*)\\s*=(?!=)([^;]+);");
    private static final Pattern RECEIVER = Pattern.compile("\\s*\\.\\s*$");

    private final JShell shell;
    private final SourceCodeAnalysis analysis;
    private final TypeNames types;

    Completion(JShell shell) {
        this.shell = shell;
        this.analysis = shell.sourceCodeAnalysis();
        this.types = new TypeNames(analysis);
    }

    /**
     * One thing that can be meant.
     *
     * @param label what the list shows, as "train(int count)"
     * @param text what is inserted, as "train("
     * @param kind function, class or instance
     */
    public record Option(String label, String text, String kind) {}

    /**
     * All of them, and the place in the text from where they are inserted.
     *
     * @param begin counted in characters of Java, or in code points, as the place that was asked about
     */
    public record Options(int begin, List<Option> options) {}

    Options at(String code, int cursor) {
        String before = code.substring(0, cursor);
        for (String part : Stream.of(before, Inspection.last(analysis, before)).distinct().toList()) {
            int[] anchor = new int[1];
            List<Suggestion> suggestions = analysis.completionSuggestions(part, part.length(), anchor);
            if (!suggestions.isEmpty())
                return new Options(cursor - part.length() + anchor[0], options(suggestions, part.substring(0, anchor[0])));
        }
        return new Options(cursor, List.of());
    }

    private List<Option> options(List<Suggestion> suggestions, String before) {
        Map<String, Boolean> names = new LinkedHashMap<>();
        for (Suggestion s : suggestions) names.merge(s.continuation(), s.matchesType(), Boolean::logicalOr);
        Optional<Class<?>> receiver = receiver(before, names.keySet());
        Map<String, DeclarationSnippet> declared = shell.snippets()
            .filter(s -> s instanceof DeclarationSnippet && shell.status(s) == Status.VALID)
            .map(s -> (DeclarationSnippet) s).collect(Collectors.toMap(DeclarationSnippet::name, s -> s, (a, b) -> b));
        Map<String, Integer> ranks = names.keySet().stream()
            .collect(Collectors.toMap(n -> n, n -> rank(bare(n), receiver, declared.keySet())));
        Comparator<String> order = Comparator.<String>comparingInt(name -> names.get(name) ? 0 : 1).thenComparingInt(ranks::get)
            .thenComparing(String::compareToIgnoreCase);
        return names.keySet().stream().sorted(order).flatMap(name -> options(name, before, receiver, declared)).distinct().toList();
    }

    private static String bare(String continuation) {
        return continuation.replaceFirst("[(<].*", "");
    }

    private static int rank(String name, Optional<Class<?>> receiver, Set<String> declared) {
        if (receiver.isPresent()) return OF_EVERY_OBJECT.contains(name) || name.equals("class") ? 3
            : executables(receiver.get(), name).anyMatch(e -> isOwn(e.getDeclaringClass())) ? 1 : 2;
        return declared.contains(name) ? 0 : Javadoc.instance().named(name).isEmpty() ? 2 : 1;
    }

    private static boolean isOwn(Class<?> type) {
        return type.getName().startsWith("metarl.");
    }

    private Stream<Option> options(String name, String before, Optional<Class<?>> receiver, Map<String, DeclarationSnippet> declared) {
        String bare = bare(name);
        if (!name.contains("(")) return Stream.of(new Option(name, name, kind(name)));
        if (receiver.isEmpty() && declared.get(bare) instanceof MethodSnippet m)
            return Stream.of(new Option(bare + "(" + parameters(m) + ")", name, "function"));
        Stream<? extends Executable> called = receiver.isPresent() ? executables(receiver.get(), bare)
            : before.matches("(?s).*\\bnew\\s+$") ? types.classes(bare).limit(1).flatMap(c -> Stream.of(c.getConstructors()))
                : Stream.empty();
        List<? extends Executable> all = called.toList();
        if (all.isEmpty()) return Stream.of(new Option(name, name, "function"));
        return all.stream().filter(e -> !e.isAnnotationPresent(Deprecated.class))
            .sorted(Comparator.comparingInt(Executable::getParameterCount))
            .map(e -> new Option(bare + "(" + parameters(e) + ")", bare + (e.getParameterCount() == 0 ? "()" : "("), "function"));
    }

    private static String kind(String name) {
        if (name.equals("class")) return "keyword";
        boolean type = Character.isUpperCase(name.charAt(0)) && !name.equals(name.toUpperCase(Locale.ROOT));
        return type ? "class" : "instance";
    }

    // --- parameters ---

    private static Stream<Method> executables(Class<?> type, String name) {
        // an interface does not list what every object has
        Stream<Method> all = type.isInterface() ? Stream.of(type, Object.class).flatMap(c -> Stream.of(c.getMethods()))
            : Stream.of(type.getMethods());
        return all.filter(m -> m.getName().equals(name) && !m.isBridge());
    }

    /** The class whose members are listed behind a dot. */
    private Optional<Class<?>> receiver(String before, Set<String> names) {
        Matcher dot = RECEIVER.matcher(before);
        if (!dot.find()) return Optional.empty();
        String cell = before.substring(0, dot.start()), expression = cell.substring(begin(cell));
        List<String> methods = names.stream().filter(n -> n.contains("(")).map(Completion::bare).toList();
        for (int i = 0; i < MOST_VARIABLES && !expression.isEmpty(); i++) {
            String type = analysis.analyzeType(expression, expression.length());
            Optional<Class<?>> found = types.classes(type == null ? expression : type)
                .filter(c -> methods.stream().allMatch(m -> executables(c, m).findAny().isPresent())).findFirst();
            if (found.isPresent()) return found;
            expression = withInitials(expression, cell);
        }
        return Optional.empty();
    }

    /** Where the expression begins that a text ends in. */
    private static int begin(String text) {
        int depth = 0, i = text.length();
        while (i > 0) {
            char c = text.charAt(i - 1);
            if (")]".indexOf(c) >= 0) depth++;
            if ("([".indexOf(c) >= 0 && depth-- == 0) break;
            if (depth == 0 && "([.\"".indexOf(c) < 0 && !Character.isJavaIdentifierPart(c)) {
                // a call may go on in the next line
                if (!Character.isWhitespace(c) || !text.substring(i).stripLeading().startsWith(".")) break;
            }
            i--;
        }
        return i;
    }

    /** The expression with each variable replaced by what the cell sets it to; empty if it sets none of them. */
    private static String withInitials(String expression, String cell) {
        String replaced = expression;
        Matcher set = SET.matcher(cell);
        while (set.find() && replaced.length() < LONGEST) replaced = replaced.replaceAll("(?<![\\w$.])" + Pattern.quote(set.group(1))
            + "(?![\\w$])", Matcher.quoteReplacement("(" + set.group(2).strip() + ")"));
        return replaced.equals(expression) || replaced.length() >= LONGEST ? "" : replaced;
    }

    private static String parameters(MethodSnippet method) {
        Matcher list = Pattern.compile("\\b" + Pattern.quote(method.name()) + "\\s*\\(([^)]*)\\)").matcher(method.source());
        return list.find() ? list.group(1).strip().replaceAll("\\s+", " ") : method.parameterTypes();
    }

    /** Types and names; the JDK's own are compiled without names. */
    private static String parameters(Executable method) {
        Parameter[] parameters = method.getParameters();
        Type[] types = method.getGenericParameterTypes();
        return IntStream.range(0, parameters.length).mapToObj(i -> {
            String type = TypeNames.written(types.length == parameters.length ? types[i] : parameters[i].getType());
            if (parameters[i].isVarArgs()) type = type.replaceFirst("\\[]$", "...");
            return parameters[i].isNamePresent() ? type + " " + parameters[i].getName() : type;
        }).collect(Collectors.joining(", "));
    }
}
