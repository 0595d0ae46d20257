package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * What an inner step of MAML lowers, for many tasks at once that have parameters of their own: a policy gradient's loss on collected episodes, the error of a
 * dynamics model on recent steps, or any other that can be differentiated. The data are the object's own.
 */
@FunctionalInterface
public interface InnerLoss {
    /**
     * The sum over tasks of each task's loss: as no task's loss depends on another's parameters, the gradient of the sum holds the gradient of each. It is called
     * while operations are recorded.
     *
     * @param stacked the parameters of every task, as {@link metarl.nn.Mlp#stacked} makes them
     * @return a scalar
     */
    NDArray of(NDList stacked);
}
