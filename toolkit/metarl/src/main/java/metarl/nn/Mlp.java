package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Require;

/**
 * A multi-layer perceptron of any depth, W_n f(… f(W₂ f(W₁ x + b₁) + b₂) …) + b_n, as a pure function of its parameters. {@code Mlp.of(4,
 * 300, 300, 2)} reads 4 numbers, has two hidden layers of 300 and gives 2; {@code Mlp.of(4, 2)} is one linear layer.
 *
 * @param widths size of x, widths of the hidden layers, size of the result
 * @param activation f, which every layer but the last applies to its sums
 */
public record Mlp(List<Integer> widths, Activation activation) implements Network {
    /** What a hidden layer does to its sums. */
    public enum Activation {
        /** max(x, 0). */
        RELU,
        /** tanh x: smooth, so that second derivatives say something. */
        TANH,
        /** x / (1 + e^−x), called swish or SiLU: smooth, and near max(x, 0) (Ramachandran et al. 2017). */
        SWISH;

        /** Its number in the library's operations. */
        int number() {
            return ordinal() + 1;
        }
    }

    /** Checks the sizes. */
    public Mlp {
        widths = List.copyOf(widths);
        if (activation == null) activation = Activation.RELU;
        Require.that(widths.size() >= 2, "widths", widths,
            "at least two: size of the input, widths of the hidden layers, size of the output, such as 4, 300, 300, 2");
        for (int i = 0; i < widths.size(); i++)
            Require.count(widths.get(i), 1, "widths[" + i + "]", "at least 1, hidden layers usually 32 to 400");
        for (int i = 1; i < widths.size(); i++)
            Require.tensor("the weights of a layer", "hidden", widths.get(i), widths.get(i - 1));
    }

    /** With max(x, 0). */
    public static Mlp of(int... widths) {
        return of(Activation.RELU, widths);
    }

    /** With max(x, 0), and hidden layers of these widths. */
    public static Mlp of(int inputs, int[] hidden, int outputs) {
        return of(IntStream.concat(IntStream.concat(IntStream.of(inputs), IntStream.of(hidden)), IntStream.of(outputs)).toArray());
    }

    /** With this activation. */
    public static Mlp of(Activation activation, int... widths) {
        return new Mlp(IntStream.of(widths).boxed().toList(), activation);
    }

    /** Size of x. */
    public int inputs() {
        return widths.get(0);
    }

    /** Size of the result. */
    public int outputs() {
        return widths.get(layers());
    }

    /** Linear layers: hidden layers and one. */
    public int layers() {
        return widths.size() - 1;
    }

    @Override
    public List<Array> arrays() {
        var arrays = new ArrayList<Array>();
        for (int layer = 1; layer <= layers(); layer++) {
            arrays.add(new Array("layer " + layer + " weights", new Shape(widths.get(layer), widths.get(layer - 1))));
            arrays.add(new Array("layer " + layer + " biases", new Shape(widths.get(layer))));
        }
        return arrays;
    }

    /** Weights and biases drawn from U(−1/√fan-in, 1/√fan-in), as PyTorch's linear layers are. */
    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        var drawn = new ArrayList<Parameters.Initial>();
        for (int layer = 1; layer <= layers(); layer++) {
            double bound = 1 / Math.sqrt(widths.get(layer - 1));
            drawn.add(Parameters.Initial.uniform(bound, random, widths.get(layer), widths.get(layer - 1)));
            drawn.add(Parameters.Initial.uniform(bound, random, widths.get(layer)));
        }
        return drawn;
    }

    /**
     * The network's value, recorded if operations are.
     *
     * @param x rows × inputs
     * @param own this network's arrays
     * @return rows × outputs
     */
    public NDArray forward(NDArray x, NDList own) {
        try {
            NDArray h = x;
            for (int layer = 0; layer < layers() - 1; layer++) h = activated(linear(h, own, layer));
            return linear(h, own, layers() - 1);
        } catch (EngineException | IndexOutOfBoundsException e) {
            throw explained(x, own, false, e);
        }
    }

    /**
     * The values of several networks at once, each on rows of its own.
     *
     * @param x networks × rows × inputs
     * @param stacked the arrays of all networks, as {@link #stacked} makes them: weights networks × outputs × inputs, biases networks × 1 ×
     * outputs
     * @return networks × rows × outputs
     */
    public NDArray forwardEach(NDArray x, NDList stacked) {
        try {
            NDArray h = x;
            for (int layer = 0; layer < layers() - 1; layer++) {
                NDArray next = activated(linearEach(h, stacked, layer));
                if (h != x) h.close();
                h = next;
            }
            NDArray result = linearEach(h, stacked, layers() - 1);
            if (h != x) h.close();
            return result;
        } catch (EngineException | IndexOutOfBoundsException e) {
            throw explained(x, stacked, true, e);
        }
    }

    /**
     * What the engine says of shapes that do not fit, in words of this network; looked at only when something went wrong, because shapes
     * cost time.
     */
    private RuntimeException explained(NDArray x, NDList own, boolean each, RuntimeException failure) {
        if (!each || own.size() != 2 * layers()) require(own);
        Shape shape = x.getShape();
        Require.that(shape.dimension() == (each ? 3 : 2) && shape.get(shape.dimension() - 1) == inputs(), "the shape of x", shape,
            (each ? "networks × rows × " : "rows × ") + inputs());
        return failure;
    }

    private NDArray activated(NDArray sums) {
        // the library keeps what a gradient needs; all other memory can be used again at once, and of large batches that is much
        try (sums) {
            return switch (activation) {
                case RELU -> sums.getNDArrayInternal().relu();
                case TANH -> sums.tanh();
                case SWISH -> TorchScript.call("swish", TorchScript.Argument.of(sums)).singletonOrThrow();
            };
        }
    }

    private static NDArray linear(NDArray x, NDList own, int layer) {
        return x.getNDArrayInternal().linear(x, own.get(2 * layer), own.get(2 * layer + 1)).singletonOrThrow();
    }

    private static NDArray linearEach(NDArray x, NDList stacked, int layer) {
        return TorchScript.call("linear_each", TorchScript.Argument.of(x), TorchScript.Argument.of(stacked.get(2 * layer)),
            TorchScript.Argument.of(stacked.get(2 * layer + 1))).singletonOrThrow();
    }

    /**
     * The same arrays for each of several networks, as {@link #forwardEach} takes them: matrices networks × rows × columns, vectors
     * networks × 1 × size.
     *
     * @param networks how many
     * @param scope where the results live
     */
    public static NDList stacked(NDList arrays, int networks, NDManager scope) {
        return TorchScript.call("stacked", TorchScript.Argument.of(scope.create(networks)), TorchScript.Argument.list("x", arrays));
    }
}
