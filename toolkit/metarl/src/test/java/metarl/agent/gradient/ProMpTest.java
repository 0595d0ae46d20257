package metarl.agent.gradient;

import static metarl.BadInput.bad;
import static metarl.agent.gradient.MamlTest.POLICY;
import static metarl.agent.gradient.MamlTest.ROWS;
import static metarl.agent.gradient.MamlTest.TASKS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.TwinFile;
import metarl.agent.Problem;
import metarl.agent.gradient.MetaObjective.Tensors;
import metarl.agent.meta.InnerLoop;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.Gaussian;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.task.TaskSet;
import metarl.task.families.Point;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProMpTest {
    private static final TwinFile TWIN = new TwinFile(ProMpTest.class, "promp_twin.csv");
    private static final TaskSet CORNERS = TaskSet.published("promp/point-corner");
    private static final ProMp SMALL = ProMp.corner().hidden(8).tasksPerUpdate(3).episodesPerTask(2);
    private static final double RATE = 0.3, CLIP = 0.25, PENALTY = 0.5;

    private static double[] theta() {
        return MamlTest.doubles(MamlTest.numbers(MamlTest.size(), 7));
    }

    private static double[] direction() {
        return MamlTest.doubles(MamlTest.numbers(MamlTest.size(), 31));
    }

    private static double[] joined(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The inner loss of the first task alone: as if the second had no steps. */
    private static Tensors first(Tensors t, NDManager scope) {
        double[] weights = t.weights().toDoubleArray();
        Arrays.fill(weights, ROWS, 2 * ROWS, 0);
        return new Tensors(t.observations(), t.actions(), t.advantages(), scope.create(weights, t.weights().getShape()), t.starts());
    }

    private static NDArray innerLoss(InnerObjective inner, NDList theta, Tensors t) {
        return new MetaObjective(POLICY, inner).innerLoss(Mlp.stacked(theta, TASKS, t.weights().getManager()), t);
    }

    private static double[] curvature(InnerObjective inner, double[] theta, double[] direction, NDManager scope) {
        return curvature(inner, theta, direction, first(MamlTest.tensors(0, ROWS, scope), scope), scope);
    }

    private static double[] curvature(InnerObjective inner, double[] theta, double[] direction, Tensors t, NDManager scope) {
        NDList list = MamlTest.theta(theta, scope);
        NDList slope = Gradients.recorded(() -> Gradients.differentiable(innerLoss(inner, list, t), list));
        return MamlTest.flat(Gradients.product(slope, list, MamlTest.theta(direction, scope)));
    }

    private static double[] gradient(InnerObjective inner, double[] theta, NDManager scope) {
        NDList list = MamlTest.theta(theta, scope);
        return MamlTest.flat(Gradients.recorded(
            () -> Gradients.of(innerLoss(inner, list, first(MamlTest.tensors(0, ROWS, scope), scope)), list)));
    }

    @ParameterizedTest
    @EnumSource
    void innerObjectivesAreThoseOfPyTorch(InnerObjective inner) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            double loss = innerLoss(inner, MamlTest.theta(theta(), scope), first(MamlTest.tensors(0, ROWS, scope), scope))
                .toDoubleArray()[0];
            // a constant of the density is in single precision
            assertEquals(TWIN.row("inner " + inner)[0], loss, 1e-7);
            TWIN.requireEqual("inner " + inner, joined(new double[] {TWIN.row("inner " + inner)[0]}, gradient(inner, theta(), scope),
                curvature(inner, theta(), direction(), scope)), 1e-10);
        }
    }

    /** What is held fixed is a number here: log π of each row by the θ that is differentiated at. */
    private static double plain(InnerObjective inner, double[] log, double[] old, Tensors t) {
        double[] advantages = t.advantages().toDoubleArray();
        long[] starts = t.starts().toLongArray();
        double sum = 0, moved = 0;
        for (int i = 0; i < MamlTest.STEPS[0]; i++) {
            if (starts[i] == i) moved = 0;
            double before = Math.exp(moved);
            moved += log[i] - old[i];
            double gain = switch (inner) {
                case LOG_PROBABILITY -> log[i];
                case LIKELIHOOD_RATIO -> Math.exp(log[i] - old[i]);
                case DICE -> Math.exp(moved) - before;
            };
            sum -= gain * advantages[i] / MamlTest.STEPS[0];
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void secondDerivativesEqualFiniteDifferences(InnerObjective inner) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Tensors t = MamlTest.tensors(0, ROWS, scope);
            double[] theta = theta(), v = direction(), old = logs(theta, t, scope);
            ToDoubleFunction<double[]> f = x -> plain(inner, logs(x, t, scope), old, t);
            double h = 1e-3;
            double[] differences = MamlTest.difference(x -> (f.applyAsDouble(moved(x, v, h)) - f.applyAsDouble(moved(x, v, -h))) / (2 * h),
                theta, h);
            assertArrayEquals(differences, curvature(inner, theta, v, scope), 2e-6);
            assertTrue(Arrays.stream(differences).map(Math::abs).max().orElse(0) > 0.05, "the curvature must not vanish");
            assertArrayEquals(MamlTest.difference(f, theta, 1e-5), gradient(inner, theta, scope), 1e-9);
        }
    }

    private static double[] logs(double[] theta, Tensors t, NDManager scope) {
        try (NDManager brief = scope.newSubManager()) {
            return POLICY.logProbability(t.observations(), t.actions(), Mlp.stacked(MamlTest.theta(theta, brief), TASKS, brief))
                .toDoubleArray();
        }
    }

    private static double[] moved(double[] x, double[] v, double h) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i] + h * v[i]).toArray();
    }

    /** ProMP's loss after some inner steps, as a function of θ. */
    private static NDArray outerLoss(InnerObjective inner, int steps, NDList theta, NDManager scope) {
        List<Tensors> all = IntStream.rangeClosed(0, steps).mapToObj(k -> MamlTest.tensors(k, ROWS, scope)).toList();
        var outer = new ProMpObjective(new MetaObjective(POLICY, inner), all.subList(0, steps), all.get(steps), CLIP, PENALTY);
        var old = new NDList(outer.objective().logProbability(MamlTest.old(steps, ROWS, scope), all.get(steps)));
        for (int k = 0; k < steps; k++) old.add(MamlTest.old(k, ROWS, scope));
        return Gradients.recorded(() -> {
            List<NDList> path = new InnerLoop(RATE, false).path(theta, TASKS, outer.innerLosses(old), scope);
            return outer.loss(outer.outputs(path), old);
        });
    }

    @ParameterizedTest
    @EnumSource
    void outerLossAndItsGradientAreThoseOfPyTorch(InnerObjective inner) {
        for (int steps = 1; steps <= 2; steps++)
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                NDList theta = MamlTest.theta(theta(), scope);
                NDArray loss = outerLoss(inner, steps, theta, scope);
                TWIN.requireEqual("outer " + inner + " " + steps, joined(loss.toDoubleArray(), MamlTest.flat(Gradients.of(loss, theta))),
                    1e-10);
            }
    }

    /** DiCE is left out: what it holds fixed moves with θ, which differences see and derivatives do not. */
    @ParameterizedTest
    @EnumSource(names = {"LOG_PROBABILITY", "LIKELIHOOD_RATIO"})
    void outerGradientEqualsFiniteDifferences(InnerObjective inner) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDList theta = MamlTest.theta(theta(), scope);
            double[] gradient = MamlTest.flat(Gradients.of(outerLoss(inner, 2, theta, scope), theta));
            assertArrayEquals(
                MamlTest.difference(x -> outerLoss(inner, 2, MamlTest.theta(x, scope), scope).toDoubleArray()[0], theta(), 1e-5), gradient,
                1e-8);
        }
    }

    /** Two episodes of a task say together what they say apart: where one ends, the other's probability begins anew. */
    @Test
    void diceKeepsEpisodesApart() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Tensors t = MamlTest.tensors(0, ROWS, scope);
            var joint = new Tensors(t.observations(), t.actions(), t.advantages(), t.weights(), t.starts().zerosLike());
            double[] apart = curvature(InnerObjective.DICE, theta(), direction(), t, scope),
                together = curvature(InnerObjective.DICE, theta(), direction(), joint, scope);
            double gap = IntStream.range(0, apart.length).mapToDouble(i -> Math.abs(apart[i] - together[i])).max().orElse(0);
            assertTrue(gap > 1e-3, "as one episode the steps must count otherwise, but differ by " + gap);
        }
    }

    private static Trajectory episode(int steps) {
        var episode = new Trajectory(Point.corner().task(2, 2), new double[2]);
        for (int t = 0; t < steps; t++)
            episode.add(new double[2], new Step(new double[2], t, false, t == steps - 1, new double[4]));
        return episode;
    }

    @Test
    void batchesKnowWhereEpisodesBegin() {
        EpisodeBatch batch = EpisodeBatch.of(List.of(List.of(episode(2), episode(3)), List.of(episode(1), episode(2))), new Gaussian(2), 1,
            1,
            1e-5);
        assertArrayEquals(new int[] {0, 0, 2, 2, 2, 0, 1, 1, 0, 0}, batch.starts());
    }

    private static ProMpLearner learner(ProMp settings) {
        return (ProMpLearner) settings.learner(Problem.of(CORNERS.train()), 1);
    }

    private static Map<String, Double> update(ProMpLearner learner, RandomStream random) {
        while (!learner.isDue()) learner.store(Rollout.of(learner.plan(), CORNERS.train(), random));
        return learner.update();
    }

    @Test
    void everyEpochMovesOnAndKeepsNoArrays() {
        double divergence = 0;
        for (int epochs : new int[] {1, 5})
            try (var learner = learner(SMALL.innerSteps(2).epochs(epochs))) {
                RandomStream random = RandomStream.of(5, "collection");
                int arrays = learner.parameters().manager().getManagedArrays().size();
                Map<String, Double> found = update(learner, random);
                assertTrue(found.get("outerLossAfter") < found.get("outerLoss"), found.toString());
                assertTrue(found.get("divergence") > 2 * divergence, found.toString());
                divergence = found.get("divergence");
                for (int k = 0; k < 2; k++) update(learner, random);
                assertEquals(arrays, learner.parameters().manager().getManagedArrays().size());
            }
    }

    @Test
    void thePenaltyHoldsTheFirstPolicyBack() {
        double free = update(SMALL.divergencePenalty(0)), held = update(SMALL.divergencePenalty(1000));
        assertTrue(held < free / 3, held + " is to be far below " + free);
    }

    private static double update(ProMp settings) {
        try (var learner = learner(settings.learningRate(1e-2).epochs(20))) {
            return update(learner, RandomStream.of(5, "collection")).get("divergence");
        }
    }

    @Test
    void theAdaptivePenaltyFollowsTheDivergence() {
        for (double target : new double[] {1e-9, 1e3})
            try (var learner = learner(SMALL.divergenceTarget(target))) {
                RandomStream random = RandomStream.of(5, "collection");
                assertEquals(5e-4, update(learner, random).get("divergencePenalty"));
                assertEquals(target < 1 ? 1e-3 : 2.5e-4, update(learner, random).get("divergencePenalty"));
            }
        try (var learner = learner(SMALL)) {
            RandomStream random = RandomStream.of(5, "collection");
            for (int k = 0; k < 2; k++) assertEquals(5e-4, update(learner, random).get("divergencePenalty"));
        }
    }

    /** The inner objective decides what is learned from the same episodes. */
    @Test
    void objectivesLearnDifferently() {
        float[][] learned = new float[3][];
        for (InnerObjective inner : InnerObjective.values())
            try (var learner = learner(SMALL.inner(inner).innerRate(1))) {
                update(learner, RandomStream.of(5, "collection"));
                learned[inner.ordinal()] = learner.parameters().values();
            }
        for (int i = 0; i < 3; i++) assertNotEquals(Arrays.toString(learned[i]), Arrays.toString(learned[(i + 1) % 3]));
    }

    /** In the seeds of experiments/promp, which train longer, one step is worth far more. */
    @Test
    void oneInnerStepFindsTheCorner() {
        var settings = ProMp.corner();
        try (var run = MetaTraining.on(CORNERS).algorithm(settings).steps(320_000).evaluateEvery(320_000).shots(10).adaptTasks(4)
            .episodes(10).seed(1).run()) {
            var tasks = run.lastEvaluation().tasks();
            double gain = tasks.stream().mapToDouble(t -> t.after() - t.before()).average().orElse(0);
            assertTrue(gain > 0.5, "one inner step on ten episodes is worth " + gain + " in return, expected at least 0.5");
        }
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputsAreNamed(BadInput input) {
        input.isNamed();
    }

    static Stream<Arguments> badInputs() {
        ProMp promp = ProMp.corner();
        return Stream.of(
            bad("no epoch", () -> promp.epochs(0), "epochs is 0"),
            bad("clip 1", () -> promp.clip(1), "clip is 1.0"),
            bad("negative penalty", () -> promp.divergencePenalty(-1), "divergencePenalty is -1.0"),
            bad("negative target", () -> promp.divergenceTarget(-1), "divergenceTarget is -1.0"),
            bad("no inner step", () -> promp.innerSteps(0), "innerSteps is 0"),
            bad("unknown preset", () -> ProMp.released("navigation"), "'navigation'"),
            bad("adapting by another method", () -> learner(SMALL).adaptingBy(Maml.navigation()), "not by MAML"),
            bad("episodes unknown", () -> {
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    NDArray log = scope.zeros(new Shape(2, 1));
                    InnerObjective.DICE.gain(log, log, null);
                }
            }, "starts is null"));
    }
}
