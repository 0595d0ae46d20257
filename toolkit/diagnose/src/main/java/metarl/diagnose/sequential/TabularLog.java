package metarl.diagnose.sequential;

/**
 * Trajectories of a {@link TabularPair}: the behavior policy in the source task, rewards relabelled for the target task. n trajectories of
 * T steps.
 *
 * @param states s_t, [n][T + 1]
 * @param actions a_t, [n][T]
 * @param rewards r_j(s_t, a_t), [n][T]
 * @param policyRatios ρ_π(t) = π_e/π_b of the action taken, [n][T]
 * @param dynamicsRatios ρ_d(t) = p_j/p_i of the transition made, target over source, [n][T]
 */
public record TabularLog(int[][] states, int[][] actions, double[][] rewards, double[][] policyRatios, double[][] dynamicsRatios) {
    /** Number of trajectories. */
    public int size() {
        return actions.length;
    }

    /**
     * V(s_t) looked up along the trajectories, [n][T + 1].
     *
     * @param table V at every time and state, [T + 1][S]
     */
    public double[][] stateValues(double[][] table) {
        double[][] values = new double[size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new double[states[i].length];
            for (int t = 0; t < values[i].length; t++) values[i][t] = table[t][states[i][t]];
        }
        return values;
    }

    /**
     * Q(s_t, a_t) looked up along the trajectories, [n][T].
     *
     * @param table Q at every time, state and action, [T][S][A]
     */
    public double[][] actionValues(double[][][] table) {
        double[][] values = new double[size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new double[actions[i].length];
            for (int t = 0; t < values[i].length; t++) values[i][t] = table[t][states[i][t]][actions[i][t]];
        }
        return values;
    }

    /** The dynamics weight of each trajectory. */
    public DynamicsWeight[] weights(PairWeight weight) {
        var weights = new DynamicsWeight[size()];
        for (int i = 0; i < weights.length; i++) weights[i] = weight.along(0, states[i], actions[i]);
        return weights;
    }

    /**
     * ρ_π(t) ρ_d(t), [n][T]: what the forms without a weight of their own, such as {@link SequentialEstimators#pdis}, take to reach from
     * the source task to the target.
     */
    public double[][] ratios() {
        double[][] ratios = new double[size()][];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = policyRatios[i].clone();
            for (int t = 0; t < ratios[i].length; t++) ratios[i][t] *= dynamicsRatios[i][t];
        }
        return ratios;
    }

    /**
     * {@link SequentialEstimators#drae} of these trajectories.
     *
     * @param pair they come from
     * @param actionValues the critic Q_θ, [T][S][A]
     * @param weight what stands for the dynamics ratio
     */
    public SequentialEstimate drae(TabularPair pair, double[][][] actionValues, PairWeight weight) {
        return SequentialEstimators.drae(rewards, policyRatios, stateValues(pair.stateValues(actionValues)), actionValues(actionValues),
            weights(weight), pair.discount());
    }
}
