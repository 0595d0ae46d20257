package metarl.train;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.Interval;
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

    static Stream<Arguments> badInputs() {
        MetaRun run = training(TASKS).run(), other = training(TaskSet.of(PointRobot.dense()).train(4).test(3).sample(2)).run();
        return Stream.of(
            bad("no seeds", () -> training(TASKS).seeds(), "expected at least one"),
            bad("a seed twice", () -> training(TASKS).seeds(1, 2, 1), "one is there twice"),
            bad("no methods", Comparison::of, "no methods"),
            bad("no runs", () -> new MetaRuns("x", List.of()), "no runs"),
            bad("other tasks", () -> Comparison.of(MetaRuns.of("a", run), MetaRuns.of("b", other)), "only the same tasks can be compared"),
            bad("a metric that was not logged", () -> Comparison.of("speed", MetaRuns.of("a", run)), "has not logged 'speed'"),
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
