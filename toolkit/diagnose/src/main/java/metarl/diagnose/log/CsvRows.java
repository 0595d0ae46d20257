package metarl.diagnose.log;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Rows of a CSV file with a header, as RFC 4180 has them: cells parted by comma, semicolon, tab or |, whichever fits the first lines best,
 * or by the delimiter that was named. Every record of the file is a row, a comment above the header, or a blank line, and all are counted.
 */
final class CsvRows extends LogRows {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_COLUMNS = 20_000;
    /** Blanks, control characters and marks that cannot be seen. */
    private static final Pattern AROUND = Pattern.compile("^[\\s\\p{Z}\\p{Cc}\\p{Cf}]+|[\\s\\p{Z}\\p{Cc}\\p{Cf}]+$");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\s\\x01\\x1c-\\x1f]]");

    private final Path path;
    private final Charset encoding;
    /** The encoding, unless the file names another by its first bytes. */
    private Charset found;
    private final boolean packed;
    private final CsvDialect dialect;
    private final List<String> columns;
    private FileChannel file;
    private CsvText text;

    /** Where the first good row has numbers; null before it. */
    private boolean[] numeric;
    private long blankLines;
    private long firstBlank;
    /** Blank lines that are rows if another row follows. */
    private long waiting;
    private long firstWaiting;
    private boolean held;
    private boolean onBlank;

    CsvRows(Path path, Charset encoding, char delimiter, boolean packed) {
        this.path = path;
        this.encoding = encoding;
        found = encoding;
        this.packed = packed;
        try (Reader in = open()) {
            char[] head = new char[CsvDialect.HEAD];
            int length = 0, count = 0;
            while (count >= 0 && length < head.length) {
                count = in.read(head, length, head.length - length);
                length += Math.max(0, count);
            }
            dialect = CsvDialect.of(path, new String(head, 0, length), count < 0, delimiter);
        } catch (IOException e) {
            throw new IllegalArgumentException(unreadable(e), e);
        } finally {
            close();
        }
        try {
            columns = header();
        } finally {
            close();
        }
        if (columns.stream().allMatch(NumberText::isDecimal))
            throw new IllegalArgumentException(
                path + " begins with numbers (" + String.join(", ", columns) + "); expected a header: write the names of the columns into "
                    + "a first line");
    }

    private Reader open() throws IOException {
        file = FileChannel.open(path);
        InputStream raw = Channels.newInputStream(file), bytes = new BufferedInputStream(packed ? new GzipMembers(raw) : raw, BUFFER);
        bytes.mark(FileKind.HEAD);
        byte[] mark = bytes.readNBytes(FileKind.HEAD);
        bytes.reset();
        if (packed) refuseOther(mark);
        if (starts(mark, 0xef, 0xbb, 0xbf)) {
            bytes.skipNBytes(3);
            found = StandardCharsets.UTF_8;
        } else if (starts(mark, 0xff, 0xfe, 0, 0) || starts(mark, 0, 0, 0xfe, 0xff)) found = Charset.forName("UTF-32");
        else if (starts(mark, 0xff, 0xfe) || starts(mark, 0xfe, 0xff)) found = StandardCharsets.UTF_16;
        else if (encoding.equals(StandardCharsets.UTF_8) && FileKind.utf16(mark) != 0)
            throw new IllegalArgumentException(path + " seems to be text in UTF-16; say .encoding(StandardCharsets.UTF_16"
                + (FileKind.utf16(mark) > 0 ? "BE" : "LE") + ")");
        // the default would put question marks where bytes make no sense
        return new InputStreamReader(bytes,
            found.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private void refuseOther(byte[] mark) {
        if (mark.length == 0) throw new IllegalArgumentException(
            path + " is empty within its gzip; expected a header with the names of the columns and a row per logged choice");
        String other = FileKind.other(mark);
        if (other == null && FileKind.isGzip(mark)) other = "packed by gzip once more: unpack it";
        if (other == null && FileKind.isParquet(mark, new byte[0])) other = "a Parquet file: unpack it, Parquet needs no gzip around it";
        if (other != null) throw new IllegalArgumentException(path + " is packed by gzip, and what is in it is " + other);
    }

    private static boolean starts(byte[] bytes, int... with) {
        return bytes.length >= with.length && IntStream.range(0, with.length).allMatch(i -> (bytes[i] & 0xff) == with[i]);
    }

    /** Opens the file behind its header. */
    private List<String> header() {
        try {
            text = new CsvText(open(), dialect.delimiter(), dialect.backslash());
            for (int i = 0; i < dialect.skipped(); i++) text.skipLine();
            if (dialect.commentedHeader() != null) {
                try (var names = new CsvText(new StringReader(dialect.commentedHeader()), dialect.delimiter(), dialect.backslash())) {
                    names.next();
                    return names(names);
                }
            }
            text.next();
            if (text.fault() != null)
                throw new IllegalArgumentException(
                    path + ", line " + text.faultLine() + ": the header " + text.fault().words() + "; expected the names of the columns");
            return names(text);
        } catch (IOException | IllegalStateException e) {
            throw failure(e);
        }
    }

    private List<String> names(CsvText record) {
        if (record.cells() > MOST_COLUMNS)
            throw new IllegalArgumentException(
                path + ": the header has " + record.cells() + " cells; expected at most " + MOST_COLUMNS + ": is it a table at all?");
        if (CONTROL.matcher(record.raw()).find())
            throw new IllegalArgumentException(
                path + " holds control characters in its first line; expected text with the names of the columns: "
                    + "is it a table at all, or in a different encoding than " + found + "?");
        return IntStream.range(0, record.cells()).mapToObj(record::cell)
            .map(name -> name == null ? "" : AROUND.matcher(name).replaceAll("")).toList();
    }

    private IllegalArgumentException failure(Exception e) {
        close();
        if (e instanceof IOException io) return new IllegalArgumentException(unreadable(io), e);
        return new IllegalArgumentException(path + ": " + e.getMessage() + "; expected about "
            + (columns == null ? "as many cells as there are columns" : columns.size() + " cells")
            + ": is it a table at all?", e);
    }

    private String unreadable(IOException e) {
        return path + (e instanceof CharacterCodingException
            ? " is not text in " + found + "; save it as UTF-8, or name its encoding, as in .encoding(StandardCharsets.ISO_8859_1)"
            : " cannot be read to its end: " + e.getMessage());
    }

    @Override
    List<String> columns() {
        return columns;
    }

    @Override
    void select(int[] wanted) {
        header();
    }

    @Override
    boolean next() {
        onBlank = false;
        try {
            if (!held && !step()) return false;
        } catch (IOException | IllegalStateException e) {
            throw failure(e);
        }
        held = waiting > 0;
        if (!held) return true;
        waiting--;
        onBlank = true;
        return true;
    }

    /** Steps to the next record that is not blank. In a table of one column a blank line between rows is a row that lacks its cell. */
    private boolean step() throws IOException {
        while (text.next()) {
            if (text.blank()) {
                if (waiting++ == 0) firstWaiting = text.line();
                continue;
            }
            if (columns.size() > 1) passOver();
            if (text.fault() == null && text.cells() == columns.size()) compare();
            return true;
        }
        passOver();
        return false;
    }

    private void passOver() {
        if (blankLines == 0) firstBlank = firstWaiting;
        blankLines += waiting;
        waiting = 0;
    }

    private void compare() {
        if (numeric == null) {
            numeric = new boolean[columns.size()];
            for (int i = 0; i < numeric.length; i++) numeric[i] = text.number(i) == text.number(i);
        }
        if (text.lines() > 1 && text.raw().lines().allMatch(this::looksLikeARow)) text.rowsInQuotes();
    }

    /** Whether a line would be a row with numbers where the first row has them, whatever quotes are in it. */
    private boolean looksLikeARow(String line) {
        String[] cells = line.split(Pattern.quote("" + dialect.delimiter()), -1);
        if (cells.length != numeric.length) return false;
        boolean any = false;
        for (int i = 0; i < cells.length; i++) {
            if (!numeric[i]) continue;
            any = true;
            if (!NumberText.isDecimal(cells[i].replace("\"", ""))) return false;
        }
        return any;
    }

    @Override
    int cells() {
        return onBlank ? 1 : text.cells();
    }

    @Override
    String fault() {
        return onBlank || text.fault() == null ? null : text.fault().words();
    }

    @Override
    long line() {
        return onBlank ? -1 : text.fault() == null ? text.line() : text.faultLine();
    }

    @Override
    String text(int column) {
        return onBlank ? null : text.cell(column);
    }

    @Override
    double number(int column) {
        return onBlank ? Double.NaN : text.number(column);
    }

    @Override
    long comments() {
        return dialect.comments();
    }

    @Override
    long blankLines() {
        return dialect.blankLines() + blankLines;
    }

    @Override
    List<String> notes() {
        var notes = new ArrayList<>(dialect.notes());
        if (blankLines > 0)
            notes.add(blankLines == 1 ? "Line " + firstBlank + " is blank."
                : String.format(Locale.ROOT, "%,d lines are blank (the first is line %d).", blankLines, firstBlank));
        return notes;
    }

    @Override
    List<String> hints() {
        return text.afterBackslash() ? List.of("Quotes within quotes come behind a backslash in some rows: write them doubled.")
            : List.of();
    }

    @Override
    double fraction() {
        try {
            return file.isOpen() ? (double) file.position() / file.size() : 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (text != null) text.close();
            if (file != null) file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
