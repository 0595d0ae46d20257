package metarl.agent.value;

import metarl.agent.DivergedException;
import metarl.agent.Policy;
import metarl.agent.transfer.StepHistory;
import metarl.basics.RandomStream;
import metarl.env.Step;

/** π(s, z) of MCAT, without noise. */
final class McatPolicy implements Policy {
    private final McatNetworks networks;
    private final float[] feature;

    private McatPolicy(McatNetworks networks, float[] feature) {
        this.networks = networks;
        this.feature = feature;
    }

    /** With z read off the last K steps of the episode, zeros at its start. */
    static McatPolicy online(McatNetworks networks) {
        return new McatPolicy(networks, null);
    }

    /** With the feature of a task for z, whatever happens. */
    static McatPolicy of(McatNetworks networks, float[] feature) {
        return new McatPolicy(networks, feature);
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        return feature == null && networks.hasContext() ? new OnlineActor(environments) : new FixedActor(environments);
    }

    private double[][] actions(double[][] observations, float[] contexts) {
        double[][] actions = networks.actions(observations, contexts);
        DivergedException.requireActions(actions);
        return actions;
    }

    private final class OnlineActor implements Actor {
        private final StepHistory history;

        OnlineActor(int environments) {
            history = new StepHistory(environments, networks.history(), networks.observationSize(), networks.actionSize());
        }

        @Override
        public double[][] act(double[][] observations) {
            history.before(observations);
            return actions(observations, networks.contexts(history.values(), observations.length));
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            history.received(actions, steps);
        }
    }

    private final class FixedActor implements Actor {
        private final float[] contexts;

        FixedActor(int environments) {
            contexts = new float[environments * networks.contextSize()];
            for (int i = 0; i < contexts.length; i++) contexts[i] = feature[i % feature.length];
        }

        @Override
        public double[][] act(double[][] observations) {
            return actions(observations, contexts);
        }
    }
}
