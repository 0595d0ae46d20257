package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import metarl.nn.ActionDistribution;
import metarl.nn.Gradients;
import metarl.nn.Loss;
import metarl.nn.SequenceNetwork;

/**
 * The trials of one update as PPO goes through them, whole because the memories last for one, and the two networks on them.
 *
 * @param old outputs of the policy that acted, trial × step × output
 * @param advantages trial × step
 * @param timed inputs of the value, trial × step × entry
 * @param returns what the value should say, trial × step
 * @param valueLoss of values and returns, rows × 1 each
 */
record TrialData(RecurrentNetwork policy, RecurrentNetwork value, ActionDistribution distribution, TrialBatch batch, float[] old,
    float[] advantages, float[] timed, float[] returns, BinaryOperator<NDArray> valueLoss) implements Ppo.Data {
    @Override
    public int items() {
        return batch.trials();
    }

    @Override
    public Minibatch minibatch(int[] trials, NDManager scope) {
        return new Minibatch(trials, scope);
    }

    /** Some trials as arrays of a short-lived manager; all but the inputs without padding, in the order step × trial. */
    final class Minibatch implements Ppo.Minibatch {
        private final int[] trials;
        private final int[] present;
        private final NDManager scope;
        private final Ppo.Rows rows;

        private Minibatch(int[] trials, NDManager scope) {
            this.trials = trials;
            this.scope = scope;
            present = batch.present(trials);
            rows = new Ppo.Rows(rows(old, distribution.outputs()), rows(batch.actions(), batch.actionSize()), rows(advantages, 1));
        }

        private NDArray rows(float[] values, int width) {
            return scope.create(batch.selectByStep(values, width, trials, present), new Shape(present.length, width));
        }

        @Override
        public Ppo.Rows rows() {
            return rows;
        }

        @Override
        public Loss policyLoss(UnaryOperator<NDArray> ofOutputs) {
            return loss(policy, batch.inputs(), ofOutputs);
        }

        @Override
        public Loss valueLoss() {
            NDArray expected = rows(returns, 1);
            return loss(value, timed, values -> valueLoss.apply(values, expected));
        }

        private Loss loss(RecurrentNetwork network, float[] inputs, UnaryOperator<NDArray> ofOutputs) {
            int width = network.inputs();
            NDArray sequences = scope.create(batch.select(inputs, width, trials), new Shape(trials.length, batch.length(), width));
            SequenceNetwork.Pass memory = network.pass(sequences, batch.pictures());
            return new Loss(Gradients.recorded(() -> ofOutputs.apply(network.read(present(memory.outputs())))), memory);
        }

        /** The states at the steps that are there: with the padding gone, it cannot change anything. */
        private NDArray present(NDArray states) {
            NDArray all = states.reshape(-1, states.getShape().get(2));
            return present.length == all.getShape().get(0) ? all : all.get(scope.create(present));
        }
    }
}
