package metarl.agent.model;

import ai.djl.ndarray.NDManager;
import java.util.function.IntFunction;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.env.Step;

/**
 * Follows every step with the memory, and plans with what it foresees: the online part of ReBAL.
 *
 * @param planner of the actions
 * @param actionSize entries of an action
 * @param memories makes empty ones, for so many environments
 */
record ReBalPolicy(Planner planner, int actionSize, IntFunction<ReBalMemories> memories) implements Policy {
    @Override
    public Actor start(int environments, RandomStream random) {
        return new OnlineActor(environments, random);
    }

    private final class OnlineActor implements Actor {
        private final NDManager manager = NDManager.newBaseManager("PyTorch");
        private final ReBalMemories remembered;
        private final Planning planning;
        private double[][] seen;

        OnlineActor(int environments, RandomStream random) {
            remembered = memories.apply(environments);
            planning = planner.start(environments, actionSize, random);
        }

        @Override
        public double[][] act(double[][] observations) {
            seen = observations;
            try (NDManager scope = manager.newSubManager()) {
                return planning.next(remembered.foresight(observations, scope));
            }
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            remembered.follow(seen, actions, steps);
            for (int i = 0; i < steps.length; i++) if (steps[i] != null && steps[i].last()) planning.ended(i);
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
