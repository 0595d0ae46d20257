package metarl.agent.value;

import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import metarl.agent.LatentGaussian;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.env.Step;

/** Acts by a z for each environment, which is drawn anew when an episode begins. */
final class PearlPolicy implements Policy {
    private final PearlNetworks networks;
    private final Beliefs beliefs;
    private final boolean noise;

    /** What z is drawn from. */
    @FunctionalInterface
    interface Beliefs {
        /** The belief about each of these tasks, by number; {@link Policy#UNKNOWN} for others. */
        List<LatentGaussian> of(int[] tasks, RandomStream random);

        /** The same for every task. */
        static Beliefs always(LatentGaussian belief) {
            return (tasks, random) -> Collections.nCopies(tasks.length, belief);
        }
    }

    /**
     * A policy.
     *
     * @param noise whether actions are drawn; else they are tanh μ
     */
    PearlPolicy(PearlNetworks networks, Beliefs beliefs, boolean noise) {
        this.networks = networks;
        this.beliefs = beliefs;
        this.noise = noise;
    }

    /** Without noise, by one z. */
    static Policy of(PearlNetworks networks, double[] z) {
        return (environments, random) -> observations -> networks.actions(observations,
            IntStream.range(0, observations.length).mapToObj(i -> z).toArray(double[][]::new));
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        return start(Policy.unknown(environments), random);
    }

    @Override
    public Actor start(int[] tasks, RandomStream random) {
        List<LatentGaussian> believed = beliefs.of(tasks, random);
        double[][] latents = new double[tasks.length][];
        for (int i = 0; i < latents.length; i++) latents[i] = believed.get(i).draw(random);
        Actor actor = noise ? networks.pieces.drawing(seen -> PearlNetworks.states(seen, latents), networks.actor, random)
            : observations -> networks.actions(observations, latents);
        return new Renewing(actor, latents, i -> believed.get(i).draw(random));
    }

    /**
     * Draws z anew where an episode has ended.
     *
     * @param latents z of each environment, which {@code actor} reads
     */
    private record Renewing(Actor actor, double[][] latents, IntFunction<double[]> draw) implements Actor {
        @Override
        public double[][] act(double[][] observations) {
            return actor.act(observations);
        }

        @Override
        public double[] logDensities() {
            return actor.logDensities();
        }

        @Override
        public double[] logDensities(double[][] observations, double[][] actions) {
            return actor.logDensities(observations, actions);
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            for (int i = 0; i < steps.length; i++) if (steps[i] != null && steps[i].last()) latents[i] = draw.apply(i);
        }
    }
}
