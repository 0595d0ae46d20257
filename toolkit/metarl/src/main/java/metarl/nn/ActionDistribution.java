package metarl.nn;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;

/**
 * How a network's outputs become a distribution π over actions. It has no parameters: all of them are the outputs, one row per
 * distribution.
 *
 * <p>Two forms of everything: acting works on one row of plain numbers, learning on arrays of rows, which may be recorded and
 * differentiated. In the second form actions are encoded as {@link #encode} does it, because a network does not see the number of a choice
 * but its one-hot code.
 *
 * <p>Any class may implement this.
 */
public interface ActionDistribution {
    /** {@link Categorical} over this many choices, or {@link Gaussian} over actions of this many real numbers. */
    static ActionDistribution of(int actionSize, boolean discrete) {
        return discrete ? new Categorical(actionSize) : new Gaussian(actionSize);
    }

    /** Outputs that a network must have per row. */
    int outputs();

    /** Entries of an encoded action: of a choice, the number of choices; of real numbers, their number. */
    int encodedSize();

    /**
     * Encodes an action as a network sees it.
     *
     * @param action of a choice its number, of real numbers these
     * @param to where it is written; zero so far
     * @param at the first of the {@link #encodedSize()} places
     */
    void encode(double[] action, float[] to, int at);

    /**
     * An action, and how likely it was.
     *
     * @param action of a choice its number, of real numbers these
     * @param logProbability log π(action), a probability of choices, a density of real numbers
     */
    record Draw(double[] action, double logProbability) {}

    /** Draws an action from the row of outputs that begins at {@code from}. */
    Draw draw(float[] outputs, int from, RandomGenerator random);

    /** The action of such a draw alone. */
    default double[] sample(float[] outputs, int from, RandomGenerator random) {
        return draw(outputs, from, random).action();
    }

    /** The action of that row without noise: the most likely one. */
    double[] mode(float[] outputs, int from);

    /** log π(a) under the row of outputs that begins at {@code from}: a probability of choices, a density of real numbers. */
    double logProbability(float[] outputs, int from, double[] action);

    /**
     * The same of each row.
     *
     * @param outputs rows × {@link #outputs()}
     * @param actions encoded, rows × {@link #encodedSize()}
     * @return rows × 1
     */
    NDArray logProbability(NDArray outputs, NDArray actions);

    /**
     * KL(old ‖ new) = E_old[log π_old(a) − log π_new(a)] of each row, in nats.
     *
     * @param old outputs of π_old, rows × {@link #outputs()}
     * @param outputs outputs of π_new, of the same shape
     * @return rows × 1
     */
    NDArray divergence(NDArray old, NDArray outputs);

    /**
     * The entropy −E[log π(a)] of each row, in nats; of real numbers it can be negative.
     *
     * @param outputs rows × {@link #outputs()}
     * @return rows × 1
     */
    NDArray entropy(NDArray outputs);
}
