package metarl.env.wrapper;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Restorable;
import metarl.env.Space;
import metarl.env.Step;

/**
 * Begins every episode as one environment and, after so many steps, goes on as another one, from the state where the first one is: a motor
 * that fails under way.
 *
 * <p>Step t = 1, 2, … is taken, and paid, by the first one while t ≤ n, else by the second one.
 */
public final class ChangingEnvironment implements Restorable {
    private final Restorable before, after;
    private final int steps;
    private Restorable now;
    private int done;

    /**
     * Joins two environments, which must not be used directly any more.
     *
     * @param before how it begins
     * @param after how it goes on: a {@link Restorable} of the same spaces and state as {@code before}
     * @param steps n, done as {@code before}: at least 1 and fewer than either lasts
     * @throws IllegalArgumentException if they do not fit together
     */
    public ChangingEnvironment(Environment before, Environment after, int steps) {
        this.before = Restorable.of(CheckedEnvironment.of(before));
        this.after = Restorable.of(CheckedEnvironment.of(after));
        int shorter = Math.min(before.horizon(), after.horizon());
        Require.that(steps >= 1 && steps < shorter, "steps", steps, "1 to " + (shorter - 1) + ": fewer than an episode has");
        requireEqual("observations", before.observations(), after.observations());
        requireEqual("actions", before.actions(), after.actions());
        requireEqual("outcomes", before.outcomeNames(), after.outcomeNames());
        this.steps = steps;
        now = this.before;
    }

    private static void requireEqual(String what, Object first, Object second) {
        Require.that(first.equals(second), "the " + what + " of the second environment", second, "those of the first one, " + first);
    }

    @Override
    public double[] reset(RandomGenerator random) {
        now = before;
        done = 0;
        return before.reset(random);
    }

    @Override
    public Step step(double[] action) {
        if (done == steps && now == before) {
            after.restore(before.state());
            now = after;
        }
        Step step = now.step(action);
        done++;
        return step;
    }

    @Override
    public double[] state() {
        return now.state();
    }

    @Override
    public void restore(double[] state) {
        now = state.length > 0 && state[0] >= steps ? after : before;
        now.restore(state);
        done = (int) state[0];
    }

    @Override
    public double[] stateOf(double[] observation, int done) {
        return (done < steps ? before : after).stateOf(observation, done);
    }

    @Override
    public Space observations() {
        return after.observations();
    }

    @Override
    public Space actions() {
        return after.actions();
    }

    @Override
    public int horizon() {
        return after.horizon();
    }

    @Override
    public List<String> outcomeNames() {
        return after.outcomeNames();
    }

    @Override
    public BufferedImage render(int width, int height) {
        return now.render(width, height);
    }

    @Override
    public void close() {
        before.close();
        after.close();
    }
}
