package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.agent.Algorithm;
import metarl.agent.Problem;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.EpisodicEnvironment;
import metarl.env.Space;
import metarl.nn.ActionDistribution;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.Maze;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;

/** Methods with a memory where observations are pictures. */
class SeeingTest {
    private static final TaskSet MAZES = TaskSet.of(new Maze(3, 20).firstPerson()).train(4).test(2).sample(7);
    private static final Rl2 TINY = Rl2.maze(2).hidden(6).pictureFilters(3).pictureFeatures(5).trialsPerUpdate(4).trialsPerBatch(2);
    private static final ActionDistribution HEAD = ActionDistribution.of(4, true);

    private static List<Trial> trials(TrialLearner learner) {
        return Rollout.of(learner.plan(), MAZES.train(), RandomStream.of(3, "trials"));
    }

    /** Of each step the probability that it was taken with, and the one of a pass over the whole batch. */
    @Test
    void whatIsTrainedOnIsWhatWasActedOn() {
        Problem problem = Problem.of(MAZES.train());
        assertEquals("30 × 40 × 3", problem.picture().toString());
        try (var learner = (TrialLearner) TINY.learner(problem, 1); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            List<Trial> trials = trials(learner);
            TrialBatch batch = TrialBatch.of(trials.stream().map(Trial::episodes).toList(), HEAD, true);
            assertEquals(1 + 4 + 2, batch.inputSize());
            assertTrue(batch.pictures().size() < 30, "few pictures: " + batch.pictures().size());
            float[] all = learner.policyNetwork().outputs(scope.create(batch.inputs(), new Shape(4, batch.length(), 7)), batch.pictures())
                .toFloatArray();
            for (int i = 0; i < 4; i++) {
                int t = 0;
                for (Trajectory episode : trials.get(i).episodes())
                    for (int s = 0; s < episode.length(); s++, t++)
                        assertEquals(episode.logDensity(s), HEAD.logProbability(all, (t * 4 + i) * 4, episode.action(s)), 1e-5);
            }
        }
    }

    @Test
    void trialsAreStoredWithTheirPictures() throws IOException {
        try (var learner = (TrialLearner) TINY.learner(Problem.of(MAZES.train()), 1)) {
            TrialBatch batch = TrialBatch.of(trials(learner).stream().map(Trial::episodes).toList(), HEAD, true);
            var bytes = new ByteArrayOutputStream();
            batch.save(new DataOutputStream(bytes));
            TrialBatch loaded = TrialBatch.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertEquals(batch.pictures(), loaded.pictures());
            assertArrayEquals(batch.inputs(), loaded.inputs());
            assertArrayEquals(batch.rewards(), loaded.rewards());
        }
    }

    /** A picture of noise, of which one half is brighter: the left or the right. Pays who says which. */
    private record BrighterHalf() implements TaskFamily {
        private static final Space.Picture SIZE = Space.picture(14, 14, 1);

        @Override
        public String name() {
            return "brighter-half";
        }

        @Override
        public String description() {
            return "Which half is brighter?";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }

        @Override
        public int horizon() {
            return 2;
        }

        @Override
        public double reward(Task task, double[] outcome, double[] action) {
            return outcome[0] == action[0] ? 1 : 0;
        }

        @Override
        public Environment environment(Task task) {
            return new EpisodicEnvironment(SIZE, Space.discrete(2), 2, task) {
                private RandomGenerator random;
                private int brighter;

                @Override
                public List<String> outcomeNames() {
                    return List.of("brighter half");
                }

                @Override
                protected double[] begin(RandomGenerator random) {
                    this.random = random;
                    return next();
                }

                @Override
                protected Advance advance(double[] action) {
                    double[] outcome = {brighter};
                    return new Advance(next(), outcome, false);
                }

                private double[] next() {
                    brighter = random.nextInt(2);
                    double[] picture = SIZE.sample(random);
                    for (int i = 0; i < picture.length; i++) if (i % 14 / 7 != brighter) picture[i] = Math.floor(picture[i] / 2);
                    return picture;
                }
            };
        }
    }

    @Test
    void whatAPictureShowsIsLearned() {
        var settings = Rl2.maze(1).hidden(8).pictureFilters(4).pictureFeatures(16).trialsPerUpdate(64).trialsPerBatch(16)
            .learningRate(5e-3);
        List<Task> tasks = List.of(new BrighterHalf().task());
        double[] earned = new double[15];
        try (var learner = settings.learner(Problem.of(tasks), 1)) {
            for (int u = 0; u < earned.length; u++) {
                List<Trial> trials = Rollout.of(learner.plan(), tasks, RandomStream.of(u, "trials"));
                earned[u] = trials.stream().mapToDouble(t -> t.totalReward() / 2).average().orElseThrow();
                learner.store(trials);
                learner.update();
            }
        }
        assertEquals(0.5, earned[0], 0.15);
        assertTrue(earned[14] > 0.9, "share of right answers " + earned[14]);
    }

    @Test
    void whoReadsVectorsSaysSoAndNamesWhoSees() {
        for (Algorithm blind : new Algorithm[] {Maml.navigation()}) {
            var training = MetaTraining.on(MAZES).algorithm(blind);
            var e = assertThrows(IllegalArgumentException.class, training::run);
            assertTrue(e.getMessage().contains("the observation in maze-3x20-first-person is a picture of 30 × 40 × 3")
                && e.getMessage().contains("RL²"), e.getMessage());
        }
        assertTrue(TINY.readsPictures());
    }

    /** 128 trials of two episodes of 250 steps would be 0.9 GB of numbers in single precision; as pictures under numbers they are few. */
    @Test
    void memoryIsEstimatedForPictures() {
        Problem problem = Problem.of(TaskSet.of(Maze.small().firstPerson()).train(1).test(1).sample(7).train());
        long heap = Rl2.maze(2).memory(problem).heap();
        assertTrue(heap > 100_000_000L && heap < 700_000_000L, "heap " + heap);
    }
}
