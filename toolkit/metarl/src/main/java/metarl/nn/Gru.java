package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
        return run(sequence, new NDList(parameters.subList(offset, offset + ARRAYS)), hidden);
    }

    /**
     * The last hidden states of two units of this size over the same sequence, computed as one unit of twice the size whose recurrent weights are two
     * blocks: half as many small operations. For passes without gradients.
     *
     * @return rows × 2 hidden, the first unit's state before the second's
     */
    public NDArray forwardBoth(NDArray sequence, NDList first, NDList second) {
        NDManager scope = sequence.getManager();
        NDArray none = scope.zeros(new Shape(3, hidden, hidden), sequence.getDataType());
        NDArray upper = gates(first.get(1), hidden, scope).concat(none, 2), lower = none.concat(gates(second.get(1), hidden, scope), 2);
        return run(sequence, new NDList(joined(first.get(0), second.get(0), inputs, scope), upper.concat(lower, 1).reshape(6L * hidden, 2L * hidden),
            joined(first.get(2), second.get(2), 1, scope).flatten(), joined(first.get(3), second.get(3), 1, scope).flatten()), 2 * hidden);
    }

    /** Arrays of two units, gate by gate. */
    private NDArray joined(NDArray first, NDArray second, int columns, NDManager scope) {
        return gates(first, columns, scope).concat(gates(second, columns, scope), 1).reshape(6L * hidden, columns);
    }

    /** A view that ends with the scope, not with the parameters. */
    private NDArray gates(NDArray weights, int columns, NDManager scope) {
        NDArray view = weights.reshape(3, hidden, columns);
        view.attach(scope);
        return view;
    }

    private static NDArray run(NDArray sequence, NDList weights, int hidden) {
        long rows = sequence.getShape().get(0);
        NDArray start = sequence.getManager().zeros(new Shape(1, rows, hidden), sequence.getDataType());
        NDList result = sequence.getNDArrayInternal().gru(sequence, start, weights, true, 1, 0.0, true, false, true);
        return result.get(1).reshape(rows, hidden);
    }
}
