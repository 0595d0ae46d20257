package metarl.agent.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DynamicsModelTest {
    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    /** Rows of x and y of s' = A s + B a + w, r = c s + d a + w_r, whose entries have units that differ by a factor of 1 000. */
    private static final class Linear {
        static final int ROWS = 1_000;
        /** Of the changes of both entries and the reward, for s₁, s₂, a. */
        static final double[][] COEFFICIENTS = {{-0.1, 0.002, 0.3}, {40, -0.3, -200}, {-1, 0.001, 0.5}};
        static final double[] OFFSETS = {0.5, 100, -2}, DEVIATIONS = {0.05, 150, 0.4};
        final float[] inputs = new float[ROWS * 3];
        final float[] targets = new float[ROWS * 3];

        Linear() {
            var random = RandomStream.of(4, "system");
            for (int i = 0; i < ROWS; i++) {
                inputs[3 * i] = (float) (2 + random.nextGaussian());
                inputs[3 * i + 1] = (float) (1_000 * random.nextGaussian());
                inputs[3 * i + 2] = (float) random.nextDouble(-1, 1);
                for (int j = 0; j < 3; j++) {
                    double y = OFFSETS[j] + DEVIATIONS[j] * random.nextGaussian();
                    for (int k = 0; k < 3; k++) y += COEFFICIENTS[j][k] * inputs[3 * i + k];
                    targets[3 * i + j] = (float) y;
                }
            }
        }

        /**
         * Offset and three coefficients of target {@code j} by least squares, then the mean of its squared errors: the maximum of the
         * likelihood.
         */
        double[] leastSquares(int j) {
            double[] y = new double[ROWS];
            double[][] x = new double[ROWS][];
            for (int i = 0; i < ROWS; i++) {
                y[i] = targets[3 * i + j];
                x[i] = new double[] {1, inputs[3 * i], inputs[3 * i + 1], inputs[3 * i + 2]};
            }
            var design = new Array2DRowRealMatrix(x, false);
            RealVector beta = new QRDecomposition(design).getSolver().solve(new ArrayRealVector(y, false));
            double error = design.operate(beta).getDistance(new ArrayRealVector(y, false));
            return beta.append(error * error / ROWS).toArray();
        }
    }

    private static void fit(DynamicsModel model, Parameters parameters, DynamicsModel.Units units, float[] inputs, float[] targets,
        double... rates) {
        int width = model.network().inputs(), rows = inputs.length / width;
        try (var adam = new Adam(parameters, rates[0])) {
            for (double rate : rates)
                for (int i = 0; i < 200; i++)
                    try (NDManager step = NDManager.newBaseManager("PyTorch")) {
                        NDArray x = step.create(inputs, new Shape(rows, width)),
                            y = step.create(targets, new Shape(rows, model.targetSize()));
                        adam.minimize(new Loss(Gradients.recorded(() -> model.loss(x, y, units, parameters.list()))), rate);
                    }
        }
    }

    /** The fitted model is compared with least squares in units of the standard errors these have, and with the truth in the same. */
    @Test
    void aLinearSystemIsRecoveredAsLeastSquaresRecoverIt() {
        var model = DynamicsModel.of(2, 1, true, Mlp.Activation.TANH);
        var system = new Linear();
        var units = DynamicsModel.Units.of(model, system.inputs, system.targets);
        try (var parameters = new Parameters(model.sections(), RandomStream.of(2, "model"))) {
            fit(model, parameters, units, system.inputs, system.targets, 0.05, 0.02, 0.002, 2e-4);
            float[] probes = {0, 0, 0, 1, 0, 0, 0, 1_000, 0, 0, 0, 1};
            float[] means = model.predict(scope.create(probes, new Shape(4, 3)), units, parameters.list()).means().toFloatArray();
            float[] logVariances = model.predict(scope.create(system.inputs, new Shape(Linear.ROWS, 3)), units, parameters.list())
                .logVariances().mean(new int[] {0}).toFloatArray();
            double[] spread = {1, 1_000, Math.sqrt(1.0 / 3)}, probe = {1, 1_000, 1};
            for (int j = 0; j < 3; j++) {
                double[] expected = system.leastSquares(j);
                for (int k = 0; k < 3; k++) {
                    double found = (means[3 * (k + 1) + j] - means[j]) / probe[k];
                    double error = Linear.DEVIATIONS[j] / spread[k] / Math.sqrt(Linear.ROWS);
                    assertEquals(expected[k + 1], found, 0.3 * error, "coefficient " + k + " of target " + j);
                    assertEquals(Linear.COEFFICIENTS[j][k], found, 4 * error, "true coefficient " + k + " of target " + j);
                }
                assertEquals(expected[0], means[j], 0.5 * Linear.DEVIATIONS[j] / Math.sqrt(Linear.ROWS), "offset of target " + j);
                // the penalty draws the lower bound up to the variance, and with it the variance by a few per cent
                assertEquals(1, Math.exp(logVariances[j]) / expected[4], 0.05, "variance of target " + j);
                assertEquals(1, Math.exp(logVariances[j]) / Math.pow(Linear.DEVIATIONS[j], 2), 0.15, "true variance of target " + j);
            }
        }
    }

    /** The noise of the right half is four times that of the left. */
    @Test
    void noiseThatDependsOnTheStateIsLearned() {
        var model = DynamicsModel.of(1, 1, false, Mlp.Activation.TANH, 16);
        int n = 1_000;
        float[] inputs = new float[2 * n], targets = new float[n];
        var random = RandomStream.of(3, "noise");
        for (int i = 0; i < n; i++) {
            inputs[2 * i] = (float) random.nextDouble(-1, 1);
            inputs[2 * i + 1] = (float) random.nextDouble(-1, 1);
            targets[i] = (float) (Math.sin(2 * inputs[2 * i]) + (inputs[2 * i] > 0 ? 0.4 : 0.1) * random.nextGaussian());
        }
        var units = DynamicsModel.Units.of(model, inputs, targets);
        try (var parameters = new Parameters(model.sections(), RandomStream.of(2, "model"))) {
            fit(model, parameters, units, inputs, targets, 0.02, 0.02, 0.005);
            float[] probes = {-0.6f, 0, 0.6f, 0};
            DynamicsModel.Prediction p = model.predict(scope.create(probes, new Shape(2, 2)), units, parameters.list());
            float[] means = p.means().toFloatArray(), logs = p.logVariances().toFloatArray();
            assertEquals(Math.sin(-1.2), means[0], 0.05);
            assertEquals(Math.sin(1.2), means[1], 0.1);
            assertEquals(0.1, Math.exp(logs[0] / 2), 0.02);
            assertEquals(0.4, Math.exp(logs[1] / 2), 0.06);
        }
    }

    /** The arrays of the model in double precision, with the values {@code theta}. */
    private NDList arrays(DynamicsModel model, double[] theta) {
        var list = new NDList();
        int at = 0;
        for (Parameters.Initial i : model.sections().initial(RandomStream.of(1, "shapes"))) {
            double[] values = Arrays.copyOfRange(theta, at, at + i.values().length);
            NDArray array = scope.create(values, i.shape());
            array.setRequiresGradient(true);
            list.add(array);
            at += values.length;
        }
        assertEquals(theta.length, at);
        return list;
    }

    @Test
    void theGradientOfTheLossEqualsFiniteDifferences() {
        var model = DynamicsModel.of(2, 1, true, Mlp.Activation.TANH, 4, 3);
        double[] theta = TwinFile.numbers((int) model.sections().parameters(), 7, 2);
        NDArray x = scope.create(TwinFile.numbers(10 * 3, 11, 4), new Shape(10, 3)),
            y = scope.create(TwinFile.numbers(10 * 3, 13, 4), new Shape(10, 3));
        var units = new DynamicsModel.Units(new Normalizer(new float[] {1, 0, -1}, new float[] {2, 1, 0.5f}),
            new Normalizer(new float[] {0, 0.5f, 1}, new float[] {1, 2, 3}));
        NDList all = arrays(model, theta);
        NDList gradient = Gradients.of(Gradients.recorded(() -> model.loss(x, y, units, all)), all);
        int at = 0;
        for (NDArray array : gradient)
            for (double g : array.toDoubleArray()) {
                double[] up = theta.clone(), down = theta.clone();
                up[at] += 1e-5;
                down[at] -= 1e-5;
                double difference = (model.loss(x, y, units, arrays(model, up)).getDouble()
                    - model.loss(x, y, units, arrays(model, down)).getDouble()) / 2e-5;
                assertEquals(difference, g, 1e-7 * Math.max(1, Math.abs(difference)), "parameter " + at++);
            }
    }

    @Test
    void logVariancesStayBetweenTheirBounds() {
        var model = DynamicsModel.of(1, 1, false, Mlp.Activation.RELU);
        var units = new DynamicsModel.Units(Normalizer.none(2), new Normalizer(new float[1], new float[] {3}));
        // of one linear layer: weights of the mean, of the log variance, two biases, then the largest and the least log variance
        NDList all = arrays(model, new double[] {0, 0, 1, 0, 0, 0, 0.5, -10});
        NDArray x = scope.create(new double[] {1e4, 0, -1e4, 0, -3, 0}, new Shape(3, 2));
        double[] logs = model.predict(x, units, all).logVariances().toDoubleArray();
        double unit = 2 * Math.log(3);
        assertEquals(0.5 + unit, logs[0], 1e-4);
        assertEquals(-10 + unit, logs[1], 1e-4);
        double below = 0.5 - Math.log1p(Math.exp(3.5));
        assertEquals(-10 + Math.log1p(Math.exp(below + 10)) + unit, logs[2], 1e-7);
    }

    @Test
    void probabilitiesAndDrawsHaveTheUnitsOfTheData() {
        var prediction = new DynamicsModel.Prediction(scope.create(new double[] {1, -2}, new Shape(1, 2)),
            scope.create(new double[] {Math.log(4), Math.log(9)}, new Shape(1, 2)));
        double expected = -0.5 * (0.25 + 1) - Math.log(2 * 3) - Math.log(2 * Math.PI);
        assertEquals(expected, prediction.logProbability(scope.create(new double[] {2, 1}, new Shape(1, 2))).getDouble(), 1e-6);
        assertArrayEquals(new double[] {2, -5}, prediction.sample(scope.create(new double[] {0.5, -1}, new Shape(1, 2))).toDoubleArray(),
            1e-12);
    }

    @Test
    void targetsAreChangesAndTheRewardIfAskedFor() {
        NDArray s = scope.create(new float[] {1, 2}, new Shape(1, 2)), next = scope.create(new float[] {1.5f, 0}, new Shape(1, 2)),
            a = scope.create(new float[] {7}, new Shape(1, 1)), r = scope.create(new float[] {9}, new Shape(1, 1));
        var with = DynamicsModel.of(2, 1, true, Mlp.Activation.RELU, 8);
        assertArrayEquals(new float[] {1, 2, 7}, with.inputs(s, a).toFloatArray());
        assertArrayEquals(new float[] {0.5f, -2, 9}, with.targets(s, next, r).toFloatArray());
        assertArrayEquals(new float[] {0.5f, -2}, DynamicsModel.of(2, 1, false, Mlp.Activation.RELU, 8).targets(s, next, r).toFloatArray());
    }

    @Test
    void unitsBringDataToMeanZeroAndDeviationOneAndBack() {
        float[] rows = {1, 5, 100, 3, 5, 300, 5, 5, 800};
        Normalizer n = Normalizer.of(rows, 3);
        assertArrayEquals(new float[] {3, 5, 400}, n.means());
        assertEquals(1, n.deviations()[1], "what never changes keeps its unit");
        NDArray x = scope.create(rows, new Shape(3, 3)), normalized = n.normalized(x);
        assertArrayEquals(new float[] {0, 0, 0}, normalized.mean(new int[] {0}).toFloatArray(), 1e-6f);
        assertArrayEquals(new float[] {1, 0, 1}, normalized.square().mean(new int[] {0}).toFloatArray(), 1e-6f);
        assertArrayEquals(rows, n.restored(normalized).toFloatArray(), 1e-4f);
        assertArrayEquals(rows, Normalizer.none(3).normalized(x).toFloatArray());
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        for (var attempt : List.<org.junit.jupiter.api.function.Executable>of(
            () -> new DynamicsModel(2, 1, false, Mlp.of(3, 5)), () -> new DynamicsModel(2, 1, true, Mlp.of(4, 6)),
            () -> DynamicsModel.of(0, 1, true, Mlp.Activation.RELU, 8), () -> Normalizer.of(new float[5], 2),
            () -> Normalizer.of(new float[0], 2),
            () -> new Normalizer(new float[1], new float[1]), () -> new Normalizer(new float[1], new float[] {1, 1}))) {
            String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
            assertTrue(message.contains("expected"), message);
        }
    }
}
