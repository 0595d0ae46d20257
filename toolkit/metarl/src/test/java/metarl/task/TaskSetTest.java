package metarl.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import metarl.agent.Mql;
import metarl.agent.Td3;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.RandomStream;
import metarl.env.Space;
import metarl.env.Step;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

class TaskSetTest {
    static Stream<TaskFamily> families() {
        return TaskFamily.names().stream().map(TaskFamily::named);
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyPassesTheEnvironmentCheck(TaskFamily family) {
        try (Environment environment = family.sample(3, RandomStream.of(1, "x")).get(1).environment()) {
            for (Row row : EnvironmentCheck.of(environment)) assertTrue(row.getBoolean("holds"), family.name() + ": " + row.getString("property") + " – " + row.getString("seen"));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void theRewardOfAnOutcomeIsTheRewardPaid(TaskFamily family) {
        var random = RandomStream.of(2, "x");
        Task task = family.sample(3, random).get(0);
        try (Environment environment = task.environment()) {
            environment.reset(random);
            for (int t = 0; t < Math.min(100, family.horizon()); t++) {
                double[] action = environment.actions().sample(random);
                Step step = environment.step(action);
                assertEquals(task.reward(step.outcome(), action), step.reward(), family.name());
                if (step.last()) environment.reset(random);
            }
        }
    }

    @Test
    void pointRobotRewards() {
        assertEquals(-5, PointRobot.dense().task(3, 4).reward(new double[] {0, 0}, new double[2]), 1e-12);
        assertEquals(0.9, PointRobot.sparse().task(0, 1).reward(new double[] {0, 0.9}, new double[2]), 1e-12);
        assertEquals(0, PointRobot.sparse().task(0, 1).reward(new double[] {0, 0.7}, new double[2]), 1e-12);
        assertEquals(-0.5 - 0.05 * 6, HalfCheetah.velocity().task(2).reward(new double[] {1.5, 0}, new double[] {1, 1, 1, 1, -1, -1}), 1e-12);
        for (Task t : PointRobot.sparse().sample(5, RandomStream.of(1, "x"))) assertEquals(1, Math.hypot(t.value(0), t.value(1)), 1e-12);
    }

    @Test
    void samplingIsRepeatableAndTheHashTellsSetsApart() {
        TaskSet a = TaskSet.of(PointRobot.dense()).train(5).test(2).sample(7), b = TaskSet.of("point-robot-dense").train(5).test(2).sample(7);
        assertEquals(a, b);
        assertEquals(a.hash(), b.hash());
        assertNotEquals(a.hash(), TaskSet.of(PointRobot.dense()).train(5).test(2).sample(8).hash());
        assertNotEquals(a.hash(), TaskSet.of(PointRobot.sparse()).train(5).test(2).sample(7).hash());
        assertEquals(List.of(), a.warnings());
        assertEquals(4, a.summary().rowCount());
    }

    @Test
    void testTasksThatAreTrainTasksAreWarnedOf() {
        Task task = PointRobot.dense().task(0.5, 0.5);
        TaskSet set = TaskSet.of(List.of(task), List.of(task));
        assertTrue(set.warnings().get(0).contains("1 of 1 test tasks are also train tasks"), set.warnings().toString());
    }

    static Stream<Arguments> badInputs() {
        TaskSet fine = TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1);
        return Stream.of(
            bad("unknown family", () -> TaskFamily.named("half-cheetah-velocty"), "nearest: [half-cheetah-velocity"),
            bad("too few values", () -> PointRobot.dense().task(1), "2 parameter(s) [goalX, goalY], given 1"),
            bad("NaN value", () -> HalfCheetah.velocity().task(Double.NaN), "speed is NaN"),
            bad("no train tasks", () -> TaskSet.of(PointRobot.dense()).train(0), "train(0)"),
            bad("negative test tasks", () -> TaskSet.of(PointRobot.dense()).test(-1), "test(-1)"),
            bad("empty list", () -> TaskSet.of(List.of(), List.of()), "at least one train task"),
            bad("mixed families", () -> TaskSet.of(List.of(PointRobot.dense().task(0, 0)), List.of(HalfCheetah.velocity().task(1))), "one family"),
            bad("bounds", () -> new Space.Box(new double[] {1}, new double[] {0}), "expected low ≤ high"),
            bad("discount", () -> Td3.defaults().discount(1), "discount is 1.0, expected in [0, 1)"),
            bad("learning rate", () -> Td3.defaults().learningRate(-1), "learningRate is -1.0"),
            bad("batch size", () -> Td3.defaults().batchSize(0), "batchSize is 0"),
            bad("context length", () -> Mql.defaults().contextLength(-1), "contextLength is -1"),
            bad("logit clip", () -> Mql.defaults().logitClip(0), "logitClip is 0.0"),
            bad("strength", () -> Mql.defaults().inverseStrength(0), "inverseStrength is 0.0"),
            bad("updates per step NaN", () -> Mql.defaults().updatesPerStep(Double.NaN), "updatesPerStep is NaN"),
            bad("steps", () -> MetaTraining.on(fine).steps(0), "steps is 0"),
            bad("evaluateEvery", () -> MetaTraining.on(fine).evaluateEvery(0), "evaluateEvery is 0"),
            bad("shots", () -> MetaTraining.on(fine).shots(-1), "shots is -1"),
            bad("no run there", () -> MetaRun.load("no/such/run"), "there is no run in"),
            bad("action of wrong length", () -> step(new double[3]), "given 3 values"),
            bad("action NaN", () -> step(new double[] {Double.NaN, 0}), "entry 0"));
    }

    private static void step(double[] action) {
        try (Environment environment = PointRobot.dense().task(0, 0).environment()) {
            environment.reset(RandomStream.of(1, "x"));
            environment.step(action);
        }
    }

    private static Arguments bad(String name, Executable call, String message) {
        return Arguments.of(name, call, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInputs")
    void badInputIsNamed(String name, Executable call, String message) {
        var error = assertThrows(IllegalArgumentException.class, call);
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
