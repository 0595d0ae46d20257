package metarl.diagnose.bandit;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.diagnose.log.BanditLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BanditEstimatorsTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    // two rounds worked out by hand: w = 0.9/0.3 = 3 and 0.2/0.8 = 0.25; q̂(x, π_e) = 0.9·2 + 0.1·1 = 1.9 and 0.8·0 + 0.2·3 = 0.6
    private static final double[] REWARDS = {4, 2};
    private static final int[] ACTIONS = {0, 1};
    private static final double[] PROPENSITIES = {0.3, 0.8};
    private static final double[][] TARGET = {{0.9, 0.1}, {0.8, 0.2}};
    private static final double[][] PREDICTED = {{2, 1}, {0, 3}};

    @Test
    void byHand() {
        double tolerance = 1e-12;
        assertEquals(1.25, Estimators.dm(TARGET, PREDICTED).value(), tolerance);
        assertEquals((3 * 4 + 0.25 * 2) / 2, Estimators.ips(REWARDS, ACTIONS, PROPENSITIES, TARGET).value(), tolerance);
        assertEquals((2 * 4 + 0.25 * 2) / 2, Estimators.clippedIps(REWARDS, ACTIONS, PROPENSITIES, TARGET, 2).value(), tolerance);
        assertEquals((3 * 4 + 0.25 * 2) / 3.25, Estimators.snips(REWARDS, ACTIONS, PROPENSITIES, TARGET).value(), tolerance);
        assertEquals((3 / 1.5 * 4 + 0.25 / 0.8125 * 2) / 2, Estimators.subGaussian(REWARDS, ACTIONS, PROPENSITIES, TARGET, 0.25).value(),
            tolerance);
        assertEquals(1.25 + (3 * 2 - 0.25) / 2, Estimators.dr(REWARDS, ACTIONS, PROPENSITIES, TARGET, PREDICTED).value(), tolerance);
        assertEquals(1.25 + (3 * 2 - 0.25) / 3.25, Estimators.snDr(REWARDS, ACTIONS, PROPENSITIES, TARGET, PREDICTED).value(), tolerance);
        assertEquals(1.25 - 0.25 / 2, Estimators.switchDr(REWARDS, ACTIONS, PROPENSITIES, TARGET, PREDICTED, 2).value(), tolerance);
        double shrunk = 2 * 3.0 / (9 + 2), little = 2 * 0.25 / (0.0625 + 2);
        assertEquals(1.25 + (shrunk * 2 - little) / 2, Estimators.drOs(REWARDS, ACTIONS, PROPENSITIES, TARGET, PREDICTED, 2).value(),
            tolerance);
    }

    @Test
    void valuesEqualOpenBanditPipelines() throws IOException {
        var twin = new BanditTwin();
        WeightedRounds rounds = twin.rounds();
        int checked = 0;
        for (String file : new String[] {"bandit_twin.csv", "bandit_twin_tuned.csv"})
            for (String[] row : BanditTwin.read(file)) {
                if (!row[0].equals("value") || row[1].startsWith("mrdr")) continue;
                Estimate ours = rounds.estimate(Estimator.of(row[2].isEmpty() ? row[1] : row[1] + "(" + row[2] + ")"));
                assertEquals(Double.parseDouble(row[3]), ours.value(), 1e-10, row[1] + " " + row[2]);
                checked++;
            }
        assertEquals(27, checked);
    }

    @Test
    void moreRobustDrEqualsOpenBanditPipelines() throws IOException {
        var twin = new BanditTwin();
        for (String[] row : twin.rows) {
            if (!row[1].startsWith("mrdr")) continue;
            RewardModel model = row[1].equals("mrdr") ? RewardModel.logistic(2).additive() : RewardModel.ridge(3).additive();
            assertEquals(Double.parseDouble(row[3]), Estimators.mrdr(twin.log, twin.target, model, twin.folds).value(), 1e-8, row[1]);
        }
    }

    @Test
    void chosenLambdasAreThoseOfOpenBanditPipeline() throws IOException {
        WeightedRounds rounds = new BanditTwin().rounds();
        double[] candidates = new double[12];
        Arrays.setAll(candidates, j -> 0.05 * Math.pow(2, j));
        int checked = 0;
        for (String[] row : BanditTwin.read("bandit_twin_tuned.csv")) {
            if (!row[0].equals("tuned")) continue;
            Estimator chosen = Tuning.valueOf(row[2]).tune(Estimator.of(row[1]), rounds, candidates);
            // above the largest weight all λ of a clip are the same estimator
            assertEquals(rounds.estimate(chosen.lambda(Double.parseDouble(row[3]))).value(), rounds.estimate(chosen).value(), 1e-12,
                row[1] + " by " + row[2]);
            checked++;
        }
        assertEquals(12, checked);
    }

    @Test
    void slopeStopsWhereIntervalsPart() {
        WeightedRounds rounds = random(4, 400);
        Estimator any = Tuning.SLOPE.tune(Estimator.clippedIps(), rounds, 1e-9, INFINITY);
        assertEquals(INFINITY, any.lambda(), "a value near 0 with an interval of width 0 disagrees");
        assertEquals(0.5, Tuning.SLOPE.tune(Estimator.clippedIps(), rounds, 0.5).lambda());
        double loose = Tuning.SLOPE.tune(Estimator.drOs(), rounds).lambda(),
            sharp = Tuning.SLOPE_PLUS_PLUS.tune(Estimator.drOs(), rounds).lambda();
        assertTrue(loose <= sharp, "the sharper test stops earlier: " + loose + ", " + sharp);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void limits(long seed) {
        WeightedRounds rounds = random(seed, 300);
        double dm = value(rounds, "dm"), dr = value(rounds, "dr"), ips = value(rounds, "ips");
        assertEquals(dm, value(rounds, "drOs(0)"), 1e-12);
        assertEquals(dm, value(rounds, "drOs(1e-14)"), 1e-9);
        assertEquals(dr, value(rounds, "drOs(Infinity)"), 1e-12);
        assertEquals(dr, value(rounds, "drOs(1e14)"), 1e-9);
        assertEquals(dm, value(rounds, "switchDr(0)"), 1e-12);
        assertEquals(dr, value(rounds, "switchDr(Infinity)"), 1e-12);
        assertEquals(dr, value(rounds, "clippedDr(Infinity)"), 1e-12);
        assertEquals(ips, value(rounds, "clippedIps(Infinity)"), 1e-12);
        assertEquals(ips, value(rounds, "subGaussian(0)"), 1e-12);
        assertEquals(dr, value(rounds, "subGaussianDr(0)"), 1e-12);
    }

    @Test
    void withAllWeightsOneSelfNormalisedFormsArePlain() {
        double[][] target = {{0.5, 0.5}, {0.25, 0.75}, {0.5, 0.5}};
        double[][] predicted = {{1, 0}, {2, 1}, {0, 3}};
        var rounds = WeightedRounds.of(new double[] {1, 2, 4}, new int[] {0, 1, 1}, new double[] {0.5, 0.75, 0.5}, target, predicted);
        assertEquals(value(rounds, "ips"), value(rounds, "snips"), 1e-12);
        assertEquals(7 / 3.0, value(rounds, "snips"), 1e-12);
        assertEquals(value(rounds, "dr"), value(rounds, "snDr"), 1e-12);
        assertEquals(value(rounds, "ips"), value(rounds, "subGaussian(1)"), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7})
    void shiftsOfTheReward(long seed) {
        WeightedRounds rounds = random(seed, 200), shifted = random(seed, 200, 10);
        assertEquals(value(rounds, "snips") + 10, value(shifted, "snips"), 1e-9,
            "SNIPS moves with its rewards, IPS only if the mean weight is 1");
        double mean = Arrays.stream(rounds.weights().values()).average().orElseThrow();
        assertEquals(value(rounds, "ips") + 10 * mean, value(shifted, "ips"), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dm", "ips", "snips", "clippedIps(2)", "dr", "snDr", "switchDr(2)", "drOs(3)", "subGaussian(0.3)", "drOs",
        "switchDr"})
    void theOrderOfRoundsIsNothing(String key) throws IOException {
        var twin = new BanditTwin();
        BanditLog log = twin.log;
        int n = log.size();
        double[] rewards = new double[n], propensities = new double[n];
        int[] actions = new int[n];
        double[][] target = new double[n][], predicted = new double[n][];
        for (int i = 0; i < n; i++) {
            int j = n - 1 - i;
            rewards[i] = log.rewards()[j];
            propensities[i] = log.propensities()[j];
            actions[i] = log.actions()[j];
            target[i] = twin.target[j];
            predicted[i] = twin.predicted[j];
        }
        Estimate there = twin.rounds().estimate(Estimator.of(key)),
            back = WeightedRounds.of(rewards, actions, propensities, target, predicted).estimate(Estimator.of(key));
        assertEquals(there.value(), back.value(), 1e-12);
        assertEquals(there.standardError(), back.standardError(), 1e-12);
        // self-normalised forms do not feel a factor common to all weights
        double[] halved = Arrays.stream(propensities).map(p -> p / 2).toArray();
        double scaled = WeightedRounds.of(rewards, actions, halved, target, predicted).estimate(Estimator.of(key)).value();
        if (there.estimator().selfNormalized()) assertEquals(there.value(), scaled, 1e-12);
        if (key.equals("ips")) assertEquals(2 * there.value(), scaled, 1e-12);
    }

    /** All of a small problem by enumeration: the mean of the estimates over everything that can be logged is the true value. */
    @Test
    void drIsUnbiasedIfEitherModelIsRight() {
        double[] behavior = {0.7, 0.3}, wrongBehavior = {0.4, 0.6}, target = {0.2, 0.8}, mean = {1, 3}, wrongMean = {-2, 5};
        double truth = 0.2 * 1 + 0.8 * 3;
        assertEquals(truth, expectation(behavior, behavior, target, mean, wrongMean, Estimator.dr()), 1e-12, "wrong reward model");
        assertEquals(truth, expectation(behavior, wrongBehavior, target, mean, mean, Estimator.dr()), 1e-12, "wrong propensities");
        assertEquals(truth, expectation(behavior, behavior, target, mean, wrongMean, Estimator.ips()), 1e-12);
        assertTrue(Math.abs(truth - expectation(behavior, wrongBehavior, target, mean, wrongMean, Estimator.dr())) > 0.1, "both wrong");
        assertTrue(Math.abs(truth - expectation(behavior, behavior, target, mean, wrongMean, Estimator.dm())) > 0.1,
            "the reward model alone");
    }

    private static double expectation(double[] behavior, double[] logged, double[] target, double[] mean, double[] predicted,
        Estimator estimator) {
        double expectation = 0;
        for (int first = 0; first < 2; first++)
            for (int second = 0; second < 2; second++) {
                var rounds = WeightedRounds.of(new double[] {mean[first], mean[second]}, new int[] {first, second},
                    new double[] {logged[first], logged[second]},
                    new double[][] {target, target}, new double[][] {predicted, predicted});
                expectation += behavior[first] * behavior[second] * rounds.estimate(estimator).value();
            }
        return expectation;
    }

    @Test
    void effectiveSampleSizeIsThatOfTheWeightsUsed() {
        WeightedRounds rounds = random(8, 500);
        assertEquals(rounds.weights().ess().value(), rounds.estimate(Estimator.ips()).ess().value(), 1e-8);
        assertEquals(rounds.weights().clip(1.5).ess().value(), rounds.estimate(Estimator.clippedDr(1.5)).ess().value(), 1e-8);
        assertNull(rounds.estimate(Estimator.dm()).ess());
        double[] w = rounds.weights().values();
        double kept = Arrays.stream(w).map(v -> Math.min(v, 1.5)).sum() / Arrays.stream(w).sum();
        assertEquals(kept, rounds.estimate(Estimator.clippedIps(1.5)).keptWeight(), 1e-12);
    }

    @Test
    void termsAverageToTheValueAndLinearisedOnesHaveTheRatiosSpread() {
        WeightedRounds rounds = random(9, 400);
        for (String key : new String[] {"dm", "ips", "snips", "dr", "snDr", "switchDr(2)", "drOs(3)", "subGaussian(0.3)"}) {
            Estimate estimate = rounds.estimate(Estimator.of(key));
            double[] terms = estimate.terms();
            double mean = Arrays.stream(terms).average().orElseThrow();
            assertEquals(estimate.value(), mean, 1e-12, key);
            double variance = Arrays.stream(terms).map(t -> (t - mean) * (t - mean)).sum() / (terms.length - 1);
            assertEquals(Math.sqrt(variance / terms.length), estimate.standardError(), 1e-12, key);
        }
        // delta method by hand: Σ w² (r − V)² / (Σ w)², with n/(n − 1)
        double[] w = rounds.weights().values(), r = rounds.rewards();
        double v = value(rounds, "snips"), sum = Arrays.stream(w).sum(), squares = 0;
        for (int i = 0; i < w.length; i++) squares += w[i] * w[i] * (r[i] - v) * (r[i] - v);
        assertEquals(Math.sqrt(squares / (sum * sum) * 400 / 399), rounds.estimate(Estimator.snips()).standardError(), 1e-12);
    }

    static WeightedRounds random(long seed, int n) {
        return random(seed, n, 0);
    }

    private static WeightedRounds random(long seed, int n, double shift) {
        var random = new Random(seed);
        double[] rewards = new double[n], propensities = new double[n];
        int[] actions = new int[n];
        double[][] target = new double[n][], predicted = new double[n][3];
        for (int i = 0; i < n; i++) {
            double[] behavior = distribution(random);
            target[i] = distribution(random);
            double u = random.nextDouble();
            actions[i] = u < behavior[0] ? 0 : u < behavior[0] + behavior[1] ? 1 : 2;
            propensities[i] = behavior[actions[i]];
            rewards[i] = shift + actions[i] + random.nextGaussian();
            for (int a = 0; a < 3; a++) predicted[i][a] = shift + a + 0.3 * random.nextGaussian();
        }
        return WeightedRounds.of(rewards, actions, propensities, target, predicted);
    }

    private static double[] distribution(Random random) {
        double[] p = {0.2 + random.nextDouble(), 0.2 + random.nextDouble(), 0.2 + random.nextDouble()};
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(v -> v / sum).toArray();
    }

    private static double value(WeightedRounds rounds, String key) {
        return rounds.estimate(Estimator.of(key)).value();
    }

    static Stream<Arguments> badInputs() {
        double[][] other = {{0.9, 0.1}};
        WeightedRounds rounds = WeightedRounds.of(REWARDS, ACTIONS, PROPENSITIES, TARGET, null);
        return Stream.of(
            bad("no rounds", () -> Estimators.ips(new double[0], new int[0], new double[0], new double[0][]), "given 0 rounds"),
            bad("one round", () -> Estimators.ips(new double[] {1}, new int[] {0}, new double[] {1}, other), "at least 2"),
            bad("actions missing", () -> Estimators.ips(REWARDS, new int[] {0}, PROPENSITIES, TARGET), "given 1 actions"),
            bad("propensities missing", () -> Estimators.ips(REWARDS, ACTIONS, new double[] {1}, TARGET), "given 1 propensities"),
            bad("target rows missing", () -> Estimators.ips(REWARDS, ACTIONS, PROPENSITIES, other), "given 1 rows of the target policy"),
            bad("predictions missing", () -> Estimators.dr(REWARDS, ACTIONS, PROPENSITIES, TARGET, other),
                "given 1 rows of predicted rewards"),
            bad("reward NaN", () -> Estimators.ips(new double[] {1, NAN}, ACTIONS, PROPENSITIES, TARGET), "reward 1 is NaN"),
            bad("action out of range", () -> Estimators.ips(REWARDS, new int[] {0, 2}, PROPENSITIES, TARGET),
                "action 1 is 2; expected 0 to 1"),
            bad("propensity 0", () -> Estimators.ips(REWARDS, ACTIONS, new double[] {0.3, 0}, TARGET), "propensity 1 is 0.0"),
            bad("propensity above 1", () -> Estimators.ips(REWARDS, ACTIONS, new double[] {1.3, 0.5}, TARGET), "propensity 0 is 1.3"),
            bad("propensity NaN", () -> Estimators.ips(REWARDS, ACTIONS, new double[] {0.3, NAN}, TARGET), "propensity 1 is NaN"),
            bad("propensity vanishing", () -> Estimators.ips(REWARDS, ACTIONS, new double[] {0.3, 1e-200}, TARGET),
                "propensity 1 is 1.0E-200"),
            bad("row does not sum to 1", () -> Estimators.ips(REWARDS, ACTIONS, PROPENSITIES, new double[][] {{0.9, 0.1}, {0.9, 0.2}}),
                "row 1 of the target policy sums to 1.1"),
            bad("negative probability", () -> Estimators.ips(REWARDS, ACTIONS, PROPENSITIES, new double[][] {{1.1, -0.1}, {0.9, 0.1}}),
                "action 1 in round 0 is -0.1"),
            bad("probability NaN", () -> Estimators.ips(REWARDS, ACTIONS, PROPENSITIES, new double[][] {{0.9, 0.1}, {NAN, 1}}),
                "action 0 in round 1 is NaN"),
            bad("ragged target", () -> Estimators.ips(REWARDS, ACTIONS, PROPENSITIES, new double[][] {{0.9, 0.1}, {1}}),
                "row 1 of the target policy has 1 actions"),
            bad("ragged predictions", () -> Estimators.dr(REWARDS, ACTIONS, PROPENSITIES, TARGET, new double[][] {{0, 0}, {1}}),
                "row 1 of predicted rewards has 1"),
            bad("prediction NaN", () -> Estimators.dm(TARGET, new double[][] {{0, 0}, {NAN, 1}}), "predicted rewards of round 1"),
            bad("prediction infinite", () -> Estimators.dm(new double[][] {{1, 0}, {1, 0}}, new double[][] {{0, INFINITY}, {0, 1}}),
                "predicted rewards of round 0"),
            bad("all weights 0", () -> Estimators.snips(REWARDS, new int[] {1, 1}, PROPENSITIES, new double[][] {{1, 0}, {1, 0}}),
                "all 2 weights are 0"),
            bad("no reward model", () -> rounds.estimate(Estimator.dr()), "DR needs a reward model"),
            bad("λ negative", () -> Estimator.drOs(-1), "λ of DRos is -1.0"),
            bad("λ NaN", () -> Estimator.switchDr(NAN), "λ of Switch-DR is NaN"),
            bad("clip at 0", () -> Estimator.clippedIps(0), "above 0"),
            bad("sub-Gaussian λ", () -> Estimator.subGaussian(2), "at most 1"),
            bad("no such estimator", () -> Estimator.of("ipw"), "there are: clippedDr, clippedIps"),
            bad("λ of none", () -> Estimator.of("ips(3)"), "IPS has no λ"),
            bad("λ not a number", () -> Estimator.of("drOs(much)"), "λ is 'much'"),
            bad("λ NaN in a key", () -> Estimator.of("drOs(NaN)"), "write 'drOs' to have it chosen"),
            bad("nothing to tune", () -> Tuning.MSE.tune(Estimator.ips(), rounds), "IPS has no λ to choose"),
            bad("no candidates", () -> Tuning.SLOPE.tune(Estimator.clippedIps(), rounds, new double[0]), "no candidates"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }

    @Test
    void rewardModelsEqualScikitLearns() throws IOException {
        var twin = new BanditTwin();
        int checked = 0;
        for (String[] row : twin.rows) {
            if (!row[0].equals("prediction")) continue;
            LinearRewardModel model = row[1].contains("logistic") ? RewardModel.logistic(2) : RewardModel.ridge(3);
            double[][] predicted = (row[1].contains("additive") ? model.additive() : model).crossFit(twin.log, twin.folds, null);
            double[] expected = Arrays.stream(row).skip(3).mapToDouble(Double::parseDouble).toArray();
            assertArrayEquals(expected, predicted[Integer.parseInt(row[2])], 1e-7, row[1] + " " + row[2]);
            checked++;
        }
        assertEquals(16, checked);
    }
}
