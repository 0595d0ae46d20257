package metarl.diagnose.weights;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.diagnose.weights.DynamicsRatio.Features;
import metarl.diagnose.weights.DynamicsRatio.Transitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PropensityTest {
    private static double[][] normal(int n, int columns, double mean, long seed) {
        var random = new Random(seed);
        double[][] rows = new double[n][columns];
        for (double[] row : rows) for (int j = 0; j < columns; j++) row[j] = (j == 0 ? mean : 0) + random.nextGaussian();
        return rows;
    }

    @Test
    void calibrationOfKnownProbabilities() {
        // bin 0: 0.05 twice, one new; bin 1 of two, with its edge 1: 0.75 and 1, both new
        var calibration = Calibration.of(new double[] {0.05}, new double[] {0.05, 0.75, 1}, 2);
        assertArrayEquals(new double[] {0.05, 0.875}, calibration.probabilities(), 1e-12);
        assertArrayEquals(new double[] {0.5, 1}, calibration.shares(), 1e-12);
        assertArrayEquals(new long[] {2, 2}, calibration.counts());
        assertEquals(0.5 * 0.45 + 0.5 * 0.125, calibration.expectedError(), 1e-12);
        assertEquals(2, calibration.summary().rowCount());
    }

    @Test
    void aRightModelIsCalibratedAndAWrongOneIsNot() {
        double[][] old = normal(4_000, 1, 0, 1), fresh = normal(4_000, 1, 1, 2), oldLater = normal(4_000, 1, 0, 3),
            freshLater = normal(4_000, 1, 1, 4);
        var fit = Propensity.fit(old, fresh);
        Calibration right = fit.calibration(oldLater, freshLater);
        assertTrue(right.reliable() && right.expectedError() < 0.03, right.sentence());
        assertEquals(0.7602, fit.auc(oldLater, freshLater), 0.015, "Φ(1/√2)");
        assertEquals(fit.auc(), fit.auc(old, fresh));
        assertEquals(0.5, fit.probabilities(new double[][] {{0.5}})[0], 0.02);
        // probabilities squeezed towards 0 and 1
        double[] tooSureOfOld = Arrays.stream(fit.probabilities(oldLater)).map(p -> p * p * p / (p * p * p + Math.pow(1 - p, 3))).toArray();
        double[] tooSureOfNew = Arrays.stream(fit.probabilities(freshLater)).map(p -> p * p * p / (p * p * p + Math.pow(1 - p, 3)))
            .toArray();
        Calibration wrong = Calibration.of(tooSureOfOld, tooSureOfNew, 10);
        assertTrue(!wrong.reliable() && wrong.sentence().contains("do not match the observed shares"), wrong.sentence());
    }

    @Test
    void calibratedProbabilitiesErrAsMuchAsChanceSays() {
        var random = new Random(6);
        double error = 0, chance = 0;
        for (int repeat = 0; repeat < 200; repeat++) {
            double[] p = random.doubles(400).toArray();
            boolean[] isNew = new boolean[p.length];
            for (int i = 0; i < p.length; i++) isNew[i] = random.nextDouble() < p[i];
            var calibration = Calibration.of(pick(p, isNew, false), pick(p, isNew, true), 10);
            error += calibration.expectedError() / 200;
            chance += calibration.chanceError() / 200;
        }
        assertEquals(chance, error, 0.05 * chance);
    }

    private static double[] pick(double[] values, boolean[] flags, boolean flag) {
        return IntStream.range(0, values.length).filter(i -> flags[i] == flag).mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void crossFittingForgetsWhatAFitRemembers() {
        // forty columns of noise: nothing tells old from new
        double[][] old = normal(60, 40, 0, 1), fresh = normal(60, 40, 0, 2);
        var remembered = Propensity.fit(old, fresh, 100);
        var crossed = Propensity.crossFit(old, fresh, 100, 5, 7);
        assertTrue(remembered.auc() > 0.8 && crossed.auc() < 0.65, remembered + " " + crossed);
        assertFalse(crossed.reliable());
        assertTrue(crossed.sentence().contains("has memorised rows"), crossed.sentence());
        assertEquals(60, crossed.weights().size());
        assertArrayEquals(crossed.weights().logValues(), Propensity.crossFit(old, fresh, 100, 5, 7).weights().logValues(),
            "same seed, same weights");
    }

    @Test
    void aRowIsWeightedByAFitThatHasNotSeenIt() {
        double[][] old = normal(30, 1, 0, 1), fresh = normal(30, 1, 0.5, 2);
        var crossed = Propensity.crossFit(old, fresh, 1, 30, 3);
        double[][] others = Arrays.copyOfRange(old, 1, 30);
        // one row of each class is left out per fold; row 0's partner is one of thirty
        double logWeight = crossed.weights().logValues()[0];
        assertTrue(IntStream.range(0, 30).anyMatch(left -> {
            double[][] without = Stream.concat(Arrays.stream(fresh, 0, left), Arrays.stream(fresh, left + 1, 30)).toArray(double[][]::new);
            return Math.abs(Propensity.fit(others, without, 1).weights(new double[][] {old[0]}).logValues()[0] - logWeight) < 1e-9;
        }));
    }

    @Test
    void crossFittedRatiosOfGaussians() {
        double[][] old = normal(6_000, 1, 0, 1), fresh = normal(3_000, 1, 1, 2);
        var crossed = Propensity.crossFit(old, fresh, 10, 3, 1);
        assertTrue(crossed.reliable(), crossed.sentence());
        double[] logs = crossed.weights().logValues();
        for (int i = 0; i < old.length; i++) assertEquals(old[i][0] - 0.5, logs[i], 0.25);
        assertEquals(6, crossed.summary().rowCount());
    }

    /** s ~ N(visited, 1), a ~ N(0, 1), s' = 0.8 s + a + shift + noise · N(0, 1). */
    private static Transitions linear(int n, double visited, double shift, double noise, long seed) {
        var random = new Random(seed);
        double[][] s = new double[n][], a = new double[n][], next = new double[n][];
        for (int i = 0; i < n; i++) {
            s[i] = new double[] {visited + random.nextGaussian()};
            a[i] = new double[] {random.nextGaussian()};
            next[i] = new double[] {0.8 * s[i][0] + a[i][0] + shift + noise * random.nextGaussian()};
        }
        return new Transitions(s, a, next);
    }

    private static double rootMeanSquare(Transitions at, double[] logRatios, double shift, double noise) {
        double sum = 0;
        for (int i = 0; i < logRatios.length; i++) {
            double z = at.nextStates()[i][0] - 0.8 * at.states()[i][0] - at.actions()[i][0];
            double truth = z * z / 2 - (z - shift) * (z - shift) / (2 * noise * noise) - Math.log(noise);
            sum += (logRatios[i] - truth) * (logRatios[i] - truth);
        }
        return Math.sqrt(sum / logRatios.length);
    }

    @ParameterizedTest
    @EnumSource(Features.class)
    void ratioOfShiftedDynamicsWhereverBothWereVisited(Features features) {
        // the target was visited by another policy, half as often: both cancel
        Transitions source = linear(20_000, 0, 0, 1, 1), target = linear(10_000, 0.7, 0.5, 1, 2), later = linear(2_000, 0.3, 0.2, 1, 3);
        var ratio = DynamicsRatio.fit(source, target, features);
        assertTrue(rootMeanSquare(later, ratio.ratios(later).logValues(), 0.5, 1) < 0.06, features.name());
        double[] joint = ratio.transition().coefficients();
        assertTrue(Arrays.stream(joint).anyMatch(c -> Math.abs(c) > 0.3), "the joint classifier alone would see the visits too");
        assertEquals(2, ratio.summary().rowCount());
        assertFalse(ratio.toString().contains("hardly"), ratio.toString());
    }

    @Test
    void otherNoiseNeedsSquares() {
        Transitions source = linear(20_000, 0, 0, 1, 1), target = linear(20_000, 0.5, 0.4, 0.8, 2), later = linear(2_000, 0.2, 0.2, 0.9, 3);
        double quadratic = rootMeanSquare(later, DynamicsRatio.fit(source, target, Features.QUADRATIC).ratios(later).logValues(), 0.4, 0.8);
        double linear = rootMeanSquare(later, DynamicsRatio.fit(source, target, Features.LINEAR).ratios(later).logValues(), 0.4, 0.8);
        assertTrue(quadratic < 0.06 && linear > 0.2, quadratic + " and " + linear);
        double changes = rootMeanSquare(later, DynamicsRatio.fit(source, target, Features.CHANGES).ratios(later).logValues(), 0.4, 0.8);
        // they leave out the product of s and a
        assertTrue(changes < 0.1, changes + " by changes");
        double crossed = rootMeanSquare(source, DynamicsRatio.crossFit(source, target, Features.QUADRATIC, 1, 3, 5).logValues(), 0.4, 0.8);
        assertTrue(crossed < 0.1, "" + crossed);
    }

    /** s' = s + g a + noise in two dimensions, the gain g 1 or −1: log ratio −2 a·(s' − s) / σ². */
    @Test
    void controlsTheOtherWayRoundShowInChanges() {
        double noise = 1;
        Transitions source = gained(6_000, 1, noise, 1), target = gained(6_000, -1, noise, 2), later = gained(500, 1, noise, 3);
        double[] logs = DynamicsRatio.fit(source, target, Features.CHANGES, 100).ratios(later).logValues();
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            double exact = 0;
            for (int j = 0; j < 2; j++)
                exact -= 2 * later.actions()[i][j] * (later.nextStates()[i][j] - later.states()[i][j]) / (noise * noise);
            sum += (logs[i] - exact) * (logs[i] - exact) / logs.length;
        }
        assertTrue(Math.sqrt(sum) < 0.15, Math.sqrt(sum) + "");
        var uneven = new Transitions(new double[][] {{0}}, new double[][] {{0}}, new double[][] {{0, 1}});
        var error = assertThrows(IllegalArgumentException.class, () -> DynamicsRatio.fit(uneven, uneven, Features.CHANGES));
        assertTrue(error.getMessage().contains("as a state has, for CHANGES"), error.getMessage());
    }

    private static Transitions gained(int n, double gain, double noise, long seed) {
        var random = new Random(seed);
        double[][] s = new double[n][2], a = new double[n][2], next = new double[n][2];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < 2; j++) {
                s[i][j] = random.nextGaussian();
                a[i][j] = random.nextDouble(-1, 1);
                next[i][j] = s[i][j] + gain * a[i][j] + noise * random.nextGaussian();
            }
        return new Transitions(s, a, next);
    }

    @Test
    void unitsDoNotMatter() {
        Transitions source = linear(500, 0, 0, 1, 1), target = linear(500, 0, 0.5, 1, 2);
        double[] metres = DynamicsRatio.fit(source, target, Features.QUADRATIC).ratios(source).logValues();
        double[] other = DynamicsRatio.fit(scaled(source), scaled(target), Features.QUADRATIC).ratios(scaled(source)).logValues();
        assertArrayEquals(metres, other, 1e-6);
    }

    private static Transitions scaled(Transitions t) {
        return new Transitions(Arrays.stream(t.states()).map(s -> new double[] {1000 * s[0] + 5e4}).toArray(double[][]::new), t.actions(),
            t.nextStates());
    }

    /** Every combination as often as {@code counts[sa][next]} says, one-hot. */
    private static Transitions table(int[][] counts) {
        double[][] s = new double[Arrays.stream(counts).flatMapToInt(Arrays::stream).sum()][], a = new double[s.length][0],
            next = new double[s.length][];
        int row = 0;
        for (int i = 0; i < counts.length; i++)
            for (int j = 0; j < counts[i].length; j++)
                for (int k = 0; k < counts[i][j]; k++) {
                    s[row] = oneHot(i, counts.length);
                    next[row++] = oneHot(j, counts[i].length);
                }
        return new Transitions(s, a, next);
    }

    private static double[] oneHot(int index, int size) {
        double[] row = new double[size];
        row[index] = 1;
        return row;
    }

    @Test
    void onATableTheIdentityIsTheRatioOfEmpiricalFrequencies() {
        int[][] source = {{60, 30, 10}, {20, 50, 30}, {10, 140, 50}}, target = {{25, 15, 10}, {20, 100, 80}, {30, 60, 10}};
        var ratio = DynamicsRatio.fit(table(source), table(target), Features.QUADRATIC, 1e4);
        double[][] sa = new double[9][], none = new double[9][0], next = new double[9][], expected = new double[1][9];
        for (int i = 0; i < 9; i++) {
            int row = i / 3, column = i % 3;
            sa[i] = oneHot(row, 3);
            next[i] = oneHot(column, 3);
            expected[0][i] = (double) target[row][column] / Arrays.stream(target[row]).sum()
                / ((double) source[row][column] / Arrays.stream(source[row]).sum());
        }
        assertArrayEquals(expected[0], ratio.ratios(new Transitions(sa, none, next)).values(), 1e-5);
    }

    @Test
    void ratiosThatCannotBeTrustedSaySo() {
        var apart = DynamicsRatio.fit(linear(300, 0, 0, 1, 1), linear(300, 6, 0, 1, 2), Features.LINEAR);
        assertTrue(apart.toString().contains("visited different states"), apart.toString());
        var shifted = DynamicsRatio.fit(linear(300, 0, 0, 1, 1), linear(300, 0, 6, 1, 2), Features.LINEAR);
        assertTrue(shifted.toString().contains("next states hardly overlap"), shifted.toString());
    }

    private static double[][] copies(double[][] rows) {
        return Arrays.stream(rows).map(x -> new double[] {1e9 * x[0], 1e9 * x[0], 2e9 * x[0]}).toArray(double[][]::new);
    }

    static Stream<Arguments> badInputs() {
        double[][] one = {{1}, {2}}, none = {{}, {}}, nan = {{1}, {Double.NaN}};
        var fit = Propensity.fit(one, one);
        var two = new Transitions(one, none, one);
        return Stream.of(
            bad("large copies", () -> Propensity.fit(copies(normal(50, 1, 0, 1)), copies(normal(50, 1, 1, 2))),
                "no stable fit: features reach 7.0"),
            bad("huge", () -> Propensity.fit(new double[][] {{1e200}, {-1e200}}, new double[][] {{2e200}, {1}}), "reach 2.0E200 in size"),
            bad("one fold", () -> Propensity.crossFit(one, one, 1, 1, 0), "folds is 1; expected 2 to 2"),
            bad("folds above rows", () -> Propensity.crossFit(one, new double[][] {{1}, {2}, {3}}, 1, 3, 0), "folds is 3; expected 2 to 2"),
            bad("NaN row", () -> Propensity.crossFit(one, nan, 1, 2, 0), "new row 1, column 0 is NaN"),
            bad("C", () -> Propensity.crossFit(one, one, -1, 2, 0), "inverseStrength is -1.0"),
            bad("probabilities of other width", () -> fit.probabilities(new double[][] {{1, 2}}), "given row 0 has 2 features, expected 1"),
            bad("AUC of nothing", () -> fit.auc(one, new double[0][]), "no new features"),
            bad("calibration of nothing", () -> fit.calibration(new double[0][], one), "no old features"),
            bad("bins", () -> Calibration.of(new double[] {0.5}, new double[] {0.5}, 0), "bins is 0"),
            bad("probability above 1", () -> Calibration.of(new double[] {0.5}, new double[] {0.2, 1.2}, 10), "new row 1 is 1.2"),
            bad("probability NaN", () -> Calibration.of(new double[] {Double.NaN}, new double[] {0.2}, 10), "old row 0 is NaN"),
            bad("no probabilities", () -> Calibration.of(new double[0], new double[] {0.2}, 10), "no probabilities of old rows"),
            bad("no transitions", () -> new Transitions(new double[0][], new double[0][], new double[0][]), "no transitions at all"),
            bad("fewer actions", () -> new Transitions(one, new double[][] {{1}}, one), "given 2 states, 1 actions and 2 next states"),
            bad("ragged states", () -> new Transitions(new double[][] {{1}, {1, 2}}, none, one), "state 1 has 2 entries, the first has 1"),
            bad("NaN next state", () -> new Transitions(one, none, nan), "next state 1, entry 0 is NaN"),
            bad("other target", () -> DynamicsRatio.fit(two, new Transitions(one, one, one), Features.LINEAR),
                "of [1, 1, 1] entries, expected [1, 0, 1]"),
            bad("other transitions", () -> DynamicsRatio.fit(two, two, Features.LINEAR).ratios(new Transitions(one, one, one)),
                "as in the source"),
            bad("C of the ratio", () -> DynamicsRatio.fit(two, two, Features.LINEAR, Double.NaN), "inverseStrength is NaN"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
