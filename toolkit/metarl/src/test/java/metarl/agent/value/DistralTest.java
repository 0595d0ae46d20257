package metarl.agent.value;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.TwinFile;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.Resources;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Mlp;
import metarl.nn.MlpEach;
import metarl.nn.Parameters;
import metarl.nn.Sections;
import metarl.nn.SquashedGaussian;
import metarl.task.Task;
import metarl.task.families.PointRobot;
import metarl.train.Rollout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The losses of Distral against PyTorch, finite differences and soft actor-critic alone; and goals that are found. */
class DistralTest {
    private static final int TASKS = 2, ROWS = 8, ALL = TASKS * ROWS, STATE = 4, ACTION = 2, HIDDEN = 8;
    private static final double DIVERGENCE = 0.25;
    private static final float[] TEMPERATURES = {0.3f, 0.7f};
    private static final TwinFile TWIN = new TwinFile(DistralTest.class, "distral_twin.csv");
    private static final List<Task> GOALS = List.of(PointRobot.dense().task(0.6, -0.4), PointRobot.dense().task(0.6, 0.4));

    private final NDManager scope = NDManager.newBaseManager("PyTorch");
    private final SoftActorCritic one = SoftActorCritic.of(STATE, ACTION, 0.9, HIDDEN, HIDDEN);
    private final DistralNetworks paper = new DistralNetworks(one, TASKS, Distral.Form.PAPER, DIVERGENCE),
        mtrl = new DistralNetworks(one, TASKS, Distral.Form.MTRL, DIVERGENCE);
    private final Parameters actors = filled(paper.actorSections(), 31), critics = filled(paper.criticSections(), 7),
        targets = filled(paper.criticSections(), 37), prior = filled(paper.priorSections(), 43),
        temperatures = new Parameters(paper.temperatureSections(1), RandomStream.of(1, "x"));
    private final NDArray s = numbers(STATE, 11, 1), a = numbers(ACTION, 13, 1), r = numbers(1, 17, 1), following = numbers(STATE, 19, 1),
        noise = numbers(ACTION, 29, 4), nextNoise = numbers(ACTION, 41, 4), priorNoise = numbers(ACTION, 47, 4);

    DistralTest() {
        temperatures.setValues(new float[] {(float) Math.log(TEMPERATURES[0]), (float) Math.log(TEMPERATURES[1])});
    }

    private static Parameters filled(Sections sections, int factor) {
        var parameters = new Parameters(sections, RandomStream.of(1, "x"));
        parameters.setValues(TwinFile.floats((int) sections.parameters(), factor, 1));
        return parameters;
    }

    private NDArray numbers(int columns, int factor, double scale) {
        return scope.create(TwinFile.floats(ALL * columns, factor, scale), new Shape(ALL, columns));
    }

    private NDArray alive() {
        float[] alive = new float[ALL];
        for (int i = 0; i < ALL; i++) alive[i] = i % 5 == 0 ? 0 : 1;
        return scope.create(alive, new Shape(ALL, 1));
    }

    @AfterEach
    void close() {
        scope.close();
        for (Parameters p : List.of(actors, critics, targets, prior, temperatures)) p.close();
    }

    private DistralNetworks networks(Distral.Form form) {
        return form == Distral.Form.PAPER ? paper : mtrl;
    }

    private NDArray target(DistralNetworks networks) {
        return networks.target(r, alive(), following, nextNoise, networks == mtrl ? priorNoise : null, actors, prior, targets,
            DistralNetworks.temperatures(temperatures));
    }

    private SquashedGaussian.Sample drawn() {
        return one.distribution().sample(paper.outputs(s, actors), noise);
    }

    private Supplier<NDArray> actorLoss(DistralNetworks networks) {
        return () -> networks.actorLoss(s, drawn(), prior, critics, TEMPERATURES);
    }

    private Supplier<NDArray> priorLoss(DistralNetworks networks) {
        return () -> networks.priorLoss(s, paper.outputs(s, actors), drawn(), prior);
    }

    private static float[] gradient(Supplier<NDArray> loss, Parameters parameters) {
        return TwinFile.flat(new Loss(Gradients.recorded(loss)).gradients(parameters));
    }

    private static void same(String name, Supplier<NDArray> loss, Parameters parameters) {
        TWIN.requireEqual(name + " loss", Gradients.recorded(loss).toFloatArray(), 1e-5);
        TWIN.requireEqual(name + " gradient", gradient(loss, parameters), 1e-5);
    }

    @ParameterizedTest
    @EnumSource
    void targetsLossesAndGradientsEqualPyTorch(Distral.Form form) {
        DistralNetworks networks = networks(form);
        String name = form.name().toLowerCase(java.util.Locale.ROOT);
        NDArray y = target(networks);
        TWIN.requireEqual(name + " target", y.toFloatArray(), 1e-5);
        assertEquals(r.toFloatArray()[5], y.toFloatArray()[5], "nothing is expected after a termination");
        same(name + " critic", () -> networks.criticLoss(s, a, y, critics), critics);
        same(name + " actor", actorLoss(networks), actors);
        same(name + " prior", priorLoss(networks), prior);
        same(name + " temperature", () -> networks.temperatureLoss(drawn().logProbability(), -ACTION, temperatures), temperatures);
    }

    /** Along a line in the direction of the gradient, where single precision tells most. */
    private static void slope(Supplier<NDArray> loss, Parameters parameters) {
        float[] gradient = gradient(loss, parameters), values = parameters.values();
        double squares = 0, h = 1e-3;
        for (float g : gradient) squares += g * g;
        double size = Math.sqrt(squares);
        float[] above = values.clone(), below = values.clone();
        for (int i = 0; i < values.length; i++) {
            above[i] += (float) (h * gradient[i] / size);
            below[i] -= (float) (h * gradient[i] / size);
        }
        parameters.setValues(above);
        double high = Gradients.unrecorded(loss).getFloat();
        parameters.setValues(below);
        double low = Gradients.unrecorded(loss).getFloat();
        parameters.setValues(values);
        assertEquals(size, (high - low) / (2 * h), 0.01 * size);
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferences(Distral.Form form) {
        NDArray y = target(networks(form));
        slope(() -> networks(form).criticLoss(s, a, y, critics), critics);
        slope(actorLoss(networks(form)), actors);
        slope(priorLoss(networks(form)), prior);
    }

    @Test
    void nobodyElsesParametersAreTold() {
        for (float g : gradient(priorLoss(paper), actors)) assertEquals(0, g);
        for (float g : gradient(priorLoss(mtrl), actors)) assertEquals(0, g);
        for (float g : gradient(actorLoss(mtrl), prior)) assertEquals(0, g);
    }

    /** The arrays of one task. */
    private static Parameters of(int task, Parameters all, Sections sections) {
        var parameters = new Parameters(sections, RandomStream.of(1, "x"));
        float[] values = new float[(int) sections.parameters()];
        int at = 0;
        for (NDArray array : all.list()) {
            int size = (int) array.size() / TASKS;
            System.arraycopy(array.toFloatArray(), task * size, values, at, size);
            at += size;
        }
        parameters.setValues(values);
        return parameters;
    }

    private static NDArray part(NDArray rows, int task) {
        return rows.get(task * ROWS + ":" + (task + 1) * ROWS);
    }

    private static void assertNear(float[] expected, NDArray found) {
        assertArrayEquals(expected, found.toFloatArray(), 2e-6f);
    }

    /** A = 0, in either form. */
    @ParameterizedTest
    @EnumSource
    void withoutCostOfTheDivergenceEachTaskIsSoftActorCriticAlone(Distral.Form form) {
        var free = new DistralNetworks(one, TASKS, form, 0);
        NDArray y = free.target(r, alive(), following, nextNoise, priorNoise, actors, prior, targets, TEMPERATURES);
        double critic = 0, actor = 0;
        for (int i = 0; i < TASKS; i++) {
            try (Parameters ownActor = of(i, actors, one.actorSections()); Parameters ownCritics = of(i, critics, one.criticSections(
                Sections.of())); Parameters ownTargets = of(i, targets, one.criticSections(Sections.of()))) {
                NDArray expected = one.target(part(r, i), part(alive(), i), part(following, i), part(nextNoise, i), ownActor, ownTargets,
                    TEMPERATURES[i]);
                assertNear(expected.toFloatArray(), part(y, i));
                critic += one.criticLoss(part(s, i), part(a, i), expected, ownCritics).getFloat();
                actor += one.actorLoss(part(s, i), one.act(part(s, i), part(noise, i), ownActor), ownCritics, TEMPERATURES[i]).getFloat();
            }
        }
        assertEquals(critic, free.criticLoss(s, a, y, critics).getFloat(), 1e-5);
        assertEquals(actor, free.actorLoss(s, drawn(), prior, critics, TEMPERATURES).getFloat(), 1e-5);
    }

    private static void learn(Learner learner, int rounds) {
        for (int round = 0; round < rounds; round++) {
            learner.store(Rollout.of(learner.plan(), GOALS, RandomStream.of(3, "round " + round)));
            while (learner.isDue()) assertTrue(learner.update().values().stream().allMatch(Double::isFinite));
        }
    }

    private static double finalDistance(Policy policy, int task, int told) {
        Policy inTask = (n, random) -> policy.start(new int[] {told}, random);
        Trajectory episode = Rollout.of(inTask, List.of(GOALS.get(task)), RandomStream.of(5, "test")).get(0);
        return -episode.step(episode.length() - 1).reward();
    }

    /** From the first to the last number: the same networks, the same draws, and no cost of the divergence. */
    @Test
    void oneTaskAloneLearnsAsSoftActorCriticDoes() {
        Sac sac = Sac.pointRobot().hidden(8).batchSize(8).randomSteps(20);
        Distral free = Distral.pointRobot().divergenceCost(0).adjustsTemperature(true).base(sac);
        Problem problem = Problem.of(GOALS.subList(0, 1));
        try (Learner one = sac.learner(problem, 4); Learner other = free.learner(problem, 4)) {
            for (int round = 0; round < 4; round++) {
                for (Learner learner : List.of(one, other))
                    learner.store(Rollout.of(learner.plan(), GOALS.subList(0, 1), RandomStream.of(3, "round " + round)));
                while (one.isDue()) {
                    Map<String, Double> expected = one.update(), found = other.update();
                    expected.forEach((name, value) -> assertEquals(value, found.get(name), 1e-3 * Math.max(1, Math.abs(value)), name));
                }
                assertFalse(other.isDue());
            }
        }
    }

    private static final Distral TINY = Distral.pointRobot().base(b -> b.hidden(32).batchSize(32).randomSteps(200));

    /** Each task finds its own goal; π₀, which is asked where the task is not known, goes between them. */
    @Test
    void goalsAreFoundByTheTasksAndTheirMiddleByThePrior() {
        try (Learner learner = TINY.learner(Problem.of(GOALS), 1)) {
            learn(learner, 45);
            for (int task = 0; task < 2; task++) {
                double own = finalDistance(learner.policy(), task, task), shared = finalDistance(learner.policy(), task, Policy.UNKNOWN);
                assertTrue(own < 0.15, "final distance " + own);
                assertTrue(shared > 0.2 && shared < 0.7, "final distance of the prior " + shared);
            }
        }
    }

    @Test
    void asShippedThePriorActsEverywhereAndNeverLearns() {
        Distral shipped = Distral.asShippedByMtrl().base(TINY.base());
        try (Learner learner = shipped.learner(Problem.of(GOALS), 1)) {
            float[] before = ((Parameters) Resources.of(learner).get(1)).values();
            double distance = finalDistance(learner.policy(), 0, 0);
            learn(learner, 7);
            assertArrayEquals(before, ((Parameters) Resources.of(learner).get(1)).values());
            assertEquals(distance, finalDistance(learner.policy(), 0, 0), "the network as it was drawn");
            assertEquals(distance, finalDistance(learner.policy(), 0, Policy.UNKNOWN));
        }
    }

    @Test
    void alphaAndBetaAreThePapers() {
        Distral settings = Distral.published(0.5, 10);
        assertEquals(0.05, settings.divergenceCost(), 1e-12);
        assertEquals(0.05, settings.base().temperature(), 1e-12);
        assertEquals(0.5, settings.alpha(settings.base().temperature()), 1e-12);
        assertEquals(10, settings.beta(settings.base().temperature()), 1e-12);
        assertFalse(settings.adjustsTemperature());
        assertEquals(0, Distral.asShippedByMtrl().alpha(0.1));
    }

    @Test
    void severalNetworksAreEachOfThemAlone() {
        Mlp small = Mlp.of(3, 5, 2);
        var three = new MlpEach(small, 3);
        try (var all = new Parameters(Sections.of().and("x", three), RandomStream.of(1, "x"))) {
            NDArray x = scope.create(TwinFile.floats(3 * 4 * 3, 11, 1), new Shape(3, 4, 3)), y = three.forward(x, all.section("x"));
            var random = RandomStream.of(1, "x");
            for (int k = 0; k < 3; k++)
                try (var alone = new Parameters(Sections.of().and("x", small), random)) {
                    assertArrayEquals(small.forward(x.get(k), alone.section("x")).toFloatArray(), y.get(k).toFloatArray(), 1e-6f);
                }
        }
    }

    static Stream<Arguments> badInputs() {
        return Stream.of(
            bad("choices", () -> Distral.pointRobot().learner(new Problem(2, 2, 3, 4, true, 20), 1), "take metarl.agent.classical.Tabular"),
            bad("no entropy", () -> Distral.published(1, 10), "alpha is 1.0, expected in [0, 1)"),
            bad("no beta", () -> Distral.published(0.5, 0), "beta is 0.0"),
            bad("no base", () -> Distral.pointRobot().base((Sac) null), "base is null"),
            bad("no networks", () -> new MlpEach(Mlp.of(3, 2), 0), "networks is 0"),
            bad("large networks", () -> new MlpEach(Mlp.of(2_000, 2_000), 1_000), "the weights of a layer of all networks would have"),
            bad("arrays of another network", () -> new MlpEach(Mlp.of(3, 2), 2).forward(null, new NDList()),
                "the number of arrays of parameters is 0, expected 2"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
