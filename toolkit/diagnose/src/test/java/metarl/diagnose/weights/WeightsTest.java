package metarl.diagnose.weights;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class WeightsTest {
    private static double[] uniform(int n, long seed) {
        double[] out = new double[n];
        long state = seed;
        for (int i = 0; i < n; i++) {
            state = 6364136223846793005L * state + 1442695040888963407L;
            out[i] = ((state >>> 11) + 0.5) / (1L << 53);
        }
        return out;
    }

    private static double[] each(double[] values, DoubleUnaryOperator f) {
        return Arrays.stream(values).map(f).toArray();
    }

    private static double nearlyLognormal(double[] twelve) {
        double z = 0;
        for (double u : twelve) z += u;
        double w = 1 + (z - 6) / 1024;
        for (int i = 0; i < 10; i++) w *= w;
        return w;
    }

    /** The sets of psis_twin.py, to the last bit before their logarithms. */
    private static double[] twin(String set, int n) {
        return switch (set) {
            case "bounded" -> each(uniform(n, 1), u -> 2 * u);
            case "shape 1/4" -> each(uniform(n, 2), u -> 1 / Math.sqrt(Math.sqrt(u)));
            case "shape 1/2" -> each(uniform(n, 3), u -> 1 / Math.sqrt(u));
            case "shape 1" -> each(uniform(n, 4), u -> 1 / u);
            case "shape 3/2" -> each(uniform(n, 5), u -> 1 / (u * Math.sqrt(u)));
            case "lognormal" -> {
                double[] u = uniform(12 * n, 6);
                yield IntStream.range(0, n).mapToDouble(i -> nearlyLognormal(Arrays.copyOfRange(u, 12 * i, 12 * i + 12))).toArray();
            }
            case "integers" -> each(uniform(n, 7), u -> Math.floor(1 / u));
            case "with zeros" -> each(uniform(n, 8), u -> Math.max(0, 1 / Math.sqrt(u) - 1.2));
            case "far apart" -> each(uniform(n, 9), u -> 1 / u);
            default -> throw new AssertionError(set);
        };
    }

    static Stream<String> twins() throws Exception {
        try (var in = new BufferedReader(new InputStreamReader(WeightsTest.class.getResourceAsStream("psis_twin.csv")))) {
            return in.lines().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("twins")
    void psisEqualsArviz(String line) {
        String[] cells = line.split(",");
        int n = Integer.parseInt(cells[1]);
        double[] logs = each(twin(cells[0], n), w -> Math.log(w) * (cells[0].equals("far apart") ? 200 : 1));
        Psis psis = ImportanceWeights.ofLog(logs).psis();
        double khat = Double.parseDouble(cells[2].replace("inf", "Infinity"));
        assertEquals(khat, psis.khat(), Double.isInfinite(khat) ? 0 : 1e-11 * Math.max(1, Math.abs(khat)));
        double logSum = Double.parseDouble(cells[3]), ess = Double.parseDouble(cells[4]);
        assertEquals(logSum, psis.logSum(), 1e-11 * Math.max(1, Math.abs(logSum)));
        assertEquals(ess, ImportanceWeights.ofLog(psis.smoothedLogWeights()).ess().value(), 1e-10 * ess);
        for (String cell : Arrays.asList(cells).subList(6, 6 + Integer.parseInt(cells[5]))) {
            String[] pair = cell.split(":");
            double value = Double.parseDouble(pair[1]);
            assertEquals(value, psis.smoothedLogWeights()[Integer.parseInt(pair[0])], 1e-11 * Math.max(1, Math.abs(value)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void scaleOrderAndLogarithmsChangeNothing(long seed) {
        var random = new Random(seed);
        double[] w = random.doubles(30 + random.nextInt(400)).map(u -> Math.exp(seed * u)).toArray();
        double[] shuffled = w.clone();
        for (int i = 0; i < w.length; i++) shuffled[i] = w[(i + 17) % w.length];
        var weights = ImportanceWeights.of(w);
        var scaled = ImportanceWeights.of(each(w, v -> 1e-9 * v));
        var turned = ImportanceWeights.of(shuffled);
        var logs = ImportanceWeights.ofLog(each(w, v -> Math.log(v) + 3_000));
        double p = 0, entropy = 0, sum = Arrays.stream(w).sum();
        for (double v : w) {
            p += v / sum * v / sum;
            entropy -= v / sum * Math.log(v / sum);
        }
        assertEquals(1 / p, weights.ess().value(), 1e-10 / p, "linear space");
        assertEquals(Math.exp(entropy), weights.entropyEss(), 1e-10 * Math.exp(entropy), "linear space");
        for (var other : List.of(scaled, turned, logs)) {
            assertEquals(weights.ess().value(), other.ess().value(), 1e-9 * w.length);
            assertEquals(weights.entropyEss(), other.entropyEss(), 1e-9 * w.length);
            assertEquals(weights.coefficientOfVariation(), other.coefficientOfVariation(), 1e-9);
            assertEquals(weights.ess().largestShare(), other.ess().largestShare(), 1e-9);
            assertEquals(weights.psis().khat(), other.psis().khat(), 1e-8);
            assertEquals(weights.psis().threshold(), other.psis().threshold());
        }
        double[] smoothed = weights.psis().smoothedLogWeights(), alsoSmoothed = turned.psis().smoothedLogWeights();
        for (int i = 0; i < w.length; i++) assertEquals(smoothed[(i + 17) % w.length], alsoSmoothed[i], 1e-9);
        assertArrayEquals(smoothed, logs.psis().smoothedLogWeights(), 1e-9);
        assertTrue(1 <= weights.ess().value() && weights.ess().value() <= weights.entropyEss() && weights.entropyEss() <= w.length);
        assertEquals(1, Arrays.stream(smoothed).map(Math::exp).sum(), 1e-12);
        assertTrue(Arrays.stream(weights.smoothed().values()).max().orElseThrow() <= Arrays.stream(w).max().orElseThrow() * (1 + 1e-12));
    }

    @Test
    void closedForms() {
        var weights = ImportanceWeights.of(new double[] {1, 2, 1, 0});
        assertEquals(Math.pow(2, 1.5), weights.entropyEss(), 1e-12, "entropy of ½, ¼, ¼ is 1.5 ln 2");
        assertEquals(Math.sqrt(0.5), weights.coefficientOfVariation(), 1e-12);
        assertEquals(0, weights.logMean(), 1e-12);
        // √4 · mean 7 = 14
        assertArrayEquals(new double[] {1, 1, 1, 14}, ImportanceWeights.of(new double[] {1, 1, 1, 25}).truncated().values(), 1e-12);
        assertEquals(4, ImportanceWeights.of(new double[] {3, 3, 3, 3}).entropyEss(), 1e-12);
        assertEquals(0, ImportanceWeights.of(new double[] {3, 3, 3, 3}).coefficientOfVariation());
        double[] infinite = ImportanceWeights.ofLog(new double[] {5_000, 5_000, 0}).quantiles(0.75, 0.9);
        assertArrayEquals(new double[] {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY}, infinite, "and not NaN");
    }

    @Test
    void weightedQuantilesCountWeightNotDraws() {
        var weights = ImportanceWeights.of(new double[] {1, 1, 2, 0});
        double[] values = {30, 10, 20, 5};
        assertArrayEquals(new double[] {10, 10, 20, 20, 30, 30}, weights.weightedQuantiles(values, 0, 0.25, 0.26, 0.75, 0.76, 1));
        double[] ten = IntStream.range(0, 10).mapToDouble(i -> i).toArray();
        for (double unit : new double[] {0.1, 1, 3e-7, 1e5})
            assertArrayEquals(new double[] {0, 2, 6, 8, 9},
                ImportanceWeights.of(each(ten, i -> unit)).weightedQuantiles(ten, 0.1, 0.3, 0.7, 0.9, 1), "whatever the unit");
        double[] v = {4, 1, 3, 2, 5};
        assertArrayEquals(new double[] {1, 3, 5}, ImportanceWeights.of(new double[] {7, 7, 7, 7, 7}).weightedQuantiles(v, 0.1, 0.5, 0.9));
    }

    @Test
    void groupsAreJudgedAlone() {
        Table table = ImportanceWeights.of(new double[] {1, 1, 6, 0, 2, 0}).essBy(new String[] {"b", "b", "a", "c", "a", "c"});
        assertEquals(List.of("b", "a", "c"), table.stringColumn("group").asList());
        assertArrayEquals(new double[] {2, 1.6, 0}, table.doubleColumn("ESS").asDoubleArray(), 1e-12);
        assertArrayEquals(new double[] {0.2, 0.8, 0}, table.doubleColumn("share of the weight").asDoubleArray(), 1e-12);
        assertTrue(table.stringColumn("reading").get(2).contains("does not count"));
        assertEquals(List.of("3", "1"), ImportanceWeights.of(new double[] {1, 1}).essBy(new int[] {3, 1}).stringColumn("group").asList());
    }

    @Test
    void withoutATailThereIsASentence() {
        Psis equal = ImportanceWeights.of(each(new double[500], v -> 2)).psis();
        assertEquals(Double.POSITIVE_INFINITY, equal.khat());
        assertTrue(equal.reliable() && equal.sentence().contains("all 500 weights are equal"), equal.sentence());
        Psis few = ImportanceWeights.of(uniform(20, 1)).psis();
        assertEquals(4, few.tailLength());
        assertTrue(!few.reliable() && few.sentence().contains("4 of 20 weights lie above the cut, 5 are needed"), few.sentence());
        Psis one = ImportanceWeights.of(new double[] {3, 1}).psis();
        assertTrue(!one.reliable() && one.threshold() == 0, one.sentence());
        assertTrue(ImportanceWeights.of(new double[] {3}).psis().reliable());
        var heavy = ImportanceWeights.of(twin("shape 1", 1000));
        Psis tied = heavy.clip(2).psis();
        assertEquals(0, tied.tailLength());
        assertTrue(!tied.reliable() && tied.sentence().contains("tied, as after clipping"), tied.sentence());
        assertArrayEquals(heavy.clip(2).normalized().values(), each(tied.smoothedLogWeights(), l -> 1000 * Math.exp(l)), 1e-12,
            "left as they were");
        assertTrue(tied.summary().stringColumn("note").get(2).contains("cannot be estimated"));
    }

    @Test
    void tiesWithinTheTailTakeTheSameQuantilesInAnyOrder() {
        double[] w = each(twin("integers", 400), v -> v);
        double[] reversed = IntStream.range(0, 400).mapToDouble(i -> w[399 - i]).toArray();
        double[] a = ImportanceWeights.of(w).psis().smoothedLogWeights().clone(),
            b = ImportanceWeights.of(reversed).psis().smoothedLogWeights().clone();
        Arrays.sort(a);
        Arrays.sort(b);
        assertArrayEquals(a, b, 1e-12);
    }

    @Test
    void aGridPointOnZeroIsTheExponentialDistribution() {
        // 34 points, and the largest of 16 excesses three times the fourth: point 9 is b = 1/3 + (1 − √(34/8.5))/3 = 0, where −b/k is 0/0
        double[] excesses = {1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3}, nearly = excesses.clone();
        nearly[15] += 1e-9;
        ParetoTail fit = ParetoTail.fit(excesses), near = ParetoTail.fit(nearly);
        assertEquals(near.shape(), fit.shape(), 1e-7);
        assertEquals(near.scale(), fit.scale(), 1e-7);
    }

    @Test
    void largestValuesAreFoundInAnyOrder() {
        double[] w = twin("shape 1", 20_000);
        double[] ascending = w.clone();
        Arrays.sort(ascending);
        double[] descending = IntStream.range(0, w.length).mapToDouble(i -> ascending[w.length - 1 - i]).toArray();
        double khat = ImportanceWeights.of(w).psis().khat();
        assertEquals(khat, ImportanceWeights.of(ascending).psis().khat(), 1e-12);
        assertEquals(khat, ImportanceWeights.of(descending).psis().khat(), 1e-12);
    }

    @Test
    void khatSentencesSayValueThresholdAndRemedy() {
        IntFunction<Psis> of = power -> ImportanceWeights.ofLog(each(uniform(5_000, 3), u -> -power / 8.0 * Math.log(u))).psis();
        assertTrue(of.apply(2).sentence().contains("(limit 0.70): the tail is light"), of.apply(2).sentence());
        assertTrue(of.apply(5).sentence().contains("usable"), of.apply(5).sentence());
        assertTrue(of.apply(7).sentence().contains("draws would be needed. Bring"), of.apply(7).sentence());
        assertTrue(of.apply(12).sentence().contains("no finite mean"), of.apply(12).sentence());
        Psis small = ImportanceWeights.ofLog(each(uniform(40, 4), u -> -Math.log(u) * 1.2)).psis();
        assertEquals(1 - 1 / Math.log10(40), small.threshold(), 1e-12);
        assertTrue(small.sentence().contains("Collect at least"), small.sentence());
        assertEquals(Math.pow(10, 1 / (1 - small.khat())), small.requiredDraws(), 1e-9);
    }

    @Test
    void smoothingBringsTheMeanNearerToTheTruth() {
        // u^−0.65 has mean 1/0.35 and infinite variance
        double raw = 0, smoothed = 0;
        for (int seed = 0; seed < 200; seed++) {
            var w = ImportanceWeights.of(each(uniform(300, 1_000 + 77L * seed), u -> Math.pow(u, -0.65)));
            raw += Math.abs(Math.exp(w.logMean()) - 1 / 0.35) / 200;
            smoothed += Math.abs(Math.exp(w.smoothed().logMean()) - 1 / 0.35) / 200;
        }
        assertTrue(smoothed < 0.9 * raw, smoothed + " against " + raw);
    }

    @Test
    void aColumnOfOnesOwnBecomesAReportInTwoLines() {
        var table = Table.read().csv("task,weight\na,0.5\nb,1.5\na,1\n", "own");
        WeightReport report = WeightReport.of(table, "weight");
        assertEquals(9 / 3.5, report.ess().value(), 1e-12);
        assertEquals(report.ess(), WeightReport.of(IntColumn.create("w", 1, 3, 2)).ess());
        assertEquals(18, report.summary().rowCount());
        assertEquals(0, report.summary().doubleColumn("value").countMissing(), "no NaN");
        assertTrue(report.toString().contains("takes at least 21 weights"), report.toString());
    }

    @Test
    void reportsWarnWithRemedy() {
        var fine = ImportanceWeights.of(each(uniform(2_000, 1), u -> 0.5 + u)).report();
        assertTrue(fine.reliable() && fine.warnings().isEmpty(), fine.toString());
        assertTrue(fine.toString().contains("overlap the new task well"), fine.toString());
        var heavy = ImportanceWeights.of(twin("shape 3/2", 2_000)).report();
        assertFalse(heavy.reliable());
        assertTrue(heavy.toString().contains("ESS") && heavy.toString().contains("no finite mean"), heavy.toString());
        var scaled = ImportanceWeights.of(each(uniform(2_000, 1), u -> 3 + u)).report();
        assertTrue(scaled.reliable() && scaled.warnings().size() == 1 && scaled.toString().contains("self-normalised"), scaled.toString());
        var beyond = ImportanceWeights.ofLog(each(uniform(2_000, 1), u -> 900 + u)).report();
        assertTrue(beyond.toString().contains("beyond the range of a double"), beyond.toString());
    }

    static Stream<Arguments> badInputs() {
        var two = ImportanceWeights.of(new double[] {1, 2});
        Table table = Table.create("t", DoubleColumn.create("w", 1, -1), StringColumn.create("name", "a", "b"));
        return Stream.of(
            bad("fewer values", () -> two.weightedQuantiles(new double[] {1}, 0.5), "given 1 values for 2 weights"),
            bad("NaN value", () -> two.weightedQuantiles(new double[] {1, Double.NaN}, 0.5), "value 1 is NaN"),
            bad("probability", () -> two.weightedQuantiles(new double[] {1, 2}, 0.5, -0.1), "probability 1 is -0.1"),
            bad("probability NaN", () -> two.quantiles(Double.NaN), "probability 0 is NaN"),
            bad("fewer groups", () -> two.essBy(new String[] {"a"}), "given 1 groups for 2 weights"),
            bad("more groups", () -> two.essBy(new int[] {1, 2, 3}), "given 3 groups for 2 weights"),
            bad("null group", () -> two.essBy(new String[] {"a", null}), "group of weight 1 is null"),
            bad("no such column", () -> WeightReport.of(table, "weight"), "no column 'weight'; there are [w, name]"),
            bad("text column", () -> WeightReport.of(table, "name"), "holds STRING values"),
            bad("negative in a column", () -> WeightReport.of(table, "w"), "weight 1 is -1.0"),
            bad("missing cell", () -> ImportanceWeights.of(DoubleColumn.create("w", 1, Double.NaN)), "weight 1 is NaN"),
            bad("missing integer", () -> ImportanceWeights.of(IntColumn.create("w", new Integer[] {1, null})), "weight 1 is NaN"),
            bad("empty column", () -> ImportanceWeights.of(DoubleColumn.create("w")), "at least one"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
