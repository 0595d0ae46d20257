package metarl.diagnose.bandit;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.Interval;
import metarl.diagnose.log.BanditLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

class OffPolicyEvaluationTest {
    private static final double NAN = Double.NaN;

    /** Rounds of a problem whose rewards are linear in the context: 1 for each, r = x·(a + 1) + noise, and policies that lean on x. */
    private record Problem(BanditLog log, double[][] behavior, double[][] target, double truth) {
        static Problem of(int n, long seed) {
            var random = new Random(seed);
            double[][] contexts = new double[n][], behavior = new double[n][], target = new double[n][];
            double[] rewards = new double[n], propensities = new double[n];
            int[] actions = new int[n];
            double truth = 0;
            for (int i = 0; i < n; i++) {
                double x = random.nextGaussian(), b = 1 / (1 + Math.exp(-0.8 * x)), t = 1 / (1 + Math.exp(x - 0.5));
                contexts[i] = new double[] {x};
                behavior[i] = new double[] {b, 1 - b};
                target[i] = new double[] {t, 1 - t};
                actions[i] = random.nextDouble() < b ? 0 : 1;
                propensities[i] = behavior[i][actions[i]];
                rewards[i] = x * (actions[i] + 1) + 0.5 * random.nextGaussian();
                truth += (t * x + (1 - t) * 2 * x) / n;
            }
            return new Problem(BanditLog.of(contexts, actions, rewards, propensities, 2), behavior, target, truth);
        }

        OffPolicyEvaluation evaluation() {
            return OffPolicyEvaluation.of(log).target(target);
        }
    }

    private static final Problem PROBLEM = Problem.of(2_000, 1);

    @Test
    void everyEstimatorFindsTheValue() {
        Estimates estimates = PROBLEM.evaluation().rewardModel(RewardModel.ridge(1)).folds(3).estimate().bootstrap(500, 7)
            .truth(PROBLEM.truth);
        for (Estimate e : estimates.estimates()) assertEquals(PROBLEM.truth, e.value(), 4 * e.standardError() + 0.02, e.name());
        assertTrue(estimates.interval("dr").contains(PROBLEM.truth), estimates.toString());
        assertTrue(estimates.get("dr").standardError() < estimates.get("ips").standardError(), "a good reward model takes variance away");
        Table table = estimates.summary();
        assertEquals(List.of("estimator", "value", "low", "high", "standard error", "ESS", "ESS / n", "value − truth", "note"),
            table.columnNames());
        assertEquals(8, table.rowCount());
        assertTrue(table.doubleColumn("ESS").isMissing(0), "DM weighs nothing");
        assertEquals("value of the target policy from 2000 rounds; intervals: 95 % bootstrap of 500", table.name());
        assertFalse(estimates.toString().contains("NaN"), estimates.toString());
    }

    @Test
    void withoutRewardModelWeightsRemain() {
        Estimates estimates = PROBLEM.evaluation().estimate();
        assertEquals(List.of("IPS", "SNIPS", "clipped IPS", "sub-Gaussian IPS"),
            estimates.estimates().stream().map(e -> e.estimator().name()).toList());
        assertEquals(estimates.get("ips").value(),
            Estimators.ips(PROBLEM.log.rewards(), PROBLEM.log.actions(), PROBLEM.log.propensities(), PROBLEM.target).value());
    }

    @Test
    void lambdaLeftOpenIsChosenByTheRule() {
        var evaluation = PROBLEM.evaluation().rewardModel(RewardModel.ridge(1));
        for (Tuning rule : Tuning.values()) {
            Estimate estimate = evaluation.tuned(rule).estimate("drOs").get("drOs");
            assertFalse(estimate.estimator().needsLambda());
            assertEquals(PROBLEM.truth, estimate.value(), 0.15, rule.name());
        }
        assertEquals(7, evaluation.estimate("drOs(7)").get("drOs").estimator().lambda());
    }

    @Test
    void theModelThatPredictsARoundHasNotSeenIt() {
        // rewards of one round, changed at will, must leave its own prediction alone and move those of the other folds
        double[] rewards = PROBLEM.log.rewards().clone();
        rewards[17] += 1_000;
        BanditLog changed = BanditLog.of(PROBLEM.log.contexts(), PROBLEM.log.actions(), rewards, PROBLEM.log.propensities(), 2);
        int[] fold = RewardModel.folds(2_000, 3, 5);
        double[][] before = RewardModel.ridge(1).crossFit(PROBLEM.log, fold, null),
            after = RewardModel.ridge(1).crossFit(changed, fold, null);
        int action = PROBLEM.log.actions()[17];
        for (int i = 0; i < 2_000; i++) assertEquals(fold[i] == fold[17], before[i][action] == after[i][action], "round " + i);
    }

    @Test
    void foldsAreEvenAndDependOnTheSeed() {
        int[] fold = RewardModel.folds(100, 3, 1);
        assertArrayEquals(new long[] {34, 33, 33},
            IntStream.range(0, 3).mapToLong(f -> Arrays.stream(fold).filter(v -> v == f).count()).toArray());
        assertArrayEquals(fold, RewardModel.folds(100, 3, 1));
        assertFalse(Arrays.equals(fold, RewardModel.folds(100, 3, 2)));
    }

    @Test
    void onPolicyValueIsTheMeanReward() {
        Estimate estimate = OffPolicyEvaluation.of(PROBLEM.log).onPolicyValue();
        assertEquals(Arrays.stream(PROBLEM.log.rewards()).average().orElseThrow(), estimate.value(), 1e-12);
        assertEquals(List.of(), estimate.warnings());
        assertEquals(2_000, estimate.ess().value(), 1e-9);
    }

    @Test
    void balancedWeightsNeedNoPropensities() {
        // of two actions, log w of each is close to linear in x, though not quite
        Estimate estimate = Estimators.balanced(PROBLEM.log, PROBLEM.target, 100);
        assertEquals(PROBLEM.truth, estimate.value(), 4 * estimate.standardError());
        double[] fitted = estimate.rounds().weights().values(),
            known = PROBLEM.evaluation().estimate("ips").get("ips").rounds().weights().values();
        assertEquals(1, Arrays.stream(fitted).average().orElseThrow(), 0.05);
        double apart = IntStream.range(0, fitted.length).mapToDouble(i -> Math.abs(Math.log(fitted[i] / known[i]))).average().orElseThrow();
        assertTrue(apart < 0.25, "mean |log ŵ/w| " + apart);
        assertTrue(estimate.warnings().get(0).contains("a classifier fitted on these rounds"));
        // without contexts there is a closed form: target probability over logged share, as the penalty vanishes
        var log = BanditLog.of(new double[4][0], new int[] {0, 0, 0, 1}, new double[] {1, 2, 3, 4}, new double[] {1, 1, 1, 1}, 2);
        double[][] halves = {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}};
        assertArrayEquals(new double[] {2 / 3.0, 2 / 3.0, 2 / 3.0, 2}, Estimators.balanced(log, halves, 1e6).rounds().weights().values(),
            1e-4);
        assertEquals(3, Estimators.balanced(log, halves, 1e6).value(), 1e-4);
    }

    @Test
    void aPolicyThatActsAlikeEverywhere() {
        double[][] rows = new double[2_000][];
        Arrays.fill(rows, new double[] {0.3, 0.7});
        assertEquals(OffPolicyEvaluation.of(PROBLEM.log).target(rows).estimate("ips").get("ips").value(),
            OffPolicyEvaluation.of(PROBLEM.log).target(new double[] {0.3, 0.7}).estimate("ips").get("ips").value());
    }

    /** The intervals of a mean of n rewards of 0 or 1, where all weights are 1, in closed form. */
    @Test
    void intervalsOfCoinTosses() {
        int n = 400, ones = 120;
        double[] rewards = IntStream.range(0, n).mapToDouble(i -> i < ones ? 1 : 0).toArray(), halves = new double[n];
        Arrays.fill(halves, 0.5);
        double[][] contexts = new double[n][0];
        var evaluation = OffPolicyEvaluation.of(BanditLog.of(contexts, new int[n], rewards, halves, 2)).target(new double[] {0.5, 0.5});
        double p = 0.3, error = Math.sqrt(p * (1 - p) / (n - 1));
        Estimates estimates = evaluation.estimate("ips", "snips");
        Interval normal = estimates.normal(0.95).interval("ips");
        assertEquals(p, estimates.get("ips").value(), 1e-12);
        assertEquals(error, estimates.get("ips").standardError(), 1e-12);
        assertEquals(p - 1.959963984540054 * error, normal.low(), 1e-9);
        assertEquals(p + 1.959963984540054 * error, normal.high(), 1e-9);
        // quantiles 2.5 % and 97.5 % of Binomial(400, 0.3) / 400
        Interval bootstrap = estimates.bootstrap(20_000, 3).interval("ips");
        assertEquals(102 / 400.0, bootstrap.low(), 0.0025 + 1e-9);
        assertEquals(138 / 400.0, bootstrap.high(), 0.0025 + 1e-9);
        double logarithm = Math.log(4 / 0.05),
            reach = Math.sqrt(2 * n * p * (1 - p) / (n - 1) * logarithm / n) + 7 * logarithm / (3.0 * (n - 1));
        Interval bernstein = estimates.bernstein(0, 1, 1, 0.95).interval("ips");
        assertEquals(p - reach, bernstein.low(), 1e-12);
        assertEquals(p + reach, bernstein.high(), 1e-12);
        assertNull(estimates.bernstein(0, 1, 1, 0.95).interval("snips"));
        assertEquals(2 * reach, bernstein.width(), 1e-12);
    }

    @Test
    void bootstrapIsRepeatableAndAgreesWithTheDeltaMethod() {
        Estimates estimates = PROBLEM.evaluation().rewardModel(RewardModel.ridge(1)).estimate("snips", "snDr", "dr");
        Estimates once = estimates.bootstrap(2_000, 11), again = estimates.bootstrap(2_000, 11), other = estimates.bootstrap(2_000, 12);
        assertEquals(once.intervals(), again.intervals());
        assertFalse(once.intervals().equals(other.intervals()));
        for (String key : new String[] {"snips", "snDr", "dr"})
            assertEquals(estimates.get(key).normal().width(), once.interval(key).width(), 0.1 * once.interval(key).width(), key);
        assertEquals(once.interval("dr").width(), estimates.get("dr").bootstrap(2_000, 11).width(), 1e-12, "alone or beside others");
    }

    @Test
    void bernsteinKnowsWhatAWeightCanBecome() {
        Estimates estimates = PROBLEM.evaluation().estimate("ips", "clippedIps(2)", "subGaussian(0.5)");
        Estimates bounded = estimates.bernstein(-20, 20, 100, 0.9);
        double logarithm = Math.log(40), n = 2_000;
        assertEquals(7 * 2 * 40 * logarithm / (3 * (n - 1)) + estimates.get("clippedIps").standardError() * Math.sqrt(2 * logarithm),
            bounded.interval("clippedIps").width() / 2, 1e-9);
        assertTrue(bounded.interval("clippedIps").width() < bounded.interval("ips").width());
        assertEquals(Math.sqrt(9) / 2, WeightShape.SHRUNK.bound(9, 100), 1e-12);
        assertEquals(9 * 2 / (4 + 9.0), WeightShape.SHRUNK.bound(9, 2), 1e-12);
    }

    // --- what users get wrong ---

    private static String warnings(OffPolicyEvaluation evaluation, String... keys) {
        return String.join("\n", evaluation.estimate(keys).warnings());
    }

    @Test
    void nothingIsSaidWhereNothingIsWrong() {
        assertEquals("", warnings(PROBLEM.evaluation().rewardModel(RewardModel.ridge(1)), "ips", "snips", "dr", "mrdr"));
    }

    @Test
    void swappedPoliciesShowInTheMeanWeight() {
        double[] targets = IntStream.range(0, 2_000).mapToDouble(i -> PROBLEM.target[i][PROBLEM.log.actions()[i]]).toArray();
        BanditLog swapped = BanditLog.of(PROBLEM.log.contexts(), PROBLEM.log.actions(), PROBLEM.log.rewards(), targets, 2);
        String said = warnings(OffPolicyEvaluation.of(swapped).target(PROBLEM.behavior), "ips");
        assertTrue(said.contains("The mean weight is") && said.contains("expected 1 (within 5 %") && said.contains("swapped"), said);
        String twice = warnings(OffPolicyEvaluation.of(swapped).target(PROBLEM.target), "ips");
        assertTrue(twice.contains("All weights are 1") && twice.contains("the target's as propensities"), twice);
        double[] ofTheOther = IntStream.range(0, 2_000).mapToDouble(i -> 1 - PROBLEM.log.propensities()[i]).toArray();
        BanditLog other = BanditLog.of(PROBLEM.log.contexts(), PROBLEM.log.actions(), PROBLEM.log.rewards(), ofTheOther, 2);
        assertTrue(warnings(OffPolicyEvaluation.of(other).target(PROBLEM.behavior), "snips").contains("The mean weight is"));
    }

    @Test
    void actionsNeverLogged() {
        double[][] contexts = new double[100][0];
        double[] rewards = IntStream.range(0, 100).mapToDouble(i -> i % 7).toArray(), halves = new double[100];
        Arrays.fill(halves, 0.5);
        int[] actions = IntStream.range(0, 100).map(i -> i % 2).toArray();
        var evaluation = OffPolicyEvaluation.of(BanditLog.of(contexts, actions, rewards, halves, 3)).target(new double[] {0.3, 0.3, 0.4})
            .rewardModel(RewardModel.ridge(1));
        Estimates estimates = evaluation.estimate("ips", "dm");
        assertTrue(estimates.get("ips").warnings().get(0).contains("(1 of 3, the first is 2) in 40.0 % of its choices"),
            estimates.toString());
        assertTrue(estimates.get("ips").warnings().get(1).contains("the log holds nothing about part of what the target does"),
            estimates.toString());
        assertEquals(Arrays.stream(rewards).average().orElseThrow(), estimates.get("dm").value(), 0.2,
            "an action never seen is predicted by the mean");
    }

    @Test
    void deterministicBehaviorConstantRewardsAndFewRounds() {
        double[] ones = {1, 1, 1};
        var log = BanditLog.of(new double[3][0], new int[] {0, 1, 0}, new double[] {2, 2, 2}, ones, 2);
        String said = warnings(OffPolicyEvaluation.of(log).target(new double[] {0.5, 0.5}), "ips");
        assertTrue(said.contains("Only 3 rounds (below 30)"), said);
        assertTrue(said.contains("All 3 rewards are 2.0: a standard error of 0 is not certainty"), said);
        assertTrue(said.contains("Every propensity is 1: the behavior policy was deterministic"), said);
        assertFalse(said.contains("mean weight"), said);
    }

    @Test
    void fittingOnTheEvaluatedRoundsIsAChoiceThatIsWarnedOf() {
        String said = warnings(PROBLEM.evaluation().rewardModel(RewardModel.ridge(1)).withoutCrossFitting(), "ips", "dr");
        assertTrue(said.startsWith("DR: The reward model was fitted on the rounds it predicts"), said);
        double[][] memorised = new double[2_000][2];
        for (int i = 0; i < 2_000; i++) memorised[i][PROBLEM.log.actions()[i]] = PROBLEM.log.rewards()[i];
        String exact = warnings(PROBLEM.evaluation().predictedRewards(memorised), "dr");
        assertTrue(exact.contains("predicts 100 % of the rewards that are not 0 exactly (limit 20 %)"), exact);
    }

    @Test
    void anActionThatOneFoldHoldsAlone() {
        int n = 60;
        int[] actions = new int[n];
        actions[5] = 1;
        double[] rewards = IntStream.range(0, n).mapToDouble(i -> i % 3).toArray(), propensities = new double[n];
        Arrays.fill(propensities, 0.9);
        propensities[5] = 0.1;
        var log = BanditLog.of(new double[n][0], actions, rewards, propensities, 2);
        String said = warnings(OffPolicyEvaluation.of(log).target(new double[] {0.95, 0.05}).rewardModel(RewardModel.ridge(1)), "dr");
        assertTrue(said.contains("All rounds of action 1 (1 in the log) are in one fold of 3"), said);
    }

    @Test
    void weightsThatCarryNothing() {
        int n = 200;
        double[] propensities = new double[n], rewards = IntStream.range(0, n).mapToDouble(i -> i % 5).toArray();
        Arrays.fill(propensities, 0.99);
        int[] actions = new int[n];
        for (int i = 0; i < 4; i++) {
            actions[i] = 1;
            propensities[i] = 0.01;
        }
        var evaluation = OffPolicyEvaluation.of(BanditLog.of(new double[n][0], actions, rewards, propensities, 2))
            .target(new double[] {0.02, 0.98});
        String said = warnings(evaluation, "ips");
        assertTrue(said.contains("ESS 4 of 200 (2.0 %): below 10 %, few of the rounds decide"), said);
        String clipped = warnings(evaluation, "clippedIps(5)");
        assertTrue(clipped.contains("λ = 5 removes") && clipped.contains("a bias that no interval shows"), clipped);
        assertTrue(warnings(evaluation.rewardModel(RewardModel.ridge(1)), "switchDr(0)").contains("leaves no weight above 0"));
    }

    @Test
    void whatALambdaLeavesOutIsSaidInNumbers() {
        double[] w = PROBLEM.evaluation().estimate("ips").get("ips").rounds().weights().values(), lost = new double[w.length];
        Arrays.setAll(lost, i -> (w[i] - Math.min(w[i], 0.5)) * PROBLEM.log.rewards()[i]);
        double mean = Arrays.stream(lost).average().orElseThrow(), squares = Arrays.stream(lost).map(v -> (v - mean) * (v - mean)).sum();
        String said = warnings(PROBLEM.evaluation(), "clippedIps(0.5)");
        assertTrue(said.contains(String.format(Locale.ROOT, "leaves out a correction of %.2g ± %.1g: a bias that no interval shows", mean,
            Math.sqrt(squares / 2_000 / 1_999))), said);
        Estimates estimates = PROBLEM.evaluation().rewardModel(RewardModel.ridge(1)).estimate("dm", "dr");
        String direct = estimates.get("dm").warnings().get(0);
        assertTrue(
            direct.contains(
                String.format(Locale.ROOT, "leaves out a correction of %.2g ±", estimates.get("dr").value() - estimates.get("dm").value())),
            direct);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aRightLogIsSeldomAccused(long seed) {
        assertEquals("", warnings(Problem.of(500, seed).evaluation(), "ips"));
    }

    static Stream<Arguments> badInputs() {
        BanditLog log = Problem.of(20, 1).log;
        var evaluation = OffPolicyEvaluation.of(log).target(new double[] {0.5, 0.5});
        var model = RewardModel.ridge(1);
        double[][] x = {{1}, {2}};
        double[] two = {0.2, 0.4};
        int[] actions = {0, 1};
        Estimates fine = evaluation.estimate("ips", "snips");
        return Stream.of(
            bad("no target", () -> OffPolicyEvaluation.of(log).estimate("ips"), "no policy to evaluate"),
            bad("target of other length", () -> evaluation.target(new double[][] {{1, 0}}), "has 1 rows, the log has 20 rounds"),
            bad("target of other width", () -> evaluation.target(new double[] {0.2, 0.2, 0.6}),
                "row 0 of the target policy has 3 actions, the log has 2"),
            bad("scores for probabilities", () -> evaluation.target(new double[] {3, 5}).estimate("ips"), "sums to 8.0"),
            bad("no reward model", () -> evaluation.estimate("dr"), "DR needs a reward model"),
            bad("no reward model for MRDR", () -> evaluation.estimate("mrdr"), "MRDR fits a reward model of its own"),
            bad("nothing asked for", () -> evaluation.estimate(new String[0]), "given no estimates"),
            bad("one fold", () -> evaluation.folds(1), "withoutCrossFitting()"),
            bad("too many folds", () -> evaluation.folds(21), "21 folds of 20 rounds"),
            bad("not estimated", () -> fine.get("dr"), "'dr' was not estimated; there are: IPS, SNIPS"),
            bad("few resamples", () -> fine.bootstrap(10, 1), "bootstrap of 10 resamples"),
            bad("level", () -> fine.normal(95), "level is 95.0"),
            bad("level of bootstrap", () -> fine.bootstrap(1_000, 1, 0), "level is 0.0"),
            bad("truth", () -> fine.truth(NAN), "the true value is NaN"),
            bad("range too small", () -> fine.bernstein(0, 1e-9, 10, 0.95), "reward 0 is"),
            bad("range reversed", () -> fine.bernstein(1, 0, 10, 0.95), "the smaller first"),
            bad("weight bound too small", () -> fine.bernstein(-100, 100, 0.1, 0.95), "weight 0 is"),
            bad("Bernstein of a ratio", () -> fine.get("snips").bernstein(-100, 100, 10, 0.95), "share their normaliser"),
            bad("strength", () -> RewardModel.ridge(0), "strength is 0.0"),
            bad("strength NaN", () -> RewardModel.logistic(NAN), "strength is NaN"),
            bad("reward of a logistic model", () -> RewardModel.logistic(1).fit(x, actions, new double[] {0, 3}, two, 2),
                "reward 1 is 3.0; expected 0 to 1"),
            bad("fit on nothing", () -> model.fit(new double[0][], new int[0], new double[0], new double[0], 2), "no rounds to fit"),
            bad("fit lengths", () -> model.fit(x, actions, new double[] {1}, two, 2), "2 contexts, 2 actions, 1 rewards"),
            bad("fit actions", () -> model.fit(x, new int[] {0, 2}, two, two, 2), "action 1 is 2"),
            bad("fit weights", () -> model.fit(x, actions, two, new double[] {1, -1}, 2), "sample weight 1 is -1.0"),
            bad("fit weights 0", () -> model.fit(x, actions, two, new double[2], 2), "all 2 sample weights are 0"),
            bad("fit ragged", () -> model.fit(new double[][] {{1}, {1, 2}}, actions, two, two, 2), "context 1 has 2 features"),
            bad("predict width", () -> model.fit(x, actions, two, two, 2).predict(new double[][] {{1, 2}}),
                "context 0 has 2 features, the model was fitted on 1"),
            bad("balanced strength", () -> Estimators.balanced(log, evaluation.target(), 0), "inverseStrength is 0.0"),
            bad("fold lengths", () -> model.crossFit(log, new int[3], null), "given 3 folds"),
            bad("one fold given", () -> model.crossFit(log, new int[20], null), "all rounds are in fold 0"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
