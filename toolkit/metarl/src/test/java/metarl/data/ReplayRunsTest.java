package metarl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import metarl.basics.RandomStream;
import metarl.env.Step;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Runs of consecutive steps: each from one episode, all of them equally likely. */
class ReplayRunsTest {
    private final MetaReplay replay = new MetaReplay(2, 2, 2, 4, 20);

    /** An episode whose observations say which one it is, and the step. */
    private static Trajectory episode(int number, int length) {
        var episode = new Trajectory(PointRobot.dense().task(0, 0), new double[] {number, 0});
        for (int t = 0; t < length; t++)
            episode.add(new double[] {number, t}, new Step(new double[] {number, t + 1}, t, false, t == length - 1, new double[4]));
        return episode;
    }

    /** The first steps of episode 1 are overwritten: of its 4 steps, the ring of 10 holds the last. */
    private void fill() {
        replay.of(0).add(episode(1, 4));
        replay.of(0).add(episode(2, 3));
        replay.of(0).add(episode(3, 6));
        replay.of(1).add(episode(4, 5));
    }

    @Test
    void everyRunOfOneEpisodeIsEquallyLikely() {
        fill();
        int runs = 8_000;
        Batch batch = replay.sampleRuns(runs, 3, RandomStream.of(1, "runs"));
        assertEquals(3 * runs, batch.size());
        var counts = new TreeMap<String, Integer>();
        for (int run = 0; run < runs; run++) {
            int row = 3 * run;
            float number = batch.observations()[2 * row], first = batch.observations()[2 * row + 1];
            for (int t = 0; t < 3; t++) {
                assertArrayEquals(new float[] {number, first + t, number, first + t + 1}, new float[] {batch.observations()[2 * (row + t)],
                    batch.observations()[2 * (row + t) + 1], batch.nextObservations()[2 * (row + t)],
                    batch.nextObservations()[2 * (row + t) + 1]});
                assertEquals(first + t, batch.rewards()[row + t]);
                assertEquals(number == 4 ? 1 : 0, batch.tasks()[row + t]);
            }
            counts.merge((int) number + " from " + (int) first, 1, Integer::sum);
        }
        assertEquals(Set.of("2 from 0", "3 from 0", "3 from 1", "3 from 2", "3 from 3", "4 from 0", "4 from 1", "4 from 2"),
            counts.keySet());
        // 1,000 each are expected, with a deviation of 30
        counts.forEach((run, count) -> assertEquals(1_000, count, 130, run));
    }

    @Test
    void theLongestRunIsFoundAndALongerOneIsRefused() {
        fill();
        assertEquals(3, replay.sampleRuns(5, 6, RandomStream.of(1, "runs")).observations()[0]);
        String message = assertThrows(IllegalStateException.class, () -> replay.sampleRuns(1, 7, RandomStream.of(1, "runs"))).getMessage();
        assertTrue(message.contains("none of the 15 transitions in the replay ends 7 steps of one episode"), message);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> replay.sampleRuns(1, 0, RandomStream.of(1, "runs"))).getMessage()
            .contains("length is 0"));
        replay.clear();
        assertThrows(IllegalStateException.class, () -> replay.sampleRuns(1, 1, RandomStream.of(1, "runs")));
    }

    @Test
    void runsOfOneTaskAreEquallyLikely() {
        fill();
        Batch batch = replay.sampleRuns(0, 5_000, 3, RandomStream.of(1, "runs")),
            starts = replay.sampleStarts(0, 5_000, 3, RandomStream.of(1, "runs"));
        var counts = new TreeMap<String, Integer>();
        for (int run = 0; run < 5_000; run++) {
            float number = batch.observations()[6 * run], first = batch.observations()[6 * run + 1];
            for (int t = 0; t < 3; t++) assertEquals(first + t, batch.observations()[6 * run + 2 * t + 1]);
            assertArrayEquals(new float[] {number, first},
                new float[] {starts.observations()[2 * run], starts.observations()[2 * run + 1]});
            counts.merge((int) number + " from " + (int) first, 1, Integer::sum);
        }
        assertEquals(Set.of("2 from 0", "3 from 0", "3 from 1", "3 from 2", "3 from 3"), counts.keySet());
        counts.forEach((run, count) -> assertEquals(1_000, count, 130, run));
        int[] every = IntStream.range(0, 15_000).map(i -> i % 3).toArray();
        assertArrayEquals(batch.observations(), replay.later(starts, every).observations());
        assertArrayEquals(batch.positions(), replay.later(starts, every).positions());
    }

    @Test
    void runsThatAreNotThereAreRefused() {
        fill();
        requireRefused("none of the 5 transitions of task 1 ends 6 steps", () -> replay.sampleRuns(1, 1, 6, RandomStream.of(1, "runs")));
        requireRefused("length is 0", () -> replay.sampleStarts(1, 1, 0, RandomStream.of(1, "runs")));
        requireRefused("runs is -1", () -> replay.sampleRuns(1, -1, 2, RandomStream.of(1, "runs")));
        requireRefused("it has 2", () -> replay.sampleRuns(2, 1, 2, RandomStream.of(1, "runs")));
        Batch newest = replay.newest(2);
        requireRefused("1 steps after step 5 of an episode", () -> replay.later(newest, 1, 0, 0, 0));
        requireRefused("as many for each of the 4 rows", () -> replay.later(newest, 1, 0, 0));
        requireRefused("history is -1", () -> replay.histories(newest, -1));
        replay.of(1).add(episode(9, 10));
        requireRefused("drawn after the last change", () -> replay.histories(newest, 2));
    }

    private static void requireRefused(String expected, Executable attempt) {
        String message = assertThrows(RuntimeException.class, attempt).getMessage();
        assertTrue(message.contains(expected), message);
    }

    /** Episodes 1 (its first steps overwritten), 2 and 3 of task 0: (action, change) of each step before, zeros before the start. */
    @Test
    void historiesEndWithTheTransitionAndBeginWithZeros() {
        fill();
        Batch newest = replay.newest(10);
        float[] all = replay.histories(newest, 3);
        assertEquals(newest.size() * 4 * 4, all.length);
        for (int row = 0; row < newest.size(); row++) {
            int number = (int) newest.observations()[2 * row], t = (int) newest.observations()[2 * row + 1];
            int held = number == 1 ? t - 3 : t;
            for (int k = 0; k < 4; k++) {
                int step = t - 3 + k;
                float[] expected = t - step > held ? new float[4] : new float[] {number, step, 0, 1};
                assertArrayEquals(expected, Arrays.copyOfRange(all, (row * 4 + k) * 4, (row * 4 + k + 1) * 4),
                    "episode " + number + ", step " + t + ", entry " + k);
            }
        }
        assertEquals(10 * 4 + 5 * 4, replay.histories(newest, 0).length);
    }
}
