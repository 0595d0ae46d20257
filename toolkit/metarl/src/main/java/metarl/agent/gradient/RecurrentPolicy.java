package metarl.agent.gradient;

import java.util.Arrays;
import java.util.List;
import metarl.agent.DistributionRows;
import metarl.agent.DrawingActor;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Pictures;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.ActionDistribution;
import metarl.nn.SequenceNetwork;

/**
 * Acts with a memory that lasts for a whole trial: each input is the observation, what was done last, what it was paid and whether the
 * episode ended there (RL²). A trial begins with no action, no reward, and the mark of an ended episode.
 */
final class RecurrentPolicy implements Policy {
    /** Features of so many pictures are remembered at most, about 5 kB each. */
    private static final int MOST_PICTURES = 50_000;

    private final RecurrentNetwork network;
    private final ActionDistribution head;
    private final List<Trajectory> past;

    /**
     * A policy.
     *
     * @param past episodes of the same task that are remembered from the start
     */
    RecurrentPolicy(RecurrentNetwork network, ActionDistribution head, List<Trajectory> past) {
        this.network = network;
        this.head = head;
        this.past = past;
    }

    /** Entries of one input. */
    static int inputSize(int observationSize, ActionDistribution head) {
        return observationSize + head.encodedSize() + 2;
    }

    /** What a network reads of an observation: the entries, or the number of the picture. */
    static double[] read(double[] observation, Pictures pictures, boolean sees) {
        return sees ? new double[] {pictures.number(observation)} : observation;
    }

    /** Writes one input; {@code lastAction} null: the trial begins here. */
    static void write(float[] to, int at, double[] observation, double[] lastAction, double lastReward, boolean lastDone,
        ActionDistribution head) {
        int features = at + observation.length;
        for (int j = 0; j < observation.length; j++) to[at + j] = (float) observation[j];
        Arrays.fill(to, features, features + head.encodedSize() + 2, 0);
        if (lastAction != null) head.encode(lastAction, to, features);
        to[features + head.encodedSize()] = lastAction == null ? 0 : (float) lastReward;
        to[features + head.encodedSize() + 1] = lastAction == null || lastDone ? 1 : 0;
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        var actor = new RecurrentActor(environments, random);
        for (Trajectory episode : past) actor.relive(episode);
        return actor;
    }

    private final class RecurrentActor extends DrawingActor {
        private final int size = network.inputs();
        private final Pictures pictures = new Pictures();
        private final float[] inputs;
        private final SequenceNetwork.Memory memory;
        private final double[][] lastActions;
        private final double[] lastRewards;
        private final boolean[] lastDones;

        RecurrentActor(int environments, RandomStream random) {
            super(random);
            inputs = new float[Require.tensor("the inputs of " + environments + " environments", "trialsPerUpdate", environments, size)];
            memory = network.start(environments, pictures);
            lastActions = new double[environments][];
            lastRewards = new double[environments];
            lastDones = new boolean[environments];
        }

        @Override
        protected DistributionRows rows(double[][] observations) {
            if (pictures.size() > MOST_PICTURES) pictures.clear();
            for (int i = 0; i < observations.length; i++)
                write(inputs, i * size, read(observations[i], pictures, network.sees()), lastActions[i], lastRewards[i], lastDones[i],
                    head);
            return new DistributionRows(head, network.step(inputs, memory));
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            for (int i = 0; i < steps.length; i++) {
                if (steps[i] == null) continue;
                lastActions[i] = actions[i];
                lastRewards[i] = steps[i].reward();
                lastDones[i] = steps[i].last();
            }
        }

        private void relive(Trajectory episode) {
            int n = lastActions.length;
            double[][] observations = new double[n][], actions = new double[n][];
            Step[] steps = new Step[n];
            for (int t = 0; t < episode.length(); t++) {
                Arrays.fill(observations, episode.observation(t));
                Arrays.fill(actions, episode.action(t));
                Arrays.fill(steps, episode.step(t));
                act(observations);
                received(actions, steps);
            }
        }
    }
}
