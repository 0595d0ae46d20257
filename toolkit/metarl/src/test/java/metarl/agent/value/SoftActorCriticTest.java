package metarl.agent.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Sections;
import metarl.nn.SquashedGaussian;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SoftActorCriticTest {
    private static final int ROWS = 16, OBSERVATION = 4, CONTEXT = 5, LATENT = 3, ACTION = 2, HIDDEN = 8;
    private static final double TEMPERATURE = 0.3;
    private static final TwinFile TWIN = new TwinFile(SoftActorCriticTest.class, "sac_twin.csv");

    private final NDManager scope = NDManager.newBaseManager("PyTorch");
    private final SoftActorCritic sac = SoftActorCritic.of(OBSERVATION + LATENT, ACTION, 0.9, HIDDEN, HIDDEN);
    private final Mlp encoder = Mlp.of(CONTEXT, HIDDEN, HIDDEN, LATENT);
    private final Parameters actor = filled(sac.actorSections(), 31);
    private final Parameters critics = filled(sac.criticSections(Sections.of().and("encoder", encoder)), 7);
    private final Parameters targets = filled(sac.criticSections(Sections.of()), 37);
    private final Parameters temperature = new Parameters(SoftActorCritic.temperatureSections(TEMPERATURE), RandomStream.of(1, "x"));
    private final NDArray s = numbers(OBSERVATION, 11, 1), a = numbers(ACTION, 13, 1), r = numbers(1, 17, 1),
        following = numbers(OBSERVATION, 19, 1), context = numbers(CONTEXT, 23, 2);
    private final NDArray noise = numbers(ACTION, 29, 4), nextNoise = numbers(ACTION, 41, 4);

    private static Parameters filled(Sections sections, int factor) {
        var parameters = new Parameters(sections, RandomStream.of(1, "x"));
        parameters.setValues(TwinFile.floats((int) sections.parameters(), factor, 1));
        return parameters;
    }

    private NDArray numbers(int columns, int factor, double scale) {
        return scope.create(TwinFile.floats(ROWS * columns, factor, scale), new Shape(ROWS, columns));
    }

    private NDArray alive() {
        float[] alive = new float[ROWS];
        for (int i = 0; i < ROWS; i++) alive[i] = i % 5 == 0 ? 0 : 1;
        return scope.create(alive, new Shape(ROWS, 1));
    }

    @AfterEach
    void close() {
        scope.close();
        for (Parameters p : List.of(actor, critics, targets, temperature)) p.close();
    }

    private NDArray latent() {
        return encoder.forward(context, critics.section("encoder"));
    }

    private NDArray target() {
        return Gradients.unrecorded(
            () -> sac.target(r, alive(), following.concat(latent(), 1), nextNoise, actor, targets,
                SoftActorCritic.temperature(temperature)));
    }

    private static void same(String name, NDArray loss, Parameters parameters) {
        TWIN.requireEqual(name + " loss", loss.toFloatArray(), 1e-5);
        TWIN.requireEqual(name + " gradient", TwinFile.flat(new Loss(loss).gradients(parameters)), 1e-5);
    }

    @Test
    void theTargetEqualsPyTorchAndEndsWithItsEpisode() {
        float[] target = target().toFloatArray();
        TWIN.requireEqual("target", target, 1e-5);
        assertEquals(r.toFloatArray()[5], target[5], "nothing is expected after a termination");
    }

    /** The gradient includes the encoder's: it flows through the latent variable behind the observation. */
    @Test
    void theCriticLossEqualsPyTorchDownToTheEncoder() {
        NDArray y = target();
        same("critic", Gradients.recorded(() -> sac.criticLoss(s.concat(latent(), 1), a, y, critics)), critics);
        int encoded = (int) encoder.parameters();
        assertTrue(Arrays.stream(TWIN.row("critic gradient"), 0, encoded).map(Math::abs).max().orElse(0) > 1e-3);
    }

    @Test
    void actorAndTemperatureLossEqualPyTorch() {
        NDArray states = Gradients.unrecorded(() -> s.concat(latent(), 1));
        SquashedGaussian.Sample drawn = Gradients.recorded(() -> sac.act(states, noise, actor));
        same("actor", Gradients.recorded(() -> sac.actorLoss(states, drawn, critics, TEMPERATURE)), actor);
        same("temperature", Gradients.recorded(() -> SoftActorCritic.temperatureLoss(drawn.logProbability(), -ACTION, temperature)),
            temperature);
    }

    @Test
    void withoutAGradientOfItsLatentVariableTheEncoderStaysAsItIs() {
        NDArray states = Gradients.recorded(() -> s.concat(latent().stopGradient(), 1));
        NDArray loss = Gradients.recorded(() -> sac.criticLoss(states, a, r, critics));
        float[] gradient = TwinFile.flat(new Loss(loss).gradients(critics));
        int encoded = (int) encoder.parameters();
        assertArrayEquals(new float[encoded], Arrays.copyOf(gradient, encoded));
    }

    @Test
    void theTemperatureRisesWhileTheEntropyIsBelowItsTarget() {
        try (var adam = new Adam(temperature, 0.01)) {
            NDArray predictable = scope.create(new float[] {3}, new Shape(1, 1)), random = scope.create(new float[] {1}, new Shape(1, 1));
            adam.minimize(new Loss(Gradients.recorded(() -> SoftActorCritic.temperatureLoss(predictable, -2, temperature))));
            double risen = SoftActorCritic.temperature(temperature);
            assertEquals(TEMPERATURE * Math.exp(0.01), risen, 1e-6);
            for (int i = 0; i < 20; i++)
                adam.minimize(new Loss(Gradients.recorded(() -> SoftActorCritic.temperatureLoss(random, -2, temperature))));
            assertTrue(SoftActorCritic.temperature(temperature) < risen);
        }
    }

    /**
     * One state, Q(a) = −2 (a − 0.4)²: the best policy has density exp(Q/α)/Z, and its soft value is α log Z. The actor's family is near
     * enough for small α.
     */
    @Test
    void theActorFindsTheSoftOptimumOfAKnownValue() {
        double alpha = 0.05, peak = 0.4, variance = alpha / 4;
        var known = new SoftActorCritic(Mlp.of(1, 2), Mlp.of(2, 1), 0.9);
        try (var policy = new Parameters(known.actorSections(), RandomStream.of(1, "actor")); var adam = new Adam(policy, 0.02)) {
            var random = RandomStream.of(2, "noise");
            for (int i = 0; i < 400; i++) {
                try (NDManager step = NDManager.newBaseManager("PyTorch")) {
                    float[] draws = new float[64];
                    for (int k = 0; k < 64; k += 2) draws[k + 1] = -(draws[k] = (float) random.nextGaussian());
                    NDArray states = step.ones(new Shape(64, 1)), noises = step.create(draws, new Shape(64, 1));
                    adam.minimize(new Loss(Gradients.recorded(() -> {
                        var drawn = known.act(states, noises, policy);
                        NDArray value = Gradients.scaled(drawn.actions().sub(peak).square(), -2);
                        return Gradients.scaled(drawn.logProbability(), alpha).sub(value).mean();
                    })), i < 200 ? 0.02 : 0.002);
                }
            }
            float[] outputs = Gradients.unrecorded(
                () -> known.actor().forward(scope.ones(new Shape(1, 1)), policy.section(SoftActorCritic.ACTOR)).toFloatArray());
            double mean = 0, squares = 0;
            int n = 4_000;
            for (int i = 0; i < n; i++) {
                double action = known.distribution().sample(outputs, 0, random)[0];
                mean += action / n;
                squares += action * action / n;
            }
            assertEquals(peak, mean, 0.02);
            assertEquals(Math.sqrt(variance), Math.sqrt(squares - mean * mean), 0.02);
        }
    }

    @Test
    void networksThatDoNotFitAreRefused() {
        for (var attempt : List.<org.junit.jupiter.api.function.Executable>of(
            () -> new SoftActorCritic(Mlp.of(4, 3), Mlp.of(5, 1), 0.9), () -> new SoftActorCritic(Mlp.of(4, 2), Mlp.of(4, 1), 0.9),
            () -> new SoftActorCritic(Mlp.of(4, 2), Mlp.of(5, 2), 0.9), () -> SoftActorCritic.of(4, 2, 1, 8),
            () -> SoftActorCritic.temperatureSections(0))) {
            String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
            assertTrue(message.contains("expected"), message);
        }
    }
}
