package metarl.basics;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * A named, counter-based stream of random numbers whose whole state is one {@code long}, so that a run can be stored and resumed bit for
 * bit.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood 2014): state ← state + γ, output = mix(state). Streams of different names
 * that were split off the same seed start at unrelated points of the cycle of length 2⁶⁴.
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Up to this shape a sum of exponential draws is faster than rejection. */
    private static final int FEW_EXPONENTIALS = 4;

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

    /** A stream of its own that draws what this one would draw next; this stream does not advance. */
    public RandomStream copy() {
        return new RandomStream(state);
    }

    /** Goes on where {@link #state()} was read. */
    public void set(long state) {
        this.state = state;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** So many standard normal numbers, in single precision as networks are told them. */
    public float[] gaussians(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) nextGaussian();
        return values;
    }

    /** A random order of 0 … n − 1 (Fisher–Yates). */
    public int[] permutation(int n) {
        Require.count(n, 0, "n", "0 or more things to put in order");
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * A draw from the gamma distribution with this shape and scale 1.
     *
     * <p>Small whole shapes are sums of exponential draws; others use Marsaglia and Tsang (2000), with a power of a uniform draw below
     * shape 1.
     *
     * @throws IllegalArgumentException if the shape is not positive and finite
     */
    public double nextGamma(double shape) {
        if (!(shape > 0) || Double.isInfinite(shape))
            throw new IllegalArgumentException("shape is " + shape + ", expected a positive finite number");
        if (shape <= FEW_EXPONENTIALS && shape == (int) shape) {
            double sum = 0;
            for (int i = 0; i < shape; i++) sum += nextExponential();
            return sum;
        }
        if (shape < 1) return nextGamma(shape + 1) * Math.pow(1 - nextDouble(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = nextGaussian(), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            double u = nextDouble();
            if (u < 1 - 0.0331 * x * x * x * x || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
        }
    }

    /** A draw from the beta distribution with these shapes. */
    public double nextBeta(double a, double b) {
        double x = nextGamma(a);
        return x / (x + nextGamma(b));
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
