package metarl.agent.hindsight;

import java.util.Arrays;
import java.util.List;
import metarl.data.Transition;

/** How much more probable steps are in one train task than in the one that they were collected in. */
@FunctionalInterface
public interface DynamicsRatios {
    /**
     * p_j(s'|s, a) / p_i(s'|s, a) of each step: target over source.
     *
     * @param from i, the task in which the steps were collected
     * @param to j, the task that is to learn from them
     */
    double[] of(int from, int to, List<Transition> steps);

    /** 1 for every step: dynamics are taken to be shared. */
    static DynamicsRatios ones() {
        return (from, to, steps) -> {
            double[] ones = new double[steps.size()];
            Arrays.fill(ones, 1);
            return ones;
        };
    }
}
