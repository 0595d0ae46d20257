package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.env.Step;
import metarl.nn.Loss;
import metarl.nn.Parameters;
import org.junit.jupiter.api.Test;

class ActorCriticTest {
    private static final Td3 SETTINGS = Td3.withContext().hidden(16).contextLength(4).contextSize(5).batchSize(32);
    private static final Problem PROBLEM = new Problem(3, 4, 2, 1);

    static ContextBatch batch(int n, int contextLength, long seed) {
        var random = RandomStream.of(seed, "batch");
        int triple = PROBLEM.actionSize() + 1 + PROBLEM.observationSize();
        var batch = new Batch(n, gaussians(n * 4, random), gaussians(n * 2, random), gaussians(n, random), gaussians(n * 4, random),
            ones(n),
            new float[n], new int[n], new long[n]);
        return new ContextBatch(batch, contextLength, gaussians(n * (contextLength + 1) * triple, random));
    }

    private static float[] gaussians(int n, RandomStream random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (0.5 * random.nextGaussian());
        return values;
    }

    private static float[] ones(int n) {
        float[] values = new float[n];
        Arrays.fill(values, 1);
        return values;
    }

    /** Every 7th entry by central differences: single precision allows about 1e-3 of the largest entry. */
    private static void checkGradient(ActorCritic networks, Parameters parameters, Function<NDManager, Loss> loss) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDList gradient = loss.apply(scope).gradients(parameters);
            float[] analytic = flatten(gradient);
            float[] theta = parameters.values();
            double largest = 0, worst = 0;
            for (float g : analytic) largest = Math.max(largest, Math.abs(g));
            float h = 1e-2f;
            for (int i = 0; i < theta.length; i += 7) {
                double difference = (at(parameters, theta, i, h, loss, scope) - at(parameters, theta, i, -h, loss, scope)) / (2 * h);
                worst = Math.max(worst, Math.abs(difference - analytic[i]));
            }
            parameters.setValues(theta);
            assertTrue(largest > 1e-3, "the gradient must not vanish, largest entry " + largest);
            assertTrue(worst < 0.02 * largest, "largest error " + worst + " of entries up to " + largest);
        }
    }

    private static double at(Parameters parameters, float[] theta, int i, float h, Function<NDManager, Loss> loss, NDManager scope) {
        float[] moved = theta.clone();
        moved[i] += h;
        parameters.setValues(moved);
        return loss.apply(scope).number();
    }

    private static float[] flatten(NDList list) {
        int n = (int) list.stream().mapToLong(NDArray::size).sum(), at = 0;
        float[] flat = new float[n];
        for (NDArray a : list) {
            System.arraycopy(a.toFloatArray(), 0, flat, at, (int) a.size());
            at += (int) a.size();
        }
        return flat;
    }

    @Test
    void gradientOfTheCriticLossThroughTheGru() {
        try (var networks = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks"))) {
            ContextBatch batch = batch(32, 4, 2);
            checkGradient(networks, networks.critic, scope -> {
                var t = networks.tensors(batch, scope);
                return networks.criticLoss(t, t.rewards(), null);
            });
        }
    }

    @Test
    void gradientOfTheActorLossThroughTheGru() {
        try (var networks = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks"))) {
            ContextBatch batch = batch(32, 4, 2);
            checkGradient(networks, networks.actor, scope -> networks.actorLoss(networks.tensors(batch, scope), null));
        }
    }

    /** The mean of u², where tanh u are the actions, by hand and by differences; weight 0 leaves the loss as it is. */
    @Test
    void thePenaltyOnThePolicy() {
        ContextBatch batch = batch(32, 0, 2);
        try (var networks = new ActorCritic(SETTINGS.contextLength(0), PROBLEM, RandomStream.of(1, "networks"));
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var t = networks.tensors(batch, scope);
            Loss loss = networks.actorLoss(t, null);
            double squares = 0;
            for (float action : networks.act(networks.actor, t.observations(), null).toFloatArray())
                squares += Math.pow(Math.log((1 + action) / (1 - action)) / 2, 2) / 64;
            assertEquals(loss.number() + 3 * squares, networks.penalty(batch, 3).of(loss, scope).number(), 1e-5);
            assertSame(loss, networks.penalty(batch, 0).of(loss, scope));
            checkGradient(networks, networks.actor,
                s -> networks.penalty(batch, 3).of(networks.actorLoss(networks.tensors(batch, s), null), s));
        }
        try (var networks = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks"))) {
            assertThrows(IllegalArgumentException.class, () -> networks.penalty(batch, 3), "an encoder of its own");
        }
    }

    /** Where tanh is flat nothing of the critic reaches the actor; the penalty leads it back. */
    @Test
    void thePenaltyLeadsASaturatedActorBack() {
        Td3 settings = SETTINGS.contextLength(0).policyDelay(1).learningRate(0.1);
        ContextBatch batch = batch(32, 0, 2);
        double[] left = new double[2];
        for (int on = 0; on < 2; on++)
            try (var networks = new ActorCritic(settings, PROBLEM, RandomStream.of(1, "networks"));
                var update = new Td3Update(settings, networks, 0.1, RandomStream.of(1, "noise"))) {
                    float[] saturated = networks.actor.values();
                    for (int i = 1; i <= 2; i++) saturated[saturated.length - i] = 20;
                    networks.actor.setValues(saturated);
                    for (int i = 0; i < 20; i++) update.step(batch, networks.penalty(batch, on * 0.1));
                    for (double[] action : networks.actions(new double[][] {new double[4]}, null)) left[on] = action[0];
                }
        assertEquals(1, left[0], 1e-6);
        assertTrue(left[1] < 0.9, "still " + left[1]);
    }

    /** Numbers in [−scale/2, scale/2] that jump about, as in td3_twin.py. */
    private static float[] numbers(int count, int factor) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) ((i * factor % 101 - 50) / 101.0);
        return values;
    }

    @Test
    void threeUpdatesEqualThoseOfPyTorch() throws Exception {
        Td3 settings = SETTINGS.hidden(8).batchSize(16).targetNoise(0).policyDelay(1).learningRate(1e-3).discount(0.99).targetRate(0.005);
        float[] alive = ones(16);
        for (int i = 0; i < 16; i += 5) alive[i] = 0;
        var transitions = new Batch(16, numbers(64, 11), numbers(32, 13), numbers(16, 17), numbers(64, 19), alive, new float[16],
            new int[16], new long[16]);
        var batch = new ContextBatch(transitions, 4, numbers(16 * 5 * 7, 23));
        List<String> expected;
        try (var in = new BufferedReader(new InputStreamReader(ActorCriticTest.class.getResourceAsStream("td3_twin.csv")))) {
            expected = in.lines().toList();
        }
        try (var networks = new ActorCritic(settings, PROBLEM, RandomStream.of(1, "networks"))) {
            for (Parameters p : networks.all()) p.setValues(numbers(p.values().length, 7));
            try (var update = new Td3Update(settings, networks, settings.learningRate(), RandomStream.of(1, "noise"))) {
                for (int i = 0; i < 3; i++) update.step(batch, null, null, 0);
            }
            for (int network = 0; network < 4; network++) {
                String[] cells = expected.get(network).split(",");
                float[] values = networks.all().get(network).values();
                assertEquals(cells.length, values.length);
                for (int i = 0; i < values.length; i++)
                    assertEquals(Float.parseFloat(cells[i]), values[i], 1e-5, "network " + network + ", entry " + i);
            }
        }
    }

    @Test
    void weightsOfOneChangeNothingAndWeightZeroRemovesATransition() {
        try (var networks = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks"));
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var t = networks.tensors(batch(2, 4, 2), scope);
            float plain = networks.criticLoss(t, t.rewards(), null).number();
            float weighted = networks.criticLoss(t, t.rewards(), scope.ones(t.rewards().getShape())).number();
            assertEquals(plain, weighted, 1e-6);
            float first = networks.criticLoss(t, t.rewards(), scope.create(new float[] {1, 0}, t.rewards().getShape())).number();
            float second = networks.criticLoss(t, t.rewards(), scope.create(new float[] {0, 1}, t.rewards().getShape())).number();
            assertEquals(plain, first + second, 1e-5);
        }
    }

    @Test
    void terminatedTransitionsDoNotBootstrap() {
        try (var networks = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks"));
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            ContextBatch b = batch(8, 4, 2);
            Arrays.fill(b.batch().notTerminated(), 0);
            var t = networks.tensors(b, scope);
            float[] target = networks.target(t, networks.targetNoise(8, RandomStream.of(1, "noise"), scope)).toFloatArray();
            assertArrayEquals(b.batch().rewards(), target, 1e-6f);
        }
    }

    @Test
    void aContextEndsWithItsEpisode() {
        try (var networks = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks"))) {
            var policy = new ContextPolicy(networks, SETTINGS.contextLength(), PROBLEM);
            double[][] first = {{0.1, 0.2, 0.3, 0.4}}, second = {{-0.5, 0.4, 0.3, 0.2}};
            Policy.Actor lived = policy.start(1, RandomStream.of(1, "a")), fresh = policy.start(1, RandomStream.of(1, "b"));
            double[][] action = lived.act(first);
            lived.received(action, new Step[] {new Step(first[0], 1, false, true, new double[1])});
            assertArrayEquals(fresh.act(second)[0], lived.act(second)[0]);
        }
    }

    @Test
    void aStrongProximalTermPullsBackToTheAnchor() {
        try (var anchor = new ActorCritic(SETTINGS, PROBLEM, RandomStream.of(1, "networks")); var moved = anchor.copy()) {
            assertTrue(anchor.actor.sameAs(moved.actor) && anchor.critic.sameAs(moved.critic));
            try (var update = new Td3Update(SETTINGS, moved, 1e-3, RandomStream.of(3, "noise"))) {
                for (int i = 0; i < 20; i++) update.step(batch(32, 4, i), null, null, 0);
            }
            assertFalse(anchor.critic.sameAs(moved.critic));
            double before = distance(anchor.critic, moved.critic);
            try (var update = new Td3Update(SETTINGS, moved, 1e-3, RandomStream.of(3, "noise"))) {
                for (int i = 0; i < 200; i++) update.step(batch(32, 4, i), null, anchor, 1e6);
            }
            assertTrue(distance(anchor.critic, moved.critic) < 0.2 * before, before + " → " + distance(anchor.critic, moved.critic));
        }
    }

    private static double distance(Parameters a, Parameters b) {
        float[] x = a.values(), y = b.values();
        double sum = 0;
        for (int i = 0; i < x.length; i++) sum += (x[i] - y[i]) * (double) (x[i] - y[i]);
        return Math.sqrt(sum);
    }

    @Test
    void nativeMemoryStaysFlatOver2000Updates() {
        Td3 small = SETTINGS.hidden(8).batchSize(8);
        try (var networks = new ActorCritic(small, PROBLEM, RandomStream.of(1, "networks"));
            var update = new Td3Update(small, networks, 1e-3, RandomStream.of(1, "noise"))) {
            ContextBatch batch = batch(8, 4, 1);
            for (int i = 0; i < 10; i++) update.step(batch, null, null, 0);
            int[] before = counts(networks);
            for (int i = 0; i < 2_000; i++) update.step(batch, null, null, 0);
            assertArrayEquals(before, counts(networks));
        }
    }

    private static int[] counts(ActorCritic networks) {
        return networks.all().stream().mapToInt(p -> p.manager().getManagedArrays().size()).toArray();
    }
}
