package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.basics.RandomStream;
import metarl.data.ContextBatch;
import metarl.nn.Adam;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.Parameters;

/** Gradient steps of TD3 on an {@link ActorCritic}: two optimisers, the delay counter and the target noise. */
final class Td3Update implements AutoCloseable {
    private final Td3 settings;
    private final ActorCritic networks;
    private final Adam actorOptimizer;
    private final Adam criticOptimizer;
    private final RandomStream noise;
    private long steps;

    Td3Update(Td3 settings, ActorCritic networks, double learningRate, RandomStream noise) {
        this.settings = settings;
        this.networks = networks;
        this.noise = noise;
        actorOptimizer = new Adam(networks.actor, learningRate);
        criticOptimizer = new Adam(networks.critic, learningRate);
    }

    /** Makes another loss of one, such as by a term that is added. */
    @FunctionalInterface
    interface Change {
        /** The loss as it is to be minimised; what it needs lives in the scope. */
        Loss of(Loss loss, NDManager scope);

        /** None. */
        static Change none() {
            return (loss, scope) -> loss;
        }
    }

    /** The loss of the critics. */
    @FunctionalInterface
    interface OfCritics {
        /**
         * Of these rows; what it needs lives in the scope.
         *
         * @param target y of each, rows × 1
         */
        Found of(ActorCritic.Tensors rows, NDArray target, NDManager scope);

        /**
         * Both losses.
         *
         * @param reported how far the critics are from y, as TD3 has it
         * @param minimized the same, and what else is asked of the critics
         */
        record Found(double reported, Loss minimized) {}
    }

    /**
     * One critic update, and every {@code policyDelay}-th time one of the actor and the targets.
     *
     * @param weights a weight per transition, or null
     * @param anchor networks to stay close to, or null
     * @param proximal λ of the term λ/2 ‖θ − θ̂‖² added to both losses
     * @return the losses, without that term
     */
    Map<String, Double> step(ContextBatch batch, float[] weights, ActorCritic anchor, double proximal) {
        return step(batch, weights, null, anchor, proximal);
    }

    /**
     * The same where rows count differently.
     *
     * @param weights of each row in both losses, or null: all once
     * @param scales what each row's target is multiplied by, or null: all whole
     */
    Map<String, Double> step(ContextBatch batch, float[] weights, float[] scales) {
        return step(batch, weights, scales, null, 0);
    }

    private Map<String, Double> step(ContextBatch batch, float[] weights, float[] scales, ActorCritic anchor, double proximal) {
        Change pulled = pulled(networks.critic, anchor == null ? null : anchor.critic, proximal);
        return step(batch, weights, (rows, whole, scope) -> {
            NDArray target = scales == null ? whole : whole.mul(column(scales, scope));
            Loss loss = networks.criticLoss(rows, target, weights == null ? null : column(weights, scope));
            return new OfCritics.Found(loss.number(), pulled.of(loss, scope));
        }, pulled(networks.actor, anchor == null ? null : anchor.actor, proximal));
    }

    /**
     * The same with another loss of the critics.
     *
     * @param ofActor makes the loss that is minimised of the actor's
     */
    Map<String, Double> step(ContextBatch batch, OfCritics ofCritics, Change ofActor) {
        return step(batch, null, ofCritics, ofActor);
    }

    /** The same with TD3's loss of the critics. */
    Map<String, Double> step(ContextBatch batch, Change ofActor) {
        return step(batch, (rows, target, scope) -> {
            Loss loss = networks.criticLoss(rows, target, null);
            return new OfCritics.Found(loss.number(), loss);
        }, ofActor);
    }

    private Map<String, Double> step(ContextBatch batch, float[] weights, OfCritics ofCritics, Change ofActor) {
        var losses = new LinkedHashMap<String, Double>();
        try (NDManager scope = networks.critic.manager().newSubManager()) {
            ActorCritic.Tensors t = networks.tensors(batch, scope);
            NDArray target = networks.target(t, networks.targetNoise(batch.size(), noise, scope));
            OfCritics.Found found = ofCritics.of(t, target, scope);
            DivergedException.requireLoss("criticLoss", found.reported(), " at update " + (steps + 1));
            losses.put("criticLoss", found.reported());
            criticOptimizer.minimize(found.minimized());
            if (++steps % settings.policyDelay() == 0) {
                Loss actorLoss = networks.actorLoss(t, weights == null ? null : column(weights, scope));
                double actor = actorLoss.number();
                DivergedException.requireLoss("actorLoss", actor, " at update " + steps);
                losses.put("actorLoss", actor);
                actorOptimizer.minimize(ofActor.of(actorLoss, scope));
                networks.trackTargets();
            }
        }
        return losses;
    }

    private static NDArray column(float[] values, NDManager scope) {
        return scope.create(values, new Shape(values.length, 1));
    }

    private static Change pulled(Parameters network, Parameters anchor, double proximal) {
        if (anchor == null || proximal == 0) return Change.none();
        return (loss, scope) -> new Loss(
            Gradients.recorded(() -> loss.value().add(Gradients.scaled(network.squaredDistance(anchor, scope), proximal / 2))),
            loss.passes());
    }

    /** Adds the parts that last from update to update. */
    LearnerState declare(LearnerState state) {
        return state.optimizer("actor's optimiser", actorOptimizer).optimizer("critic's optimiser", criticOptimizer)
            .stream("target noise", noise)
            .part("critic updates", out -> out.writeLong(steps), in -> steps = in.readLong());
    }

    @Override
    public void close() {
        actorOptimizer.close();
        criticOptimizer.close();
    }
}
