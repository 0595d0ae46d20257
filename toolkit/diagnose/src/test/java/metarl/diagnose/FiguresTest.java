package metarl.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.basics.Figures;
import metarl.diagnose.log.StreamedWeights;
import metarl.diagnose.log.TrajectoryLog;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.diagnose.weights.Psis;
import metarl.diagnose.weights.WeightReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures in sentences: as people write them, and the one that fails is the one that is blamed. */
class FiguresTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1|100 %", "0.9999999|100 %", "0.997|99.7 %", "0.5|50 %", "0.08|8 %", "0.0063|0.63 %",
        "0.000012|0.0012 %", "1e-12|below 0.000001 %", "0|0 %",
        "-0.0|0 %", "12.34|1,234 %", "NaN|NaN %"})
    void shares(double fraction, String shown) {
        assertEquals(shown, Figures.percent(fraction));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0.25|0.2500", "1|1.000", "9.9999|10.00", "123.4|123.4", "99999|99,999", "1234567|1,234,567",
        "12345678|1.235e+07", "1e-5|0.00001000", "1e-9|1.000e-09",
        "0|0", "-0.0|0", "-2.5|-2.500", "NaN|NaN", "Infinity|∞", "-Infinity|-∞"})
    void numbers(double value, String shown) {
        assertEquals(shown, Figures.number(value, 4));
    }

    @Test
    void aFigureAndItsLimitNeverLookTheSame() {
        assertEquals("0.66 (limit 0.70)", Figures.beside(0.66, 0.7, 2));
        assertEquals("0.698 (limit 0.700)", Figures.beside(0.698, 0.7, 2));
        assertEquals("9.97 %", Figures.percentBeside(0.0997, 0.1, 0));
        assertEquals("10 %", Figures.percentBeside(0.1, 0.1, 0));
        assertEquals("99.9 %", Figures.level(0.999));
        assertEquals("95 %", Figures.level(0.95));
    }

    @Test
    void noNumberIsWrittenAsProgrammersDo() {
        var random = new Random(3);
        Pattern odd = Pattern.compile("-0(\\.0*)?( |$)|e[+-]?\\d+ %");
        for (int i = 0; i < 5_000; i++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(14) - 8);
            for (String text : List.of(Figures.percent(value), Figures.percent(value, 1), Figures.percentBeside(value, 0.1, 0),
                Figures.number(value, 1 + i % 4) + " rows")) {
                assertFalse(odd.matcher(text).find(), value + ": " + text);
                assertFalse(Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6 && text.matches(".*\\de.*"), value + ": " + text);
            }
        }
    }

    private static double[] repeated(int n, double... values) {
        return IntStream.range(0, n).mapToDouble(i -> values[i % values.length]).toArray();
    }

    private static double[] pareto(int n, double shape) {
        return new Random(5).doubles(n).map(u -> Math.pow(u, -shape)).toArray();
    }

    private static double[] with(double[] weights, double... last) {
        return DoubleStream.concat(Arrays.stream(weights), Arrays.stream(last)).toArray();
    }

    private static double[] mostlyZero() {
        double[] weights = new double[4_000];
        var random = new Random(6);
        for (int i = 0; i < 300; i++) weights[i] = 1 + random.nextDouble();
        return weights;
    }

    static Stream<Arguments> verdicts() {
        double[] even = new Random(4).doubles(1_000, 0.5, 1.5).toArray();
        return Stream.of(
            Arguments.of("all well", even, "ESS/n 93 % · k̂ -0.78 (limit 0.67)"),
            Arguments.of("all equal", repeated(500, 1), "ESS/n 100 % · no k̂"),
            Arguments.of("one weight decides", with(repeated(200, 1, 1.1), 60), "ESS/n 9 %, below 10 % · share 22 %, above 20 % · no k̂"),
            Arguments.of("one of few decides", with(Arrays.copyOf(even, 29), 10),
                "ESS/n 41 % · share 24 %, above 20 % · k̂ 0.86, above 0.32"),
            Arguments.of("few overlap, light tail", mostlyZero(), "ESS/n 7 %, below 10 % · k̂ -0.96 (limit 0.70)"),
            Arguments.of("heavy tail alone", Arrays.stream(pareto(2_000, 1.1)).map(w -> w + 200).toArray(),
                "ESS/n 78 % · k̂ 0.84, above 0.70"),
            Arguments.of("heavy tail that decides", pareto(1_000, 2),
                "ESS/n 0.13 %, below 10 % · share 88 %, above 20 % · k̂ 1.45, above 0.67"),
            Arguments.of("few discrete weights", IntStream.range(0, 1_000).mapToDouble(i -> i % 50 < 5 ? 2 + i % 50 : 1).toArray(),
                "ESS/n 63 % · k̂ cannot tell"),
            Arguments.of("too few", new double[] {1, 2, 3}, "ESS/n 86 % · no k̂"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verdicts")
    void theFigureThatFailsIsBlamed(String name, double[] weights, String figures) {
        WeightReport report = ImportanceWeights.of(weights).report();
        assertEquals(figures, report.figures(), report.toString());
        List<String> warnings = report.warnings();
        boolean khat = figures.contains("k̂ cannot") || figures.matches(".*k̂ [0-9.]+, above.*")
            || figures.contains("no k̂") && !name.equals("all equal");
        assertEquals(figures.contains("below") || figures.contains("share") || name.equals("too few"),
            warnings.contains(report.ess().sentence()), warnings.toString());
        assertEquals(khat, warnings.contains(report.psis().sentence()), warnings.toString());
        if (!figures.matches(".*k̂ [0-9.]+, above.*")) assertFalse(String.join(" ", warnings).contains("heavy"), warnings.toString());
        // the stream says the same of the same weights
        StreamedWeights streamed = StreamedWeights.reader().read(weights.length, i -> Math.log(weights[(int) i]));
        assertEquals(khat, streamed.warnings().stream().anyMatch(w -> w.startsWith("PSIS k̂")), streamed.toString());
        assertEquals(report.psis().telling(), streamed.telling());
    }

    @Test
    void fewDiscreteWeightsAreNotToldToBeTrusted() {
        Psis psis = ImportanceWeights.of(IntStream.range(0, 1_000).mapToDouble(i -> i % 40 < 6 ? 2 + i % 40 : 1).toArray()).psis();
        assertTrue(psis.fitted() && !psis.telling() && !psis.reliable());
        assertTrue(psis.sentence().matches(
            "PSIS k̂ \\(-?[0-9.]+\\) of 1000 weights cannot tell: the \\d+ weights of the tail take only \\d values \\(at least 10 "
                + "needed\\).*"),
            psis.sentence());
        assertFalse(psis.sentence().contains("trusted"));
    }

    @Test
    void allOfAThousandAre100Percent() {
        assertTrue(StreamedWeights.reader().read(1_000, i -> 0).toString().startsWith("ESS 1,000 of 1,000 (100 %)"));
        assertTrue(ImportanceWeights.of(repeated(1_000, 2)).toString().startsWith("ESS 1000 of 1000 (100 %)"));
    }

    @Test
    void productsThatLeaveTheRangeArePointedToLogarithms() {
        double[] tiny = new double[3], huge = {1, Double.POSITIVE_INFINITY};
        Arrays.fill(tiny, Math.pow(0.01, 200));
        for (Runnable call : List.<Runnable>of(() -> ImportanceWeights.of(tiny), () -> ImportanceWeights.of(huge),
            () -> ImportanceWeights.ratio(tiny, new double[] {1, 1, 1}),
            () -> ImportanceWeights.ratio(new double[] {1, 1, 1}, tiny), () -> ImportanceWeights.ratio(huge, new double[] {1, 1}))) {
            String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
            assertTrue(message.contains("give the sums to ImportanceWeights.ofLog(…)"), message);
        }
        String streamed = assertThrows(IllegalArgumentException.class,
            () -> StreamedWeights.reader().read(3, i -> Double.NEGATIVE_INFINITY)).getMessage();
        assertTrue(streamed.contains("StreamedWeights.reader().read(n, logWeights)"), streamed);
        String logs = assertThrows(IllegalArgumentException.class, () -> ImportanceWeights.ofLog(new double[] {Double.NEGATIVE_INFINITY}))
            .getMessage();
        assertFalse(logs.contains("ofLog"), logs);
        // products of trajectories are summed as logarithms
        double[][] rewards = {repeated(400, 1), repeated(400, 1)}, behavior = {repeated(400, 1), repeated(400, 1)},
            target = {repeated(400, 0.01), repeated(400, 0.01)};
        assertEquals(2, TrajectoryLog.of(rewards, behavior, target).weights().ess().value(), 1e-12);
    }
}
