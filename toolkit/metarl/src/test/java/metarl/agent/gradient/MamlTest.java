package metarl.agent.gradient;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Adaptation;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Seated;
import metarl.agent.Trial;
import metarl.agent.gradient.MetaObjective.Tensors;
import metarl.agent.meta.InnerLoop;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Categorical;
import metarl.nn.Gaussian;
import metarl.nn.Gradients;
import metarl.nn.Parameters;
import metarl.nn.TrustRegion;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.Point;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MamlTest {
    static final int TASKS = 2, ROWS = 5, OBSERVATION = 3, ACTION = 2, HIDDEN = 4;
    static final int[] STEPS = {5, 3};
    private static final Problem PROBLEM = new Problem(4, OBSERVATION, ACTION, 1);
    static final StackedPolicy POLICY = StackedPolicy.of(PROBLEM, HIDDEN, 1);
    private static final TaskSet NAVIGATION = TaskSet.of(Point.navigation()).train(60).test(10).sample(7);
    private static final Maml SMALL = Maml.navigation().hidden(8).tasksPerUpdate(3).episodesPerTask(2);

    /** Numbers in [−1/2, 1/2] that jump about, as in maml_twin.py. */
    static float[] numbers(int count, int factor) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) ((i * factor % 101 - 50) / 101.0);
        return values;
    }

    /**
     * A round with room for {@code rows} steps of each task; those beyond STEPS hold numbers that must not count. The first task's steps
     * are two episodes, of two steps and of the rest.
     */
    static EpisodeBatch batch(int round, int rows) {
        float[] observations = new float[TASKS * rows * OBSERVATION], actions = new float[TASKS * rows * ACTION],
            advantages = new float[TASKS * rows], weights = new float[TASKS * rows];
        int[] starts = new int[TASKS * rows];
        Arrays.fill(starts, 2, STEPS[0], 2);
        float[] o = numbers(TASKS * ROWS * OBSERVATION, 11 + round), a = numbers(TASKS * ROWS * ACTION, 37 + round),
            v = numbers(TASKS * ROWS, 17 + round);
        for (int task = 0; task < TASKS; task++)
            for (int t = 0; t < STEPS[task]; t++) {
                int to = task * rows + t, from = task * ROWS + t;
                System.arraycopy(o, from * OBSERVATION, observations, to * OBSERVATION, OBSERVATION);
                System.arraycopy(a, from * ACTION, actions, to * ACTION, ACTION);
                advantages[to] = v[from];
                weights[to] = 1f / STEPS[task];
            }
        return new EpisodeBatch(TASKS, rows, observations, actions, advantages, weights, 0, starts);
    }

    /** Parameters in double precision. */
    static NDList theta(double[] values, NDManager scope) {
        var list = new NDList();
        int at = 0;
        for (Parameters.Initial i : POLICY.sections().initial(RandomStream.of(0, "shapes"))) {
            int n = i.values().length;
            NDArray array = scope.create(Arrays.copyOfRange(values, at, at + n), i.shape());
            array.setRequiresGradient(true);
            list.add(array);
            at += n;
        }
        return list;
    }

    static Tensors tensors(int round, int rows, NDManager scope) {
        Tensors t = Tensors.of(batch(round, rows), scope).inDoublePrecision();
        // exact thirds, as the twin has them
        double[] weights = new double[TASKS * rows];
        for (int task = 0; task < TASKS; task++) Arrays.fill(weights, task * rows, task * rows + STEPS[task], 1.0 / STEPS[task]);
        return new Tensors(t.observations(), t.actions(), t.advantages(), scope.create(weights, new Shape(TASKS * rows, 1)), t.starts());
    }

    /** What the policy that collected a round is taken to have said. */
    static NDArray old(int round, int rows, NDManager scope) {
        float[] values = numbers(TASKS * ROWS * 2 * ACTION, 29 + round), padded = new float[TASKS * rows * 2 * ACTION];
        for (int task = 0; task < TASKS; task++)
            System.arraycopy(values, task * ROWS * 2 * ACTION, padded, task * rows * 2 * ACTION, ROWS * 2 * ACTION);
        return scope.create(padded, new Shape(TASKS * rows, 2 * ACTION)).toType(DataType.FLOAT64, true);
    }

    /** The outer loss and the divergence of a double-precision policy after some inner steps. */
    private record Outer(MetaObjective objective, InnerLoop loop, int steps, int rows, NDManager scope) {
        Outer(InnerObjective inner, boolean firstOrder, int steps, int rows, NDManager scope) {
            this(new MetaObjective(POLICY, inner), new InnerLoop(0.3, firstOrder), steps, rows, scope);
        }

        NDList theta(double[] values) {
            var list = new NDList();
            int at = 0;
            for (Parameters.Initial i : POLICY.sections().initial(RandomStream.of(0, "shapes"))) {
                int n = i.values().length;
                NDArray array = scope.create(Arrays.copyOfRange(values, at, at + n), i.shape());
                array.setRequiresGradient(true);
                list.add(array);
                at += n;
            }
            return list;
        }

        private Tensors tensors(int round) {
            Tensors t = Tensors.of(batch(round, rows), scope).inDoublePrecision();
            // exact thirds, as the twin has them
            double[] weights = new double[TASKS * rows];
            for (int task = 0; task < TASKS; task++) Arrays.fill(weights, task * rows, task * rows + STEPS[task], 1.0 / STEPS[task]);
            return new Tensors(t.observations(), t.actions(), t.advantages(), scope.create(weights, new Shape(TASKS * rows, 1)),
                t.starts());
        }

        private NDArray old() {
            float[] values = numbers(TASKS * ROWS * 2 * ACTION, 29), padded = new float[TASKS * rows * 2 * ACTION];
            for (int task = 0; task < TASKS; task++)
                System.arraycopy(values, task * ROWS * 2 * ACTION, padded, task * rows * 2 * ACTION, ROWS * 2 * ACTION);
            return scope.create(padded, new Shape(TASKS * rows, 2 * ACTION)).toType(DataType.FLOAT64, true);
        }

        private NDArray outputs(NDList theta) {
            List<Tensors> inner = IntStream.range(0, steps).mapToObj(this::tensors).toList();
            return POLICY.outputs(tensors(steps).observations(), loop.adapted(theta, TASKS, objective.innerLosses(inner), scope));
        }

        NDArray loss(NDList theta) {
            return Gradients.recorded(() -> {
                Tensors t = tensors(steps);
                return objective.outerLoss(objective.logProbability(outputs(theta), t), objective.logProbability(old(), t), t);
            });
        }

        NDArray divergence(NDList theta) {
            return Gradients.recorded(() -> objective.divergence(outputs(theta), old(), tensors(steps)));
        }

        double[] gradient(double[] theta) {
            NDList list = theta(theta);
            return flat(Gradients.of(loss(list), list));
        }

        double[] curvature(double[] theta, double[] direction) {
            NDList list = theta(theta), slope = Gradients.recorded(() -> Gradients.differentiable(divergence(list), list));
            return flat(Gradients.product(slope, list, theta(direction)));
        }
    }

    static double[] flat(NDList list) {
        return list.stream().flatMapToDouble(a -> Arrays.stream(a.toDoubleArray())).toArray();
    }

    static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) doubles[i] = values[i];
        return doubles;
    }

    static int size() {
        return POLICY.sections().initial(RandomStream.of(0, "shapes")).stream().mapToInt(i -> i.values().length).sum();
    }

    static double[] difference(ToDoubleFunction<double[]> f, double[] x, double h) {
        double[] slope = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] up = x.clone(), down = x.clone();
            up[i] += h;
            down[i] -= h;
            slope[i] = (f.applyAsDouble(up) - f.applyAsDouble(down)) / (2 * h);
        }
        return slope;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void metaGradientEqualsFiniteDifferences(int steps) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var outer = new Outer(InnerObjective.LOG_PROBABILITY, false, steps, ROWS, scope);
            double[] theta = doubles(numbers(size(), 7));
            double[] differences = difference(v -> outer.loss(outer.theta(v)).toDoubleArray()[0], theta, 1e-5);
            assertArrayEquals(differences, outer.gradient(theta), 1e-9);
            assertTrue(Arrays.stream(differences).map(Math::abs).max().orElse(0) > 0.01, "the gradient must not vanish");
        }
    }

    @Test
    void metaGradientsAndFisherProductsEqualThoseOfPyTorch() throws IOException {
        List<String> rows;
        try (var in = new BufferedReader(new InputStreamReader(MamlTest.class.getResourceAsStream("maml_twin.csv")))) {
            rows = in.lines().toList();
        }
        assertEquals(12, rows.size());
        double[] theta = doubles(numbers(size(), 7)), direction = doubles(numbers(size(), 31));
        for (String row : rows) {
            double[] expected = Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray();
            InnerObjective inner = expected[0] == 1 ? InnerObjective.LIKELIHOOD_RATIO : InnerObjective.LOG_PROBABILITY;
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                var outer = new Outer(inner, expected[1] == 1, (int) expected[2], ROWS, scope);
                assertEquals(expected[3], outer.loss(outer.theta(theta)).toDoubleArray()[0], 1e-10);
                assertEquals(expected[4], outer.divergence(outer.theta(theta)).toDoubleArray()[0], 1e-10);
                assertArrayEquals(Arrays.copyOfRange(expected, 5, 5 + theta.length), outer.gradient(theta), 1e-10);
                assertArrayEquals(Arrays.copyOfRange(expected, 5 + theta.length, 5 + 2 * theta.length), outer.curvature(theta, direction),
                    1e-9);
            }
        }
    }

    @Test
    void paddingCountsNothing() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            double[] theta = doubles(numbers(size(), 7));
            assertArrayEquals(new Outer(InnerObjective.LOG_PROBABILITY, false, 2, ROWS, scope).gradient(theta),
                new Outer(InnerObjective.LOG_PROBABILITY, false, 2, ROWS + 6, scope).gradient(theta), 1e-15);
        }
    }

    /**
     * Inner loss ½ aθ², outer loss ½ (θ' − b)²: θ' = (1 − αa)ᵏ θ, so the meta-gradient is (1 − αa)ᵏ (θ' − b), and θ' − b at first order.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void quadraticHasAClosedForm(int steps) {
        double a = 0.8, b = 2, rate = 0.5, theta = 1.5, adapted = Math.pow(1 - rate * a, steps) * theta;
        assertEquals(Math.pow(1 - rate * a, steps) * (adapted - b), quadratic(a, b, rate, theta, steps, false), 1e-12);
        assertEquals(adapted - b, quadratic(a, b, rate, theta, steps, true), 1e-12);
    }

    /** A linear inner loss has no second derivative, so nothing is lost at first order. */
    @Test
    void firstOrderIsExactWhereTheSecondDerivativeVanishes() {
        double zero = 0;
        assertEquals(quadratic(zero, 2, 0.5, 1.5, 3, false), quadratic(zero, 2, 0.5, 1.5, 3, true), 0);
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            double[] theta = doubles(numbers(size(), 7));
            double[] exact = new Outer(InnerObjective.LOG_PROBABILITY, false, 1, ROWS, scope).gradient(theta);
            double[] first = new Outer(InnerObjective.LOG_PROBABILITY, true, 1, ROWS, scope).gradient(theta);
            double gap = IntStream.range(0, theta.length).mapToDouble(i -> Math.abs(exact[i] - first[i])).max().orElse(0);
            assertTrue(gap > 1e-3, "a policy's inner loss is curved, but the orders differ by " + gap + " only");
        }
    }

    private static double quadratic(double a, double b, double rate, double start, int steps, boolean firstOrder) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray theta = scope.create(start);
            theta.setRequiresGradient(true);
            return Gradients.recorded(() -> {
                NDArray x = Gradients.scaled(theta, 1);
                for (int k = 0; k < steps; k++) {
                    NDArray loss = Gradients.scaled(x.square(), a / 2);
                    NDList slope = firstOrder ? Gradients.of(loss, new NDList(x)) : Gradients.differentiable(loss, new NDList(x));
                    x = x.sub(Gradients.scaled(slope.head(), rate));
                }
                return Gradients.of(Gradients.scaled(x.sub(b).square(), 0.5), new NDList(theta)).head().toDoubleArray()[0];
            });
        }
    }

    @Test
    void fisherOfAGaussianPolicy() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            // without an inner step and at the collecting policy itself: 1/σ² for a mean, 2 for the logarithm of a deviation
            var objective = new MetaObjective(POLICY, InnerObjective.LOG_PROBABILITY);
            double[] theta = doubles(numbers(size(), 7)), direction = new double[size()];
            double[] v = {0.3, -0.2, 0.5, 0.7};
            System.arraycopy(v, 0, direction, size() - 4, 4);
            var outer = new Outer(objective, new InnerLoop(0, false), 1, ROWS, scope);
            NDList list = outer.theta(theta);
            NDList slope = Gradients.recorded(() -> {
                NDArray outputs = outer.outputs(list);
                return Gradients.differentiable(objective.divergence(outputs, outputs.stopGradient(), outer.tensors(1)), list);
            });
            double[] product = flat(Gradients.product(slope, list, outer.theta(direction)));
            for (int j = 0; j < 2; j++) {
                assertEquals(v[j] * Math.exp(-2 * theta[size() - 2 + j]), product[size() - 4 + j], 1e-12);
                assertEquals(2 * v[2 + j], product[size() - 2 + j], 1e-12);
            }
            assertArrayEquals(new double[size()], flat(slope), 1e-12, "the divergence is least where nothing has moved");
        }
    }

    @Test
    void headsInClosedForm() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var gaussian = new Gaussian(1);
            NDArray standard = scope.create(new double[] {0, 0}, new Shape(1, 2)),
                other = scope.create(new double[] {1, Math.log(2)}, new Shape(1, 2));
            assertEquals(Math.log(2) + 2.0 / 8 - 0.5, gaussian.divergence(standard, other).toDoubleArray()[0], 1e-12);
            assertEquals(0, gaussian.divergence(other, other).toDoubleArray()[0], 1e-12);
            assertEquals(-0.5 * Math.log(2 * Math.PI) - Math.log(2) - 0.5 * 0.25,
                gaussian.logProbability(other, scope.create(new double[] {0}, new Shape(1, 1))).toDoubleArray()[0], 1e-7);
            assertEquals(0.5 * Math.log(2 * Math.PI * Math.E * 4), gaussian.entropy(other).toDoubleArray()[0], 1e-7);
            var choice = new Categorical(2);
            NDArray even = scope.create(new double[] {0, 0}, new Shape(1, 2)),
                odds = scope.create(new double[] {Math.log(3), 0}, new Shape(1, 2));
            assertEquals(0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25), choice.divergence(even, odds).toDoubleArray()[0], 1e-12);
            assertEquals(Math.log(0.75), choice.logProbability(odds, scope.create(new double[] {1, 0}, new Shape(1, 2))).toDoubleArray()[0],
                1e-12);
        }
    }

    @Test
    void advantagesInClosedForm() {
        double[] rewards = {1, 2, 3}, values = {0.5, -1, 2, 4};
        assertArrayEquals(new double[] {1 + 0.9 * -1 - 0.5, 2 + 0.9 * 2 + 1, 3 + 0.9 * 4 - 2},
            Advantages.generalized(rewards, values, 0.9, 0), 1e-12);
        double last = 3 + 0.9 * 4, middle = 2 + 0.9 * last, first = 1 + 0.9 * middle;
        assertArrayEquals(new double[] {first - 0.5, middle + 1, last - 2}, Advantages.generalized(rewards, values, 0.9, 1), 1e-12);
    }

    @Test
    void conjugateGradientsSolveASmallSystemExactly() {
        double[][] a = {{4, 1, 0}, {1, 3, -1}, {0, -1, 2}};
        double[] x = {1, -2, 3}, b = product(a, x);
        assertArrayEquals(x, TrustRegion.solve(v -> product(a, v), b, 3), 1e-12);
        assertTrue(Math.abs(TrustRegion.solve(v -> product(a, v), b, 1)[0] - x[0]) > 1e-3, "one step must not be enough");
    }

    private static double[] product(double[][] a, double[] v) {
        return Arrays.stream(a).mapToDouble(row -> IntStream.range(0, v.length).mapToDouble(i -> row[i] * v[i]).sum()).toArray();
    }

    /** Loss gᵀθ, divergence ½ ΔᵀFΔ: the step is −√(2 limit / gᵀF⁻¹g) F⁻¹g. */
    @Test
    void trustRegionStepInClosedForm() {
        double[][] f = {{2, 0}, {0, 8}};
        double[] g = {1, 4};
        var model = new TrustRegion.Model() {
            @Override
            public double[] gradient() {
                return g;
            }

            @Override
            public double[] curvature(double[] direction) {
                return product(f, direction);
            }

            @Override
            public TrustRegion.Point at(double[] theta) {
                return new TrustRegion.Point(g[0] * theta[0] + g[1] * theta[1],
                    f[0][0] / 2 * theta[0] * theta[0] + f[1][1] / 2 * theta[1] * theta[1]);
            }
        };
        double length = Math.sqrt(2 * 0.01 / (1 / 2.0 + 16 / 8.0));
        TrustRegion.Step step = new TrustRegion(0.01, 10, 0, 0.8, 15).minimize(new double[2], model);
        // rounding may put the full length a hair above the limit
        double scale = Math.pow(0.8, step.attempts() - 1);
        assertTrue(step.accepted() && step.attempts() <= 2);
        assertArrayEquals(new double[] {-scale * length / 2, -scale * length / 2}, step.parameters(), 1e-6);
        assertTrue(step.after().divergence() <= 0.01 && step.after().loss() < 0);
    }

    @Test
    void trustRegionStaysWhereNothingIsBetter() {
        var model = new TrustRegion.Model() {
            @Override
            public double[] gradient() {
                return new double[] {1};
            }

            @Override
            public double[] curvature(double[] direction) {
                return direction;
            }

            @Override
            public TrustRegion.Point at(double[] theta) {
                return new TrustRegion.Point(Math.abs(theta[0]), 0);
            }
        };
        TrustRegion.Step step = new TrustRegion(0.01, 10, 0, 0.8, 15).minimize(new double[1], model);
        assertFalse(step.accepted());
        assertArrayEquals(new double[1], step.parameters(), 0);
    }

    private static Trajectory episode(double[] rewards) {
        Task task = Point.navigation().task(0.1, 0.1);
        var random = RandomStream.of(3, "episode");
        var episode = new Trajectory(task, new double[] {random.nextGaussian(), random.nextGaussian()});
        for (int t = 0; t < rewards.length; t++)
            episode.add(new double[2], new Step(new double[] {random.nextGaussian(), random.nextGaussian()}, rewards[t], false,
                t == rewards.length - 1, new double[4]));
        return episode;
    }

    @Test
    void linearBaselineFindsReturnsThatAreLinearInTime() {
        double[] ones = new double[50];
        Arrays.fill(ones, 1);
        Trajectory episode = episode(ones);
        assertArrayEquals(IntStream.range(0, 50).mapToDouble(t -> 50 - t).toArray(), LinearBaseline.returns(episode, 1), 0);
        double[] values = LinearBaseline.fit(List.of(episode), 1, 1e-8).values(episode);
        for (int t = 0; t < 50; t++) assertEquals(50 - t, values[t], 1e-4);
        assertEquals(0, values[50]);
        assertArrayEquals(new double[] {1 + 0.5 * 2, 2}, LinearBaseline.returns(episode(new double[] {1, 2}), 0.5), 1e-15);
    }

    @Test
    void advantagesHaveMeanZeroAndVarianceOnePerTask() {
        var lengths = List.of(episode(new double[] {1, 5, 2, 8}), episode(new double[] {3, 1}));
        EpisodeBatch batch = EpisodeBatch.of(List.of(lengths, List.of(episode(new double[] {2, 7, 1}))), new Gaussian(2), 0.9, 1,
            1e-5);
        assertEquals(6, batch.rows());
        double[] advantages = doubles(batch.advantages());
        assertEquals(0, Arrays.stream(advantages, 0, 6).sum(), 1e-6);
        assertEquals(6, Arrays.stream(advantages, 0, 6).map(a -> a * a).sum(), 1e-4);
        assertArrayEquals(new double[3], Arrays.copyOfRange(advantages, 9, 12), 0);
        assertEquals(1, Arrays.stream(doubles(batch.weights()), 6, 12).sum(), 1e-6);
    }

    /** One round of episodes. */
    private static void collect(Learner learner, RandomStream random) {
        learner.store(Rollout.of(learner.plan(), NAVIGATION.train(), random));
    }

    private static MamlLearner learner(Maml settings, long seed) {
        return (MamlLearner) settings.learner(new Problem(60, 2, 2, 4), seed);
    }

    static void advance(Learner learner, RandomStream collection) {
        if (learner.isDue()) learner.update();
        else collect(learner, RandomStream.resume(collection.nextLong()));
    }

    static Stream<Maml> variants() {
        return Stream.of(SMALL, SMALL.innerSteps(2), SMALL.firstOrder(true), SMALL.outer(Maml.Outer.ADAM));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void updatesMoveTheParametersAndKeepNoArrays(Maml settings) {
        try (var learner = learner(settings, 1)) {
            float[] before = learner.parameters().values();
            RandomStream collection = RandomStream.of(5, "collection");
            int arrays = learner.parameters().manager().getManagedArrays().size();
            for (int i = 0; i < 3 * (settings.innerSteps() + 2); i++) advance(learner, collection);
            assertFalse(Arrays.equals(before, learner.parameters().values()));
            assertEquals(arrays, learner.parameters().manager().getManagedArrays().size());
        }
    }

    @Test
    void everyRoundOfAnUpdateIsOnTheSameTasks() {
        try (var learner = learner(SMALL.innerSteps(2), 1)) {
            int[] first = Seated.tasks(learner.plan());
            assertEquals(6, first.length);
            assertEquals(first[0], first[1]);
            RandomStream random = RandomStream.of(5, "collection");
            for (int round = 0; round < 3; round++) {
                assertArrayEquals(first, Seated.tasks(learner.plan()));
                assertFalse(learner.isDue());
                collect(learner, random);
            }
            assertTrue(learner.isDue());
            learner.update();
            assertFalse(Arrays.equals(first, Seated.tasks(learner.plan())));
        }
    }

    /** All tasks at once give each what it would get alone. */
    @Test
    void explorerActsWithEachTasksOwnParameters() {
        try (var learner = learner(SMALL, 1)) {
            List<Trial> trials = Rollout.of(learner.plan(), NAVIGATION.train(), RandomStream.of(5, "collection"));
            List<Trajectory> episodes = trials.stream().map(t -> t.episodes().get(0)).toList();
            learner.store(trials);
            Policy explorer = learner.plan().seats().get(0).policy();
            double[][] observations = new double[6][2];
            double[][] all = explorer.start(6, RandomStream.of(9, "noise")).act(observations);
            for (int task = 0; task < 3; task++) {
                RandomStream noise = RandomStream.of(9, "noise");
                for (int i = 0; i < 4 * task; i++) noise.nextGaussian();
                try (Adaptation alone = learner.adapt(episodes.subList(2 * task, 2 * task + 2), RandomStream.of(0, "adapt"))) {
                    assertArrayEquals(alone.policy().start(1, noise).act(new double[1][2])[0], all[2 * task], 1e-6);
                }
            }
            assertThrows(IllegalArgumentException.class, () -> explorer.start(5, RandomStream.of(9, "noise")));
        }
    }

    @Test
    void adaptingChangesNoParameterAndOneStepPerRoundIsTaken() {
        try (var learner = learner(SMALL, 1)) {
            float[] before = learner.parameters().values();
            Task task = NAVIGATION.test().get(0);
            List<Trajectory> shots = Rollout.of(learner.policy(), Collections.nCopies(4, task), RandomStream.of(1, "shots"));
            RandomStream random = RandomStream.of(1, "adapt");
            int arrays = learner.parameters().manager().getManagedArrays().size();
            double[] one = first(learner.adapt(shots, random)), two = first(learner.adaptInRounds(List.of(shots, shots), random));
            try (Adaptation described = learner.adaptInRounds(List.of(shots, shots), random)) {
                assertEquals("2 gradient steps on the new task's episodes alone", described.sentence());
                assertEquals(2, described.summary().doubleColumn("value").get(0));
            }
            double[] same = first(learner.adaptInRounds(List.of(shots), random)), none = first(learner.adapt(List.of(), random));
            assertEquals(2, learner.adaptInRounds(List.of(shots, shots), random).updates());
            assertArrayEquals(one, same, 0);
            assertFalse(Arrays.equals(one, two) || Arrays.equals(one, none));
            assertArrayEquals(before, learner.parameters().values(), 0);
            assertEquals(arrays, learner.parameters().manager().getManagedArrays().size());
            double[] slow = first(learner.adaptingBy(SMALL.innerRate(1e-6)).adapt(shots, random));
            assertArrayEquals(none, slow, 1e-4);
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> learner.adapt(shots, random));
            assertTrue(Thread.interrupted());
        }
    }

    private static double[] first(Adaptation adaptation) {
        try (Policy.Actor actor = adaptation.policy().start(1, RandomStream.of(4, "noise"))) {
            return actor.act(new double[][] {{0.2, 0.1}})[0];
        }
    }

    @Test
    void choicesCanBeLearnedAsWell() {
        TaskSet arms = TaskSet.of(Bandit.bernoulli(3)).train(10).test(2).sample(1);
        var settings = SMALL.tasksPerUpdate(4).episodesPerTask(10);
        try (var run = MetaTraining.on(arms).algorithm(settings).steps(400).evaluateEvery(400).shots(5).seed(1).run()) {
            assertEquals(5, run.updates());
        }
    }

    /** Twelve updates; in the three seeds of experiments/maml, which train longer, one step is worth 21 to 25. */
    @Test
    void oneInnerStepFindsTheGoal() {
        var training = MetaTraining.on(NAVIGATION).algorithm(Maml.navigation()).steps(480_000).evaluateEvery(480_000).shots(10)
            .adaptTasks(10).episodes(4).seed(1);
        try (var run = training.run()) {
            var tasks = run.lastEvaluation().tasks();
            double gain = tasks.stream().mapToDouble(t -> t.after() - t.before()).average().orElse(0);
            assertTrue(gain > 12, "one inner step on ten episodes is worth " + gain + " in return, expected at least 12");
        }
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputsAreNamed(BadInput input) {
        input.isNamed();
    }

    static Stream<Arguments> badInputs() {
        Maml maml = Maml.navigation();
        return Stream.of(
            bad("no hidden unit", () -> maml.hidden(0), "hidden is 0"),
            bad("no noise", () -> maml.initialDeviation(0), "initialDeviation is 0.0"),
            bad("inner rate 0", () -> maml.innerRate(0), "usually 0.1 to 0.5"),
            bad("inner rate NaN", () -> maml.innerRate(Double.NaN), "innerRate is NaN"),
            bad("no inner step", () -> maml.innerSteps(0), "innerSteps is 0"),
            bad("no task", () -> maml.tasksPerUpdate(0), "tasksPerUpdate is 0"),
            bad("no episode", () -> maml.episodesPerTask(-1), "episodesPerTask is -1"),
            bad("discount above 1", () -> maml.discount(1.01), "discount is 1.01"),
            bad("λ below 0", () -> maml.lambda(-0.1), "lambda is -0.1"),
            bad("no ridge", () -> maml.ridge(0), "ridge is 0.0"),
            bad("no divergence", () -> maml.divergenceLimit(0), "divergenceLimit is 0.0"),
            bad("no conjugate step", () -> maml.conjugateSteps(0), "conjugateSteps is 0"),
            bad("negative damping", () -> maml.damping(-1), "damping is -1.0"),
            bad("learning rate 0", () -> maml.learningRate(0), "learningRate is 0.0"),
            bad("unknown preset", () -> Maml.released("hopper"), "'hopper'"),
            bad("shrinkage 1", () -> new TrustRegion(0.01, 10, 0, 1, 15), "shrinkage is 1.0"),
            bad("no attempt", () -> new TrustRegion(0.01, 10, 0, 0.8, 0), "attempts is 0"),
            bad("nothing to fit", () -> LinearBaseline.fit(new ArrayList<>(), 0.99, 1e-5), "no step to fit"),
            bad("adapting by another method", () -> learner(SMALL, 1).adaptingBy(Td3.defaults()), "not by TD3"),
            bad("adapting another network", () -> learner(SMALL, 1).adaptingBy(SMALL.hidden(9)), "hidden 9"),
            bad("an empty round", () -> learner(SMALL, 1).adaptInRounds(List.of(List.of()), RandomStream.of(1, "adapt")),
                "an episode in each"));
    }
}
