package metarl.nn;

import ai.djl.engine.EngineException;
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
 * A gated recurrent unit (Cho et al. 2014, in the variant of PyTorch: the reset gate acts after the recurrent product), as a pure function
 * of its parameters; it starts from zero: r = σ(W_r x + b_r + U_r h + c_r), z = σ(W_z x + b_z + U_z h + c_z), n = tanh(W_n x + b_n + r (U_n
 * h + c_n)), h ← (1 − z) n + z h. What it says after an element is the hidden state h.
 *
 * @param inputs size of one element of the sequence
 * @param hidden size of the hidden state
 * @param longest 0, or over how many elements the state shall remember at first; see {@link #remembering}
 */
public record Gru(int inputs, int hidden, int longest) implements SequenceNetwork {
    /** Checks the sizes. */
    public Gru {
        Require.count(inputs, 1, "inputs", "at least 1");
        Require.count(hidden, 1, "hidden", "at least 1, usually 15 to 256");
        Require.count(longest, 0, "longest", "0 for the usual beginning, or the length of the longest sequence");
        Require.tensor("the weights of a recurrent unit", "hidden (contextSize)", 3, hidden, Math.max(hidden, inputs));
    }

    /** With all arrays drawn as PyTorch's are. */
    public Gru(int inputs, int hidden) {
        this(inputs, hidden, 0);
    }

    /**
     * The same, but each entry of the state begins with a time of its own over which it forgets, from one element to {@code longest}: the
     * bias of its update gate is log u with u from U(1, longest − 1) (chrono initialisation, Tallec and Ollivier 2018). Drawn from
     * U(−1/√hidden, 1/√hidden), that gate halves the state with every element.
     *
     * @param longest length of the longest sequence; less than 3 counts as 3
     */
    public Gru remembering(int longest) {
        return new Gru(inputs, hidden, Math.max(3, longest));
    }

    @Override
    public int outputs() {
        return hidden;
    }

    @Override
    public List<Array> arrays() {
        return List.of(new Array("input weights", new Shape(3L * hidden, inputs)),
            new Array("recurrent weights", new Shape(3L * hidden, hidden)),
            new Array("input biases", new Shape(3L * hidden)), new Array("recurrent biases", new Shape(3L * hidden)));
    }

    /** Arrays drawn from U(−1/√hidden, 1/√hidden), as PyTorch's are; gates in the order reset, update, new. */
    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        double bound = 1 / Math.sqrt(hidden);
        List<Parameters.Initial> drawn = arrays().stream().map(a -> Parameters.Initial.uniform(bound, random, a.shape().getShape()))
            .toList();
        if (longest > 0) {
            float[] biases = drawn.get(2).values();
            for (int i = hidden; i < 2 * hidden; i++) biases[i] = (float) Math.log(random.nextDouble(1, Math.max(3, longest) - 1));
        }
        return drawn;
    }

    /** The state after all elements of the sequence, each: length × rows × hidden, without a gradient. */
    @Override
    public NDArray outputs(NDArray sequences, NDList own) {
        return run(sequences, own).get(1);
    }

    /** The last hidden state alone, rows × hidden, without a gradient. */
    public NDArray last(NDArray sequences, NDList own) {
        return run(sequences, own).get(0);
    }

    @Override
    public Pass pass(NDArray sequences, NDList own) {
        return pass(sequences, 1, own, false);
    }

    @Override
    public Pass passOn(NDArray recorded, NDList own) {
        return pass(recorded, 1, own, true);
    }

    /** The last hidden state alone, rows × hidden, remembering what the gradient needs. */
    public Pass passToLast(NDArray sequences, NDList own) {
        return pass(sequences, 0, own, false);
    }

    private Pass pass(NDArray sequences, int which, NDList own, boolean on) {
        NDList kept = run(sequences, own);
        kept.get(which).setRequiresGradient(true);
        var parameters = new NDList(own);
        if (on) parameters.add(sequences);
        return new StatesPass(kept.get(which), new NDList(kept.subList(2, kept.size())), parameters);
    }

    @Override
    public Memory start(int rows, NDList own) {
        float[] states = new float[Require.tensor("the states of a recurrent unit", "hidden or the number of rows", rows, hidden)];
        return elements -> {
            NDManager scope = elements.getManager();
            NDArray next = next(elements, scope.create(states, new Shape(rows, hidden)), own);
            System.arraycopy(next.toFloatArray(), 0, states, 0, states.length);
            return next;
        };
    }

    /**
     * The hidden states after one more element of each of several sequences, without a gradient.
     *
     * @param elements rows × inputs
     * @param states those before, rows × hidden
     */
    public NDArray next(NDArray elements, NDArray states, NDList own) {
        return run(elements.expandDims(1), states, own).get(0);
    }

    /**
     * One pass over a batch of sequences: a loss is differentiated down to the states, and from there by the equations of the unit, written
     * out. PyTorch's own unit records about twelve operations per element of the sequence and twice as many for the gradient; these are
     * five and four.
     *
     * @param outputs the last hidden state, or all
     * @param kept what the forward pass leaves for the gradient
     * @param parameters the arrays of the unit, and the sequences where these were recorded
     */
    private record StatesPass(NDArray outputs, NDList kept, NDList parameters) implements Pass {
        @Override
        public NDList gradients(NDArray upstream) {
            return Gradients.unrecorded(() -> {
                NDList found = TorchScript.call("gru_gradients",
                    Stream.concat(Stream.of(upstream, parameters.get(1)), kept.stream()).map(Argument::of).toArray(Argument[]::new));
                // the last is ∂loss/∂(W x + b) of all gates
                NDArray gates = found.remove(found.size() - 1);
                if (parameters.size() > found.size()) found.add(TorchScript
                    .call("gru_sequences", Argument.of(gates), Argument.of(parameters.get(0)), Argument.of(kept.get(2)))
                    .singletonOrThrow());
                return found;
            });
        }
    }

    /**
     * The last hidden states of two units of this size over the same sequence, computed as one unit of twice the size whose recurrent
     * weights are two blocks: half as many small operations. For passes without gradients.
     *
     * @param first the arrays of the first unit
     * @param second the arrays of the second
     * @return rows × 2 hidden, the first unit's state before the second's
     */
    public NDArray lastOfBoth(NDArray sequence, NDList first, NDList second) {
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

    private NDList run(NDArray sequences, List<NDArray> weights) {
        return run(sequences, sequences.getManager().zeros(new Shape(1, 1)), weights);
    }

    private NDList run(NDArray sequences, NDArray start, List<NDArray> weights) {
        try {
            return Gradients.unrecorded(() -> TorchScript.call("gru",
                Stream.concat(Stream.of(sequences, start), weights.stream()).map(Argument::of).toArray(Argument[]::new)));
        } catch (EngineException e) {
            if (weights.size() != arrays().size()) require(new NDList(weights));
            Shape shape = sequences.getShape();
            Require.that(shape.dimension() == 3 && shape.get(2) == inputs, "the shape of the sequences", shape,
                "rows × length × " + inputs);
            throw e;
        }
    }
}
