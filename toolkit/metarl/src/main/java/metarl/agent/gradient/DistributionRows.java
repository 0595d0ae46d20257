package metarl.agent.gradient;

import java.util.random.RandomGenerator;
import metarl.agent.DivergedException;
import metarl.nn.ActionDistribution;

/**
 * What a network gave for several environments: a distribution over actions for each.
 *
 * @param values rows × outputs of the distribution
 */
record DistributionRows(ActionDistribution distribution, float[] values) {
    /** Stops a training that has diverged. */
    DistributionRows {
        DivergedException.requireSaid("output", values, distribution.outputs());
    }

    /** An action for each row. */
    double[][] sample(RandomGenerator random) {
        double[][] actions = new double[values.length / distribution.outputs()][];
        for (int i = 0; i < actions.length; i++) actions[i] = distribution.sample(values, i * distribution.outputs(), random);
        DivergedException.requireActions(actions);
        return actions;
    }

    /** log π(a) of an action for each row. */
    double[] logDensities(double[][] actions) {
        double[] logs = new double[actions.length];
        for (int i = 0; i < logs.length; i++) logs[i] = distribution.logProbability(values, i * distribution.outputs(), actions[i]);
        return logs;
    }
}
