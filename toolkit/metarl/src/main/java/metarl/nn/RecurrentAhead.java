package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * What a recurrent model of differences foretells for sequences of actions: s_{t+1} = s_t + y_t, where h_t = GRU(x̂_t, ŷ_{t−1}; h_{t−1})
 * and ŷ_t = W h_t + b; x_t is s_t and a_t, each brought to mean 0 and deviation 1 by its own numbers. Every sequence carries on with a
 * hidden state of its own. One operation for the caller, as {@link StepsAhead} is; the last digits differ from step by step.
 *
 * @param memory the recurrent unit, which reads x̂ and the ŷ before
 * @param last W and b, one layer
 * @param inputs units of x
 * @param outputs units of y
 */
public record RecurrentAhead(Gru memory, Mlp last, Normalizer inputs, Normalizer outputs) {
    /** Checks the sizes. */
    public RecurrentAhead {
        Require.that(last.layers() == 1 && last.inputs() == memory.hidden(), "the widths of last", last.widths(),
            "one layer that reads the " + memory.hidden() + " entries of the hidden state");
        Require.that(outputs.means().length == last.outputs(), "the entries of outputs", outputs.means().length,
            last.outputs() + ", what the last layer says");
        Require.that(inputs.means().length + last.outputs() == memory.inputs(), "the entries of inputs", inputs.means().length,
            (memory.inputs() - last.outputs()) + ", which with what the last layer says are the inputs of the recurrent unit");
    }

    /**
     * All that is foretold, recorded never.
     *
     * @param states where each environment is now, environments × state
     * @param hidden h before this step, environments × hidden
     * @param said ŷ of the step before, environments × outputs
     * @param actions environments × candidates × horizon × action
     * @param own the arrays of the recurrent unit, then those of the last layer
     * @return 1 × horizon × outputs × (environments · candidates), as of {@link StepsAhead} with one network: after each step the state,
     * then what else is foretold of the step
     */
    public NDArray of(NDArray states, NDArray hidden, NDArray said, NDArray actions, NDList own) {
        // no list: arrays go by their names, and while one thread looks ahead another may be following a step with the same arrays
        var all = Stream.concat(Stream.of(states, hidden, said, actions, StepsAhead.units(inputs, outputs, states.getManager())),
            own.stream());
        try {
            return Gradients.unrecorded(() -> TorchScript.call("recurrent_ahead", all.map(Argument::of).toArray(Argument[]::new)))
                .singletonOrThrow();
        } catch (EngineException e) {
            throw explained(states.getShape(), hidden.getShape(), said.getShape(), actions.getShape(), own, e);
        }
    }

    /** What the engine says of shapes that do not fit, in words of this model. */
    private RuntimeException explained(Shape states, Shape hidden, Shape said, Shape actions, NDList own, RuntimeException failure) {
        Require.that(own.size() == memory.arrays().size() + 2, "the number of arrays", own.size(),
            memory.arrays().size() + 2 + ": those of the recurrent unit, weights and biases of the last layer");
        long n = states.get(0), s = states.dimension() == 2 ? states.get(1) : 0;
        Require.that(s >= 1 && s <= last.outputs(), "the shape of states", states,
            "environments × state, with a state of at most " + last.outputs() + " entries");
        Require.that(hidden.equals(new Shape(n, memory.hidden())), "the shape of hidden", hidden, n + " environments × " + memory.hidden());
        Require.that(said.equals(new Shape(n, last.outputs())), "the shape of said", said, n + " environments × " + last.outputs());
        long action = inputs.means().length - s;
        Require.that(actions.dimension() == 4 && actions.get(0) == n && actions.get(3) == action, "the shape of actions", actions,
            n + " environments × candidates × horizon × " + action + ", which with the state are the inputs of the model");
        return failure;
    }
}
