package metarl.agent.hindsight;

import metarl.data.Transition;

/** How much more probable a step is in one train task than in the one that it was collected in. */
@FunctionalInterface
public interface DynamicsRatios {
    /**
     * p_j(s'|s, a) / p_i(s'|s, a): target over source.
     *
     * @param from i, the task in which the step was collected
     * @param to j, the task that is to learn from it
     */
    double ratio(int from, int to, Transition step);

    /** 1 for every step: dynamics are taken to be shared. */
    static DynamicsRatios ones() {
        return (from, to, step) -> 1;
    }
}
