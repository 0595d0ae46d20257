package metarl.diagnose.log;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows of a log whose cells are checked as they are read; what is wrong goes into an account instead of ending the reading, so that the
 * user sees all of it at once.
 */
final class CheckedRows implements AutoCloseable {
    private static final int FIRST = 5;
    private static final int ROWS_PER_LOOK = 1 << 14;
    private static final double NEAR_ONE = 1.05;
    private static final double PERCENT_LIKE = 10;
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?[0-9.]*,[0-9]+([eE][-+]?[0-9]+)?");
    private static final Pattern THOUSANDS = Pattern.compile("[-+]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]*)?");
    private static final Pattern PERCENT = Pattern.compile("[-+]?[0-9.]+\\s*%");
    private static final int KINDS_OF_TEXT = 3;
    /** More bad rows than this part are no accident. */
    private static final double MANY = 0.2;

    private final Path path;
    private final LogRows rows;
    private final ReadingProgress progress;
    private final int width;
    private final FaultCounts faults = new FaultCounts(Integer.MAX_VALUE);
    private long row;
    private long bad;
    private boolean good = true;
    private List<LogColumn> selected = List.of();
    private final boolean[] positive;
    private final boolean[] negative;
    private final double[] largest;
    private final Set<String> hints = new LinkedHashSet<>();
    private final Set<String> kindsOfText = new LinkedHashSet<>();
    private final Map<LogColumn, String> hintsOnColumns = new LinkedHashMap<>();
    /** Rows that have so many cells more than the header, or fewer, if all bad ones have; 0 before the first. */
    private int surplus;
    private long surplusRows;

    /**
     * Opens a file.
     *
     * @param delimiter between the cells of a CSV file; 0 if it is to be found
     * @param progress is told what part has been read, from the second second on, twice a second; null to show it as any other activity
     */
    CheckedRows(Path path, Charset encoding, char delimiter, DoubleConsumer progress) {
        this.path = path;
        rows = LogRows.open(path, encoding == null ? StandardCharsets.UTF_8 : encoding, delimiter);
        this.progress = new ReadingProgress("reading " + path.getFileName(), progress);
        width = columns().size();
        positive = new boolean[width];
        negative = new boolean[width];
        largest = new double[width];
    }

    /** A file that Java's memory could not hold; nothing of it is kept. */
    static IllegalStateException tooLarge(Path path, OutOfMemoryError e) {
        return new IllegalStateException(String.format(Locale.ROOT,
            "Java ran out of memory while reading %s; it may take %,d MB (-Xmx). Expected is a log that fits: read fewer columns or rows, "
                + "or judge weights by StreamedWeights, which keeps no rows",
            path, Runtime.getRuntime().maxMemory() >> 20), e);
    }

    List<String> columns() {
        return rows.columns();
    }

    void select(Collection<LogColumn> columns) {
        selected = List.copyOf(columns);
        rows.select(columns.stream().mapToInt(LogColumn::index).toArray());
    }

    /** Steps to the next row that can be parted into as many cells as the header has. */
    boolean next() {
        if (row % ROWS_PER_LOOK == 0) progress.reach(rows.fraction());
        if (!good) bad++;
        good = true;
        while (rows.next()) {
            row++;
            if (rows.fault() == null && rows.cells() == width) return true;
            passOver();
            bad++;
            good = true;
        }
        progress.end();
        return false;
    }

    private void passOver() {
        if (rows.fault() != null) {
            fault("the row", rows.fault(), "line " + rows.line());
            return;
        }
        int more = rows.cells() - width;
        surplus = surplusRows++ == 0 || surplus == more ? more : 0;
        String first = rows.text(0);
        for (int i = 0; i < rows.cells() && surplusRows <= FaultCounts.FIRST; i++) hintOnText(rows.text(i));
        if (first != null && first.startsWith("#"))
            hints.add("Comments may stand above the header only: below it, a line that begins with # is a row.");
        fault("the row", "has not as many cells as the header, " + width + ",", "" + rows.cells());
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
        if (text == null) fault(column, FaultCounts.BLANK, "");
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
        if (value == 0) fault(column, FaultCounts.NEVER, "");
        return value;
    }

    /** How likely something is: at least 0 and, where it is a probability, at most 1; what is above it by {@link Rounding} is 1. */
    double atMostOne(LogColumn column, boolean density) {
        double value = finite(column);
        if (value > 0) positive[column.index()] = true;
        if (value < 0) {
            negative[column.index()] = true;
            fault(column, FaultCounts.NEGATIVE, rows.text(column.index()));
        }
        if (density || !(value > 1)) return value;
        if (Rounding.aboveOne(value)) {
            largest[column.index()] = Math.max(largest[column.index()], value);
            fault(column, FaultCounts.ABOVE_ONE, rows.text(column.index()));
        }
        return Rounding.toOne(value);
    }

    private void faultOfNoNumber(LogColumn column, double value) {
        String text = rows.text(column.index());
        if (text != null && Double.isInfinite(value)) {
            if (value < 0) negative[column.index()] = true;
            fault(column, FaultCounts.INFINITE, "");
            return;
        }
        String problem = FaultCounts.problem(text);
        boolean told = problem.equals(FaultCounts.NO_NUMBER);
        if (told) hintOnText(text);
        fault(column, problem, told ? text : "");
    }

    private void hintOnText(String text) {
        String plain = text == null ? "" : text.strip();
        if (plain.startsWith("\"") && !text.startsWith("\""))
            hints.add(
                "Some quotes have a blank in front of them, and so belong to the cell: take out the blanks between delimiter and quote.");
        if (kindsOfText.size() == KINDS_OF_TEXT) return;
        if (DECIMAL_COMMA.matcher(plain).matches() && kindsOfText.add("comma"))
            hints.add("Decimal commas, as in " + plain + ": expected decimal points; write the file again with points, in Python by "
                + "pandas.read_csv(path, sep=';', decimal=',').to_csv(…, index=False).");
        else if (THOUSANDS.matcher(plain).matches() && kindsOfText.add("thousands"))
            hints.add("Commas within numbers, as in " + plain + ": expected numbers without them.");
        else if (PERCENT.matcher(plain).matches() && kindsOfText.add("percent"))
            hints.add("Percentages, as in " + plain + ": expected numbers from 0 to 1, without the sign.");
    }

    /** A sentence that is told if there are bad rows. */
    void hint(String sentence) {
        hints.add(sentence);
    }

    /** A sentence that is told if a column has faults. */
    void hintOn(LogColumn column, String sentence) {
        if (column != null) hintsOnColumns.put(column, sentence);
    }

    void fault(LogColumn column, String problem, String text) {
        fault(column.toString(), problem, text);
    }

    private void fault(String column, String problem, String text) {
        good = false;
        faults.add(row, column, problem, text);
    }

    /**
     * A fault that only all rows together show.
     *
     * @param count rows with it
     * @param first the first few of them, by number, with what they hold
     * @param goodBefore how many of them had no other fault
     */
    void faultFoundLater(LogColumn column, String problem, long count, List<String> first, long goodBefore) {
        faults.addLater(column.toString(), problem, count, first);
        bad += goodBefore;
    }

    /**
     * The account, after the last row.
     *
     * @throws IllegalArgumentException if there were no rows, if some are bad and they are not to be dropped, or if none is left
     */
    BadRows account(boolean drop) {
        var account = new BadRows(row, bad, faults.list(), rows.comments(), rows.blankLines(), List.copyOf(rows.notes()));
        require(path.toString(), account, drop, this::hints);
        return account;
    }

    /** @throws IllegalArgumentException if there were no rows, if some are bad and they are not to be dropped, or if none is left */
    static void require(String source, BadRows account, boolean drop, Supplier<List<String>> hints) {
        long row = account.rows(), bad = account.bad();
        if (row == 0) throw new IllegalArgumentException(source + " holds a header but no rows; expected at least one");
        if (bad == 0 || bad < row && drop) return;
        String found = source + ": " + Stream.concat(Stream.of(account.words()), hints.get().stream()).collect(Collectors.joining(" "));
        if (bad == row) throw new IllegalArgumentException(found + " No row is left: are these the right columns?");
        throw new IllegalArgumentException(
            found + " Repair the log" + (bad > MANY * row ? ": so many should not be left out by" : ", or keep going without them by")
                + " .dropBad(), which is harmless only if they fail by chance and not because of the action or the reward.");
    }

    private List<String> hints() {
        var found = new ArrayList<>(hints);
        found.addAll(rows.hints());
        if (surplus != 0 && surplusRows == row)
            found.add(surplus == 1
                ? "Every row has one cell more than the header: is a name for the first column missing in it, or does every row "
                    + "end with a delimiter, or are there decimal commas?"
                : "Every row has " + (surplus + width) + " cells, the header " + width
                    + ": is the first line the header, or are there decimal "
                    + "commas?");
        faults.columns().forEach(name -> numbers(name).ifPresent(found::add));
        hintsOnColumns.forEach((column, sentence) -> {
            if (faults.columns().contains(column.toString())) found.add(sentence);
        });
        return found;
    }

    /** What the numbers of a column look like, if not like probabilities. */
    private Optional<String> numbers(String name) {
        LogColumn column = selected.stream().filter(c -> c.toString().equals(name)).findFirst().orElse(null);
        if (column == null) return Optional.empty();
        if (negative[column.index()] && !positive[column.index()])
            return Optional.of(
                "No " + column + " is above 0: these look like logarithms. Write the probabilities themselves, in Python by numpy.exp(…).");
        double most = largest[column.index()];
        if (most > PERCENT_LIKE && most <= 100 && !negative[column.index()])
            return Optional
                .of("The largest " + column + " is " + NumberText.shown(most) + ": if these are percentages, divide them by 100.");
        if (most > 1 && most <= NEAR_ONE)
            return Optional.of("The largest " + column + " is " + NumberText.shown(most)
                + ": if that is rounding, write 1; rows whose choice was certain must not be left out.");
        return Optional.empty();
    }

    @Override
    public void close() {
        progress.close();
        rows.close();
    }
}
