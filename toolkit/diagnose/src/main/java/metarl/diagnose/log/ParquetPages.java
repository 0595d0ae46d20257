package metarl.diagnose.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The pages of one column in one row group of a Parquet file, one after the other. What is not as the format has it is refused before a
 * value of it is handed on: a checksum that does not fit, a page that is longer or shorter than what it holds, more or fewer values than
 * rows.
 */
final class ParquetPages implements PageReader {
    private static final int FIRST_WINDOW = 1 << 12;
    private static final int LARGEST_WINDOW = 1 << 24;

    private final FileChannel file;
    private final ColumnDescriptor column;
    private final ColumnMetaData chunk;
    private final PageDecompression.Unpacking unpacking;
    private final long end;
    private long at;
    private int page;
    private long valuesLeft;
    private long nulls;
    private PageHeader header;
    private byte[] packed;
    private int dictionarySize = -1;
    private Boolean checksums;

    ParquetPages(FileChannel file, ColumnDescriptor column, ColumnMetaData chunk) {
        this.file = file;
        this.column = column;
        this.chunk = chunk;
        unpacking = PageDecompression.of(chunk.getCodec());
        at = ParquetFooter.start(chunk);
        end = at + chunk.getTotal_compressed_size();
        valuesLeft = chunk.getNum_values();
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getNum_values();
    }

    @Override
    public DictionaryPage readDictionaryPage() {
        try {
            load();
            if (header.getType() != PageType.DICTIONARY_PAGE) return null;
            if (!header.isSetDictionary_page_header()) throw new IllegalStateException(where() + " says nothing of its dictionary");
            var dictionary = header.getDictionary_page_header();
            Encoding encoding = Encoding.valueOf(dictionary.getEncoding().name());
            if (encoding != Encoding.PLAIN && encoding != Encoding.PLAIN_DICTIONARY)
                throw new IllegalStateException(where() + " is a dictionary written as " + encoding);
            byte[] values = unpack(packed, 0, packed.length, header.getUncompressed_page_size());
            dictionarySize = dictionary.getNum_values();
            if (dictionarySize < 0) throw new IllegalStateException(where() + " has " + dictionarySize + " values");
            checkPlain(buffer(values), dictionarySize);
            header = null;
            return new DictionaryPage(BytesInput.from(values), dictionarySize, encoding);
        } catch (IOException e) {
            throw new IllegalStateException(where() + " cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public DataPage readPage() {
        try {
            if (header == null) load();
            while (header.getType() == PageType.INDEX_PAGE) load();
            DataPage data = switch (header.getType()) {
                case DATA_PAGE -> first();
                case DATA_PAGE_V2 -> second();
                default -> throw new IllegalStateException(where() + " is a second dictionary");
            };
            header = null;
            if (valuesLeft == 0) {
                if (at != end) throw new IllegalStateException((end - at) + " bytes follow the last page");
                if (chunk.isSetStatistics() && chunk.getStatistics().isSetNull_count() && chunk.getStatistics().getNull_count() != nulls)
                    throw new IllegalStateException(
                        "it holds " + nulls + " blanks where " + chunk.getStatistics().getNull_count() + " are announced");
            }
            return data;
        } catch (IOException e) {
            throw new IllegalStateException(where() + " cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    private String where() {
        return "page " + page;
    }

    /** Reads the next page as it lies in the file. */
    private void load() throws IOException {
        page++;
        if (at >= end) throw new IllegalStateException("its pages end " + valuesLeft + " values too early");
        header = readHeader();
        int size = header.getCompressed_page_size();
        if (size < 0 || size > end - at || header.getUncompressed_page_size() < 0)
            throw new IllegalStateException(where() + " would have " + size + " bytes, unpacked " + header.getUncompressed_page_size()
                + ", but the column ends after " + (end - at));
        packed = ParquetFooter.bytes(file, at, size).array();
        at += size;
        if (header.getType() != PageType.DICTIONARY_PAGE) {
            if (checksums != null && checksums != header.isSetCrc())
                throw new IllegalStateException("only some of its pages have a checksum, which " + where() + " shows");
            checksums = header.isSetCrc();
        }
        if (!header.isSetCrc()) return;
        var crc = new CRC32();
        crc.update(packed);
        if ((int) crc.getValue() != header.getCrc())
            throw new IllegalStateException("the checksum of " + where() + " does not fit its bytes");
    }

    private PageHeader readHeader() throws IOException {
        int window = FIRST_WINDOW;
        while (true) {
            int length = (int) Math.min(window, end - at);
            var bytes = new ByteArrayInputStream(ParquetFooter.bytes(file, at, length).array());
            try {
                PageHeader read = new PageHeader();
                ParquetFooter.thrift(read, bytes, length);
                at += length - bytes.available();
                return read;
            } catch (RuntimeException e) {
                // a header with long statistics
                if (length == end - at || window >= LARGEST_WINDOW) throw e;
                window <<= 4;
            }
        }
    }

    private byte[] unpack(byte[] bytes, int from, int length, int size) throws IOException {
        try {
            return unpacking.unpack(bytes, from, length, size);
        } catch (OutOfMemoryError e) {
            throw new IllegalStateException(where() + " would take " + size + " bytes of memory", e);
        }
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void count(int values) {
        if (values < 0 || values > valuesLeft)
            throw new IllegalStateException(where() + " would have " + values + " values where " + valuesLeft + " are left");
        valuesLeft -= values;
    }

    private DataPage first() throws IOException {
        DataPageHeader data = header.getData_page_header();
        if (data == null) throw new IllegalStateException(where() + " says nothing of its data");
        count(data.getNum_values());
        Encoding encoding = encoding(data.getEncoding());
        if (column.getMaxDefinitionLevel() > 0 && data.getDefinition_level_encoding() != org.apache.parquet.format.Encoding.RLE)
            throw new UnsupportedOperationException(where() + " marks blanks in an old way, " + data.getDefinition_level_encoding());
        byte[] bytes = unpack(packed, 0, packed.length, header.getUncompressed_page_size());
        ByteBuffer left = buffer(bytes);
        int present = data.getNum_values();
        if (column.getMaxDefinitionLevel() > 0) present = RunLengths.ones(part(left, length(left)), data.getNum_values(), where());
        nulls += data.getNum_values() - present;
        checkValues(left, encoding, data.getNum_values(), present);
        return new DataPageV1(BytesInput.from(bytes), data.getNum_values(), bytes.length, noStatistics(), Encoding.RLE, Encoding.RLE,
            encoding);
    }

    private DataPage second() throws IOException {
        DataPageHeaderV2 data = header.getData_page_header_v2();
        if (data == null) throw new IllegalStateException(where() + " says nothing of its data");
        count(data.getNum_values());
        Encoding encoding = encoding(data.getEncoding());
        int repetition = data.getRepetition_levels_byte_length(), definition = data.getDefinition_levels_byte_length();
        long levels = (long) repetition + definition;
        if (repetition < 0 || definition < 0 || levels > packed.length || data.getNum_rows() != data.getNum_values()
            || column.getMaxDefinitionLevel() == 0 && definition > 0)
            throw new IllegalStateException(
                where() + " has levels of " + repetition + " and " + definition + " bytes and " + data.getNum_values() + " values in "
                    + data.getNum_rows() + " rows");
        int from = (int) levels, rest = packed.length - from, size = header.getUncompressed_page_size() - from;
        if (size < 0) throw new IllegalStateException(
            where() + " has " + levels + " bytes of levels where " + header.getUncompressed_page_size() + " are announced");
        // written by some, though a column that is not a list has none
        if (repetition > 0) RunLengths.below(part(buffer(packed), repetition), 0, data.getNum_values(), 1, where());
        byte[] values;
        if (data.isIs_compressed() && rest > 0) values = unpack(packed, from, rest, size);
        else {
            if (size != rest)
                throw new IllegalStateException(where() + " is not packed, yet has " + rest + " bytes where " + size + " are announced");
            values = Arrays.copyOfRange(packed, from, packed.length);
        }
        ByteBuffer left = buffer(packed).position(repetition);
        int present = data.getNum_values();
        if (column.getMaxDefinitionLevel() > 0) present = RunLengths.ones(part(left, definition), data.getNum_values(), where());
        if (data.getNum_values() - present != data.getNum_nulls())
            throw new IllegalStateException(
                where() + " holds " + (data.getNum_values() - present) + " blanks where " + data.getNum_nulls() + " are announced");
        nulls += data.getNum_nulls();
        checkValues(buffer(values), encoding, data.getNum_values(), present);
        return DataPageV2.uncompressed(data.getNum_rows(), data.getNum_nulls(), data.getNum_values(), BytesInput.empty(),
            BytesInput.from(packed, repetition, definition), encoding,
            BytesInput.from(values), noStatistics());
    }

    private Statistics<?> noStatistics() {
        return Statistics.noopStats(column.getPrimitiveType());
    }

    private Encoding encoding(org.apache.parquet.format.Encoding encoding) {
        if (encoding == null) throw new UnsupportedOperationException(where() + " is written in an unknown way");
        // some writers announce none
        if (!chunk.getEncodings().isEmpty() && !chunk.getEncodings().contains(encoding))
            throw new IllegalStateException(
                where() + " is written as " + encoding + ", which is not among the announced " + chunk.getEncodings());
        return Encoding.valueOf(encoding.name());
    }

    private int length(ByteBuffer left) {
        if (left.remaining() < 4) throw new IllegalStateException(where() + " is too short");
        return left.getInt();
    }

    private ByteBuffer part(ByteBuffer left, int length) {
        if (length < 0 || length > left.remaining())
            throw new IllegalStateException(where() + " has a part of " + length + " bytes where " + left.remaining() + " are left");
        ByteBuffer part = left.slice(left.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        left.position(left.position() + length);
        return part;
    }

    /** Whether values fill their bytes exactly, where that can be told without decoding them. */
    private void checkValues(ByteBuffer left, Encoding encoding, int values, int present) {
        switch (encoding) {
            case PLAIN, BYTE_STREAM_SPLIT -> checkPlain(left, present);
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                if (dictionarySize < 0) throw new IllegalStateException(where() + " points into a dictionary that is not there");
                if (present == 0) return;
                if (!left.hasRemaining()) throw new IllegalStateException(where() + " is too short");
                RunLengths.below(left, left.get(), present, dictionarySize, where());
            }
            case RLE -> RunLengths.below(part(left, length(left)), 1, present, 2, where());
            case DELTA_BINARY_PACKED -> {
                RunLengths.unsigned(left, where());
                RunLengths.unsigned(left, where());
                long count = RunLengths.unsigned(left, where());
                if (count != present && count != values)
                    throw new IllegalStateException(where() + " holds " + count + " values where " + present + " are announced");
            }
            default -> {}
        }
    }

    private void checkPlain(ByteBuffer left, int count) {
        PrimitiveType type = column.getPrimitiveType();
        long size = switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> (count + 7L) / 8;
            case INT32, FLOAT -> 4L * count;
            case INT64, DOUBLE -> 8L * count;
            case INT96 -> 12L * count;
            case FIXED_LEN_BYTE_ARRAY -> (long) type.getTypeLength() * count;
            case BINARY -> {
                int begin = left.position();
                for (int i = 0; i < count; i++) part(left, length(left));
                int bytes = left.position() - begin;
                left.position(begin);
                yield bytes;
            }
        };
        int given = left.remaining();
        if (size <= given) left.position(left.position() + (int) size);
        if (size > given || !RunLengths.isFilling(left))
            throw new IllegalStateException(where() + " holds " + given + " bytes of values where " + count + " values take " + size);
    }
}
