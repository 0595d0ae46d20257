package metarl.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The numbers of a run in long form: step, task, metric, value. It holds no times, so that equal runs have equal bytes.
 *
 * <p>Metrics: per test task {@code testReturn} and {@code testMeasure} (before adaptation), {@code unadaptedReturn}, {@code adaptedReturn},
 * {@code unadaptedMeasure}, {@code adaptedMeasure} (the same tasks before and after adaptation), {@code ess} (ESS/n of the old data's
 * weights) and {@code lambda}; per collected episode {@code trainReturn}, then what the method says of it
 * ({@link metarl.agent.Learner#numbers}), such as {@code transferredFrom}; per round {@code criticLoss} and {@code actorLoss}.
 */
public final class MetricLog {
    private static final String HEADER = "step,task,metric,value\n";

    private final List<LogRow> rows = new ArrayList<>();

    /** Appends a row. */
    void add(LogRow row) {
        rows.add(row);
    }

    /** All rows in order. */
    public List<LogRow> rows() {
        return List.copyOf(rows);
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }

    /** All rows as a table. */
    public Table table() {
        var step = LongColumn.create("step");
        var task = StringColumn.create("task");
        var metric = StringColumn.create("metric");
        var value = DoubleColumn.create("value");
        for (LogRow r : rows) {
            step.append(r.step());
            task.append(r.task());
            metric.append(r.metric());
            value.append(r.value());
        }
        return Table.create("log", step, task, metric, value);
    }

    /** The file's text, with quotes as in RFC 4180 where a name needs them. */
    String csv() {
        var text = new StringBuilder(HEADER);
        for (LogRow r : rows) text.append(r.step() + "," + cell(r.task()) + "," + cell(r.metric()) + "," + r.value() + "\n");
        return text.toString();
    }

    private static String cell(String text) {
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r') ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /**
     * Reads the first {@code count} rows of what {@link #csv} wrote.
     *
     * @throws IOException if it is something else, or has fewer rows
     */
    static MetricLog parse(String csv, int count) throws IOException {
        if (!csv.startsWith(HEADER)) throw new IOException("expected the header " + HEADER.trim());
        var log = new MetricLog();
        var cells = new ArrayList<String>();
        for (int at = HEADER.length(); log.size() < count && at < csv.length();) {
            at = cell(csv, at, cells);
            if (csv.charAt(at - 1) == ',') continue;
            log.add(row(cells, log.size() + 1));
            cells.clear();
        }
        if (log.size() < count) throw new IOException("it has " + log.size() + " whole rows, the checkpoint expects " + count);
        return log;
    }

    /** Adds the cell that begins at {@code from}; returns where the next one begins. */
    private static int cell(String csv, int from, List<String> cells) throws IOException {
        int end = from;
        if (csv.charAt(from) == '"') {
            for (end++; end < csv.length() && (csv.charAt(end) != '"' || csv.startsWith("\"\"", end)); end++)
                if (csv.charAt(end) == '"') end++;
            if (end < csv.length()) cells.add(csv.substring(from + 1, end++).replace("\"\"", "\""));
        } else {
            while (end < csv.length() && csv.charAt(end) != ',' && csv.charAt(end) != '\n') end++;
            cells.add(csv.substring(from, end));
        }
        if (end >= csv.length() || csv.charAt(end) != ',' && csv.charAt(end) != '\n')
            throw new IOException("it breaks off or is damaged after '" + csv.substring(from, Math.min(end, from + 50)) + "'");
        return end + 1;
    }

    private static LogRow row(List<String> cells, int number) throws IOException {
        try {
            if (cells.size() == 4)
                return new LogRow(Long.parseLong(cells.get(0)), cells.get(1), cells.get(2), Double.parseDouble(cells.get(3)));
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IOException("row " + number + ": expected step,task,metric,value, found " + cells);
    }
}
