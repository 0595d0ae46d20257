package metarl.diagnose.sequential;

import java.util.Arrays;

/**
 * The {@link DynamicsWeight} to use on any stretch of a trajectory of a {@link TabularPair}, where ratios and values of all transitions are
 * known.
 */
@FunctionalInterface
public interface PairWeight {
    /**
     * The weight along a stretch.
     *
     * @param from time step of its first state
     * @param states s_from, …, one more than actions
     * @param actions a_from, …
     */
    DynamicsWeight along(int from, int[] states, int[] actions);

    /** ρ_d = p_j / p_i, the true ratio: direct doubly robust estimation. */
    static PairWeight direct(TabularPair pair) {
        return (from, states, actions) -> DynamicsWeight.known(ratios(pair.targetDynamics(), pair.sourceDynamics(), states, actions));
    }

    /** p_i / p_j as the slides print it: the wrong way round, here to be shown wrong. A transition the target never makes is refused. */
    static PairWeight printed(TabularPair pair) {
        return (from, states, actions) -> DynamicsWeight.known(ratios(pair.sourceDynamics(), pair.targetDynamics(), states, actions));
    }

    /** 1: the shift of dynamics is ignored. */
    static PairWeight ones() {
        return (from, states, actions) -> DynamicsWeight.ones();
    }

    /** The same number at every step. */
    static PairWeight constant(double ratio) {
        return (from, states, actions) -> {
            double[] ratios = new double[actions.length];
            Arrays.fill(ratios, ratio);
            return DynamicsWeight.known(ratios);
        };
    }

    /**
     * The slides' optimum.
     *
     * @param stateValues V_j at every time and state, [T + 1][S]
     */
    static PairWeight optimal(double[][] stateValues) {
        return (from, states, actions) -> DynamicsWeight.optimal(nextValues(stateValues, from, states));
    }

    /** The slides' optimum with the target's exact values. */
    static PairWeight optimal(TabularPair pair) {
        return optimal(pair.stateValues(pair.actionValues()));
    }

    /** The optimum of the bound without its split, with the target's exact values. */
    static PairWeight tight(TabularPair pair) {
        return tight(pair.stateValues(pair.actionValues()));
    }

    /**
     * The optimum of the bound without its split.
     *
     * @param stateValues V_j at every time and state, [T + 1][S]
     */
    static PairWeight tight(double[][] stateValues) {
        return (from, states, actions) -> DynamicsWeight.tight(nextValues(stateValues, from, states));
    }

    /**
     * The true ratio clipped into the interval of ρ̂* that two critics imply.
     *
     * @param low smaller critic's V at every time and state, [T + 1][S]
     * @param high larger critic's V, [T + 1][S]
     */
    static PairWeight interval(TabularPair pair, double[][] low, double[][] high) {
        return (from, states, actions) -> DynamicsWeight.interval(nextValues(low, from, states), nextValues(high, from, states),
            ratios(pair.targetDynamics(), pair.sourceDynamics(), states, actions));
    }

    /** As {@link #interval}, around the tight optimum. */
    static PairWeight tightInterval(TabularPair pair, double[][] low, double[][] high) {
        return (from, states, actions) -> DynamicsWeight.tightInterval(nextValues(low, from, states), nextValues(high, from, states),
            ratios(pair.targetDynamics(), pair.sourceDynamics(), states, actions));
    }

    private static double[] ratios(double[][][] above, double[][][] below, int[] states, int[] actions) {
        double[] ratios = new double[actions.length];
        for (int t = 0; t < ratios.length; t++)
            ratios[t] = above[states[t]][actions[t]][states[t + 1]] / below[states[t]][actions[t]][states[t + 1]];
        return ratios;
    }

    private static double[] nextValues(double[][] stateValues, int from, int[] states) {
        double[] values = new double[states.length - 1];
        for (int t = 0; t < values.length; t++) values[t] = stateValues[from + t + 1][states[t + 1]];
        return values;
    }
}
