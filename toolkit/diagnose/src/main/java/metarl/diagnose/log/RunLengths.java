package metarl.diagnose.log;

import java.nio.ByteBuffer;

/** Parquet's mixture of runs and packed bits, walked through to check it. */
final class RunLengths {
    private static final int WIDEST = 32;
    private static final int MOST_FILLED = 512;
    private static final int MOST_ZEROS = 8;

    private RunLengths() {}

    /** How many of some values of one bit are 1. */
    static int ones(ByteBuffer bytes, int count, String where) {
        return (int) walk(bytes, 1, count, 2, where);
    }

    /** Checks that so many values are there, no more and no fewer, each below a bound. */
    static void below(ByteBuffer bytes, int width, int count, int bound, String where) {
        if (width < 0 || width > WIDEST) throw new IllegalStateException(where + " has values of " + width + " bits");
        walk(bytes, width, count, bound, where);
    }

    private static long walk(ByteBuffer bytes, int width, int count, int bound, String where) {
        long sum = 0;
        int left = count;
        while (left > 0) {
            long head = unsigned(bytes, where);
            long run = head >>> 1;
            if (run <= 0 || run > Integer.MAX_VALUE) throw new IllegalStateException(where + " has a run of " + run + " values");
            if ((head & 1) == 0) {
                if (run > left) throw new IllegalStateException(where + " has a run of " + run + " values where " + left + " are left");
                sum += repeated(bytes, width, bound, where) * run;
                left -= (int) run;
            } else {
                // whole groups of 8, of which some writers fill up many
                if (8 * run > left + MOST_FILLED)
                    throw new IllegalStateException(where + " has " + 8 * run + " packed values where " + left + " are left");
                need(bytes, run * width, where);
                long buffer = 0;
                int bits = 0;
                for (int i = 0; i < 8 * run; i++) {
                    while (bits < width) {
                        buffer |= (bytes.get() & 0xffL) << bits;
                        bits += 8;
                    }
                    long value = buffer & (1L << width) - 1;
                    buffer >>>= width;
                    bits -= width;
                    if (i >= left) continue;
                    check(value, bound, where);
                    sum += value;
                }
                left -= (int) Math.min(left, 8 * run);
            }
        }
        if (!isFilling(bytes)) throw new IllegalStateException(where + " has " + bytes.remaining() + " bytes too many");
        return sum;
    }

    private static long repeated(ByteBuffer bytes, int width, int bound, String where) {
        int size = (width + 7) / 8;
        need(bytes, size, where);
        long value = 0;
        for (int i = 0; i < size; i++) value |= (bytes.get() & 0xffL) << 8 * i;
        check(value, bound, where);
        return value;
    }

    /** Whether nothing is left but the few zeros that one writer puts behind its values. */
    static boolean isFilling(ByteBuffer rest) {
        if (rest.remaining() > MOST_ZEROS) return false;
        for (int i = rest.position(); i < rest.limit(); i++) if (rest.get(i) != 0) return false;
        return true;
    }

    private static void check(long value, int bound, String where) {
        if (value >= bound) throw new IllegalStateException(where + " holds " + value + "; expected below " + bound);
    }

    private static void need(ByteBuffer bytes, long size, String where) {
        if (size > bytes.remaining()) throw new IllegalStateException(where + " is too short");
    }

    /** A number of seven bits a byte. */
    static long unsigned(ByteBuffer bytes, String where) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(bytes, 1, where);
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) return value;
        }
        throw new IllegalStateException(where + " holds a number without end");
    }
}
