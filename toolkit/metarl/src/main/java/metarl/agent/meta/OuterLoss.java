package metarl.agent.meta;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import metarl.nn.Gradients;

/** What adapted parameters are judged by, on data that the inner steps did not see. The data are the object's own. */
public interface OuterLoss {
    /**
     * What the networks say of the data: all that {@link #loss} and {@link #divergence} need of the parameters.
     *
     * @param path every task's parameters before the first inner step and after each, as {@link InnerLoop#path} gives them; the last entry
     * holds θ'
     */
    NDList outputs(List<NDList> path);

    /**
     * The loss, a scalar: usually the mean over tasks.
     *
     * @param outputs what is said at the θ that is judged
     * @param old what was said before the first outer step on these data, held fixed
     */
    NDArray loss(NDList outputs, NDList old);

    /**
     * How far the outputs have moved, a scalar that is 0 and least where they equal {@code old}; for {@link metarl.nn.TrustRegion} alone.
     *
     * @throws UnsupportedOperationException if this loss has none
     */
    default NDArray divergence(NDList outputs, NDList old) {
        throw new UnsupportedOperationException(
            "this outer loss has no divergence, so there is no trust region; take a step of Adam, or define divergence");
    }

    /**
     * The mean over tasks of a loss of the same kind as an inner one, as in regression, where the adapted model is judged by its error on
     * other data.
     *
     * @param loss the sum over tasks
     * @param tasks how many
     */
    static OuterLoss mean(InnerLoss loss, int tasks) {
        return new OuterLoss() {
            @Override
            public NDList outputs(List<NDList> path) {
                return new NDList(Gradients.scaled(loss.of(path.get(path.size() - 1)), 1.0 / tasks));
            }

            @Override
            public NDArray loss(NDList outputs, NDList old) {
                return outputs.head();
            }
        };
    }
}
