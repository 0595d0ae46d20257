package metarl.agent.value;

import java.util.Arrays;
import metarl.agent.DivergedException;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.ContextBatch;
import metarl.env.Step;

/** The actor of an {@link ActorCritic} with its context, rebuilt within every episode. */
final class ContextPolicy implements Policy {
    private final ActorCritic networks;
    private final int contextLength;
    private final int observationSize;
    private final int actionSize;

    ContextPolicy(ActorCritic networks, int contextLength, Problem problem) {
        this.networks = networks;
        this.contextLength = contextLength;
        this.observationSize = problem.observationSize();
        this.actionSize = problem.actionSize();
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        return new ContextActor(environments);
    }

    private final class ContextActor implements Actor {
        private final int triple = ContextBatch.tripleSize(observationSize, actionSize);
        private final float[] windows;
        private final double[][] last;

        ContextActor(int environments) {
            windows = new float[Require.tensor("the context windows of " + environments + " environments", "contextLength", environments,
                contextLength, triple)];
            last = new double[environments][];
        }

        @Override
        public double[][] act(double[][] observations) {
            for (int i = 0; i < observations.length; i++) {
                if (last[i] == null) append(i, new double[actionSize], 0, observations[i]);
                last[i] = observations[i];
            }
            double[][] actions = networks.actions(observations, windows);
            DivergedException.requireActions(actions);
            return actions;
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            for (int i = 0; i < steps.length; i++) {
                if (steps[i] == null) continue;
                if (steps[i].last()) forget(i);
                else append(i, actions[i], steps[i].reward(), last[i]);
            }
        }

        private void forget(int environment) {
            int length = contextLength * triple;
            Arrays.fill(windows, environment * length, (environment + 1) * length, 0);
            last[environment] = null;
        }

        private void append(int environment, double[] action, double reward, double[] observation) {
            if (contextLength == 0) return;
            int from = environment * contextLength * triple, length = contextLength * triple;
            System.arraycopy(windows, from + triple, windows, from, length - triple);
            int at = from + length - triple;
            Arrays.fill(windows, at, from + length, 0);
            for (int j = 0; j < actionSize; j++) windows[at + j] = (float) action[j];
            windows[at + actionSize] = (float) reward;
            for (int j = 0; j < observationSize; j++) windows[at + actionSize + 1 + j] = (float) observation[j];
        }
    }
}
