package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import metarl.agent.gradient.MetaObjective.Tensors;
import metarl.agent.meta.InnerLoss;
import metarl.agent.meta.OuterLoss;
import metarl.nn.Gradients;

/**
 * ProMP's outer loss (Rothfuss et al. 2019, section 6), to be made small: −mean over tasks of mean min(ρ' Â, clip(ρ', 1 ± ε) Â) on the
 * last round, + η times the mean, over the inner steps and tasks, of mean KL(π_old ‖ π) on the rounds before.
 *
 * <p>Outputs: log π_θ'(a|o) of the last round, then what the head needs of each row of each other round, by the policy of that round.
 *
 * @param objective the policy, and what inner steps raise
 * @param before the rounds of the inner steps
 * @param after the last round
 * @param clip ε
 * @param penalty η
 */
record ProMpObjective(MetaObjective objective, List<Tensors> before, Tensors after, double clip, double penalty) implements OuterLoss {
    /** What the inner steps raise; ratios are to the policies that collected the rows. */
    List<InnerLoss> innerLosses(NDList old) {
        return old == null ? objective.innerLosses(before) : objective.innerLosses(before, old.subList(1, old.size()));
    }

    @Override
    public NDList outputs(List<NDList> path) {
        var outputs = new ArrayList<NDArray>();
        StackedPolicy policy = objective.policy();
        outputs.add(policy.logProbability(after.observations(), after.actions(), path.get(path.size() - 1)));
        for (int k = 0; k < before.size(); k++) outputs.add(policy.outputs(before.get(k).observations(), path.get(k)));
        return new NDList(outputs);
    }

    @Override
    public NDArray loss(NDList outputs, NDList old) {
        NDArray gain = Ppo.clippedGain(outputs.head(), old.head(), after.advantages(), clip);
        NDArray mean = Gradients.scaled(gain.mul(after.weights()).sum(), -1.0 / after.tasks());
        return mean.add(Gradients.scaled(divergence(outputs, old), penalty));
    }

    /** How far the policies before the last inner step have moved. */
    @Override
    public NDArray divergence(NDList outputs, NDList old) {
        NDArray sum = null;
        for (int k = 0; k < before.size(); k++) {
            NDArray one = objective.divergence(outputs.get(k + 1), old.get(k + 1), before.get(k));
            sum = sum == null ? one : sum.add(one);
        }
        return Gradients.scaled(sum, 1.0 / before.size());
    }
}
