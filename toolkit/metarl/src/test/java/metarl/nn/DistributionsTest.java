package metarl.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DistributionsTest {
    private static final int ROWS = 6, SIZE = 3;
    private static final TwinFile TWIN = new TwinFile(DistributionsTest.class, "distributions_twin.csv");
    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    private NDArray numbers(int rows, int columns, int factor, double scale) {
        return scope.create(TwinFile.numbers(rows * columns, factor, scale), new Shape(rows, columns));
    }

    private static NDArray leaf(NDArray values) {
        values.setRequiresGradient(true);
        return values;
    }

    /** Value and gradient of Σ weights · value equal PyTorch's. */
    private void same(String name, NDArray outputs, UnaryOperator<NDArray> function) {
        NDArray weights = numbers(ROWS, 1, 7, 1);
        NDArray value = Gradients.recorded(() -> function.apply(outputs));
        TWIN.requireEqual(name, value.toDoubleArray(), 2e-7);
        NDArray total = Gradients.recorded(() -> value.mul(weights).sum());
        TWIN.requireEqual(name + " gradient", Gradients.of(total, new NDList(outputs)).head().toDoubleArray(), 1e-9);
    }

    private void sameThree(String name, ActionDistribution distribution, NDArray old, NDArray outputs, NDArray actions) {
        same(name + " logProbability", outputs, o -> distribution.logProbability(o, actions));
        same(name + " divergence", outputs, o -> distribution.divergence(old, o));
        same(name + " entropy", outputs, distribution::entropy);
    }

    @Test
    void choicesEqualPyTorch() {
        double[] choices = new double[ROWS * SIZE];
        for (int row = 0; row < ROWS; row++) choices[row * SIZE + row % SIZE] = 1;
        sameThree("categorical", new Categorical(SIZE), numbers(ROWS, SIZE, 11, 4), leaf(numbers(ROWS, SIZE, 13, 4)),
            scope.create(choices, new Shape(ROWS, SIZE)));
    }

    @Test
    void realNumbersEqualPyTorch() {
        sameThree("gaussian", new Gaussian(SIZE), numbers(ROWS, 2 * SIZE, 11, 2), leaf(numbers(ROWS, 2 * SIZE, 13, 2)),
            numbers(ROWS, SIZE, 17, 1.9));
    }

    @Test
    void squashedNumbersEqualPyTorch() {
        var squashed = new SquashedGaussian(SIZE);
        NDArray outputs = leaf(numbers(ROWS, 2 * SIZE, 13, 2)), noise = numbers(ROWS, SIZE, 19, 5);
        same("squashed logProbability", outputs, o -> squashed.logProbability(o, numbers(ROWS, SIZE, 17, 1.9)));
        same("gaussian divergence", outputs, o -> squashed.divergence(numbers(ROWS, 2 * SIZE, 11, 2), o));
        same("squashed sample", outputs, o -> squashed.sample(o, noise).actions());
        same("squashed sample logProbability", outputs, o -> squashed.sample(o, noise).logProbability());
    }

    static List<ActionDistribution> all() {
        return List.of(new Categorical(SIZE), new Gaussian(SIZE), new SquashedGaussian(SIZE));
    }

    @ParameterizedTest
    @MethodSource("all")
    void divergenceIsPositiveAndZeroWhereNothingDiffers(ActionDistribution distribution) {
        int n = distribution.outputs();
        NDArray old = numbers(500, n, 11, 3), now = numbers(500, n, 37, 3);
        for (double d : distribution.divergence(old, now).toDoubleArray()) assertTrue(d > 0, "KL " + d);
        for (double d : distribution.divergence(old, old).toDoubleArray()) assertEquals(0, d, 1e-12);
    }

    /** Entropy and divergence are what their definitions say, on draws: within four standard errors. */
    @ParameterizedTest
    @MethodSource("all")
    void entropyAndDivergenceAreMeansOverDraws(ActionDistribution distribution) {
        int n = 20_000;
        double[] old = TwinFile.numbers(distribution.outputs(), 29, 2), now = TwinFile.numbers(distribution.outputs(), 41, 2);
        float[] row = new float[old.length], encoded = new float[n * distribution.encodedSize()];
        for (int i = 0; i < row.length; i++) row[i] = (float) old[i];
        var random = RandomStream.of(5, "draws");
        for (int i = 0; i < n; i++) distribution.encode(distribution.sample(row, 0, random), encoded, i * distribution.encodedSize());
        NDArray actions = scope.create(encoded, new Shape(n, distribution.encodedSize()));
        NDArray p = distribution.logProbability(scope.create(row, new Shape(1, row.length)).broadcast(n, row.length), actions);
        NDArray q = distribution.logProbability(rows(now, n), actions);
        requireMean(distribution.entropy(rows(old, 1)).toDoubleArray()[0], p.neg());
        requireMean(distribution.divergence(rows(old, 1), rows(now, 1)).toDoubleArray()[0], p.toType(q.getDataType(), false).sub(q));
    }

    private NDArray rows(double[] row, int n) {
        return scope.create(row, new Shape(1, row.length)).broadcast(n, row.length);
    }

    private static void requireMean(double expected, NDArray values) {
        double mean = values.mean().toType(ai.djl.ndarray.types.DataType.FLOAT64, false).getDouble();
        double variance = values.sub((float) mean).square().mean().toType(ai.djl.ndarray.types.DataType.FLOAT64, false).getDouble();
        assertEquals(expected, mean, 4 * Math.sqrt(variance / values.size()) + 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"0, -0.7", "0.5, 0", "-1.5, 0.3", "2, -1"})
    void theDensityOfSquashedNumbersIntegratesToOneAndItsEntropyIsTheIntegral(double mean, double logDeviation) {
        var squashed = new SquashedGaussian(1);
        // a = tanh u on an even grid of u: smooth, with the slope as weight
        int n = 4_001;
        double[] actions = new double[n], slopes = new double[n];
        double width = 14.0 / (n - 1);
        for (int i = 0; i < n; i++) {
            actions[i] = Math.tanh(-7 + i * width);
            slopes[i] = width * (1 - actions[i] * actions[i]);
        }
        double[] outputs = {mean, logDeviation};
        double[] log = squashed.logProbability(rows(outputs, n), scope.create(actions, new Shape(n, 1))).toDoubleArray();
        double total = 0, entropy = 0;
        for (int i = 0; i < n; i++) {
            total += Math.exp(log[i]) * slopes[i];
            entropy -= log[i] * Math.exp(log[i]) * slopes[i];
        }
        assertEquals(1, total, 3e-5);
        assertEquals(entropy, squashed.entropy(rows(outputs, 1)).toDoubleArray()[0], 3e-4);
    }

    @ParameterizedTest
    @CsvSource({"-3, 1, 4e-5", "0, 4, 1e-6", "5, 4, 1e-6", "0, 7.3890561, 5e-5", "3, 7.3890561, 5e-5"})
    void theEntropyIsAsExactAsItSays(double mean, double deviation, double tolerance) {
        double slope = 0, width = 24.0 / 200_000;
        for (int i = 0; i <= 200_000; i++) {
            double z = -12 + i * width, u = mean + deviation * z;
            slope += 2 * (Math.log(2) - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u)))) * Math.exp(-z * z / 2) * width;
        }
        double expected = 0.5 * Math.log(2 * Math.PI * Math.E * deviation * deviation) + slope / Math.sqrt(2 * Math.PI);
        assertEquals(expected, new SquashedGaussian(1).entropy(rows(new double[] {mean, Math.log(deviation)}, 1)).toDoubleArray()[0],
            tolerance);
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradientsEqualFiniteDifferences(ActionDistribution distribution) {
        int n = distribution.outputs();
        double[] actions = TwinFile.numbers(distribution.encodedSize(), 17, 1.8);
        UnaryOperator<NDArray> value = o -> distribution.logProbability(o, rows(actions, 1))
            .add(distribution.divergence(rows(TwinFile.numbers(n, 11, 1), 1), o)).add(distribution.entropy(o)).sum();
        requireGradient(value, TwinFile.numbers(n, 23, 2), 1e-7);
    }

    @Test
    void gradientsOfDrawsEqualFiniteDifferences() {
        var squashed = new SquashedGaussian(2);
        requireGradient(o -> {
            var drawn = squashed.sample(o, rows(new double[] {0.7, -1.9}, 1));
            return Gradients.scaled(drawn.actions().sum(), 3).add(drawn.logProbability().sum());
        }, new double[] {0.4, -1, -0.5, 0.8}, 1e-7);
    }

    private void requireGradient(UnaryOperator<NDArray> value, double[] outputs, double tolerance) {
        NDArray at = leaf(scope.create(outputs, new Shape(1, outputs.length)));
        double[] gradient = Gradients.of(Gradients.recorded(() -> value.apply(at)), new NDList(at)).head().toDoubleArray();
        for (int i = 0; i < outputs.length; i++) {
            double[] up = outputs.clone(), down = outputs.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double difference = (value.apply(rows(up, 1)).getDouble() - value.apply(rows(down, 1)).getDouble()) / 2e-5;
            assertEquals(difference, gradient[i], tolerance * Math.max(1, Math.abs(difference)), "output " + i);
        }
    }

    @Test
    void extremeOutputsOfSquashedNumbersStayFinite() {
        var squashed = new SquashedGaussian(1);
        NDArray outputs = leaf(scope.create(new float[] {30, 0, -30, 9, 0.5f, -90, 100, -20}, new Shape(4, 2)));
        NDArray noise = scope.create(new float[] {1, -1, 2, 0.5f}, new Shape(4, 1));
        NDArray total = Gradients.recorded(() -> {
            var drawn = squashed.sample(outputs, noise);
            for (float a : drawn.actions().toFloatArray()) assertTrue(Math.abs(a) <= 1);
            return drawn.logProbability().add(squashed.logProbability(outputs, drawn.actions())).add(squashed.entropy(outputs)).sum();
        });
        assertTrue(Float.isFinite(total.getFloat()), "log π " + total.getFloat());
        float[] gradient = Gradients.of(total, new NDList(outputs)).head().toFloatArray();
        for (float g : gradient) assertTrue(Float.isFinite(g), "gradient " + g);
        assertEquals(0, gradient[3], "log σ above 2 has no gradient");
        assertEquals(0, gradient[5], "log σ below −20 has none");
        // log π of a draw at u = 31: log N − log(4 e^{−62})
        double exact = -0.5 - 0.5 * Math.log(2 * Math.PI) - (Math.log(4) - 62);
        assertEquals(exact, squashed.sample(outputs.get("0:1"), noise.get("0:1")).logProbability().getFloat(), 1e-4);
    }

    @Test
    void drawsOfPlainNumbersFollowTheDensityOfSquashedOnes() {
        var squashed = new SquashedGaussian(1);
        var random = RandomStream.of(2, "draws");
        float[] row = {9, 0.4f, -0.3f};
        double sum = 0, sumOfArrays = 0;
        for (int i = 0; i < 20_000; i++) sum += squashed.sample(row, 1, random)[0] / 20_000;
        double[] noise = new double[20_000];
        for (int i = 0; i < noise.length; i++) noise[i] = random.nextGaussian();
        for (double a : squashed.sample(rows(new double[] {0.4f, -0.3f}, noise.length), scope.create(noise, new Shape(noise.length, 1)))
            .actions().toDoubleArray()) sumOfArrays += a / 20_000;
        assertEquals(sumOfArrays, sum, 0.02);
        assertEquals(Math.tanh(0.4f), squashed.mode(row, 1)[0]);
        assertArrayEquals(squashed.sample(row, 1, RandomStream.of(3, "same")), squashed.sample(row, 1, RandomStream.of(3, "same")));
    }

    private NDArray wide(float[] values, int columns) {
        return scope.create(values, new Shape(ROWS, columns)).toType(DataType.FLOAT64, true);
    }

    /** Of the same actions, in single precision as a network sees them. */
    @Test
    void plainNumbersHaveTheDensityOfArrays() {
        for (ActionDistribution distribution : List.of(new Categorical(SIZE), new Gaussian(SIZE), new SquashedGaussian(SIZE))) {
            float[] outputs = numbers(ROWS, distribution.outputs(), 11, 4).toType(DataType.FLOAT32, true).toFloatArray();
            float[] encoded = new float[ROWS * distribution.encodedSize()];
            double[] plain = new double[ROWS];
            var random = RandomStream.of(1, "actions");
            for (int row = 0; row < ROWS; row++) {
                ActionDistribution.Draw draw = distribution.draw(outputs, row * distribution.outputs(), random);
                double[] action = draw.action();
                // near a bound an action is rounded more coarsely than what it was squashed from
                if (distribution instanceof Categorical || Arrays.stream(action).allMatch(a -> Math.abs(a) < 0.999))
                    assertEquals(distribution.logProbability(outputs, row * distribution.outputs(), action), draw.logProbability(), 1e-9);
                distribution.encode(action, encoded, row * distribution.encodedSize());
                for (int j = 0; j < action.length; j++) action[j] = (float) action[j];
                plain[row] = distribution.logProbability(outputs, row * distribution.outputs(), action);
            }
            double[] arrays = distribution.logProbability(wide(outputs, distribution.outputs()),
                wide(encoded, distribution.encodedSize())).toDoubleArray();
            for (int row = 0; row < ROWS; row++) assertEquals(arrays[row], plain[row], 1e-6, distribution + ", row " + row);
        }
        assertEquals(-4000 - Math.log1p(Math.exp(-4000)),
            new Categorical(2).logProbability(new float[] {-2000, 2000}, 0, new double[] {0}));
        assertTrue(Double.isFinite(new SquashedGaussian(1).logProbability(new float[] {0, 0}, 0, new double[] {1})), "at the bound");
    }

    @Test
    void sizesBelowOneAreRefused() {
        for (var attempt : List.<org.junit.jupiter.api.function.Executable>of(() -> new Categorical(0), () -> new Gaussian(0),
            () -> new SquashedGaussian(0))) {
            String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
            assertTrue(message.contains("is 0, expected at least 1"), message);
        }
    }
}
