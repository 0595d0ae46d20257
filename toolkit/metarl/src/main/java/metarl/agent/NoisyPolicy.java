package metarl.agent;

import java.util.stream.IntStream;
import metarl.basics.RandomStream;
import metarl.env.Step;
import metarl.nn.Gaussian;

/**
 * What another policy does, plus Gaussian noise, brought to [−1, 1]. The other one is told what was done, noise included. Densities are
 * those that {@link Policy#withNoise} says.
 *
 * @param inner the other one
 * @param deviation standard deviation of the noise
 */
record NoisyPolicy(Policy inner, double deviation) implements Policy {
    @Override
    public Actor start(int environments, RandomStream random) {
        return new NoisyActor(inner.start(environments, random), random);
    }

    @Override
    public Actor start(int[] tasks, RandomStream random) {
        return new NoisyActor(inner.start(tasks, random), random);
    }

    private final class NoisyActor implements Actor {
        private final Actor actor;
        private final RandomStream random;
        private double[] last = new double[0];

        NoisyActor(Actor actor, RandomStream random) {
            this.actor = actor;
            this.random = random;
        }

        @Override
        public double[][] act(double[][] observations) {
            double[][] meant = actor.act(observations), actions = new double[meant.length][];
            for (int i = 0; i < meant.length; i++) {
                actions[i] = meant[i].clone();
                for (int j = 0; j < meant[i].length; j++)
                    actions[i][j] = Math.max(-1, Math.min(1, meant[i][j] + deviation * random.nextGaussian()));
            }
            last = densities(actions, meant);
            return actions;
        }

        @Override
        public double[] logDensities() {
            return last.clone();
        }

        @Override
        public double[] logDensities(double[][] observations, double[][] actions) {
            last = densities(actions, actor.act(observations));
            return logDensities();
        }

        /** None where the other one draws, too: the sum of two draws has another density. */
        private double[] densities(double[][] actions, double[][] meant) {
            if (actor.logDensities().length > 0) return new double[0];
            return IntStream.range(0, meant.length).mapToDouble(i -> Gaussian.logDensity(actions[i], meant[i], deviation)).toArray();
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            actor.received(actions, steps);
        }

        @Override
        public void close() {
            actor.close();
        }
    }
}
