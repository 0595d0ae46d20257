package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

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
        NDArray h = activated(linearEach(x, stacked, offset));
        h = activated(linearEach(h, stacked, offset + 2));
        return linearEach(h, stacked, offset + 4);
    }

    private NDArray activated(NDArray sums) {
        return activation == Activation.TANH ? sums.tanh() : sums.getNDArrayInternal().relu();
    }

    private static NDArray linearEach(NDArray x, NDList stacked, int at) {
        // the transposed view would live as long as the weights
        try (NDArray transposed = stacked.get(at).transpose(0, 2, 1)) {
            return x.matMul(transposed).add(stacked.get(at + 1));
        }
    }

    private static NDArray linear(NDArray x, NDList parameters, int at) {
        return x.getNDArrayInternal().linear(x, parameters.get(at), parameters.get(at + 1)).singletonOrThrow();
    }

    static Parameters.Initial uniform(double bound, RandomGenerator random, long... shape) {
        var s = new Shape(shape);
        float[] values = new float[(int) s.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble(-bound, bound);
        return new Parameters.Initial(values, s);
    }
}
