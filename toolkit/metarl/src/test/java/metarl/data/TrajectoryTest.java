package metarl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Maze;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

/** What an episode keeps: pictures as bytes, once each, and nothing of them lost. */
class TrajectoryTest {
    private static final Task MAZE = TaskSet.of(Maze.small().firstPerson()).train(1).test(1).sample(5).train().get(0);

    /** The episode of a walk, and what was seen in it. */
    private static Trajectory walk(List<double[]> seen) {
        try (Environment environment = MAZE.environment()) {
            var random = RandomStream.of(2, "walk");
            seen.add(environment.reset(random));
            var trajectory = new Trajectory(MAZE, seen.get(0).clone());
            for (int t = 0; t < 60; t++) {
                double[] action = {random.nextInt(4)};
                Step step = environment.step(action);
                trajectory.add(action, step);
                seen.add(step.observation());
                if (step.last()) break;
            }
            return trajectory;
        }
    }

    @Test
    void picturesAreGivenBackAsTheyWereSeen() {
        var seen = new ArrayList<double[]>();
        Trajectory walk = walk(seen);
        for (int t = 0; t <= walk.length(); t++) assertArrayEquals(seen.get(t), walk.observation(t));
        for (int t = 0; t < walk.length(); t++) {
            assertArrayEquals(seen.get(t + 1), walk.step(t).observation());
            assertArrayEquals(seen.get(t + 1), walk.transition(t).nextObservation());
        }
        Trajectory other = walk.relabel(MAZE);
        assertArrayEquals(seen.get(3), other.observation(3));
        assertEquals(walk.totalReward(), other.totalReward(), 1e-12);
    }

    @Test
    void equalPicturesHaveOneNumberAndSurviveStorage() throws IOException {
        var seen = new ArrayList<double[]>();
        walk(seen);
        var pictures = new Pictures();
        int[] numbers = seen.stream().mapToInt(pictures::number).toArray();
        assertTrue(pictures.size() < seen.size() / 2, pictures.size() + " of " + seen.size());
        for (int t = 0; t < numbers.length; t++) assertArrayEquals(seen.get(t), pictures.picture(numbers[t]));
        var bytes = new ByteArrayOutputStream();
        pictures.save(new DataOutputStream(bytes));
        assertEquals(pictures, Pictures.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
        byte[] damaged = bytes.toByteArray();
        damaged[0] = -1;
        assertThrows(IOException.class, () -> Pictures.load(new DataInputStream(new ByteArrayInputStream(damaged))));
        assertEquals(2 * 3600, pictures.bytes(new int[] {1, 0}).remaining());
    }

    /** What is no picture is kept as it is: short vectors, and long ones with an entry between two levels. */
    @Test
    void vectorsAreKeptAsTheyAre() {
        double[] longVector = new double[500];
        longVector[7] = 0.25;
        var trajectory = new Trajectory(PointRobot.dense().task(0, 0), longVector);
        assertSame(longVector, trajectory.observation(0));
        assertSame(longVector, new Trajectory(PointRobot.dense().task(0, 0), longVector).observation(0));
        double[] many = new double[300];
        many[3] = -1;
        assertSame(many, new Trajectory(PointRobot.dense().task(0, 0), many).observation(0));
    }
}
