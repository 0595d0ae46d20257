package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A gated recurrent unit (Cho et al. 2014, in the variant of PyTorch: the reset gate acts after the recurrent product), as a
 * pure function of its parameters; it starts from zero.
 *
 * @param inputs size of one element of the sequence
 * @param hidden size of the hidden state
 */
public record Gru(int inputs, int hidden) {
    /** Number of parameter arrays: input and recurrent weights, input and recurrent biases. */
    public static final int ARRAYS = 4;

    /** Arrays drawn from U(−1/√hidden, 1/√hidden), as PyTorch's are; gates in the order reset, update, new. */
    public List<Parameters.Initial> initial(RandomGenerator random) {
        double bound = 1 / Math.sqrt(hidden);
        return List.of(Mlp.uniform(bound, random, 3L * hidden, inputs), Mlp.uniform(bound, random, 3L * hidden, hidden),
            Mlp.uniform(bound, random, 3L * hidden), Mlp.uniform(bound, random, 3L * hidden));
    }

    /**
     * The last hidden state.
     *
     * @param sequence rows × length × inputs
     * @param parameters the arrays of this unit, from {@code offset} on
     * @return rows × hidden
     */
    public NDArray forward(NDArray sequence, NDList parameters, int offset) {
        long rows = sequence.getShape().get(0);
        NDArray start = sequence.getManager().zeros(new Shape(1, rows, hidden), sequence.getDataType());
        var weights = new NDList(parameters.subList(offset, offset + ARRAYS));
        NDList result = sequence.getNDArrayInternal().gru(sequence, start, weights, true, 1, 0.0, true, false, true);
        return result.get(1).reshape(rows, hidden);
    }
}
