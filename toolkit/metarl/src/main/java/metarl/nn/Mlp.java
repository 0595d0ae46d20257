package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * A multi-layer perceptron with two hidden layers, W₃ f(W₂ f(W₁ x + b₁) + b₂) + b₃, as a pure function of its parameters.
 *
 * @param inputs size of x
 * @param hidden width of both hidden layers
 * @param outputs size of the result
 * @param activation f
 */
public record Mlp(int inputs, int hidden, int outputs, Activation activation) {
    /** Number of parameter arrays: three weights and three biases. */
    public static final int ARRAYS = 6;

    /** What a hidden layer does to its sums. */
    public enum Activation {
        /** max(x, 0). */
        RELU,
        /** tanh x: smooth, so that second derivatives say something. */
        TANH
    }

    /** Checks the sizes. */
    public Mlp {
        Require.count(inputs, 1, "inputs", "at least 1");
        Require.count(hidden, 1, "hidden", "at least 1, usually 32 to 400");
        Require.count(outputs, 1, "outputs", "at least 1");
        if (activation == null) activation = Activation.RELU;
        Require.tensor("the weights of a layer", "hidden", hidden, Math.max(hidden, Math.max(inputs, outputs)));
    }

    /** Numbers in all parameter arrays together. */
    public long parameters() {
        return (inputs + 1L) * hidden + (hidden + 1L) * hidden + (hidden + 1L) * outputs;
    }

    /** With max(x, 0). */
    public Mlp(int inputs, int hidden, int outputs) {
        this(inputs, hidden, outputs, Activation.RELU);
    }

    /** Weights and biases drawn from U(−1/√fan-in, 1/√fan-in), as PyTorch's linear layers are. */
    public List<Parameters.Initial> initial(RandomGenerator random) {
        var arrays = new ArrayList<Parameters.Initial>();
        int[] sizes = {inputs, hidden, hidden, outputs};
        for (int layer = 0; layer < 3; layer++) {
            double bound = 1 / Math.sqrt(sizes[layer]);
            arrays.add(uniform(bound, random, sizes[layer + 1], sizes[layer]));
            arrays.add(uniform(bound, random, sizes[layer + 1]));
        }
        return arrays;
    }

    /**
     * The network's value.
     *
     * @param x rows × inputs
     * @param parameters the network's arrays, from {@code offset} on
     * @return rows × outputs
     */
    public NDArray forward(NDArray x, NDList parameters, int offset) {
        NDArray h = activated(linear(x, parameters, offset));
        h = activated(linear(h, parameters, offset + 2));
        return linear(h, parameters, offset + 4);
    }

    /**
     * The values of several networks at once, each on rows of its own.
     *
     * @param x networks × rows × inputs
     * @param stacked the arrays of all networks, from {@code offset} on: weights networks × outputs × inputs, biases networks × 1 × outputs
     * @return networks × rows × outputs
     */
    public NDArray forwardEach(NDArray x, NDList stacked, int offset) {
        try (NDArray first = activated(linearEach(x, stacked, offset));
            NDArray second = activated(linearEach(first, stacked, offset + 2))) {
            return linearEach(second, stacked, offset + 4);
        }
    }

    private NDArray activated(NDArray sums) {
        // no gradient needs the sums, so their memory can be used again at once; of large batches that is much
        try (sums) {
            return activation == Activation.TANH ? sums.tanh() : sums.getNDArrayInternal().relu();
        }
    }

    private static NDArray linearEach(NDArray x, NDList stacked, int at) {
        return TorchScript.call("linear_each", TorchScript.Argument.of(x), TorchScript.Argument.of(stacked.get(at)),
            TorchScript.Argument.of(stacked.get(at + 1))).singletonOrThrow();
    }

    /**
     * The same arrays for each of several networks, as {@link #forwardEach} takes them: matrices networks × rows × columns, vectors networks × 1 × size.
     *
     * @param networks how many
     * @param scope where the results live
     */
    public static NDList stacked(NDList arrays, int networks, NDManager scope) {
        return TorchScript.call("stacked", TorchScript.Argument.of(scope.create(networks)), TorchScript.Argument.list("x", arrays));
    }

    private static NDArray linear(NDArray x, NDList parameters, int at) {
        return x.getNDArrayInternal().linear(x, parameters.get(at), parameters.get(at + 1)).singletonOrThrow();
    }

    static Parameters.Initial uniform(double bound, RandomGenerator random, long... shape) {
        var s = new Shape(shape);
        float[] values = new float[Require.tensor("the weights of a layer", "hidden", shape)];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble(-bound, bound);
        return new Parameters.Initial(values, s);
    }
}
