package metarl.diagnose.sequential;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.diagnose.bandit.Grading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GradingTest {
    private static final TabularPair PAIR = TabularPair.threeStates();
    private static final double[][][] CRITIC = DraeTest.wrongCritic();

    private static Function<TabularLog, SequentialEstimate> drae(PairWeight weight) {
        return log -> log.drae(PAIR, CRITIC, weight);
    }

    private static Map<String, Function<TabularLog, ? extends Grading.Answer>> three() {
        var estimators = new LinkedHashMap<String, Function<TabularLog, ? extends Grading.Answer>>();
        estimators.put("direct", drae(PairWeight.direct(PAIR)));
        estimators.put("slides", drae(PairWeight.optimal(PAIR)));
        estimators.put("tight", drae(PairWeight.tight(PAIR)));
        return estimators;
    }

    @Test
    void gradesEqualTheExactMoments() {
        Grading grading = Grading.of(three(), PAIR, 50, 2_000, 7);
        Moments direct = PAIR.moments(CRITIC, PairWeight.direct(PAIR)), slides = PAIR.moments(CRITIC, PairWeight.optimal(PAIR));
        assertEquals(Math.sqrt(direct.variance() / 50), grading.grade("direct").sd(), 0.05 * grading.grade("direct").sd());
        assertEquals(0, grading.grade("direct").bias(), 4 * grading.grade("direct").biasError());
        assertEquals(slides.bias(), grading.grade("slides").bias(), 4 * grading.grade("slides").biasError());
        assertEquals(Math.sqrt(slides.variance() / 50), grading.grade("slides").sd(), 0.05 * grading.grade("slides").sd());
        assertTrue(grading.grade("direct").covers(), grading.toString());
        assertTrue(grading.grade("slides").coverage() < 0.01, "of averages of 50 the bias is all there is");
        assertEquals("tight", grading.best());
        assertEquals(1.10357443296, grading.truth(), 1e-11);
        assertTrue(grading.warnings().get(0).startsWith("slides is biased: -0.598"), grading.warnings().toString());
        assertTrue(grading.warnings().get(1).startsWith("slides: its 95 % intervals held the truth in 0 % of 2000 logs"),
            grading.warnings().toString());
        assertEquals(3, grading.summary().rowCount());
        assertEquals(grading, Grading.of(three(), PAIR, 50, 2_000, 7));
    }

    @Test
    void sampledTrajectoriesHaveTheirProbabilities() {
        TabularPair twoSteps = PAIR.horizon(2);
        TabularLog log = twoSteps.sample(200_000, 3);
        Trajectories all = twoSteps.trajectories();
        assertEquals(36, all.log().size());
        assertEquals(1, Arrays.stream(all.probabilities()).sum(), 1e-12);
        var counts = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < log.size(); i++)
            counts.merge(Arrays.toString(log.states()[i]) + Arrays.toString(log.actions()[i]), 1, Integer::sum);
        double chiSquare = 0;
        for (int i = 0; i < 36; i++) {
            double expected = all.probabilities()[i] * log.size();
            double seen = counts.getOrDefault(Arrays.toString(all.log().states()[i]) + Arrays.toString(all.log().actions()[i]), 0);
            chiSquare += (seen - expected) * (seen - expected) / expected;
        }
        // the 99.9 % quantile for 35 degrees of freedom
        assertTrue(chiSquare < 66.6, "χ² = " + chiSquare);
        assertEquals(Arrays.deepToString(PAIR.sample(5, 1).states()), Arrays.deepToString(PAIR.sample(5, 1).states()));
        assertFalse(Arrays.deepEquals(PAIR.sample(5, 1).states(), PAIR.sample(5, 2).states()));
    }

    @Test
    void bootstrapIntervalsHoldTheTruthAsOftenAsTheySay() {
        var estimators = new LinkedHashMap<String, Function<TabularLog, ? extends Grading.Answer>>();
        estimators.put("PDIS", log -> SequentialEstimators.pdis(log.rewards(), log.policyRatios(), 0.9).bootstrap(300, 1));
        estimators.put("WDR",
            log -> SequentialEstimators
                .wdr(log.rewards(), log.policyRatios(), log.stateValues(PAIR.stateValues(CRITIC)), log.actionValues(CRITIC), 0.9)
                .bootstrap(300, 1));
        TabularPair sameDynamics = PAIR.targetDynamics(PAIR.sourceDynamics());
        Grading grading = Grading.of(estimators, sameDynamics, 200, 300, 1);
        assertTrue(grading.grades().stream().allMatch(Grading.OfEstimator::covers), grading.toString());
    }

    static Stream<Arguments> badInputs() {
        Map<String, Function<TabularLog, ? extends Grading.Answer>> none = Map.of();
        Map<String, Function<TabularLog, ? extends Grading.Answer>> lost = Map.of("lost", log -> new Fixed(Double.NaN, 0, 0)),
            fixed = Map.of("fixed", log -> new Fixed(1, 0, 2));
        return Stream.of(
            bad("no estimators", () -> Grading.of(none, PAIR, 10, 100), "no estimators to grade"),
            bad("few repeats", () -> Grading.of(fixed, PAIR, 10, 5), "asked for 5 repeats"),
            bad("no log", () -> Grading.of(fixed, PAIR, 0, 20), "asked for 0 trajectories"),
            bad("NaN", () -> Grading.of(lost, PAIR, 10, 20), "estimator 'lost' answered NaN on log 0"),
            bad("unknown", () -> Grading.of(fixed, PAIR, 10, 20).grade("other"), "no estimator is called 'other'; graded were [fixed]"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    private record Fixed(double value, double low, double high) implements Grading.Answer {}
}
