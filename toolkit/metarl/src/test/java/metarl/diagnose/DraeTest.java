package metarl.diagnose;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DraeTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final TabularPair PAIR = TabularPair.threeStates();

    /** The known answers' critic, wrong by ±0.1. */
    static double[][][] wrongCritic() {
        double[][] errors = {{1, -1}, {-1, 1}, {1, -1}};
        double[][][] q = PAIR.actionValues();
        for (double[][] atStep : q) for (int s = 0; s < 3; s++) for (int a = 0; a < 2; a++) atStep[s][a] += 0.1 * errors[s][a];
        return q;
    }

    static PairWeight weight(String name) {
        double[][] exact = PAIR.stateValues(PAIR.actionValues());
        return switch (name) {
            case "direct" -> PairWeight.direct(PAIR);
            case "printed" -> PairWeight.printed(PAIR);
            case "ones" -> PairWeight.ones();
            case "optimal" -> PairWeight.optimal(exact);
            case "tight" -> PairWeight.tight(exact);
            default -> PairWeight.tight(PAIR.stateValues(wrongCritic()));
        };
    }

    /** Ṽ(s_0) of every trajectory. */
    static Moments enumerated(TabularPair pair, double[][][] critic, PairWeight weight) {
        Trajectories all = pair.trajectories();
        TabularLog log = all.log();
        double[][] v = log.stateValues(pair.stateValues(critic)), q = log.actionValues(critic);
        DynamicsWeight[] weights = log.weights(weight);
        double[] values = new double[log.size()];
        for (int i = 0; i < values.length; i++) values[i] = Drae.values(v[i], q[i], log.rewards()[i], log.policyRatios()[i], weights[i], pair.discount())[0];
        return all.moments(values);
    }

    @ParameterizedTest
    @CsvSource({
        "direct,    1.103574433,  0,           2.468052858, 2.468052858",
        "printed,   0.735229903, -0.368344530, 0.770779728, 0.906457421",
        "ones,      0.843306804, -0.260267629, 0.992152064, 1.059891303",
        "optimal,   0.505578855, -0.597995578, 0.130606037, 0.488204748",
        "tight,     1.011157710, -0.092416723, 0.175546856, 0.184087707",
        "bootstrap, 1.026637710, -0.076936723, 0.206958785, 0.212878044"})
    void knownAnswersByEnumerationAndByRecursion(String name, double mean, double bias, double variance, double mse) {
        assertEquals(1.10357443296, PAIR.value(), 1e-11);
        assertEquals(1.04357443296, PAIR.stateValues(wrongCritic())[0][0], 1e-11);
        for (Moments m : new Moments[] {enumerated(PAIR, wrongCritic(), weight(name)), PAIR.moments(wrongCritic(), weight(name))}) {
            assertEquals(mean, m.mean(), 1e-9);
            assertEquals(bias, m.bias(), 1e-9);
            assertEquals(variance, m.variance(), 1e-9);
            assertEquals(mse, m.mse(), 1e-9);
        }
    }
}
