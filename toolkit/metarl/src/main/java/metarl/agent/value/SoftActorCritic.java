package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import metarl.agent.DistributionRows;
import metarl.agent.DivergedException;
import metarl.agent.DrawingActor;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.nn.FreeVector;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;
import metarl.nn.SquashedGaussian;

/**
 * The pieces of soft actor-critic (Haarnoja et al. 2018, "Soft actor-critic algorithms and applications") as functions of parameters: an
 * actor that draws its actions from a {@link SquashedGaussian}, two critics, and a temperature α that is adjusted so that the actor's
 * entropy stays near a target.
 *
 * <p>The return is the sum of rewards and of α times the entropy of the policy. Critics learn y = r + γ (1 − d) (min(Q̄₁, Q̄₂)(s', ã') − α
 * log π(ã'|s')) (equations 3 and 5), the actor makes α log π(ã|s) − min(Q₁, Q₂)(s, ã) small (equation 9) with ã = tanh(μ + σ ε), and the
 * temperature −α (log π + H̄) (equation 18).
 *
 * <p>A state s is what the networks are told of a row: the observation, and behind it whatever else there is, such as a latent variable z
 * that an encoder inferred. Where z was recorded, the gradient of {@link #criticLoss} flows on into the encoder; the actor is given z
 * without its gradient ({@link NDArray#stopGradient()}), as in PEARL. Parameters may hold further sections, such as that encoder beside the
 * critics: here only those named below are read.
 *
 * @param actor from s to means and logarithms of standard deviations
 * @param critic from s and the action behind it to Q
 * @param discount γ
 */
public record SoftActorCritic(Mlp actor, Mlp critic, double discount) {
    /** Names of the sections. */
    public static final String ACTOR = "actor", FIRST = "first critic", SECOND = "second critic",
        TEMPERATURE = "logarithm of the temperature";

    /** Checks that the networks fit each other. */
    public SoftActorCritic {
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.99");
        Require.that(actor.outputs() % 2 == 0, "outputs of the actor", actor.outputs(),
            "an even number: a mean and a log deviation for each number");
        int expected = actor.inputs() + actor.outputs() / 2;
        Require.that(critic.inputs() == expected, "inputs of the critic", critic.inputs(),
            expected + ": those of the actor and the action");
        Require.that(critic.outputs() == 1, "outputs of the critic", critic.outputs(), "1");
    }

    /**
     * With hidden layers of these widths in all networks.
     *
     * @param stateSize numbers in a state, latent variables included
     */
    public static SoftActorCritic of(int stateSize, int actionSize, double discount, int... hidden) {
        return new SoftActorCritic(Mlp.of(stateSize, hidden, 2 * actionSize), Mlp.of(stateSize + actionSize, hidden, 1), discount);
    }

    /** What the actor's parameters consist of. */
    public Sections actorSections() {
        return Sections.of().and(ACTOR, actor);
    }

    /** What those of the critics consist of, behind what there is already, such as an encoder. */
    public Sections criticSections(Sections before) {
        return before.and(FIRST, critic).and(SECOND, critic);
    }

    /** log α as a parameter, which begins with this temperature. */
    public static Sections temperatureSections(double initial) {
        Require.number(initial, initial > 0, "temperature", "above 0, usually 0.1 to 1");
        return Sections.of().and(TEMPERATURE, new FreeVector(1, Math.log(initial)));
    }

    /** α, the exponential of its parameter. */
    public static double temperature(Parameters temperature) {
        return Math.exp(temperature.section(TEMPERATURE).head().getFloat());
    }

    /** How the actor's outputs become actions. */
    public SquashedGaussian distribution() {
        return new SquashedGaussian(actor.outputs() / 2);
    }

    /**
     * ã and log π(ã|s), functions of the actor's parameters.
     *
     * @param states rows × state
     * @param noise ε, standard normal, rows × action
     */
    public SquashedGaussian.Sample act(NDArray states, NDArray noise, Parameters actors) {
        return distribution().sample(actor.forward(states, actors.section(ACTOR)), noise);
    }

    /**
     * Actions for these states, one for each: tanh μ, without noise.
     *
     * @throws DivergedException if the network says what is no number
     */
    public double[][] actions(double[][] states, Parameters actors) {
        DistributionRows rows = rows(states, actors);
        return IntStream.range(0, states.length).mapToObj(i -> distribution().mode(rows.values(), i * actor.outputs()))
            .toArray(double[][]::new);
    }

    /** What the actor draws from in each of these states. */
    DistributionRows rows(double[][] states, Parameters actors) {
        int width = actor.inputs();
        float[] flat = Rows.flat(states, width, "observation", ", as the actor was made for");
        try (NDManager scope = actors.manager().newSubManager()) {
            return new DistributionRows(distribution(), Gradients
                .unrecorded(() -> actor.forward(Rows.array(flat, width, scope), actors.section(ACTOR)).toFloatArray()));
        }
    }

    /** An actor that draws its actions in these states. */
    DrawingActor drawing(UnaryOperator<double[][]> states, Parameters actors, RandomStream random) {
        return new DrawingActor(random) {
            @Override
            protected DistributionRows rows(double[][] observations) {
                return SoftActorCritic.this.rows(states.apply(observations), actors);
            }
        };
    }

    /** Q₁(s, a) or Q₂(s, a), rows × 1; {@code section} is {@link #FIRST} or {@link #SECOND}. */
    public NDArray value(NDArray states, NDArray actions, Parameters critics, String section) {
        return critic.forward(states.concat(actions, 1), critics.section(section));
    }

    /** min(Q₁, Q₂)(s, a), rows × 1. */
    public NDArray smallerValue(NDArray states, NDArray actions, Parameters critics) {
        return value(states, actions, critics, Twin.SMALLER);
    }

    /** The smaller or the larger of Q₁(s, a) and Q₂(s, a), rows × 1. */
    NDArray value(NDArray states, NDArray actions, Parameters critics, Twin twin) {
        return twin.of(value(states, actions, critics, FIRST), value(states, actions, critics, SECOND));
    }

    /**
     * y of every row, rows × 1, without a gradient.
     *
     * @param rewards r, rows × 1
     * @param notTerminated 1 − d, rows × 1: 0 where the episode ended for good
     * @param nextStates s', rows × state
     * @param noise of ã', rows × action
     * @param targets the slowly following critics Q̄
     * @param temperature α
     */
    public NDArray target(NDArray rewards, NDArray notTerminated, NDArray nextStates, NDArray noise, Parameters actors, Parameters targets,
        double temperature) {
        return target(rewards, notTerminated, nextStates, nextStates, noise, actors, targets, temperature);
    }

    /** The same where an encoder has a slowly following copy, too: Q̄ is told s' by the copy, {@code targetStates}. */
    public NDArray target(NDArray rewards, NDArray notTerminated, NDArray nextStates, NDArray targetStates, NDArray noise,
        Parameters actors, Parameters targets, double temperature) {
        return Gradients.unrecorded(() -> {
            SquashedGaussian.Sample next = act(nextStates, noise, actors);
            NDArray value = smallerValue(targetStates, next.actions(), targets)
                .sub(Gradients.scaled(next.logProbability(), temperature));
            return TemporalDifference.target(rewards, notTerminated, discount, value);
        });
    }

    /**
     * Mean over rows of (Q₁ − y)² + (Q₂ − y)², a scalar to be differentiated for the critics and for what the states were computed from.
     */
    public NDArray criticLoss(NDArray states, NDArray actions, NDArray target, Parameters critics) {
        return criticLoss(states, actions, target, null, critics);
    }

    /** The same where rows count by these weights, rows × 1; null: all once. */
    NDArray criticLoss(NDArray states, NDArray actions, NDArray target, NDArray weights, Parameters critics) {
        return TemporalDifference.criticLoss(value(states, actions, critics, FIRST), value(states, actions, critics, SECOND), target,
            weights);
    }

    /**
     * Mean over rows of α log π(ã|s) − min(Q₁, Q₂)(s, ã), a scalar to be differentiated for the actor.
     *
     * @param states those from which {@code drawn} came
     * @param drawn what {@link #act} gave
     * @param temperature α
     */
    public NDArray actorLoss(NDArray states, SquashedGaussian.Sample drawn, Parameters critics, double temperature) {
        return actorLoss(drawn, smallerValue(states, drawn.actions(), critics), temperature);
    }

    /** The same where min(Q₁, Q₂) of the drawn actions is there already. */
    static NDArray actorLoss(SquashedGaussian.Sample drawn, NDArray smallerValue, double temperature) {
        return Gradients.scaled(drawn.logProbability(), temperature).sub(smallerValue).mean();
    }

    /**
     * −α mean(log π + H̄), a scalar to be differentiated for log α: the temperature rises while the entropy is below its target.
     *
     * @param logProbability log π of drawn actions, rows × 1; no gradient flows into it
     * @param entropy H̄, in nats, usually −1 for each number of the action
     */
    public static NDArray temperatureLoss(NDArray logProbability, double entropy, Parameters temperature) {
        NDList own = temperature.section(TEMPERATURE);
        // closed at once, because it would last as long as the parameters
        try (NDArray alpha = own.head().exp()) {
            return logProbability.stopGradient().mean().add(entropy).neg().mul(alpha).sum();
        }
    }
}
