package metarl.diagnose;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Rows of a log whose cells are checked as they are read; what is wrong goes into an account instead of ending the reading, so that the user sees all of it at once. */
final class CheckedRows implements AutoCloseable {
    private static final int FIRST = 5;
    private static final int ROWS_PER_LOOK = 1 << 14;

    private static final class Fault {
        private final List<String> first = new ArrayList<>();
        private long count;
        private long last = -1;
    }

    private final Path path;
    private final LogRows rows;
    private final ReadingProgress progress;
    private final Map<String, Map<String, Fault>> faults = new LinkedHashMap<>();
    private long row;
    private long bad;
    private boolean good = true;

    /**
     * Opens a file.
     *
     * @param progress is told what part has been read, from the second second on, twice a second; null to show it as any other activity
     */
    CheckedRows(Path path, Charset encoding, DoubleConsumer progress) {
        this.path = path;
        rows = LogRows.open(path, encoding == null ? StandardCharsets.UTF_8 : encoding);
        this.progress = new ReadingProgress("reading " + path.getFileName(), progress);
    }

    List<String> columns() {
        return rows.columns();
    }

    void select(Collection<LogColumn> columns) {
        rows.select(columns.stream().mapToInt(LogColumn::index).toArray());
    }

    /** Steps to the next row that has as many cells as the header. */
    boolean next() {
        if (row % ROWS_PER_LOOK == 0) progress.reach(rows.fraction());
        if (!good) bad++;
        good = true;
        while (rows.next()) {
            row++;
            if (rows.cells() == rows.columns().size()) return true;
            fault("the row", "has not as many cells as the header, " + rows.columns().size() + ",", "" + rows.cells());
            bad++;
            good = true;
        }
        progress.end();
        return false;
    }

    /** Whether nothing was wrong with the cells of this row that were asked for. */
    boolean good() {
        return good;
    }

    /** The number of this row, from 1. */
    long row() {
        return row;
    }

    /** A cell's text, "" if it is blank, which is a fault. */
    String label(LogColumn column) {
        String text = rows.text(column.index());
        if (text == null) fault(column, "is blank", "");
        return text == null ? "" : text;
    }

    /** A number; what is none, or not finite, is a fault. */
    double finite(LogColumn column) {
        double value = rows.number(column.index());
        if (!Double.isFinite(value)) faultOfNoNumber(column, value);
        return value;
    }

    /** How likely something was that was done: above 0 and, where it is a probability, at most 1. */
    double chosen(LogColumn column, boolean density) {
        double value = atMostOne(column, density);
        if (value == 0) fault(column, "is 0, though it was chosen,", "");
        return value;
    }

    /** How likely something is: at least 0 and, where it is a probability, at most 1. */
    double atMostOne(LogColumn column, boolean density) {
        double value = finite(column);
        if (value < 0) fault(column, "is below 0", rows.text(column.index()));
        if (value > 1 && !density) fault(column, "is above 1", rows.text(column.index()));
        return value;
    }

    private void faultOfNoNumber(LogColumn column, double value) {
        String text = rows.text(column.index());
        if (text == null) fault(column, "is blank", "");
        else if (Double.isInfinite(value)) fault(column, "is infinite", "");
        else if (text.equalsIgnoreCase("nan") || text.equalsIgnoreCase("na") || text.equalsIgnoreCase("null")) fault(column, "is " + text, "");
        else fault(column, "is not a number", text);
    }

    void fault(LogColumn column, String problem, String text) {
        fault(column.toString(), problem, text);
    }

    private void fault(String column, String problem, String text) {
        good = false;
        Fault fault = faults.computeIfAbsent(column, c -> new LinkedHashMap<>()).computeIfAbsent(problem, p -> new Fault());
        if (fault.last == row) return;
        fault.last = row;
        fault.count++;
        if (fault.first.size() < FIRST) fault.first.add(text.isEmpty() ? "" + row : row + " (" + text + ")");
    }

    /**
     * The account, after the last row.
     *
     * @throws IllegalArgumentException if there were no rows, if some are bad and they are not to be dropped, or if none is left
     */
    BadRows account(boolean drop) {
        if (row == 0) throw new IllegalArgumentException(path + " holds a header but no rows; expected at least one");
        var list = new ArrayList<BadRows.Fault>();
        faults.forEach((column, kinds) -> kinds.forEach((problem, fault) -> list.add(new BadRows.Fault(column, problem, fault.count, List.copyOf(fault.first)))));
        var account = new BadRows(row, bad, list);
        if (bad == row) throw new IllegalArgumentException(path + ": " + account.sentence() + " No row is left: are these the columns that were meant?");
        if (bad > 0 && !drop)
            throw new IllegalArgumentException(path + ": " + account.sentence()
                + " Repair the log, or keep going without them by .dropBad(), which is harmless only if they fail by accident and not because of what was chosen or paid.");
        return account;
    }

    @Override
    public void close() {
        progress.close();
        rows.close();
    }
}
