package metarl.diagnose;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Unpacks the pages of Parquet files in plain Java, so that no native library is needed. */
final class PageDecompression implements CompressionCodecFactory {
    private interface Unpacking {
        byte[] unpack(byte[] packed, int size) throws IOException;
    }

    private record Page(Unpacking unpacking) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput packed, int size) throws IOException {
            return BytesInput.from(unpacking.unpack(packed.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer packed, int packedSize, ByteBuffer unpacked, int size) throws IOException {
            byte[] bytes = new byte[packedSize];
            packed.get(bytes);
            unpacked.put(unpacking.unpack(bytes, size));
        }

        @Override
        public void release() { }
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Page(switch (codec) {
            case UNCOMPRESSED -> (packed, size) -> packed;
            case GZIP -> (packed, size) -> new GZIPInputStream(new ByteArrayInputStream(packed)).readNBytes(size);
            case SNAPPY -> by(new SnappyDecompressor());
            case ZSTD -> by(new ZstdDecompressor());
            case LZ4_RAW -> by(new Lz4Decompressor());
            default -> throw new IllegalArgumentException("its pages are packed by " + codec);
        });
    }

    private static Unpacking by(Decompressor decompressor) {
        return (packed, size) -> {
            byte[] unpacked = new byte[size];
            decompressor.decompress(packed, 0, packed.length, unpacked, 0, size);
            return unpacked;
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("only reading is done here");
    }

    @Override
    public void release() { }
}
