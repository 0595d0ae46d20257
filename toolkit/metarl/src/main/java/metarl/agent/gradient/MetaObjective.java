package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.meta.InnerLoss;
import metarl.agent.meta.OuterLoss;
import metarl.nn.Gradients;

/**
 * The losses of a policy in MAML for many tasks at once, as functions of arrays that can be differentiated.
 *
 * <p>Inner loss of a task: −mean g Â with g as {@link InnerObjective} says. Outer loss, on episodes of θ': −mean over tasks of mean ρ Â
 * with ρ = π_θ' / π_θ'old; its constraint: the mean over tasks of mean KL(π_θ'old ‖ π_θ').
 */
record MetaObjective(StackedPolicy policy, InnerObjective inner) {
    /**
     * A batch as arrays of a short-lived manager.
     *
     * @param observations tasks × rows × observation
     * @param actions (tasks · rows) × entries of an encoded action
     * @param advantages (tasks · rows) × 1
     * @param weights (tasks · rows) × 1
     * @param starts tasks × rows; null where the batch does not know them
     */
    record Tensors(NDArray observations, NDArray actions, NDArray advantages, NDArray weights, NDArray starts) {
        static Tensors of(EpisodeBatch batch, NDManager scope) {
            long all = (long) batch.tasks() * batch.rows();
            return new Tensors(
                scope.create(batch.observations(), new Shape(batch.tasks(), batch.rows(), batch.observations().length / all)),
                scope.create(batch.actions(), new Shape(all, batch.actions().length / all)),
                scope.create(batch.advantages(), new Shape(all, 1)),
                scope.create(batch.weights(), new Shape(all, 1)), batch.starts().length == 0 ? null
                    : scope.create(batch.starts(), new Shape(batch.tasks(), batch.rows())).toType(DataType.INT64, true));
        }

        static List<Tensors> of(List<EpisodeBatch> batches, NDManager scope) {
            return batches.stream().map(b -> of(b, scope)).toList();
        }

        /** The same in double precision. */
        Tensors inDoublePrecision() {
            return new Tensors(observations.toType(DataType.FLOAT64, true), actions.toType(DataType.FLOAT64, true),
                advantages.toType(DataType.FLOAT64, true),
                weights.toType(DataType.FLOAT64, true), starts);
        }

        NDArray weightedAdvantages() {
            return advantages.mul(weights);
        }

        long tasks() {
            return observations.getShape().get(0);
        }
    }

    /** The sum of all tasks' inner losses: as every task has parameters of its own, its gradient holds that of each. */
    NDArray innerLoss(NDList stacked, Tensors t) {
        NDArray log = policy.logProbability(t.observations, t.actions, stacked);
        return innerLoss(log, log.stopGradient(), t);
    }

    private NDArray innerLoss(NDArray log, NDArray old, Tensors t) {
        return inner.gain(log, old, t.starts).mul(t.weightedAdvantages()).sum().neg();
    }

    /** One inner step per round of episodes. */
    List<InnerLoss> innerLosses(List<Tensors> rounds) {
        return rounds.stream().map(t -> (InnerLoss) stacked -> innerLoss(stacked, t)).toList();
    }

    /**
     * The same when θ has moved since the episodes were collected: a ratio is one to the policy that collected them.
     *
     * @param old what that policy said of every round's rows
     */
    List<InnerLoss> innerLosses(List<Tensors> rounds, List<NDArray> old) {
        return IntStream.range(0, rounds.size()).mapToObj(k -> {
            Tensors t = rounds.get(k);
            NDArray collected = logProbability(old.get(k), t);
            return (InnerLoss) stacked -> innerLoss(policy.logProbability(t.observations, t.actions, stacked), collected, t);
        }).toList();
    }

    /** Judges adapted policies on the episodes they collected: outputs are what the head needs of each row, and log π(a|o). */
    OuterLoss outerLoss(Tensors t) {
        return new OuterLoss() {
            @Override
            public NDList outputs(List<NDList> path) {
                NDArray outputs = policy.outputs(t.observations, path.get(path.size() - 1));
                return new NDList(outputs, logProbability(outputs, t));
            }

            @Override
            public NDArray loss(NDList outputs, NDList old) {
                return outerLoss(outputs.get(1), old.get(1), t);
            }

            @Override
            public NDArray divergence(NDList outputs, NDList old) {
                return MetaObjective.this.divergence(outputs.head(), old.head(), t);
            }
        };
    }

    /** log π(a|o) of every row. */
    NDArray logProbability(NDArray outputs, Tensors t) {
        return policy.head().logProbability(outputs, t.actions);
    }

    /** The outer loss, given log π(a|o) by the adapted policies and by those that collected the rows. */
    NDArray outerLoss(NDArray log, NDArray old, Tensors t) {
        return Gradients.scaled(log.sub(old).exp().mul(t.weightedAdvantages()).sum(), -1.0 / t.tasks());
    }

    /** How far the adapted policies' outputs are from those of the policies that collected the rows. */
    NDArray divergence(NDArray outputs, NDArray old, Tensors t) {
        return Gradients.scaled(policy.head().divergence(old, outputs).mul(t.weights).sum(), 1.0 / t.tasks());
    }
}
