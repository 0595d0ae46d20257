package metarl.task;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.classical.TabularProcess;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.task.families.GoalGrid;
import metarl.task.families.Point;
import metarl.task.families.TwoRooms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The grid against its own tables, and what is known of it. */
class GoalGridTest {
    private static int state(double[] oneHot) {
        return IntStream.range(0, oneHot.length).filter(i -> oneHot[i] == 1).findFirst().orElseThrow();
    }

    /** Frequencies of next states of a long walk lie within five standard errors of the tables. */
    @ParameterizedTest
    @EnumSource
    void theKnownProcessIsTheEnvironment(GoalGrid.Shift shift) {
        var grid = new GoalGrid(shift);
        Task task = grid.all().get(grid.all().size() - 1);
        double[][][] p = grid.dynamics(task);
        var random = RandomStream.of(1, "walk");
        double[][][] counts = new double[49][4][49];
        double[][] r = grid.rewards(task);
        double paid = 0, foretold = 0, variance = 0;
        try (Environment world = task.environment()) {
            double[] seen = world.reset(random);
            assertArrayEquals(grid.starts(task), seen);
            for (int t = 0; t < 40_000; t++) {
                int s = state(seen), a = random.nextInt(4);
                Step step = world.step(new double[] {a});
                counts[s][a][state(step.observation())]++;
                assertEquals(step.terminated(), grid.ends(task, step.outcome()));
                paid += step.reward();
                foretold += r[s][a];
                variance += r[s][a] * (1 - r[s][a]);
                seen = step.last() ? world.reset(random) : step.observation();
            }
        }
        assertEquals(foretold, paid, 5 * Math.sqrt(variance));
        for (int s = 0; s < 49; s++)
            for (int a = 0; a < 4; a++) {
                double n = Arrays.stream(counts[s][a]).sum();
                assertEquals(1, Arrays.stream(p[s][a]).sum(), 1e-12);
                for (int k = 0; k < 49; k++)
                    assertEquals(n * p[s][a][k], counts[s][a][k], 5 * Math.sqrt(n * p[s][a][k] * (1 - p[s][a][k])) + 1e-9,
                        "from " + s + " by " + a + " to " + k);
            }
    }

    @Test
    void tasksOfOneShiftMoveAlikeAndOthersApart() {
        var signs = new GoalGrid(GoalGrid.Shift.SIGN);
        assertArrayEquals(signs.dynamics(signs.task(0, 1))[24], signs.dynamics(signs.task(3, 1))[24]);
        // up in the one is down in the other
        assertArrayEquals(signs.dynamics(signs.task(0, 0))[24][0], signs.dynamics(signs.task(0, 1))[24][1]);
        var turned = new GoalGrid(GoalGrid.Shift.ROTATION);
        // up, turned by a quarter clockwise, is right
        assertArrayEquals(turned.dynamics(turned.task(0, 0))[24][3], turned.dynamics(turned.task(0, 1))[24][0]);
        assertEquals(List.of(8, 8, 16, 16), Stream.of(GoalGrid.Shift.values()).map(s -> new GoalGrid(s).all().size()).toList());
        assertEquals(List.of("goal-grid", "goal-grid-sign", "goal-grid-rotation", "goal-grid-wind"),
            Stream.of(GoalGrid.Shift.values()).map(s -> new GoalGrid(s).name()).toList());
    }

    /** Six steps to a corner, of which each goes astray with 0.075. */
    @Test
    void theBestPolicyIsWorthWhatItShould() {
        var grid = new GoalGrid(GoalGrid.Shift.NONE);
        var process = TabularProcess.of(grid.task(0, 0), 0.95);
        double[][] uniform = new double[49][4];
        for (double[] row : uniform) Arrays.fill(row, 0.25);
        double best = process.atStart(process.softValues(uniform, 0, 1e5));
        assertEquals(0.748, best, 2e-3);
    }

    /** An episode that leads through another task's goal ends there when it is scored for that task, and only then. */
    @Test
    void anEpisodeEndsAtTheGoalOfTheTaskThatItIsScoredFor() {
        var grid = new GoalGrid(GoalGrid.Shift.NONE);
        Task own = grid.task(0, 0), other = grid.task(3, 0);
        var episode = RelabelledEpisodes.alongCells(own, 24, 31, 38, 45, 46, 47, 48, 41);
        var relabelled = episode.relabel(other);
        assertEquals(6, relabelled.length());
        assertEquals(1, relabelled.totalReward());
        assertTrue(relabelled.step(5).terminated() && !relabelled.step(5).truncated());
        assertEquals(7, relabelled.relabel(own).length() + 1, "what was cut off is gone");
        var arrived = RelabelledEpisodes.alongCells(own, 24, 17, 10, 3, 2, 1, 0);
        assertTrue(arrived.step(5).terminated());
        var late = arrived.relabel(other);
        assertTrue(!late.step(5).terminated() && late.step(5).truncated());
        assertEquals(0, late.totalReward());
        assertEquals(arrived.totalReward(), arrived.relabel(own).totalReward());
    }

    /** Where tasks differ in what ends an episode, the rule is that of their environments. */
    @Test
    void endsAreThoseOfTheEnvironments() {
        for (TaskFamily family : List.of(TwoRooms.cells(), TwoRooms.published(), Point.navigation(), new GoalGrid(GoalGrid.Shift.WIND))) {
            if (!family.endsByTask()) continue;
            int ended = 0;
            for (Task task : family.sample(4, RandomStream.of(1, "tasks"))) {
                try (Environment world = task.environment()) {
                    var random = RandomStream.of(2, "walk");
                    world.reset(random);
                    for (int t = 0; t < 2_000; t++) {
                        double[] action = world.actions() instanceof metarl.env.Space.Discrete d ? new double[] {random.nextInt(d.count())}
                            : random.doubles(world.actions().size(), -1, 1).toArray();
                        Step step = world.step(action);
                        assertEquals(step.terminated(), family.ends(task, step.outcome()), family.name());
                        ended += step.terminated() ? 1 : 0;
                        if (step.last()) world.reset(random);
                    }
                }
            }
            assertTrue(ended > 0 || family == Point.navigation(), family.name());
        }
    }

    static Stream<Arguments> badInputs() {
        var grid = new GoalGrid(GoalGrid.Shift.SIGN);
        return Stream.of(bad("no corner", () -> grid.environment(grid.task(4, 0)), "goal"),
            bad("no such shift", () -> grid.dynamics(grid.task(0, 2)), "shift"),
            bad("no tables", () -> TabularProcess.of(Point.navigation().task(0, 0), 0.9), "has no tables"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
