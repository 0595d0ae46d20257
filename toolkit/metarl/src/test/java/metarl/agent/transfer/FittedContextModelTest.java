package metarl.agent.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import metarl.agent.LearnerState;
import metarl.agent.model.DynamicsModel.Prediction;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.nn.Gradients;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Encoder and forward model learn what differs between points whose actions have five gains. */
class FittedContextModelTest {
    private static final ContextModel TINY = ContextModel.small().history(8).ahead(5).stepsDrawn(3).contextSize(3).encoderHidden(32)
        .hidden(32).layers(1).batchSize(64).learningRate(3e-3);
    private static final MetaReplay DATA = GainPoints.replay(10, 1), HELD_OUT = GainPoints.replay(5, 2);
    private static final int[] ALL = {0, 1, 2, 3, 4};

    private static FittedContextModel learned;

    @BeforeAll
    static void learn() {
        learned = fitted(TINY, 800, ALL);
    }

    @AfterAll
    static void close() {
        learned.close();
    }

    private static FittedContextModel fitted(ContextModel settings, int updates, int... tasks) {
        return settings.start(2, 2, 1).fit(DATA, tasks, updates, RandomStream.of(1, "fit"));
    }

    private static double accuracy(FittedContextModel model) {
        var known = new ArrayList<float[]>();
        var asked = new ArrayList<float[]>();
        for (int task : ALL) {
            known.add(model.embeddings(DATA, task, 200, RandomStream.of(1, "known")));
            asked.add(model.embeddings(HELD_OUT, task, 200, RandomStream.of(1, "asked")));
        }
        return NearestNeighbour.accuracy(known, asked, model.encoder().contextSize());
    }

    /** At the start of an episode there is no history, and all tasks look the same: of 60 moments, that is the first. */
    @Test
    void embeddingsOfTasksKeepApart() {
        assertTrue(accuracy(learned) >= 0.95, "held-out accuracy " + accuracy(learned));
    }

    /** The margin is 1; moments without a history, where nothing tells tasks apart, draw their features together. */
    @Test
    void featuresOfTasksLieAboutAMarginApart() {
        float[][] features = IntStream.of(ALL).mapToObj(t -> learned.feature(HELD_OUT, t, 500, RandomStream.of(1, "f")))
            .toArray(float[][]::new);
        for (int task : ALL) {
            float[] same = learned.feature(HELD_OUT, task, 500, RandomStream.of(2, "f"));
            assertTrue(distance(same, features[task]) < 0.1, "the same task " + distance(same, features[task]));
            for (int other = 0; other < task; other++)
                assertTrue(distance(features[task], features[other]) > 0.5, other + ", " + task + ": "
                    + distance(features[task], features[other]));
        }
    }

    private static double distance(float[] one, float[] other) {
        double squares = 0;
        for (int j = 0; j < one.length; j++) squares += (one[j] - other[j]) * (double) (one[j] - other[j]);
        return Math.sqrt(squares);
    }

    /** Given the right z the step is foretold, given that of another task it is not. */
    @Test
    void theForwardModelNeedsTheContext() {
        double own = error(learned, 0, 0), other = error(learned, 0, 4);
        assertTrue(own < 0.2, "own context " + own);
        assertTrue(other > 1, "context of another task " + other);
    }

    /** Mean squared error in units of the change's deviation. */
    private static double error(FittedContextModel model, int task, int context) {
        var rows = HELD_OUT.sample(new int[] {task}, 300, RandomStream.of(1, "rows"));
        float[] z = model.feature(HELD_OUT, context, 256, RandomStream.of(1, "feature")), all = new float[300 * z.length];
        for (int i = 0; i < 300; i++) System.arraycopy(z, 0, all, i * z.length, z.length);
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray s = scope.create(rows.observations(), new Shape(300, 2)), a = scope.create(rows.actions(), new Shape(300, 2)),
                next = scope.create(rows.nextObservations(), new Shape(300, 2)), c = scope.create(all, new Shape(300, z.length));
            return Gradients.unrecorded(() -> {
                Prediction p = model.predict(s, a, c);
                return (double) p.means().sub(model.units().targets().normalized(next.sub(s))).square().mean().getFloat();
            });
        }
    }

    @Test
    void withoutEncoderOneTaskIsLearned() {
        try (var model = fitted(TINY.contextSize(0), 200, 3)) {
            var rows = HELD_OUT.sample(new int[] {3}, 100, RandomStream.of(1, "rows"));
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                NDArray s = scope.create(rows.observations(), new Shape(100, 2)), a = scope.create(rows.actions(), new Shape(100, 2)),
                    next = scope.create(rows.nextObservations(), new Shape(100, 2));
                Prediction p = Gradients.unrecorded(() -> model.predict(s, a, null));
                float error = p.means().sub(model.units().targets().normalized(next.sub(s))).square().mean().getFloat();
                assertTrue(error < 0.02, "error " + error);
            }
            Map<String, Double> numbers = model.step(DATA, new int[] {3}, RandomStream.of(1, "step"));
            assertEquals(List.of("forwardLoss", "forwardError"), List.copyOf(numbers.keySet()));
            assertTrue(assertThrows(IllegalStateException.class, model::encoder).getMessage().contains("contextSize is 0"));
        }
    }

    /** What is written out for speed is what the pieces say. */
    @Test
    void theLossIsThatOfThePieces() {
        try (var model = fitted(TINY.batchSize(16).stepsDrawn(5).contrastiveWeight(0.5), 3, ALL)) {
            var drawn = new Segments(model.settings(), 2, 2);
            drawn.draw(0, DATA, 1, RandomStream.of(3, "one"));
            drawn.draw(1, DATA, 4, RandomStream.of(3, "two"));
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                var s = drawn.in(scope);
                Gradients.unrecorded(() -> {
                    NDArray z = model.encoder().encode(s.histories(), model.units(), model.parameters().section(ContextEncoder.NETWORK)),
                        told = z.repeat(0, 5);
                    Prediction p = model.predict(s.inputs().get(":, :2"), s.inputs().get(":, 2:"), told);
                    float likelihood = p.logProbability(model.units().targets().normalized(s.targets())).mean().getFloat();
                    double expected = -likelihood - Math.log(2 * Math.PI);
                    double found = model.loss(s, false).fit();
                    // L_fit is 2 / entries times it, without its constants
                    assertEquals(expected, found, 1e-5 * Math.max(1, Math.abs(expected)));
                    return null;
                });
            }
        }
    }

    @Test
    void oneSeedGivesOneModel() {
        try (var one = fitted(TINY, 30, ALL); var two = fitted(TINY, 30, ALL); var other = TINY.start(2, 2, 2)) {
            assertTrue(one.parameters().sameAs(two.parameters()));
            assertFalse(one.parameters().sameAs(other.parameters()));
        }
    }

    /** Half of the pairs are of one task, and each task is drawn as often as another. */
    @Test
    void tasksAreDrawnEvenly() {
        try (var model = TINY.batchSize(1).start(2, 2, 1)) {
            model.measure(DATA, ALL);
            var pairs = new LinkedHashMap<Boolean, Integer>();
            int[] tasks = new int[5];
            var random = RandomStream.of(4, "pairs");
            for (int i = 0; i < 4_000; i++) {
                int[] pair = FittedContextModel.pair(ALL, random);
                pairs.merge(pair[0] == pair[1], 1, Integer::sum);
                for (int task : pair) tasks[task]++;
            }
            assertEquals(2_000, pairs.get(true), 100);
            for (int count : tasks) assertEquals(1_600, count, 150);
            for (int i = 0; i < 50; i++) assertArrayEquals(new int[] {3, 3}, FittedContextModel.pair(new int[] {3}, random));
        }
    }

    @Test
    void unitsAreThoseOfTheTasksThatWereMeasured() {
        try (var model = TINY.start(2, 2, 1)) {
            model.measure(DATA, 4);
            float[] deviations = model.units().targets().deviations();
            // of a uniform action in [−1, 1], times 0.3 · 1.5
            for (float d : deviations) assertEquals(0.45 / Math.sqrt(3), d, 0.02);
            model.measure(DATA, 1, 4);
            for (float d : model.units().targets().deviations()) assertEquals(0.45 / Math.sqrt(3) * Math.sqrt((1 + 1 / 4.0) / 2), d, 0.02);
        }
    }

    @Test
    void aFileHoldsAllThatIsNeededToUseIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new/points.context");
        try (var model = fitted(TINY, 20, ALL)) {
            model.save(file);
            model.save(file);
            try (var loaded = FittedContextModel.load(file)) {
                assertEquals(model.settings(), loaded.settings());
                assertTrue(model.parameters().sameAs(loaded.parameters()));
                assertArrayEquals(model.feature(DATA, 2, 10, RandomStream.of(1, "f")),
                    loaded.feature(DATA, 2, 10, RandomStream.of(1, "f")));
                loaded.step(DATA, ALL, RandomStream.of(1, "on"));
            }
        }
        assertEquals(1, Files.list(file.getParent()).count(), "no draft is left");
        try (var cheetah = ContextModel.small().start(17, 6, 1)) {
            cheetah.save(folder.resolve("cheetah"));
            assertTrue(Files.size(folder.resolve("cheetah")) < 200_000, Files.size(folder.resolve("cheetah")) + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        requireRefused("damaged", () -> FittedContextModel.load(file));
        Files.write(file, Arrays.copyOf(bytes, 40));
        requireRefused("holds no context model", () -> FittedContextModel.load(file));
        Files.writeString(file, "something else that is long enough");
        requireRefused("holds no context model", () -> FittedContextModel.load(file));
        requireRefused("does not exist", () -> FittedContextModel.load(folder.resolve("none")));
    }

    private static void requireRefused(String expected, Executable attempt) {
        String message = assertThrows(UncheckedIOException.class, attempt).getMessage();
        assertTrue(message.contains(expected), message);
    }

    /** Saved as parts of a learner and loaded into another, it goes on as if nothing had happened. */
    @Test
    void itGoesOnWhereItsStateWasSaved() throws IOException {
        try (var one = fitted(TINY, 10, ALL); var two = TINY.start(2, 2, 9)) {
            var bytes = new ByteArrayOutputStream();
            one.declare(LearnerState.of(), "context ").save(new DataOutputStream(bytes));
            LearnerState state = two.declare(LearnerState.of(), "context ");
            assertEquals(List.of("context model", "context units", "context optimiser"), state.names());
            state.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            for (var model : List.of(one, two)) {
                var random = RandomStream.of(5, "on");
                for (int i = 0; i < 5; i++) model.step(DATA, ALL, random);
            }
            assertTrue(one.parameters().sameAs(two.parameters()));
            assertEquals(one.declare(LearnerState.of(), "").checksums(), two.declare(LearnerState.of(), "").checksums());
        }
    }

    @Test
    void nativeMemoryStaysFlat() {
        try (var model = fitted(TINY, 5, ALL)) {
            int before = model.parameters().manager().getManagedArrays().size();
            var random = RandomStream.of(1, "more");
            for (int i = 0; i < 200; i++) model.step(DATA, ALL, random);
            model.feature(DATA, 0, 100, random);
            assertEquals(before, model.parameters().manager().getManagedArrays().size());
        }
    }

    @Test
    void badInputIsRefusedInWords() {
        var random = RandomStream.of(1, "bad");
        var empty = new MetaReplay(5, 2, 2, 2, 100);
        var other = new MetaReplay(5, 3, 2, 2, 100);
        var brief = new MetaReplay(1, 2, 2, 2, 100);
        try (var model = TINY.start(2, 2, 1); var ahead = TINY.ahead(GainPoints.LENGTH + 1).start(2, 2, 1)) {
            requireSays("call measure(data, tasks) first", () -> model.step(DATA, ALL, random));
            requireSays("call measure(data, tasks) first", () -> model.embeddings(new float[32], 1));
            requireSays("at least 1 task", () -> model.measure(DATA));
            requireSays("each task once", () -> model.measure(DATA, 1, 1));
            requireSays("it has 5", () -> model.measure(DATA, 7));
            requireSays("holds no transitions of task 2", () -> model.measure(empty, 2));
            requireSays("3 and 2, expected 2 and 2", () -> model.measure(other, 2));
            model.measure(DATA, ALL);
            ahead.measure(DATA, ALL);
            requireSays("ends 61 steps of one episode", () -> ahead.step(DATA, ALL, random));
            requireSays("updates is -1", () -> model.fit(DATA, ALL, -1, random));
            requireSays("segments is 0", () -> model.feature(DATA, 1, 0, random));
            requireSays("holds no transitions of task 1", () -> model.feature(empty, 1, 5, random));
            requireSays("expected 2 × 32", () -> model.embeddings(new float[39], 2));
            requireSays("rows × 3", () -> model.predict(null, null, null));
            requireSays("holds no transitions of task 0", () -> model.step(brief, new int[] {0}, random));
        }
        requireSays("observationSize is 0", () -> TINY.start(0, 2, 1));
        requireSays("actionSize is 0", () -> TINY.start(2, 0, 1));
    }

    private static void requireSays(String expected, Executable attempt) {
        String message = assertThrows(RuntimeException.class, attempt).getMessage();
        assertTrue(message != null && message.contains(expected), message);
    }
}
