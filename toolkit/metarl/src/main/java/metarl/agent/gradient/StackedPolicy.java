package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.List;
import metarl.agent.Problem;
import metarl.nn.ActionDistribution;
import metarl.nn.FreeVector;
import metarl.nn.Gaussian;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/**
 * A stochastic policy as a pure function of its parameters: a tanh network gives the means, and the logarithms of the standard deviations
 * are parameters of their own, the same in every state; of choices, the network gives the logits. Policies of many tasks are evaluated at
 * once, each with parameters of its own, by one batched product per layer.
 */
record StackedPolicy(Mlp network, ActionDistribution head, Sections sections) {
    private static final double LAST_LAYER = 0.01;
    private static final String MEANS = "means", DEVIATIONS = "logarithms of the standard deviations";

    /**
     * The policy for a problem, with two hidden layers of this width; it begins with an almost constant mean and this standard deviation.
     */
    static StackedPolicy of(Problem problem, int hidden, double deviation) {
        ActionDistribution head = ActionDistribution.of(problem.actionSize(), problem.discrete());
        int outputs = head instanceof Gaussian gaussian ? gaussian.size() : head.outputs();
        Mlp network = Mlp.of(Mlp.Activation.TANH, problem.observationSize(), hidden, hidden, outputs);
        Sections means = Sections.of().and(MEANS, network, random -> almostConstant(network.initial(random)));
        return new StackedPolicy(network, head,
            head instanceof Gaussian ? means.and(DEVIATIONS, new FreeVector(outputs, Math.log(deviation))) : means);
    }

    private static List<Parameters.Initial> almostConstant(List<Parameters.Initial> arrays) {
        float[] weights = arrays.get(arrays.size() - 2).values();
        for (int i = 0; i < weights.length; i++) weights[i] *= (float) LAST_LAYER;
        Arrays.fill(arrays.get(arrays.size() - 1).values(), 0);
        return arrays;
    }

    private NDArray means(NDArray observations, NDList stacked) {
        return network.forwardEach(observations, sections.slice(MEANS, stacked));
    }

    private NDArray logDeviations(NDList stacked) {
        return sections.slice(DEVIATIONS, stacked).head();
    }

    /**
     * What the head needs of each row.
     *
     * @param observations tasks × rows × observation
     * @param stacked parameters of each task, as {@link Mlp#stacked} makes them
     * @return (tasks · rows) × outputs of the head
     */
    NDArray outputs(NDArray observations, NDList stacked) {
        NDArray means = means(observations, stacked);
        if (!(head instanceof Gaussian)) return means.reshape(-1, head.outputs());
        // closed at once, because it would last as long as the parameters
        try (NDArray logDeviations = logDeviations(stacked).broadcast(means.getShape())) {
            return means.concat(logDeviations, 2).reshape(-1, head.outputs());
        }
    }

    /**
     * log π(a|o) of every row, (tasks · rows) × 1: as the head gives it for {@link #outputs}, with fewer operations to be differentiated
     * twice.
     *
     * @param actions what the head sees of the actions, (tasks · rows) × entries of an encoded action
     */
    NDArray logProbability(NDArray observations, NDArray actions, NDList stacked) {
        if (!(head instanceof Gaussian)) return head.logProbability(outputs(observations, stacked), actions);
        NDArray means = means(observations, stacked);
        return Gaussian.logProbability(means, logDeviations(stacked), actions.reshape(means.getShape())).reshape(-1, 1);
    }
}
