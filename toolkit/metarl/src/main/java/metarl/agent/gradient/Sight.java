package metarl.agent.gradient;

import java.util.function.IntFunction;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.env.Space;
import metarl.nn.PictureMemory;
import metarl.nn.PictureNetwork;
import metarl.nn.SequenceNetwork;

/**
 * How much a network makes of a picture before its memory reads it ({@link PictureNetwork}); of no effect where observations are vectors.
 *
 * @param filters of either convolution
 * @param features numbers that are made of a picture
 */
public record Sight(int filters, int features) {
    /** Checks both; an error names the sane range. */
    public Sight {
        Require.count(filters, 1, "filters", "at least 1, usually 8 to 32");
        Require.count(features, 1, "features", "at least 1, usually 32 to 256");
    }

    /** As RL² and SNAIL have it: 16 filters, 256 features. */
    public static Sight published() {
        return new Sight(16, 256);
    }

    /** The same filters and 64 features: a quarter of the numbers. */
    public static Sight small() {
        return new Sight(16, 64);
    }

    /** What makes features of such pictures. */
    PictureNetwork of(Space.Picture picture) {
        return new PictureNetwork(picture, filters, features);
    }

    /**
     * A memory that sees, or, where there is nothing to see, the memory alone.
     *
     * @param picture null where observations are vectors
     * @param rest entries of an element without the picture
     * @param memory makes the memory for elements of this size
     */
    SequenceNetwork before(Space.Picture picture, int rest, IntFunction<SequenceNetwork> memory) {
        return picture == null ? memory.apply(rest) : new PictureMemory(of(picture), memory.apply(features + rest));
    }

    /** This with another number of filters. */
    public Sight filters(int filters) {
        return Copy.with(this, "filters", filters);
    }

    /** This with another number of features. */
    public Sight features(int features) {
        return Copy.with(this, "features", features);
    }
}
