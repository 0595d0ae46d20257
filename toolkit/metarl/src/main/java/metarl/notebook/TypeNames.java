package metarl.notebook;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.SourceCodeAnalysis;

/** Types by the names that a cell and the prompt give them, and back. */
final class TypeNames {
    private static final List<Class<?>> PRIMITIVES = List.of(int.class, long.class, double.class, float.class, boolean.class, char.class,
        short.class, byte.class);

    private final SourceCodeAnalysis analysis;

    TypeNames(SourceCodeAnalysis analysis) {
        this.analysis = analysis;
    }

    /** The classes of this JVM that can be meant, the toolkit's own first: for List those of java.util and java.awt. */
    Stream<Class<?>> classes(String type) {
        String name = erased(type);
        String outer = name.replaceFirst("\\..*", "");
        Stream<String> listed = name.matches("[a-z].*\\..*") || outer.isEmpty() ? Stream.of(name)
            : Stream.concat(Javadoc.instance().named(name).stream(), analysis.listQualifiedNames(outer, outer.length()).getNames().stream()
                .map(found -> found + name.substring(outer.length())));
        return Stream.concat(PRIMITIVES.stream().filter(p -> p.getName().equals(name)), listed.distinct().flatMap(n -> loaded(n).stream()));
    }

    private static Optional<Class<?>> loaded(String qualified) {
        String binary = qualified;
        while (true) {
            try {
                return Optional.of(Class.forName(binary, false, TypeNames.class.getClassLoader()));
            } catch (ClassNotFoundException | LinkageError e) {
                int dot = binary.lastIndexOf('.');
                if (dot < 0 || !binary.substring(binary.lastIndexOf('.', dot - 1) + 1).matches("\\p{Lu}.*")) return Optional.empty();
                binary = binary.substring(0, dot) + "$" + binary.substring(dot + 1);
            }
        }
    }

    /** A type without its arguments. */
    static String erased(String type) {
        String plain = type;
        while (plain.matches("(?s).*<[^<>]*>.*")) plain = plain.replaceAll("<[^<>]*>", "");
        return plain.replace("...", "[]").strip();
    }

    /** Splits at commas that stand in no brackets or texts. */
    static List<String> divided(String list) {
        var parts = new ArrayList<String>();
        int depth = 0, begin = 0;
        char quote = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (quote != 0) {
                if (c == '\\') i++;
                else if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') quote = c;
            else if ("([{<".indexOf(c) >= 0) depth++;
            else if (")]}".indexOf(c) >= 0 || c == '>' && i > 0 && list.charAt(i - 1) != '-') depth--;
            else if (c == ',' && depth == 0) {
                parts.add(list.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        if (!list.substring(begin).isBlank()) parts.add(list.substring(begin).strip());
        return parts;
    }

    /** A type as one writes it in a cell. */
    static String written(Type type) {
        if (type instanceof Class<?> c) return c.getSimpleName();
        if (type instanceof GenericArrayType a) return written(a.getGenericComponentType()) + "[]";
        if (type instanceof WildcardType w)
            return w.getLowerBounds().length > 0 ? "? super " + written(w.getLowerBounds()[0])
                : w.getUpperBounds()[0] == Object.class ? "?" : "? extends " + written(w.getUpperBounds()[0]);
        if (type instanceof ParameterizedType p)
            return written(p.getRawType())
                + Stream.of(p.getActualTypeArguments()).map(TypeNames::written).collect(Collectors.joining(", ", "<",
                    ">"));
        return type.getTypeName();
    }
}
