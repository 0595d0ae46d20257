package metarl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32;
import metarl.basics.RandomStream;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
    private static final Task TASK = PointRobot.dense().task(0, 0);

    /** Observation t is (10 e + t, 0), action (t, 0), reward t, for t = 0 … length − 1 of episode e. */
    private static Trajectory episode(int e, int length) {
        var trajectory = new Trajectory(TASK, new double[] {10 * e, 0});
        for (int t = 0; t < length; t++)
            trajectory.add(new double[] {t, 0}, new Step(new double[] {10 * e + t + 1, 0}, t, false, t == length - 1, new double[] {0, 0}));
        return trajectory;
    }

    private static float[] window(MetaReplay replay, int age) {
        ContextBatch all = replay.withContext(replay.newest(Integer.MAX_VALUE), 3);
        int size = 4 * 5;
        float[] window = new float[size];
        System.arraycopy(all.windows(), age * size, window, 0, size);
        return window;
    }

    @Test
    void windowsHoldTheTriplesOfTheSameEpisodeOnly() {
        var replay = new MetaReplay(1, 2, 2, 2, 100);
        replay.of(0).add(episode(0, 5));
        replay.of(0).add(episode(1, 5));
        // newest: episode 1, t = 4: triples of t = 1 … 4, each (action 2, reward, observation 2)
        assertArrayEquals(new float[] {1, 0, 1, 11, 0, 2, 0, 2, 12, 0, 3, 0, 3, 13, 0, 4, 0, 4, 14, 0}, window(replay, 0));
        // t = 1: zero, the start triple (0, 0, first observation), t = 0, t = 1
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 1, 0, 1, 11, 0}, window(replay, 3));
        // t = 0 sees the start triple and itself, nothing of episode 0
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0}, window(replay, 4));
    }

    @Test
    void theOldestMakeRoomAndOverwrittenTriplesAreZero() {
        var replay = new MetaReplay(1, 2, 2, 2, 6);
        replay.of(0).add(episode(0, 5));
        replay.of(0).add(episode(1, 4));
        assertEquals(6, replay.size());
        assertEquals(9, replay.of(0).added());
        assertEquals(3, replay.of(0).recent(5).reward());
        // t = 4 of episode 0: t = 3 is still there, what came before is gone
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 3, 3, 0, 4, 0, 4, 4, 0}, window(replay, 4));
    }

    @Test
    void savedAndLoadedItIsTheSame() throws Exception {
        MetaReplay replay = twoTasks();
        var bytes = new ByteArrayOutputStream();
        replay.save(new DataOutputStream(bytes));
        var loaded = new MetaReplay(2, 2, 2, 2, 12);
        loaded.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        Batch a = replay.sample(20, RandomStream.of(1, "x")), b = loaded.sample(20, RandomStream.of(1, "x"));
        assertArrayEquals(replay.withContext(a, 3).windows(), loaded.withContext(b, 3).windows());
        assertArrayEquals(a.observations(), b.observations());
        assertArrayEquals(a.tasks(), b.tasks());
        var other = new MetaReplay(3, 2, 2, 2, 12);
        assertThrows(java.io.IOException.class, () -> other.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
    }

    private static MetaReplay twoTasks() {
        var replay = new MetaReplay(2, 2, 2, 2, 12);
        replay.of(0).add(episode(0, 5));
        replay.of(1).add(episode(1, 8));
        return replay;
    }

    /** Replays of runs that were stored before batches and windows were told apart. */
    @Test
    void theStoredFormAndTheDrawsAreThoseOfEarlierVersions() throws Exception {
        MetaReplay replay = twoTasks();
        var bytes = new ByteArrayOutputStream();
        replay.save(new DataOutputStream(bytes));
        var crc = new CRC32();
        crc.update(bytes.toByteArray());
        assertEquals(536, bytes.size());
        assertEquals(0xd8008e7cL, crc.getValue());
        Batch all = replay.sample(20, RandomStream.of(1, "x"));
        assertEquals(-1242649087, Arrays.hashCode(replay.withContext(all, 3).windows()));
        assertEquals(-218617087, Arrays.hashCode(all.observations()));
        assertEquals(-1275312032, Arrays.hashCode(all.tasks()));
        Batch each = replay.sample(replay.filledTasks(), 4, 3, RandomStream.of(1, "x"));
        assertEquals(2116987905, Arrays.hashCode(replay.withContext(each, 3).windows()));
        assertEquals(282189313, Arrays.hashCode(each.observations()));
        assertEquals(-1807423679, Arrays.hashCode(each.tasks()));
    }

    /** The counted sample spread out again is the plain one from the same random numbers, in another order. */
    @Test
    void aCountedSampleIsThePlainOne() {
        MetaReplay replay = twoTasks();
        int[] tasks = {1, 0, 1};
        for (int perTask : new int[] {1, 7, 500}) {
            Batch plain = replay.sample(tasks, perTask, RandomStream.of(3, "x"));
            MetaReplay.Counted counted = replay.sampleCounted(tasks, perTask, RandomStream.of(3, "x"));
            int rows = counted.batch().size() / tasks.length;
            assertTrue(rows <= Math.min(perTask, 7), "task 1 holds 7 transitions, the sample " + rows + " rows");
            for (int i = 0; i < tasks.length; i++) {
                var expected = new TreeMap<Long, Float>();
                for (int row = i * perTask; row < (i + 1) * perTask; row++) expected.merge(plain.positions()[row], 1f, Float::sum);
                var found = new TreeMap<Long, Float>();
                for (int row = i * rows; row < (i + 1) * rows; row++) {
                    assertEquals(tasks[i], counted.batch().tasks()[row]);
                    if (counted.counts()[row] > 0) found.put(counted.batch().positions()[row], counted.counts()[row]);
                }
                assertEquals(expected, found);
            }
        }
        assertThrows(IllegalStateException.class,
            () -> new MetaReplay(1, 2, 2, 2, 9).sampleCounted(new int[] {0}, 3, RandomStream.of(1, "x")));
    }

    @Test
    void batchesOfTasksHoldTheSameNumberOfEach() {
        MetaReplay replay = twoTasks();
        Batch batch = replay.sample(new int[] {1, 0, 1}, 2, RandomStream.of(3, "x"));
        assertArrayEquals(new int[] {1, 1, 0, 0, 1, 1}, batch.tasks());
        for (int row = 0; row < batch.size(); row++) {
            Transition t = replay.of(batch.tasks()[row]).recent((int) (replay.of(batch.tasks()[row]).added() - 1 - batch.positions()[row]));
            assertEquals(t.reward(), batch.rewards()[row]);
            assertEquals(t.observation()[0], batch.observations()[2 * row]);
            assertEquals(t.nextObservation()[0], batch.nextObservations()[2 * row]);
            assertEquals(t.action()[0], batch.actions()[2 * row]);
        }
        float[] newest = replay.sample(new int[] {1}, 50, 2, RandomStream.of(3, "x")).rewards();
        for (float reward : newest) assertTrue(reward >= 6, "of 8 steps the last two pay 6 and 7: " + reward);
        assertEquals(0, replay.sample(new int[0], 5, RandomStream.of(3, "x")).size());
    }

    @Test
    void clearedTasksAreEmptyUntilTheyAreFilledAgain() {
        MetaReplay replay = twoTasks();
        Batch before = replay.newest(1);
        replay.clear(1);
        assertEquals(5, replay.size());
        assertArrayEquals(new int[] {0}, replay.filledTasks());
        String message = assertThrows(IllegalStateException.class, () -> replay.sample(new int[] {0, 1}, 2, RandomStream.of(1, "x")))
            .getMessage();
        assertEquals("the replay holds no transitions of task 1: collect episodes of it before sampling", message);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> replay.withContext(before, 2)).getMessage()
            .contains("transition 7 of its task, but the replay holds none"));
        replay.of(1).add(episode(2, 3));
        assertEquals(3, replay.of(1).added());
        assertEquals(20, replay.newest(5).observations()[2 * (5 + 2)], "the first observation of the new episode");
        replay.clear();
        assertEquals(0, replay.size());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> replay.of(2)).getMessage().contains("it has 2, numbered from 0"));
    }

    @Test
    void episodesComeBackWhole() {
        var buffer = new ReplayBuffer(2, 2, 2, 12);
        var first = new Trajectory(TASK, new double[] {1, 2});
        first.add(new double[] {0.5, 0}, new Step(new double[] {2, 3}, -1, false, false, new double[] {7, 8}));
        first.add(new double[] {0.25, 0}, new Step(new double[] {3, 4}, -2, true, false, new double[] {9, 10}));
        buffer.add(first);
        buffer.add(episode(1, 4));
        List<Trajectory> both = buffer.episodes(TASK);
        assertEquals(List.of(2, 4), both.stream().map(Trajectory::length).toList());
        assertArrayEquals(new double[] {1, 2}, both.get(0).observation(0));
        assertArrayEquals(new double[] {0.25, 0}, both.get(0).action(1));
        assertArrayEquals(new double[] {9, 10}, both.get(0).step(1).outcome());
        assertTrue(both.get(0).step(1).terminated() && !both.get(0).step(1).truncated() && !both.get(0).step(0).last());
        assertTrue(both.get(1).step(3).truncated() && !both.get(1).step(2).last());
        assertEquals(-5, both.get(0).relabel(PointRobot.dense().task(7, 3)).step(0).reward(), 1e-12);
        // the first step of the first episode is overwritten: what is left of it is no episode
        buffer.add(episode(2, 7));
        assertEquals(List.of(4, 7), buffer.episodes(TASK).stream().map(Trajectory::length).toList());
        assertEquals(List.of(), new ReplayBuffer(2, 2, 2, 12).episodes(TASK));
    }

    @Test
    void outcomesAreInTheBatch() {
        var buffer = new MetaReplay(1, 1, 1, 3, 4);
        var trajectory = new Trajectory(TASK, new double[1]);
        trajectory.add(new double[1], new Step(new double[1], 0, false, true, new double[] {4, 5, 6}));
        buffer.of(0).add(trajectory);
        assertArrayEquals(new float[] {4, 5, 6, 4, 5, 6}, buffer.sample(2, RandomStream.of(1, "x")).outcomes());
    }

    @Test
    void relabellingScoresForTheOtherTask() {
        Trajectory relabelled = episode(0, 3).relabel(PointRobot.dense().task(3, 4));
        assertEquals(-15, relabelled.totalReward(), 1e-12);
        assertEquals(-5, episode(0, 3).transition(0).relabel(PointRobot.dense().task(3, 4)).reward(), 1e-12);
    }

    @Test
    void anEmptyReplaySaysSo() {
        var error = assertThrows(IllegalStateException.class, () -> new MetaReplay(2, 2, 2, 2, 12).sample(3, RandomStream.of(1, "x")));
        assertEquals("the replay is empty: collect episodes before sampling", error.getMessage());
    }
}
