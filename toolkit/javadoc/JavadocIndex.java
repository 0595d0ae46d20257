import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes the Javadoc of a module's public types and members into one JSON file, which goes into its jar; Shift-Tab in a notebook shows it.
 *
 * <p>Only the sources are parsed, so types are named as they are written there. Usage: JavadocIndex FOLDER-OF-SOURCES FILE.
 */
public final class JavadocIndex extends TreePathScanner<Void, String> {
    private static final Set<Tree.Kind> TYPES = Set.of(Tree.Kind.CLASS, Tree.Kind.INTERFACE, Tree.Kind.ENUM, Tree.Kind.RECORD);

    private final DocTrees comments;
    private final Map<String, String> types = new TreeMap<>();
    private ClassTree inside;

    private JavadocIndex(DocTrees comments) {
        this.comments = comments;
    }

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        if (isNewer(file, Path.of(arguments[0]))) return;
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<File> sources;
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            sources = files.filter(f -> f.toString().endsWith(".java") && !f.toString().contains(".ipynb_checkpoints")).map(Path::toFile)
                .sorted().toList();
        }
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromFiles(sources));
            var index = new JavadocIndex(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse())
                index.scan(unit, unit.getPackageName() == null ? "" : unit.getPackageName() + ".");
            Files.createDirectories(file.getParent());
            Files.writeString(file, index.types.entrySet().stream().map(e -> quoted(e.getKey()) + ":" + e.getValue())
                .collect(Collectors.joining(",\n", "{", "}\n")));
        }
    }

    /** Whether a file was written after all sources and folders of sources. */
    private static boolean isNewer(Path file, Path sources) throws IOException {
        if (!Files.exists(file)) return false;
        long written = Files.getLastModifiedTime(file).toMillis();
        try (Stream<Path> all = Files.walk(sources)) {
            return all.allMatch(f -> f.toFile().lastModified() < written);
        }
    }

    // --- what is declared ---

    @Override
    public Void visitClass(ClassTree type, String prefix) {
        if (type.getSimpleName().length() == 0 || !seen(type.getModifiers())) return null;
        ClassTree outer = inside;
        inside = type;
        var members = new ArrayList<String>();
        for (Tree member : type.getMembers()) {
            TreePath path = new TreePath(getCurrentPath(), member);
            if (member instanceof MethodTree m && seen(m.getModifiers())) members.add(method(path, m));
            if (member instanceof VariableTree v && seen(v.getModifiers())) members.add(variable(v, comments.getDocCommentTree(path)));
        }
        if (type.getKind() == Tree.Kind.RECORD) members.addAll(ofComponents(type));
        var above = new ArrayList<Tree>(type.getImplementsClause());
        if (type.getExtendsClause() != null) above.add(0, type.getExtendsClause());
        String supers = above.stream().map(t -> quoted(erased(t.toString()))).collect(Collectors.joining(","));
        types.put(prefix + type.getSimpleName(), "{\"above\":[" + supers + "],\"text\":" + quoted(text(comments.getDocCommentTree(getCurrentPath())))
            + ",\"members\":[" + String.join(",\n", members) + "]}");
        for (Tree member : type.getMembers())
            if (TYPES.contains(member.getKind())) scan(member, prefix + type.getSimpleName() + ".");
        inside = outer;
        return null;
    }

    /** Public or protected, as what an interface declares always is. */
    private boolean seen(ModifiersTree modifiers) {
        Set<Modifier> flags = modifiers.getFlags();
        if (flags.contains(Modifier.PRIVATE)) return false;
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)
            || inside != null && (inside.getKind() == Tree.Kind.INTERFACE || inside.getKind() == Tree.Kind.ENUM);
    }

    private String method(TreePath path, MethodTree method) {
        String name = method.getReturnType() == null ? inside.getSimpleName().toString() : method.getName().toString();
        boolean compact = method.getReturnType() == null && inside.getKind() == Tree.Kind.RECORD && method.getParameters().isEmpty();
        DocCommentTree comment = comments.getDocCommentTree(path);
        return member(name, compact ? components(inside) : method.getParameters(), text(comment));
    }

    private String variable(VariableTree field, DocCommentTree comment) {
        return "{\"name\":" + quoted(field.getName().toString()) + ",\"text\":" + quoted(text(comment)) + "}";
    }

    private static String member(String name, List<? extends VariableTree> parameters, String text) {
        String types = parameters.stream().map(p -> quoted(erased(p.getType().toString()))).collect(Collectors.joining(","));
        return "{\"name\":" + quoted(name) + ",\"types\":[" + types + "],\"text\":" + quoted(text) + "}";
    }

    /** A record's accessors and constructor are documented by the record's own tags where they are not written out. */
    private List<String> ofComponents(ClassTree type) {
        List<VariableTree> components = components(type);
        DocCommentTree comment = comments.getDocCommentTree(getCurrentPath());
        var members = new ArrayList<String>();
        for (VariableTree component : components) {
            String name = component.getName().toString();
            if (methods(type).noneMatch(m -> m.getName().contentEquals(name) && m.getParameters().isEmpty()))
                members.add(member(name, List.of(), comment == null ? "" : parameter(comment, name)));
        }
        boolean written = methods(type).anyMatch(m -> m.getReturnType() == null
            && (m.getParameters().isEmpty() || m.getParameters().size() == components.size()));
        if (!written) members.add(member(type.getSimpleName().toString(), components, text(comment)));
        return members;
    }

    private static Stream<MethodTree> methods(ClassTree type) {
        return type.getMembers().stream().filter(m -> m instanceof MethodTree).map(m -> (MethodTree) m);
    }

    private static List<VariableTree> components(ClassTree record) {
        return record.getMembers().stream().filter(m -> m instanceof VariableTree).map(m -> (VariableTree) m)
            .filter(v -> !v.getModifiers().getFlags().contains(Modifier.STATIC)).toList();
    }

    /** A type without arguments, package and annotations: "List" for java.util.List&lt;String&gt;. */
    private static String erased(String type) {
        String plain = type.replaceAll("@\\w+(\\([^)]*\\))?\\s*", "").replace("...", "[]");
        while (plain.contains("<")) plain = plain.replaceAll("<[^<>]*>", "");
        return plain.substring(plain.lastIndexOf('.') + 1).strip();
    }

    // --- what is said about it ---

    private String text(DocCommentTree comment) {
        if (comment == null) return "";
        var out = new StringBuilder(html(comment.getFullBody()).strip());
        String parameters = comment.getBlockTags().stream().filter(t -> t instanceof ParamTree).map(t -> (ParamTree) t)
            .map(p -> "<li><code>" + (p.isTypeParameter() ? "&lt;" + p.getName() + "&gt;" : p.getName()) + "</code>: " + html(p.getDescription()) + "</li>")
            .collect(Collectors.joining());
        if (!parameters.isEmpty()) out.append("<ul>").append(parameters).append("</ul>");
        for (DocTree tag : comment.getBlockTags()) {
            if (tag instanceof ReturnTree r) out.append("<p>Returns ").append(html(r.getDescription())).append("</p>");
            if (tag instanceof ThrowsTree t)
                out.append("<p>Throws <code>").append(t.getExceptionName()).append("</code> ").append(html(t.getDescription())).append("</p>");
        }
        return out.toString();
    }

    private String parameter(DocCommentTree comment, String name) {
        return comment.getBlockTags().stream().filter(t -> t instanceof ParamTree p && p.getName().getName().contentEquals(name))
            .map(t -> html(((ParamTree) t).getDescription())).findFirst().orElse("");
    }

    private String html(List<? extends DocTree> parts) {
        return parts.stream().map(this::html).collect(Collectors.joining());
    }

    private String html(DocTree part) {
        if (part instanceof TextTree t) return unindented(t.getBody());
        if (part instanceof EntityTree || part instanceof StartElementTree || part instanceof EndElementTree) return part.toString();
        if (part instanceof LiteralTree l)
            return l.getKind() == DocTree.Kind.CODE ? "<code>" + escaped(unindented(l.getBody().getBody())) + "</code>" : escaped(l.getBody().getBody());
        if (part instanceof LinkTree l) {
            if (!l.getLabel().isEmpty()) return html(l.getLabel());
            return "<code>" + escaped(l.getReference().getSignature().replaceFirst("^#", "").replace('#', '.')) + "</code>";
        }
        if (part instanceof ReturnTree r) return "Returns " + html(r.getDescription()) + ".";
        if (part instanceof ValueTree v) return escaped(value(v));
        return "";
    }

    /** A constant of the same type as it is written there. */
    private String value(ValueTree tag) {
        String name = tag.getReference() == null ? "" : tag.getReference().getSignature().replaceFirst("^#", "");
        return inside.getMembers().stream().filter(m -> m instanceof VariableTree v && v.getName().contentEquals(name))
            .map(m -> String.valueOf(((VariableTree) m).getInitializer())).findFirst().orElse(name);
    }

    /** Without the blank behind the star of each line of a comment. */
    private static String unindented(String text) {
        return text.replace("\n ", "\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
}
