package metarl.agent.gradient;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the three inner objectives estimate, against the exact meta-gradient, without sampling. */
class EnumeratedProcessTest {
    private static final double[] THETA = {0.3, -0.2, 0.1, -0.1};
    private static final double RATE = 1;

    private static double[] random(int seed, double scale) {
        RandomStream random = RandomStream.of(seed, "theta");
        return IntStream.range(0, 4).mapToDouble(j -> scale * random.nextGaussian()).toArray();
    }

    private static double norm(double[] a, double[] b) {
        return Math.sqrt(IntStream.range(0, a.length).mapToDouble(j -> (a[j] - b[j]) * (a[j] - b[j])).sum());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void exactDerivativesEqualFiniteDifferences(int horizon) {
        var process = EnumeratedProcess.steps(horizon);
        for (int seed = 0; seed < 5; seed++) {
            double[] theta = random(seed, 1);
            assertEquals(1, Arrays.stream(process.probabilities(theta)).sum(), 1e-12);
            assertEquals(process.values(theta)[0][0], process.value(theta), 1e-12);
            assertArrayEquals(MamlTest.difference(process::value, theta, 1e-5), process.gradient(theta), 1e-9);
            double[][] hessian = process.hessian(theta);
            for (int j = 0; j < 4; j++) {
                int entry = j;
                assertArrayEquals(MamlTest.difference(x -> process.gradient(x)[entry], theta, 1e-5), hessian[j], 1e-9);
            }
            assertArrayEquals(MamlTest.difference(x -> process.value(process.adapted(x, RATE)), theta, 1e-5),
                process.metaGradient(theta, RATE), 1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void everyObjectiveHasThePolicyGradientAndDiceTheExactSecondDerivative(int horizon) {
        var process = EnumeratedProcess.steps(horizon);
        for (boolean baseline : new boolean[] {false, true})
            for (InnerObjective objective : InnerObjective.values()) {
                EnumeratedEstimator estimator = process.estimator(objective, THETA, baseline);
                assertArrayEquals(process.gradient(THETA), estimator.meanGradient(), 1e-14);
                if (objective != InnerObjective.DICE) continue;
                double[][] exact = process.hessian(THETA), mean = estimator.meanHessian();
                for (int j = 0; j < 4; j++) assertArrayEquals(exact[j], mean[j], 1e-14);
                assertEquals(0, estimator.bias(RATE), 1e-14);
            }
    }

    /**
     * Entries between the states: how the action in state 0 changes what is earned in state 1. ProMP's form has none, and what it has
     * within a state is Σ P(s) π(a) Q ∇²π/π; a baseline changes nothing of it.
     */
    @Test
    void theLikelihoodRatioLeavesOutWhatAnActionChangesForLaterOnes() {
        var process = EnumeratedProcess.twoSteps();
        double[][] exact = process.hessian(THETA), with = process.estimator(InnerObjective.LIKELIHOOD_RATIO, THETA, true).meanHessian(),
            without = process.estimator(InnerObjective.LIKELIHOOD_RATIO, THETA, false).meanHessian();
        for (int j = 0; j < 4; j++) assertArrayEquals(with[j], without[j], 1e-14);
        assertArrayEquals(new double[] {0, 0}, Arrays.copyOfRange(with[0], 2, 4), 1e-14);
        assertEquals(0.0465338507, exact[0][2], 1e-9);
        // state 1 is visited once, in the last step: there nothing is left out
        assertArrayEquals(Arrays.copyOfRange(exact[2], 2, 4), Arrays.copyOfRange(with[2], 2, 4), 1e-14);
        assertEquals(0.0137, process.estimator(InnerObjective.LIKELIHOOD_RATIO, THETA, true).bias(RATE), 5e-5);
    }

    /** In one step no action comes later, and the likelihood ratio is exact. */
    @Test
    void withoutLaterActionsTheLikelihoodRatioIsExact() {
        var process = EnumeratedProcess.steps(1);
        assertEquals(0, process.estimator(InnerObjective.LIKELIHOOD_RATIO, THETA, false).bias(RATE), 1e-14);
        assertTrue(process.estimator(InnerObjective.LOG_PROBABILITY, THETA, false).bias(RATE) > 1e-3);
    }

    /** ∇² log π of a table of choices is the same for every action, and exact advantages have mean 0: first order is all that is left. */
    @Test
    void mamlsOriginalHasNoSecondDerivativeInTheMean() {
        var process = EnumeratedProcess.steps(3);
        for (double[] row : process.estimator(InnerObjective.LOG_PROBABILITY, THETA, true).meanHessian())
            assertArrayEquals(new double[4], row, 1e-15);
        double[] first = process.gradient(process.adapted(THETA, RATE));
        assertArrayEquals(first, process.estimator(InnerObjective.LOG_PROBABILITY, THETA, true).metaGradient(RATE), 1e-14);
        // without a baseline it is worse than nothing
        assertTrue(process.estimator(InnerObjective.LOG_PROBABILITY, THETA, false).bias(RATE) > 2
            * process.estimator(InnerObjective.LOG_PROBABILITY, THETA, true).bias(RATE));
    }

    /** Root mean square errors on two steps: the biased form is nearer for few episodes, DiCE for many. */
    @Test
    void biasAndVarianceInNumbers() {
        var process = EnumeratedProcess.twoSteps();
        Map<InnerObjective, double[]> expected = new TreeMap<>(Map.of(
            InnerObjective.LOG_PROBABILITY, new double[] {0.0147, 0.0371, 0.0399, 0.0151},
            InnerObjective.LIKELIHOOD_RATIO, new double[] {0.0137, 0.0143, 0.0198, 0.0138},
            InnerObjective.DICE, new double[] {0, 0.0386, 0.0386, 0.0039}));
        expected.forEach((objective, numbers) -> {
            EnumeratedEstimator e = process.estimator(objective, THETA, true);
            assertArrayEquals(numbers, new double[] {e.bias(RATE), e.deviation(RATE, 1), e.error(RATE, 1), e.error(RATE, 100)}, 6e-5,
                objective.name());
        });
    }

    /** Not of one θ alone: of a hundred, on two to four steps. */
    @Test
    void theBiasedFormHasLessVariance() {
        for (int horizon = 2; horizon <= 4; horizon++) {
            var process = EnumeratedProcess.steps(horizon);
            for (int seed = 0; seed < 30; seed++) {
                double[] theta = random(seed, 0.7);
                double ratio = process.estimator(InnerObjective.LIKELIHOOD_RATIO, theta, true).deviation(RATE, 1),
                    dice = process.estimator(InnerObjective.DICE, theta, true).deviation(RATE, 1);
                assertTrue(ratio < dice, horizon + " steps, seed " + seed + ": " + ratio + " against " + dice);
            }
        }
    }

    /** On the way uphill the bias of ProMP's form becomes a small share of the meta-gradient (Rothfuss et al. 2019, theorem 1). */
    @Test
    void theBiasFadesAsThePolicyGetsBetter() {
        var process = EnumeratedProcess.steps(6);
        double[] theta = THETA, shares = new double[3], originals = new double[3];
        for (int k = 0; k <= 20; k++) {
            if (k % 10 == 0) {
                double exact = norm(process.metaGradient(theta, RATE), new double[4]);
                shares[k / 10] = process.estimator(InnerObjective.LIKELIHOOD_RATIO, theta, true).bias(RATE) / exact;
                originals[k / 10] = process.estimator(InnerObjective.LOG_PROBABILITY, theta, true).bias(RATE) / exact;
            }
            theta = process.adapted(theta, 1);
        }
        assertArrayEquals(new double[] {0.289, 0.041, 0.006}, shares, 1e-3);
        assertArrayEquals(new double[] {0.306, 0.088, 0.066}, originals, 1e-3);
    }

    /** As in training, where θ' and the outer gradient are estimates, too. */
    @Test
    void sampledEstimatesHaveTheirMeansAndSpreads() {
        var process = EnumeratedProcess.twoSteps();
        double[] exact = process.metaGradient(THETA, RATE);
        double[] off = new double[3], spread = new double[3];
        for (InnerObjective objective : InnerObjective.values()) {
            EnumeratedEstimator estimator = process.estimator(objective, THETA, true);
            double[][] sampled = estimator.sampled(RATE, 200, 4_000, RandomStream.of(1, "episodes"));
            double[] mean = IntStream.range(0, 4).mapToDouble(j -> Arrays.stream(sampled).mapToDouble(s -> s[j]).average().orElse(0))
                .toArray();
            off[objective.ordinal()] = norm(mean, exact);
            spread[objective.ordinal()] = Math
                .sqrt(Arrays.stream(sampled).mapToDouble(s -> Math.pow(norm(s, mean), 2)).average().orElse(0));
            // standard error of the mean about 5e-4
            assertEquals(0, norm(mean, estimator.metaGradient(RATE)), 2e-3, objective.name());
        }
        assertTrue(off[2] < 2e-3 && off[1] > 0.011 && off[0] > 0.011, Arrays.toString(off));
        assertTrue(spread[1] < spread[2], Arrays.toString(spread));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputsAreNamed(BadInput input) {
        input.isNamed();
    }

    static Stream<Arguments> badInputs() {
        double[][][] one = {{{1}, {1}}};
        return Stream.of(
            bad("no step", () -> EnumeratedProcess.steps(0), "horizon is 0"),
            bad("too many", () -> EnumeratedProcess.steps(20), "number of trajectories"),
            bad("no distribution", () -> new EnumeratedProcess(new double[][][] {{{0.5}}}, new double[1][1], 1), "sum to 1"),
            bad("rewards of other states", () -> new EnumeratedProcess(one, new double[2][2], 1), "number of states in rewards is 2"),
            bad("rewards of other actions", () -> new EnumeratedProcess(one, new double[1][3], 1), "number of actions in state"),
            bad("another table", () -> EnumeratedProcess.twoSteps().policy(new double[3]), "entries of theta is 3"),
            bad("no episode", () -> EnumeratedProcess.twoSteps().estimator(InnerObjective.DICE, THETA, true).deviation(1, 0),
                "episodes is 0"));
    }
}
