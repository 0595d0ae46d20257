package metarl.agent.classical;

import metarl.agent.DivergedException;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Softmax;

/** Draws each action from probabilities of its own, and tells how probable it was. */
abstract class ChoosingActor implements Policy.Actor {
    private final RandomStream random;
    private final int[] states;
    private final double[] logs;

    /** In so many environments. */
    ChoosingActor(int environments, RandomStream random) {
        this.random = random;
        states = new int[environments];
        logs = new double[environments];
    }

    /** Probabilities of the actions in a state of an environment. */
    abstract double[] policy(int environment, int state);

    /** The state in which the last action was chosen. */
    int state(int environment) {
        return states[environment];
    }

    @Override
    public double[][] act(double[][] observations) {
        double[][] chosen = new double[observations.length][];
        for (int i = 0; i < chosen.length; i++) {
            states[i] = TrialPolicy.state(observations[i]);
            double[] policy = policy(i, states[i]);
            int a = Softmax.draw(policy, random);
            logs[i] = Math.log(policy[a]);
            chosen[i] = new double[] {Double.isNaN(policy[a]) ? Double.NaN : a};
        }
        DivergedException.requireActions(chosen);
        return chosen;
    }

    @Override
    public double[] logDensities() {
        return logs.clone();
    }

    @Override
    public double[] logDensities(double[][] observations, double[][] actions) {
        for (int i = 0; i < actions.length; i++) {
            states[i] = TrialPolicy.state(observations[i]);
            logs[i] = Math.log(policy(i, states[i])[(int) actions[i][0]]);
        }
        return logs.clone();
    }
}
