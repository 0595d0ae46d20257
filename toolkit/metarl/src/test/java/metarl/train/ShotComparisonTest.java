package metarl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import metarl.chart.Chart;
import metarl.plot.Plots;
import metarl.task.Task;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;

class ShotComparisonTest {
    private static final List<Task> TASKS = PointRobot.dense().sample(2, new Random(7));

    private static ShotEvaluation shots(double... rounds) {
        double[] better = rounds.clone();
        for (int i = 0; i < better.length; i++) better[i] += 2;
        return new ShotEvaluation(TASKS, new double[][] {rounds, better});
    }

    private static List<String> names(Chart chart) {
        return ((List<?>) chart.plotly().get("data")).stream().map(d -> String.valueOf(((Map<?, ?>) d).get("name"))).toList();
    }

    @Test
    void episodicAndOnlineDiffer() {
        var both = ShotComparison.of("explores first", shots(0, 10)).and("is always fair", shots(7, 8));
        assertEquals(11, both.rows().get(0).episodic().value());
        assertEquals(9, both.rows().get(1).episodic().value());
        assertEquals(12, both.rows().get(0).online().value());
        assertEquals(17, both.rows().get(1).online().value());
        assertEquals("range of 2 tasks", both.rows().get(0).kind());
        assertEquals(10, both.rows().get(0).episodic().low(), "the less fortunate task");
        var table = both.summary();
        assertEquals(List.of("explores first", "is always fair"), table.stringColumn("method").asList());
        assertEquals(List.of(1.0, 8.0), table.doubleColumn("round 0").asList());
        assertEquals(List.of(12.0, 17.0), table.doubleColumn("sum of rounds").asList());
    }

    @Test
    void severalRunsAreDrawnAgainAsRuns() {
        var three = ShotComparison.of("a method", shots(0, 1), shots(0, 2), shots(0, 6)).rows().get(0);
        assertEquals("range of 3 seeds", three.kind());
        assertEquals(4, three.episodic().value(), 1e-12);
        assertEquals(2, three.episodic().low(), 1e-12);
        assertEquals(7, three.episodic().high(), 1e-12);
    }

    @Test
    void onlyWhatWasJudgedAlikeIsCompared() {
        var first = ShotComparison.of("A", shots(0, 1));
        var rounds = assertThrows(IllegalArgumentException.class, () -> first.and("B", shots(0, 1, 2)));
        assertTrue(rounds.getMessage().contains("B was judged by 3 rounds on 2 tasks, A by 2 rounds on 2"), rounds.getMessage());
        var others = new ShotEvaluation(PointRobot.dense().sample(2, new Random(8)), new double[2][2]);
        assertThrows(IllegalArgumentException.class, () -> first.and("B", others));
        assertThrows(IllegalArgumentException.class, () -> ShotComparison.of("A"));
    }

    @Test
    void chartHasALineAndABandForEach() {
        var both = ShotComparison.of("A", shots(0, 10)).and("B", shots(7, 8));
        assertEquals(List.of("A range of 2 tasks", "A, range of 2 tasks", "B range of 2 tasks", "B, range of 2 tasks"),
            names(Plots.shots(both)));
        var alone = new ShotEvaluation(TASKS.subList(0, 1), new double[][] {{1, 2}});
        assertEquals(1, names(Plots.shots(ShotComparison.of("A", alone))).size(), "one task has no band");
    }
}
