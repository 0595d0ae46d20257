package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.nn.ActionHead;
import metarl.nn.Mlp;
import metarl.nn.Parameters;

/**
 * A stochastic policy as a pure function of its parameters: a tanh network gives the means, and the logarithms of the standard deviations are parameters of their
 * own, the same in every state; of choices, the network gives the logits. Policies of many tasks are evaluated at once, each with parameters of its own, by one
 * batched product per layer.
 */
record StackedPolicy(Mlp network, ActionHead head) {
    private static final double LAST_LAYER = 0.01;

    /** The policy for a problem, with two hidden layers of this width. */
    static StackedPolicy of(Problem problem, int hidden) {
        ActionHead head = ActionHead.of(problem.actionSize(), problem.discrete());
        int outputs = head instanceof ActionHead.Gaussian gaussian ? gaussian.size() : head.outputs();
        return new StackedPolicy(new Mlp(problem.observationSize(), hidden, outputs, Mlp.Activation.TANH), head);
    }

    /** First parameters: an almost constant mean, and this standard deviation. */
    List<Parameters.Initial> initial(RandomStream random, double deviation) {
        var arrays = new ArrayList<>(network.initial(random));
        float[] last = arrays.get(4).values();
        for (int i = 0; i < last.length; i++) last[i] *= (float) LAST_LAYER;
        Arrays.fill(arrays.get(5).values(), 0);
        if (head instanceof ActionHead.Gaussian gaussian) {
            float[] logs = new float[gaussian.size()];
            Arrays.fill(logs, (float) Math.log(deviation));
            arrays.add(new Parameters.Initial(logs, new Shape(gaussian.size())));
        }
        return arrays;
    }

    /**
     * What the head needs of each row.
     *
     * @param observations tasks × rows × observation
     * @param stacked parameters of each task, as {@link Mlp#stacked} makes them
     * @return (tasks · rows) × outputs of the head
     */
    NDArray outputs(NDArray observations, NDList stacked) {
        NDArray means = network.forwardEach(observations, stacked, 0);
        if (!(head instanceof ActionHead.Gaussian)) return means.reshape(-1, head.outputs());
        // closed at once, because it would last as long as the parameters
        try (NDArray logDeviations = stacked.get(Mlp.ARRAYS).broadcast(means.getShape())) {
            return means.concat(logDeviations, 2).reshape(-1, head.outputs());
        }
    }

    /**
     * log π(a|o) of every row, (tasks · rows) × 1: as the head gives it for {@link #outputs}, with fewer operations to be differentiated twice.
     *
     * @param features what the head sees of the actions, (tasks · rows) × features
     */
    NDArray logProbability(NDArray observations, NDArray features, NDList stacked) {
        if (!(head instanceof ActionHead.Gaussian)) return head.logProbability(outputs(observations, stacked), features);
        NDArray means = network.forwardEach(observations, stacked, 0);
        return ActionHead.Gaussian.logProbability(means, stacked.get(Mlp.ARRAYS), features.reshape(means.getShape())).reshape(-1, 1);
    }
}
