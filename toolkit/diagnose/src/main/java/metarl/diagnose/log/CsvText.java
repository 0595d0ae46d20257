package metarl.diagnose.log;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Text parted into records and cells as RFC 4180 says: cells by a delimiter, records by line feed, carriage return or both, except within
 * quotes, where quotes are doubled. Nothing is trimmed, skipped or repaired: a record that the rules do not fit has a {@link #fault}. If it
 * began a quote and ran over several lines, only its first line counts as the record, and reading goes on with the next line, so that one
 * quote cannot take the rest of the file with it.
 */
final class CsvText implements AutoCloseable {
    /** What is wrong with a record. */
    enum Fault {
        /** A quote was opened that nothing closes. */
        OPEN_QUOTE("cannot be parted into cells (is a quote left open?)"),
        /** A quote was closed, and then something other than a delimiter or the end of the line followed. */
        AFTER_QUOTE("goes on after a closing quote (quotes within quotes must be doubled)"),
        /** It spans lines each of which looks like a row of its own. */
        ROWS_IN_QUOTES("has a quote around lines that look like rows (is a quote left open?)");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        /** Such as "goes on after a closing quote". */
        String words() {
            return words;
        }
    }

    /** Characters that a record may have. */
    static final int LONGEST_RECORD = 1 << 22;
    private static final char QUOTE = '"';
    /** Characters read at a time. */
    private static final int STRETCH = 1 << 16;

    private final Reader source;
    private final char delimiter;
    private final boolean backslash;
    private char[] buffer = new char[STRETCH];
    /** All other positions are relative to it, because characters move in the buffer. */
    private int start;
    private int position;
    private int limit;
    private boolean ended;
    private boolean tooLong;
    private int cells;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private boolean[] escaped = new boolean[16];
    private int length;
    private int firstLineEnd;
    private long line = 1;
    private long firstLine;
    private long lines;
    private Fault fault;
    private long faultLine;
    private boolean afterBackslash;

    /**
     * Starts at the beginning of a text.
     *
     * @param backslash whether a backslash within quotes takes the next character as it is, as Spark and MySQL write quotes
     */
    CsvText(Reader source, char delimiter, boolean backslash) {
        this.source = source;
        this.delimiter = delimiter;
        this.backslash = backslash;
    }

    /** Passes over a line, whatever it holds; false at the end. */
    boolean skipLine() throws IOException {
        begin();
        if (position == limit && !fill()) return false;
        while (position < limit || fill()) {
            char c = buffer[position];
            if (c == '\n' || c == '\r') break;
            // no need to keep it
            start = ++position;
        }
        endLine();
        return true;
    }

    private void begin() {
        start = position;
        firstLine = line;
        firstLineEnd = -1;
        lines = 1;
        cells = 0;
        fault = null;
    }

    /**
     * Steps to the next record; false at the end.
     *
     * @throws IllegalStateException if it has more than {@link #LONGEST_RECORD} characters
     */
    boolean next() throws IOException {
        begin();
        if (position == limit && !fill()) return false;
        boolean more = true;
        while (more) more = (position < limit || fill()) && buffer[position] == QUOTE ? quoted() : plain(position - start);
        if (tooLong && fault == null && firstLineEnd >= 0) fault(Fault.OPEN_QUOTE, firstLine);
        if (tooLong && firstLineEnd < 0)
            throw new IllegalStateException("line " + firstLine + " is longer than " + LONGEST_RECORD + " characters");
        if (fault != null) keepFirstLine();
        return true;
    }

    /** Marks the record as one quote around several rows. */
    void rowsInQuotes() {
        fault(Fault.ROWS_IN_QUOTES, firstLine);
        keepFirstLine();
    }

    private void fault(Fault kind, long where) {
        if (fault != null) return;
        fault = kind;
        faultLine = where;
    }

    private void keepFirstLine() {
        if (firstLineEnd < 0) return;
        position = start + firstLineEnd;
        length = firstLineEnd;
        line = firstLine + 1;
        lines = 1;
        tooLong = false;
    }

    /** Reads up to a delimiter or the end of the line; false at the latter. */
    private boolean plain(int begin) throws IOException {
        int at = position;
        while (true) {
            char[] text = buffer;
            for (int end = limit; at < end; at++) {
                char c = text[at];
                if (c == delimiter) {
                    add(begin, at - start, false);
                    position = at + 1;
                    return true;
                }
                if (c == '\n' || c == '\r') {
                    add(begin, at - start, false);
                    position = at;
                    endLine();
                    return false;
                }
            }
            position = at;
            if (!fill()) {
                add(begin, position - start, false);
                length = position - start;
                return false;
            }
            at = position;
        }
    }

    private boolean quoted() throws IOException {
        int begin = position + 1 - start;
        long opened = line;
        boolean escapes = false;
        position++;
        while (position < limit || fill()) {
            char c = buffer[position];
            if (c == QUOTE) {
                boolean last = position + 1 == limit && !fill();
                char next = last ? '\n' : buffer[position + 1];
                if (next == QUOTE) {
                    escapes = true;
                    position += 2;
                    continue;
                }
                return closed(begin, next, escapes, opened);
            }
            if (c == '\n' || c == '\r') lineWithin(c);
            else if (backslash && c == '\\' && (position + 1 < limit || fill())) {
                escapes = true;
                if (buffer[position + 1] != '\n' && buffer[position + 1] != '\r') position++;
            }
            position++;
        }
        fault(Fault.OPEN_QUOTE, opened);
        add(begin, position - start, escapes);
        length = position - start;
        return false;
    }

    /** Behind the cell's last quote, which the reader stands on. */
    private boolean closed(int begin, char next, boolean escapes, long opened) throws IOException {
        int end = position - start;
        position++;
        if (next == delimiter) {
            add(begin, end, escapes);
            position++;
            return true;
        }
        if (next == '\n' || next == '\r') {
            add(begin, end, escapes);
            endLine();
            return false;
        }
        fault(Fault.AFTER_QUOTE, opened);
        afterBackslash |= end > 0 && buffer[start + end - 1] == '\\';
        return firstLineEnd < 0 && plain(begin);
    }

    private void lineWithin(char c) {
        int after = position + 1 - start;
        // the second half of a line's end
        if (c == '\n' && buffer[position - 1] == '\r') {
            if (firstLineEnd == after - 1) firstLineEnd = after;
            return;
        }
        if (firstLineEnd < 0) firstLineEnd = after;
        line++;
        lines++;
    }

    private void endLine() throws IOException {
        length = position - start;
        line++;
        if (position == limit) return;
        boolean carriage = buffer[position++] == '\r';
        if (carriage && (position < limit || fill()) && buffer[position] == '\n') position++;
    }

    private void add(int begin, int end, boolean escapes) {
        if (cells == from.length) {
            from = Arrays.copyOf(from, 2 * cells);
            to = Arrays.copyOf(to, 2 * cells);
            escaped = Arrays.copyOf(escaped, 2 * cells);
        }
        from[cells] = begin;
        to[cells] = end;
        escaped[cells++] = escapes;
    }

    /** Reads on behind what is there, moving this record to the front; false at the end, or if the record is too long. */
    private boolean fill() throws IOException {
        if (ended) return false;
        if (limit - start > LONGEST_RECORD) {
            tooLong = true;
            return false;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            position -= start;
            limit -= start;
            start = 0;
        }
        if (limit == buffer.length) buffer = Arrays.copyOf(buffer, 2 * limit);
        int count = source.read(buffer, limit, Math.min(STRETCH, buffer.length - limit));
        ended = count < 0;
        if (!ended) limit += count;
        return !ended;
    }

    /** Cells of the record. */
    int cells() {
        return cells;
    }

    /** The text of a cell, without quotes around it; null if there is none or it is blank. */
    String cell(int index) {
        if (index >= cells) return null;
        int begin = start + from[index], end = start + to[index];
        int at = begin;
        while (at < end && NumberText.blank(buffer[at])) at++;
        if (at == end) return null;
        return escaped[index] ? unescaped(begin, end) : new String(buffer, begin, end - begin);
    }

    private String unescaped(int begin, int end) {
        var text = new StringBuilder(end - begin);
        for (int at = begin; at < end; at++) {
            boolean escape = buffer[at] == QUOTE
                || backslash && buffer[at] == '\\' && at + 1 < end && buffer[at + 1] != '\n' && buffer[at + 1] != '\r';
            if (escape) at++;
            text.append(buffer[at]);
        }
        return text.toString();
    }

    /** A cell as a number, as {@link NumberText#parse}; NaN if there is none. */
    double number(int index) {
        return index >= cells || escaped[index] ? Double.NaN : NumberText.parse(buffer, start + from[index], start + to[index]);
    }

    /** The record as it stands in the text, without the end of its line. */
    String raw() {
        return new String(buffer, start, length);
    }

    /** Whether the record is a line with nothing on it, or nothing but blanks. */
    boolean blank() {
        return fault == null && cells == 1 && from[0] == 0 && cell(0) == null;
    }

    /** Lines that the record runs over. */
    long lines() {
        return lines;
    }

    /** The line where the record begins, from 1. */
    long line() {
        return firstLine;
    }

    /** What is wrong with the record; null if nothing is. */
    Fault fault() {
        return fault;
    }

    /** The line of the fault: where its quote was opened. */
    long faultLine() {
        return faultLine;
    }

    /** Whether a quote that ended too early came behind a backslash, in this record or one before. */
    boolean afterBackslash() {
        return afterBackslash;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
