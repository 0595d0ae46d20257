package metarl.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import metarl.basics.Require;
import metarl.env.Space;

/**
 * Pictures under numbers, 0 for the first: equal ones have one number and are kept once, a byte per entry. An agent in a world of cells
 * meets the same pictures again and again, so that much less has to be kept, and computed, than it has seen.
 *
 * <p>A picture is an observation of a {@link Space.Picture}: whole numbers from 0 to 255.
 */
public final class Pictures {
    /** Larger numbers are no longer exact in single precision, in which networks are told them. */
    private static final int MOST = 1 << 24;

    private final List<byte[]> all = new ArrayList<>();
    private final Map<ByteBuffer, Integer> numbers = new HashMap<>();

    /**
     * The entries as bytes, without a loss.
     *
     * @return null where an entry is no whole number from 0 to 255
     */
    static byte[] bytes(double[] observation) {
        byte[] bytes = new byte[observation.length];
        for (int i = 0; i < bytes.length; i++) {
            int level = (int) observation[i];
            if (level != observation[i] || (level & 255) != level) return null;
            bytes[i] = (byte) level;
        }
        return bytes;
    }

    /** The entries of a picture that is kept as bytes. */
    private static double[] levels(byte[] bytes) {
        double[] levels = new double[bytes.length];
        for (int i = 0; i < levels.length; i++) levels[i] = bytes[i] & 255;
        return levels;
    }

    /**
     * The number of a picture, a new one if it was not seen before.
     *
     * @throws IllegalArgumentException if an entry is no whole number from 0 to 255
     */
    public int number(double[] picture) {
        byte[] bytes = bytes(picture);
        if (bytes == null) {
            int i = 0;
            while (new Space.Picture(1, 1, 1).contains(new double[] {picture[i]})) i++;
            throw new IllegalArgumentException("entry " + i + " of a picture is " + picture[i] + "; expected a whole number from 0 to 255");
        }
        return number(bytes);
    }

    int number(byte[] picture) {
        return numbers.computeIfAbsent(ByteBuffer.wrap(picture), p -> {
            Require.that(all.isEmpty() || all.get(0).length == picture.length, "the size of a picture", picture.length,
                all.isEmpty() ? "" : all.get(0).length + " entries, as of those before");
            Require.that(all.size() < MOST, "the number of different pictures", all.size(), "fewer than 2^24");
            all.add(picture);
            return all.size() - 1;
        });
    }

    /** Forgets all; numbers begin with 0 again. */
    public void clear() {
        all.clear();
        numbers.clear();
    }

    /** How many there are. */
    public int size() {
        return all.size();
    }

    /** The picture of this number, as it was seen. */
    public double[] picture(int number) {
        return levels(all.get(number));
    }

    /** The pictures of these numbers, one after the other, a byte per entry. */
    public ByteBuffer bytes(int[] chosen) {
        long entries = Arrays.stream(chosen).mapToLong(number -> all.get(number).length).sum();
        var bytes = ByteBuffer.allocateDirect(Require.length("the entries of all pictures", "trialsPerUpdate", entries));
        for (int number : chosen) bytes.put(all.get(number));
        return bytes.rewind();
    }

    /** Writes all of them. */
    public void save(DataOutputStream out) throws IOException {
        out.writeInt(all.size());
        out.writeInt(all.isEmpty() ? 0 : all.get(0).length);
        for (byte[] picture : all) out.write(picture);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IOException if that is damaged
     */
    public static Pictures load(DataInputStream in) throws IOException {
        int count = in.readInt(), entries = in.readInt();
        if (count < 0 || count > MOST || entries < 0 || entries == 0 && count > 0)
            throw new IOException("the stored pictures are damaged: " + count + " of " + entries + " entries");
        var pictures = new Pictures();
        for (int i = 0; i < count; i++) {
            byte[] picture = new byte[entries];
            in.readFully(picture);
            if (pictures.number(picture) != i) throw new IOException("the stored pictures are damaged: number " + i + " is there twice");
        }
        return pictures;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Pictures p && Arrays.deepEquals(all.toArray(), p.all.toArray());
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }
}
