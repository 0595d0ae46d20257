package metarl.diagnose.log;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a gzip file holds (RFC 1952): all members, one after the other, each checked against its checksum and length. Zeros behind the last
 * member are padding, as tapes have it.
 *
 * <p>Different from {@link java.util.zip.GZIPInputStream}, anything else behind the last member is an error instead of being dropped
 * without a word.
 */
final class GzipMembers extends InputStream {
    private static final int TEXT_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final CRC32 headerChecksum = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long unpacked;
    private boolean within;
    private boolean any;
    private boolean ended;

    GzipMembers(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) return 0;
        try {
            while (true) {
                if (!within && !begin()) return -1;
                int count = inflater.inflate(into, offset, length);
                if (count > 0) {
                    checksum.update(into, offset, count);
                    unpacked += count;
                    return count;
                }
                if (inflater.finished()) end();
                else if (inflater.needsDictionary())
                    throw new IOException("its gzip data asks for a dictionary, which gzip does not have: it is damaged");
                else if (inflater.needsInput()) {
                    if (!fill()) throw new EOFException("its gzip data stops before the end: the file was cut short");
                    inflater.setInput(buffer, position, limit - position);
                    position = limit;
                }
            }
        } catch (DataFormatException e) {
            throw new IOException("its gzip data is damaged (" + e.getMessage() + ")", e);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, packed.read(buffer));
        return limit > 0;
    }

    private int next() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    private int header() throws IOException {
        int value = next();
        if (value < 0) throw new EOFException("its gzip data stops within a header: the file was cut short");
        headerChecksum.update(value);
        return value;
    }

    private boolean begin() throws IOException {
        if (ended) return false;
        int first = next();
        if (first == 0 && any) while (first == 0) first = next();
        if (first < 0) {
            ended = true;
            return false;
        }
        headerChecksum.reset();
        headerChecksum.update(first);
        if (first != 0x1f || header() != 0x8b)
            throw new IOException(
                "something that is not gzip follows the end of its gzip data: it is damaged, or text was appended; "
                    + "pack it again, as a whole");
        if (header() != 8) throw new IOException("its gzip data is packed by a method that gzip does not have: it is damaged");
        int flags = header();
        if ((flags & RESERVED) != 0) throw new IOException("the header of its gzip data is damaged");
        for (int i = 0; i < 6; i++) header();
        if ((flags & EXTRA) != 0) for (int left = header() | header() << 8; left > 0; left--) header();
        if ((flags & NAME) != 0) skipText();
        if ((flags & COMMENT) != 0) skipText();
        if ((flags & TEXT_CHECKSUM) != 0) {
            int expected = (int) headerChecksum.getValue() & 0xffff;
            if ((header() | header() << 8) != expected) throw new IOException("the header of its gzip data is damaged");
        }
        inflater.reset();
        checksum.reset();
        unpacked = 0;
        within = true;
        any = true;
        inflater.setInput(buffer, position, limit - position);
        position = limit;
        return true;
    }

    private void skipText() throws IOException {
        while (header() != 0) continue;
    }

    private void end() throws IOException {
        position = limit - inflater.getRemaining();
        within = false;
        if (number() != checksum.getValue()) throw new IOException("its gzip data is damaged: its checksum is not that of the text");
        if (number() != (unpacked & 0xffffffffL))
            throw new IOException("its gzip data is damaged: it holds " + unpacked + " bytes, and says otherwise");
    }

    private long number() throws IOException {
        long value = 0;
        for (int i = 0; i < 4; i++) value |= (long) header() << 8 * i;
        return value;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        packed.close();
    }
}
