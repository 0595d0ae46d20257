package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * y_t = tanh(W (x_{t−length+1}, …, x_t) + b), with zeros before the beginning: a causal convolution, as unlike a recurrent unit as a
 * network that reads sequences can be. Its operations are recorded, and its memory are the inputs of the past.
 */
public record TemporalConvolution(int inputs, int outputs, int length) implements SequenceNetwork {
    @Override
    public List<Array> arrays() {
        return List.of(new Array("kernel", new Shape(outputs, (long) length * inputs)), new Array("biases", new Shape(outputs)));
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        // wide, so that tanh is not almost linear: to stay after a reward and change without one is an exclusive or
        double bound = 3 / Math.sqrt(length * inputs);
        return List.of(Parameters.Initial.uniform(bound, random, outputs, (long) length * inputs),
            Parameters.Initial.uniform(bound, random, outputs));
    }

    @Override
    public NDArray outputs(NDArray sequences, NDList own) {
        return Gradients.unrecorded(() -> forward(sequences, own));
    }

    @Override
    public Pass pass(NDArray sequences, NDList own) {
        return Pass.recorded(Gradients.recorded(() -> forward(sequences, own)));
    }

    private NDArray forward(NDArray sequences, NDList own) {
        long rows = sequences.getShape().get(0), steps = sequences.getShape().get(1);
        NDArray zeros = sequences.getManager().zeros(new Shape(rows, length - 1L, inputs), sequences.getDataType());
        NDArray padded = length == 1 ? sequences : zeros.concat(sequences, 1);
        var shifted = new NDList();
        for (int k = 0; k < length; k++) shifted.add(padded.get(":, " + k + ":" + (k + steps)));
        NDArray windows = shifted.size() == 1 ? shifted.head() : shifted.head().getNDArrayInternal().concat(shifted.subNDList(1), 2);
        return read(windows.transpose(1, 0, 2).reshape(steps * rows, (long) length * inputs), own).reshape(steps, rows, outputs);
    }

    private static NDArray read(NDArray windows, NDList own) {
        return windows.getNDArrayInternal().linear(windows, own.get(0), own.get(1)).singletonOrThrow().tanh();
    }

    @Override
    public Memory start(int rows, NDList own) {
        int width = length * inputs;
        float[] windows = new float[rows * width];
        return elements -> {
            NDManager scope = elements.getManager();
            float[] read = elements.toFloatArray();
            System.arraycopy(windows, inputs, windows, 0, windows.length - inputs);
            for (int i = 0; i < rows; i++) System.arraycopy(read, i * inputs, windows, (i + 1) * width - inputs, inputs);
            return Gradients.unrecorded(() -> read(scope.create(windows, new Shape(rows, width)), own));
        };
    }
}
