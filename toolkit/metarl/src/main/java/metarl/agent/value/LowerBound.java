package metarl.agent.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import metarl.agent.DivergedException;
import metarl.agent.LearnerState;
import metarl.basics.RandomStream;
import metarl.data.Batch;
import metarl.data.ContextBatch;
import metarl.nn.Gradients;
import metarl.nn.Loss;

/** Steps of TD3 whose critics are pulled up to what was earned before; see {@link SelfImitation}. */
final class LowerBound {
    private final SelfImitation settings;
    private final ActorCritic networks;
    private final EarnedReturns returns;
    private final RandomStream random;

    /**
     * Of networks without an encoder of their own.
     *
     * @param random draws transitions, and the noise of the targets behind them
     */
    LowerBound(SelfImitation settings, ActorCritic networks, EarnedReturns returns, RandomStream random) {
        this.settings = settings;
        this.networks = networks;
        this.returns = returns;
        this.random = random;
    }

    /**
     * One update of TD3 with the term in the critic's loss, on as many old transitions as there are in the batch.
     *
     * @param batch of TD3 itself
     * @param ofActor makes the loss that is minimised of the actor's
     * @param seen makes of the first and the last transitions (null: none) what the networks see of them
     * @return the losses, {@code imitationLoss} (the term without η) among them
     */
    Map<String, Double> step(Td3Update update, ContextBatch batch, Td3Update.Change ofActor, BinaryOperator<Batch> seen) {
        var drawn = returns.draw(batch.size(), random);
        return step(update, batch, ofActor, seen.apply(drawn.first(), drawn.last()), drawn.weights(),
            gaps -> returns.prioritize(drawn.places(), gaps));
    }

    /**
     * The same with old transitions that are given.
     *
     * @param old as {@link EarnedReturns.Drawn} has them, and as the networks see them
     * @param weights W of each
     * @param told is given (L − Q₁)₊ + (L − Q₂)₊ of each, before the update
     */
    Map<String, Double> step(Td3Update update, ContextBatch batch, Td3Update.Change ofActor, Batch old, float[] weights,
        Consumer<float[]> told) {
        double[] imitation = new double[1];
        Map<String, Double> losses = update.step(batch, (fresh, target, scope) -> {
            ActorCritic.Tensors rows = networks.tensors(ContextBatch.withoutWindows(old), scope);
            NDArray bounds = bounds(rows, scope), w = scope.create(weights, new Shape(weights.length, 1));
            NDList values = networks.values(fresh, rows);
            NDArray loss = Gradients.recorded(() -> TemporalDifference.criticLoss(values.get(0), values.get(1), target, null));
            // TD3 refuses its own loss, by its name
            if (!Float.isFinite(loss.getFloat())) return new Td3Update.OfCritics.Found(loss.getFloat(), new Loss(loss));
            NDList gaps = gaps(values.get(2), values.get(3), bounds);
            NDArray term = Gradients.recorded(() -> TemporalDifference.lowerBoundLoss(gaps.get(0), gaps.get(1), w));
            imitation[0] = term.getFloat();
            DivergedException.requireLoss("imitationLoss", imitation[0], "");
            told.accept(Gradients.unrecorded(() -> gaps.get(0).add(gaps.get(1)).toFloatArray()));
            return new Td3Update.OfCritics.Found(loss.getFloat(),
                new Loss(Gradients.recorded(() -> loss.add(Gradients.scaled(term, settings.weight())))));
        }, ofActor);
        losses.put("imitationLoss", imitation[0]);
        return losses;
    }

    /** (L − Q₁)₊ and (L − Q₂)₊, how far the critics are below a bound. */
    private static NDList gaps(NDArray first, NDArray second, NDArray bounds) {
        return Gradients.recorded(() -> new NDList(TemporalDifference.gap(first, bounds), TemporalDifference.gap(second, bounds)));
    }

    /** L of each row, rows × 1. */
    private NDArray bounds(ActorCritic.Tensors rows, NDManager scope) {
        if (settings.steps() == 0) return rows.rewards();
        return networks.target(rows, networks.targetNoise((int) rows.rewards().size(), random, scope));
    }

    /** Adds the parts that last from update to update. */
    LearnerState declare(LearnerState state) {
        return returns.declare(state.stream("imitation", random));
    }
}
