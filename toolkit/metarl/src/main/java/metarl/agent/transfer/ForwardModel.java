package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import metarl.agent.model.DynamicsModel.Prediction;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.Require;
import metarl.nn.Mlp;
import metarl.nn.Sections;
import metarl.nn.VarianceBounds;

/**
 * MCAT's forward model as a function of its parameters: F(s' | s, a, z) says mean and log variance of each entry of the change s' − s, in
 * units of mean 0 and deviation 1 (Guo et al. 2022, equation 1). z is told as it is. Log variances have soft bounds, which are parameters
 * ({@link VarianceBounds}).
 *
 * @param observationSize numbers in s
 * @param actionSize numbers in a
 * @param contextSize numbers in z; 0: there is none
 * @param network from s, a and z to the means and then the unbounded log variances
 */
public record ForwardModel(int observationSize, int actionSize, int contextSize, Mlp network) {
    /** Name of the network's section; those of the bounds are {@link VarianceBounds#LARGEST} and {@link VarianceBounds#LEAST}. */
    public static final String NETWORK = "forward model";

    /** Checks the sizes. */
    public ForwardModel {
        Require.count(observationSize, 1, "observationSize", "at least 1");
        Require.count(actionSize, 1, "actionSize", "at least 1");
        Require.count(contextSize, 0, "contextSize", "0 (no context) or more, usually 10");
        int inputs = observationSize + actionSize + contextSize, outputs = 2 * observationSize;
        Require.that(network.inputs() == inputs, "inputs of the network", network.inputs(),
            inputs + ": observationSize, actionSize and contextSize together");
        Require.that(network.outputs() == outputs, "outputs of the network", network.outputs(),
            outputs + ": a mean and a log variance for each of observationSize entries");
    }

    /** With {@code layers} hidden layers of this width, of x / (1 + e^−x). */
    public static ForwardModel of(int observationSize, int actionSize, int contextSize, int hidden, int layers) {
        int[] widths = new int[layers + 2];
        Arrays.fill(widths, hidden);
        widths[0] = observationSize + actionSize + contextSize;
        widths[layers + 1] = 2 * observationSize;
        return new ForwardModel(observationSize, actionSize, contextSize, Mlp.of(Mlp.Activation.SWISH, widths));
    }

    /** What the parameters consist of, behind what there is already, such as an encoder. */
    public Sections sections(Sections before) {
        return new VarianceBounds(observationSize).sections(before.and(NETWORK, network));
    }

    /**
     * The distribution of the change of s in units of mean 0 and deviation 1: with the targets {@code units.targets().normalized(s' − s)}
     * its {@link Prediction#logProbability} is log F of equation 3, but for the units. Recorded if operations are; it can be differentiated
     * for the actions, too.
     *
     * @param observations s, rows × observation
     * @param actions a, rows × action
     * @param contexts z, rows × context; null where there is none
     * @param units of s and a, and of the change of s
     * @param own the arrays of {@link #sections}, without those before
     */
    public Prediction predict(NDArray observations, NDArray actions, NDArray contexts, Units units, NDList own) {
        Require.that((contexts == null) == (contextSize == 0), "contexts", contexts == null ? "null" : "an array",
            contextSize == 0 ? "null, because this model has no context" : "rows × " + contextSize);
        NDArray x = units.inputs().normalized(observations.concat(actions, 1));
        Sections sections = sections(Sections.of());
        NDList halves = network.forward(contexts == null ? x : x.concat(contexts, 1), sections.slice(NETWORK, own))
            .split(new long[] {observationSize}, 1);
        return new Prediction(halves.get(0), VarianceBounds.bounded(halves.get(1), sections, own));
    }
}
