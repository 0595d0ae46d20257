package metarl.diagnose.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A table on disk, read row by row in memory that does not grow: CSV, plain or packed by gzip, and Parquet. What a file is, its first bytes
 * tell, not its name.
 */
abstract class LogRows implements AutoCloseable {
    /**
     * Opens a file.
     *
     * @param encoding of the text of a CSV file; a byte order mark in the file overrides it
     * @param delimiter between its cells; 0 if it is to be found
     * @throws IllegalArgumentException if there is no such file, it is empty, or its first bytes are those of another kind of file
     */
    static LogRows open(Path path, Charset encoding, char delimiter) {
        if (Files.isDirectory(path))
            throw new IllegalArgumentException(path + " is a folder; expected a file: CSV, CSV packed by gzip, or Parquet");
        if (!Files.exists(path))
            throw new IllegalArgumentException("there is no file " + path.toAbsolutePath() + "; relative paths start at "
                + Path.of("").toAbsolutePath());
        byte[] head, tail;
        try (SeekableByteChannel file = Files.newByteChannel(path)) {
            head = bytes(file, 0, FileKind.HEAD);
            tail = bytes(file, Math.max(0, file.size() - 4), 4);
        } catch (IOException e) {
            throw new IllegalArgumentException(path + " cannot be read: " + e.getMessage(), e);
        }
        if (head.length == 0) throw new IllegalArgumentException(
            path + " is empty; expected a header with the names of the columns and a row per logged choice");
        if (FileKind.isParquet(head, tail)) return new ParquetRows(path);
        String other = FileKind.other(head);
        if (other != null) throw new IllegalArgumentException(path + " is " + other);
        return new CsvRows(path, encoding, delimiter, FileKind.isGzip(head));
    }

    private static byte[] bytes(SeekableByteChannel file, long from, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        file.position(from);
        while (bytes.hasRemaining() && file.read(bytes) >= 0) continue;
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Names of the columns, in order. */
    abstract List<String> columns();

    /** Must come once, before the first row: only the cells of these columns will be asked for. */
    abstract void select(int[] columns);

    /** Steps to the next row; false at the end. */
    abstract boolean next();

    /** How many cells the row has: as many as there are columns, unless the file is damaged. */
    abstract int cells();

    /** Why the row cannot be parted into cells, as the end of a sentence; null if it can. */
    String fault() {
        return null;
    }

    /** The line of the file that the row, or its fault, begins in; −1 where there are no lines. */
    long line() {
        return -1;
    }

    /** A cell of this row as text, null if it is blank. */
    abstract String text(int column);

    /** A cell of this row as a number; NaN if it is blank or no number. */
    double number(int column) {
        String text = text(column);
        return text == null ? Double.NaN : NumberText.parse(text);
    }

    /** Lines that are comments. */
    long comments() {
        return 0;
    }

    /** Lines with nothing on them, as far as they have been read. */
    long blankLines() {
        return 0;
    }

    /** Sentences on what was found beside the rows, as far as they have been read. */
    List<String> notes() {
        return List.of();
    }

    /** Sentences on why rows may be bad, as far as they have been read. */
    List<String> hints() {
        return List.of();
    }

    /** What part of the file has been read, from 0 to 1. */
    abstract double fraction();

    @Override
    public abstract void close();
}
