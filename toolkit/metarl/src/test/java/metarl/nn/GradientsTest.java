package metarl.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;

class GradientsTest {
    @Test
    void firstAndSecondDerivativeOfTheCubeSum() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray x = scope.create(new double[] {1, 2, 3});
            x.setRequiresGradient(true);
            NDArray loss = Gradients.recorded(() -> x.mul(x).mul(x).sum());
            NDArray first = Gradients.recorded(() -> Gradients.differentiable(loss, new NDList(x)).get(0));
            assertArrayEquals(new double[] {3, 12, 27}, first.toDoubleArray(), 1e-12);
            NDArray second = Gradients.of(Gradients.recorded(() -> first.sum()), new NDList(x)).get(0);
            assertArrayEquals(new double[] {6, 12, 18}, second.toDoubleArray(), 1e-12);
        }
    }

    @Test
    void aParameterTheLossDoesNotReadHasGradientZero() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray x = scope.create(new float[] {1, 2}), unused = scope.create(new float[] {5});
            x.setRequiresGradient(true);
            unused.setRequiresGradient(true);
            NDList g = Gradients.of(Gradients.recorded(() -> x.square().sum()), new NDList(x, unused));
            assertArrayEquals(new float[] {2, 4}, g.get(0).toFloatArray());
            assertArrayEquals(new float[] {0}, g.get(1).toFloatArray());
        }
    }

    /** Fails within a few rounds where the number's memory is Java's, as with {@link NDArray#mul(Number)}. */
    @Test
    void aNumberInALossOutlivesTheGarbageCollector() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray x = scope.create(new float[] {1, 2});
            x.setRequiresGradient(true);
            for (int round = 0; round < 20; round++) {
                NDArray loss = Gradients.recorded(() -> Gradients.scaled(x.square().sum(), 1.5));
                System.gc();
                var taken = IntStream.range(0, 1_000)
                    .mapToObj(i -> ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder()).putFloat(0, Float.NaN)).toList();
                assertArrayEquals(new float[] {3, 6}, Gradients.of(loss, new NDList(x)).head().toFloatArray());
                assertEquals(1_000, taken.size());
            }
            NDArray thirds = Gradients.scaled(scope.create(new double[] {1, 2}), 1.0 / 3);
            assertArrayEquals(new double[] {1.0 / 3, 2.0 / 3}, thirds.toDoubleArray());
        }
    }

    @Test
    void adamFollowsItsDefinition() {
        try (var parameters = new Parameters(List.of(new Parameters.Initial(new float[] {1, -2}, new Shape(2))));
            var adam = new Adam(parameters, 0.1);
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            double[] theta = {1, -2}, m = new double[2], v = new double[2];
            for (int t = 1; t <= 5; t++) {
                for (int i = 0; i < 2; i++) {
                    double g = 2 * theta[i];
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.999 * v[i] + 0.001 * g * g;
                    theta[i] -= 0.1 * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
                }
                NDArray zero = scope.zeros(new Shape(2));
                adam.minimize(new Loss(Gradients.recorded(() -> zero.add(parameters.list().get(0)).square().sum())));
            }
            float[] values = parameters.values();
            for (int i = 0; i < 2; i++) assertEquals(theta[i], values[i], 1e-5);
        }
    }

    /** Gradients of stacked networks come as transposed arrays, whose numbers lie in another order than they are read. */
    @Test
    void adamReadsATransposedGradientInItsOwnOrder() {
        try (var parameters = new Parameters(List.of(new Parameters.Initial(new float[6], new Shape(2, 3))));
            var adam = new Adam(parameters, 0.1);
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray gradient = scope.create(new float[] {1, 1, -1, -1, 1, -1}, new Shape(3, 2)).transpose();
            assertArrayEquals(new float[] {1, -1, 1, 1, -1, -1}, gradient.toFloatArray());
            adam.descend(new NDList(gradient), scope);
            assertArrayEquals(new float[] {-0.1f, 0.1f, -0.1f, -0.1f, 0.1f, 0.1f}, parameters.values(), 1e-6f);
        }
    }

    @Test
    void targetsFollowByTheGivenShare() {
        try (var a = new Parameters(List.of(new Parameters.Initial(new float[] {0, 10}, new Shape(2))));
            var b = new Parameters(List.of(new Parameters.Initial(new float[] {1, 20}, new Shape(2))))) {
            a.moveTowards(b, 0.1);
            assertArrayEquals(new float[] {0.1f, 11}, a.values(), 1e-6f);
            a.set(b);
            assertArrayEquals(b.values(), a.values());
        }
    }

    @Test
    void theGruEqualsItsEquations() {
        var gru = new Gru(2, 3);
        try (var p = new Parameters(gru.initial(RandomStream.of(4, "gru"))); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] x = {0.3f, -1, 0.5f, 2, -0.7f, 0.1f};
            float[] result = gru.last(scope.create(x, new Shape(1, 3, 2)), p.list()).toFloatArray();
            assertArrayEquals(byHand(p, x), result, 1e-6f);
        }
    }

    /** An entry whose gate stays at its bias keeps 1 − 1/u of itself: it forgets over u elements. */
    @Test
    void anEntryOfTheGruForgetsOverATimeBetweenOneElementAndTheLongest() {
        var gru = new Gru(2, 1_000);
        var usual = gru.initial(RandomStream.of(4, "gru"));
        var lasting = gru.remembering(100).initial(RandomStream.of(4, "gru"));
        double mean = 0;
        for (int i = 0; i < 3_000; i++) {
            float bias = lasting.get(2).values()[i];
            if (i < 1_000 || i >= 2_000) assertEquals(usual.get(2).values()[i], bias);
            else {
                double kept = sigmoid(bias), time = 1 / (1 - kept);
                assertTrue(time >= 2 && time <= 100, "time " + time);
                mean += time / 1_000;
            }
        }
        assertEquals(51, mean, 3, "uniform from 2 to 100");
        for (int array : new int[] {0, 1, 3}) assertArrayEquals(usual.get(array).values(), lasting.get(array).values());
    }

    private static float[] byHand(Parameters p, float[] x) {
        float[] wi = p.list().get(0).toFloatArray(), wh = p.list().get(1).toFloatArray(), bi = p.list().get(2).toFloatArray(),
            bh = p.list().get(3).toFloatArray();
        double[] h = new double[3];
        for (int t = 0; t < 3; t++) {
            double[] next = new double[3];
            for (int j = 0; j < 3; j++) {
                double[] input = new double[3], recurrent = new double[3];
                for (int gate = 0; gate < 3; gate++) {
                    int row = 3 * gate + j;
                    input[gate] = bi[row] + wi[2 * row] * x[2 * t] + wi[2 * row + 1] * x[2 * t + 1];
                    recurrent[gate] = bh[row];
                    for (int k = 0; k < 3; k++) recurrent[gate] += wh[3 * row + k] * h[k];
                }
                double r = sigmoid(input[0] + recurrent[0]), z = sigmoid(input[1] + recurrent[1]);
                next[j] = (1 - z) * Math.tanh(input[2] + r * recurrent[2]) + z * h[j];
            }
            h = next;
        }
        return new float[] {(float) h[0], (float) h[1], (float) h[2]};
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
