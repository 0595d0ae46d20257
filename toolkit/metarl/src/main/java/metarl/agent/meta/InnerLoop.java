package metarl.agent.meta;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import metarl.basics.Require;
import metarl.nn.Gradients;
import metarl.nn.Mlp;

/**
 * The inner steps of MAML (Finn, Abbeel and Levine 2017, eq. 1): θ' = θ − α ∇ loss(θ), for many tasks at once, as a function of θ that can
 * be differentiated. All methods are to be called while operations are recorded ({@link Gradients#recorded}).
 *
 * @param rate α
 * @param firstOrder whether ∇ loss is held fixed when θ' is differentiated: ∂θ'/∂θ is then the identity, not I − α ∇² loss
 */
public record InnerLoop(double rate, boolean firstOrder) {
    /** Checks the rate. */
    public InnerLoop {
        Require.number(rate, rate >= 0 && rate <= 1e12, "rate", "0 to 1e12, usually 0.01 to 0.5");
    }

    /** Every task's parameters after one step against the gradient of this loss, a function of {@code stacked}. */
    public NDList step(NDList stacked, NDArray loss) {
        NDList slope = firstOrder ? Gradients.of(loss, stacked) : Gradients.differentiable(loss, stacked);
        return Gradients.descended(stacked, slope, rate);
    }

    /**
     * Every task's parameters before the first step, then after each.
     *
     * @param parameters θ, where all tasks begin
     * @param tasks how many
     * @param steps one loss per step
     * @param scope where the results live
     */
    public List<NDList> path(NDList parameters, int tasks, List<InnerLoss> steps, NDManager scope) {
        var path = new ArrayList<NDList>();
        NDList stacked = Mlp.stacked(parameters, tasks, scope);
        path.add(stacked);
        for (InnerLoss loss : steps) {
            stacked = step(stacked, loss.of(stacked));
            path.add(stacked);
        }
        return path;
    }

    /** The end of that path: θ' of every task. */
    public NDList adapted(NDList parameters, int tasks, List<InnerLoss> steps, NDManager scope) {
        List<NDList> path = path(parameters, tasks, steps, scope);
        return path.get(path.size() - 1);
    }
}
