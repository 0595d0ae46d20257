package metarl.diagnose.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.api.PrimitiveConverter;

/**
 * Rows of a Parquet file, a page at a time: the columns that are numbers, truth values or text; nested ones and lists are passed over.
 * {@link ParquetCells} says what becomes of each type.
 *
 * <p>What a file says of itself is checked: the checksums of its pages and of what packed them, where it has them, and that types, counts,
 * sizes and places agree. Many writers leave checksums out (pyarrow writes them by {@code write_page_checksum=True}); then a number that
 * was damaged within its page is read as it stands, and nobody can know.
 */
final class ParquetRows extends LogRows {
    private final Path path;
    private final FileChannel file;
    private final ParquetFooter footer;
    private final ParsedVersion writer;
    private final int[] flat;
    private final ParquetCells[] cells;
    private final ColumnReader[] readers;
    private int[] wanted = {};
    private int group;
    private int column = -1;
    private long rowsDone;
    private long leftInGroup;
    private boolean onRow;

    ParquetRows(Path path) {
        this.path = path;
        FileChannel opened = null;
        try {
            opened = FileChannel.open(path);
            footer = ParquetFooter.read(opened);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            close(opened);
            throw failure(e);
        }
        file = opened;
        writer = writer(footer.createdBy());
        List<ColumnDescriptor> leaves = footer.leaves();
        flat = IntStream.range(0, leaves.size())
            .filter(c -> leaves.get(c).getPath().length == 1 && leaves.get(c).getMaxRepetitionLevel() == 0).toArray();
        cells = Arrays.stream(flat)
            .mapToObj(c -> ParquetCells.of(path + ", column '" + leaves.get(c).getPath()[0] + "'", leaves.get(c).getPrimitiveType(),
                footer.unknown()[c]))
            .toArray(ParquetCells[]::new);
        readers = new ColumnReader[flat.length];
    }

    /** Old versions of one writer need work-arounds. */
    private static ParsedVersion writer(String createdBy) {
        try {
            return VersionParser.parse(createdBy);
        } catch (VersionParseException | RuntimeException e) {
            return new ParsedVersion("unknown", null, null);
        }
    }

    private IllegalArgumentException failure(Throwable e) {
        if (e instanceof IllegalArgumentException told && told.getMessage() != null && told.getMessage().startsWith(path.toString()))
            return told;
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof ClosedByInterruptException)
                return new IllegalArgumentException(path + " was not read to its end: reading was interrupted", e);
        Throwable cause = e;
        // the decoder wraps our own refusals
        while (cause.getCause() != null && !(cause instanceof IllegalStateException || cause instanceof UnsupportedOperationException))
            cause = cause.getCause();
        String where = column < 0 ? "" : "row group " + group + ", column '" + columns().get(column) + "': ";
        boolean known = cause.getClass() == IllegalStateException.class;
        if (cause.getClass() == UnsupportedOperationException.class && cause.getMessage() != null)
            return new IllegalArgumentException(path + " cannot be read as Parquet: " + where + cause.getMessage()
                + "; write it again, without encryption and packed by zstd, snappy, gzip or not at all", e);
        return new IllegalArgumentException(
            path + " cannot be read as Parquet: " + where + (known ? cause.getMessage() : "its bytes make no sense (" + cause + ")")
                + ". The file is damaged: fetch it again, or write it again",
            e);
    }

    @Override
    List<String> columns() {
        return Arrays.stream(flat).mapToObj(c -> footer.leaves().get(c).getPath()[0]).toList();
    }

    @Override
    void select(int[] columns) {
        wanted = Arrays.stream(columns).distinct().toArray();
    }

    @Override
    boolean next() {
        try {
            if (onRow) {
                leftInGroup--;
                rowsDone++;
                if (leftInGroup > 0) for (int c : wanted) {
                    column = c;
                    // a value that nobody asked for would be the next row's
                    if (!blank(c)) readers[c].skip();
                    readers[c].consume();
                }
            }
            onRow = leftInGroup > 0 || openGroup();
            return onRow;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw failure(e);
        } finally {
            column = -1;
        }
    }

    private boolean openGroup() {
        while (group < footer.groups().size()) {
            RowGroup next = footer.groups().get(group++);
            leftInGroup = next.getNum_rows();
            if (leftInGroup == 0) continue;
            for (int c : wanted) {
                column = c;
                var pages = new ParquetPages(file, footer.leaves().get(flat[c]), next.getColumns().get(flat[c]).getMeta_data());
                readers[c] = new ColumnReaderImpl(footer.leaves().get(flat[c]), pages, new PrimitiveConverter() {}, writer);
                cells[c].range(next.getColumns().get(flat[c]).getMeta_data().getStatistics());
            }
            return true;
        }
        return false;
    }

    @Override
    int cells() {
        return flat.length;
    }

    private boolean blank(int column) {
        return readers[column].getCurrentDefinitionLevel() < readers[column].getDescriptor().getMaxDefinitionLevel();
    }

    @Override
    String text(int column) {
        if (blank(column)) return null;
        try {
            return cells[column].text(readers[column]);
        } catch (RuntimeException e) {
            this.column = column;
            throw failure(e);
        }
    }

    @Override
    double number(int column) {
        if (blank(column)) return Double.NaN;
        try {
            return cells[column].isText() ? super.number(column) : cells[column].number(readers[column]);
        } catch (RuntimeException e) {
            this.column = column;
            throw failure(e);
        }
    }

    @Override
    double fraction() {
        return (double) rowsDone / Math.max(1, footer.rows());
    }

    @Override
    public void close() {
        close(file);
    }

    private static void close(FileChannel file) {
        try {
            if (file != null) file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
