package metarl.diagnose.sequential;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequentialEstimatorsTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double DISCOUNT = 0.95;
    private static double[][] rewards;
    private static double[][] ratios;
    private static double[][] stateValues;
    private static double[][] actionValues;
    private static final Map<String, double[]> ANSWERS = new LinkedHashMap<>();
    private static final List<double[]> TRANSITIONS = new ArrayList<>();
    private static final List<double[]> COEFFICIENTS = new ArrayList<>();

    @BeforeAll
    static void readTwin() throws Exception {
        var columns = new ArrayList<List<List<Double>>>();
        for (int c = 0; c < 4; c++) columns.add(new ArrayList<>());
        try (
            var in = new BufferedReader(new InputStreamReader(SequentialEstimatorsTest.class.getResourceAsStream("sequential_twin.csv")))) {
            for (String line : in.lines().toList()) {
                String[] cells = line.split(",");
                switch (cells[0]) {
                    case "answer" -> ANSWERS.put(cells[1], numbers(cells, 2));
                    case "transition" -> TRANSITIONS.add(numbers(cells, 1));
                    case "fqe" -> COEFFICIENTS.add(numbers(cells, 2));
                    default -> {
                        int i = Integer.parseInt(cells[1]);
                        double[] values = cells[0].equals("end") ? new double[] {0, 0, Double.parseDouble(cells[2])} : numbers(cells, 2);
                        for (int c = cells[0].equals("end") ? 2 : 0; c < (cells[0].equals("end") ? 3 : 4); c++) {
                            while (columns.get(c).size() <= i) columns.get(c).add(new ArrayList<>());
                            columns.get(c).get(i).add(values[c]);
                        }
                    }
                }
            }
        }
        rewards = arrays(columns.get(0));
        ratios = arrays(columns.get(1));
        stateValues = arrays(columns.get(2));
        actionValues = arrays(columns.get(3));
    }

    private static double[] numbers(String[] cells, int from) {
        return Arrays.stream(cells).skip(from).mapToDouble(Double::parseDouble).toArray();
    }

    private static double[][] arrays(List<List<Double>> rows) {
        return rows.stream().map(row -> row.stream().mapToDouble(d -> d).toArray()).toArray(double[][]::new);
    }

    static Stream<SequentialEstimate> all() {
        return Stream.of(SequentialEstimators.tis(rewards, ratios, DISCOUNT), SequentialEstimators.pdis(rewards, ratios, DISCOUNT),
            SequentialEstimators.wis(rewards, ratios, DISCOUNT),
            SequentialEstimators.perDecisionWis(rewards, ratios, DISCOUNT),
            SequentialEstimators.dr(rewards, ratios, stateValues, actionValues, DISCOUNT),
            SequentialEstimators.wdr(rewards, ratios, stateValues, actionValues, DISCOUNT),
            SequentialEstimators.magic(rewards, ratios, stateValues, actionValues, DISCOUNT));
    }

    @ParameterizedTest
    @MethodSource("all")
    void equalsTheTwin(SequentialEstimate estimate) {
        double[] twin = ANSWERS.get(estimate.name());
        boolean solved = estimate.name().equals("MAGIC");
        assertEquals(twin[0], estimate.value(), solved ? 1e-6 : 1e-12);
        if (!solved)
            assertEquals(twin[1], estimate.standardError(), (estimate.name().matches("TIS|PDIS|DR") ? 1e-12 : 0.25) * twin[1], "jackknife");
        assertEquals(estimate.value(), Arrays.stream(estimate.contributions()).average().orElse(0), 1e-12);
        SequentialEstimate unbiased = solved ? SequentialEstimators.wdr(rewards, ratios, stateValues, actionValues, DISCOUNT) : estimate;
        assertEquals(unbiased.value() - 1.959963984540054 * unbiased.standardError(), estimate.low(), 1e-12);
        assertEquals(unbiased.bootstrap(100, 1).high(), estimate.bootstrap(100, 1).high(), 1e-12);
    }

    /**
     * One state, two actions of which the first pays 1; π_b = (½, ½), π_e = (0.8, 0.2): ρ = 1.6 or 0.4, E[ρ²] = 1.36, E[ρ² r] = 1.28, E[ρ
     * r] = 0.8. Three steps.
     */
    @Test
    void closedFormsOnAChain() {
        double[][][] stay = {{{1}, {1}}};
        var chain = new TabularPair(stay, stay, new double[][] {{1, 0}}, new double[][] {{.5, .5}}, new double[][] {{.8, .2}}, 1, 3, 0);
        assertEquals(2.4, chain.value(), 1e-12);
        Trajectories all = chain.trajectories();
        TabularLog log = all.log();
        Moments tis = all.moments(SequentialEstimators.tis(log.rewards(), log.policyRatios(), 1).contributions());
        // the square of the weights tilts the actions to 1.28 / 1.36, and the return is binomial
        double q = 1.28 / 1.36;
        assertEquals(0, tis.bias(), 1e-12);
        assertEquals(Math.pow(1.36, 3) * (3 * q * (1 - q) + 9 * q * q) - 2.4 * 2.4, tis.variance(), 1e-12);
        Moments pdis = all.moments(SequentialEstimators.pdis(log.rewards(), log.policyRatios(), 1).contributions());
        double squares = 0;
        for (int t = 0; t < 3; t++) squares += Math.pow(1.36, t) * 1.28 * (1 + 2 * (2 - t) * 0.8);
        assertEquals(0, pdis.bias(), 1e-12);
        assertEquals(squares - 2.4 * 2.4, pdis.variance(), 1e-12);
        double[][] v = log.stateValues(chain.stateValues(chain.actionValues())), qs = log.actionValues(chain.actionValues());
        Moments dr = all.moments(SequentialEstimators.dr(log.rewards(), log.policyRatios(), v, qs, 1).contributions());
        assertEquals(0, dr.bias(), 1e-12);
        assertEquals(0, dr.variance(), 1e-12, "rewards and transitions are certain, the critic exact");
        assertEquals(pdis.variance(), chain.moments(new double[3][1][2], PairWeight.ones()).variance(), 1e-12,
            "without a critic DR is PDIS");
    }

    @Test
    void limitsMeet() {
        double[][] none = zeros(actionValues), noValues = zeros(stateValues), ones = zeros(ratios);
        for (double[] row : ones) Arrays.fill(row, 1);
        assertEquals(SequentialEstimators.pdis(rewards, ratios, DISCOUNT).value(),
            SequentialEstimators.dr(rewards, ratios, noValues, none, DISCOUNT).value(), 1e-12);
        assertEquals(SequentialEstimators.perDecisionWis(rewards, ratios, DISCOUNT).value(),
            SequentialEstimators.wdr(rewards, ratios, noValues, none, DISCOUNT).value(), 1e-12);
        double mean = SequentialEstimators.tis(rewards, ones, DISCOUNT).value();
        assertEquals(mean, SequentialEstimators.pdis(rewards, ones, DISCOUNT).value(), 1e-12);
        assertEquals(mean, SequentialEstimators.wis(rewards, ones, DISCOUNT).value(), 1e-12);
        assertEquals(mean, SequentialEstimators.perDecisionWis(rewards, ones, DISCOUNT).value(), 1e-12);
        assertEquals(SequentialEstimators.dr(rewards, ones, stateValues, actionValues, DISCOUNT).value(),
            SequentialEstimators.wdr(rewards, ones, stateValues, actionValues, DISCOUNT).value(), 1e-12);
        double[][] scaled = Arrays.stream(ratios).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : scaled) row[0] *= 1e-200;
        assertEquals(SequentialEstimators.wis(rewards, ratios, DISCOUNT).value(),
            SequentialEstimators.wis(rewards, scaled, DISCOUNT).value(), 1e-10, "scale does not matter once normalised");
        assertEquals(SequentialEstimators.wdr(rewards, ratios, stateValues, actionValues, DISCOUNT).value(),
            SequentialEstimators.wdr(rewards, scaled, stateValues, actionValues, DISCOUNT).value(), 1e-10);
        // all trajectories end where the value is known and the model predicts every reward: the model alone is MAGIC's answer as well as
        // WDR's
        assertEquals(2.0, SequentialEstimators.magic(new double[][] {{1}, {1}, {1}}, new double[][] {{.5}, {1}, {2}},
            new double[][] {{2, 0}, {2, 0}, {2, 0}}, new double[][] {{1}, {1}, {1}}, 1).value(), 1e-12);
    }

    private static double[][] zeros(double[][] like) {
        return Arrays.stream(like).map(row -> new double[row.length]).toArray(double[][]::new);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void magicsMixtureIsLeastOnTheSimplex(long seed) {
        var random = new Random(seed);
        int n = 2 + random.nextInt(6);
        double[][] half = new double[n][n], m = new double[n][n];
        for (double[] row : half) for (int j = 0; j < n; j++) row[j] = random.nextGaussian();
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) for (int k = 0; k < n; k++) m[i][j] += half[i][k] * half[j][k];
        double[] x = Magic.leastOnSimplex(m), slope = new double[n];
        assertEquals(1, Arrays.stream(x).sum(), 1e-9);
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) slope[i] += m[i][j] * x[j];
        double least = Arrays.stream(slope).min().orElse(0);
        for (int i = 0; i < n; i++) assertTrue(x[i] >= 0 && (x[i] < 1e-6 || slope[i] - least < 1e-6), "slopes agree where there is weight");
    }

    @Test
    void acrossTasksItIsTheMeanOfDrae() {
        TabularPair pair = TabularPair.threeStates();
        TabularLog log = pair.sample(50, 3);
        double[][][] critic = DraeTest.wrongCritic();
        double[][] v = log.stateValues(pair.stateValues(critic)), q = log.actionValues(critic);
        var direct = SequentialEstimators.drae(log.rewards(), log.policyRatios(), v, q, log.weights(PairWeight.direct(pair)), 0.9);
        assertEquals("DRaE, given ratios", direct.name());
        assertEquals(
            Drae.values(v[7], q[7], log.rewards()[7], log.policyRatios()[7], DynamicsWeight.known(log.dynamicsRatios()[7]), 0.9)[0],
            direct.contributions()[7], 1e-14);
        var tight = SequentialEstimators.drae(log.rewards(), log.policyRatios(), v, q,
            log.weights(PairWeight.tight(pair.stateValues(critic))), 0.9);
        double[] first = Arrays.stream(log.policyRatios()).mapToDouble(r -> r[0]).toArray();
        assertEquals(ImportanceWeights.of(first).ess().value(), tight.ess().value(), 1e-9, "only the first ratio enters");
        assertTrue(direct.ess().value() < tight.ess().value());
        assertTrue(log.drae(pair, critic, PairWeight.optimal(pair)).sentence().contains("half of a one-step backup"));
        assertTrue(log.drae(pair, critic, PairWeight.ones()).bootstrap(100, 1).sentence().contains("ignored"));
        assertEquals(direct.value(), log.drae(pair, critic, PairWeight.direct(pair)).value());
        assertEquals(log.policyRatios()[7][2] * log.dynamicsRatios()[7][2], log.ratios()[7][2], 1e-14);
    }

    @Test
    void bootstrapIsReproducibleAndNearTheNormalIntervalForMeans() {
        var log = TabularPair.threeStates().sample(2_000, 5);
        var dr = SequentialEstimators.perDecisionWis(log.rewards(), log.policyRatios(), 0.9);
        var resampled = dr.bootstrap(2_000, 1);
        assertEquals(resampled.low(), dr.bootstrap(2_000, 1).low());
        assertTrue(resampled.low() != dr.bootstrap(2_000, 2).low());
        assertEquals(dr.value(), resampled.value());
        assertEquals(dr.high() - dr.low(), resampled.high() - resampled.low(), 0.1 * (dr.high() - dr.low()));
        assertTrue(resampled.sentence().contains("bootstrap-t of 2000"), resampled.sentence());
        // only one trajectory has weight: its return is all there is
        assertEquals(1, SequentialEstimators.wis(new double[][] {{1}, {0}, {1}}, new double[][] {{2}, {0}, {0}}, 1).bootstrap(500, 1).low(),
            1e-12);
        // many resamples have none: they are drawn again
        var few = SequentialEstimators.wis(new double[][] {{1}, {0}, {1}, {2}}, new double[][] {{2}, {1}, {0}, {0}}, 1).bootstrap(500, 1);
        assertTrue(few.low() < few.value() && few.value() < few.high(), few.sentence());
    }

    @Test
    void sentencesSayWhatTheEstimateRestsOn() {
        double[][] many = IntStream.range(0, 200).mapToObj(i -> new double[] {i % 7}).toArray(double[][]::new);
        double[][] even = IntStream.range(0, 200).mapToObj(i -> new double[] {1}).toArray(double[][]::new);
        assertTrue(SequentialEstimators.pdis(many, even, 1).reliable());
        even[0][0] = 1e4;
        var rare = SequentialEstimators.pdis(many, even, 1);
        assertTrue(rare.sentence().contains("below 10 %") && rare.sentence().contains("fitted Q evaluation"), rare.sentence());
        // a deterministic policy that no trajectory follows to its end
        var lost = SequentialEstimators.pdis(new double[][] {{1, 1}, {0, 1}}, new double[][] {{2, 0}, {2, 0}}, 1);
        assertEquals(1, lost.value());
        assertEquals(0, lost.ess().value());
        assertTrue(lost.sentence().contains("ESS 0 of 2"), lost.sentence());
        Ess[] perStep = SequentialEstimators.essPerStep(new double[][] {{1, 3}, {1, 1}});
        assertEquals(2, perStep[0].value(), 1e-12);
        assertEquals(16.0 / 10, perStep[1].value(), 1e-12);
        assertEquals(2, SequentialEstimate.summary(rare, rare).rowCount());
        assertEquals(7, lost.summary().columnCount());
    }

    @Test
    void fittedQEqualsTheTwin() {
        double[] paid = TRANSITIONS.stream().mapToDouble(t -> t[0]).toArray(),
            weights = TRANSITIONS.stream().mapToDouble(t -> t[1]).toArray();
        double[][] features = TRANSITIONS.stream().map(t -> Arrays.copyOfRange(t, 2, 5)).toArray(double[][]::new);
        double[][] next = TRANSITIONS.stream().map(t -> Arrays.copyOfRange(t, 5, 8)).toArray(double[][]::new);
        var fit = FittedQEvaluation.linear(features, paid, next, weights, DISCOUNT, 5, 0.1);
        for (int h = 0; h < 5; h++) assertArrayEquals(COEFFICIENTS.get(h), fit.coefficients()[h], 1e-12);
        assertEquals(0, fit.value(features[0], 0));
        assertEquals(IntStream.range(0, 3).mapToDouble(j -> features[0][j] * COEFFICIENTS.get(4)[j]).sum(), fit.value(features[0], 5),
            1e-12);
        assertTrue(fit.warnings().isEmpty());
    }

    /** All transitions with their probabilities stand for endless data. */
    @Test
    void fittedQFindsTheSourcesValuesAndWithTheDynamicsRatioTheTargets() {
        TabularPair pair = TabularPair.threeStates();
        TabularPair source = pair.targetDynamics(pair.sourceDynamics());
        Trajectories all = pair.trajectories();
        TabularLog log = all.log();
        int steps = pair.horizon(), rows = log.size() * steps;
        int[] states = new int[rows], actions = new int[rows], next = new int[rows];
        double[] paid = new double[rows], probability = new double[rows], corrected = new double[rows];
        for (int k = 0; k < rows; k++) {
            int i = k / steps, t = k % steps;
            states[k] = log.states()[i][t];
            actions[k] = log.actions()[i][t];
            next[k] = log.states()[i][t + 1];
            paid[k] = log.rewards()[i][t];
            probability[k] = all.probabilities()[i];
            corrected[k] = probability[k] * log.dynamicsRatios()[i][t];
        }
        var plain = FittedQEvaluation.tabular(states, actions, paid, next, pair.evaluationPolicy(), probability, 0.9, steps);
        var transferred = FittedQEvaluation.tabular(states, actions, paid, next, pair.evaluationPolicy(), corrected, 0.9, steps);
        for (int t = 0; t < steps; t++)
            for (int s = 0; s < 3; s++) {
                assertArrayEquals(source.actionValues()[t][s], plain.actionValues(2)[t][s], 1e-6);
                assertArrayEquals(pair.actionValues()[t][s], transferred.actionValues(2)[t][s], 1e-6);
            }
    }

    @Test
    void fittedQStopsAtTheEndAndNamesWhatItNeverSaw() {
        double[] one = {1};
        var ended = FittedQEvaluation.tabular(new int[] {0}, new int[] {0}, new double[] {3}, new int[] {-1}, new double[][] {{1, 0}}, one,
            0.9, 10);
        assertEquals(3, ended.actionValues(2)[0][0][0], 1e-6);
        assertEquals(0, ended.actionValues(2)[0][0][1], 1e-12);
        assertTrue(ended.warnings().get(0).contains("1 of 2 features (1)"), ended.warnings().toString());
        var forever = FittedQEvaluation.tabular(new int[] {0}, new int[] {0}, new double[] {3}, new int[] {0}, new double[][] {{1}}, one,
            0.9, 10);
        assertEquals(3 * (1 - Math.pow(0.9, 10)) / 0.1, forever.actionValues(1)[0][0][0], 1e-6);
        assertEquals(1, forever.summary().rowCount());
    }

    static Stream<Arguments> badInputs() {
        double[][] r = {{1, 0}, {0, 1}}, v = {{0, 0, 0}, {0, 0, 0}}, f = {{1, 0}, {0, 1}};
        double[] ones = {1, 1};
        int[] zero = {0, 0};
        double[][] policy = {{1}};
        return Stream.of(
            bad("one trajectory", () -> SequentialEstimators.tis(new double[][] {{1}}, new double[][] {{1}}, 1),
                "given 1 trajectories; expected at least 2"),
            bad("other number", () -> SequentialEstimators.pdis(r, new double[][] {{1}}, 1), "rewards of 2 and policy ratios of 1"),
            bad("other length", () -> SequentialEstimators.wis(r, new double[][] {{1, 1}, {1}}, 1),
                "trajectory 1 has 2 rewards and 1 policy ratios"),
            bad("no steps", () -> SequentialEstimators.pdis(new double[][] {{1}, {}}, new double[][] {{1}, {}}, 1),
                "trajectory 1 has no steps"),
            bad("discount", () -> SequentialEstimators.pdis(r, r, -0.1), "discount is -0.1"),
            bad("reward", () -> SequentialEstimators.pdis(new double[][] {{1, 0}, {0, NAN}}, r, 1), "trajectory 1, reward 1 is NaN"),
            bad("ratio", () -> SequentialEstimators.pdis(r, new double[][] {{1, -1}, {1, 1}}, 1), "trajectory 0, policy ratio 1 is -1.0"),
            bad("infinite ratio", () -> SequentialEstimators.essPerStep(new double[][] {{INFINITY}}),
                "trajectory 0, policy ratio 0 is Infinity"),
            bad("followed by none", () -> SequentialEstimators.wis(r, new double[][] {{1, 0}, {0, 1}}, 1),
                "no trajectory has a weight above 0 at its end"),
            bad("followed by none from a step on", () -> SequentialEstimators.perDecisionWis(r, new double[][] {{1, 0}, {0, 1}}, 1),
                "at step 1"),
            bad("beyond numbers", () -> SequentialEstimators.tis(r, new double[][] {{1e200, 1e200}, {1, 1}}, 1),
                "the weights of trajectory 0 multiply beyond"),
            bad("no bootstrap value", () -> SequentialEstimators.dr(r, r, r, r, 1), "trajectory 0 has 2 rewards, 2 state values"),
            bad("critic of other trajectories", () -> SequentialEstimators.wdr(r, r, new double[1][3], r, 1), "state values of 1"),
            bad("a weight each", () -> SequentialEstimators.drae(r, r, v, r, new DynamicsWeight[1], 1),
                "given 1 dynamics weights for 2 trajectories"),
            bad("none at all", () -> SequentialEstimators.drae(new double[0][], r, v, r, new DynamicsWeight[0], 1), "no trajectories"),
            bad("trajectory is named", () -> SequentialEstimators.dr(r, r, new double[][] {{0, 0, 0}, {0, NAN, 0}}, r, 1),
                "trajectory 1: state value 1 is NaN"),
            bad("few resamples", () -> SequentialEstimators.pdis(r, r, 1).bootstrap(10, 1), "bootstrap of 10 resamples"),
            bad("no transitions", () -> FittedQEvaluation.linear(new double[0][], new double[0], new double[0][], new double[0], 1, 1, 1),
                "no transitions"),
            bad("features each", () -> FittedQEvaluation.linear(f, new double[1], f, ones, 1, 1, 1), "given 2 rows of features, 1 rewards"),
            bad("ragged features", () -> FittedQEvaluation.linear(f, ones, new double[][] {{1, 1}, {1}}, ones, 1, 1, 1),
                "next features of row 1 are 1; expected 2"),
            bad("feature NaN", () -> FittedQEvaluation.linear(new double[][] {{1, NAN}, {1, 1}}, ones, f, ones, 1, 1, 1),
                "features of row 0, column 1 is NaN"),
            bad("transition's reward", () -> FittedQEvaluation.linear(f, new double[] {1, NAN}, f, ones, 1, 1, 1), "reward 1 is NaN"),
            bad("transition's weight", () -> FittedQEvaluation.linear(f, ones, f, new double[] {1, -1}, 1, 1, 1), "weight 1 is -1.0"),
            bad("dependent features", () -> FittedQEvaluation.linear(new double[][] {{1, 1}, {2, 2}}, ones, f, ones, 1, 1, 0),
                "linearly dependent"),
            bad("ridge", () -> FittedQEvaluation.linear(f, ones, f, ones, 1, 1, -1), "ridge is -1.0"),
            bad("steps", () -> FittedQEvaluation.linear(f, ones, f, ones, 1, 0, 1), "horizon is 0"),
            bad("fit's discount", () -> FittedQEvaluation.linear(f, ones, f, ones, 2, 1, 1), "discount is 2.0"),
            bad("state", () -> FittedQEvaluation.tabular(new int[] {0, 1}, zero, ones, zero, policy, ones, 1, 1),
                "state 1 is 1, expected 0 to 0"),
            bad("next state", () -> FittedQEvaluation.tabular(zero, zero, ones, new int[] {0, -2}, policy, ones, 1, 1),
                "next state 1 is -2, expected -1 to 0"),
            bad("transition each", () -> FittedQEvaluation.tabular(new int[] {0}, zero, ones, zero, policy, ones, 1, 1),
                "given 1 states, 2 actions"),
            bad("no policy", () -> FittedQEvaluation.tabular(zero, zero, ones, zero, new double[0][], ones, 1, 1), "no states"),
            bad("steps to go", () -> FittedQEvaluation.linear(f, ones, f, ones, 1, 1, 1).value(ones, 2), "asked for 2 steps to go"),
            bad("table's actions", () -> FittedQEvaluation.linear(f, ones, f, ones, 1, 1, 1).actionValues(3), "given 3 actions"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
