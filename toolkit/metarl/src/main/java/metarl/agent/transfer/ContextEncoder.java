package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.Require;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;

/**
 * MCAT's context encoder as a function of its parameters: z = C(a_{t−K}, s_{t−K+1} − s_{t−K}, …, a_{t−1}, s_t − s_{t−1}), each action and
 * each change of the observation in units of mean 0 and deviation 1 (Guo et al. 2022, section 3.2; changes in place of observations as in
 * the release). Steps before an episode's start are zeros, brought to the same units.
 *
 * @param observationSize numbers in an observation
 * @param actionSize numbers in an action
 * @param history K
 * @param network from a history to z
 */
public record ContextEncoder(int observationSize, int actionSize, int history, Mlp network) {
    /** Name of the section. */
    public static final String NETWORK = "encoder";

    /** Checks the sizes. */
    public ContextEncoder {
        Require.count(observationSize, 1, "observationSize", "at least 1");
        Require.count(actionSize, 1, "actionSize", "at least 1");
        Require.count(history, 1, "history", "at least 1, usually 10 steps");
        Require.that(network.inputs() == history * (actionSize + observationSize), "inputs of the network", network.inputs(),
            history * (actionSize + observationSize) + ": " + history + " steps of action and observation");
    }

    /** With hidden layers of these widths, of max(x, 0). */
    public static ContextEncoder of(int observationSize, int actionSize, int history, int contextSize, int... hidden) {
        return new ContextEncoder(observationSize, actionSize, history,
            Mlp.of(Require.length("the inputs of the encoder", "history", history, actionSize + observationSize), hidden, contextSize));
    }

    /** Entries of z. */
    public int contextSize() {
        return network.outputs();
    }

    /** Numbers in a history. */
    public int inputs() {
        return network.inputs();
    }

    /**
     * z of each row, recorded if operations are.
     *
     * @param histories rows × K · (action + observation)
     * @param units of observation and action, and of the change of the observation
     * @param own the encoder's arrays
     * @return rows × z
     */
    public NDArray encode(NDArray histories, Units units, NDList own) {
        return network.forward(unitsOf(units).normalized(histories), own);
    }

    /** Units of a history. */
    Normalizer unitsOf(Units units) {
        return new Normalizer(repeated(units.inputs().means(), units.targets().means()),
            repeated(units.inputs().deviations(), units.targets().deviations()));
    }

    private float[] repeated(float[] inputs, float[] targets) {
        int width = actionSize + observationSize;
        float[] all = Arrays.copyOf(Arrays.copyOfRange(inputs, observationSize, observationSize + actionSize), history * width);
        System.arraycopy(targets, 0, all, actionSize, observationSize);
        for (int k = 1; k < history; k++) System.arraycopy(all, 0, all, k * width, width);
        return all;
    }
}
