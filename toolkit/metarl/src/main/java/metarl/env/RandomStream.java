package metarl.env;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * A named, counter-based stream of random numbers whose whole state is one {@code long}, so that a run can be stored and resumed bit for bit.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood 2014): state ← state + γ, output = mix(state). Streams of different names
 * that were split off the same seed start at unrelated points of the cycle of length 2⁶⁴.
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private RandomStream(long state) {
        this.state = state;
    }

    /** The stream that belongs to {@code name} in the run with this seed. */
    public static RandomStream of(long seed, String name) {
        return new RandomStream(mix(mix(seed) ^ hash(name)));
    }

    /** A stream that continues where {@link #state()} was read. */
    public static RandomStream resume(long state) {
        return new RandomStream(state);
    }

    /** A new stream that depends on this stream's current state and on {@code name}; this stream does not advance. */
    public RandomStream split(String name) {
        return new RandomStream(mix(mix(state) ^ hash(name)));
    }

    /** The state from which {@link #resume} continues. */
    public long state() {
        return state;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** A random order of 0 … n − 1 (Fisher–Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static long hash(String name) {
        long h = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) h = (h ^ (b & 0xFF)) * 0x100000001B3L;
        return h;
    }
}
