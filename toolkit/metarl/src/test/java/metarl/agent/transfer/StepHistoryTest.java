package metarl.agent.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What an actor remembers is what the replay gives, at every moment of every episode. */
class StepHistoryTest {
    private static final int HISTORY = 4, WIDTH = 4;

    /** Two episodes of different lengths, one after the other, in each of two environments. */
    @Test
    void historiesAreThoseOfTheReplayStepByStep() {
        var episodes = new Trajectory[] {GainPoints.episodes(0, 1, 3)[0], GainPoints.episodes(4, 1, 3)[0], shortened(1, 7),
            shortened(2, 2)};
        var replay = new MetaReplay(4, 2, 2, 2, 4 * GainPoints.LENGTH);
        for (int i = 0; i < 4; i++) replay.of(i).add(episodes[i]);
        var history = new StepHistory(2, HISTORY, 2, 2);
        int[] now = {2, 3}, t = {0, 0};
        for (int moment = 0; moment < GainPoints.LENGTH; moment++) {
            history.before(new double[][] {episodes[now[0]].observation(t[0]), episodes[now[1]].observation(t[1])});
            for (int i = 0; i < 2; i++) assertArrayEquals(before(replay, now[i], t[i], episodes[now[i]].length()),
                Arrays.copyOfRange(history.values(), i * HISTORY * WIDTH, (i + 1) * HISTORY * WIDTH),
                "environment " + i + ", step " + t[i]);
            double[][] actions = new double[2][];
            Step[] steps = new Step[2];
            for (int i = 0; i < 2; i++) {
                actions[i] = episodes[now[i]].transition(t[i]).action();
                steps[i] = episodes[now[i]].step(t[i]++);
            }
            history.received(actions, steps);
            for (int i = 0; i < 2; i++) if (steps[i].last()) {
                now[i] = i;
                t[i] = 0;
            }
        }
    }

    private static float[] before(MetaReplay replay, int task, int t, int length) {
        Batch newest = replay.newest(length);
        int first = 0;
        for (int i = 0; i < task; i++) first += Math.min(length, replay.of(i).size());
        int row = first + length - 1 - t;
        return Arrays.copyOfRange(replay.histories(newest, HISTORY), row * (HISTORY + 1) * WIDTH, (row * (HISTORY + 1) + HISTORY) * WIDTH);
    }

    private static Trajectory shortened(int task, int length) {
        Trajectory whole = GainPoints.episodes(task, 1, 5)[0], brief = new Trajectory(whole.task(), whole.observation(0));
        for (int t = 0; t < length; t++) {
            Step step = whole.step(t);
            brief.add(whole.transition(t).action(), new Step(step.observation(), 0, t == length - 1, false, step.outcome()));
        }
        return brief;
    }

    /** An episode that has ended tells nothing more; the first step of a new one stands behind zeros. */
    @Test
    void anEndedEpisodeIsForgottenWhenTheNextBegins() {
        var history = new StepHistory(2, 2, 1, 1);
        history.before(new double[][] {{1}, {10}});
        history.received(new double[][] {{0.5}, {-0.5}}, new Step[] {step(3, true), step(12, false)});
        assertArrayEquals(new float[] {0, 0, 0.5f, 2, 0, 0, -0.5f, 2}, history.values());
        history.before(new double[][] {{7}, {12}});
        history.received(new double[][] {{9}, {1}}, new Step[] {null, step(11, false)});
        assertArrayEquals(new float[] {0, 0, 0, 0, -0.5f, 2, 1, -1}, history.values());
    }

    private static Step step(double observation, boolean last) {
        return new Step(new double[] {observation}, 0, last, false, new double[0]);
    }

    @Test
    void badInputIsRefusedInWords() {
        var history = new StepHistory(2, 2, 1, 1);
        for (Executable attempt : List.<Executable>of(() -> new StepHistory(0, 2, 1, 1), () -> new StepHistory(1, 0, 1, 1),
            () -> history.before(new double[1][1]), () -> history.received(new double[1][1], new Step[2]),
            () -> history.received(new double[2][1], new Step[1]), () -> history.before(new double[][] {{1}, {1, 2}}),
            () -> accuracy(new float[3]), () -> accuracy(new float[0]))) {
            String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
            assertTrue(message.contains("expected"), message);
        }
        assertTrue(assertThrows(IllegalStateException.class,
            () -> history.received(new double[2][1], new Step[] {step(1, false), null})).getMessage().contains("call before"));
    }

    private static double accuracy(float[] rows) {
        return NearestNeighbour.accuracy(List.of(rows), List.of(new float[] {1, 2}), 2);
    }

    @Test
    void theNearestKnownOneDecides() {
        var known = List.of(new float[] {0, 0, 1, 0}, new float[] {5, 5});
        assertEquals(0.75,
            NearestNeighbour.accuracy(known, List.of(new float[] {0.2f, 0, 2, 1}, new float[] {4, 4, 1, 1}), 2));
    }
}
