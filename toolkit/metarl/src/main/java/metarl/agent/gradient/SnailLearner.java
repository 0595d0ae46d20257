package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.agent.Adaptation;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.nn.ActionDistribution;
import metarl.nn.CausalStack;

/** SNAIL while it learns: what learns by PPO on trials, with causal stacks for memories, and a look at their attention. */
final class SnailLearner extends TrialLearner {
    private final Problem problem;

    SnailLearner(Snail settings, Problem problem, long seed) {
        super(settings.training(), problem, seed, (inputs, steps) -> settings.policyStack(inputs, settings.steps(problem)),
            (inputs, steps) -> settings.valueStack(inputs, settings.steps(problem)));
        this.problem = problem;
    }

    /** The weights stay as they are: what was seen is in the memory, and it is told what of it was looked at. */
    @Override
    public Adaptation adapt(List<Trajectory> shots, RandomStream random) {
        Adaptation adapted = super.adapt(shots, random);
        return shots.isEmpty() ? adapted
            : new Adaptation(adapted.policy(), adapted.losses(), attention(shots), adapted.resources());
    }

    private AttentionToPast attention(List<Trajectory> trial) {
        RecurrentNetwork network = policyNetwork();
        TrialBatch batch = TrialBatch.of(List.of(trial), ActionDistribution.of(problem.actionSize(), problem.discrete()), network.sees());
        var layers = new ArrayList<float[][]>();
        try (NDManager scope = network.parameters.manager().newSubManager()) {
            NDArray sequence = scope.create(batch.inputs(), new Shape(1, batch.length(), batch.inputSize()));
            NDArray read = network.memoryReads(sequence, batch.pictures());
            for (NDArray weights : ((CausalStack) network.memory()).attention(read, network.memoryParameters()))
                layers.add(rows(weights.toFloatArray(), batch.length()));
        }
        return AttentionToPast.of(layers, trial, problem.discrete());
    }

    private static float[][] rows(float[] weights, int length) {
        float[][] rows = new float[length][];
        for (int t = 0; t < length; t++) rows[t] = Arrays.copyOfRange(weights, t * length, (t + 1) * length);
        return rows;
    }
}
