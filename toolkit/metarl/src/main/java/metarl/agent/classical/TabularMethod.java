package metarl.agent.classical;

import metarl.agent.Algorithm;

/** A method that knows its train tasks by number, takes choices as actions, and does not adapt to others. */
interface TabularMethod extends Algorithm {
    @Override
    default boolean choosesDiscretely() {
        return true;
    }

    @Override
    default boolean adapts() {
        return false;
    }
}
