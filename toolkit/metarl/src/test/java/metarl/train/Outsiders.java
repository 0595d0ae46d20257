package metarl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.agent.Adaptation;
import metarl.agent.Algorithm;
import metarl.agent.Evidence;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;

/** Methods as a user might write them, with nothing but what is public. */
final class Outsiders {
    /** Of a place: x, y, and the reward there. */
    private static final int ENTRIES = 3;

    private Outsiders() {}

    private static double[] bounded(double... action) {
        return Arrays.stream(action).map(a -> Math.max(-1, Math.min(1, a))).toArray();
    }

    /**
     * The cross-entropy method (Rubinstein 1999; Szita and Lőrincz 2006) over linear policies, word by word as the page of
     * {@link metarl.agent} shows it.
     */
    record CrossEntropy(int candidates, int kept) implements Algorithm {
        public Learner learner(Problem p, long seed) {
            double[] mean = new double[p.actionSize() * (p.observationSize() + 1)];
            double[] deviation = DoubleStream.generate(() -> 1).limit(mean.length).toArray();
            var stream = RandomStream.of(seed, "candidates");
            int[] tasks = IntStream.range(0, p.tasks()).toArray();
            return new Learner() {
                final LearnerState state = LearnerState.of().network("mean", mean)
                    .numbers("deviation", deviation).stream("candidates", stream);

                double[][] drawn(RandomStream random) {
                    var weights = new double[candidates][mean.length];
                    for (var w : weights)
                        Arrays.setAll(w, k -> mean[k] + deviation[k] * random.nextGaussian());
                    return weights;
                }

                public LearnerState state() {
                    return state;
                }

                public Policy policy() {
                    return Policy.linear(mean);
                }

                public Plan plan() {
                    return Plan.of(Stream.of(drawn(stream.copy())).map(Policy::linear).toList(), tasks);
                }

                public void store(List<Trial> trials) {
                    double[] returns = new double[candidates];
                    for (int i = 0; i < trials.size(); i++)
                        returns[i / tasks.length] += trials.get(i).totalReward();
                    var weights = drawn(stream);
                    int[] best = IntStream.range(0, candidates).boxed()
                        .sorted(Comparator.comparing(c -> -returns[c])).limit(kept)
                        .mapToInt(c -> c).toArray();
                    for (int k = 0; k < mean.length; k++) {
                        int entry = k;
                        double[] values = Arrays.stream(best).mapToDouble(c -> weights[c][entry]).toArray();
                        mean[k] = Arrays.stream(values).average().getAsDouble();
                        deviation[k] = 0.01 + Math.sqrt(Arrays.stream(values)
                            .map(v -> Math.pow(v - mean[entry], 2)).average().getAsDouble());
                    }
                }
            };
        }
    }

    /** Straight to a place in the plane. */
    private static double[] towards(double x, double y, double[] position) {
        return bounded(10 * (x - position[0]), 10 * (y - position[1]));
    }

    /** Collects nothing: climbs the mean reward of the train tasks, which it may ask, and goes to where that is largest. */
    record Fitting(int updatesPerPlan, double rate) implements Algorithm {
        @Override
        public Learner learner(Problem problem, long seed) {
            var random = RandomStream.of(seed, "place");
            double[] place = {random.nextDouble(-1, 1), random.nextDouble(-1, 1)};
            var state = LearnerState.of().network("place", place);
            return new Learner() {
                @Override
                public Policy policy() {
                    return (environments, stream) -> observations -> Arrays.stream(observations).map(o -> towards(place[0], place[1], o))
                        .toArray(double[][]::new);
                }

                @Override
                public Plan plan() {
                    return Plan.updates(updatesPerPlan);
                }

                @Override
                public void store(List<Trial> trials) {
                    throw new IllegalStateException("nothing was planned");
                }

                private double reward(double x, double y) {
                    double[] outcome = {x, y, 0, 0};
                    return problem.train().stream().mapToDouble(task -> task.reward(outcome, new double[2])).average().orElseThrow();
                }

                @Override
                public Map<String, Double> update() {
                    double h = 1e-4, x = place[0], y = place[1];
                    place[0] += rate * (reward(x + h, y) - reward(x - h, y)) / (2 * h);
                    place[1] += rate * (reward(x, y + h) - reward(x, y - h)) / (2 * h);
                    return Map.of("reward", reward(x, y));
                }

                @Override
                public LearnerState state() {
                    return state;
                }
            };
        }
    }

    /**
     * Collects in two phases, first anywhere, then near the best place of each task, by a policy that is told the tasks; adapts from its
     * shots.
     */
    record Explorer(double noise) implements Algorithm {
        @Override
        public Learner learner(Problem problem, long seed) {
            var random = RandomStream.of(seed, "first places");
            double[] best = new double[ENTRIES * problem.tasks()];
            for (int i = 0; i < best.length; i++) best[i] = i % ENTRIES == ENTRIES - 1 ? -100 : random.nextDouble(-1, 1);
            return new ExplorerLearner(noise, problem, best);
        }
    }

    private static final class ExplorerLearner implements Learner {
        private final double noise;
        private final int[] tasks;
        private final double[] best;
        private final LearnerState state;
        private int phase;

        ExplorerLearner(double noise, Problem problem, double[] best) {
            this.noise = noise;
            this.best = best;
            tasks = IntStream.range(0, problem.tasks()).toArray();
            state = LearnerState.of().network("best places", best).part("phase", out -> out.writeByte(phase), in -> phase = in.readByte());
        }

        /** Near a place per environment. */
        private Policy near(double deviation, IntFunction<double[]> placeOfTask) {
            return new Policy() {
                @Override
                public Actor start(int environments, RandomStream random) {
                    int[] unknown = new int[environments];
                    Arrays.fill(unknown, UNKNOWN);
                    return start(unknown, random);
                }

                @Override
                public Actor start(int[] tasks, RandomStream random) {
                    return observations -> IntStream.range(0, tasks.length).mapToObj(e -> {
                        double[] p = placeOfTask.apply(tasks[e]);
                        return towards(p[0] + deviation * random.nextGaussian(), p[1] + deviation * random.nextGaussian(), observations[e]);
                    }).toArray(double[][]::new);
                }
            };
        }

        private double[] place(int task) {
            int known = Math.max(0, task);
            return Arrays.copyOfRange(best, ENTRIES * known, ENTRIES * known + 2);
        }

        @Override
        public Policy policy() {
            return near(0, this::place);
        }

        @Override
        public Plan plan() {
            return phase == 0 ? Plan.of(Policy.random(2), tasks).purpose("prior")
                : Plan.of(near(noise, this::place), tasks).limit(10).episodes(2).purpose("posterior");
        }

        @Override
        public void store(List<Trial> trials) {
            for (Trial trial : trials) {
                if (!trial.seat().purpose().equals(phase == 0 ? "prior" : "posterior")) throw new IllegalStateException("" + trial.seat());
                for (Trajectory episode : trial.episodes()) learn(episode, best, ENTRIES * trial.task());
            }
            phase = 1 - phase;
        }

        private static void learn(Trajectory episode, double[] best, int at) {
            for (int t = 0; t < episode.length(); t++) {
                if (episode.step(t).reward() <= best[at + 2]) continue;
                System.arraycopy(episode.step(t).observation(), 0, best, at, 2);
                best[at + 2] = episode.step(t).reward();
            }
        }

        @Override
        public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
            double[] found = {0, 0, -100};
            for (Trajectory shot : shots) learn(shot, found, 0);
            double[] place = {found[0] + 0.01 * random.nextGaussian(), found[1]};
            return new Adaptation(near(0, task -> place), List.of(), Evidence.of(Map.of("bestReward", found[2]), "the best place seen"),
                new ArrayList<>());
        }

        @Override
        public LearnerState state() {
            return state;
        }
    }
}
