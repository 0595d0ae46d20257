package metarl.diagnose.log;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;

/**
 * Faults of rows by what they are: how many rows have each, and the first few of them. Counts of the parts of a log, merged in any order,
 * are those of the whole.
 */
final class FaultCounts {
    // what is wrong with a cell, in the words of an account
    static final String BLANK = "is blank", INFINITE = "is infinite", NEGATIVE = "is below 0", ABOVE_ONE = "is above 1",
        NEVER = "is 0, though it was chosen,", NO_NUMBER = "is not a number";
    /** So many rows are named of each kind. */
    static final int FIRST = 5;
    private static final int LONGEST_SHOWN = 60;
    private static final long NO_ROW = Long.MAX_VALUE;
    /** Words that say that there is nothing. */
    private static final Set<String> MISSING = Set.of("nan", "+nan", "-nan", "na", "n/a", "null", "none");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
    /** Kinds in the order in which a reader of the whole log would meet them. */
    private static final Comparator<Kind> FIRST_MET = Comparator.<Kind>comparingLong(k -> k.row).thenComparingInt(k -> k.place);

    /** A row and what its cell holds; of no row in particular it is {@link #NO_ROW}, and the text says it all. */
    private record Example(long row, String text) {
        String shown(LongUnaryOperator numbers) {
            if (row == NO_ROW) return text;
            long number = numbers.applyAsLong(row);
            return text.isEmpty() ? "" + number : number + " (" + text + ")";
        }
    }

    private static final class Kind {
        private final List<Example> first = new ArrayList<>();
        private long count;
        /** The first row with it, and how many other faults of that row were met before. */
        private long row = NO_ROW;
        private int place;
        private long last;

        private void add(Example example, int at) {
            if (example.row < row || first.isEmpty()) {
                row = example.row;
                place = at;
            }
            if (first.size() == FIRST && example.row >= first.get(FIRST - 1).row) return;
            first.add(example);
            first.sort(Comparator.comparingLong(Example::row));
            if (first.size() > FIRST) first.remove(FIRST);
        }
    }

    private final Map<String, Map<String, Kind>> kinds = new LinkedHashMap<>();
    private final int most;
    private int size;
    private long rows;
    private long lastRow;
    private int place;

    /** @param most kinds of faults that are counted apart */
    FaultCounts(int most) {
        this.most = most;
    }

    /** Rows with at least one fault. */
    long rows() {
        return rows;
    }

    /** The columns that have faults. */
    Set<String> columns() {
        return kinds.keySet();
    }

    /**
     * Counts a fault, once for each row; faults of one row come one after the other.
     *
     * @param text what the cell holds, where that tells more than the problem; may be empty
     * @throws IllegalArgumentException if there are too many kinds
     */
    void add(long row, String column, String problem, String text) {
        Kind kind = kind(column, problem);
        if (kind.count > 0 && kind.last == row) return;
        if (rows == 0 || lastRow != row) {
            rows++;
            lastRow = row;
            place = 0;
        }
        kind.add(new Example(row, shown(text)), place++);
        kind.last = row;
        kind.count++;
    }

    /** Counts what only all rows together show; it comes behind all else. */
    void addLater(String column, String problem, long count, List<String> first) {
        Kind kind = kind(column, problem);
        for (String text : first) kind.add(new Example(NO_ROW, text), place);
        kind.count += count;
        place++;
    }

    private Kind kind(String column, String problem) {
        Kind known = known(column, problem);
        if (known != null) return known;
        requireRoom(1, column, problem);
        size++;
        return kinds.computeIfAbsent(column, c -> new LinkedHashMap<>()).computeIfAbsent(problem, p -> new Kind());
    }

    private Kind known(String column, String problem) {
        Map<String, Kind> ofColumn = kinds.get(column);
        return ofColumn == null ? null : ofColumn.get(problem);
    }

    private void requireRoom(int more, String column, String problem) {
        if (size + more > most)
            throw new IllegalArgumentException("'" + column + " " + problem + "' would be one more than " + most
                + " kinds of faults; expected fewer: what differs from row to row is the text of a fault, not its problem");
    }

    /** A text with its control characters made visible, and not too long. */
    private static String shown(String text) {
        String visible = CONTROL.matcher(text).replaceAll("\ufffd");
        return visible.length() <= LONGEST_SHOWN ? visible : visible.substring(0, LONGEST_SHOWN) + "…";
    }

    /** What is wrong with a cell that holds no number: {@link #BLANK}, that it says so, or {@link #NO_NUMBER}. */
    static String problem(String text) {
        if (text == null || text.isBlank()) return BLANK;
        return MISSING.contains(text.strip().toLowerCase(Locale.ROOT)) ? "is " + text.strip() : NO_NUMBER;
    }

    /** Every kind, column by column, in the order in which they are met in the whole log. */
    List<BadRows.Fault> list() {
        return list(LongUnaryOperator.identity());
    }

    /** The same with other numbers for the rows, in the same order. */
    List<BadRows.Fault> list(LongUnaryOperator numbers) {
        var list = new ArrayList<BadRows.Fault>();
        Comparator<Map<String, Kind>> columns = Comparator.comparing(column -> column.values().stream().min(FIRST_MET).orElseThrow(),
            FIRST_MET);
        kinds.entrySet().stream().sorted(Map.Entry.comparingByValue(columns)).forEach(column -> column.getValue().entrySet().stream()
            .sorted(Map.Entry.comparingByValue(FIRST_MET)).forEach(problem -> {
                Kind kind = problem.getValue();
                list.add(new BadRows.Fault(column.getKey(), problem.getKey(), kind.count,
                    kind.first.stream().map(example -> example.shown(numbers)).toList()));
            }));
        return list;
    }

    /** @throws IllegalArgumentException if there are too many kinds in both */
    void requireRoom(FaultCounts other) {
        int more = 0;
        for (var column : other.kinds.entrySet()) for (String problem : column.getValue().keySet())
            if (known(column.getKey(), problem) == null) requireRoom(++more, column.getKey(), problem);
    }

    /** Adds the faults of other rows, for which there is room. */
    void merge(FaultCounts other) {
        other.kinds.forEach((column, problems) -> problems.forEach((problem, theirs) -> {
            Kind kind = kind(column, problem);
            for (Example example : theirs.first) kind.add(example, theirs.place);
            kind.count += theirs.count;
        }));
        if (rows == 0) {
            lastRow = other.lastRow;
            place = other.place;
        }
        rows += other.rows;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(rows);
        out.writeLong(lastRow);
        out.writeInt(place);
        out.writeInt(size);
        for (var column : kinds.entrySet()) for (var problem : column.getValue().entrySet()) {
            out.writeUTF(column.getKey());
            out.writeUTF(problem.getKey());
            Kind kind = problem.getValue();
            out.writeLong(kind.count);
            out.writeLong(kind.row);
            out.writeInt(kind.place);
            out.writeLong(kind.last);
            out.writeByte(kind.first.size());
            for (Example example : kind.first) {
                out.writeLong(example.row);
                out.writeUTF(example.text);
            }
        }
    }

    /** @throws IOException if they were damaged */
    static FaultCounts read(DataInputStream in, int most) throws IOException {
        var faults = new FaultCounts(most);
        faults.rows = in.readLong();
        faults.lastRow = in.readLong();
        faults.place = in.readInt();
        int size = in.readInt();
        if (faults.rows < 0 || size < 0 || size > most) throw new IOException("found " + size + " kinds of faults in " + faults.rows
            + " rows; expected at most " + most);
        for (int i = 0; i < size; i++) {
            Kind kind = faults.kind(in.readUTF(), in.readUTF());
            kind.count = in.readLong();
            kind.row = in.readLong();
            kind.place = in.readInt();
            kind.last = in.readLong();
            int first = in.readByte();
            if (kind.count < first || first < 1 || first > FIRST) throw new IOException("found " + first + " first rows of a fault of "
                + kind.count);
            for (int e = 0; e < first; e++) kind.first.add(new Example(in.readLong(), in.readUTF()));
        }
        return faults;
    }
}
