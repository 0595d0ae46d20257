package metarl.task;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.task.families.TwoRooms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TwoRoomsTest {
    private static final int STAY = 0, UP = 1, DOWN = 2, LEFT = 3, RIGHT = 4;
    private static final TwoRooms CELLS = TwoRooms.cells(), SEEN = TwoRooms.published();

    private static int state(double[] observation) {
        assertEquals(1, Arrays.stream(observation).sum());
        return IntStream.range(0, observation.length).filter(i -> observation[i] == 1).findFirst().orElseThrow();
    }

    @Test
    void theRoomsAreThoseOfThePlans() {
        long free = IntStream.range(-1, 8 * 9).filter(i -> TwoRooms.isFree(i / 9 - 1, i % 9 - 1)).count();
        assertEquals(32, free, "two rooms of 14 cells and a corridor of 4");
        assertEquals(32, CELLS.states());
        assertEquals(320, SEEN.states());
        assertEquals(List.of("two-rooms", "two-rooms-cells", "two-rooms-50"),
            List.of(SEEN.name(), CELLS.name(), new TwoRooms(true, 50).name()));
        assertEquals(new TwoRooms(false, 50), TaskFamily.named("two-rooms-cells-50"));
    }

    @Test
    void theShortestWayThroughTheCorridorPaysWhatItShould() {
        Task plan4 = CELLS.task(0, 0, 6, 7);
        int[] way = {DOWN, DOWN, DOWN, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, DOWN, DOWN, DOWN};
        try (Environment rooms = plan4.environment()) {
            double[] seen = rooms.reset(RandomStream.of(1, "x"));
            assertEquals(0, state(seen));
            for (int t = 0; t < way.length; t++) {
                Step step = rooms.step(new double[] {way[t]});
                assertEquals(t < 12 ? -0.1 : 0.9, step.reward(), 1e-12);
                assertEquals(t == 12, step.terminated());
                assertEquals(0, step.outcome()[2]);
            }
        }
        try (Environment rooms = plan4.environment()) {
            rooms.reset(RandomStream.of(1, "x"));
            for (int wall : new int[] {UP, LEFT}) {
                Step step = rooms.step(new double[] {wall});
                assertEquals(-0.6, step.reward(), 1e-12);
                assertArrayEquals(new double[] {0, 0, 1}, step.outcome());
            }
            assertEquals(-0.1, rooms.step(new double[] {STAY}).reward(), 1e-12);
        }
    }

    @Test
    void whatWasDoneLastAndWhatCameOfItIsSeen() {
        try (Environment rooms = SEEN.task(0, 0, 6, 7).environment()) {
            assertEquals(0, state(rooms.reset(RandomStream.of(1, "x"))));
            int stopped = state(rooms.step(new double[] {UP}).observation()), stayed = state(rooms.step(new double[] {STAY}).observation()),
                moved = state(rooms.step(new double[] {RIGHT}).observation());
            assertEquals(List.of(6, 1, 10 + 5), List.of(stopped, stayed, moved));
        }
    }

    /** The arrays say of every step what the environment does. */
    @Test
    void theKnownProcessIsTheEnvironment() {
        for (TwoRooms family : List.of(CELLS, SEEN)) {
            var random = RandomStream.of(2, "walk");
            Task task = family.sample(1, random).get(0);
            double[][][] p = family.transitions(task);
            double[][] r = family.rewards(task);
            try (Environment rooms = task.environment()) {
                double[] seen = rooms.reset(random);
                assertEquals(family.state((int) task.value(0), (int) task.value(1)), state(seen));
                for (int t = 0; t < 900; t++) {
                    int a = random.nextInt(5), s = state(seen);
                    Step step = rooms.step(new double[] {a});
                    assertEquals(step.reward(), r[s][a], 1e-12);
                    assertEquals(step.terminated() ? 0 : 1, p[s][a][state(step.observation())]);
                    assertEquals(step.terminated() ? 0 : 1, Arrays.stream(p[s][a]).sum());
                    seen = step.last() ? rooms.reset(random) : step.observation();
                }
            }
            int goal = family.state((int) task.value(2), (int) task.value(3));
            assertArrayEquals(new double[5], r[goal]);
            assertEquals(0, Arrays.stream(p[goal]).flatMapToDouble(Arrays::stream).sum());
        }
    }

    @Test
    void drawnTasksLeadFromOneRoomToTheOther() {
        int fromLeft = 0;
        for (Task task : SEEN.sample(200, RandomStream.of(3, "tasks"))) {
            boolean left = task.value(1) < 2, right = task.value(1) > 5;
            assertTrue(left && task.value(3) > 5 || right && task.value(3) < 2, task.toString());
            assertFalse(TwoRooms.isFree(0, 3));
            fromLeft += left ? 1 : 0;
        }
        assertEquals(100, fromLeft, 30);
    }

    @Test
    void thePublishedTasksAreThereByName() {
        TaskSet tasks = TaskSet.published("distral/two-rooms");
        assertEquals(List.of(0.0, 0.0, 3.0, 6.0), tasks.train().get(1).values());
        assertEquals(1, tasks.test().size());
        assertEquals(8, TaskSet.published("distral/two-rooms-both-ways").train().size());
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("a start in a wall", () -> CELLS.task(0, 3, 6, 7).environment(), "the start is (0, 3), expected a cell (row, column)"),
            bad("a goal in a wall", () -> CELLS.task(0, 0, 6, 4).environment(), "the goal is (6, 4)"),
            bad("half a cell", () -> CELLS.task(0.5, 0, 6, 7).environment(), "startRow is 0.5, expected a whole number from 0 to 6"),
            bad("nowhere to go", () -> CELLS.task(0, 0, 0, 0).environment(), "the start is the goal, expected another cell"),
            bad("no such state", () -> CELLS.state(9, 9), "the cell is (9, 9)"),
            bad("no time", () -> new TwoRooms(true, 0), "horizon is 0"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
