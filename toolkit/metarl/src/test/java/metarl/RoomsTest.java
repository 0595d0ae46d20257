package metarl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    private static final Path HOUSE = Path.of("src/main/java/metarl");
    private static final Path DIAGNOSE = Path.of("../diagnose/src/main/java/metarl");
    private static final Path SPARK = Path.of("../spark/src/main/java/metarl/spark");
    /** A room may import those before it. */
    private static final List<String> ORDER = List.of("basics", "chart", "env", "task", "data", "nn", "agent", "train", "sweep", "plot",
        "notebook");
    /** Judgement of logs and weights stands beside them, on the basics alone. */
    private static final Set<String> MAY_DIAGNOSE = Set.of("diagnose", "agent", "train", "plot", "notebook");
    /** For each wing, which wings of its own room it may use. */
    private static final Map<String, Set<String>> WINGS = Map.ofEntries(
        Map.entry("diagnose.weights", Set.of()), Map.entry("diagnose.log", Set.of("diagnose.weights")),
        Map.entry("diagnose.bandit", Set.of("diagnose.weights", "diagnose.log")),
        Map.entry("diagnose.sequential", Set.of("diagnose.weights", "diagnose.log", "diagnose.bandit")),
        Map.entry("env", Set.of()), Map.entry("env.body", Set.of("env")), Map.entry("env.world", Set.of("env")),
        Map.entry("env.wrapper", Set.of("env")), Map.entry("env.mujoco", Set.of("env", "env.body")),
        Map.entry("agent", Set.of()), Map.entry("agent.value", Set.of("agent", "agent.transfer", "agent.hindsight")),
        Map.entry("agent.gradient", Set.of("agent", "agent.meta")),
        Map.entry("agent.meta", Set.of("agent")), Map.entry("agent.model", Set.of("agent", "agent.meta")),
        Map.entry("agent.transfer", Set.of("agent", "agent.model")), Map.entry("agent.classical", Set.of("agent", "agent.hindsight")),
        Map.entry("agent.hindsight", Set.of("agent")),
        Map.entry("task", Set.of()), Map.entry("task.families", Set.of("task")));
    private static final Map<String, Set<String>> OWNERS = Map.of(
        "org.mujoco", Set.of("env.mujoco"),
        "ai.djl", Set.of("nn", "agent"),
        "tech.tablesaw.plotly", Set.of("plot", "notebook"),
        "org.apache.parquet", Set.of("diagnose.log"),
        "shaded.parquet", Set.of("diagnose.log"),
        "io.airlift", Set.of("diagnose.log"),
        "jdk.jshell", Set.of("notebook"),
        "org.apache.spark", Set.of("spark"));
    private static final Pattern OF_DIAGNOSE = Pattern.compile(
        "(java|metarl|tech\\.tablesaw\\.api|org\\.hipparchus|org\\.apache\\.parquet|shaded\\.parquet|"
            + "io\\.airlift\\.compress|com\\.fasterxml\\.jackson\\.core\\.io)\\..*");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);

    @Test
    void importsPointOneWay() throws IOException {
        var found = new ArrayList<String>();
        for (Path file : sources()) {
            Matcher imports = IMPORT.matcher(Files.readString(file));
            while (imports.find()) if (!allowed(file, imports.group(1))) found.add(file + " imports " + imports.group(1));
        }
        assertEquals(List.of(), found);
    }

    @Test
    void everyRoomAndWingIsKnown() throws IOException {
        for (Path file : sources()) {
            String room = room(file);
            assertEquals(file.startsWith(DIAGNOSE), room.equals("basics") || room.equals("diagnose"), file + " lies in the wrong module");
            assertTrue(ORDER.contains(room) || room.equals("diagnose"), room + " is not a room of the house");
            assertTrue(!room.equals("diagnose") || WINGS.containsKey(wing(file)), wing(file) + " is not a wing of diagnose");
        }
    }

    /** What serves all methods knows none of them: the wings of the agents are theirs alone, but for the classical ones, no learners. */
    @Test
    void theProtocolNamesNoMethod() throws IOException {
        var found = new ArrayList<String>();
        for (Path file : sources()) {
            if (!Set.of("train", "sweep", "plot", "notebook").contains(room(file))) continue;
            Matcher imports = IMPORT.matcher(Files.readString(file));
            while (imports.find()) if (imports.group(1).matches("metarl\\.agent\\.(?!classical\\.)[a-z]+\\..*"))
                found.add(file + " imports " + imports.group(1));
        }
        assertEquals(List.of(), found);
    }

    /** What needs Spark uses logs and sweeps; nothing of the house needs it. */
    @Test
    void sparkStandsApart() throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(SPARK)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher imports = IMPORT.matcher(Files.readString(file));
                while (imports.find()) if (!imports.group(1).matches("(java|scala|org\\.apache\\.spark|tech\\.tablesaw\\.api)\\..*"
                    + "|metarl\\.(basics|diagnose|sweep)\\..*")) found.add(file + " imports " + imports.group(1));
            }
        }
        assertEquals(List.of(), found);
        String needed = Files.readString(Path.of("pom.xml")) + Files.readString(DIAGNOSE.resolve("../../../../pom.xml"));
        assertFalse(needed.contains("org.apache.spark"));
    }

    /** A cluster that judges logs needs neither networks nor MuJoCo. */
    @Test
    void diagnoseNeedsNoNetworks() throws IOException {
        String needed = Files.readString(DIAGNOSE.resolve("../../../../pom.xml"));
        for (String library : List.of("ai.djl", "mujoco-java", "javacpp", "jsplot"))
            assertFalse(needed.contains("<artifactId>" + library) || needed.contains("<groupId>" + library), library);
        assertTrue(Files.readString(Path.of("pom.xml")).contains("ai.djl"), "the word that is looked for");
    }

    /** Formats that print 1.0e+02 % or 1e+03 are gone from everything that is shown. */
    @Test
    void noSentenceFormatsByItself() throws IOException {
        Pattern format = Pattern.compile("%[+]?\\.\\d[ge]|%\\.\\df ?%%");
        var found = new ArrayList<String>();
        for (Path file : sources())
            for (String line : Files.readAllLines(file))
                if (format.matcher(line).find()) found.add(file.getFileName() + ": " + line.strip());
        // an exact decimal for MuJoCo's XML, a label below 1000, and the formatter itself
        found.removeIf(line -> line.startsWith("ModelChanges.java") || line.startsWith("Task.java") || line.startsWith("Figures.java"));
        assertEquals(List.of(), found);
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

    /**
     * Name and descriptor of every method or field that a class mentions, from its constant pool (The Java Virtual Machine Specification,
     * 4.4).
     */
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

    private static List<Path> sources() throws IOException {
        var all = new ArrayList<Path>();
        for (Path root : List.of(DIAGNOSE, HOUSE))
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
            }
        return all;
    }

    private static Path within(Path file) {
        return (file.startsWith(DIAGNOSE) ? DIAGNOSE : HOUSE).relativize(file);
    }

    private static String room(Path file) {
        return within(file).getName(0).toString();
    }

    private static String wing(Path file) {
        return within(file).getParent().toString().replace('\\', '.').replace('/', '.');
    }

    /** The package of an imported class, without what encloses it. */
    private static String wing(String imported) {
        return imported.substring("metarl.".length()).replaceFirst("\\.[A-Z].*", "");
    }

    private static boolean allowed(Path file, String imported) {
        String room = room(file), wing = wing(file);
        if (file.startsWith(DIAGNOSE) && !OF_DIAGNOSE.matcher(imported).matches()) return false;
        if (imported.startsWith("metarl.")) {
            String other = imported.split("\\.")[1];
            if (wing(imported).equals(wing)) return true;
            if (other.equals(room)) return WINGS.getOrDefault(wing, Set.of(wing(imported))).contains(wing(imported));
            if (other.equals("diagnose")) return MAY_DIAGNOSE.contains(room);
            if (room.equals("diagnose")) return other.equals("basics");
            return ORDER.indexOf(other) < ORDER.indexOf(room);
        }
        return OWNERS.entrySet().stream().noneMatch(owner -> imported.startsWith(owner.getKey() + ".") && !owner.getValue().contains(room)
            && !owner.getValue().contains(wing));
    }
}
