package metarl.train;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.Interval;
import metarl.basics.RandomStream;
import metarl.plot.Plots;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComparisonTest {
    private static final TaskSet TASKS = TaskSet.of(PointRobot.dense()).train(4).test(3).sample(1);

    private static MetaTraining training(TaskSet tasks) {
        return MetaTraining.on(tasks).algorithm(Td3.pointRobot().hidden(8).randomSteps(100).updatesPerStep(0.1)).steps(300)
            .evaluateEvery(100).adaptTasks(0);
    }

    @Test
    void severalSeedsAreTheSameRunsAsOneByOne(@TempDir Path folder) {
        try (MetaRuns runs = training(TASKS).saveTo(folder.resolve("point")).seeds(3, 4).run();
            MetaRun single = training(TASKS).seed(4).run()) {
            assertEquals(single.log().print(), runs.runs().get(1).log().print());
            assertEquals("point", runs.name());
            assertEquals(2, runs.summary().rowCount());
            assertTrue(runs.summary().name().endsWith("(range of 2 seeds)"), runs.summary().name());
            assertFalse(Plots.learningCurve(runs).toString().contains("95 %"));
            var curve = runs.curve("testReturn");
            assertEquals(3, curve.rowCount());
            for (int i = 0; i < 3; i++) {
                double mean = curve.doubleColumn("mean").get(i);
                assertTrue(curve.doubleColumn("low").get(i) <= mean && mean <= curve.doubleColumn("high").get(i));
            }
            Comparison comparison = Comparison.of(runs, MetaRuns.of("one", single));
            assertEquals(2, comparison.summary().rowCount());
            assertEquals(3, comparison.rows().get(0).tasks());
            assertTrue(Plots.learningCurve(runs).png().length > 1000 && Plots.comparison(comparison).png().length > 1000);
        }
    }

    @Test
    void statisticsHaveTheirKnownValues() {
        assertEquals(4.5, Interval.interquartileMean(new double[] {8, 1, 2, 7, 3, 6, 4, 5}), 1e-12);
        assertEquals(2, Interval.mean(new double[] {1, 3}), 1e-12);
        Interval constant = Interval.bootstrap(new double[][] {{5, 5}, {5, 5}}, Interval::mean, 1);
        assertEquals(new Interval(5, 5, 5), constant);
        assertTrue(constant.excludes(4) && !constant.excludes(5));
    }

    private static void assertClose(Interval expected, Interval found) {
        assertArrayEquals(new double[] {expected.value(), expected.low(), expected.high()},
            new double[] {found.value(), found.low(), found.high()}, 1e-12);
    }

    @Test
    void fewSeedsHaveARangeAndNoNinetyFivePercent() {
        double[][] two = {{1, 2, 3, 10}, {3, 4, 5, 6}};
        assertClose(new Interval(4.25, 4, 4.5), Interval.bootstrap(two, Interval::mean, 1));
        assertClose(new Interval(3.75, 2.5, 4.5), Interval.bootstrap(two, Interval::interquartileMean, 1));
        assertClose(new Interval(2, 2, 2), Interval.ofMean(new double[] {2}, 1));
        assertEquals(List.of("one seed, no interval", "range of 2 seeds", "range of 4 seeds", "95 % bootstrap of 5 seeds"),
            Stream.of(1, 2, 4, 5).map(k -> Interval.kind(k, "seeds")).toList());
    }

    /** What the Javadoc of Interval promises of the range of few draws. */
    @Test
    void theRangeHoldsTheMedianAsOftenAsItSays() {
        var random = RandomStream.of(5, "x");
        int trials = 4_000;
        for (int draws = 2; draws < Interval.FEWEST; draws++) {
            int held = 0;
            for (int i = 0; i < trials; i++) if (!Interval.ofMean(random.doubles(draws).toArray(), i).excludes(0.5)) held++;
            assertEquals(1 - Math.pow(2, 1 - draws), (double) held / trials, 0.025);
        }
    }

    @Test
    void eachStatisticStandsBesideItsOwnInterval() {
        var row = new Comparison.OfMethod("two", 2, 4, new Interval(4.25, 4, 4.5), new Interval(3.75, 2.5, 4.5));
        var comparison = new Comparison("testReturn",
            List.of(row, new Comparison.OfMethod("one", 1, 4, new Interval(4, 4, 4), new Interval(2.5, 2.5, 2.5)),
                new Comparison.OfMethod("six", 6, 4, new Interval(4, 3, 5), new Interval(2.5, 2, 3))));
        var table = comparison.summary();
        assertEquals(
            List.of("method", "seeds", "tasks", "mean", "mean from", "mean to", "interquartile mean", "interquartile mean from",
                "interquartile mean to", "intervals"),
            table.columnNames());
        assertEquals(List.of("range of 2 seeds", "one seed, no interval", "95 % bootstrap of 6 seeds"),
            table.stringColumn("intervals").asList());
        assertEquals(4, table.doubleColumn("mean from").get(0));
        assertEquals(2.5, table.doubleColumn("interquartile mean from").get(0));
        assertTrue(table.column("mean from").isMissing(1) && table.column("interquartile mean to").isMissing(1));
        assertEquals(
            "two: interquartile mean 3.750 [2.500, 4.500] (range of 2 seeds)\none: interquartile mean 2.500 (one seed, no interval)\n"
                + "six: interquartile mean 2.500 [2.000, 3.000] (95 % bootstrap of 6 seeds)",
            comparison.toString());
        assertTrue(
            Plots.comparison(comparison).title()
                .endsWith("interquartile mean, range of 2 seeds / one seed, no interval / 95 % bootstrap of 6 seeds"),
            Plots.comparison(comparison).title());
    }

    @Test
    void theIntervalCoversTheMeanAboutAsOftenAsItSays() {
        var random = RandomStream.of(3, "x");
        int covered = 0, trials = 300;
        for (int i = 0; i < trials; i++) {
            Interval interval = Interval.ofMean(random.doubles(40).toArray(), i);
            if (!interval.excludes(0.5)) covered++;
        }
        assertEquals(0.94, (double) covered / trials, 0.035);
    }

    @Test
    void ofFewValuesStudentsIntervalKeepsItsPromise() {
        Interval known = Interval.ofFew(new double[] {1, 2, 3, 4, 5});
        assertEquals(3, known.value(), 1e-12);
        assertEquals(3 - 2.776445 * Math.sqrt(0.5), known.low(), 1e-6);
        assertEquals(3 + 2.776445 * Math.sqrt(0.5), known.high(), 1e-6);
        var random = RandomStream.of(4, "few");
        int covered = 0, byBootstrap = 0, trials = 2_000;
        for (int i = 0; i < trials; i++) {
            double[] five = random.doubles(5).map(u -> random.nextGaussian()).toArray();
            if (!Interval.ofFew(five).excludes(0)) covered++;
            if (i < 300 && !Interval.ofMean(five, i).excludes(0)) byBootstrap++;
        }
        assertEquals(0.95, (double) covered / trials, 0.015);
        assertTrue(byBootstrap < 0.9 * 300, "the bootstrap of five held the mean in " + byBootstrap + " of 300");
        assertThrows(IllegalArgumentException.class, () -> Interval.ofFew(new double[] {1}));
    }

    @Test
    void whereAnIntervalLiesIsSaidInWords() {
        assertEquals("22.61 [16.16, 28.29] is above 0", new Interval(22.61, 16.16, 28.29).against(0));
        assertEquals("-2.000 [-3.000, -1.000] is below 0", new Interval(-2, -3, -1).against(0));
        assertEquals("3.072 [-0.5009, 6.546] holds 0: cannot be told from it", new Interval(3.072, -0.5009, 6.546).against(0));
        assertEquals("0.6000 [0.5500, 0.6500] is above 0.5", new Interval(0.6, 0.55, 0.65).against(0.5));
    }

    @Test
    void stratifiedDrawsKeepEveryTask() {
        // runs differ by nothing, tasks by much: drawing runs again must not widen the interval
        double[] tasks = {0, 100, 200, 300};
        double[][] scores = Stream.generate(tasks::clone).limit(5).toArray(double[][]::new);
        assertEquals(new Interval(150, 150, 150), Interval.bootstrap(scores, Interval::mean, 1));
        assertEquals(150, Interval.bootstrap(scores, v -> Arrays.stream(v).max().orElseThrow() / 2, 1).value(), 1e-12);
    }

    static Stream<Arguments> badInputs() {
        MetaRun run = training(TASKS).run(), other = training(TaskSet.of(PointRobot.dense()).train(4).test(3).sample(2)).run();
        return Stream.of(
            bad("no seeds", () -> training(TASKS).seeds(), "expected at least one"),
            bad("a seed twice", () -> training(TASKS).seeds(1, 2, 1), "one is there twice"),
            bad("no methods", Comparison::of, "no methods"),
            bad("no runs", () -> new MetaRuns("x", List.of()), "no runs"),
            bad("other tasks", () -> Comparison.of(MetaRuns.of("a", run), MetaRuns.of("b", other)), "only the same tasks can be compared"),
            bad("a metric that was not logged", () -> Comparison.of("speed", MetaRuns.of("a", run)), "has not logged 'speed'"),
            bad("no scores", () -> Interval.bootstrap(new double[0][], Interval::mean, 1), "no scores"),
            bad("runs of other sizes", () -> Interval.bootstrap(new double[][] {{1}, {1, 2}}, Interval::mean, 1), "a run has 2 tasks"),
            bad("choices instead of numbers",
                () -> MetaTraining.on(TaskSet.of(Bandit.bernoulli(5)).train(2).test(1).sample(1)).algorithm(Mql.defaults()).run(),
                "steers with real numbers"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
