package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Adaptation;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Family;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.train.MetaRun;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HiP-BMDP: where embeddings come to lie, what fitting one is worth, a task it must solve, and what it refuses. */
class HipBmdpTest {
    /** Points that come home by steps of 0.2 g a: with a negative gain g everything is the other way round. */
    private static final TaskFamily GAINS = Family.define("gains").parameter("gain", "", -1.5, 1.5, Parameter.Changes.DYNAMICS)
        .dynamics(task -> Dynamics.of("x (m)", "y (m)").acting(Space.box(2, 1))
            .starting(random -> new double[] {random.nextDouble(-1, 1), random.nextDouble(-1, 1)})
            .moving((s, a) -> new double[] {s[0] + 0.2 * task.value(0) * a[0], s[1] + 0.2 * task.value(0) * a[1]}))
        .lasting(20).paying((task, outcome, action) -> -Math.hypot(outcome[0], outcome[1]));
    /** The first two are equal, and the last two. */
    private static final List<Task> TRAIN = tasks(-1.2, -1.2, -0.6, 0.6, 1.2, 1.2), NEW = tasks(-1, 1);
    private static final HipBmdp TOLD = HipBmdp.small()
        .base(b -> b.hidden(32).discount(0.9).learningRate(3e-3).batchSize(64).randomSteps(900).updatesPerStep(0.5).episodesPerRound(6)
            .replayCapacity(30_000).targetRate(0.02))
        .latentSize(0).embeddingSize(2).modelHidden(32).embeddingRate(3e-3).temperatureRate(3e-3).conditioned(true).delay(1)
        .withFittedEmbedding().fitUpdates(150);
    private static final HipBmdp TINY = TOLD.base(b -> b.hidden(4).batchSize(4).randomSteps(100).updatesPerStep(0.05)).latentSize(3)
        .encoderHidden(4).modelHidden(4).fitUpdates(5);

    private static List<Task> tasks(double... gains) {
        return DoubleStream.of(gains).mapToObj(GAINS::task).toList();
    }

    private static List<Trajectory> lived(Policy policy, Task task, int episodes, long seed) {
        return Rollout.of(policy, Collections.nCopies(episodes, task), RandomStream.of(seed, "lived"));
    }

    private static RandomStream random() {
        return RandomStream.of(1, "adaptation");
    }

    private static HipBmdpLearner trained(HipBmdp settings, int rounds, long seed) {
        return trained(settings, TRAIN, rounds, seed);
    }

    private static HipBmdpLearner trained(HipBmdp settings, List<Task> train, int rounds, long seed) {
        var learner = (HipBmdpLearner) settings.learner(Problem.of(train), seed);
        for (int round = 0; round < rounds; round++) {
            learner.store(Rollout.of(learner.plan(), train, RandomStream.of(seed, "round " + round)));
            while (learner.isDue()) learner.update();
        }
        return learner;
    }

    private static double earned(Policy policy, Task task) {
        return lived(policy, task, 20, 8).stream().mapToDouble(Trajectory::totalReward).average().orElseThrow();
    }

    /** Equal tasks end together, others in the order of their gains; a new task is found by a fit, and then solved. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void embeddingsTellTheDynamicsAndAFittedOneSolvesANewTask(long seed) {
        try (HipBmdpLearner learner = trained(TOLD, 22, seed)) {
            var embedded = learner.adapt(List.of(), random()).evidence(EmbeddedTask.class);
            double equal = Math.max(embedded.distance(0, 1), embedded.distance(4, 5)), others = Double.MAX_VALUE;
            for (int i = 0; i < 6; i++) for (int j = 0; j < i; j++)
                if (!TRAIN.get(i).equals(TRAIN.get(j))) others = Math.min(others, embedded.distance(i, j));
            assertTrue(equal < 0.6 * others, equal + " between equal tasks, at least " + others + " between others");
            double[] places = Stream.of(embedded.coordinates(1)).mapToDouble(row -> row[0]).toArray();
            for (int[] pair : new int[][] {{0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}})
                assertTrue(places[pair[0]] < places[pair[1]], "places of " + pair[0] + " and " + pair[1]);
            assertEquals(0, places[6], 1e-6, "the mean stands for a task of which nothing is known");
            for (Task task : NEW) {
                var shots = lived(learner.policy(), task, 2, seed);
                try (Adaptation fitted = learner.adapt(shots, random())) {
                    assertEquals(150, fitted.updates());
                    EmbeddingFit other = new EmbeddingFit(learner.networks(), TOLD, lived(Policy.random(2), task, 10, 99));
                    double fit = other.error(fitted.evidence(EmbeddedTask.class).embedding()),
                        mean = other.error(learner.networks().meanEmbedding());
                    assertTrue(fit < 0.5 * mean, "of other steps the fit foretells with error " + fit + ", the mean with " + mean);
                    double before = earned(learner.policy(), task), after = earned(fitted.policy(), task);
                    assertTrue(after > -5 && before < after - 5, "before " + before + ", after " + after);
                }
            }
        }
    }

    /** As shipped: an encoder, and an actor that is not told the task, which here it need not be. */
    @Test
    void onEncodedStatesTasksOfOneKindAreSolved() {
        HipBmdp shipped = TOLD.latentSize(8).encoderHidden(16).conditioned(false);
        try (HipBmdpLearner learner = trained(shipped, tasks(0.6, 1.2), 60, 1)) {
            double slow = earned(learner.policy(), GAINS.task(0.6)), between = earned(learner.policy(), GAINS.task(0.9)),
                still = earned(Policy.zero(2), GAINS.task(0.6));
            assertTrue(slow > -5 && between > -4 && still < -10, slow + ", of a new gain " + between + ", standing still " + still);
        }
    }

    /** Known train tasks are acted in by their own embeddings, all others by the mean, or by the one that was adapted. */
    @Test
    void aPolicyTakesTheEmbeddingOfItsTask() {
        try (HipBmdpLearner learner = trained(TINY, 3, 1)) {
            HipBmdpNetworks networks = learner.networks();
            double[][] seen = {{0.3, -0.2}, {0.3, -0.2}, {0.3, -0.2}}, all = networks.embeddings();
            double[] mean = new double[2];
            for (double[] one : all) for (int j = 0; j < 2; j++) mean[j] += one[j] / 6;
            assertArrayEquals(mean, networks.meanEmbedding(), 1e-12);
            double[][] found = learner.policy().start(new int[] {2, Policy.UNKNOWN, 3}, random()).act(seen);
            double[][] asked = {all[2], mean, all[3]};
            assertArrayEquals(networks.pieces.actions(networks.states(seen, asked), networks.actor), found);
            assertFalse(found[0][0] == found[1][0]);
            assertArrayEquals(new double[][] {found[1], found[1], found[1]}, learner.policy().start(3, random()).act(seen));
        }
    }

    /** By the mean nothing is fitted; without an embedding in the policy a fit changes what is foretold, not what is done. */
    @Test
    void newTasksAreEmbeddedByNameAndTheReleaseActsAlikeInAll() {
        try (HipBmdpLearner learner = trained(TINY.conditioned(false), 3, 1)) {
            var shots = lived(learner.policy(), NEW.get(0), 1, 3);
            Adaptation fitted = learner.adapt(shots, random()), mean = learner.adaptingBy(TINY.conditioned(false).withMeanEmbedding())
                .adapt(shots, random());
            assertEquals(0, mean.updates());
            assertEquals(5, fitted.updates());
            EmbeddedTask of = mean.evidence(EmbeddedTask.class), by = fitted.evidence(EmbeddedTask.class);
            assertArrayEquals(learner.networks().meanEmbedding(), of.embedding());
            assertEquals(of.errorOfMean(), of.error());
            assertEquals(of.errorOfMean(), by.errorOfMean());
            assertFalse(by.embedding()[0] == of.embedding()[0]);
            double[][] seen = {{0.3, -0.2}};
            assertArrayEquals(mean.policy().start(1, random()).act(seen), fitted.policy().start(1, random()).act(seen));
            assertTrue(mean.sentence().startsWith("the mean embedding of 6 train tasks: its error of prediction on 20 steps is "));
            assertTrue(fitted.sentence().startsWith("an embedding fitted to 20 steps: its error of prediction is "));
            assertEquals("the mean embedding of 6 train tasks: no step of this task was seen",
                learner.adapt(List.of(), random()).sentence());
            assertEquals(fitted.evidence("error"), by.error());
            assertTrue(TINY.adapts() && !TINY.conditioned(false).adapts() && !TINY.withMeanEmbedding().adapts());
        }
    }

    /** Measured once, by the first update: then what is seen has mean 0 and deviation 1 in each entry, and so have foretold changes. */
    @Test
    void unitsAreThoseOfTheFirstTransitions() {
        try (HipBmdpLearner learner = trained(TINY.latentSize(0).base(b -> b.randomSteps(200)), 1, 1);
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            HipBmdpNetworks networks = learner.networks();
            assertFalse(networks.isMeasured());
            networks.measure(learner.schedule().replay());
            var batch = learner.schedule().replay().newest(1_000);
            NDArray seen = networks.seen(batch.observations(), scope), next = networks.seen(batch.nextObservations(), scope);
            NDArray change = networks.changeUnits().normalized(next.sub(seen));
            for (NDArray rows : List.of(seen, networks.paid(batch.rewards(), scope), change)) {
                NDArray mean = rows.mean(new int[] {0}), deviation = rows.sub(mean).square().mean(new int[] {0}).sqrt();
                if (rows != change) for (float m : mean.toFloatArray()) assertEquals(0, m, 1e-5);
                for (float d : deviation.toFloatArray()) assertEquals(1, d, 1e-4);
            }
            assertEquals(120, batch.size());
        }
    }

    /** Three embeddings on a line in space, at −1, 0 and 2, and a new one beside it. */
    @Test
    void coordinatesAreThoseOfThePrincipalAxes() {
        double[] line = {2 / 3.0, -1 / 3.0, 2 / 3.0}, across = {1 / Math.sqrt(5), 2 / Math.sqrt(5), 0};
        double[][] train = DoubleStream.of(-1, 0, 2).mapToObj(t -> IntStream.range(0, 3).mapToDouble(k -> 5 + t * line[k]).toArray())
            .toArray(double[][]::new);
        double[] fresh = IntStream.range(0, 3).mapToDouble(k -> 5 + line[k] + 7 * across[k]).toArray();
        var embedded = new EmbeddedTask(train, fresh, 10, 3, 0.5, 0.25);
        double[][] places = embedded.coordinates(1);
        double[] expected = {-4 / 3.0, -1 / 3.0, 5 / 3.0, 2 / 3.0};
        for (int i = 0; i < 4; i++) assertEquals(expected[i], places[i][0], 1e-9);
        assertEquals(3, embedded.distance(0, 2), 1e-12);
        assertTrue(embedded.nearest() > 0, "as near to the second as to the third");
        assertEquals(List.of("error", "errorOfMean"), List.copyOf(embedded.numbers().keySet()));
        assertEquals(4, places.length);
        var tasks = TaskSet.of(tasks(-1, 0.2, 1), NEW);
        assertTrue(embedded.chart(tasks, NEW.get(0)).isPresent());
        assertTrue(embedded.chart(TaskSet.of(TRAIN, NEW), NEW.get(0)).isEmpty(), "of other train tasks");
    }

    @Test
    void aFitThatIsInterruptedEnds() {
        try (HipBmdpLearner learner = trained(TINY, 3, 1)) {
            var shots = lived(learner.policy(), NEW.get(0), 1, 3);
            var before = learner.state().checksums();
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> learner.adapt(shots, random()));
            assertTrue(Thread.interrupted());
            assertEquals(before, learner.state().checksums());
        }
    }

    /** A run is evaluated and adapted like any other; what it says of a new task is logged. */
    @Test
    void aRunLogsWhatIsForetold() {
        try (MetaRun run = MetaTraining.on(TaskSet.of(TRAIN, NEW)).algorithm(TINY).steps(240).evaluateEvery(240).adaptTasks(1).shots(1)
            .episodes(1).seed(3).run()) {
            var metrics = run.log().stringColumn("metric").asList();
            assertTrue(metrics.containsAll(List.of("transitionLoss", "embeddingLoss", "reconstructionLoss", "error", "errorOfMean")),
                metrics.toString());
            try (Adaptation adaptation = run.adapt(NEW.get(1), 1, 2)) {
                assertTrue(adaptation.chart(run.tasks(), NEW.get(1)).isPresent());
            }
        }
    }

    private static Arguments refused(String what, HipBmdp settings, Problem problem, String message) {
        return BadInput.bad(what, () -> settings.learner(problem, 1).close(), message);
    }

    private static Arguments adaptingBy(String what, HipBmdp other, String message) {
        return BadInput.bad(what, () -> {
            try (Learner learner = TINY.learner(Problem.of(TRAIN), 1)) {
                learner.adaptingBy(other);
            }
        }, message);
    }

    static Stream<Arguments> badInputs() {
        var embedded = new EmbeddedTask(new double[][] {{1, 2, 3}, {4, 5, 6}}, new double[3], 0, 0, Double.NaN, Double.NaN);
        return Stream.of(
            refused("choices", TINY, new Problem(3, 2, 2, 4, true, 20), "the actions is 2 choices, expected real numbers"),
            refused("one task", TINY, new Problem(1, 2, 2, 4, false, 20), "the number of train tasks is 1, expected at least 2"),
            refused("a replay beyond memory", TINY.base(b -> b.replayCapacity(1_000_000_000)), new Problem(3, 200, 2, 4, false, 20),
                "(replayCapacity 1,000,000,000)"),
            refused("a model beyond memory", TINY.modelHidden(1_000_000_000), new Problem(3, 2, 2, 4, false, 20),
                "(modelHidden 1,000,000,000)"),
            BadInput.bad("no settings of SAC", () -> TINY.base((Sac) null), "base is null, expected the settings of soft actor-critic"),
            BadInput.bad("an embedding of nothing", () -> TINY.embeddingSize(0), "embeddingSize is 0, expected at least 1"),
            BadInput.bad("a negative state", () -> TINY.latentSize(-1), "latentSize is -1, expected 0 (no encoder) or more"),
            BadInput.bad("a fit of nothing", () -> TINY.fitUpdates(0), "fitUpdates is 0, expected at least 1"),
            BadInput.bad("a copy that never follows", () -> TINY.encoderTargetRate(0), "encoderTargetRate is 0.0, expected in (0, 1]"),
            BadInput.bad("arms", () -> MetaTraining.on(TaskSet.of(Bandit.bernoulli(2)).train(3).test(1).sample(1)).algorithm(TINY)
                .steps(100).run().close(), "HiP-BMDP steers with real numbers"),
            BadInput.bad("another method", () -> {
                try (Learner learner = TINY.learner(Problem.of(TRAIN), 1)) {
                    learner.adaptingBy(Sac.pointRobot());
                }
            }, "can adapt by other settings of HiP-BMDP, not by SAC"),
            adaptingBy("other networks", TINY.embeddingSize(3), "embeddingSize 2"),
            adaptingBy("another policy", TINY.conditioned(false), "conditioned true"),
            BadInput.bad("more axes than tasks", () -> embedded.coordinates(3), "axes is 3, expected 1 to 2, for 2 train tasks"),
            BadInput.bad("embeddings of two sizes", () -> new EmbeddedTask(new double[][] {{1, 2}}, new double[3], 0, 0, 0, 0),
                "the size of a train task's embedding is 2, expected 3"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsASentence(BadInput input) {
        input.isNamed();
    }
}
