package metarl.env;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/** The vectors an observation or an action may be: a box of real vectors, one of finitely many choices, or a picture. */
public sealed interface Space permits Space.Box, Space.Discrete, Space.Picture {
    /** Number of entries of a vector of this space. */
    int size();

    /** Whether {@code x} has the right length and is a member of the space. */
    boolean contains(double[] x);

    /**
     * What is applied when {@code x} is asked for: a box moves it to its bounds, a choice must be an exact one.
     *
     * @throws IllegalArgumentException for a wrong length, an entry that is not a number, or a choice that does not exist
     */
    double[] accept(double[] x);

    /**
     * A vector drawn uniformly.
     *
     * @throws IllegalStateException if the space is unbounded
     */
    double[] sample(RandomGenerator random);

    /** The box {@code [−bound, bound]^size}. */
    static Box box(int size, double bound) {
        Require.count(size, 0, "size", "0 or more entries");
        double[] low = new double[size], high = new double[size];
        Arrays.fill(low, -bound);
        Arrays.fill(high, bound);
        return new Box(low, high);
    }

    /** All real vectors of this size. */
    static Box unbounded(int size) {
        return box(size, Double.POSITIVE_INFINITY);
    }

    /** The choices 0 … count − 1, as vectors of one entry. */
    static Discrete discrete(int count) {
        return new Discrete(count);
    }

    /** All pictures of this size: 3 channels for red, green and blue, 1 for grey. */
    static Picture picture(int height, int width, int channels) {
        return new Picture(height, width, channels);
    }

    private static void checkLength(double[] x, int expected) {
        if (x.length != expected)
            throw new IllegalArgumentException("given " + x.length + " values " + Arrays.toString(x) + ", expected " + expected);
    }

    /**
     * A box of real vectors: {@code low[i] ≤ x[i] ≤ high[i]}.
     *
     * @param low lower bounds, may be −∞
     * @param high upper bounds, may be +∞
     */
    record Box(double[] low, double[] high) implements Space {
        /** Checks that the bounds have equal length and are in order. */
        public Box {
            if (low.length != high.length)
                throw new IllegalArgumentException(
                    "a box needs as many lower as upper bounds, given " + low.length + " and " + high.length);
            for (int i = 0; i < low.length; i++)
                if (!(low[i] <= high[i]))
                    throw new IllegalArgumentException(
                        "bounds of entry " + i + " are [" + low[i] + ", " + high[i] + "]: expected low ≤ high");
        }

        @Override
        public int size() {
            return low.length;
        }

        @Override
        public boolean contains(double[] x) {
            if (x.length != size()) return false;
            for (int i = 0; i < x.length; i++) if (!(x[i] >= low[i] && x[i] <= high[i] && Double.isFinite(x[i]))) return false;
            return true;
        }

        @Override
        public double[] accept(double[] x) {
            checkLength(x, size());
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                if (Double.isNaN(x[i]))
                    throw new IllegalArgumentException("entry " + i + " of " + Arrays.toString(x) + " is NaN; expected a number");
                y[i] = Math.max(low[i], Math.min(high[i], x[i]));
            }
            return y;
        }

        @Override
        public double[] sample(RandomGenerator random) {
            double[] x = new double[size()];
            for (int i = 0; i < x.length; i++) {
                if (Double.isInfinite(high[i] - low[i]))
                    throw new IllegalStateException("entry " + i + " is unbounded, so there is no uniform draw of " + this);
                x[i] = low[i] < high[i] ? random.nextDouble(low[i], high[i]) : low[i];
            }
            return x;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Box b && Arrays.equals(low, b.low) && Arrays.equals(high, b.high);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
        }

        @Override
        public String toString() {
            return "Box" + Arrays.toString(low) + "…" + Arrays.toString(high);
        }
    }

    /**
     * One of finitely many choices, written as a vector of one entry: 0, 1, …, count − 1.
     *
     * @param count how many choices there are
     */
    record Discrete(int count) implements Space {
        /** Checks that there is a choice. */
        public Discrete {
            Require.count(count, 1, "count", "at least 1 choice");
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public boolean contains(double[] x) {
            return x.length == 1 && x[0] >= 0 && x[0] < count && x[0] == Math.rint(x[0]);
        }

        @Override
        public double[] accept(double[] x) {
            checkLength(x, 1);
            if (!contains(x))
                throw new IllegalArgumentException("entry 0 is " + x[0] + ", expected one of the whole numbers 0 … " + (count - 1));
            return x.clone();
        }

        @Override
        public double[] sample(RandomGenerator random) {
            return new double[] {random.nextInt(count)};
        }
    }

    /**
     * Pictures as vectors: row after row from the top, within a row pixel after pixel from the left, of each pixel its channels. An entry
     * is a whole number from 0 (dark) to 255, so that a byte holds it.
     *
     * @param height pixels from top to bottom
     * @param width pixels from left to right
     * @param channels numbers per pixel
     */
    record Picture(int height, int width, int channels) implements Space {
        private static final int LEVELS = 256;

        /** Checks the size. */
        public Picture {
            Require.count(height, 1, "height", "at least 1 pixel");
            Require.count(width, 1, "width", "at least 1 pixel");
            Require.count(channels, 1, "channels", "1 (grey) or 3 (red, green, blue)");
            Require.tensor("a picture", "height or width", height, width, channels);
        }

        @Override
        public int size() {
            return height * width * channels;
        }

        @Override
        public boolean contains(double[] x) {
            return x.length == size() && Arrays.stream(x).allMatch(v -> v >= 0 && v < LEVELS && v == Math.rint(v));
        }

        @Override
        public double[] accept(double[] x) {
            checkLength(x, size());
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                if (Double.isNaN(x[i])) throw new IllegalArgumentException("entry " + i + " of the picture is NaN; expected 0 to 255");
                y[i] = Math.rint(Math.max(0, Math.min(LEVELS - 1, x[i])));
            }
            return y;
        }

        @Override
        public double[] sample(RandomGenerator random) {
            double[] x = new double[size()];
            for (int i = 0; i < x.length; i++) x[i] = random.nextInt(LEVELS);
            return x;
        }

        /** A picture of this space to look at; the first and the last channel are red and blue, or all are the same grey. */
        public BufferedImage image(double[] x) {
            checkLength(x, size());
            var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < height * width; pixel++) {
                int red = (int) x[pixel * channels], green = (int) x[pixel * channels + channels / 2],
                    blue = (int) x[(pixel + 1) * channels - 1];
                image.setRGB(pixel % width, pixel / width, red << 16 | green << 8 | blue);
            }
            return image;
        }

        /** Such as "30 × 40 × 3": height, width, channels. */
        @Override
        public String toString() {
            return height + " × " + width + " × " + channels;
        }
    }
}
