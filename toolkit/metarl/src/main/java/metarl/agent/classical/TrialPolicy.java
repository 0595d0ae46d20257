package metarl.agent.classical;

import java.util.Arrays;
import java.util.function.IntFunction;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Step;

/** {@link TrialAgent}s as a policy: one for each environment. */
record TrialPolicy(IntFunction<TrialAgent> agents, int episodes) implements Policy {
    TrialPolicy {
        Require.count(episodes, 1, "episodes", "at least 1 per trial");
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        var seats = new Seat[environments];
        for (int i = 0; i < environments; i++) {
            seats[i] = new Seat(agents.apply(i), episodes);
            seats[i].agent.begin(episodes, random.split("agent " + i));
        }
        return new Actor() {
            @Override
            public double[][] act(double[][] observations) {
                double[][] actions = new double[environments][];
                for (int i = 0; i < environments; i++) actions[i] = new double[] {seats[i].act(observations[i])};
                return actions;
            }

            @Override
            public void received(double[][] actions, Step[] steps) {
                for (int i = 0; i < environments; i++) if (steps[i] != null) seats[i].received((int) actions[i][0], steps[i]);
            }
        };
    }

    /** The state that is seen one-hot, 0 where the observation is always 0. */
    static int state(double[] observation) {
        int state = Trials.state(observation);
        double rest = Arrays.stream(observation).map(Math::abs).sum() - Math.abs(observation[state]);
        if (rest != 0)
            throw new IllegalArgumentException("the observation is " + Arrays.toString(observation)
                + "; a tabular agent needs a state, one-hot, or an observation that is always 0");
        return state;
    }

    /** An agent in the middle of its trial. */
    private static final class Seat {
        final TrialAgent agent;
        private final int episodes;
        private int begun;
        private boolean between = true;
        private int state;

        Seat(TrialAgent agent, int episodes) {
            this.agent = agent;
            this.episodes = episodes;
        }

        private boolean isOver() {
            return between && begun == episodes;
        }

        /** After the trial's end the environment is not stepped any more, whatever is said. */
        int act(double[] observation) {
            if (isOver()) return 0;
            state = state(observation);
            if (between) {
                begun++;
                agent.beginEpisode();
                between = false;
            }
            return agent.act(state);
        }

        void received(int action, Step step) {
            if (isOver()) throw new IllegalArgumentException("the agents expect trials of " + episodes
                + " episodes, and one more has begun; give TrialAgent.policy(…) as many as there are");
            agent.observe(state, action, step.reward(), state(step.observation()), step.last());
            between = step.last();
        }
    }
}
