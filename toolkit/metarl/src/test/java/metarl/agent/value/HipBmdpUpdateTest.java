package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.TwinFile;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.agent.transfer.HiddenParameterModel;
import metarl.agent.transfer.TaskEmbeddings;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One update of HiP-BMDP against PyTorch and finite differences, and which gradients reach what. */
class HipBmdpUpdateTest {
    private static final int TASKS = 3, ROWS = 12, OBSERVATION = 4, ACTION = 2, THETA = 2;
    private static final Problem PROBLEM = new Problem(TASKS, OBSERVATION, ACTION, 1);
    private static final HipBmdp ENCODED = HipBmdp.published()
        .base(b -> b.hidden(8).discount(0.9).targetRate(0.1).temperature(0.3).replayCapacity(30)).latentSize(3).encoderHidden(6)
        .embeddingSize(THETA).modelHidden(7).encoderTargetRate(0.2).embeddingRate(2e-3).temperatureRate(3e-3).embeddingWeight(0.3);
    private static final HipBmdp TOLD = ENCODED.latentSize(0).probabilistic(true).conditioned(true).wholeBatch(false).delay(1);
    private static final TwinFile TWIN = new TwinFile(HipBmdpUpdateTest.class, "hip_twin.csv");

    static Stream<HipBmdp> both() {
        return Stream.of(ENCODED, TOLD);
    }

    private static Batch batch() {
        float[] alive = new float[ROWS];
        for (int i = 0; i < ROWS; i++) alive[i] = i % 5 == 0 ? 0 : 1;
        return new Batch(ROWS, TwinFile.floats(ROWS * OBSERVATION, 11, 1), TwinFile.floats(ROWS * ACTION, 13, 1),
            TwinFile.floats(ROWS, 17, 1), TwinFile.floats(ROWS * OBSERVATION, 19, 1), alive, new float[ROWS],
            IntStream.range(0, ROWS).map(i -> i % TASKS).toArray(), new long[ROWS]);
    }

    private static HipBmdpUpdate.Noise noise(int factor) {
        return new HipBmdpUpdate.Noise(TwinFile.floats(ROWS * ACTION, factor, 4), TwinFile.floats(ROWS * ACTION, 41, 4));
    }

    /** Networks with the twin's numbers. */
    private static final class Closing implements AutoCloseable {
        final HipBmdpNetworks it;
        private final LearnerState state;

        Closing(HipBmdp settings) {
            it = new HipBmdpNetworks(settings, PROBLEM, RandomStream.of(1, "networks"));
            state = it.declare(LearnerState.of());
            fill(it.actor, 31);
            fill(it.critics, 7);
            fill(it.model, 37);
            fill(it.embeddings, 43);
            it.targetCritics.set(it.critics);
            if (it.encoder == null) return;
            fill(it.encoder, 53);
            it.targetEncoder.set(it.encoder);
        }

        Map<String, Parameters> named() {
            var named = new LinkedHashMap<>(Map.of("actor", it.actor, "critics", it.critics, "temperature", it.temperature, "model",
                it.model, "embeddings", it.embeddings, "targets", it.targetCritics));
            if (it.encoder != null) named.putAll(Map.of("encoder", it.encoder, "slow encoder", it.targetEncoder));
            return named;
        }

        int arrays() {
            return named().values().stream().mapToInt(p -> p.manager().getManagedArrays().size()).sum();
        }

        @Override
        public void close() {
            state.close();
        }
    }

    private static void fill(Parameters parameters, int factor) {
        parameters.setValues(TwinFile.floats(parameters.values().length, factor, 1));
    }

    @ParameterizedTest
    @MethodSource("both")
    void threeUpdatesOfAllNetworksEqualThoseOfPyTorch(HipBmdp settings) {
        String name = settings.conditioned() ? "told " : "encoded ";
        try (var networks = new Closing(settings)) {
            var update = new HipBmdpUpdate(networks.it);
            var losses = new LinkedHashMap<String, Double>();
            for (int i = 0; i < 3; i++) update.step(batch(), noise(29)).forEach(losses::putIfAbsent);
            int compared = 0;
            for (String loss : new String[] {"critic", "transition", "reward", "reconstruction", "embedding", "actor", "temperature"}) {
                if (!losses.containsKey(loss + "Loss")) continue;
                assertEquals(TWIN.row(name + loss + " loss")[0], losses.get(loss + "Loss"), 2e-6, name + loss);
                compared++;
            }
            assertEquals(settings.latentSize() > 0 ? 7 : 6, compared);
            networks.named().forEach((part, p) -> TWIN.requireEqual(name + part, p.values(), 1e-5));
        }
    }

    /** The losses of model and embeddings as functions of the parameters; the next encoded state is a number. */
    private static HiddenParameterModel.Losses losses(HipBmdpNetworks n, NDManager scope) {
        Batch b = batch();
        int[] others = IntStream.range(0, ROWS).map(i -> b.tasks()[ROWS - 1 - i]).toArray();
        return Gradients.recorded(() -> {
            NDArray all = n.embeddings(scope), h = n.encoded(n.seen(b.observations(), scope), n.encoder),
                next = n.seen(b.nextObservations(), scope),
                h2 = n.encoder == null ? next : scope.create(TwinFile.floats(ROWS * 3, 61, 1), new Shape(ROWS, 3));
            var steps = new HiddenParameterModel.Steps(h, scope.create(b.actions(), new Shape(ROWS, ACTION)),
                TaskEmbeddings.of(all, b.tasks()));
            return n.modelled.losses(steps, new HiddenParameterModel.Outcome(h2, n.paid(b.rewards(), scope), next),
                TaskEmbeddings.of(all, others), n.settings.wholeBatch(), n.changeUnits(), n.model.list());
        });
    }

    /** All but the loss of embeddings: that holds μ fixed, so that differences, which move μ, are not its gradient. */
    private static NDArray total(HipBmdpNetworks n, NDManager scope) {
        return Gradients.recorded(() -> losses(n, scope).total(0));
    }

    private static double worst(HipBmdpNetworks n, Parameters p) {
        float[] analytic, start = p.values();
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            analytic = TwinFile.flat(new Loss(total(n, scope)).gradients(p));
        }
        double largest = 0, worst = 0;
        for (float g : analytic) largest = Math.max(largest, Math.abs(g));
        assertTrue(largest > 1e-3, "the largest entry is " + largest);
        for (int i = 0; i < start.length; i++) {
            // at 0 a row of the table has a bend
            if (start[i] == 0) continue;
            double[] ends = new double[2];
            for (int side = 0; side < 2; side++)
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    float[] moved = start.clone();
                    moved[i] += side == 0 ? -1e-3f : 1e-3f;
                    p.setValues(moved);
                    ends[side] = total(n, scope).getFloat();
                }
            worst = Math.max(worst, Math.abs((ends[1] - ends[0]) / 2e-3 - analytic[i]));
        }
        p.setValues(start);
        return worst / largest;
    }

    @ParameterizedTest
    @MethodSource("both")
    void gradientsOfModelEncoderAndEmbeddingsAreThoseOfFiniteDifferences(HipBmdp settings) {
        try (var networks = new Closing(settings)) {
            for (Parameters p : networks.it.learnedTogether()) {
                if (p == networks.it.critics) continue;
                double worst = worst(networks.it, p);
                assertTrue(worst < 0.02, networks.it.learnedTogether().indexOf(p) + ": " + worst);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void theGradientOfTheLossOfEmbeddingsEqualsThatOfPyTorch(HipBmdp settings) {
        try (var networks = new Closing(settings); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var loss = new Loss(losses(networks.it, scope).embedding());
            TWIN.requireEqual((settings.conditioned() ? "told " : "encoded ") + "embedding gradient",
                TwinFile.flat(loss.gradients(networks.it.embeddings)), 1e-6);
            for (Parameters p : networks.it.learnedTogether())
                if (p != networks.it.embeddings) for (float g : TwinFile.flat(loss.gradients(p))) assertEquals(0, g);
        }
    }

    /** By hand: rows (3, 4) and (0, 0) apart, and the same by central differences with μ held. */
    @Test
    void theLossOfEmbeddingsIsThatOfItsEquation() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray a = scope.create(new float[] {3, 4, 1, 1}, new Shape(2, 2)),
                b = scope.create(new float[] {0, 0, 1, 1}, new Shape(2, 2)),
                mu = scope.create(new float[] {1, 0, 2}, new Shape(3)).reshape(1, 3).concat(scope.zeros(new Shape(1, 3)), 0),
                zero = scope.zeros(new Shape(2, 3));
            a.setRequiresGradient(true);
            double apart = Math.sqrt(5);
            for (boolean whole : new boolean[] {false, true}) {
                NDArray loss = Gradients.recorded(() -> HiddenParameterModel.embeddingLoss(a, b, mu, zero, whole));
                double expected = (5 - apart) * (5 - apart) / (whole ? 1 : 2), slope = 2 * (5 - apart) / (whole ? 1 : 2);
                assertEquals(expected, loss.getFloat(), 1e-5);
                float[] gradient = Gradients.of(loss, new ai.djl.ndarray.NDList(a)).head().toFloatArray();
                assertArrayEquals(new float[] {(float) (slope * 0.6), (float) (slope * 0.8), 0, 0}, gradient, 1e-5f);
            }
        }
    }

    /** Which parameters differ after one update from those after another one. */
    private static String moved(HipBmdp settings, HipBmdp other, int noise) {
        try (var one = new Closing(settings); var two = new Closing(other)) {
            new HipBmdpUpdate(one.it).step(batch(), noise(29));
            new HipBmdpUpdate(two.it).step(batch(), noise(noise));
            return String.join(", ", one.named().keySet().stream().sorted()
                .filter(k -> !Arrays.equals(one.named().get(k).values(), two.named().get(k).values())).toList());
        }
    }

    @Test
    void theLossOfEmbeddingsMovesThemAloneAndTheActorNothingOfTheModel() {
        HipBmdp one = ENCODED.delay(1);
        assertEquals("embeddings", moved(one, one.embeddingWeight(30), 29));
        assertEquals("actor", moved(one, one, 61), "other drawn actions");
        assertEquals("actor, critics, encoder, slow encoder, targets", moved(one.base(b -> b.discount(0.5)), one, 29),
            "another target of the critics");
        assertEquals("critics, targets", moved(TOLD.base(b -> b.discount(0.5)), TOLD, 29), "told of θ without its gradient");
    }

    @ParameterizedTest
    @MethodSource("both")
    void nativeMemoryStaysFlat(HipBmdp settings) {
        try (var networks = new Closing(settings)) {
            var update = new HipBmdpUpdate(networks.it);
            int before = 0;
            for (int i = 0; i < 100; i++) {
                update.step(batch(), noise(29));
                if (i == 5) before = networks.arrays();
            }
            assertEquals(before, networks.arrays());
            assertFalse(Float.isNaN(networks.it.embeddings.values()[0]));
        }
    }
}
