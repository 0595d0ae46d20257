package metarl.agent.meta;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import metarl.nn.Network;
import metarl.nn.Sections;

/**
 * What an inner step of MAML lowers, for many tasks at once that have parameters of their own: a policy gradient's loss on collected
 * episodes, the error of a dynamics model on recent steps, or any other that can be differentiated. The data are the object's own.
 */
@FunctionalInterface
public interface InnerLoss {
    /**
     * The sum over tasks of each task's loss: as no task's loss depends on another's parameters, the gradient of the sum holds the gradient
     * of each. It is called while operations are recorded.
     *
     * @param stacked the parameters of every task, as {@link metarl.nn.Mlp#stacked} makes them
     * @return a scalar
     */
    NDArray of(NDList stacked);

    /**
     * A loss that is written for one network, summed task by task: for every kind of network, and slower for many small tasks than batched
     * products ({@link metarl.nn.Mlp#forwardEach}).
     *
     * @param sections what the parameters consist of
     * @param tasks how many
     * @param loss a scalar
     */
    static InnerLoss perTask(Sections sections, int tasks, OfTask loss) {
        List<Shape> shapes = sections.arrays().stream().map(Network.Array::shape).toList();
        return stacked -> {
            NDArray sum = null;
            for (int task = 0; task < tasks; task++) {
                var own = new NDList();
                for (int i = 0; i < shapes.size(); i++) own.add(stacked.get(i).get(task).reshape(shapes.get(i)));
                NDArray value = loss.of(task, own);
                sum = sum == null ? value : sum.add(value);
            }
            return sum;
        };
    }

    /** A loss of one task. */
    @FunctionalInterface
    interface OfTask {
        /**
         * The loss, a scalar.
         *
         * @param task counts from 0
         * @param own the task's own parameters, of their usual shapes
         */
        NDArray of(int task, NDList own);
    }
}
