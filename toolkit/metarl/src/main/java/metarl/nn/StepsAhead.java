package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * What a network of differences foretells for sequences of actions: s_{t+1} = s_t + y_t, where ŷ_t = f(x̂_t) and x_t is s_t and a_t, each
 * brought to mean 0 and deviation 1 by its own numbers.
 *
 * <p>All steps are one operation for the caller, so that none goes back and forth between Java and the library; the units are drawn into
 * the weights of the first and the last layer, and the products of larger layers are those of oneDNN where the library has it, which on
 * some processors are twice as fast as those of the usual one. So the last digits differ from step by step.
 *
 * @param network f, from state and action to the change of the state and, after it, whatever else it foretells, such as the reward
 * @param inputs units of x
 * @param outputs units of y
 */
public record StepsAhead(Mlp network, Normalizer inputs, Normalizer outputs) {
    /** Checks the sizes. */
    public StepsAhead {
        Require.that(inputs.means().length == network.inputs(), "the entries of inputs", inputs.means().length,
            network.inputs() + ", the inputs of the network");
        Require.that(outputs.means().length == network.outputs(), "the entries of outputs", outputs.means().length,
            network.outputs() + ", the outputs of the network");
    }

    /**
     * All that is foretold, recorded never.
     *
     * @param states where each environment is now, environments × state
     * @param actions environments × candidates × horizon × action
     * @param stacked the arrays of as many networks as there are environments, or of one for all of them, as {@link Mlp#stacked} makes them
     * @return networks × horizon × outputs × (environments / networks · candidates): after each step the state, then what else is foretold
     * of the step
     */
    public NDArray of(NDArray states, NDArray actions, NDList stacked) {
        NDManager scope = states.getManager();
        NDArray kind = scope.create(network.activation().number());
        try {
            return Gradients.unrecorded(() -> TorchScript.call("steps_ahead", Argument.of(states), Argument.of(actions), Argument.of(kind),
                Argument.of(units(inputs, outputs, scope)), Argument.list("w", stacked))).singletonOrThrow();
        } catch (EngineException e) {
            throw explained(states.getShape(), actions.getShape(), stacked, e);
        }
    }

    /** All four vectors in one, because each costs a way to the library. */
    static NDArray units(Normalizer inputs, Normalizer outputs, NDManager scope) {
        int in = inputs.means().length, out = outputs.means().length;
        float[] all = Arrays.copyOf(inputs.means(), 2 * (in + out));
        System.arraycopy(inputs.deviations(), 0, all, in, in);
        System.arraycopy(outputs.means(), 0, all, 2 * in, out);
        System.arraycopy(outputs.deviations(), 0, all, 2 * in + out, out);
        return scope.create(all);
    }

    /** What the engine says of shapes that do not fit, in words of this model. */
    private RuntimeException explained(Shape states, Shape actions, NDList stacked, RuntimeException failure) {
        Require.that(states.dimension() == 2 && states.get(1) <= network.outputs(), "the shape of states", states,
            "environments × state, with a state of at most " + network.outputs() + " entries, the outputs of the network");
        Require.that(actions.dimension() == 4 && actions.get(0) == states.get(0) && actions.get(3) + states.get(1) == network.inputs(),
            "the shape of actions", actions, states.get(0) + " environments × candidates × horizon × "
                + (network.inputs() - states.get(1)) + ", which with the state are the inputs of the network");
        Require.that(stacked.size() == 2 * network.layers(), "the number of arrays", stacked.size(),
            2 * network.layers() + ": weights and biases of each layer, stacked");
        long networks = stacked.head().getShape().get(0);
        Require.that(networks == 1 || networks == states.get(0), "the number of networks", networks,
            "1, or " + states.get(0) + ", one per environment");
        return failure;
    }
}
