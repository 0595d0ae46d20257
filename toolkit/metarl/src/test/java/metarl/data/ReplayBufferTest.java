package metarl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
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
        Batch all = replay.newest(Integer.MAX_VALUE, 3);
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
        var replay = new MetaReplay(2, 2, 2, 2, 12);
        replay.of(0).add(episode(0, 5));
        replay.of(1).add(episode(1, 8));
        var bytes = new ByteArrayOutputStream();
        replay.save(new DataOutputStream(bytes));
        var loaded = new MetaReplay(2, 2, 2, 2, 12);
        loaded.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        Batch a = replay.sample(20, 3, RandomStream.of(1, "x")), b = loaded.sample(20, 3, RandomStream.of(1, "x"));
        assertArrayEquals(a.windows(), b.windows());
        assertArrayEquals(a.observations(), b.observations());
        assertArrayEquals(a.tasks(), b.tasks());
        var other = new MetaReplay(3, 2, 2, 2, 12);
        assertThrows(java.io.IOException.class, () -> other.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
    }

    @Test
    void relabellingScoresForTheOtherTask() {
        Trajectory relabelled = episode(0, 3).relabel(PointRobot.dense().task(3, 4));
        assertEquals(-15, relabelled.totalReward(), 1e-12);
        assertEquals(-5, episode(0, 3).transition(0).relabel(PointRobot.dense().task(3, 4)).reward(), 1e-12);
    }

    @Test
    void anEmptyReplaySaysSo() {
        var error = assertThrows(IllegalStateException.class, () -> new MetaReplay(2, 2, 2, 2, 12).sample(3, 0, RandomStream.of(1, "x")));
        assertEquals("the replay is empty: collect episodes before sampling", error.getMessage());
    }
}
