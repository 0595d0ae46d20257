package metarl.sweep;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.TwinFile;
import metarl.basics.Interval;
import metarl.plot.SweepPlots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SweepComparisonTest {
    private static final TwinFile TWIN = new TwinFile(SweepComparisonTest.class, "rliable_twin.csv");
    private static final List<String> SETS = List.of("one", "two", "three");

    private static SweepComparison twin() {
        var scores = new LinkedHashMap<String, double[][]>();
        for (String method : List.of("A", "B", "C")) {
            double[] all = TWIN.row("scores " + method);
            double[][] byTask = new double[3][all.length / 3];
            for (int i = 0; i < all.length; i++) byTask[i % 3][i / 3] = all[i];
            scores.put(method, byTask);
        }
        return SweepComparison.of("score", SETS, scores, true);
    }

    private static void near(double expected, double given, double tolerance, String what) {
        assertEquals(expected, given, tolerance, what);
    }

    @Test
    void aggregatesAreThoseOfRliable() {
        SweepComparison comparison = twin();
        for (String method : comparison.methods()) {
            Interval[] all = {comparison.interquartileMean(method), comparison.mean(method), comparison.median(method),
                comparison.optimalityGap(method)};
            TWIN.requireEqual("aggregates " + method, Arrays.stream(all).mapToDouble(Interval::value).toArray(), 1e-12);
            double[] ends = TWIN.row("intervals " + method);
            for (int i = 0; i < all.length; i++) {
                // 2,000 resamples against 20,000
                near(ends[2 * i], all[i].low(), 0.1 * (ends[2 * i + 1] - ends[2 * i]), method + " lower end " + i);
                near(ends[2 * i + 1], all[i].high(), 0.1 * (ends[2 * i + 1] - ends[2 * i]), method + " upper end " + i);
            }
        }
    }

    @Test
    void improvementIsThatOfRliable() {
        SweepComparison comparison = twin();
        for (String pair : List.of("AB", "AC", "BC")) {
            double[] row = TWIN.row("improvement " + pair);
            Interval interval = comparison.improvement(pair.substring(0, 1), pair.substring(1));
            near(row[0], interval.value(), 1e-12, pair);
            near(row[1], interval.low(), 0.03, pair + " lower end");
            near(row[2], interval.high(), 0.03, pair + " upper end");
            near(1 - row[0], comparison.improvement(pair.substring(1), pair.substring(0, 1)).value(), 1e-12, pair + " the other way");
        }
        assertEquals(3, comparison.improvements().rowCount());
    }

    @Test
    void profilesAreThoseOfRliable() {
        SweepComparison comparison = twin();
        double[] taus = TWIN.row("taus");
        for (String method : comparison.methods()) {
            Interval[] profile = comparison.profile(method, taus);
            TWIN.requireEqual("profile " + method, Arrays.stream(profile).mapToDouble(Interval::value).toArray(), 1e-12);
            double[] band = TWIN.row("band " + method);
            for (int i = 0; i < taus.length; i++) {
                // shares are multiples of 1/21
                near(band[2 * i], profile[i].low(), 1.01 / 21, method + " lower end at " + taus[i]);
                near(band[2 * i + 1], profile[i].high(), 1.01 / 21, method + " upper end at " + taus[i]);
            }
        }
        assertEquals(3 * taus.length, comparison.profiles(taus).rowCount());
        assertEquals(3 * 101, comparison.profiles().rowCount());
        assertEquals(1, comparison.profile("A", comparison.taus())[0].value());
        assertEquals(0, comparison.profile("C", comparison.taus())[100].value());
    }

    @Test
    void smallCasesAreAsComputedByHand() {
        double[][] x = {{1, 2, 3}, {0, 4}}, y = {{2, 2}, {4, 8, 0}};
        // on the first set 3 beats both, 2 ties both: (2 + 1)/6; on the second 0 ties 0, 4 ties 4 and beats 0: (0.5 + 0.5 + 1)/6
        assertEquals((0.5 + 1.0 / 3) / 2, Stratified.improvement(x, y), 1e-15);
        assertEquals(2, Stratified.mean(x), 1e-15);
        assertEquals(2, Stratified.median(x), 1e-15);
        assertEquals(3, Stratified.median(new double[][] {{3}, {100}, {-7}}), 1e-15);
        // of 0 1 2 3 4 one is cut at either end
        assertEquals(2, Stratified.interquartileMean(x), 1e-15);
        assertEquals(1 - 4 / 5.0, Stratified.optimalityGap(x), 1e-15);
        assertArrayEquals(new double[] {1, 0.8, 0.6, 0.2, 0}, Stratified.profile(x, new double[] {-1, 0, 1, 3.5, 4}), 1e-15);
        var comparison = SweepComparison.of("score", List.of("one", "two"), Map.of("x", x), false);
        Interval mean = comparison.mean("x");
        // the first runs are 1 and 0, the second ones 2 and 4
        assertEquals(List.of(0.5, 3.0), List.of(mean.low(), mean.high()));
        assertTrue(Double.isNaN(comparison.profile("x", 1)[0].low()), "two runs have no interval of a share");
        assertTrue(comparison.words().contains("results.normalised(\"one\", poor, good)"), comparison.words());
        assertThrows(IllegalStateException.class, () -> comparison.optimalityGap("x"));
        assertFalse(comparison.summary().columnNames().contains("optimality gap"));
    }

    /** What each run is drawn from has one value: so have all resamples. */
    @Test
    void equalRunsHaveIntervalsOfNoWidth() {
        double[][] same = {{2, 2, 2, 2, 2}, {4, 4, 4, 4, 4}};
        var comparison = SweepComparison.of("score", List.of("one", "two"), Map.of("x", same), true);
        for (Interval interval : List.of(comparison.mean("x"), comparison.median("x"), comparison.interquartileMean("x")))
            assertEquals(List.of(3.0, 3.0, 3.0), List.of(interval.value(), interval.low(), interval.high()));
        assertEquals(0, comparison.optimalityGap("x").value());
        assertEquals(List.of(0.5, 0.5),
            List.of(comparison.improvement("x", "x").low(), comparison.improvement("x", "x").high()));
    }

    @Test
    void chartsShowAllMethods() {
        for (var chart : List.of(SweepPlots.comparison(twin()), SweepPlots.profiles(twin()), SweepPlots.improvements(twin())))
            assertTrue(chart.png().length > 5_000, chart.title());
        var one = SweepComparison.of("score", List.of("one"), Map.of("x", new double[][] {{1, 2}}, "y", new double[][] {{3}}), false);
        for (var chart : List.of(SweepPlots.comparison(one), SweepPlots.profiles(one), SweepPlots.improvements(one)))
            assertTrue(chart.png().length > 2_000, chart.title());
        assertEquals(2, one.summary().rowCount());
    }

    static Stream<Arguments> badInputs() {
        var good = SweepComparison.of("score", List.of("one"), Map.of("x", new double[][] {{1}}), false);
        return Stream.of(
            bad("no methods", () -> SweepComparison.of("score", List.of("one"), Map.of(), false), "given no methods"),
            bad("a task set too few", () -> SweepComparison.of("score", SETS, Map.of("x", new double[][] {{1}}), false),
                "the number of task sets of x is 1, expected 3"),
            bad("no runs", () -> SweepComparison.of("score", List.of("one"), Map.of("x", new double[1][0]), false),
                "the number of runs of x on one is 0"),
            bad("no number", () -> SweepComparison.of("score", List.of("one"), Map.of("x", new double[][] {{Double.NaN}}), false),
                "score of x on one 0 is NaN"),
            bad("an unknown method", () -> good.mean("z"), "no method is called 'z'; there are x"),
            bad("τ is no number", () -> good.profile("x", Double.NaN), "τ 0 is NaN"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
