package metarl.agent.value;

import java.util.List;
import metarl.agent.Learner;
import metarl.agent.Trial;

/** A learner from a replay: what it stores, and when it learns, is a matter of its schedule. */
interface ReplayLearner extends Learner {
    /** When to collect, and what is kept. */
    ReplaySchedule schedule();

    @Override
    default void store(List<Trial> trials) {
        schedule().store(trials);
    }

    @Override
    default boolean isDue() {
        return schedule().isDue();
    }
}
