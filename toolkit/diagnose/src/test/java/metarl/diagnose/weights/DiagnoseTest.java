package metarl.diagnose.weights;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import metarl.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnoseTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void closedForms() {
        assertEquals(4, ImportanceWeights.of(new double[] {1, 1, 1, 1}).ess().value(), 1e-12);
        assertEquals(1, ImportanceWeights.of(new double[] {0, 5, 0}).ess().value(), 1e-12);
        Ess ess = ImportanceWeights.of(new double[] {1, 2, 3}).ess();
        assertEquals(36.0 / 14, ess.value(), 1e-12);
        assertEquals(12.0 / 14, ess.fraction(), 1e-12);
        assertEquals(0.5, ess.largestShare(), 1e-12);
        assertEquals(1 - 12.0 / 14, ess.lambda(), 1e-12);
        assertArrayEquals(new double[] {0.5, 1, 1.5}, ImportanceWeights.of(new double[] {1, 2, 3}).normalized().values(), 1e-12);
        assertArrayEquals(new double[] {1, 2, 2}, ImportanceWeights.of(new double[] {1, 2, 3}).clip(2).values(), 1e-12);
        assertArrayEquals(new double[] {1, 1.5, 2, 3}, ImportanceWeights.of(new double[] {3, 1, 2}).quantiles(0, 0.25, 0.5, 1), 1e-12);
        assertArrayEquals(new double[] {2, 0.5}, ImportanceWeights.ratio(new double[] {0.4, 0.1}, new double[] {0.2, 0.2}).values(), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void properties(long seed) {
        var random = new Random(seed);
        double[] w = random.doubles(1 + random.nextInt(200)).map(u -> Math.exp(6 * u)).toArray();
        Ess ess = ImportanceWeights.of(w).ess();
        assertTrue(ess.value() >= 1 && ess.value() <= w.length);
        assertEquals(ess.value(), ImportanceWeights.of(Arrays.stream(w).map(v -> 1e-9 * v).toArray()).ess().value(), 1e-9 * ess.value(),
            "scale");
        double[] reversed = new double[w.length];
        for (int i = 0; i < w.length; i++) reversed[i] = w[w.length - 1 - i];
        assertEquals(ess.value(), ImportanceWeights.of(reversed).ess().value(), 1e-9 * ess.value(), "order");
        assertEquals(ess.value(), ImportanceWeights.ofLog(Arrays.stream(w).map(Math::log).toArray()).ess().value(), 1e-9 * ess.value(),
            "log space");
    }

    @Test
    void survivesWeightsOfExpPlusMinus700() {
        Ess ess = ImportanceWeights.ofLog(new double[] {700, 700, -700}).ess();
        assertEquals(2, ess.value(), 1e-12);
        Ess large = ImportanceWeights.ofLog(new double[] {5_000, 5_000 + Math.log(2)}).ess();
        assertEquals(9.0 / 5, large.value(), 1e-12);
        Ess small = ImportanceWeights.ofLog(new double[] {-5_000, -5_000}).normalized().ess();
        assertEquals(2, small.value(), 1e-12);
    }

    @Test
    void sentencesSayValueThresholdAndRemedy() {
        double[] skewed = new double[400];
        Arrays.fill(skewed, 1e-3);
        for (int i = 0; i < 30; i++) skewed[i] = 1;
        String sentence = ImportanceWeights.of(skewed).ess().sentence();
        assertTrue(sentence.startsWith("ESS 31 of 400 (8 %), λ = 0.92: below 10 %"), sentence);
        assertTrue(sentence.contains("Collect data"), sentence);
    }

    @Test
    void logisticCoefficientsEqualScikitLearns() throws Exception {
        List<String> lines;
        try (var in = DiagnoseTest.class.getResourceAsStream("logistic_twin.csv")) {
            lines = new BufferedReader(new InputStreamReader(in)).lines().toList();
        }
        List<double[]> old = new ArrayList<>(), fresh = new ArrayList<>();
        int fits = 0;
        for (String line : lines) {
            String[] cells = line.split(",");
            if (!cells[0].equals("fit")) {
                (cells[0].equals("1") ? fresh : old).add(Arrays.stream(cells).skip(1).mapToDouble(Double::parseDouble).toArray());
                continue;
            }
            Propensity p = Propensity.fit(old.toArray(new double[0][]), fresh.toArray(new double[0][]), Double.parseDouble(cells[1]));
            assertEquals(Double.parseDouble(cells[2]), p.intercept(), 1e-6);
            for (int j = 0; j < 3; j++) assertEquals(Double.parseDouble(cells[3 + j]), p.coefficients()[j], 1e-6);
            fits++;
        }
        assertEquals(4, fits);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void betaIsNewOverOldAlsoForUnequalClassSizes(int factor) {
        var random = new Random(3);
        int n = 20_000;
        double[][] old = new double[n * factor][], fresh = new double[n][];
        for (int i = 0; i < old.length; i++) old[i] = new double[] {random.nextGaussian()};
        for (int i = 0; i < n; i++) fresh[i] = new double[] {1 + random.nextGaussian()};
        Propensity p = Propensity.fit(old, fresh, 100);
        // N(1, 1) over N(0, 1): log β = x − 1/2
        double[] logs = p.weights(new double[][] {{-1}, {0}, {2}}).logValues();
        assertArrayEquals(new double[] {-1.5, -0.5, 1.5}, logs, 0.06);
        double[] released = p.priorCorrected(false).weights(new double[][] {{0}}).logValues();
        assertEquals(logs[1] - Math.log(factor), released[0], 1e-9);
        assertEquals(0.7602, p.auc(), 0.01, "Φ(1/√2)");
        assertEquals(Math.E, p.logitClip(1).weights(new double[][] {{5}}).values()[0], 1e-12);
    }

    @Test
    void separatedClassesConverge() {
        Propensity p = Propensity.fit(new double[][] {{-2}, {-1}, {-3}}, new double[][] {{1}, {2}, {3}}, 1);
        assertEquals(1, p.auc());
        assertTrue(p.coefficients()[0] > 0 && Double.isFinite(p.coefficients()[0]));
        assertTrue(p.toString().contains("hardly overlap"), p.toString());
        Propensity constant = Propensity.fit(new double[][] {{1}, {1}}, new double[][] {{1}, {1}}, 1);
        assertEquals(1, constant.weights(new double[][] {{1}}).values()[0], 1e-6);
    }

    static Stream<Arguments> badInputs() {
        double[][] fine = {{1, 2}, {3, 4}};
        return Stream.of(
            bad("empty", () -> ImportanceWeights.of(new double[0]), "at least one"),
            bad("negative", () -> ImportanceWeights.of(new double[] {1, -2}), "weight 1 is -2.0"),
            bad("NaN", () -> ImportanceWeights.of(new double[] {NAN}), "weight 0 is NaN"),
            bad("infinite", () -> ImportanceWeights.of(new double[] {INFINITY}), "weight 0"),
            bad("all zero", () -> ImportanceWeights.of(new double[] {0, 0}), "all 2 weights are 0"),
            bad("log NaN", () -> ImportanceWeights.ofLog(new double[] {0, NAN}), "log weight 1"),
            bad("log +∞", () -> ImportanceWeights.ofLog(new double[] {INFINITY}), "log weight 0"),
            bad("lengths", () -> ImportanceWeights.ratio(new double[] {1}, new double[] {1, 2}), "1 target and 2 behavior"),
            bad("behavior 0", () -> ImportanceWeights.ratio(new double[] {1}, new double[] {0}), "swapped"),
            bad("target negative", () -> ImportanceWeights.ratio(new double[] {-1}, new double[] {1}), "target probability 0"),
            bad("clip", () -> ImportanceWeights.of(new double[] {1}).clip(0), "clip(0.0)"),
            bad("quantile", () -> ImportanceWeights.of(new double[] {1}).quantiles(1.5), "probability 0 is 1.5"),
            bad("no old rows", () -> Propensity.fit(new double[0][], fine), "no old features"),
            bad("no new rows", () -> Propensity.fit(fine, new double[0][]), "no new features"),
            bad("ragged", () -> Propensity.fit(new double[][] {{1, 2}, {3}}, fine), "old row 1 has 1"),
            bad("other width", () -> Propensity.fit(fine, new double[][] {{1}}), "new row 0 has 1 features, expected 2"),
            bad("NaN feature", () -> Propensity.fit(fine, new double[][] {{1, NAN}}), "new row 0, column 1 is NaN"),
            bad("strength", () -> Propensity.fit(fine, fine, 0), "inverseStrength is 0.0"),
            bad("features of other width", () -> Propensity.fit(fine, fine).weights(new double[][] {{1}}), "given row 0"),
            bad("clip NaN", () -> Propensity.fit(fine, fine).logitClip(NAN), "logitClip(NaN)"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
