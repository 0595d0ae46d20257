package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.agent.Policy;
import metarl.agent.gradient.Rl2;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.EpisodicEnvironment;
import metarl.env.Space;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsTest {
    private static final Rl2 SMALL = Rl2.bandit(10).hidden(16).trialsPerUpdate(32).trialsPerBatch(16);

    @TempDir
    private Path folder;

    /** One arm always pays, the other never: which is which must be found out, once. */
    private static TaskSet certainArms() {
        var family = Bandit.bernoulli(2);
        return TaskSet.of(List.of(family.task(0, 1), family.task(1, 0)), List.of(family.task(0, 1), family.task(1, 0)));
    }

    @Test
    void aTrialIsSeveralEpisodesOfOneTask() {
        var tasks = TaskSet.of(Bandit.bernoulli(3)).train(4).test(0).sample(1).train();
        Policy first = (n, random) -> observations -> new double[n][1];
        var trials = Rollout.trials(first, tasks, 5, RandomStream.of(1, "trials"));
        assertEquals(4, trials.size());
        for (int i = 0; i < 4; i++) {
            assertEquals(5, trials.get(i).size());
            for (var episode : trials.get(i)) {
                assertSame(tasks.get(i), episode.task());
                assertEquals(1, episode.length());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Rollout.trials(first, tasks, 0, RandomStream.of(1, "trials")));
    }

    @Test
    void aMemoryLearnsToLearnWhichOfTwoArmsPays() {
        long perUpdate = 10 * 32;
        try (MetaRun run = MetaTraining.on(certainArms()).algorithm(SMALL).steps(60 * perUpdate).evaluateEvery(60 * perUpdate).adaptTasks(0)
            .seed(1).run()) {
            var many = Collections.nCopies(100, run.tasks().test()).stream().flatMap(List::stream).toList();
            ShotEvaluation shots = run.shots(many, 10, 1, 3);
            // the first pull is a guess, every later one can be right: 9.5 at most, 5 without learning
            assertTrue(shots.online().value() > 9.2, shots.toString());
            assertTrue(shots.round(0).value() < 0.65 && shots.episodic().value() > 0.97, shots.summary().print());
        }
    }

    /** Pays 1 for the action that the observation names. */
    private record Copy() implements TaskFamily {
        @Override
        public String name() {
            return "copy";
        }

        @Override
        public String description() {
            return "The observation names the action.";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("unused", "", 0, 1, Parameter.Changes.REWARD));
        }

        @Override
        public int horizon() {
            return 4;
        }

        @Override
        public double reward(Task task, double[] outcome, double[] action) {
            return outcome[0] == action[0] ? 1 : 0;
        }

        @Override
        public String measureName() {
            return "share right";
        }

        @Override
        public double measure(Task task, double[][] outcomes, double[][] actions) {
            return 0;
        }

        @Override
        public Environment environment(Task task) {
            return new EpisodicEnvironment(Space.unbounded(3), Space.discrete(3), 4, task) {
                private RandomGenerator random;
                private int asked;

                @Override
                public List<String> outcomeNames() {
                    return List.of("asked");
                }

                @Override
                protected double[] begin(RandomGenerator random) {
                    this.random = random;
                    return ask();
                }

                private double[] ask() {
                    asked = random.nextInt(3);
                    double[] observation = new double[3];
                    observation[asked] = 1;
                    return observation;
                }

                @Override
                public BufferedImage render(int width, int height) {
                    return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
                }

                @Override
                protected Advance advance(double[] action) {
                    double[] outcome = {asked};
                    return new Advance(ask(), outcome, false);
                }
            };
        }
    }

    @Test
    void theIdentityIsLearned() {
        var tasks = TaskSet.of(List.of(new Copy().task(0.5)), List.of(new Copy().task(0.25)));
        Rl2 settings = SMALL.episodesPerTrial(2);
        try (MetaRun run = MetaTraining.on(tasks).algorithm(settings).steps(40 * 8 * 32).evaluateEvery(1_000_000).episodes(20).adaptTasks(0)
            .seed(1).run()) {
            assertTrue(run.lastEvaluation().meanBefore() > 7.8, "of 8: " + run.lastEvaluation().meanBefore());
        }
    }

    @Test
    void whoeverAdaptsIsJudgedByTheSameRounds() {
        var tasks = TaskSet.of(PointRobot.dense()).train(5).test(2).sample(7);
        Mql small = Mql.pointRobot().base(b -> b.hidden(16).batchSize(16).randomSteps(200)).newTaskUpdates(2).replayUpdates(3);
        try (MetaRun run = MetaTraining.on(tasks).algorithm(small).steps(400).evaluateEvery(10_000).adaptTasks(0).seed(5).run()) {
            ShotEvaluation shots = run.shots(tasks.test(), 3, 2, 1);
            assertEquals(3, shots.rounds());
            assertEquals(2, shots.tasks().size());
            double[][] again = run.shots(tasks.test(), 3, 2, 1).returns();
            for (int i = 0; i < 2; i++) assertArrayEquals(shots.returns()[i], again[i]);
            assertEquals(Arrays.stream(shots.returns()).mapToDouble(v -> v[2] - v[0]).average().orElseThrow(), shots.gain(2).value(),
                1e-12);
            assertEquals(Arrays.stream(shots.returns()).mapToDouble(v -> v[0] + v[1] + v[2]).average().orElseThrow(),
                shots.online().value(), 1e-12);
            assertThrows(IllegalArgumentException.class, () -> run.shots(tasks.test(), 0, 1, 1));
            assertThrows(IllegalArgumentException.class, () -> run.shots(List.of(), 1, 1, 1));
        }
    }

    @Test
    void whoSteersWithRealNumbersIsRefusedWhereChoicesAreAsked() {
        String message = assertThrows(IllegalArgumentException.class,
            () -> MetaTraining.on(certainArms()).algorithm(Td3.pointRobot()).steps(10).run()).getMessage();
        assertTrue(message.contains("TD3-context steers with real numbers") && message.contains("RL²"), message);
    }
}
