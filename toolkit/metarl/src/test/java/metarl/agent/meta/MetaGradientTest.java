package metarl.agent.meta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import metarl.agent.DivergedException;
import metarl.agent.model.DynamicsModel;
import metarl.basics.RandomStream;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Parameters;
import metarl.nn.Sections;
import metarl.nn.TrustRegion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cycle of MAML on regression, where no policy is anywhere: its meta-gradient has a closed form, and it learns to adapt. */
class MetaGradientTest {
    private static final int TASKS = 3, ROWS = 4;
    private static final double RATE = 0.3;
    private static final Mlp LINE = Mlp.of(1, 1);

    /** Points of every task: x and y, tasks × rows × 1. */
    private record Points(NDArray x, NDArray y) {
        static Points of(double[] x, double[] y, int tasks, NDManager scope) {
            var shape = new Shape(tasks, x.length / tasks, 1);
            return new Points(scope.create(x, shape), scope.create(y, shape));
        }

        Points inSinglePrecision() {
            return new Points(x.toType(DataType.FLOAT32, true), y.toType(DataType.FLOAT32, true));
        }

        /** The sum over tasks of ½ mean (f(x) − y)². */
        InnerLoss error(Mlp network) {
            double share = 0.5 / x.getShape().get(1);
            return stacked -> Gradients.scaled(network.forwardEach(x, stacked).sub(y).square().sum(), share);
        }
    }

    private static double[] numbers(int count, int factor) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) values[i] = (i * factor % 101 - 50) / 50.0;
        return values;
    }

    /**
     * ½ mean (w x + b − y)² of one task as a quadratic: its slope at θ is H θ − g, with H the mean of (x, 1)(x, 1)ᵀ and g that of (x, 1) y.
     */
    private record Quadratic(double[][] h, double[] g, double constant) {
        static Quadratic of(double[] x, double[] y, int task) {
            double[][] h = new double[2][2];
            double[] g = new double[2];
            double constant = 0;
            for (int i = task * ROWS; i < (task + 1) * ROWS; i++) {
                double[] f = {x[i], 1};
                for (int a = 0; a < 2; a++) {
                    g[a] += f[a] * y[i] / ROWS;
                    for (int b = 0; b < 2; b++) h[a][b] += f[a] * f[b] / ROWS;
                }
                constant += y[i] * y[i] / ROWS;
            }
            return new Quadratic(h, g, constant);
        }

        double[] slope(double[] theta) {
            return new double[] {h[0][0] * theta[0] + h[0][1] * theta[1] - g[0], h[1][0] * theta[0] + h[1][1] * theta[1] - g[1]};
        }

        double value(double[] theta) {
            double[] slope = slope(theta);
            return 0.5 * (theta[0] * (slope[0] - g[0]) + theta[1] * (slope[1] - g[1]) + constant);
        }

        /** θ after some steps of gradient descent. */
        double[] descended(double[] theta, int steps) {
            double[] end = theta.clone();
            for (int k = 0; k < steps; k++) {
                double[] slope = slope(end);
                for (int a = 0; a < 2; a++) end[a] -= RATE * slope[a];
            }
            return end;
        }

        /** (I − α H) v: what one inner step does to a gradient on its way back. */
        double[] back(double[] v) {
            return new double[] {v[0] - RATE * (h[0][0] * v[0] + h[0][1] * v[1]), v[1] - RATE * (h[1][0] * v[0] + h[1][1] * v[1])};
        }
    }

    private static final double[] X = numbers(TASKS * ROWS, 37), Y = numbers(TASKS * ROWS, 17), X_TEST = numbers(TASKS * ROWS, 29),
        Y_TEST = numbers(TASKS * ROWS, 13);

    /** The mean over tasks of the outer loss, and its gradient (I − αH)ᵏ (H' θ' − g'), without the first factor at first order. */
    private static double[] closedForm(double[] theta, int steps, boolean firstOrder) {
        double[] result = new double[3];
        for (int task = 0; task < TASKS; task++) {
            Quadratic inner = Quadratic.of(X, Y, task), outer = Quadratic.of(X_TEST, Y_TEST, task);
            double[] adapted = inner.descended(theta, steps), slope = outer.slope(adapted);
            for (int k = 0; k < steps && !firstOrder; k++) slope = inner.back(slope);
            result[0] += outer.value(adapted) / TASKS;
            for (int a = 0; a < 2; a++) result[1 + a] += slope[a] / TASKS;
        }
        return result;
    }

    /** The same sum, by a loss that is written for one network. */
    private static InnerLoss oneByOne(Points points, Mlp network) {
        return InnerLoss.perTask(Sections.of().and("line", network), TASKS, (task, own) -> {
            NDArray x = points.x.get(task), y = points.y.get(task);
            return Gradients.scaled(network.forward(x, own).sub(y).square().mean(), 0.5);
        });
    }

    private static double[] inDoublePrecision(double[] values, int steps, boolean firstOrder, boolean batched, NDManager scope) {
        NDArray w = scope.create(new double[] {values[0]}, new Shape(1, 1)), b = scope.create(new double[] {values[1]}, new Shape(1));
        var theta = new NDList(w, b);
        for (NDArray p : theta) p.setRequiresGradient(true);
        Points train = Points.of(X, Y, TASKS, scope), test = Points.of(X_TEST, Y_TEST, TASKS, scope);
        return Gradients.recorded(() -> {
            InnerLoss inner = batched ? train.error(LINE) : oneByOne(train, LINE);
            OuterLoss outer = OuterLoss.mean(batched ? test.error(LINE) : oneByOne(test, LINE), TASKS);
            NDList outputs = outer.outputs(
                new InnerLoop(RATE, firstOrder).path(theta, TASKS, Collections.nCopies(steps, inner), scope));
            NDArray loss = outer.loss(outputs, outputs);
            NDList gradient = Gradients.of(loss, theta);
            return new double[] {loss.toDoubleArray()[0], gradient.get(0).toDoubleArray()[0], gradient.get(1).toDoubleArray()[0]};
        });
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, false", "5, false", "1, true", "3, true"})
    void metaGradientOfLinearRegressionInClosedForm(int steps, boolean firstOrder) {
        double[] theta = {0.7, -0.4}, expected = closedForm(theta, steps, firstOrder);
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            assertArrayEquals(expected, inDoublePrecision(theta, steps, firstOrder, true, scope), 1e-14);
            assertArrayEquals(expected, inDoublePrecision(theta, steps, firstOrder, false, scope), 1e-14);
            assertTrue(Math.hypot(expected[1], expected[2]) > 0.01, "the gradient must not vanish");
            if (firstOrder) return;
            for (int a = 0; a < 2; a++) {
                double[] up = theta.clone(), down = theta.clone();
                up[a] += 1e-5;
                down[a] -= 1e-5;
                double above = inDoublePrecision(up, steps, false, true, scope)[0];
                double difference = (above - inDoublePrecision(down, steps, false, true, scope)[0]) / 2e-5;
                assertEquals(expected[1 + a], difference, 1e-9);
            }
        }
    }

    private static Parameters parameters(Sections sections, double... values) {
        var parameters = new Parameters(sections, RandomStream.of(1, "theta"));
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        if (floats.length > 0) parameters.setValues(floats);
        return parameters;
    }

    private static MetaGradient cycle(Parameters theta, int steps, OuterLoss outer, NDManager scope) {
        Points train = Points.of(X, Y, TASKS, scope).inSinglePrecision();
        return new MetaGradient(theta, TASKS, new InnerLoop(RATE, false), Collections.nCopies(steps, train.error(LINE)), outer, scope);
    }

    @Test
    void theCycleIsThatOfItsParameters() {
        double[] theta = {0.7, -0.4}, expected = closedForm(theta, 2, false), elsewhere = {0.2, 0.1};
        try (var p = parameters(Sections.of().and("line", LINE), theta); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var cycle = cycle(p, 2, new Line(scope), scope);
            assertEquals(expected[0], cycle.loss(), 1e-6);
            assertArrayEquals(new double[] {expected[1], expected[2]}, cycle.gradient(), 1e-6);
            assertEquals(closedForm(elsewhere, 2, false)[0], cycle.at(elsewhere).loss(), 1e-6);
            assertArrayEquals(new float[] {0.7f, -0.4f}, p.values());
        }
    }

    /** Outputs are the adapted predictions of every point; the divergence is ½ of the mean square by which they moved. */
    private static final class Line implements OuterLoss {
        private final Points test;

        Line(NDManager scope) {
            test = Points.of(X_TEST, Y_TEST, TASKS, scope).inSinglePrecision();
        }

        @Override
        public NDList outputs(List<NDList> path) {
            return new NDList(LINE.forwardEach(test.x, path.get(path.size() - 1)));
        }

        @Override
        public NDArray loss(NDList outputs, NDList old) {
            return Gradients.scaled(outputs.head().sub(test.y).square().mean(), 0.5);
        }

        @Override
        public NDArray divergence(NDList outputs, NDList old) {
            return Gradients.scaled(outputs.head().sub(old.head()).square().mean(), 0.5);
        }
    }

    /** Predictions are linear in θ, so this divergence is ½ ΔᵀFΔ with F = mean (I − αH)ᵏ H' (I − αH)ᵏ, and the curvature is F. */
    @Test
    void theTrustRegionIsThatOfTheAdaptedPredictions() {
        double[] theta = {0.7, -0.4}, v = {0.3, -0.5}, expected = new double[2];
        for (int task = 0; task < TASKS; task++) {
            Quadratic inner = Quadratic.of(X, Y, task), outer = Quadratic.of(X_TEST, Y_TEST, task);
            double[] image = inner.back(v);
            image = new double[] {outer.h[0][0] * image[0] + outer.h[0][1] * image[1], outer.h[1][0] * image[0] + outer.h[1][1] * image[1]};
            image = inner.back(image);
            for (int a = 0; a < 2; a++) expected[a] += image[a] / TASKS;
        }
        try (var p = parameters(Sections.of().and("line", LINE), theta); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var cycle = cycle(p, 1, new Line(scope), scope);
            assertArrayEquals(expected, cycle.curvature(v), 1e-6);
            assertEquals(0, cycle.at(theta).divergence(), 1e-9);
            TrustRegion.Step step = cycle.minimize(new TrustRegion(0.002, 10, 1e-5, 0.8, 15));
            assertTrue(step.accepted() && step.after().loss() < step.before(), step.toString());
            assertEquals(0.002, step.after().divergence(), 5e-5, "of a quadratic, the first length goes to the border");
            // at the next step on the same data, what was said at first is still the centre
            var again = cycle.again();
            assertEquals(step.after().loss(), again.loss(), 1e-6);
            assertEquals(step.after().divergence(), again.at(step.parameters()).divergence(), 1e-7);
            assertEquals(0, cycle(p, 1, new Line(scope), scope).at(step.parameters()).divergence(), 1e-9);
        }
    }

    @Test
    void aLossWithoutADivergenceHasNoTrustRegion() {
        try (var p = parameters(Sections.of().and("line", LINE), 0.7, -0.4); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Points test = Points.of(X_TEST, Y_TEST, TASKS, scope).inSinglePrecision();
            var cycle = cycle(p, 1, OuterLoss.mean(test.error(LINE), TASKS), scope);
            String message = assertThrows(UnsupportedOperationException.class,
                () -> cycle.minimize(new TrustRegion(0.002, 10, 1e-5, 0.8, 15))).getMessage();
            assertTrue(message.contains("Adam"), message);
            assertArrayEquals(new float[] {0.7f, -0.4f}, p.values());
        }
    }

    @Test
    void anOuterLossThatIsNoNumberChangesNothing() {
        try (var p = parameters(Sections.of().and("line", LINE), 0.7, -0.4); var adam = new Adam(p, 0.1);
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Points test = new Points(scope.full(new Shape(TASKS, ROWS, 1), Float.NaN), scope.zeros(new Shape(TASKS, ROWS, 1)));
            var cycle = cycle(p, 1, OuterLoss.mean(test.error(LINE), TASKS), scope);
            assertThrows(DivergedException.class, () -> cycle.minimize(adam));
            assertThrows(DivergedException.class, cycle::gradient);
            assertArrayEquals(new float[] {0.7f, -0.4f}, p.values());
        }
    }

    /**
     * Sine waves of random amplitude and phase (Finn et al. 2017, 5.1), with fewer heights and phases: a step on ten points must take away
     * three quarters of the error.
     */
    private static Points[] waves(int tasks, RandomStream random, NDManager scope) {
        int rows = 10;
        double[][] x = new double[2][tasks * rows], y = new double[2][tasks * rows];
        for (int task = 0; task < tasks; task++) {
            double amplitude = random.nextDouble(0.5, 2), phase = random.nextDouble(0, Math.PI);
            for (int set = 0; set < 2; set++)
                for (int i = task * rows; i < (task + 1) * rows; i++) {
                    x[set][i] = random.nextDouble(-3, 3);
                    y[set][i] = amplitude * Math.sin(x[set][i] + phase);
                }
        }
        return new Points[] {Points.of(x[0], y[0], tasks, scope).inSinglePrecision(),
            Points.of(x[1], y[1], tasks, scope).inSinglePrecision()};
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void learnsToFitSineWavesInOneStep(boolean firstOrder) {
        var network = Mlp.of(Mlp.Activation.TANH, 1, 40, 40, 1);
        var random = RandomStream.of(1, "waves");
        var loop = new InnerLoop(0.1, firstOrder);
        try (var p = parameters(Sections.of().and("wave", network)); var adam = new Adam(p, 3e-3)) {
            for (int i = 0; i < 400; i++)
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    Points[] points = waves(20, random, scope);
                    new MetaGradient(p, 20, loop, List.of(points[0].error(network)), OuterLoss.mean(points[1].error(network), 20), scope)
                        .minimize(adam);
                }
            double[] errors = errors(p, network, loop);
            assertTrue(errors[1] < 0.25 * errors[0], errors[0] + " before the step, " + errors[1] + " after");
        }
    }

    /** Steps s' = s + k a + noise of a push whose strength k is each task's own: x = (s, a) and y = s' − s. */
    private static float[][][] pushes(int tasks, RandomStream random) {
        int rows = 16;
        float[][][] data = new float[tasks][2][];
        for (int task = 0; task < tasks; task++) {
            double strength = random.nextDouble(-2, 2);
            float[] x = new float[2 * rows], y = new float[rows];
            for (int i = 0; i < rows; i++) {
                x[2 * i] = (float) random.nextGaussian();
                x[2 * i + 1] = (float) random.nextDouble(-1, 1);
                y[i] = (float) (strength * x[2 * i + 1] + 0.1 * random.nextGaussian());
            }
            data[task] = new float[][] {x, y};
        }
        return data;
    }

    /** The model's negative log-likelihood of the first or the second eight steps of every task. */
    private static InnerLoss half(DynamicsModel model, float[][][] data, int which, NDManager scope) {
        var units = new DynamicsModel.Units(Normalizer.none(2), Normalizer.none(1));
        var rows = new NDIndex(which == 0 ? "0:8" : "8:");
        return InnerLoss.perTask(model.sections(), data.length,
            (task, own) -> model.loss(scope.create(data[task][0], new Shape(16, 2)).get(rows),
                scope.create(data[task][1], new Shape(16, 1)).get(rows), units, own));
    }

    /** As model-based MAML adapts (Nagabandi et al. 2019): the last steps tell what the next will be like. */
    @Test
    void aDynamicsModelLearnsToAdaptToTheLastSteps() {
        var model = DynamicsModel.of(1, 1, false, Mlp.Activation.TANH, 16);
        var random = RandomStream.of(1, "pushes");
        var loop = new InnerLoop(0.1, false);
        try (var p = parameters(model.sections()); var adam = new Adam(p, 2e-2)) {
            for (int i = 0; i < 60; i++)
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    float[][][] data = pushes(5, random);
                    new MetaGradient(p, 5, loop, Collections.nCopies(2, half(model, data, 0, scope)),
                        OuterLoss.mean(half(model, data, 1, scope), 5), scope).minimize(adam);
                }
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                float[][][] data = pushes(20, random);
                List<NDList> path = Gradients
                    .recorded(() -> loop.path(p.list(), 20, Collections.nCopies(2, half(model, data, 0, scope)), scope));
                double[] losses = path.stream().mapToDouble(stacked -> half(model, data, 1, scope).of(stacked).getFloat() / 20).toArray();
                assertTrue(losses[2] < losses[0] - 0.5, Arrays.toString(losses));
            }
        }
    }

    /** Errors on 200 new waves before and after one inner step. */
    private static double[] errors(Parameters p, Mlp network, InnerLoop loop) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Points[] points = waves(200, RandomStream.of(2, "new waves"), scope);
            List<NDList> path = Gradients.recorded(() -> loop.path(p.list(), 200, List.of(points[0].error(network)), scope));
            return path.stream().mapToDouble(stacked -> points[1].error(network).of(stacked).getFloat() / 200).toArray();
        }
    }
}
