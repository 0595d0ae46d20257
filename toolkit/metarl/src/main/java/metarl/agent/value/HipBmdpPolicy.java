package metarl.agent.value;

import java.util.stream.IntStream;
import metarl.agent.Policy;
import metarl.basics.RandomStream;

/** Acts by the embedding of each train task, or by one embedding everywhere. */
final class HipBmdpPolicy implements Policy {
    private final HipBmdpNetworks networks;
    private final double[] everywhere;
    private final boolean noise;

    /**
     * A policy.
     *
     * @param everywhere the embedding in every task; null: a train task's own, and the mean in others
     * @param noise whether actions are drawn; else they are tanh μ
     */
    HipBmdpPolicy(HipBmdpNetworks networks, double[] everywhere, boolean noise) {
        this.networks = networks;
        this.everywhere = everywhere;
        this.noise = noise;
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        return start(IntStream.generate(() -> UNKNOWN).limit(environments).toArray(), random);
    }

    @Override
    public Actor start(int[] tasks, RandomStream random) {
        double[][] of = networks.embeddings(), embeddings = new double[tasks.length][];
        double[] other = everywhere == null ? networks.meanEmbedding() : everywhere;
        for (int i = 0; i < tasks.length; i++) embeddings[i] = everywhere != null || tasks[i] == UNKNOWN ? other : of[tasks[i]];
        return noise ? networks.pieces.drawing(seen -> networks.states(seen, embeddings), networks.actor, random)
            : seen -> networks.pieces.actions(networks.states(seen, embeddings), networks.actor);
    }
}
