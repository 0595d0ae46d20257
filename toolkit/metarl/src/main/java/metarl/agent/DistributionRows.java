package metarl.agent;

import java.util.random.RandomGenerator;
import metarl.nn.ActionDistribution;

/**
 * What a network gave for several environments: a distribution over actions for each.
 *
 * @param values rows × outputs of the distribution
 */
public record DistributionRows(ActionDistribution distribution, float[] values) {
    /** Stops a training that has diverged. */
    public DistributionRows {
        DivergedException.requireSaid("output", values, distribution.outputs());
    }

    /** Actions, and log π(a) of each. */
    public record Draws(double[][] actions, double[] logDensities) {}

    /** An action for each row. */
    public Draws draw(RandomGenerator random) {
        int n = values.length / distribution.outputs();
        var draws = new Draws(new double[n][], new double[n]);
        for (int i = 0; i < n; i++) {
            ActionDistribution.Draw draw = distribution.draw(values, i * distribution.outputs(), random);
            draws.actions[i] = draw.action();
            draws.logDensities[i] = draw.logProbability();
        }
        DivergedException.requireActions(draws.actions);
        return draws;
    }

    /** log π(a) of an action for each row. */
    public double[] logDensities(double[][] actions) {
        double[] logs = new double[actions.length];
        for (int i = 0; i < logs.length; i++) logs[i] = distribution.logProbability(values, i * distribution.outputs(), actions[i]);
        return logs;
    }
}
