package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import metarl.TwinFile;
import metarl.agent.LatentGaussian;
import metarl.basics.RandomStream;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Sections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Products and divergences of Gaussians against closed forms, and against sums over a grid. */
class PearlEncoderTest {
    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    private static LatentGaussian one(double mean, double variance) {
        return new LatentGaussian(new double[] {mean}, new double[] {variance});
    }

    private PearlEncoder.Gaussians gaussians(float[] means, float[] variances, long... shape) {
        return new PearlEncoder.Gaussians(scope.create(means, new Shape(shape)), scope.create(variances, new Shape(shape)));
    }

    /** log N(x; μ, σ²). */
    private static double log(LatentGaussian g, double x) {
        double v = g.variance()[0], d = x - g.mean()[0];
        return -0.5 * (Math.log(2 * Math.PI * v) + d * d / v);
    }

    @Test
    void theProductOfTwoFactorsIsTheClosedForm() {
        LatentGaussian product = LatentGaussian.product(List.of(one(1, 4), one(3, 1)));
        assertEquals(0.8, product.variance()[0], 1e-15);
        assertEquals(2.6, product.mean()[0], 1e-15);
        // the quotient of the densities is the same at every place
        double constant = log(one(1, 4), 0) + log(one(3, 1), 0) - log(product, 0);
        for (double x : new double[] {-3, 0.5, 2.6, 7})
            assertEquals(constant, log(one(1, 4), x) + log(one(3, 1), x) - log(product, x), 1e-12);
        assertEquals(one(1, 4), LatentGaussian.product(List.of(one(1, 4))), "one factor is the posterior");
    }

    /** Two tasks of three factors each, of a z of two entries. */
    @Test
    void theProductsOfTensorsAreThoseOfNumbers() {
        float[] means = TwinFile.floats(12, 7, 4), variances = new float[12];
        for (int i = 0; i < 12; i++) variances[i] = 0.1f + 0.3f * i;
        // the second factor of the second task counts three times, its last not at all
        float[] counts = {1, 1, 1, 1, 3, 0};
        var product = PearlEncoder.product(gaussians(means, variances, 2, 3, 2), scope.create(counts, new Shape(2, 3, 1)));
        for (int task = 0; task < 2; task++) {
            var factors = new java.util.ArrayList<LatentGaussian>();
            for (int n = 0; n < 3; n++) {
                int at = task * 6 + n * 2;
                for (int k = 0; k < counts[task * 3 + n]; k++)
                    factors
                        .add(new LatentGaussian(new double[] {means[at], means[at + 1]}, new double[] {variances[at], variances[at + 1]}));
            }
            LatentGaussian expected = LatentGaussian.product(factors);
            for (int j = 0; j < 2; j++) {
                assertEquals(expected.mean()[j], product.mean().toFloatArray()[task * 2 + j], 1e-6);
                assertEquals(expected.variance()[j], product.variance().toFloatArray()[task * 2 + j], 1e-6);
            }
        }
    }

    @Test
    void theDivergenceFromThePriorIsTheClosedFormAndTheIntegral() {
        LatentGaussian q = one(0.7, 0.25);
        assertEquals(0.5 * (0.49 + 0.25 - 1 - Math.log(0.25)), q.divergence(), 1e-15);
        double integral = 0, step = 1e-3;
        for (double x = -6; x < 6; x += step) integral += step * Math.exp(log(q, x)) * (log(q, x) - log(one(0, 1), x));
        assertEquals(integral, q.divergence(), 1e-6);
        assertEquals(0, LatentGaussian.standard(5).divergence());
        float sum = PearlEncoder.divergence(gaussians(new float[] {0.7f, 0, 0.7f, 0}, new float[] {0.25f, 1, 0.25f, 1}, 2, 2)).getFloat();
        assertEquals(2 * q.divergence(), sum, 1e-6, "summed over tasks, not averaged");
    }

    @Test
    void theOrderOfTransitionsSaysNothing() {
        var encoder = PearlEncoder.of(4, 2, 8, 8);
        float[] rows = TwinFile.floats(5 * 4, 23, 2), turned = new float[20];
        for (int n = 0; n < 5; n++) System.arraycopy(rows, n * 4, turned, (4 - n) * 4, 4);
        try (var parameters = new Parameters(Sections.of().and("encoder", encoder.network()), RandomStream.of(1, "x"))) {
            var one = encoder.posterior(scope.create(rows, new Shape(5, 4)), scope.ones(new Shape(1, 5, 1)), parameters.list());
            var other = encoder.posterior(scope.create(turned, new Shape(5, 4)), scope.ones(new Shape(1, 5, 1)), parameters.list());
            assertArrayEquals(one.mean().toFloatArray(), other.mean().toFloatArray(), 1e-6f);
            assertArrayEquals(one.variance().toFloatArray(), other.variance().toFloatArray(), 1e-6f);
        }
    }

    @Test
    void aVarianceIsNeverZero() {
        var encoder = new PearlEncoder(Mlp.of(1, 2));
        try (var parameters = new Parameters(Sections.of().and("encoder", encoder.network()), RandomStream.of(1, "x"))) {
            parameters.setValues(new float[] {0, 0, 0, -100});
            float least = encoder.factors(scope.zeros(new Shape(1, 1)), parameters.list()).variance().getFloat();
            assertEquals(1e-7, least, 1e-12);
        }
    }

    @Test
    void aDrawOfZIsRepeatedForTheRowsOfItsTask() {
        var q = gaussians(new float[] {1, 2, 3, 4}, new float[] {1, 4, 9, 16}, 2, 2);
        float[] z = PearlEncoder.draw(q, scope.create(new float[] {1, 0, 0, -1}, new Shape(2, 2)), 3).toFloatArray();
        assertArrayEquals(new float[] {2, 2, 2, 2, 2, 2, 3, 0, 3, 0, 3, 0}, z, 1e-6f);
    }

    @Test
    void drawsOfABeliefHaveItsMoments() {
        LatentGaussian q = one(2, 0.25);
        var random = RandomStream.of(1, "draws");
        double mean = 0, squares = 0;
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            double z = q.draw(random)[0];
            mean += z / n;
            squares += z * z / n;
        }
        assertEquals(2, mean, 0.015);
        assertEquals(0.5, Math.sqrt(squares - mean * mean), 0.01);
        assertEquals(0.5, q.spread());
    }

    @Test
    void whatIsNoGaussianIsRefused() {
        for (var attempt : List.<org.junit.jupiter.api.function.Executable>of(() -> one(0, 0), () -> one(Double.NaN, 1),
            () -> new LatentGaussian(new double[2], new double[1]), () -> LatentGaussian.product(List.of()),
            () -> new PearlEncoder(Mlp.of(4, 3)))) {
            String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
            assertTrue(message.contains("expected"), message);
        }
    }
}
