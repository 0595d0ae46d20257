package metarl.agent.transfer;

import java.util.Arrays;
import metarl.basics.Require;
import metarl.env.Step;

/**
 * The last K steps of several environments while somebody lives in them: what a {@link ContextEncoder} reads. Zeros before the start of the
 * present episode; after a last step the next observation begins a new one.
 *
 * <pre>{@code
 * history.before(observations);
 * … history.values() …                      // encode, act
 * history.received(actions, steps);
 * }</pre>
 */
public final class StepHistory {
    private final int history;
    private final int observationSize;
    private final int actionSize;
    private final double[][] seen;
    private final boolean[] fresh;
    private final float[] values;

    /**
     * No steps yet.
     *
     * @param environments how many
     * @param history K
     */
    public StepHistory(int environments, int history, int observationSize, int actionSize) {
        Require.count(environments, 1, "environments", "at least 1");
        Require.count(history, 1, "history", "at least 1, usually 10 steps");
        Require.count(observationSize, 1, "observationSize", "at least 1");
        Require.count(actionSize, 1, "actionSize", "at least 1");
        this.history = history;
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        seen = new double[environments][];
        fresh = new boolean[environments];
        values = new float[Require.tensor("the histories of " + environments + " environments", "history", environments, history,
            actionSize + observationSize)];
    }

    /** Tells what is seen now, before the actions; that of an ended episode is ignored. */
    public void before(double[][] observations) {
        Require.that(observations.length == seen.length, "the number of observations", observations.length,
            seen.length + ", one per environment");
        for (int i = 0; i < seen.length; i++) {
            if (fresh[i]) Arrays.fill(values, i * row(), (i + 1) * row(), 0);
            fresh[i] = false;
            seen[i] = observations[i].clone();
        }
    }

    /**
     * Tells what the actions led to.
     *
     * @param actions those that the environments were given
     * @param steps what followed; null where the episode had ended before
     */
    public void received(double[][] actions, Step[] steps) {
        Require.that(actions.length == seen.length && steps.length == seen.length, "the number of actions and steps",
            actions.length + " and " + steps.length, seen.length + " of each, one per environment");
        for (int i = 0; i < seen.length; i++) {
            if (steps[i] == null) continue;
            if (seen[i] == null)
                throw new IllegalStateException("steps were received before any observation: call before(observations) ahead of each step");
            int from = i * row(), width = actionSize + observationSize, last = (i + 1) * row() - width;
            System.arraycopy(values, from + width, values, from, row() - width);
            for (int j = 0; j < actionSize; j++) values[last + j] = (float) actions[i][j];
            // in single precision as the replay keeps observations, so that both say the same to the last bit
            for (int j = 0; j < observationSize; j++)
                values[last + actionSize + j] = (float) steps[i].observation()[j] - (float) seen[i][j];
            fresh[i] = steps[i].last();
        }
    }

    private int row() {
        return history * (actionSize + observationSize);
    }

    /** Environments × K × (action + observation), flat: each step (a, s' − s), the newest last. A copy. */
    public float[] values() {
        return values.clone();
    }
}
