package metarl.agent.classical;

import java.util.Arrays;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.task.Task;
import metarl.task.families.RandomMdp;

/**
 * The classical agents for random tabular processes, with the settings of RL² (Duan et al. 2016), who ran TabulaRL: each plans exactly at
 * the start of an episode and then takes the best action of its plan, ties broken at random.
 *
 * <p>What is believed before anything is seen is a {@link TabularPrior}: the published runs left it at TabulaRL's defaults, although the
 * processes have mean rewards from N(1, 1).
 */
public final class TabularAgents {
    private static final double UCRL_DELTA = 0.05;

    private TabularAgents() {}

    /** Any action. */
    public static TrialAgent random(RandomMdp family) {
        return epsilonGreedy(family, TabularPrior.PUBLISHED, 1);
    }

    /** Plans on expected rewards and transitions. */
    public static TrialAgent greedy(RandomMdp family, TabularPrior prior) {
        return epsilonGreedy(family, prior, 0);
    }

    /** The same, but any action with probability ε. */
    public static TrialAgent epsilonGreedy(RandomMdp family, TabularPrior prior, double epsilon) {
        if (!(epsilon >= 0 && epsilon <= 1))
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected a probability in [0, 1]");
        return new Planner(family, prior) {
            @Override
            void plan() {
                posterior.expected(transitions);
                TabularPosterior.plan(states, actions, horizon, posterior.mean, transitions, values);
            }

            @Override
            public int act(int state) {
                int best = super.act(state);
                return epsilon > 0 && random.nextDouble() < epsilon ? random.nextInt(actions) : best;
            }
        };
    }

    /** Posterior sampling (Strens 2000; Osband et al. 2013): plans on one process drawn from the posterior per episode. */
    public static TrialAgent psrl(RandomMdp family, TabularPrior prior) {
        return opsrl(family, prior, 1);
    }

    /**
     * Optimistic posterior sampling: Q is the largest, entry by entry, of the values planned on several drawn processes.
     *
     * @param samples number of processes; RL² reports the best of 1 … 20
     */
    public static TrialAgent opsrl(RandomMdp family, TabularPrior prior, int samples) {
        Require.count(samples, 1, "samples", "at least 1, usually up to 20");
        return new Planner(family, prior) {
            private final double[] rewards = new double[states * actions], drawn = new double[values.length];

            @Override
            void plan() {
                for (int k = 0; k < samples; k++) {
                    posterior.sample(random, rewards, transitions);
                    TabularPosterior.plan(states, actions, horizon, rewards, transitions, k == 0 ? values : drawn);
                    if (k > 0) for (int i = 0; i < values.length; i++) values[i] = Math.max(values[i], drawn[i]);
                }
            }
        };
    }

    /**
     * Bayesian exploration bonus (Kolter and Ng 2009): plans on expected transitions and rewards + scale · 2H²/(1 + Σα).
     *
     * @param scale 1 is the bonus of the theory; RL² reports the best of 21 values from 10⁻⁴ to 1
     */
    public static TrialAgent beb(RandomMdp family, TabularPrior prior, double scale) {
        requireScale(scale);
        return new Planner(family, prior) {
            private final double[] rewards = new double[states * actions];

            @Override
            void plan() {
                posterior.expected(transitions);
                for (int i = 0; i < rewards.length; i++)
                    rewards[i] = posterior.mean[i] + scale * 2 * horizon * horizon / (1 + posterior.total[i]);
                TabularPosterior.plan(states, actions, horizon, rewards, transitions, values);
            }
        };
    }

    /**
     * UCRL2 (Jaksch et al. 2010) after TabulaRL: the best process within confidence bounds; there with almost no prior
     * ({@link TabularPrior#UCRL2}).
     *
     * <p>With L = ln(2 S A (e + 1)/0.05) in episode e and n visits (at least 1): rewards up to √(4 L/n) above the mean, transitions up to
     * √(4 S L/n) away (‖·‖₁), both times the scale.
     *
     * @param scale RL² reports the best of 21 values from 10⁻⁴ to 1
     */
    public static TrialAgent ucrl2(RandomMdp family, TabularPrior prior, double scale) {
        requireScale(scale);
        return new Ucrl2(family, prior, scale);
    }

    private static void requireScale(double scale) {
        Require.number(scale, scale >= 0 && scale <= 1e12, "scale", "a finite number of at least 0, usually 1e-4 to 1");
    }

    /** The optimum when the process is known; it learns nothing. */
    public static TrialAgent optimal(Task task) {
        if (!(task.family() instanceof RandomMdp family))
            throw new IllegalArgumentException(task.family().name() + " is no tabular process; expected a task of RandomMdp");
        return new Planner(family, TabularPrior.PUBLISHED) {
            private boolean planned;

            @Override
            void plan() {
                if (planned) return;
                planned = true;
                double[] rewards = task.values().stream().limit(states * actions).mapToDouble(v -> v).toArray();
                double[] known = task.values().stream().skip(states * actions).mapToDouble(v -> v).toArray();
                TabularPosterior.plan(states, actions, horizon, rewards, known, values);
            }
        };
    }

    /** The expected return of an episode of the optimum. */
    public static double optimalReturn(Task task) {
        var planner = (Planner) optimal(task);
        planner.plan();
        return Arrays.stream(planner.values, 0, planner.actions).max().orElseThrow();
    }

    /** Learns the posterior, plans at the start of an episode, and follows the plan. */
    private abstract static class Planner implements TrialAgent {
        final int states, actions, horizon;
        final double[] transitions, values;
        final TabularPrior prior;
        TabularPosterior posterior;
        RandomStream random;
        int episode;
        private int step;

        Planner(RandomMdp family, TabularPrior prior) {
            states = family.states();
            actions = family.actions();
            horizon = family.horizon();
            this.prior = prior;
            transitions = new double[Require.length("the transitions", "states or actions", states, actions, states)];
            values = new double[Require.length("the values of a plan", "horizon, states or actions", horizon, states, actions)];
        }

        abstract void plan();

        @Override
        public void begin(int episodes, RandomStream random) {
            this.random = random;
            posterior = new TabularPosterior(states, actions, horizon, prior);
            episode = -1;
        }

        @Override
        public void beginEpisode() {
            episode++;
            step = 0;
            plan();
        }

        @Override
        public int act(int state) {
            int from = (step++ * states + state) * actions, best = 0, ties = 1;
            for (int a = 1; a < actions; a++) {
                double difference = values[from + a] - values[from + best];
                if (difference > 0) {
                    best = a;
                    ties = 1;
                } else if (difference == 0 && random.nextInt(++ties) == 0) {
                    best = a;
                }
            }
            return best;
        }

        @Override
        public void observe(int state, int action, double reward, int next, boolean last) {
            posterior.observe(state, action, reward, next, last);
        }
    }

    private static final class Ucrl2 extends Planner {
        private final double scale;
        private final double[] best, row;

        Ucrl2(RandomMdp family, TabularPrior prior, double scale) {
            super(family, prior);
            this.scale = scale;
            best = new double[states];
            row = new double[states];
        }

        @Override
        void plan() {
            double log = Math.log(2.0 * states * actions * (episode + 1) / UCRL_DELTA);
            posterior.expected(transitions);
            Arrays.fill(best, 0);
            int pairs = states * actions;
            for (int h = horizon - 1; h >= 0; h--) {
                int[] order = ascending(best);
                for (int pair = 0; pair < pairs; pair++) {
                    double rewardVisits = Math.max(1, posterior.precision[pair] - prior.rewardPrecision()),
                        visits = Math.max(1, posterior.total[pair] - states * prior.count());
                    double value = posterior.mean[pair] + scale * Math.sqrt(4 * log / rewardVisits);
                    values[h * pairs + pair] = value + mostHopeful(pair, scale * Math.sqrt(4 * states * log / visits), order);
                }
                TabularPosterior.maxima(states, actions, values, h * pairs, best);
            }
        }

        /** The largest Σ P(s') best(s') over distributions within a distance: mass moves from the worst next states to the best one. */
        private double mostHopeful(int pair, double distance, int[] order) {
            System.arraycopy(transitions, pair * states, row, 0, states);
            int top = order[states - 1];
            double excess = Math.min(1 - row[top], distance / 2);
            row[top] += excess;
            for (int i = 0; i < states - 1 && excess > 0; i++) {
                double taken = Math.min(row[order[i]], excess);
                row[order[i]] -= taken;
                excess -= taken;
            }
            double value = 0;
            for (int next = 0; next < states; next++) value += row[next] * best[next];
            return value;
        }

        private static int[] ascending(double[] values) {
            int[] order = new int[values.length];
            for (int i = 0; i < order.length; i++) {
                int j = i;
                for (; j > 0 && values[order[j - 1]] > values[i]; j--) order[j] = order[j - 1];
                order[j] = i;
            }
            return order;
        }
    }
}
