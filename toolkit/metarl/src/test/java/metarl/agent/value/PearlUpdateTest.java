package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import metarl.TwinFile;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One update of PEARL against PyTorch, and which gradients reach the encoder. */
class PearlUpdateTest {
    private static final int TASKS = 3, ROWS = 5, SEEN = 4, OBSERVATION = 4, LATENT = 3, ACTION = 2, HIDDEN = 8;
    private static final Problem PROBLEM = new Problem(TASKS, OBSERVATION, ACTION, 1);
    private static final Pearl RELEASED = Pearl.defaults().latentSize(LATENT).hidden(HIDDEN).encoderHidden(HIDDEN).layers(2).discount(0.9)
        .targetRate(0.1).learningRate(1e-3).rewardScale(2).policyPenalty(0.01).klWeight(0.3).tasksPerUpdate(TASKS).replayCapacity(30);
    private static final Pearl LEARNED = RELEASED.withLearnedTemperature().withNextObservation().rewardScale(2).temperature(0.3);
    private static final TwinFile TWIN = new TwinFile(PearlUpdateTest.class, "pearl_twin.csv");

    private static Batch batch() {
        int n = TASKS * ROWS;
        float[] alive = new float[n];
        for (int i = 0; i < n; i++) alive[i] = i % 5 == 0 ? 0 : 1;
        return new Batch(n, TwinFile.floats(n * OBSERVATION, 11, 1), TwinFile.floats(n * ACTION, 13, 1), TwinFile.floats(n, 17, 1),
            TwinFile.floats(n * OBSERVATION, 19, 1), alive, new float[n], new int[n], new long[n]);
    }

    private static PearlContext.Contexts contexts(Pearl settings) {
        float[] once = new float[TASKS * SEEN];
        Arrays.fill(once, 1);
        return new PearlContext.Contexts(TwinFile.floats(TASKS * SEEN * settings.contextRow(PROBLEM), 23, 2), once, TASKS);
    }

    private static PearlUpdate.Noise noise(int factor) {
        return new PearlUpdate.Noise(TwinFile.floats(TASKS * LATENT, 43, 4), TwinFile.floats(TASKS * ROWS * ACTION, factor, 4),
            TwinFile.floats(TASKS * ROWS * ACTION, 41, 4));
    }

    /** Networks with the twin's numbers. */
    private static PearlNetworks networks(Pearl settings) {
        var networks = new PearlNetworks(settings, PROBLEM, RandomStream.of(1, "networks"));
        fill(networks.actor, 31);
        fill(networks.critics, 7);
        if (!settings.learnedTemperature()) fill(networks.other, 37);
        networks.targets.set(networks.followed());
        return networks;
    }

    private static void fill(Parameters parameters, int factor) {
        parameters.setValues(TwinFile.floats(parameters.values().length, factor, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threeUpdatesOfAllNetworksEqualThoseOfPyTorch(boolean learned) {
        Pearl settings = learned ? LEARNED : RELEASED;
        String name = learned ? "learned " : "released ";
        try (var networks = new Closing(networks(settings))) {
            var posteriors = networks.it.posteriors(contexts(settings));
            TWIN.requireEqual(name + "mean", posteriors.stream().flatMapToDouble(p -> Arrays.stream(p.mean())).toArray(), 1e-5);
            TWIN.requireEqual(name + "variance", posteriors.stream().flatMapToDouble(p -> Arrays.stream(p.variance())).toArray(), 1e-5);
            var update = new PearlUpdate(networks.it);
            for (int i = 0; i < 3; i++) {
                var found = update.step(contexts(settings), batch(), noise(29));
                if (i > 0) continue;
                assertEquals(TWIN.row(name + "kl")[0], found.get("kl"), 1e-5);
                assertEquals(TWIN.row(name + "critic loss")[0], found.get("criticLoss"), 1e-5);
            }
            TWIN.requireEqual(name + "actor", networks.it.actor.values(), 1e-5);
            TWIN.requireEqual(name + "critics", networks.it.critics.values(), 1e-5);
            TWIN.requireEqual(name + "other", networks.it.other.values(), 1e-5);
            TWIN.requireEqual(name + "targets", networks.it.targets.values(), 1e-5);
        }
    }

    private record Closing(PearlNetworks it) implements AutoCloseable {
        @Override
        public void close() {
            it.all().forEach(Parameters::close);
        }
    }

    private static float[] encoder(PearlNetworks networks) {
        return Arrays.copyOf(networks.critics.values(), (int) networks.encoder.network().parameters());
    }

    /** The encoder after one update whose actor, V and drawn actions are these. */
    private static float[] encoderAfter(Pearl settings, int actor, int value, int noise) {
        try (var networks = new Closing(networks(settings))) {
            fill(networks.it.actor, actor);
            fill(networks.it.other, value);
            new PearlUpdate(networks.it).step(contexts(settings), batch(), noise(noise));
            return encoder(networks.it);
        }
    }

    /** The slow copy of V is the same in all of them, so that nothing else of policy and V may show in the encoder. */
    @Test
    void theEncoderLearnsFromTheCriticsAndTheDivergenceAlone() {
        float[] one = encoderAfter(RELEASED, 31, 37, 29);
        assertArrayEquals(one, encoderAfter(RELEASED, 53, 37, 29), "another policy");
        assertArrayEquals(one, encoderAfter(RELEASED, 31, 59, 29), "another V");
        assertArrayEquals(one, encoderAfter(RELEASED, 31, 37, 61), "other drawn actions");
        assertFalse(Arrays.equals(one, encoderAfter(RELEASED.rewardScale(30), 31, 37, 29)), "other rewards for the critics");
        assertFalse(Arrays.equals(one, encoderAfter(RELEASED.klWeight(30), 31, 37, 29)), "another weight of the divergence");
    }

    /** What policy and V are told of z must not lead back to the encoder; with the critics' rows in its place it would. */
    @Test
    void policyAndValueSeeZWithoutItsGradient() {
        try (var networks = new Closing(networks(RELEASED)); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            PearlNetworks n = networks.it;
            NDArray z = Gradients.recorded(() -> PearlEncoder.draw(n.posterior(contexts(RELEASED), scope),
                scope.create(TwinFile.floats(TASKS * LATENT, 43, 4), new Shape(TASKS, LATENT)), ROWS));
            NDArray seen = scope.create(batch().observations(), new Shape(TASKS * ROWS, OBSERVATION)),
                numbers = scope.create(z.toFloatArray(), z.getShape());
            NDArray plain = PearlUpdate.told(seen, numbers);
            for (NDArray states : List.of(plain, PearlUpdate.told(seen, z))) {
                NDArray epsilon = scope.create(TwinFile.floats(TASKS * ROWS * ACTION, 29, 4), new Shape(TASKS * ROWS, ACTION));
                NDArray policy = Gradients.recorded(() -> {
                    var drawn = n.pieces.act(states, epsilon, n.actor);
                    return n.pieces.actorLoss(states, drawn, n.critics, 1)
                        .add(n.value.forward(states, n.other.section(PearlNetworks.VALUE)).square().mean());
                });
                double largest = 0;
                for (NDArray g : new Loss(policy).gradients(n.critics).subNDList(0, 6))
                    for (float v : g.toFloatArray()) largest = Math.max(largest, Math.abs(v));
                if (states == plain) assertEquals(0, largest);
                else assertTrue(largest > 1e-3, "let through, it is " + largest);
            }
        }
    }

    /** Every third number of the encoder by central differences of the whole loss that it learns from. */
    @Test
    void theEncodersGradientIsThatOfFiniteDifferences() {
        try (var networks = new Closing(networks(RELEASED)); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            PearlNetworks n = networks.it;
            NDArray target = scope.create(TwinFile.floats(TASKS * ROWS, 17, 1), new Shape(TASKS * ROWS, 1));
            float[] analytic = TwinFile.flat(loss(n, target, scope).gradients(n.critics).subNDList(0, 6));
            float[] theta = n.critics.values();
            double largest = 0, worst = 0;
            for (float g : analytic) largest = Math.max(largest, Math.abs(g));
            for (int i = 0; i < analytic.length; i += 3) {
                double[] ends = new double[2];
                for (int side = 0; side < 2; side++) {
                    float[] moved = theta.clone();
                    moved[i] += side == 0 ? -1e-2f : 1e-2f;
                    n.critics.setValues(moved);
                    ends[side] = loss(n, target, scope).number();
                }
                worst = Math.max(worst, Math.abs((ends[1] - ends[0]) / 2e-2 - analytic[i]));
            }
            assertTrue(largest > 0.1 && worst < 0.02 * largest, "largest error " + worst + " of entries up to " + largest);
        }
    }

    private static Loss loss(PearlNetworks n, NDArray target, NDManager scope) {
        return new Loss(Gradients.recorded(() -> {
            var q = n.posterior(contexts(RELEASED), scope);
            NDArray z = PearlEncoder.draw(q, scope.create(TwinFile.floats(TASKS * LATENT, 43, 4), new Shape(TASKS, LATENT)), ROWS);
            NDArray states = PearlUpdate.told(scope.create(batch().observations(), new Shape(TASKS * ROWS, OBSERVATION)), z);
            return n.pieces.criticLoss(states, scope.create(batch().actions(), new Shape(TASKS * ROWS, ACTION)), target, n.critics)
                .add(Gradients.scaled(PearlEncoder.divergence(q), 0.3));
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nativeMemoryStaysFlat(boolean learned) {
        Pearl settings = learned ? LEARNED : RELEASED;
        try (var networks = new Closing(networks(settings))) {
            var update = new PearlUpdate(networks.it);
            int[] before = new int[0];
            for (int i = 0; i < 300; i++) {
                update.step(contexts(settings), batch(), noise(29));
                if (i == 5) before = arrays(networks.it);
            }
            assertArrayEquals(before, arrays(networks.it));
        }
    }

    private static int[] arrays(PearlNetworks networks) {
        return networks.all().stream().mapToInt(p -> p.manager().getManagedArrays().size()).toArray();
    }
}
