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

    /**
     * One critic update, and every {@code policyDelay}-th time one of the actor and the targets.
     *
     * @param weights a weight per transition, or null
     * @param anchor networks to stay close to, or null
     * @param proximal λ of the term λ/2 ‖θ − θ̂‖² added to both losses
     * @return the losses, without that term
     */
    Map<String, Double> step(ContextBatch batch, float[] weights, ActorCritic anchor, double proximal) {
        return step(batch, weights, pulled(networks.critic, anchor == null ? null : anchor.critic, proximal),
            pulled(networks.actor, anchor == null ? null : anchor.actor, proximal));
    }

    /**
     * The same with more in both losses.
     *
     * @param ofCritic makes the loss that is minimised of the critic's
     * @param ofActor makes the one of the actor's
     */
    Map<String, Double> step(ContextBatch batch, Change ofCritic, Change ofActor) {
        return step(batch, null, ofCritic, ofActor);
    }

    private Map<String, Double> step(ContextBatch batch, float[] weights, Change ofCritic, Change ofActor) {
        var losses = new LinkedHashMap<String, Double>();
        try (NDManager scope = networks.critic.manager().newSubManager()) {
            ActorCritic.Tensors t = networks.tensors(batch, scope);
            NDArray w = weights == null ? null : scope.create(weights, new Shape(batch.size(), 1));
            NDArray target = networks.target(t, networks.targetNoise(batch.size(), noise, scope));
            Loss criticLoss = networks.criticLoss(t, target, w);
            double critic = criticLoss.number();
            DivergedException.requireLoss("criticLoss", critic, " at update " + (steps + 1));
            losses.put("criticLoss", critic);
            criticOptimizer.minimize(ofCritic.of(criticLoss, scope));
            if (++steps % settings.policyDelay() == 0) {
                Loss actorLoss = networks.actorLoss(t, w);
                double actor = actorLoss.number();
                DivergedException.requireLoss("actorLoss", actor, " at update " + steps);
                losses.put("actorLoss", actor);
                actorOptimizer.minimize(ofActor.of(actorLoss, scope));
                networks.trackTargets();
            }
        }
        return losses;
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
