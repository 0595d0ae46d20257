package metarl.agent.classical;

import metarl.basics.RandomStream;
import metarl.basics.Require;

/**
 * The classical agents for Bernoulli bandits, with the settings of RL² (Duan et al. 2016): every arm's mean has the posterior Beta(1 + s, 1
 * + f) after s successes and f failures. The arm of the highest index is pulled, the first of several: for {@code greedy} with 50 arms and
 * 100 pulls a random one of them would earn 2 more, because an arm with one success and one failure ties with all untried ones.
 */
public final class BanditAgents {
    private BanditAgents() {}

    /** Any arm. */
    public static TrialAgent random(int arms) {
        return epsilonGreedy(arms, 1);
    }

    /** The highest posterior mean (1 + s)/(2 + s + f). */
    public static TrialAgent greedy(int arms) {
        return epsilonGreedy(arms, 0);
    }

    /** Any arm with probability ε, else the highest posterior mean. */
    public static TrialAgent epsilonGreedy(int arms, double epsilon) {
        if (!(epsilon >= 0 && epsilon <= 1))
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected a probability in [0, 1]");
        return new Counting(arms) {
            @Override
            public int act(int state) {
                return epsilon > 0 && random.nextDouble() < epsilon ? random.nextInt(arms) : super.act(state);
            }

            @Override
            double index(int arm) {
                return mean(arm);
            }
        };
    }

    /**
     * UCB1 (Auer et al. 2002) as RL² runs it: posterior mean + c √(2 ln t / m), with t the number of the pull and m = 2 + s + f.
     *
     * @param scale c ≥ 0; 1 is the original, RL² reports the best of 0, 0.1, …, 1
     */
    public static TrialAgent ucb1(int arms, double scale) {
        Require.number(scale, scale >= 0 && scale <= 1e12, "scale", "a finite number of at least 0, usually 0 to 1");
        return new Counting(arms) {
            @Override
            double index(int arm) {
                return mean(arm) + scale * Math.sqrt(2 * Math.log(pulls + 1) / (2 + successes[arm] + failures[arm]));
            }
        };
    }

    /** Thompson sampling: a draw from each posterior. */
    public static TrialAgent thompson(int arms) {
        return new Counting(arms) {
            @Override
            double index(int arm) {
                return random.nextBeta(1 + successes[arm], 1 + failures[arm]);
            }
        };
    }

    /** Optimistic Thompson sampling in its usual form (May et al. 2012): a draw from each posterior, but at least its mean. */
    public static TrialAgent optimisticThompson(int arms) {
        return new Counting(arms) {
            @Override
            double index(int arm) {
                return Math.max(mean(arm), random.nextBeta(1 + successes[arm], 1 + failures[arm]));
            }
        };
    }

    /**
     * What RL² calls optimistic Thompson sampling: of several joint draws from the posterior the one of the highest posterior density
     * counts.
     *
     * @param samples number of joint draws; RL² reports the best of 1 … 20
     */
    public static TrialAgent densestThompson(int arms, int samples) {
        Require.count(samples, 1, "samples", "at least 1, usually up to 20");
        return new DensestThompson(arms, samples);
    }

    /** The exact index for the pulls that are left: {@link GittinsIndex}. */
    public static TrialAgent gittins(int arms) {
        return new Counting(arms) {
            @Override
            public void begin(int episodes, RandomStream random) {
                super.begin(episodes, random);
                GittinsIndex.prepare(episodes);
            }

            @Override
            double index(int arm) {
                return GittinsIndex.index(successes[arm], failures[arm], episodes - pulls);
            }
        };
    }

    /** Counts successes and failures, and pulls the arm of the highest index. */
    private abstract static class Counting implements TrialAgent {
        final int arms;
        int[] successes, failures;
        int pulls, episodes;
        RandomStream random;

        Counting(int arms) {
            Require.count(arms, 1, "arms", "at least 1");
            Require.heap(8L * arms, "the counts of " + arms + " arms", "arms");
            this.arms = arms;
        }

        abstract double index(int arm);

        double mean(int arm) {
            return (1.0 + successes[arm]) / (2 + successes[arm] + failures[arm]);
        }

        @Override
        public void begin(int episodes, RandomStream random) {
            this.episodes = episodes;
            this.random = random;
            successes = new int[arms];
            failures = new int[arms];
            pulls = 0;
        }

        @Override
        public int act(int state) {
            int best = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int arm = 0; arm < arms; arm++) {
                double index = index(arm);
                if (index <= highest) continue;
                highest = index;
                best = arm;
            }
            return best;
        }

        @Override
        public void observe(int state, int action, double reward, int next, boolean last) {
            if (reward > 0.5) successes[action]++;
            else failures[action]++;
            pulls++;
        }
    }

    private static final class DensestThompson extends Counting {
        private final int samples;

        DensestThompson(int arms, int samples) {
            super(arms);
            this.samples = samples;
        }

        @Override
        double index(int arm) {
            throw new IllegalStateException("the densest draw is of all arms at once");
        }

        @Override
        public int act(int state) {
            int best = 0;
            double densest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < samples; k++) {
                double logDensity = 0, highest = -1;
                int choice = 0;
                for (int arm = 0; arm < arms; arm++) {
                    double draw = random.nextBeta(1 + successes[arm], 1 + failures[arm]);
                    // the normalizing constants are the same for all draws
                    if (samples > 1) logDensity += logPower(draw, successes[arm]) + logPower(1 - draw, failures[arm]);
                    if (draw > highest) {
                        highest = draw;
                        choice = arm;
                    }
                }
                if (logDensity > densest || k == 0) {
                    densest = logDensity;
                    best = choice;
                }
            }
            return best;
        }

        private static double logPower(double x, int exponent) {
            return exponent == 0 ? 0 : exponent * Math.log(x);
        }
    }
}
