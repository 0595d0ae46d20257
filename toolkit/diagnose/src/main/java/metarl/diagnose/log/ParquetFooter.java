package metarl.diagnose.log;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TProtocolUtil;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * What the end of a Parquet file says of its columns. It has no checksum, but says much of it twice, so that most damage shows: types,
 * names and counts must agree, and the columns must lie apart within the file.
 *
 * @param leaves all columns, in order
 * @param unknown whether a column has an annotation that is not known here
 * @param groups row groups
 * @param rows of all of them
 * @param createdBy the program that wrote the file, or null
 */
record ParquetFooter(List<ColumnDescriptor> leaves, boolean[] unknown, List<RowGroup> groups, long rows, String createdBy) {
    private static final int DEEPEST = 64;
    private static final int TAIL = 8;
    private static final String MAGIC = "PAR1";

    static {
        // what is skipped is else followed as deep as it goes
        TProtocolUtil.setMaxSkipDepth(DEEPEST);
    }

    static ParquetFooter read(FileChannel file) throws IOException {
        long end = file.size() - TAIL;
        if (end < MAGIC.length()) throw new IllegalStateException("it is too short, " + file.size() + " bytes");
        ByteBuffer tail = bytes(file, end, TAIL);
        int length = tail.getInt();
        String magic = new String(tail.array(), 4, 4, StandardCharsets.ISO_8859_1);
        if (magic.equals("PARE")) throw new UnsupportedOperationException("it is encrypted");
        if (!magic.equals(MAGIC))
            throw new IllegalStateException("it does not end with " + MAGIC + ": it was cut short, or is no Parquet file");
        if (length <= 0 || length > end - MAGIC.length())
            throw new IllegalStateException("its footer would have " + length + " bytes, but the file has " + file.size());
        var bytes = new ByteArrayInputStream(bytes(file, end - length, length).array());
        FileMetaData metadata = new FileMetaData();
        thrift(metadata, bytes, length);
        if (metadata.isSetEncryption_algorithm()) throw new UnsupportedOperationException("it is encrypted");
        if (bytes.available() > 0) throw new IllegalStateException(bytes.available() + " bytes of its footer are left over");
        return of(metadata, end - length);
    }

    /** Bytes of a file, little-endian. */
    static ByteBuffer bytes(FileChannel file, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) if (file.read(bytes, at + bytes.position()) < 0) throw new EOFException("the file ends too early");
        return bytes.flip();
    }

    /** Reads a structure in which nothing can be longer than all of it. */
    static void thrift(TBase<?, ?> structure, ByteArrayInputStream bytes, int length) {
        try {
            structure.read(new TCompactProtocol(new TIOStreamTransport(new TConfiguration(length, length, DEEPEST), bytes)));
        } catch (TException e) {
            throw new IllegalStateException("its description cannot be parsed (" + e.getMessage() + ")", e);
        }
    }

    private static ParquetFooter of(FileMetaData metadata, long end) throws IOException {
        List<RowGroup> groups = metadata.getRow_groups();
        List<SchemaElement> elements = metadata.getSchema().stream().filter(SchemaElement::isSetType).toList();
        boolean[] unknown = new boolean[elements.size()];
        // an annotation younger than the library is there, but empty, which the library does not bear
        for (int c = 0; c < unknown.length; c++) unknown[c] = isUnknown(elements.get(c));
        for (SchemaElement element : metadata.getSchema()) if (isUnknown(element)) element.unsetLogicalType();
        FileMetaData columns = new FileMetaData(metadata.getVersion(), metadata.getSchema(), metadata.getNum_rows(), List.of());
        MessageType schema = new ParquetMetadataConverter().fromParquetMetadata(columns).getFileMetaData().getSchema();
        List<ColumnDescriptor> leaves = leaves(schema);
        if (leaves.size() != unknown.length) throw new IllegalStateException("its columns do not make a tree");
        for (int c = 0; c < unknown.length; c++) unknown[c] |= check(leaves.get(c).getPrimitiveType(), elements.get(c));
        long rows = 0;
        for (RowGroup group : groups) {
            if (group.getNum_rows() < 0) throw new IllegalStateException("a row group has " + group.getNum_rows() + " rows");
            rows = Math.addExact(rows, group.getNum_rows());
            if (group.getColumnsSize() != leaves.size())
                throw new IllegalStateException(
                    "a row group has " + group.getColumnsSize() + " columns where the file has " + leaves.size());
            for (int c = 0; c < unknown.length; c++) check(leaves.get(c), elements.get(c), group, c);
        }
        if (rows != metadata.getNum_rows())
            throw new IllegalStateException("its row groups hold " + rows + " rows, the file " + metadata.getNum_rows());
        checkPlaces(groups, end);
        return new ParquetFooter(leaves, unknown, groups, rows, metadata.getCreated_by());
    }

    private static boolean isUnknown(SchemaElement element) {
        return element.isSetLogicalType() && element.getLogicalType().getSetField() == null;
    }

    /** As {@code MessageType.getColumns}, which finds columns by name and so cannot tell two of one name apart. */
    private static List<ColumnDescriptor> leaves(MessageType schema) {
        var leaves = new ArrayList<ColumnDescriptor>();
        for (var field : schema.getFields()) {
            var alone = new MessageType(schema.getName(), field);
            leaves.addAll(alone.getColumns());
        }
        return leaves;
    }

    /** The older and the newer annotation of whole numbers must agree; returns whether there is one that is not known. */
    private static boolean check(PrimitiveType type, SchemaElement element) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        if (!element.isSetLogicalType() || !element.isSetConverted_type())
            return annotation == null && (element.isSetLogicalType() || element.isSetConverted_type());
        boolean whole = annotation instanceof IntLogicalTypeAnnotation;
        if (whole != element.getLogicalType().isSetINTEGER() || whole && !annotation.equals(LogicalTypeAnnotation.intType(
            element.getLogicalType().getINTEGER().getBitWidth(), element.getLogicalType().getINTEGER().isIsSigned())))
            throw new IllegalStateException("column '" + element.getName() + "' is said to be both " + element.getConverted_type() + " and "
                + element.getLogicalType());
        return annotation == null;
    }

    private static void check(ColumnDescriptor leaf, SchemaElement element, RowGroup group, int column) {
        String name = String.join(".", leaf.getPath());
        var chunk = group.getColumns().get(column);
        if (chunk.isSetCrypto_metadata() || !chunk.isSetMeta_data())
            throw new UnsupportedOperationException("column '" + name + "' is encrypted");
        if (chunk.isSetFile_path())
            throw new UnsupportedOperationException("column '" + name + "' lies in a different file, " + chunk.getFile_path());
        ColumnMetaData data = chunk.getMeta_data();
        if (!data.getPath_in_schema().equals(Arrays.asList(leaf.getPath())))
            throw new IllegalStateException(
                "column '" + name + "' is called '" + String.join(".", data.getPath_in_schema()) + "' in a row group");
        if (data.getType() != element.getType())
            throw new IllegalStateException("column '" + name + "' is said to hold both " + element.getType() + " and " + data.getType());
        if (leaf.getMaxRepetitionLevel() == 0 && data.getNum_values() != group.getNum_rows())
            throw new IllegalStateException(
                "column '" + name + "' has " + data.getNum_values() + " values in a row group of " + group.getNum_rows() + " rows");
    }

    private static void checkPlaces(List<RowGroup> groups, long end) {
        List<ColumnMetaData> chunks = groups.stream().filter(g -> g.getNum_rows() > 0).flatMap(g -> g.getColumns().stream())
            .map(c -> c.getMeta_data()).sorted(Comparator.comparingLong(ParquetFooter::start)).toList();
        long before = MAGIC.length();
        for (ColumnMetaData chunk : chunks) {
            String name = String.join(".", chunk.getPath_in_schema());
            if (chunk.getTotal_compressed_size() < 0 || start(chunk) < before || chunk.getTotal_compressed_size() > end - start(chunk))
                throw new IllegalStateException(
                    "the " + chunk.getTotal_compressed_size() + " bytes from " + start(chunk) + " that column '" + name
                        + "' is said to have do not fit beside the other columns into a file of " + (end + TAIL) + " bytes");
            before = start(chunk) + chunk.getTotal_compressed_size();
        }
    }

    /** Where the first page of a column begins. */
    static long start(ColumnMetaData chunk) {
        long data = chunk.getData_page_offset(), dictionary = chunk.isSetDictionary_page_offset() ? chunk.getDictionary_page_offset() : 0;
        return dictionary > 0 && dictionary < data ? dictionary : data;
    }
}
