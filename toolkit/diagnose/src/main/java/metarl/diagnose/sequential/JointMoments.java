package metarl.diagnose.sequential;

/**
 * Exact first and second moments of two estimators X and Y of the form Ṽ on the same trajectory of a {@link TabularPair}, given its start
 * state.
 *
 * <p>At (t, s, a, s′) an estimator is c + d Ṽ′ with c = V_θ + ρ_π (r_j + α − Q_θ), d = ρ_π β, where the weight's product is α + β Ṽ′.
 * Hence, backward in t, E[X | s] = E[c + d E[X′ | s′]] and E[XY | s] = E[c_X c_Y + c_X d_Y E[Y′] + c_Y d_X E[X′] + d_X d_Y E[X′Y′]], over
 * π_b and p_i. Cost T·S²·A.
 *
 * @param meanX E[X]
 * @param meanY E[Y]
 * @param squareX E[X²]
 * @param squareY E[Y²]
 * @param product E[XY]
 */
record JointMoments(double meanX, double meanY, double squareX, double squareY, double product) {
    /**
     * By the recursion.
     *
     * @param actionValues the critic Q_θ of both, [T][S][A]
     * @throws IllegalArgumentException if a weight is not linear in Ṽ(s_{t+1})
     */
    static JointMoments of(TabularPair pair, double[][][] actionValues, PairWeight x, PairWeight y) {
        double[][] stateValues = pair.stateValues(actionValues);
        int states = pair.rewards().length;
        double[][] next = new double[states][5], now = next;
        for (int t = pair.horizon() - 1; t >= 0; t--) {
            now = new double[states][];
            for (int s = 0; s < states; s++) now[s] = step(pair, t, s, stateValues[t][s], actionValues[t][s], x, y, next);
            next = now;
        }
        double[] m = now[pair.start()];
        return new JointMoments(m[0], m[1], m[2], m[3], m[4]);
    }

    private static double[] step(TabularPair pair, int t, int s, double value, double[] q, PairWeight x, PairWeight y, double[][] next) {
        double[] sum = new double[5];
        for (int a = 0; a < q.length; a++) {
            double chosen = pair.behaviorPolicy()[s][a];
            if (chosen == 0) continue;
            double ratio = pair.evaluationPolicy()[s][a] / chosen;
            for (int to = 0; to < next.length; to++) {
                double p = chosen * pair.sourceDynamics()[s][a][to];
                if (p == 0) continue;
                double[] fx = line(pair, t, s, a, to, value, q[a], ratio, x), fy = line(pair, t, s, a, to, value, q[a], ratio, y),
                    m = next[to];
                sum[0] += p * (fx[0] + fx[1] * m[0]);
                sum[1] += p * (fy[0] + fy[1] * m[1]);
                sum[2] += p * (fx[0] * fx[0] + 2 * fx[0] * fx[1] * m[0] + fx[1] * fx[1] * m[2]);
                sum[3] += p * (fy[0] * fy[0] + 2 * fy[0] * fy[1] * m[1] + fy[1] * fy[1] * m[3]);
                sum[4] += p * (fx[0] * fy[0] + fx[0] * fy[1] * m[1] + fy[0] * fx[1] * m[0] + fx[1] * fy[1] * m[4]);
            }
        }
        return sum;
    }

    /** c and d. */
    private static double[] line(TabularPair pair, int t, int s, int a, int to, double value, double q, double ratio, PairWeight weight) {
        DynamicsWeight here = weight.along(t, new int[] {s, to}, new int[] {a});
        if (here instanceof IntervalWeight)
            throw new IllegalArgumentException(
                "an interval is not linear in the next value, so its moments have no recursion; average over trajectories() instead");
        double reward = pair.rewards()[s][a];
        double alpha = here.product(0, 0, reward, pair.discount()), beta = here.product(0, 1, reward, pair.discount()) - alpha;
        return new double[] {value + ratio * (reward + alpha - q), ratio * beta};
    }

    Moments first(double truth) {
        return new Moments(meanX, Math.max(0, squareX - meanX * meanX), truth);
    }
}
