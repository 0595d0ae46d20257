package metarl.notebook;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import metarl.basics.Figures;
import metarl.sweep.SweepBoard;
import metarl.sweep.SweepListener;
import metarl.sweep.SweepRow;

/**
 * Shows how the runs of a sweep stand. In a notebook one bar, and below it a table of what runs and what failed, renewed once a second;
 * elsewhere a line for each run that begins, ends or fails, and one about all of them every 30 seconds.
 */
public final class SweepTable implements SweepListener {
    private static final long TERMINAL_NANOS = 30_000_000_000L;

    private final Kernel.Output output = Kernel.current().output();
    private final Map<String, SweepRow.State> told = new HashMap<>();
    private long said = System.nanoTime();

    @Override
    public void changed(SweepBoard board) {
        if (Kernel.current().isNotebook()) output.show(bundle(board, board.words()));
        else say(board, System.nanoTime() - said >= TERMINAL_NANOS, board.words());
    }

    @Override
    public void ended(SweepBoard board) {
        if (Kernel.current().isNotebook()) output.show(bundle(board, board.wordsAtEnd()));
        else say(board, true, board.wordsAtEnd());
    }

    static Map<String, Object> bundle(SweepBoard board, String words) {
        Map<String, Object> bundle = ProgressBar.bundle(board.part(), words);
        var going = board.going();
        if (going.rowCount() == 0) return bundle;
        for (String type : new String[] {"text/plain", "text/html"})
            bundle.computeIfPresent(type, (t, line) -> line + "\n" + Display.bundle(going).get(t));
        return bundle;
    }

    private void say(SweepBoard board, boolean all, String words) {
        // what stood so before this sitting is no news
        boolean first = told.isEmpty();
        for (SweepRow row : board.rows()) {
            SweepRow.State before = told.put(row.name(), row.state());
            if (before != row.state() && row.state() != SweepRow.State.WAITING && !(first && row.state() == SweepRow.State.DONE))
                System.out.println(line(row, board.metric()));
        }
        if (!all && !first) return;
        said = System.nanoTime();
        System.out.println(words);
    }

    static String line(SweepRow row, String metric) {
        return row.name() + ": " + switch (row.state()) {
            case DONE -> "done" + (Double.isNaN(row.score(metric)) ? "" : ", " + metric + " " + Figures.number(row.score(metric), 4))
                + String.format(Locale.ROOT, ", %.0f s", row.seconds());
            case FAILED -> "failed, " + row.error();
            case RUNNING -> String.format(Locale.ROOT, "running, step %,d of %,d", row.step(), row.steps());
            case WAITING -> "waiting";
        };
    }
}
