package metarl.agent.gradient;

import java.util.List;
import metarl.data.Trajectory;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * What an episode still has to bring, as a linear function of observation and time (Duan et al. 2016, "Benchmarking deep reinforcement
 * learning"): V(o, t) = wᵀ φ with φ = [o, o², τ, τ², τ³, 1], τ = t/100 and o cut to ±10.
 *
 * <p>w minimises Σ (V − R)² + ridge ‖w‖² over the steps of all episodes, where R is the discounted return from a step on.
 */
final class LinearBaseline {
    private static final double TIME_UNIT = 100, LARGEST_OBSERVATION = 10;

    private final double[] weights;

    private LinearBaseline(double[] weights) {
        this.weights = weights;
    }

    /**
     * Fits the baseline.
     *
     * @param episodes at least one step in all
     * @param discount γ of the returns
     * @param ridge weight of ‖w‖², positive: some features are the same in every step of some tasks
     */
    static LinearBaseline fit(List<Trajectory> episodes, double discount, double ridge) {
        if (!(ridge > 0)) throw new IllegalArgumentException("ridge is " + ridge + ", expected a positive number, usually 1e-5");
        if (episodes.stream().mapToInt(Trajectory::length).sum() == 0)
            throw new IllegalArgumentException("there is no step to fit the baseline to; expected at least one episode with one step");
        int n = size(episodes.get(0).observation(0).length);
        double[][] squares = new double[n][n];
        double[] products = new double[n];
        for (Trajectory episode : episodes) {
            double[] returns = returns(episode, discount);
            for (int t = 0; t < episode.length(); t++) {
                double[] f = features(episode.observation(t), t);
                for (int i = 0; i < n; i++) {
                    products[i] += f[i] * returns[t];
                    for (int j = 0; j <= i; j++) squares[i][j] += f[i] * f[j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            squares[i][i] += ridge;
            for (int j = 0; j < i; j++) squares[j][i] = squares[i][j];
        }
        RealMatrix matrix = new Array2DRowRealMatrix(squares, false);
        RealVector solution = new CholeskyDecomposition(matrix, 1e-9, 0).getSolver().solve(new ArrayRealVector(products, false));
        return new LinearBaseline(solution.toArray());
    }

    /** V of every step of an episode, then 0: after the horizon nothing comes, and the time is among the features. */
    double[] values(Trajectory episode) {
        double[] values = new double[episode.length() + 1];
        for (int t = 0; t < episode.length(); t++) {
            double[] f = features(episode.observation(t), t);
            for (int i = 0; i < f.length; i++) values[t] += weights[i] * f[i];
        }
        return values;
    }

    /** Σ_k γᵏ r_{t+k} for every step t. */
    static double[] returns(Trajectory episode, double discount) {
        double[] returns = new double[episode.length()];
        double next = 0;
        for (int t = returns.length - 1; t >= 0; t--) returns[t] = next = episode.step(t).reward() + discount * next;
        return returns;
    }

    private static int size(int observationSize) {
        return 2 * observationSize + 4;
    }

    private static double[] features(double[] observation, int t) {
        int n = observation.length;
        double[] features = new double[size(n)];
        double time = t / TIME_UNIT;
        for (int i = 0; i < n; i++) {
            double o = Math.max(-LARGEST_OBSERVATION, Math.min(LARGEST_OBSERVATION, observation[i]));
            features[i] = o;
            features[n + i] = o * o;
        }
        for (int power = 0; power < 3; power++) features[2 * n + power] = Math.pow(time, power + 1);
        features[2 * n + 3] = 1;
        return features;
    }
}
