package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import metarl.sweep.SweepBoard;
import metarl.sweep.SweepRow;
import org.junit.jupiter.api.Test;

class SweepTableTest {
    private static SweepRow row(long seed, SweepRow.State state, String error) {
        boolean done = state == SweepRow.State.DONE;
        return new SweepRow("points", "MQL", seed, state, 1_500, 10_000, 250, done ? 61.2 : Double.NaN,
            done ? Map.of("testReturn", -12.3456) : Map.of(), error);
    }

    private static final SweepRow DONE = row(1, SweepRow.State.DONE, ""), RUNNING = row(2, SweepRow.State.RUNNING, ""),
        FAILED = row(3, SweepRow.State.FAILED, "IllegalStateException: a < b"), WAITING = row(4, SweepRow.State.WAITING, "");

    @Test
    void aNotebookShowsABarAndWhatRunsAndFailed() {
        var board = new SweepBoard(List.of(DONE, RUNNING, FAILED, WAITING), "testReturn", 5);
        var html = (String) SweepTable.bundle(board, board.words()).get("text/html");
        assertTrue(html.startsWith("<progress value=\"0.575\""), html);
        assertTrue(html.contains("1 of 4 runs done, 1 running, 1 failed · 57 % of the steps · 68 s left"), html);
        assertTrue(html.contains("running") && html.contains("a &lt; b") && !html.contains("waiting") && !html.contains("-12"), html);
        var done = new SweepBoard(List.of(DONE), "testReturn", 5);
        var over = (String) SweepTable.bundle(done, done.wordsAtEnd()).get("text/html");
        assertTrue(over.contains("1 of 1 run done") && !over.contains("<table") && !over.contains("interrupted"), over);
    }

    @Test
    void oneThatWasInterruptedSaysWhatIsKept() {
        assertEquals(
            "interrupted with 1 of 3 runs done, 1 failed; each run that had begun is kept to its last checkpoint; run the cell again "
                + "to go on",
            new SweepBoard(List.of(DONE, FAILED, WAITING), "testReturn", 5).wordsAtEnd());
    }

    @Test
    void aTerminalHasALineForEachRun() {
        assertEquals("MQL on points, seed 1: done, testReturn -12.35, 61 s", SweepTable.line(DONE, "testReturn"));
        assertEquals("MQL on points, seed 2: running, step 1,500 of 10,000", SweepTable.line(RUNNING, "testReturn"));
        assertEquals("MQL on points, seed 3: failed, IllegalStateException: a < b", SweepTable.line(FAILED, "testReturn"));
        assertFalse(SweepTable.line(DONE, "speed").contains("speed"));
    }
}
