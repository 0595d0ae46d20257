package metarl.basics;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Arrays of numbers in binary files, big-endian, piece by piece: a file that announces more than it holds never costs more memory than it
 * has bytes.
 */
public final class StoredNumbers {
    private static final int PIECE = 1 << 14;
    /** Bytes of an array. */
    private static final int MOST = 1 << 30;

    private StoredNumbers() {}

    /** Writes the first {@code n} values. */
    public static void write(DataOutputStream out, float[] values, int n) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(Float.BYTES * Math.min(n, PIECE));
        for (int at = 0; at < n; at += PIECE) {
            int count = Math.min(PIECE, n - at);
            piece.clear().asFloatBuffer().put(values, at, count);
            out.write(piece.array(), 0, Float.BYTES * count);
        }
    }

    /** Reads the first {@code n} values of an array that is there. */
    public static void read(DataInputStream in, float[] values, int n) throws IOException {
        byte[] piece = new byte[Float.BYTES * Math.min(n, PIECE)];
        for (int at = 0; at < n; at += PIECE) {
            int count = Math.min(PIECE, n - at);
            in.readFully(piece, 0, Float.BYTES * count);
            ByteBuffer.wrap(piece).asFloatBuffer().get(values, at, count);
        }
    }

    /** Writes how many values there are, then the values. */
    public static void writeCounted(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        write(out, values, values.length);
    }

    /** Reads what {@link #writeCounted(DataOutputStream, float[])} wrote. */
    public static float[] readCounted(DataInputStream in) throws IOException {
        return readFloats(in, in.readInt());
    }

    /**
     * The same where the number of values is known.
     *
     * @throws IOException if the file holds another number of them
     */
    public static float[] readCounted(DataInputStream in, int expected) throws IOException {
        int n = in.readInt();
        if (n != expected) throw new IOException("the file announces " + n + " values where " + expected + " are expected");
        return readFloats(in, n);
    }

    /** {@code n} values. */
    public static float[] readFloats(DataInputStream in, int n) throws IOException {
        ByteBuffer bytes = bytes(in, n);
        float[] values = new float[n];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** Writes how many values there are, then the values. */
    public static void writeCounted(DataOutputStream out, int[] values) throws IOException {
        out.writeInt(values.length);
        for (int value : values) out.writeInt(value);
    }

    /**
     * Reads what {@link #writeCounted(DataOutputStream, int[])} wrote.
     *
     * @throws IOException if a value lies outside [{@code low}, {@code high}]
     */
    public static int[] readCounted(DataInputStream in, int low, int high) throws IOException {
        int n = in.readInt();
        ByteBuffer bytes = bytes(in, n);
        int[] values = new int[n];
        bytes.asIntBuffer().get(values);
        for (int value : values)
            if (value < low || value > high) throw new IOException("found " + value + ", expected a number from " + low + " to " + high);
        return values;
    }

    /** Writes how many values there are, then the values. */
    public static void writeCounted(DataOutputStream out, double[] values) throws IOException {
        out.writeInt(values.length);
        for (double value : values) out.writeDouble(value);
    }

    /** Reads what {@link #writeCounted(DataOutputStream, double[])} wrote. */
    public static double[] readDoubles(DataInputStream in) throws IOException {
        int n = in.readInt();
        ByteBuffer bytes = bytes(in, n, Double.BYTES);
        double[] values = new double[n];
        bytes.asDoubleBuffer().get(values);
        return values;
    }

    /** Writes how many bytes there are, then the bytes. */
    public static void writeCounted(DataOutput out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads what {@link #writeCounted(DataOutput, byte[])} wrote.
     *
     * @throws IOException if there are not as many as were announced
     */
    public static byte[] readBytes(DataInput in) throws IOException {
        int n = in.readInt();
        if (n < 0 || n > MOST) throw new IOException("the file announces " + n + " bytes, expected 0 to " + MOST);
        var bytes = new ByteArrayOutputStream(Math.min(n, PIECE));
        byte[] piece = new byte[Math.min(n, PIECE)];
        for (int at = 0; at < n; at += PIECE) {
            int count = Math.min(PIECE, n - at);
            try {
                in.readFully(piece, 0, count);
            } catch (EOFException e) {
                throw new IOException("the file ends early: expected " + n + " bytes, found fewer than " + (at + count), e);
            }
            bytes.write(piece, 0, count);
        }
        return bytes.toByteArray();
    }

    private static ByteBuffer bytes(DataInputStream in, int n) throws IOException {
        return bytes(in, n, Float.BYTES);
    }

    private static ByteBuffer bytes(DataInputStream in, int n, int size) throws IOException {
        int most = MOST / size;
        if (n < 0 || n > most) throw new IOException("the file announces " + n + " values, expected 0 to " + most);
        byte[] bytes = in.readNBytes(size * n);
        if (bytes.length < size * n)
            throw new IOException("the file ends early: expected " + n + " values, found " + bytes.length / size);
        return ByteBuffer.wrap(bytes);
    }
}
