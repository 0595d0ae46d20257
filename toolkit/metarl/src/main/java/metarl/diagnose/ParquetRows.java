package metarl.diagnose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;

/** Rows of a Parquet file, a row group at a time: the columns that are numbers, truth values or text; nested ones and lists are passed over. */
final class ParquetRows extends LogRows {
    private final Path path;
    private final ParquetFileReader file;
    private final List<ColumnDescriptor> flat;
    private final ColumnReader[] readers;
    private int[] wanted = {};
    private long rowsDone;
    private long leftInGroup;
    private boolean onRow;

    ParquetRows(Path path) {
        this.path = path;
        try {
            var options = new ParquetReadOptions.Builder(new PlainParquetConfiguration()).withCodecFactory(new PageDecompression()).build();
            file = ParquetFileReader.open(new LocalInputFile(path), options);
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
        flat = file.getFileMetaData().getSchema().getColumns().stream().filter(c -> c.getPath().length == 1 && c.getMaxRepetitionLevel() == 0).toList();
        readers = new ColumnReader[flat.size()];
    }

    private IllegalArgumentException failure(Exception e) {
        return new IllegalArgumentException(path + " cannot be read as Parquet: " + e.getMessage() + "; write it again, without encryption and packed by zstd, snappy, "
            + "gzip or not at all", e);
    }

    @Override
    List<String> columns() {
        return flat.stream().map(c -> c.getPath()[0]).toList();
    }

    @Override
    void select(int[] columns) {
        wanted = Arrays.stream(columns).distinct().toArray();
        for (int column : wanted)
            if (flat.get(column).getPrimitiveType().getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation)
                throw new IllegalArgumentException(path + ", column '" + columns().get(column) + "' holds decimals; expected numbers of type double or integer: cast it "
                    + "before writing");
        MessageType all = file.getFileMetaData().getSchema();
        file.setRequestedSchema(new MessageType(all.getName(), Arrays.stream(wanted).mapToObj(c -> all.getType(flat.get(c).getPath()[0])).toList()));
    }

    @Override
    boolean next() {
        try {
            if (onRow) {
                for (int column : wanted) readers[column].consume();
                leftInGroup--;
                rowsDone++;
            }
            onRow = leftInGroup > 0 || openGroup();
            return onRow;
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
    }

    private boolean openGroup() throws IOException {
        PageReadStore group = file.readNextRowGroup();
        if (group == null) return false;
        leftInGroup = group.getRowCount();
        MessageType schema = file.getFileMetaData().getSchema();
        var store = new ColumnReadStoreImpl(group, new Unused(), schema, file.getFileMetaData().getCreatedBy());
        for (int column : wanted) readers[column] = store.getColumnReader(flat.get(column));
        return leftInGroup > 0 || openGroup();
    }

    /** Values are taken from the columns, not handed to a converter, but the library wants one. */
    private static final class Unused extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            return new PrimitiveConverter() { };
        }

        @Override
        public void start() { }

        @Override
        public void end() { }
    }

    @Override
    int cells() {
        return flat.size();
    }

    private boolean blank(int column) {
        return readers[column].getCurrentDefinitionLevel() < flat.get(column).getMaxDefinitionLevel();
    }

    @Override
    String text(int column) {
        if (blank(column)) return null;
        ColumnReader cell = readers[column];
        return switch (flat.get(column).getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> "" + cell.getInteger();
            case INT64 -> "" + cell.getLong();
            case FLOAT -> "" + cell.getFloat();
            case DOUBLE -> "" + cell.getDouble();
            case BOOLEAN -> "" + cell.getBoolean();
            default -> cell.getBinary().length() == 0 ? null : cell.getBinary().toStringUsingUTF8();
        };
    }

    @Override
    double number(int column) {
        if (blank(column)) return Double.NaN;
        ColumnReader cell = readers[column];
        return switch (flat.get(column).getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> cell.getInteger();
            case INT64 -> cell.getLong();
            case FLOAT -> cell.getFloat();
            case DOUBLE -> cell.getDouble();
            default -> super.number(column);
        };
    }

    @Override
    double fraction() {
        return (double) rowsDone / Math.max(1, file.getRecordCount());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
