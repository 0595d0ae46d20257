package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.env.Space;
import metarl.nn.TorchScript.Argument;

/**
 * What makes a few numbers of a picture, as a pure function of its parameters: two convolutions of 5 × 5 pixels and stride 2, each followed
 * by max(x, 0), and a linear layer, again with max(x, 0), on all that they say. RL² (Duan et al. 2016) and SNAIL (Mishra et al. 2018)
 * have 16 filters in each and 256 features.
 *
 * <p>Of a level v (0 to 255) it reads v/255 − ½. Weights begin as U(−√(6/n), √(6/n)) with n numbers to sum up (He et al. 2015), biases with
 * 0, so that the size of the signal stays as it is from layer to layer.
 *
 * @param picture size of a picture, at least 13 × 13 pixels
 * @param filters of either convolution
 * @param features numbers said of a picture
 */
public record PictureNetwork(Space.Picture picture, int filters, int features) implements Network {
    private static final int KERNEL = 5, STRIDE = 2, SMALLEST = KERNEL + STRIDE * (KERNEL - 1);

    /** Checks the sizes. */
    public PictureNetwork {
        Require.count(filters, 1, "filters", "at least 1, usually 8 to 32");
        Require.count(features, 1, "features", "at least 1, usually 32 to 256");
        Require.that(picture.height() >= SMALLEST && picture.width() >= SMALLEST, "the size of a picture", picture,
            "at least 13 × 13 pixels, so that two convolutions of 5 × 5 with stride 2 fit");
        Require.tensor("the weights of a layer", "features or filters", features, filters, left(picture.height()), left(picture.width()));
        Require.tensor("the weights of a convolution", "filters", filters, Math.max(filters, picture.channels()), KERNEL, KERNEL);
    }

    /** Pixels along one side after both convolutions. */
    private static int left(int pixels) {
        return once(once(pixels));
    }

    private static int once(int pixels) {
        return (pixels - KERNEL) / STRIDE + 1;
    }

    /** Entries of a picture. */
    public int inputs() {
        return picture.size();
    }

    /** Numbers that the convolutions say of a picture. */
    private int convolved() {
        return filters * left(picture.height()) * left(picture.width());
    }

    /** Numbers that a pass with a gradient keeps of a picture: each layer's sums and what is made of them, forward and backward. */
    public long numbers() {
        long first = (long) filters * once(picture.height()) * once(picture.width());
        return 2L * inputs() + 4 * (first + convolved() + features);
    }

    @Override
    public List<Array> arrays() {
        return List.of(new Array("first convolution", new Shape(filters, picture.channels(), KERNEL, KERNEL)),
            new Array("first biases", new Shape(filters)), new Array("second convolution", new Shape(filters, filters, KERNEL, KERNEL)),
            new Array("second biases", new Shape(filters)), new Array("feature weights", new Shape(features, convolved())),
            new Array("feature biases", new Shape(features)));
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        var drawn = new ArrayList<Parameters.Initial>();
        for (Array a : arrays()) {
            long[] shape = a.shape().getShape();
            boolean bias = shape.length == 1;
            double bound = bias ? 0 : Math.sqrt(6.0 * shape[0] / a.shape().size());
            drawn.add(bias ? Parameters.Initial.constant(0, shape) : Parameters.Initial.uniform(bound, random, shape));
        }
        return drawn;
    }

    /**
     * The features of pictures, recorded if operations are.
     *
     * @param pictures rows × entries, of numbers or of bytes, the channels of a pixel together
     * @param own this network's arrays
     * @return rows × features
     */
    public NDArray forward(NDArray pictures, NDList own) {
        Shape shape = pictures.getShape();
        Require.that(shape.dimension() == 2 && shape.get(1) == inputs(), "the shape of the pictures", shape, "rows × " + inputs());
        if (own.size() != arrays().size()) require(own);
        NDArray pixels = pictures.reshape(-1, picture.height(), picture.width(), picture.channels()).toType(DataType.FLOAT32, false);
        return TorchScript.call("picture", Stream.concat(Stream.of(pixels), own.stream()).map(Argument::of).toArray(Argument[]::new))
            .singletonOrThrow();
    }
}
