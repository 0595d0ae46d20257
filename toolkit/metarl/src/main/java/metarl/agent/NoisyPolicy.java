package metarl.agent;

import metarl.basics.RandomStream;
import metarl.env.Step;

/**
 * What another policy does, plus Gaussian noise, brought to [−1, 1]. The other one is told what was done, noise included.
 *
 * @param inner the other one
 * @param deviation standard deviation of the noise
 */
record NoisyPolicy(Policy inner, double deviation) implements Policy {
    @Override
    public Actor start(int environments, RandomStream random) {
        return noisy(inner.start(environments, random), random);
    }

    @Override
    public Actor start(int[] tasks, RandomStream random) {
        return noisy(inner.start(tasks, random), random);
    }

    private Actor noisy(Actor actor, RandomStream random) {
        return new Actor() {
            @Override
            public double[][] act(double[][] observations) {
                double[][] meant = actor.act(observations), actions = new double[meant.length][];
                for (int i = 0; i < meant.length; i++) {
                    actions[i] = meant[i].clone();
                    for (int j = 0; j < meant[i].length; j++)
                        actions[i][j] = Math.max(-1, Math.min(1, meant[i][j] + deviation * random.nextGaussian()));
                }
                return actions;
            }

            @Override
            public void received(double[][] actions, Step[] steps) {
                actor.received(actions, steps);
            }

            @Override
            public void close() {
                actor.close();
            }
        };
    }
}
