package metarl.agent.transfer;

import metarl.basics.Require;
import metarl.data.MetaReplay;

/** What a replay must have for something to be fitted on it. */
final class Needs {
    private Needs() {}

    /**
     * Refuses a replay of other tasks.
     *
     * @param whom it was made for, such as "translator"
     */
    static void require(MetaReplay data, int observationSize, int actionSize, String whom) {
        Require.that(data.observationSize() == observationSize && data.actionSize() == actionSize,
            "the size of observations and actions in the replay", data.observationSize() + " and " + data.actionSize(),
            observationSize + " and " + actionSize + ", as the " + whom + " was made for");
    }

    /** What to say of a task without transitions. */
    static IllegalStateException empty(int task) {
        return new IllegalStateException("the replay holds no transitions of task " + task + ": collect episodes of it before fitting");
    }
}
