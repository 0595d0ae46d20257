package metarl.notebook;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The toolkit's own source, as it runs: a cell shows the lines that do what the text describes.
 *
 * <pre>{@code
 * Listing.of("agent.value.ActorCritic", "target", "criticLoss")
 * }</pre>
 *
 * <p>The sources are in the toolkit's jar, so that it works in any folder.
 */
public final class Listing {
    private static final String SOURCES = "sources/metarl/";

    private final String file;
    private final String code;

    private Listing(String file, String code) {
        this.file = file;
        this.code = code;
    }

    /**
     * Methods of a class, in the order of the source.
     *
     * @param type name of the class from {@code metarl.} on, public or not, as in "agent.value.ActorCritic"
     * @param methods names of methods, of nested classes too; a name alone stands for all methods of this name,
     *     {@code "step(ContextBatch, Change)"} for one of them; without any the whole class is shown
     * @throws IllegalArgumentException if there is no such class or method; the message names those there are
     */
    public static Listing of(String type, String... methods) {
        String plain = type.replaceFirst("^metarl\\.", ""), name = plain.replace('.', '/') + ".java", source = source(name);
        if (source == null) throw new IllegalArgumentException(
            "there is no class metarl." + plain + " in the toolkit's sources; expected a name as in \"agent.value.ActorCritic\"");
        return new Listing("metarl/" + name, methods.length == 0 ? whole(source) : chosen(plain, source, methods));
    }

    private static String source(String name) {
        try (InputStream in = Listing.class.getClassLoader().getResourceAsStream(SOURCES + name)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String whole(String source) {
        List<String> lines = source.lines().toList();
        int begin = 0;
        while (begin < lines.size() && (lines.get(begin).isBlank() || lines.get(begin).matches("(package|import) .*"))) begin++;
        return String.join("\n", lines.subList(begin, lines.size()));
    }

    private static String chosen(String type, String source, String... methods) {
        Set<String> wanted = Arrays.stream(methods).map(Listing::withoutBlanks).collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> unseen = new LinkedHashSet<>(wanted), known = new LinkedHashSet<>();
        var found = new ArrayList<String>();
        for (Method method : methods(source)) {
            known.add(method.name);
            // both, without stopping at the first
            if (wanted.contains(method.name) | wanted.contains(method.signature)) found.add(method.text);
            unseen.remove(method.name);
            unseen.remove(method.signature);
        }
        if (!unseen.isEmpty()) throw new IllegalArgumentException(
            "metarl." + type + " has no method " + String.join(" and none ", unseen) + "; it has " + String.join(", ", known));
        return String.join("\n\n", found);
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s", "");
    }

    private record Method(String name, String signature, String text) {}

    private static List<Method> methods(String source) {
        var methods = new ArrayList<Method>();
        var file = new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return source;
            }
        };
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, problem -> {}, List.of("-proc:none"), null,
            List.of(file));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        try {
            for (CompilationUnitTree unit : task.parse()) new TreeScanner<Void, Void>() {
                @Override
                public Void visitClass(ClassTree type, Void none) {
                    for (Tree member : type.getMembers())
                        if (member instanceof MethodTree method && positions.getEndPosition(unit, method) >= 0)
                            methods.add(method(method, (int) positions.getStartPosition(unit, method), (int) positions.getEndPosition(unit,
                                method)));
                    return super.visitClass(type, none);
                }

                private Method method(MethodTree method, int from, int to) {
                    String name = method.getName().contentEquals("<init>") ? "new" : method.getName().toString();
                    String types = method.getParameters().stream().map(p -> withoutBlanks(p.getType().toString())).collect(Collectors
                        .joining(","));
                    int line = source.lastIndexOf('\n', from) + 1;
                    String text = " ".repeat(from - line) + source.substring(from, to);
                    return new Method(name, name + "(" + types + ")", text.stripIndent());
                }
            }.scan(unit, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return methods;
    }

    /** Path of the source from the folder {@code src/main/java} on. */
    public String file() {
        return file;
    }

    /** The lines. */
    public String code() {
        return code;
    }

    /** As Markdown, which a notebook colours. */
    String markdown() {
        return "```java\n" + code + "\n```";
    }

    @Override
    public String toString() {
        return code;
    }
}
