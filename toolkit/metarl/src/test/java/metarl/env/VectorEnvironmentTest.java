package metarl.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import metarl.basics.RandomStream;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.families.Maze;
import metarl.task.families.RandomMdp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorEnvironmentTest {
    private static final int STEPS = 120;

    @ParameterizedTest
    @CsvSource({"half-cheetah-velocity, 1", "half-cheetah-velocity, 2", "hopper-random-parameters, 2", "hopper-random-parameters, 5",
        "random-mdp, 3", "point-navigation, 2",
        "bernoulli-bandit-5, 2", "maze-small, 2"})
    void lockstepEqualsOneByOneBitForBit(String family, int threads) {
        List<Task> tasks = TaskFamily.named(family).sample(7, RandomStream.of(2, "tasks"));
        List<String> expected = oneByOne(tasks);
        try (var vector = VectorEnvironment.of(tasks.stream().map(Task::environment).toList(), threads)) {
            var random = RandomStream.of(9, "actions");
            var seen = new ArrayList<String>();
            vector.reset(RandomStream.of(5, "lockstep"));
            for (int t = 0; t < STEPS; t++) {
                double[][] actions = new double[tasks.size()][];
                for (int i = 0; i < actions.length; i++) actions[i] = vector.actionSpace().sample(random);
                Step[] steps = vector.step(actions);
                for (int i = 0; i < actions.length; i++) seen.add(text(steps[i], vector.observations()[i]));
            }
            assertEquals(expected, seen);
        }
    }

    private static List<String> oneByOne(List<Task> tasks) {
        var environments = tasks.stream().map(Task::environment).toList();
        var streams = new ArrayList<RandomStream>();
        var random = RandomStream.of(9, "actions");
        var seen = new ArrayList<String>();
        for (int i = 0; i < tasks.size(); i++) {
            streams.add(RandomStream.of(5, "lockstep").split("environment " + i));
            environments.get(i).reset(streams.get(i));
        }
        for (int t = 0; t < STEPS; t++) {
            double[][] actions = new double[tasks.size()][];
            for (int i = 0; i < actions.length; i++) actions[i] = environments.get(i).actions().sample(random);
            for (int i = 0; i < actions.length; i++) {
                Step step = environments.get(i).step(actions[i]);
                seen.add(text(step, step.last() ? environments.get(i).reset(streams.get(i)) : step.observation()));
            }
        }
        environments.forEach(Environment::close);
        return seen;
    }

    private static String text(Step step, double[] next) {
        return Arrays.toString(step.observation()) + step.reward() + step.terminated() + step.truncated() + Arrays.toString(step.outcome())
            + Arrays.toString(next);
    }

    @Test
    void theLastObservationOfAnEpisodeIsKept() {
        try (var vector = VectorEnvironment.of(List.of(Maze.small().drawn(">G###\n#####\n#####\n#####\n#####").environment()))) {
            double[] start = vector.reset(RandomStream.of(1, "x"))[0];
            Step step = vector.step(new double[][] {{2}})[0];
            assertTrue(step.terminated());
            assertArrayEquals(start, vector.observations()[0]);
            assertTrue(!Arrays.equals(start, step.observation()));
        }
    }

    @Test
    void oneRefusedActionNamesItsEnvironmentAndTheOthersGoOn() {
        List<Environment> environments = new ArrayList<>();
        for (Task task : RandomMdp.published().sample(4, RandomStream.of(1, "x"))) environments.add(task.environment());
        try (var vector = VectorEnvironment.of(environments, 2)) {
            assertThrows(IllegalStateException.class, () -> vector.step(new double[4][1]));
            vector.reset(RandomStream.of(1, "x"));
            double[][] actions = {{0}, {1}, {77}, {2}};
            var error = assertThrows(IllegalArgumentException.class, () -> vector.step(actions));
            assertTrue(error.getMessage().startsWith("environment 2 of 4: ") && error.getMessage().contains("77"), error.getMessage());
            assertTrue(assertThrows(IllegalStateException.class, () -> vector.step(new double[4][1])).getMessage().contains("reset(2)"));
            vector.reset(2);
            assertEquals(4, vector.step(new double[4][1]).length);
            assertThrows(IllegalArgumentException.class, () -> vector.step(new double[3][1]));
            assertThrows(IndexOutOfBoundsException.class, () -> vector.reset(4));
        }
    }

    @Test
    void closingEndsTheThreadsAndRefusesMore() throws InterruptedException {
        long before = workers();
        var lockstep = new Lockstep(4);
        // the first round is timed, and found to be worth sharing
        for (int round = 0; round < 2; round++) lockstep.run(6, i -> LockSupport.parkNanos(1_000_000));
        assertEquals(before + 3, workers());
        lockstep.close();
        lockstep.close();
        for (int i = 0; i < 200 && workers() > before; i++) Thread.sleep(5);
        assertEquals(before, workers());
        assertThrows(IllegalStateException.class, () -> lockstep.run(1, i -> {}));
        var vector = VectorEnvironment.of(List.of(RandomMdp.published().sample(1, RandomStream.of(1, "x")).get(0).environment()), 4);
        vector.reset(RandomStream.of(1, "x"));
        vector.close();
        vector.close();
        assertThrows(IllegalStateException.class, () -> vector.step(new double[1][1]));
    }

    @Test
    void anInterruptionInsideAPieceOfWorkReachesTheCaller() {
        try (var lockstep = new Lockstep(2)) {
            for (int round = 0; round < 3; round++) {
                lockstep.run(4, i -> {
                    LockSupport.parkNanos(1_000_000);
                    if (i == 2) Thread.currentThread().interrupt();
                });
                assertTrue(Thread.interrupted(), "round " + round);
            }
            assertFalse(Thread.interrupted());
        }
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.isAlive() && t.getName().startsWith("lockstep-"))
            .count();
    }
}
