package metarl.diagnose.log;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import metarl.basics.Findings;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The account of a log's rows: how many there are, which cannot be used and why, and what else the file holds. Every record of a file is a
 * row, a comment or a blank line, and every row can be used or is counted as bad.
 *
 * @param rows rows of the file
 * @param bad rows with at least one fault
 * @param faults every kind of fault, in the order they were met
 * @param comments lines above the header that begin with #
 * @param blankLines lines with nothing on them
 * @param notes what was found about the file beside its rows, such as where its comments are
 */
public record BadRows(long rows, long bad, List<Fault> faults, long comments, long blankLines, List<String> notes) implements Findings {
    /** What leaving rows out may mean, behind what was left out. */
    static final String CONSEQUENCE = "; if they fail because of the action or the reward, every estimate is wrong.";

    BadRows(long rows, long bad, List<Fault> faults) {
        this(rows, bad, faults, 0, 0, List.of());
    }

    /**
     * One kind of fault.
     *
     * @param column what the column holds and its name, such as "propensity 'pscore'"
     * @param problem such as "is above 1"
     * @param count rows with it
     * @param first the first few of them, counted from 1 below the header, with the text of the cell where it tells more than the problem
     *     does
     */
    public record Fault(String column, String problem, long count, List<String> first) {
        @Override
        public String toString() {
            String more = count > first.size() ? String.format(Locale.ROOT, " and %,d more", count - first.size()) : "";
            return column + " " + problem + " in " + (count == 1 ? "row " : "rows ") + String.join(", ", first) + more;
        }
    }

    /** How many rows, and what is wrong with them. */
    public String sentence() {
        if (bad == 0) return String.format(Locale.ROOT, "All %,d rows can be used.", rows);
        return String.format(Locale.ROOT, "%,d of %,d rows cannot be used: %s.", bad, rows,
            faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    }

    /** One row per kind of fault. */
    @Override
    public Table summary() {
        var table = Table.create("rows that cannot be used: " + bad + " of " + rows, StringColumn.create("column"),
            StringColumn.create("problem"), LongColumn.create("rows"),
            StringColumn.create("first"));
        for (Fault fault : faults) {
            table.stringColumn("column").append(fault.column);
            table.stringColumn("problem").append(fault.problem);
            table.longColumn("rows").append(fault.count);
            table.stringColumn("first").append(String.join(", ", fault.first));
        }
        return table;
    }

    @Override
    public String toString() {
        return words();
    }

    /** {@link #sentence()} and the notes. */
    @Override
    public String words() {
        return notes.isEmpty() ? sentence() : sentence() + " " + String.join(" ", notes);
    }
}
