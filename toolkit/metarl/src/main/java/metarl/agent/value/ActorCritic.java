package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.nn.Gradients;
import metarl.nn.Gru;
import metarl.nn.Loss;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.Rows;
import metarl.nn.Sections;
import metarl.nn.SequenceNetwork;

/** The four networks of TD3 with context (actor, twin critics, their targets) and the two losses. */
final class ActorCritic implements AutoCloseable {
    private static final String ENCODER = "encoder", ACTOR = "actor", FIRST = "first critic", SECOND = "second critic";

    private final Td3 settings;
    private final Problem problem;
    private final Gru encoder;
    private final Mlp actorHead;
    private final Mlp criticHead;
    final Parameters actor;
    final Parameters critic;
    final Parameters actorTarget;
    final Parameters criticTarget;

    /** Freshly drawn networks; the targets equal them. */
    ActorCritic(Td3 settings, Problem problem, RandomStream random) {
        this(settings, problem, null, random);
    }

    private ActorCritic(Td3 settings, Problem problem, ActorCritic original, RandomStream random) {
        this.settings = settings;
        this.problem = problem;
        int context = settings.contextLength() == 0 ? 0 : settings.contextSize();
        encoder = new Gru(ContextBatch.tripleSize(problem.observationSize(), problem.actionSize()), settings.contextSize());
        int hidden = settings.hidden();
        actorHead = Mlp.of(problem.observationSize() + context, hidden, hidden, problem.actionSize());
        criticHead = Mlp.of(problem.observationSize() + problem.actionSize() + context, hidden, hidden, 1);
        if (original == null) {
            Sections encoded = hasContext() ? Sections.of().and(ENCODER, encoder) : Sections.of();
            actor = new Parameters(encoded.and(ACTOR, actorHead), random);
            critic = new Parameters(encoded.and(FIRST, criticHead).and(SECOND, criticHead), random);
            actorTarget = actor.copy();
            criticTarget = critic.copy();
        } else {
            actor = original.actor.copy();
            critic = original.critic.copy();
            actorTarget = original.actorTarget.copy();
            criticTarget = original.criticTarget.copy();
        }
    }

    /** Independent networks with equal values: what adaptation changes in place of these. */
    ActorCritic copy() {
        return new ActorCritic(settings, problem, this, null);
    }

    private boolean hasContext() {
        return settings.contextLength() > 0;
    }

    /** A batch as arrays of a short-lived manager. */
    record Tensors(NDArray observations, NDArray actions, NDArray rewards, NDArray nextObservations, NDArray notTerminated, NDArray windows,
        NDArray before, NDArray after) {}

    Tensors tensors(ContextBatch rows, NDManager scope) {
        Batch batch = rows.batch();
        int n = batch.size();
        NDArray windows = hasContext() ? scope.create(rows.windows(), new Shape(n, settings.contextLength() + 1L, encoder.inputs()))
            : null;
        return new Tensors(scope.create(batch.observations(), new Shape(n, problem.observationSize())),
            scope.create(batch.actions(), new Shape(n, problem.actionSize())),
            scope.create(batch.rewards(), new Shape(n, 1)),
            scope.create(batch.nextObservations(), new Shape(n, problem.observationSize())),
            scope.create(batch.notTerminated(), new Shape(n, 1)),
            windows,
            hasContext() ? windows.get(new NDIndex(":, 0:" + settings.contextLength())) : null,
            hasContext() ? windows.get(new NDIndex(":, 1:")) : null);
    }

    /** c, the last hidden state over these windows; null without context. */
    NDArray context(Parameters network, NDArray windows) {
        return hasContext() ? encoder.last(windows, network.section(ENCODER)) : null;
    }

    /** π(s, c) in (−1, 1). */
    NDArray act(Parameters network, NDArray observations, NDArray windows) {
        return action(network, join(observations, context(network, windows)));
    }

    private NDArray action(Parameters network, NDArray input) {
        return actorHead.forward(input, network.section(ACTOR)).tanh();
    }

    /**
     * Adds weight · mean u² to the actor's loss, where tanh u are the actions on a batch and the mean is over rows and entries. Where u is
     * large, tanh is flat, and the critic's gradient does not reach the actor any more. Not with an encoder of its own.
     */
    Td3Update.Change penalty(ContextBatch batch, double weight) {
        Require.that(!hasContext(), "contextLength", settings.contextLength(), "0: an actor without an encoder of its own");
        if (weight == 0) return Td3Update.Change.none();
        return (loss, scope) -> {
            NDArray observations = tensors(batch, scope).observations;
            return new Loss(Gradients.recorded(() -> {
                NDArray squares = actorHead.forward(observations, actor.section(ACTOR)).square();
                return loss.value().add(Gradients.scaled(squares.mean(), weight));
            }), loss.passes());
        };
    }

    /** The context of the first or the second of two networks that were encoded together. */
    private NDArray half(NDArray contexts, int which) {
        int size = encoder.hidden();
        return contexts == null ? null : contexts.get(new NDIndex(":, " + which * size + ":" + (which + 1) * size));
    }

    private NDArray value(Parameters network, NDArray input, String critic) {
        return criticHead.forward(input, network.section(critic));
    }

    private static NDArray join(NDArray a, NDArray b) {
        return b == null ? a : a.concat(b, 1);
    }

    /**
     * y = r + γ (1 − d) min(Q̄₁, Q̄₂)(s', ā', c').
     *
     * @param noise n × action size, the clipped ε
     */
    NDArray target(Tensors batch, NDArray noise) {
        return Gradients.unrecorded(() -> {
            NDArray contexts = hasContext()
                ? encoder.lastOfBoth(batch.after, actorTarget.section(ENCODER),
                    criticTarget.section(ENCODER))
                : null;
            NDArray next = action(actorTarget, join(batch.nextObservations, half(contexts, 0)))
                .add(noise).clip(-1, 1);
            NDArray input = join(batch.nextObservations.concat(next, 1), half(contexts, 1));
            NDArray value = value(criticTarget, input, FIRST).minimum(value(criticTarget, input, SECOND));
            return TemporalDifference.target(batch.rewards, batch.notTerminated, settings.discount(),
                value);
        });
    }

    /** Mean of w·((Q₁ − y)² + (Q₂ − y)²); {@code weights} null counts every transition once. */
    Loss criticLoss(Tensors batch, NDArray target, NDArray weights) {
        SequenceNetwork.Pass encoded = encoded(critic, batch);
        return new Loss(Gradients.recorded(() -> {
            NDArray input = join(batch.observations.concat(batch.actions, 1), state(encoded));
            NDArray first = value(critic, input, FIRST), second = value(critic, input, SECOND);
            return TemporalDifference.criticLoss(first, second, target, weights);
        }), encoded);
    }

    /**
     * Q₁ and Q₂ of two batches, whose rows pass each critic together: of the first batch, then of the second, rows × 1 each. Not with an
     * encoder of their own.
     */
    NDList values(Tensors first, Tensors second) {
        Require.that(!hasContext(), "contextLength", settings.contextLength(), "0: a critic without an encoder of its own");
        long[] end = {first.rewards.size()};
        return Gradients.recorded(() -> {
            NDArray input = first.observations.concat(second.observations).concat(first.actions.concat(second.actions), 1);
            NDList one = value(critic, input, FIRST).split(end), two = value(critic, input, SECOND).split(end);
            return new NDList(one.get(0), two.get(0), one.get(1), two.get(1));
        });
    }

    private SequenceNetwork.Pass encoded(Parameters network, Tensors batch) {
        return hasContext() ? encoder.passToLast(batch.before, network.section(ENCODER)) : null;
    }

    private static NDArray state(SequenceNetwork.Pass encoded) {
        return encoded == null ? null : encoded.outputs();
    }

    /** −mean of w·Q₁(s, π(s, c), c). */
    Loss actorLoss(Tensors batch, NDArray weights) {
        NDArray criticContext = context(critic, batch.before);
        SequenceNetwork.Pass encoded = encoded(actor, batch);
        return new Loss(Gradients.recorded(() -> {
            NDArray action = action(actor, join(batch.observations, state(encoded)));
            NDArray input = join(batch.observations.concat(action, 1), criticContext);
            return TemporalDifference.mean(value(critic, input, FIRST), weights).neg();
        }), encoded);
    }

    /** Moves both targets towards their networks. */
    void trackTargets() {
        actorTarget.moveTowards(actor, settings.targetRate());
        criticTarget.moveTowards(critic, settings.targetRate());
    }

    /** n × action size values of clip(N(0, targetNoise²), ±targetNoiseClip). */
    NDArray targetNoise(int n, RandomStream random, NDManager scope) {
        float[] noise = new float[Require.tensor("the noise of a batch", "batchSize", n, problem.actionSize())];
        for (int i = 0; i < noise.length; i++) {
            double e = settings.targetNoise() * random.nextGaussian();
            noise[i] = (float) Math.max(-settings.targetNoiseClip(), Math.min(settings.targetNoiseClip(), e));
        }
        return scope.create(noise, new Shape(n, problem.actionSize()));
    }

    /**
     * What the propensity looks at: the actor's context before each transition, behind the observation if asked for; the observation alone
     * where there is no context.
     */
    double[][] features(ContextBatch batch, boolean withObservation) {
        try (NDManager scope = actor.manager().newSubManager()) {
            Tensors t = tensors(batch, scope);
            return Gradients.unrecorded(() -> {
                if (!hasContext()) return Rows.of(t.observations);
                NDArray context = context(actor, t.before);
                DivergedException.requireSaid("context entry", context.toFloatArray(), encoder.hidden());
                return Rows.of(withObservation ? t.observations.concat(context, 1) : context);
            });
        }
    }

    /** The actor's actions for a few environments: observations n × size, windows n × L × triple (flat). */
    double[][] actions(double[][] observations, float[] windows) {
        int n = observations.length;
        float[] seen = Rows.flat(observations, problem.observationSize(), "observation", ", as the actor was made for");
        try (NDManager scope = actor.manager().newSubManager()) {
            return Gradients.unrecorded(() -> {
                NDArray w = hasContext() ? scope.create(windows, new Shape(n, settings.contextLength(), encoder.inputs())) : null;
                return Rows.of(act(actor, Rows.array(seen, problem.observationSize(), scope), w));
            });
        }
    }

    /**
     * What actor and critics make of one window, each by its own GRU.
     *
     * @param actor c of the actor, empty where there is no context
     * @param critic c of the critics
     */
    record Contexts(float[] actor, float[] critic) {}

    /** c of a window of L triples (flat). */
    Contexts contexts(float[] window) {
        if (!hasContext()) return new Contexts(new float[0], new float[0]);
        try (NDManager scope = actor.manager().newSubManager()) {
            return Gradients.unrecorded(() -> {
                NDArray one = scope.create(window, new Shape(1, settings.contextLength(), encoder.inputs()));
                return new Contexts(context(actor, one).toFloatArray(), context(critic, one).toFloatArray());
            });
        }
    }

    /** π(s, c) of some observations with one context. */
    double[][] actionsAfter(double[][] observations, Contexts contexts) {
        try (NDManager scope = actor.manager().newSubManager()) {
            return Gradients.unrecorded(() -> Rows.of(action(actor, beside(observations, contexts.actor, scope))));
        }
    }

    /** The smaller or the larger of Q₁(s, a, c) and Q₂(s, a, c), of some observations and actions with one context. */
    double[] values(double[][] observations, double[][] actions, Contexts contexts, Twin twin) {
        double[][] both = new double[observations.length][];
        for (int i = 0; i < both.length; i++) {
            both[i] = Arrays.copyOf(observations[i], observations[i].length + actions[i].length);
            System.arraycopy(actions[i], 0, both[i], observations[i].length, actions[i].length);
        }
        try (NDManager scope = critic.manager().newSubManager()) {
            return Gradients.unrecorded(() -> {
                NDArray input = beside(both, contexts.critic, scope);
                float[] values = twin.of(value(critic, input, FIRST), value(critic, input, SECOND)).toFloatArray();
                return Rows.of(values, values.length)[0];
            });
        }
    }

    /** Rows, each with this context behind it. */
    private static NDArray beside(double[][] rows, float[] context, NDManager scope) {
        int width = rows[0].length, all = width + context.length;
        float[] flat = new float[rows.length * all];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < width; j++) flat[i * all + j] = (float) rows[i][j];
            System.arraycopy(context, 0, flat, i * all + width, context.length);
        }
        return Rows.array(flat, all, scope);
    }

    /** Adds all four networks, in the order in which they are stored. */
    LearnerState declare(LearnerState state) {
        return state.network("actor", actor).network("critic", critic).target("target of the actor", actorTarget, actor)
            .target("target of the critic", criticTarget, critic);
    }

    /** All four networks. */
    List<Parameters> all() {
        return List.of(actor, critic, actorTarget, criticTarget);
    }

    @Override
    public void close() {
        for (Parameters p : all()) p.close();
    }
}
