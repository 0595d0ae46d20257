package metarl.task.families;

import metarl.task.Task;
import metarl.task.TaskFamily;

/** A family whose episodes are the better the shorter they are. */
interface MeasuredInSteps extends TaskFamily {
    @Override
    default String measureName() {
        return "steps";
    }

    @Override
    default double measure(Task task, double[][] outcomes, double[][] actions) {
        return outcomes.length;
    }
}
