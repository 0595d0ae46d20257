package metarl.diagnose.log;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/** Unpacks the pages of Parquet files in plain Java, so that no native library is needed. */
final class PageDecompression {
    /** How many bytes one packed byte can hold, at most. */
    private static final int SNAPPY_RATIO = 22;
    private static final int LZ4_RATIO = 256;
    private static final int SLACK = 64;

    /** How pages are unpacked. */
    interface Unpacking {
        /** Exactly so many bytes, or an exception. */
        byte[] unpack(byte[] packed, int from, int length, int size) throws IOException;
    }

    private PageDecompression() {}

    static Unpacking of(CompressionCodec codec) {
        return switch (codec) {
            case UNCOMPRESSED -> (packed, from, length, size) -> {
                if (length != size) throw new IOException(length + " bytes where " + size + " are announced");
                return from == 0 && length == packed.length ? packed : Arrays.copyOfRange(packed, from, from + length);
            };
            case GZIP -> (packed, from, length, size) -> all(new GZIPInputStream(new ByteArrayInputStream(packed, from, length)), size);
            case SNAPPY -> by(new SnappyDecompressor(), SNAPPY_RATIO);
            case LZ4_RAW -> by(new Lz4Decompressor(), LZ4_RATIO);
            case ZSTD -> PageDecompression::unpackZstd;
            default -> throw new UnsupportedOperationException("its pages are packed by " + codec);
        };
    }

    /** Takes no more memory than there are bytes, whatever is announced. */
    private static byte[] all(InputStream in, int size) throws IOException {
        try (in) {
            byte[] unpacked = in.readNBytes(size);
            // the checksum stands behind the last byte, and is looked at only when more is asked for
            if (unpacked.length != size || in.read() >= 0) throw new IOException("not the " + size + " bytes that are announced");
            return unpacked;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Unpacking by(Decompressor decompressor, int ratio) {
        return (packed, from, length, size) -> {
            if (size > (long) ratio * length + SLACK)
                throw new IOException(length + " bytes cannot hold the " + size + " that are announced");
            return unpack(decompressor, packed, from, length, size);
        };
    }

    private static byte[] unpackZstd(byte[] packed, int from, int length, int size) throws IOException {
        long announced;
        try {
            announced = ZstdDecompressor.getDecompressedSize(packed, from, length);
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (announced < 0) return all(new ZstdInputStream(new ByteArrayInputStream(packed, from, length)), size);
        if (announced != size) throw new IOException(announced + " bytes where " + size + " are announced");
        return unpack(new ZstdDecompressor(), packed, from, length, size);
    }

    private static byte[] unpack(Decompressor decompressor, byte[] packed, int from, int length, int size) throws IOException {
        byte[] unpacked = new byte[size];
        int got;
        try {
            got = decompressor.decompress(packed, from, length, unpacked, 0, size);
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (got != size) throw new IOException(got + " bytes where " + size + " are announced");
        return unpacked;
    }
}
