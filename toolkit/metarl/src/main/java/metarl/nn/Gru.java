package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * A gated recurrent unit (Cho et al. 2014, in the variant of PyTorch: the reset gate acts after the recurrent product), as a
 * pure function of its parameters; it starts from zero: r = σ(W_r x + b_r + U_r h + c_r), z = σ(W_z x + b_z + U_z h + c_z), n = tanh(W_n x + b_n + r (U_n h + c_n)),
 * h ← (1 − z) n + z h.
 *
 * @param inputs size of one element of the sequence
 * @param hidden size of the hidden state
 */
public record Gru(int inputs, int hidden) {
    /** Number of parameter arrays: input and recurrent weights, input and recurrent biases. */
    public static final int ARRAYS = 4;

    /** Checks the sizes. */
    public Gru {
        Require.count(inputs, 1, "inputs", "at least 1");
        Require.count(hidden, 1, "hidden", "at least 1, usually 15 to 256");
        Require.tensor("the weights of a recurrent unit", "hidden (contextSize)", 3, hidden, Math.max(hidden, inputs));
    }

    /** Numbers in all parameter arrays together. */
    public long parameters() {
        return 3L * hidden * (inputs + hidden + 2L);
    }

    /** Arrays drawn from U(−1/√hidden, 1/√hidden), as PyTorch's are; gates in the order reset, update, new. */
    public List<Parameters.Initial> initial(RandomGenerator random) {
        double bound = 1 / Math.sqrt(hidden);
        return List.of(Mlp.uniform(bound, random, 3L * hidden, inputs), Mlp.uniform(bound, random, 3L * hidden, hidden),
            Mlp.uniform(bound, random, 3L * hidden), Mlp.uniform(bound, random, 3L * hidden));
    }

    /**
     * The same, but each entry of the state begins with a time of its own over which it forgets, from one element to {@code longest}: the bias of its update gate is
     * log u with u from U(1, longest − 1) (chrono initialisation, Tallec and Ollivier 2018). Drawn from U(−1/√hidden, 1/√hidden), that gate halves the state with every element.
     *
     * @param longest length of the longest sequence; less than 3 counts as 3
     */
    public List<Parameters.Initial> initial(RandomGenerator random, int longest) {
        List<Parameters.Initial> arrays = initial(random);
        float[] biases = arrays.get(2).values();
        for (int i = hidden; i < 2 * hidden; i++) biases[i] = (float) Math.log(random.nextDouble(1, Math.max(3, longest) - 1));
        return arrays;
    }

    /**
     * The last hidden state, without a gradient.
     *
     * @param sequence rows × length × inputs
     * @param parameters the arrays of this unit, from {@code offset} on
     * @return rows × hidden
     */
    public NDArray forward(NDArray sequence, NDList parameters, int offset) {
        return run(sequence, parameters.subList(offset, offset + ARRAYS)).get(0);
    }

    /** The state after all elements of the sequence, each: length × rows × hidden, without a gradient. */
    public NDArray states(NDArray sequence, NDList parameters, int offset) {
        return run(sequence, parameters.subList(offset, offset + ARRAYS)).get(1);
    }

    /** The next state of a unit that is in {@code state} and sees one more {@code input}, rows × inputs, without a gradient. */
    public NDArray step(NDArray input, NDArray state, NDList parameters, int offset) {
        return run(input.expandDims(1), state, parameters.subList(offset, offset + ARRAYS)).get(0);
    }

    /** The last hidden state, remembering what the gradient needs. */
    public Pass pass(NDArray sequence, NDList parameters, int offset) {
        return pass(sequence, parameters, offset, 0);
    }

    /** The states after each element, length × rows × hidden, remembering what the gradient needs. */
    public Pass passAll(NDArray sequence, NDList parameters, int offset) {
        return pass(sequence, parameters, offset, 1);
    }

    private Pass pass(NDArray sequence, NDList parameters, int offset, int which) {
        NDList kept = run(sequence, parameters.subList(offset, offset + ARRAYS));
        NDArray state = kept.get(which);
        state.setRequiresGradient(true);
        return new Pass(state, new NDList(kept.subList(2, kept.size())), parameters.get(offset + 1), offset);
    }

    /**
     * One pass over a batch of sequences: a loss is differentiated down to {@link #state()}, and from there by the equations of the unit, written out.
     * PyTorch's own unit records about twelve operations per element of the sequence and twice as many for the gradient; these are five and four.
     */
    public static final class Pass {
        private final NDArray state;
        private final NDList kept;
        private final NDArray recurrentWeights;
        private final int offset;

        private Pass(NDArray state, NDList kept, NDArray recurrentWeights, int offset) {
            this.state = state;
            this.kept = kept;
            this.recurrentWeights = recurrentWeights;
            this.offset = offset;
        }

        /** The last hidden state, or all: where the recorded part of a loss begins. */
        public NDArray state() {
            return state;
        }

        /**
         * Adds this unit's part to the gradients of its network.
         *
         * @param upstream ∂loss/∂state, of the state's shape
         * @param gradients one array per parameter of the network
         */
        void addGradients(NDArray upstream, NDList gradients) {
            Gradients.unrecorded(() -> {
                NDList own = TorchScript.call("gru_gradients",
                    Stream.concat(Stream.of(upstream, recurrentWeights), kept.stream()).map(Argument::of).toArray(Argument[]::new));
                for (int i = 0; i < ARRAYS; i++) gradients.get(offset + i).addi(own.get(i));
                return null;
            });
        }
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
        return run(sequence,
            List.of(joined(first.get(0), second.get(0), inputs, scope), upper.concat(lower, 1).reshape(6L * hidden, 2L * hidden),
                joined(first.get(2), second.get(2), 1, scope).flatten(), joined(first.get(3), second.get(3), 1, scope).flatten()))
            .get(0);
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

    private static NDList run(NDArray sequence, List<NDArray> weights) {
        return run(sequence, sequence.getManager().zeros(new Shape(1, 1)), weights);
    }

    private static NDList run(NDArray sequence, NDArray start, List<NDArray> weights) {
        return Gradients.unrecorded(() -> TorchScript.call("gru",
            Stream.concat(Stream.of(sequence, start), weights.stream()).map(Argument::of).toArray(Argument[]::new)));
    }
}
