package metarl.env.wrapper;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.VectorEnvironment;
import metarl.task.Task;
import metarl.task.families.Bandit;
import metarl.task.families.Maze;
import metarl.task.families.Point;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Row;

class WrapperTest {
    private static final Task POINT = PointRobot.dense().task(0.5, -0.5);

    private static Map<String, UnaryOperator<Environment>> wrappers() {
        var all = new LinkedHashMap<String, UnaryOperator<Environment>>();
        all.put("delayed", e -> new DelayedReward(e, 7));
        all.put("sparse", e -> new SparseReward(e, -0.4));
        all.put("rescaled", e -> new RescaledAction(e, new Space.Box(new double[] {-3, 0}, new double[] {1, 10})));
        all.put("limited", e -> new TimeLimit(e, 9));
        all.put("normalized observation", e -> new NormalizedObservation(e, RunningStatistics.of(2).frozen()));
        all.put("normalized reward", e -> new NormalizedReward(e, RunningStatistics.of(1).frozen(), 0.9));
        all.put("nested", e -> new DelayedReward(new TimeLimit(new NormalizedReward(e, RunningStatistics.of(1).frozen(), 0.99), 11), 4));
        return all;
    }

    static Stream<String> names() {
        return wrappers().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyWrapperIsAProperEnvironment(String name) {
        try (Environment environment = wrappers().get(name).apply(POINT.environment())) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), row.getString("property") + row.getString("seen"));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyWrapperKeepsTheOutcomeAndIsRepeatable(String name) {
        for (long seed = 1; seed <= 20; seed++) {
            List<Step> first = episode(wrappers().get(name).apply(POINT.environment()), seed),
                second = episode(wrappers().get(name).apply(POINT.environment()), seed);
            for (int t = 0; t < first.size(); t++) {
                assertEquals(first.get(t).reward(), second.get(t).reward());
                assertArrayEquals(first.get(t).outcome(), second.get(t).outcome());
                double dense = -Math.hypot(first.get(t).outcome()[0] - 0.5, first.get(t).outcome()[1] + 0.5);
                assertEquals(dense, POINT.reward(first.get(t).outcome(), new double[2]), 1e-12);
            }
            assertTrue(first.get(first.size() - 1).last());
        }
    }

    private static List<Step> episode(Environment environment, long seed) {
        try (environment) {
            var random = RandomStream.of(seed, "episode");
            environment.reset(random);
            var steps = new ArrayList<Step>();
            do {
                steps.add(environment.step(environment.actions().sample(random)));
                assertTrue(environment.observations().contains(steps.get(steps.size() - 1).observation()));
            } while (!steps.get(steps.size() - 1).last());
            return steps;
        }
    }

    private static double total(List<Step> steps) {
        return steps.stream().mapToDouble(Step::reward).sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 20, 1000})
    void delayPreservesTheSumAndPaysAtTheRightSteps(int delay) {
        for (Task task : List.of(POINT, Point.navigation().task(0.1, 0.1), Maze.small().sample(1, RandomStream.of(1, "x")).get(0))) {
            for (long seed = 1; seed <= 10; seed++) {
                List<Step> dense = episode(task.environment(), seed), delayed = episode(new DelayedReward(task.environment(), delay), seed);
                assertEquals(dense.size(), delayed.size());
                assertEquals(total(dense), total(delayed), 1e-9);
                for (int t = 1; t < delayed.size(); t++) if (t % delay != 0) assertEquals(0, delayed.get(t - 1).reward());
                if (delay == 1) for (int t = 0; t < dense.size(); t++) assertEquals(dense.get(t).reward(), delayed.get(t).reward());
            }
        }
    }

    @Test
    void delayStartsAgainWithEveryEpisode() {
        var environment = new DelayedReward(POINT.environment(), 3);
        environment.reset(RandomStream.of(1, "x"));
        environment.step(new double[2]);
        environment.step(new double[2]);
        environment.reset(RandomStream.of(1, "x"));
        double start = environment.step(new double[2]).reward();
        assertEquals(0, start);
        assertEquals(0, environment.step(new double[2]).reward());
        assertTrue(environment.step(new double[2]).reward() < 0);
    }

    @Test
    void sparseKeepsWhatReachesTheThreshold() {
        List<Step> dense = episode(POINT.environment(), 3);
        double threshold = dense.stream().mapToDouble(Step::reward).sorted().skip(10).findFirst().orElseThrow();
        List<Step> sparse = episode(new SparseReward(POINT.environment(), threshold), 3);
        int kept = 0;
        for (int t = 0; t < dense.size(); t++) {
            boolean keeps = dense.get(t).reward() >= threshold;
            if (keeps) kept++;
            assertEquals(keeps ? dense.get(t).reward() : 0, sparse.get(t).reward());
        }
        assertEquals(10, kept);
    }

    @Test
    void rescaledActionsMeetTheInnerBounds() {
        var environment = new RescaledAction(POINT.environment(), new Space.Box(new double[] {0, 0}, new double[] {10, 4}));
        double[] start = environment.reset(RandomStream.of(1, "x"));
        assertArrayEquals(new double[] {start[0] + 0.1, start[1] - 0.1}, environment.step(new double[] {10, 0}).observation(), 1e-12);
        start = environment.reset(RandomStream.of(1, "x"));
        assertArrayEquals(start, environment.step(new double[] {5, 2}).observation(), 1e-12);
        assertArrayEquals(new double[] {0.5, -1}, environment.inside(new double[] {7.5, -3}), 1e-12);
        start = environment.reset(RandomStream.of(1, "x"));
        assertArrayEquals(new double[] {start[0] + 0.1, start[1] + 0.05}, environment.step(new double[] {99, 3}).observation(), 1e-12);
    }

    @Test
    void aTimeLimitTruncatesAndATerminationStaysOne() {
        List<Step> steps = episode(new TimeLimit(POINT.environment(), 5), 1);
        assertEquals(5, steps.size());
        assertTrue(steps.get(4).truncated() && !steps.get(4).terminated());
        assertEquals(20, episode(new TimeLimit(POINT.environment(), 500), 1).size());
        var bandit = new TimeLimit(Point.navigation().task(0.1, 0).environment(), 1);
        bandit.reset(RandomStream.of(1, "x"));
        Step step = bandit.step(new double[] {1, 0});
        assertTrue(step.terminated() && !step.truncated());
    }

    @Test
    void normalizedObservationsHaveMeanZeroAndDeviationOne() {
        var statistics = RunningStatistics.of(2);
        for (long seed = 1; seed <= 300; seed++) episode(new NormalizedObservation(POINT.environment(), statistics), seed);
        var check = RunningStatistics.of(2);
        RunningStatistics frozen = statistics.frozen();
        for (long seed = 1; seed <= 300; seed++)
            for (Step s : episode(new NormalizedObservation(POINT.environment(), frozen), seed)) check.add(s.observation());
        for (int i = 0; i < 2; i++) {
            assertEquals(0, check.mean()[i], 0.02);
            assertEquals(1, check.variance()[i], 0.03);
        }
        assertEquals(statistics.toString(), frozen.toString(), "frozen statistics do not move");
        assertTrue(frozen.isFrozen() && !statistics.isFrozen());
    }

    @Test
    void normalizedRewardsDivideByTheDeviationOfTheReturn() {
        var statistics = RunningStatistics.of(1);
        List<Step> plain = episode(POINT.environment(), 5), scaled = episode(new NormalizedReward(POINT.environment(), statistics, 0.9), 5);
        var returns = RunningStatistics.of(1);
        double sum = 0;
        for (int t = 0; t < plain.size(); t++) {
            sum = 0.9 * sum + plain.get(t).reward();
            returns.add(sum);
            assertEquals(plain.get(t).reward() / Math.sqrt(returns.variance()[0] + 1e-8), scaled.get(t).reward(), 1e-12);
        }
    }

    @Test
    void statisticsEqualTheClosedFormMergeAndSurviveAFile() throws IOException {
        double[] values = RandomStream.of(3, "x").doubles(1000, -5, 20).toArray();
        RunningStatistics all = RunningStatistics.of(1), left = RunningStatistics.of(1), right = RunningStatistics.of(1);
        for (int i = 0; i < values.length; i++) {
            all.add(values[i]);
            (i < 300 ? left : right).add(values[i]);
        }
        double mean = Arrays.stream(values).average().orElseThrow(),
            variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        left.merge(right);
        for (RunningStatistics s : List.of(all, left)) {
            assertEquals(mean, s.mean()[0], 1e-11);
            assertEquals(variance, s.variance()[0], 1e-10);
            assertEquals(1000, s.count());
        }
        var bytes = new ByteArrayOutputStream();
        all.save(new DataOutputStream(bytes));
        assertEquals(all.toString(), RunningStatistics.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))).toString());
        assertThrows(IOException.class, () -> RunningStatistics.load(new DataInputStream(new ByteArrayInputStream(new byte[30]))));
        assertFalse(all.isFrozen());
    }

    static Stream<Arguments> badInputs() {
        Environment point = POINT.environment();
        return Stream.of(
            bad("no delay", () -> new DelayedReward(point, 0), "delay is 0"),
            bad("a negative delay", () -> new DelayedReward(point, -3), "delay is -3"),
            bad("a threshold that is no number", () -> new SparseReward(point, Double.NaN), "threshold is NaN"),
            bad("a limit that loses a payment", () -> new TimeLimit(new DelayedReward(point, 3), 5), "put the limit inside"),
            bad("an environment twice", () -> VectorEnvironment.of(List.of(point, point)), "there twice"),
            bad("no steps", () -> new TimeLimit(point, 0), "limit is 0"),
            bad("a box of the wrong size", () -> new RescaledAction(point, Space.box(3, 1)), "has 3 entries, expected 2"),
            bad("an unbounded box", () -> new RescaledAction(point, Space.unbounded(2)), "expected finite bounds"),
            bad("an empty box", () -> new RescaledAction(point, Space.box(2, 0)), "goes from"),
            bad("choices that cannot be rescaled", () -> new RescaledAction(Bandit.bernoulli(2).task(0, 1).environment(), Space.box(1, 1)),
                "only a box"),
            bad("statistics of the wrong size", () -> new NormalizedObservation(point, RunningStatistics.of(3)),
                "have 3 entries, expected 2"),
            bad("statistics of more than the return", () -> new NormalizedReward(point, RunningStatistics.of(2), 0.9), "expected 1"),
            bad("a discount of 1", () -> new NormalizedReward(point, RunningStatistics.of(1), 1), "discount is 1.0"),
            bad("statistics of nothing", () -> RunningStatistics.of(0), "size is 0"),
            bad("a vector of the wrong length", () -> RunningStatistics.of(2).add(1), "given 1 values, expected 2"),
            bad("a vector that is not finite", () -> RunningStatistics.of(2).add(1, Double.POSITIVE_INFINITY), "entry 1 is Infinity"),
            bad("merging other sizes", () -> RunningStatistics.of(2).merge(RunningStatistics.of(1)), "have 1 entries, expected 2"),
            bad("no environments", () -> VectorEnvironment.of(List.of()), "given no environments"),
            bad("no threads", () -> VectorEnvironment.of(List.of(point), 0), "threads is 0"),
            bad("mixed environments", () -> VectorEnvironment.of(List.of(point, Bandit.bernoulli(2).task(0, 1).environment())),
                "environment 1 has observations"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
