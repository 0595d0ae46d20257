package metarl.env;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A machine that is reset and stepped: one body in one task.
 *
 * <p>An environment is not thread-safe. Closing it frees native memory, if it has any.
 */
public interface Environment extends AutoCloseable {
    /** The space of observations. */
    Space observations();

    /** The space of actions: a box [−1, 1] per entry, where values outside are moved to the bound, or a number of choices. */
    Space actions();

    /** The longest episode, in steps. */
    int horizon();

    /** What the entries of {@link Step#outcome()} mean, with units. */
    List<String> outcomeNames();

    /** Starts an episode and returns its first observation; all randomness of the episode comes from {@code random}. */
    double[] reset(RandomGenerator random);

    /**
     * Applies one action.
     *
     * @throws IllegalArgumentException if the action has the wrong length or is not a number
     * @throws IllegalStateException before {@link #reset} and after a last step
     */
    Step step(double[] action);

    /** A picture of the present state; an environment that has none says so. */
    default BufferedImage render(int width, int height) {
        return Trace.none(getClass().getSimpleName(), width, height);
    }

    /** Frees what the environment holds; closing twice is fine. */
    @Override
    void close();
}
