package metarl.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Restorable;
import metarl.env.Step;
import metarl.task.families.Point;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;

/** Masses with rotated and scaled controls, against their closed form. */
class RotatedPointTest {
    private static final TaskFamily FAMILY = Point.rotated();

    /** With one action all along: v_t = 0.1 g R(θ) a t, p_t = p_0 + 0.01 g R(θ) a t (t + 1) / 2. */
    @Test
    void aConstantPushMovesAlongAParabola() {
        double angle = 2.5, gain = 1.4, x = 0.3, y = -0.7;
        try (Restorable environment = Restorable.of(FAMILY.task(angle, gain).environment())) {
            environment.restore(new double[] {0, x, y, 0, 0});
            double pushX = gain * (0.6 * Math.cos(angle) + 0.8 * Math.sin(angle)),
                pushY = gain * (0.6 * Math.sin(angle) - 0.8 * Math.cos(angle));
            for (int t = 1; t <= 100; t++) {
                Step step = environment.step(new double[] {0.6, -0.8});
                double way = 0.01 * t * (t + 1) / 2, px = x + way * pushX, py = y + way * pushY;
                assertArrayEquals(new double[] {px, py, 0.1 * t * pushX, 0.1 * t * pushY}, step.observation(), 1e-9);
                assertEquals(-Math.hypot(px, py), step.reward(), 1e-9);
                assertFalse(step.terminated());
                assertEquals(t == 100, step.truncated());
            }
        }
    }

    /** The equivalent action leads to the same state for the same reward, from anywhere. */
    @Test
    void anActionHasAnEquivalentOneInEveryTask() {
        var random = RandomStream.of(1, "pairs");
        for (int i = 0; i < 50; i++) {
            List<Task> pair = FAMILY.sample(2, random);
            double[] action = random.doubles(2, -0.2, 0.2).toArray(), state = random.doubles(5, -1, 1).toArray();
            state[0] = 0;
            try (Restorable source = Restorable.of(pair.get(0).environment());
                Restorable target = Restorable.of(pair.get(1).environment())) {
                source.restore(state);
                target.restore(state);
                Step there = source.step(action), here = target.step(Point.equivalent(pair.get(0), pair.get(1), action));
                assertArrayEquals(there.observation(), here.observation(), 1e-12);
                assertEquals(there.reward(), here.reward(), 1e-12);
            }
        }
    }

    @Test
    void onlyTasksOfTheFamilyHaveEquivalentActions() {
        Task task = FAMILY.task(0, 1), other = Point.navigation().task(0, 0);
        String message = assertThrows(IllegalArgumentException.class, () -> Point.equivalent(task, other, new double[2])).getMessage();
        assertTrue(message.contains("point-navigation") && message.contains("point-rotated"), message);
        assertThrows(IllegalArgumentException.class, () -> Point.equivalent(task, task, new double[3]));
    }

    @Test
    void tasksDifferInTheDynamicsAlone() {
        assertEquals(List.of(), FAMILY.parameters().stream().filter(p -> p.changes() != Parameter.Changes.DYNAMICS).toList());
        Trajectory episode = Rollout.of(Policy.random(2), List.of(FAMILY.task(1, 1)), RandomStream.of(1, "episode")).get(0);
        assertEquals(episode.totalReward(), episode.relabel(FAMILY.task(-2, 0.5)).totalReward());
        Step step = episode.step(7);
        assertArrayEquals(step.outcome(), FAMILY.outcome(episode.observation(7), episode.action(7), episode.observation(8)), 0);
        assertEquals(8, step.outcome().length);
    }
}
