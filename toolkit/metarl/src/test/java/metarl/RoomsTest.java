package metarl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Arrows between rooms point one way, and a library is imported only where it belongs. */
class RoomsTest {
    private static final Path SOURCES = Path.of("src/main/java/metarl");
    private static final List<String> ORDER = List.of("env", "task", "data", "nn", "chart", "agent", "train", "plot", "notebook");
    private static final Set<String> MAY_DIAGNOSE = Set.of("diagnose", "chart", "agent", "train", "plot", "notebook");
    private static final Map<String, Set<String>> OWNERS = Map.of(
        "org.mujoco", Set.of("env"),
        "ai.djl", Set.of("nn", "agent"),
        "tech.tablesaw.plotly", Set.of("plot", "notebook"),
        "org.apache.parquet", Set.of("diagnose"),
        "shaded.parquet", Set.of("diagnose"),
        "io.airlift", Set.of("diagnose"),
        "jdk.jshell", Set.of("notebook"));
    /** For each wing, which wings of its own room it may use. */
    private static final Map<String, Set<String>> WINGS = Map.of(
        "env", Set.of(), "env.body", Set.of("env"), "env.world", Set.of("env"), "env.wrapper", Set.of("env"),
        "env.mujoco", Set.of("env", "env.body"),
        "task", Set.of(), "task.families", Set.of("task"));
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);

    @Test
    void importsPointOneWay() throws IOException {
        assertEquals(List.of(), violations());
    }

    @Test
    void everyRoomIsKnown() throws IOException {
        try (Stream<Path> rooms = Files.list(SOURCES)) {
            rooms.forEach(
                room -> assertTrue(ORDER.contains(name(room)) || name(room).equals("diagnose"), room + " is not a room of the house"));
        }
    }

    /** {@link metarl.nn.Gradients#scaled} says why. Classes are read, not sources: only there is the type of an argument known. */
    @Test
    void noGradientPassesANumberWhoseMemoryIsFreed() throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(Path.of("target/classes/metarl"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList())
                for (String method : methodsCalled(file))
                    if (method.matches("(mul|div|pow|minimum|maximum) \\(Ljava/lang/Number;\\)Lai/djl/ndarray/NDArray;"))
                        found.add(file + " calls " + method);
        }
        assertEquals(List.of(), found);
    }

    /** Name and descriptor of every method or field that a class mentions, from its constant pool (The Java Virtual Machine Specification, 4.4). */
    private static List<String> methodsCalled(Path file) throws IOException {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            String[] texts = new String[count];
            var pairs = new ArrayList<int[]>();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 12 -> pairs.add(new int[] {in.readUnsignedShort(), in.readUnsignedShort()});
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        i++;
                    }
                    default -> in.skipNBytes(4);
                }
            }
            return pairs.stream().map(p -> texts[p[0]] + " " + texts[p[1]]).toList();
        }
    }

    private static List<String> violations() throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String room = SOURCES.relativize(file).getName(0).toString();
                Matcher imports = IMPORT.matcher(Files.readString(file));
                while (imports.find())
                    if (!allowed(room, file, imports.group(1))) found.add(SOURCES.relativize(file) + " imports " + imports.group(1));
            }
        }
        return found;
    }

    private static boolean allowed(String room, Path file, String imported) {
        if (imported.startsWith("metarl.")) {
            String other = imported.split("\\.")[1];
            if (other.equals(room)) return WINGS.getOrDefault(wing(file), Set.of(wing(imported))).contains(wing(imported));
            if (other.equals("diagnose")) return MAY_DIAGNOSE.contains(room);
            return !room.equals("diagnose") && ORDER.indexOf(other) < ORDER.indexOf(room);
        }
        if (imported.startsWith("org.mujoco") && !file.toString().contains("env/mujoco") && !file.toString().contains("env\\mujoco"))
            return false;
        if (room.equals("diagnose") && !imported.matches(
            "(java|tech\\.tablesaw\\.api|org\\.hipparchus|org\\.apache\\.parquet|shaded\\.parquet|io\\.airlift\\.compress|com\\.fasterxml\\.jackson\\.core\\.io)\\..*"))
            return false;
        return OWNERS.entrySet().stream().noneMatch(owner -> imported.startsWith(owner.getKey() + ".") && !owner.getValue().contains(room));
    }

    private static String wing(Path file) {
        return SOURCES.relativize(file).getParent().toString().replace('\\', '.').replace('/', '.');
    }

    /** The package of an imported class, without what encloses it. */
    private static String wing(String imported) {
        return imported.substring("metarl.".length()).replaceFirst("\\.[A-Z].*", "");
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
