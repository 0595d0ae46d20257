package metarl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * What the formatter and Checkstyle do not see of the shape of the main code: passages that occur twice, files of maths, the usual method.
 */
class ShapeTest {
    private static final Path TOOLKIT = Path.of("..").toAbsolutePath().normalize();
    private static final int LONGEST_COPY = 8, LONGEST_MATHS = 250, USUAL_METHOD = 4;
    private static final Set<String> MATHS = Set.of("metarl/nn", "metarl/basics", "metarl/diagnose/weights", "metarl/diagnose/bandit",
        "metarl/diagnose/sequential");

    /** Files that may be longer, or hold what occurs elsewhere, for now; none at best. */
    private static final Set<String> EXEMPT = Set.of();

    private record Line(String file, int number, String text) {}

    /** A passage of copied code should be a method; one of up to eight lines may be shorter than the call. */
    @Test
    void noPassageOccursTwice() throws IOException {
        List<Line> lines = codeLines();
        Map<List<String>, Integer> first = new HashMap<>();
        var copies = new TreeSet<String>();
        int window = LONGEST_COPY + 1, covered = 0;
        for (int i = 0; i + window <= lines.size(); i++) {
            List<Line> passage = lines.subList(i, i + window);
            if (!passage.get(0).file.equals(passage.get(window - 1).file)) continue;
            Integer before = first.putIfAbsent(passage.stream().map(Line::text).toList(), i);
            // the rest of a longer copy says nothing new
            if (before == null || i < covered) continue;
            covered = i + window;
            Line here = passage.get(0), there = lines.get(before);
            if (!EXEMPT.contains(here.file)) copies.add(here.file + ":" + here.number + " is " + there.file + ":" + there.number);
        }
        assertEquals(Set.of(), copies);
    }

    @Test
    void filesOfMathsAreShort() throws IOException {
        var longer = new TreeSet<String>();
        for (Path file : sources()) {
            boolean maths = MATHS.stream().anyMatch(room -> file.getParent().endsWith(room));
            int lines = Files.readAllLines(file).size();
            if (maths && lines > LONGEST_MATHS && !EXEMPT.contains(name(file))) longer.add(name(file) + " has " + lines + " lines");
        }
        assertEquals(Set.of(), longer);
    }

    @Test
    void theUsualMethodIsShort() throws IOException {
        List<Integer> lengths = methodLengths().stream().sorted().toList();
        assertTrue(lengths.size() > 2_000, lengths.size() + " methods were found");
        int median = lengths.get(lengths.size() / 2);
        assertTrue(median <= USUAL_METHOD, "half of the methods have more than " + (median - 1) + " lines");
    }

    /** Lines without comments, imports and what is blank. */
    private static List<Line> codeLines() throws IOException {
        var lines = new ArrayList<Line>();
        for (Path file : sources()) {
            int number = 0;
            boolean comment = false;
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                number++;
                comment |= text.startsWith("/*");
                if (!comment && !text.isEmpty() && !text.startsWith("//") && !text.startsWith("import ") && !text.startsWith("package "))
                    lines.add(new Line(name(file), number, text));
                comment &= !text.contains("*/");
            }
        }
        return lines;
    }

    /** Lines from the name, or the annotations before it, to the closing brace. */
    private static List<Integer> methodLengths() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var lengths = new ArrayList<Integer>();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources()));
            var positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse())
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        long start = positions.getStartPosition(unit, method), end = positions.getEndPosition(unit, method);
                        // the constructors that the parser adds to records have no place
                        if (method.getBody() != null && start >= 0 && end > start)
                            lengths.add((int) (unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start) + 1));
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
        }
        return lengths;
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (String module : List.of("mujoco-java", "diagnose", "metarl"))
            try (Stream<Path> files = Files.walk(TOOLKIT.resolve(module).resolve("src/main/java"))) {
                files.filter(f -> f.toString().endsWith(".java") && !f.toString().contains(".ipynb_checkpoints")).sorted()
                    .forEach(sources::add);
            }
        return sources;
    }

    private static String name(Path file) {
        return TOOLKIT.relativize(file).toString().replace('\\', '/').replaceFirst(".*src/main/java/", "");
    }
}
