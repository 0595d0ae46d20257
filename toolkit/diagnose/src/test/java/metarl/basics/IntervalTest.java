package metarl.basics;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IntervalTest {
    private static void assertClose(Interval expected, Interval found) {
        assertArrayEquals(new double[] {expected.value(), expected.low(), expected.high()},
            new double[] {found.value(), found.low(), found.high()}, 1e-12);
    }

    @Test
    void statisticsHaveTheirKnownValues() {
        assertEquals(4.5, Interval.interquartileMean(new double[] {8, 1, 2, 7, 3, 6, 4, 5}), 1e-12);
        assertEquals(2, Interval.mean(new double[] {1, 3}), 1e-12);
        Interval constant = Interval.bootstrap(new double[][] {{5, 5}, {5, 5}}, Interval::mean, 1);
        assertEquals(new Interval(5, 5, 5, Double.NaN, "range of 2"), constant);
        assertTrue(constant.excludes(4) && !constant.excludes(5));
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
        assertEquals("3.072 [-0.5009, 6.546] contains 0: not clearly different from it", new Interval(3.072, -0.5009, 6.546).against(0));
        assertEquals("0.6000 [0.5500, 0.6500] is above 0.5", new Interval(0.6, 0.55, 0.65).against(0.5));
    }

    @Test
    void stratifiedDrawsKeepEveryTask() {
        // runs differ by nothing, tasks by much: drawing runs again must not widen the interval
        double[] tasks = {0, 100, 200, 300};
        double[][] scores = Stream.generate(tasks::clone).limit(5).toArray(double[][]::new);
        assertEquals(new Interval(150, 150, 150, 0.95, "bootstrap of 5"), Interval.bootstrap(scores, Interval::mean, 1));
        assertEquals(150, Interval.bootstrap(scores, v -> Arrays.stream(v).max().orElseThrow() / 2, 1).value(), 1e-12);
    }

    @Test
    void oneValueIsNotJudged() {
        Interval one = Interval.ofMean(new double[] {2}, 1);
        assertTrue(one.ofOneValue());
        assertEquals("2.000 (one value, no interval)", one.against(0));
        assertEquals("2.000 (one seed, no interval)", one.of(1, "seeds"));
        assertEquals("one value, no interval", one.kind());
        assertFalse(one.excludes(0) || one.excludes(5));
        assertTrue(Interval.bootstrap(new double[][] {{1, 3}}, Interval::mean, 1).ofOneValue());
        // equal values of several draws are judged: that they are equal is seen
        assertEquals("2.000 [2.000, 2.000] is above 0", Interval.ofMean(new double[] {2, 2}, 1).against(0));
    }

    @Test
    void howItWasMadeIsSaid() {
        assertEquals("range of 3", Interval.ofMean(new double[] {1, 2, 3}, 1).kind());
        assertEquals("95 % bootstrap of 6", Interval.ofMean(new double[] {1, 2, 3, 4, 5, 6}, 1).kind());
        assertEquals("95 % Student's t of 3", Interval.ofFew(new double[] {1, 2, 3}).kind());
        Interval normal = Interval.normal(1, 0.5, 0.9);
        assertEquals("90 % normal", normal.kind());
        assertEquals(1 - 1.6448536269514722 * 0.5, normal.low(), 1e-12);
        assertEquals(2 * 1.6448536269514722 * 0.5, normal.width(), 1e-12);
        assertTrue(normal.contains(1.8) && !normal.contains(1.9) && normal.excludes(1.9));
        assertEquals(1.959963984540054, Interval.normal(0, 1, 0.95).high(), 1e-14);
    }

    @Test
    void bootstrapCountsEveryDraw() {
        int[] counts = Bootstrap.counts(50, RandomStream.of(1, "x"));
        assertEquals(50, Arrays.stream(counts).sum());
        double[][] values = Bootstrap.sideBySide(200, 3, 2, random -> new double[] {random.nextInt(10), Double.NaN});
        assertEquals(200, values[0].length);
        assertEquals(0, values[1].length, "what is no number is left out");
        for (int i = 1; i < 200; i++) assertTrue(values[0][i - 1] <= values[0][i]);
        double[] hundred = new double[100];
        for (int i = 0; i < 100; i++) hundred[i] = i;
        assertArrayEquals(new double[] {5, 94}, Bootstrap.middle(hundred, 0.9));
        assertArrayEquals(new double[] {2, 97}, Bootstrap.middle(hundred, 0.95));
        double[] falling = {3, 2, 1};
        int[] next = {0};
        assertArrayEquals(new double[] {1, 2, 3}, Bootstrap.inTurn(3, () -> falling[next[0]++]));
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("no scores", () -> Interval.bootstrap(new double[0][], Interval::mean, 1), "no scores"),
            bad("runs of other sizes", () -> Interval.bootstrap(new double[][] {{1}, {1, 2}}, Interval::mean, 1), "a run has 2 tasks"),
            bad("level", () -> new Interval(0, 0, 0, 1, "x"), "level is 1.0"),
            bad("ends the wrong way round", () -> new Interval(0, 1, -1), "from 1.0 to -1.0"),
            bad("level of a normal interval", () -> Interval.normal(0, 1, Double.NaN), "level is NaN"),
            bad("few resamples", () -> Bootstrap.sideBySide(10, 1, 1, r -> new double[1]), "bootstrap of 10 resamples"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
