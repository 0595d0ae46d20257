package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every line of Java in docs/java-for-python.md runs and shows what stands beside it, from the top of the page to its end. */
class JavaPageTest {
    private static final String SHOWS = "// → ";

    private final PrintStream out = System.out;
    private Snippets snippets;
    private int lines;

    @BeforeEach
    void start() {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        snippets = Snippets.start(false);
    }

    @AfterEach
    void end() {
        snippets.close();
        System.setOut(out);
    }

    @Test
    void everyLineShowsWhatStandsBesideIt() throws IOException {
        List<String> page = Files.readAllLines(Path.of("../../docs/java-for-python.md"));
        List<String> head = List.of();
        for (int i = 0; i < page.size(); i++) {
            String line = page.get(i);
            if (line.equals("```java")) {
                int end = i + 1 + page.subList(i + 1, page.size()).indexOf("```");
                block(page.subList(i + 1, end));
                i = end;
            } else if (line.startsWith("|")) {
                List<String> cells = Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList();
                if (head.isEmpty()) head = cells;
                else if (!line.startsWith("|-")) row(head, cells);
            } else head = List.of();
        }
        assertTrue(lines > 120, "only " + lines + " lines of Java were found");
    }

    private void block(List<String> block) {
        var pending = new ArrayList<String>();
        for (String line : block) {
            int mark = line.indexOf(SHOWS);
            if (mark < 0) {
                pending.add(line);
                continue;
            }
            if (!pending.isEmpty()) snippets.eval(String.join("\n", pending));
            pending.clear();
            shows(line.substring(mark + SHOWS.length()), line.substring(0, mark));
        }
        if (!pending.isEmpty()) snippets.eval(String.join("\n", pending));
        lines += block.size();
    }

    private void row(List<String> head, List<String> cells) {
        switch (head.get(0)) {
            case "Python" -> {
                String java = code(cells.get(1));
                if (cells.size() > 2 && !cells.get(2).isEmpty()) shows(code(cells.get(2)), java);
                else snippets.eval(java);
            }
            case "habit" -> {
                var failure = assertThrows(SnippetFailure.class, () -> snippets.eval(code(cells.get(0))), cells.get(0));
                assertTrue(failure.getMessage().contains(code(cells.get(1))), cells.get(0) + ": " + failure.getMessage());
                snippets.eval(code(cells.get(2)));
            }
            case "this" -> {
                shows(code(cells.get(1)), code(cells.get(0)));
                shows(code(cells.get(3)), code(cells.get(2)));
            }
            default -> {
                return;
            }
        }
        lines++;
    }

    private void shows(String wanted, String java) {
        assertEquals(wanted, String.valueOf(snippets.eval(java)), java);
    }

    /** What stands between the backticks of a cell. */
    private static String code(String cell) {
        assertTrue(cell.length() > 2 && cell.startsWith("`") && cell.endsWith("`"), "no code in the cell " + cell);
        return cell.substring(1, cell.length() - 1);
    }
}
