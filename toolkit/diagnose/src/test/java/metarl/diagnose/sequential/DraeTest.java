package metarl.diagnose.sequential;

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
        for (int i = 0; i < values.length; i++)
            values[i] = Drae.values(v[i], q[i], log.rewards()[i], log.policyRatios()[i], weights[i], pair.discount())[0];
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

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void recursionEqualsEnumerationAndDirectIsUnbiasedForAnyCritic(long seed) {
        var random = new Random(seed);
        TabularPair pair = TabularPair.random(2 + random.nextInt(2), 1 + random.nextInt(3), 1 + random.nextInt(4), 0.5, seed);
        double[][][] critic = pair.actionValues();
        for (double[][] atStep : critic) for (double[] row : atStep) for (int a = 0; a < row.length; a++) row[a] += random.nextGaussian();
        double[][] values = pair.stateValues(critic);
        assertEquals(0, enumerated(pair, critic, PairWeight.direct(pair)).bias(), 1e-12);
        for (PairWeight w : new PairWeight[] {PairWeight.direct(pair), PairWeight.printed(pair), PairWeight.ones(),
            PairWeight.constant(0.7), PairWeight.optimal(values), PairWeight.tight(values)}) {
            Moments exact = enumerated(pair, critic, w), recursion = pair.moments(critic, w);
            assertEquals(exact.mean(), recursion.mean(), 1e-10);
            assertEquals(exact.variance(), recursion.variance(), 1e-9 * Math.max(1, exact.variance()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sweepEqualsTheSumOverSteps(long seed) {
        var random = new Random(seed);
        int steps = 1 + random.nextInt(30);
        double[] v = random.doubles(steps + 1, -1, 1).toArray(), q = random.doubles(steps, -1, 1).toArray(),
            r = random.doubles(steps, -1, 1).toArray();
        double[] policy = random.doubles(steps, 0, 2).toArray(), dynamics = random.doubles(steps, 0, 2).toArray();
        double sum = v[0], carried = 1;
        for (int t = 0; t < steps; t++) {
            carried *= policy[t];
            sum += carried * (r[t] - q[t]);
            carried *= 0.95 * dynamics[t];
            sum += carried * v[t + 1];
        }
        assertEquals(sum, Drae.values(v, q, r, policy, DynamicsWeight.known(dynamics), 0.95)[0], 1e-10);
    }

    /** Doubly: a wrong critic or wrong policy ratios. A wrong dynamics ratio is a third thing, which an exact critic does not mend. */
    @Test
    void eitherModelMayBeWrongButNotTheDynamicsRatio() {
        Trajectories all = PAIR.trajectories();
        TabularLog log = all.log();
        double[][][] exact = PAIR.actionValues();
        double[][] v = log.stateValues(PAIR.stateValues(exact)), q = log.actionValues(exact);
        double[] wrongPolicyRatio = new double[log.size()], wrongDynamics = new double[log.size()], bothWrong = new double[log.size()];
        double[][] wrongV = log.stateValues(PAIR.stateValues(wrongCritic())), wrongQ = log.actionValues(wrongCritic());
        for (int i = 0; i < log.size(); i++) {
            double[] ones = new double[PAIR.horizon()];
            Arrays.fill(ones, 1);
            var known = DynamicsWeight.known(log.dynamicsRatios()[i]);
            wrongPolicyRatio[i] = Drae.values(v[i], q[i], log.rewards()[i], ones, known, 0.9)[0];
            bothWrong[i] = Drae.values(wrongV[i], wrongQ[i], log.rewards()[i], ones, known, 0.9)[0];
            wrongDynamics[i] = Drae.values(v[i], q[i], log.rewards()[i], log.policyRatios()[i], DynamicsWeight.ones(), 0.9)[0];
        }
        assertEquals(0, all.moments(wrongPolicyRatio).bias(), 1e-12);
        assertTrue(Math.abs(all.moments(bothWrong).bias()) > 0.01);
        assertEquals(-0.260267629, all.moments(wrongDynamics).bias(), 1e-9, "as with a wrong critic: the critic does not enter");
    }

    @Test
    void longHorizonsNeedNoEnumeration() {
        TabularPair lasting = PAIR.horizon(200);
        assertEquals(0, lasting.moments(lasting.actionValues(), PairWeight.direct(lasting)).bias(), 1e-9);
        assertTrue(assertThrows(IllegalArgumentException.class, lasting::trajectories).getMessage().contains("moments"));
    }

    @Test
    void intervalsLieBetweenTheLearntRatioAndTheOptimum() {
        double[] v = {0.3, 0.8, -0.4, 0.5}, q = {0.2, 0.9, -0.1}, r = {0.1, 0, 1}, policy = {1.5, 0.5, 2}, ratios = {0.4, 3, 1.2},
            next = {0.7, -0.2, 0.4};
        double[] wideLow = {-99, -99, -99}, wideHigh = {99, 99, 99};
        assertArrayEquals(Drae.values(v, q, r, policy, DynamicsWeight.optimal(next), 0.9),
            Drae.values(v, q, r, policy, DynamicsWeight.interval(next, next, ratios), 0.9), 1e-14);
        assertArrayEquals(Drae.values(v, q, r, policy, DynamicsWeight.tight(next), 0.9),
            Drae.values(v, q, r, policy, DynamicsWeight.tightInterval(next, next, ratios), 0.9), 1e-14);
        double[] learnt = Drae.values(v, q, r, policy, DynamicsWeight.known(ratios), 0.9);
        assertArrayEquals(learnt, Drae.values(v, q, r, policy, DynamicsWeight.interval(wideLow, wideHigh, ratios), 0.9), 1e-14);
        assertArrayEquals(learnt, Drae.values(v, q, r, policy, DynamicsWeight.tightInterval(wideLow, wideHigh, ratios), 0.9), 1e-14);
        // one step: γ ρ_d V = 0.9 · 3 · 0.5 = 1.35 is cut to γ high = 0.72
        assertEquals(0.3 + 1.5 * (0.1 + 0.72 - 0.2),
            Drae.values(new double[] {0.3, 0.5}, new double[] {0.2}, new double[] {0.1}, new double[] {1.5},
                DynamicsWeight.tightInterval(new double[] {0.6}, new double[] {0.8}, new double[] {3}), 0.9)[0],
            1e-14);
        var notLinear = assertThrows(IllegalArgumentException.class,
            () -> PAIR.moments(wrongCritic(), PairWeight.interval(PAIR, PAIR.stateValues(wrongCritic()), PAIR.stateValues(wrongCritic()))));
        assertTrue(notLinear.getMessage().contains("trajectories()"), notLinear.getMessage());
        double[][] exact = PAIR.stateValues(PAIR.actionValues());
        assertEquals(0.505578855, enumerated(PAIR, wrongCritic(), PairWeight.interval(PAIR, exact, exact)).mean(), 1e-9);
        assertEquals(1.011157710, enumerated(PAIR, wrongCritic(), PairWeight.tightInterval(PAIR, exact, exact)).mean(), 1e-9);
    }

    @Test
    void weightsOfAZeroNextValueAreUndefinedAndSaidToBe() {
        Drae drae = Drae.of(new double[] {0.2, 0}, new double[] {0.1}, new double[] {1}, new double[] {1},
            DynamicsWeight.optimal(new double[] {0.5}), 0.9);
        assertEquals(0.2 + (1 + 0.45) / 2 - 0.1, drae.values()[0], 1e-14);
        assertArrayEquals(new int[] {0}, drae.undefinedSteps());
        assertTrue(drae.sentence().contains("undefined at 1 of them (0)"), drae.sentence());
        assertTrue(drae.summary().doubleColumn("dynamics weight").isMissing(0));
        // with a next value the weight is the slides' formula
        Drae defined = Drae.of(new double[] {0.2, 0.8}, new double[] {0.1}, new double[] {1}, new double[] {1},
            DynamicsWeight.optimal(new double[] {0.5}), 0.9);
        assertEquals((0.9 * 0.5 - 1) / (2 * 0.9 * 0.8), defined.dynamicsWeights()[0], 1e-14);
        assertEquals("Ṽ(s_0) = 0.8250 over 1 step.", defined.sentence());
        Drae given = Drae.of(new double[] {0.2, 0}, new double[] {0.1}, new double[] {1}, new double[] {1},
            DynamicsWeight.known(new double[] {1.7}), 0.9);
        assertArrayEquals(new double[] {1.7}, given.dynamicsWeights(), "given, so there is nothing to divide");
    }

    /** B from its definition on the slide, by enumeration. */
    @Test
    void boundEqualsItsDefinitionAndBounds() {
        double[][][] exactQ = PAIR.actionValues(), critic = wrongCritic();
        double[][] exactV = PAIR.stateValues(exactQ), v = PAIR.stateValues(critic);
        DraeCurve curve = DraeCurve.of(PAIR, critic, new double[] {0, 0.3, 0.5, 1, 1.4});
        Trajectories all = PAIR.trajectories();
        TabularLog log = all.log();
        double rho = 0.3, bound = exactV[0][0] * exactV[0][0];
        for (int i = 0; i < log.size(); i++) {
            int a = log.actions()[i][0], next = log.states()[i][1];
            double[] corrected = Drae.values(log.stateValues(v)[i], log.actionValues(critic)[i], log.rewards()[i], log.policyRatios()[i],
                DynamicsWeight.known(log.dynamicsRatios()[i]), 0.9);
            double policy = log.policyRatios()[i][0], expectedNext = 0;
            for (int to = 0; to < 3; to++) expectedNext += PAIR.targetDynamics()[0][a][to] * exactV[1][to];
            double first = 0.9 * policy * (rho * exactV[1][next] - log.dynamicsRatios()[i][0] * corrected[1]);
            double second = 0.9 * policy * rho * exactV[1][next] - policy * (critic[0][0][a] - exactQ[0][0][a]) + v[0][0]
                - policy * 0.9 * expectedNext;
            bound += all.probabilities()[i] * (first * first + second * second);
        }
        assertEquals(bound, curve.bound()[1], 1e-9);
        for (int i = 0; i < 5; i++) {
            assertTrue(curve.bound()[i] >= curve.mse()[i] + curve.means()[i] * curve.means()[i] + curve.truth() * curve.truth() - 1e-12);
            assertTrue(curve.tightBound()[i] >= curve.mse()[i]);
        }
    }

    @Test
    void curvePassesThroughBothOptima() {
        DraeCurve curve = DraeCurve.of(PAIR, wrongCritic(), new double[] {0, 0.5, 1, 1.5});
        assertEquals(0.5, curve.optimal().weight(), 1e-12, "the first rewards are 0");
        assertEquals(0.488204748, curve.mse()[1], 1e-9);
        assertEquals(0.488204748, curve.optimal().moments().mse(), 1e-9);
        assertEquals(0.184087707, curve.mse()[2], 1e-9);
        assertEquals(0.184087707, curve.tight().moments().mse(), 1e-9);
        double least = curve.leastBound();
        DraeCurve near = DraeCurve.of(PAIR, wrongCritic(), new double[] {least - 1e-3, least, least + 1e-3});
        assertTrue(near.bound()[1] < near.bound()[0] && near.bound()[1] < near.bound()[2]);
        assertTrue(curve.sentence().contains("ρ̂ = 0.500: E[Ṽ] = 0.506 of V = 1.10, MSE 0.488"), curve.sentence());
        assertEquals(4, curve.summary().rowCount());
    }

    @Test
    void averagesOfManyTrajectoriesAreOvertakenByTheUnbiasedForm() {
        Moments direct = PAIR.moments(wrongCritic(), weight("direct")), slides = PAIR.moments(wrongCritic(), weight("optimal"));
        assertEquals((direct.variance() - slides.variance()) / (slides.bias() * slides.bias()), slides.overtakenAt(direct), 1e-6);
        assertEquals(6.5, slides.overtakenAt(direct), 0.1);
        assertEquals(Double.POSITIVE_INFINITY, direct.overtakenAt(slides));
        assertEquals(0, new Moments(1, 2, 0).overtakenAt(new Moments(0.5, 1, 0)));
    }

    @Test
    void whatNoWeightMendsIsWarnedOf() {
        assertTrue(PAIR.warnings().isEmpty());
        var blind = PAIR.behaviorPolicy(new double[][] {{0, 1}, {.6, .4}, {.3, .7}});
        assertEquals(1, blind.warnings().size());
        assertTrue(blind.warnings().get(0).contains("action 0 in state 0"), blind.warnings().get(0));
        double[][][] reached = {{{.5, .5, 0}, {.1, .5, .4}}, {{.2, .5, .3}, {.2, .2, .6}}, {{.2, .3, .5}, {.1, .2, .7}}};
        var unreached = new TabularPair(reached, PAIR.targetDynamics(), PAIR.rewards(), PAIR.behaviorPolicy(), PAIR.evaluationPolicy(), 0.9,
            4, 0);
        assertTrue(unreached.warnings().get(0).contains("state 0 by action 0 to state 2"), unreached.warnings().get(0));
    }

    static Stream<Arguments> badInputs() {
        double[] v = {0, 0}, one = {1};
        DynamicsWeight ones = DynamicsWeight.ones();
        double[][] policy = PAIR.evaluationPolicy();
        double[][][] q = PAIR.actionValues();
        return Stream.of(
            bad("no steps", () -> Drae.values(new double[1], new double[0], new double[0], new double[0], ones, 0.9), "no steps"),
            bad("no bootstrap", () -> Drae.values(one, one, one, one, ones, 0.9), "given 1 state values for 1 rewards; expected 2"),
            bad("lengths", () -> Drae.values(v, v, one, one, ones, 0.9), "given 2 action values, 1 rewards and 1 policy ratios"),
            bad("weight of other length", () -> Drae.values(v, one, one, one, DynamicsWeight.tight(v), 0.9),
                "knows 2 steps, the trajectory has 1"),
            bad("discount", () -> Drae.values(v, one, one, one, ones, 1.1), "discount is 1.1"),
            bad("state value", () -> Drae.values(new double[] {0, NAN}, one, one, one, ones, 0.9), "state value 1 is NaN"),
            bad("action value", () -> Drae.values(v, new double[] {INFINITY}, one, one, ones, 0.9), "action value 0 is Infinity"),
            bad("reward", () -> Drae.values(v, one, new double[] {NAN}, one, ones, 0.9), "reward 0 is NaN"),
            bad("policy ratio", () -> Drae.values(v, one, one, new double[] {-1}, ones, 0.9), "policy ratio 0 is -1.0"),
            bad("dynamics ratio", () -> DynamicsWeight.known(new double[] {1, -2}),
                "dynamics ratio 1 is -2.0, expected a finite number of at least 0, target over source"),
            bad("next value", () -> DynamicsWeight.optimal(new double[] {NAN}), "next value 0 is NaN"),
            bad("interval lengths", () -> DynamicsWeight.interval(v, one, one), "given 2 low values, 1 high values and 1 ratios"),
            bad("interval upside down", () -> DynamicsWeight.interval(new double[] {2}, one, one),
                "the interval of step 0 is from 2.0 to 1.0"),
            bad("printed ratio of an impossible transition",
                () -> PAIR.targetDynamics(new double[][][] {{{1, 0, 0}, {1, 0, 0}}, {{1, 0, 0}, {1, 0, 0}}, {{1, 0, 0}, {1, 0, 0}}})
                    .sample(50, 1)
                    .weights(PairWeight.printed(
                        PAIR.targetDynamics(new double[][][] {{{1, 0, 0}, {1, 0, 0}}, {{1, 0, 0}, {1, 0, 0}}, {{1, 0, 0}, {1, 0, 0}}}))),
                "is Infinity"),
            bad("policy that does not add up", () -> PAIR.behaviorPolicy(new double[][] {{.5, .4}, {.6, .4}, {.3, .7}}),
                "behavior policy, row 0 adds up to 0.9"),
            bad("negative probability", () -> PAIR.behaviorPolicy(new double[][] {{1.5, -.5}, {.6, .4}, {.3, .7}}),
                "behavior policy, row 0 holds 1.5"),
            bad("policy of other states", () -> PAIR.behaviorPolicy(new double[][] {{.5, .5}}), "behavior policy has 1 rows; expected 3"),
            bad("dynamics of other states", () -> PAIR.targetDynamics(new double[1][][]), "target dynamics has 1 states"),
            bad("rewards NaN", () -> PAIR.rewards(new double[][] {{0, NAN}, {0, 0}, {0, 0}}), "state 0, action 1 is NaN"),
            bad("horizon", () -> PAIR.horizon(0), "horizon is 0"),
            bad("start", () -> new TabularPair(PAIR.sourceDynamics(), PAIR.targetDynamics(), PAIR.rewards(), policy, policy, 0.9, 4, 3),
                "start is 3"),
            bad("pair's discount",
                () -> new TabularPair(PAIR.sourceDynamics(), PAIR.targetDynamics(), PAIR.rewards(), policy, policy, NAN, 4, 0),
                "discount is NaN"),
            bad("no trajectories", () -> PAIR.sample(0, 1), "asked for 0 trajectories"),
            bad("critic of other horizon", () -> PAIR.horizon(5).moments(q, PairWeight.ones()), "action values of 4 steps; expected 5"),
            bad("shift", () -> TabularPair.random(2, 2, 2, 2, 1), "shift is 2.0"),
            bad("too short a curve", () -> DraeCurve.of(PAIR, q, one), "given 1 weights"),
            bad("curve out of order", () -> DraeCurve.of(PAIR, q, new double[] {0, 2, 1}), "weight 2 is 1.0 after 2.0"),
            bad("nothing after the first step", () -> DraeCurve.of(PAIR.horizon(1), PAIR.horizon(1).actionValues(), new double[] {0, 1, 2}),
                "no dynamics weight matters"),
            bad("some probability missing", () -> Moments.of(one, new double[] {0.5}, 0), "add up to 0.5"),
            bad("a probability each", () -> Moments.of(one, v, 0), "1 values and 2 probabilities"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
