package metarl.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * {@code unadaptedMeasure}, {@code adaptedMeasure} (the same tasks before and after adaptation), {@code ess} (ESS/n of the old data's weights)
 * and {@code lambda}; per collected episode {@code trainReturn}; per round {@code criticLoss} and {@code actorLoss}.
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

    /** The file's text. */
    String csv() {
        var text = new StringBuilder(HEADER);
        for (LogRow r : rows) text.append(line(r));
        return text.toString();
    }

    private static String line(LogRow r) {
        return r.step() + "," + r.task() + "," + r.metric() + "," + r.value() + "\n";
    }

    /** Adds the rows from {@code from} on to the file. */
    void append(Path file, int from) throws IOException {
        var text = new StringBuilder(from == 0 ? HEADER : "");
        for (LogRow r : rows.subList(from, rows.size())) text.append(line(r));
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, from == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
    }

    /** Reads the first {@code count} rows of a file. */
    static MetricLog read(Path file, int count) throws IOException {
        var log = new MetricLog();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() < count + 1) throw new IOException(file + " has " + (lines.size() - 1) + " rows, the checkpoint expects " + count);
        for (String line : lines.subList(1, count + 1)) {
            String[] cells = line.split(",", -1);
            if (cells.length != 4) throw new IOException(file + ": expected step,task,metric,value, found '" + line + "'");
            log.add(new LogRow(Long.parseLong(cells[0]), cells[1], cells[2], Double.parseDouble(cells[3])));
        }
        return log;
    }
}
