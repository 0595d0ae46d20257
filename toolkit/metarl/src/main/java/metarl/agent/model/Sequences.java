package metarl.agent.model;

import java.util.Arrays;
import metarl.basics.Require;

/**
 * Sequences of actions to be tried: environments × candidates × horizon × action, flat, entries in [−1, 1].
 *
 * <p>Read as a matrix, it has a row for every candidate of every environment, those of the first environment first, and in it the actions
 * one after the other.
 *
 * @param environments in how many environments
 * @param candidates sequences for each of them
 * @param horizon actions of a sequence
 * @param actionSize entries of an action
 * @param values all entries; not copied
 */
public record Sequences(int environments, int candidates, int horizon, int actionSize, float[] values) {
    /** Checks that there are as many values as the sizes say. */
    public Sequences {
        int expected = length(environments, candidates, horizon, actionSize);
        Require.that(values.length == expected, "values", values.length + " numbers",
            expected + " = " + environments + " environments × " + candidates + " candidates × " + horizon + " steps × " + actionSize
                + " entries");
    }

    /** Refuses sizes that no array holds. */
    static int length(int environments, int candidates, int horizon, int actionSize) {
        Require.count(environments, 1, "environments", "at least 1");
        Require.count(candidates, 1, "candidates", "at least 1 per environment");
        Require.count(horizon, 1, "horizon", "at least 1 step");
        Require.count(actionSize, 1, "actionSize", "at least 1 entry");
        return Require.tensor("the sequences of actions", "candidates or horizon", environments, candidates, horizon, actionSize);
    }

    /** Where an action begins in {@link #values}. */
    public int at(int environment, int candidate, int step) {
        return ((environment * candidates + candidate) * horizon + step) * actionSize;
    }

    /** One action, copied. */
    public double[] action(int environment, int candidate, int step) {
        double[] action = new double[actionSize];
        int first = at(environment, candidate, step);
        for (int j = 0; j < actionSize; j++) action[j] = values[first + j];
        return action;
    }

    /** One sequence alone, copied. */
    public Sequences one(int environment, int candidate) {
        int first = at(environment, candidate, 0);
        return new Sequences(1, 1, horizon, actionSize, Arrays.copyOfRange(values, first, first + horizon * actionSize));
    }
}
