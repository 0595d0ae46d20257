package metarl.agent.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import metarl.TwinFile;
import metarl.agent.DivergedException;
import metarl.basics.RandomStream;
import metarl.nn.ActionDistribution;
import metarl.nn.Adam;
import metarl.nn.Categorical;
import metarl.nn.Gaussian;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PpoTest {
    private static final TwinFile TWIN = new TwinFile(PpoTest.class, "ppo_twin.csv");
    private static final int ROWS = 24, INPUTS = 3, SIZE = 2, PASSES = 4;
    private static final double ENTROPY = 0.05, RATE = 3e-3, LIMIT = 0.002;
    private static final Ppo PPO = new Ppo(0.2, PASSES, ROWS, LIMIT);

    private static NDArray numbers(NDManager scope, int columns, int factor, double scale) {
        return scope.create(TwinFile.numbers(ROWS * columns, factor, scale), new Shape(ROWS, columns));
    }

    private static void sameLoss(String name, ActionDistribution distribution, double scale, NDArray actions) {
        NDManager scope = actions.getManager();
        NDArray old = numbers(scope, distribution.outputs(), 11, scale), now = numbers(scope, distribution.outputs(), 13, scale);
        now.setRequiresGradient(true);
        var rows = new Ppo.Rows(old, actions, numbers(scope, 1, 29, 4));
        NDArray loss = Gradients.recorded(() -> PPO.policyLoss(distribution, now, rows, ENTROPY));
        TWIN.requireEqual(name + " loss", loss.toDoubleArray(), 1e-8);
        TWIN.requireEqual(name + " gradient", Gradients.of(loss, new NDList(now)).head().toDoubleArray(), 1e-9);
        double clipped = TWIN.row(name + " clipped")[0];
        assertTrue(clipped > 0.3 && clipped < 0.7, "both sides of the clip are met: " + clipped);
    }

    @Test
    void theLossAndItsGradientEqualPyTorch() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            double[] choices = new double[ROWS * 3];
            for (int row = 0; row < ROWS; row++) choices[row * 3 + row % 3] = 1;
            sameLoss("categorical", new Categorical(3), 1, scope.create(choices, new Shape(ROWS, 3)));
            sameLoss("gaussian", new Gaussian(SIZE), 0.5, numbers(scope, SIZE, 17, 2));
        }
    }

    /** Steps of a policy without memory: what a plain learner would train on. */
    private static final class Steps implements Ppo.Data, AutoCloseable {
        private final Mlp policyNetwork = Mlp.of(Mlp.Activation.TANH, INPUTS, 5, 5, 2 * SIZE);
        private final Mlp valueNetwork = Mlp.of(Mlp.Activation.TANH, INPUTS, 5, 5, 1);
        final Parameters policy = parameters(policyNetwork, 7);
        final Parameters value = parameters(valueNetwork, 31);
        private final float[] observations = TwinFile.floats(ROWS * INPUTS, 19, 3), actions = TwinFile.floats(ROWS * SIZE, 17, 2);
        private final float[] returns = TwinFile.floats(ROWS, 23, 2), advantages = TwinFile.floats(ROWS, 29, 4);
        private final float[] old;
        final TreeSet<Integer> seen = new TreeSet<>();

        Steps() {
            try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                old = policyNetwork.forward(scope.create(observations, new Shape(ROWS, INPUTS)), policy.list()).toFloatArray();
            }
        }

        private static Parameters parameters(Mlp network, int factor) {
            var parameters = new Parameters(network.initial(RandomStream.of(1, "x")));
            parameters.setValues(TwinFile.floats((int) network.parameters(), factor, 1));
            return parameters;
        }

        @Override
        public int items() {
            return ROWS;
        }

        private static NDArray chosen(float[] values, int width, int[] items, NDManager scope) {
            float[] some = new float[items.length * width];
            for (int i = 0; i < items.length; i++) System.arraycopy(values, items[i] * width, some, i * width, width);
            return scope.create(some, new Shape(items.length, width));
        }

        @Override
        public Ppo.Minibatch minibatch(int[] items, NDManager scope) {
            for (int item : items) assertTrue(seen.add(item), "step " + item + " a second time in one pass");
            if (seen.size() == ROWS) seen.clear();
            NDArray inputs = chosen(observations, INPUTS, items, scope);
            var rows = new Ppo.Rows(chosen(old, 2 * SIZE, items, scope), chosen(actions, SIZE, items, scope),
                chosen(advantages, 1, items, scope));
            return new Ppo.Minibatch() {
                @Override
                public Ppo.Rows rows() {
                    return rows;
                }

                @Override
                public Loss policyLoss(UnaryOperator<NDArray> ofOutputs) {
                    return new Loss(Gradients.recorded(() -> ofOutputs.apply(policyNetwork.forward(inputs, policy.list()))));
                }

                @Override
                public Loss valueLoss() {
                    return new Loss(Gradients.recorded(
                        () -> Ppo.valueLoss(valueNetwork.forward(inputs, value.list()), chosen(returns, 1, items, scope))));
                }
            };
        }

        @Override
        public void close() {
            policy.close();
            value.close();
        }
    }

    private static Map<String, Double> improve(Ppo ppo, Steps steps, boolean withValue) {
        try (var policy = new Adam(steps.policy, RATE); var value = new Adam(steps.value, RATE)) {
            return ppo.improve(steps, new Ppo.Training(new Gaussian(SIZE), policy, withValue ? value : null, RATE, ENTROPY),
                RandomStream.of(1, "order"));
        }
    }

    @ParameterizedTest
    @CsvSource({"whole, 1e12, 4", "stopped, 0.002, 3"})
    void passesOverAllStepsEqualPyTorch(String name, double limit, int passes) {
        try (var steps = new Steps()) {
            Map<String, Double> means = improve(new Ppo(0.2, PASSES, ROWS, limit), steps, true);
            TWIN.requireEqual(name + " policy", steps.policy.values(), 1e-5);
            TWIN.requireEqual(name + " value", steps.value.values(), 1e-5);
            TWIN.requireEqual(name + " report", means.values().stream().mapToDouble(v -> v).toArray(), 1e-5);
            assertEquals(passes, means.get("epochs"));
        }
    }

    @Test
    void minibatchesHoldEveryStepOnceAPassAndTheSameSeedGivesTheSameNumbers() {
        var ppo = new Ppo(0.2, 3, 7, 1e12);
        try (var one = new Steps(); var two = new Steps()) {
            assertEquals(improve(ppo, one, true), improve(ppo, two, true));
            assertTrue(one.seen.isEmpty());
            assertTrue(one.policy.sameAs(two.policy) && one.value.sameAs(two.value));
        }
    }

    @Test
    void withoutAValueOnlyThePolicyLearns() {
        try (var steps = new Steps(); var untouched = new Steps()) {
            Map<String, Double> means = improve(PPO, steps, false);
            assertFalse(means.containsKey("valueLoss"));
            assertTrue(steps.value.sameAs(untouched.value));
            assertFalse(steps.policy.sameAs(untouched.policy));
        }
    }

    @Test
    void aPolicyOfNaNIsToldAndNothingIsLearned() {
        try (var steps = new Steps()) {
            steps.advantages[3] = Float.NaN;
            float[] before = steps.policy.values();
            String message = assertThrows(DivergedException.class, () -> improve(PPO, steps, true)).getMessage();
            assertTrue(message.startsWith("policyLoss became NaN"), message);
            assertArrayEquals(before, steps.policy.values());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, 0.1, clip", "1, 1, 1, 0.1, clip", "0.2, 0, 1, 0.1, epochs", "0.2, 1, 0, 0.1, itemsPerBatch",
        "0.2, 1, 1, NaN, divergenceLimit"})
    void settingsOutsideTheirRangeAreRefused(double clip, int epochs, int items, double limit, String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Ppo(clip, epochs, items, limit)).getMessage();
        assertTrue(message.startsWith(name) && message.contains("expected"), message);
    }
}
