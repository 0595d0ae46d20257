package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import metarl.agent.DivergedException;
import metarl.agent.LatentGaussian;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Sections;

/**
 * PEARL's networks: an actor; two critics beside the encoder, which learn by one loss; and either V with its slow copy, or slow critics and
 * a temperature. First weights are those of the released code: U(−1/√width, 1/√width) and biases 0.1 in hidden layers, U(−0.003, 0.003) in
 * last ones, U(−0.001, 0.001) in the actor's.
 */
final class PearlNetworks {
    static final String ENCODER = "encoder", VALUE = "value";
    private static final double FIRST_BIAS = 0.1, LAST_BOUND = 3e-3, LAST_BOUND_OF_ACTOR = 1e-3;

    final Pearl settings;
    final Problem problem;
    final PearlEncoder encoder;
    final SoftActorCritic pieces;
    final Mlp value;
    final Parameters actor;
    /** The encoder, then both critics. */
    final Parameters critics;
    /** V, or log α where the temperature is learned. */
    final Parameters other;
    /** What follows slowly: V, or the critics where the temperature is learned. */
    final Parameters targets;

    PearlNetworks(Pearl settings, Problem problem, RandomStream random) {
        this.settings = settings;
        this.problem = problem;
        int state = problem.observationSize() + settings.latentSize();
        int[] hidden = layers(settings.hidden());
        encoder = PearlEncoder.of(settings.contextRow(problem), settings.latentSize(), layers(settings.encoderHidden()));
        pieces = SoftActorCritic.of(state, problem.actionSize(), settings.discount(), hidden);
        value = Mlp.of(state, hidden, 1);
        actor = new Parameters(Sections.of().and(SoftActorCritic.ACTOR, pieces.actor(), r -> first(pieces.actor(), LAST_BOUND_OF_ACTOR, r)),
            random);
        critics = new Parameters(Sections.of().and(ENCODER, encoder.network(), r -> first(encoder.network(), LAST_BOUND, r))
            .and(SoftActorCritic.FIRST, pieces.critic(), r -> first(pieces.critic(), LAST_BOUND, r))
            .and(SoftActorCritic.SECOND, pieces.critic(), r -> first(pieces.critic(), LAST_BOUND, r)), random);
        other = new Parameters(settings.learnedTemperature() ? SoftActorCritic.temperatureSections(settings.temperature())
            : Sections.of().and(VALUE, value, r -> first(value, LAST_BOUND, r)), random);
        targets = followed().copy();
    }

    /** Hidden layers of this width. */
    private int[] layers(int width) {
        return IntStream.generate(() -> width).limit(settings.layers()).toArray();
    }

    /** What the targets follow. */
    Parameters followed() {
        return settings.learnedTemperature() ? critics : other;
    }

    private static List<Parameters.Initial> first(Mlp network, double lastBound, RandomGenerator random) {
        var drawn = new ArrayList<Parameters.Initial>();
        for (int layer = 1; layer <= network.layers(); layer++) {
            int inputs = network.widths().get(layer - 1), outputs = network.widths().get(layer);
            boolean last = layer == network.layers();
            // the released code divides by the width of the layer itself
            drawn.add(Parameters.Initial.uniform(last ? lastBound : 1 / Math.sqrt(outputs), random, outputs, inputs));
            drawn.add(last ? Parameters.Initial.uniform(lastBound, random, outputs) : Parameters.Initial.constant(FIRST_BIAS, outputs));
        }
        return drawn;
    }

    LearnerState declare(LearnerState state) {
        return state.network("actor", actor).network("encoder and critics", critics)
            .network(settings.learnedTemperature() ? "temperature" : "value", other).target("targets", targets, followed());
    }

    List<Parameters> all() {
        return List.of(actor, critics, other, targets);
    }

    /** q(z|c) of several contexts, tasks × z, as an array of this scope. */
    PearlEncoder.Gaussians posterior(PearlContext.Contexts contexts, NDManager scope) {
        return encoder.posterior(transitions(contexts.rows(), scope),
            scope.create(contexts.counts(), new Shape(contexts.tasks(), contexts.counts().length / contexts.tasks(), 1)),
            critics.section(ENCODER));
    }

    private NDArray transitions(float[] rows, NDManager scope) {
        int width = encoder.network().inputs();
        return scope.create(rows, new Shape(rows.length / width, width));
    }

    /** The posteriors of several contexts, without a gradient. */
    List<LatentGaussian> posteriors(PearlContext.Contexts contexts) {
        return gaussians(scope -> posterior(contexts, scope));
    }

    /** The factor of every transition, without a gradient. */
    List<LatentGaussian> factors(float[] transitions) {
        return gaussians(scope -> encoder.factors(transitions(transitions, scope), critics.section(ENCODER)));
    }

    private List<LatentGaussian> gaussians(Function<NDManager, PearlEncoder.Gaussians> of) {
        int latent = encoder.latentSize();
        try (NDManager scope = critics.manager().newSubManager()) {
            var found = Gradients.unrecorded(() -> of.apply(scope));
            float[] means = found.mean().toFloatArray(), variances = found.variance().toFloatArray();
            var all = new ArrayList<LatentGaussian>();
            for (int at = 0; at < means.length; at += latent)
                all.add(new LatentGaussian(numbers(means, at, latent), numbers(variances, at, latent)));
            return all;
        }
    }

    private static double[] numbers(float[] from, int at, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = from[at + i];
            DivergedException.requireLoss("what the encoder says", values[i], "");
        }
        return values;
    }

    /** (s, z). */
    static double[] state(double[] observation, double[] latent) {
        return DoubleStream.concat(Arrays.stream(observation), Arrays.stream(latent)).toArray();
    }

    /** (s, z) of observations, each with its z. */
    static double[][] states(double[][] observations, double[][] latents) {
        return IntStream.range(0, observations.length).mapToObj(i -> state(observations[i], latents[i])).toArray(double[][]::new);
    }

    /** Actions for observations, each with its z, without noise. */
    double[][] actions(double[][] observations, double[][] latents) {
        return pieces.actions(states(observations, latents), actor);
    }
}
