package metarl.agent.gradient;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import metarl.agent.DistributionRows;
import metarl.agent.DrawingActor;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.nn.Gradients;
import metarl.nn.Rows;

/**
 * Acts with the parameters of one or several tasks, as they were when this was made. Environments belong to the tasks in equal runs, in
 * order: of six environments and two tasks, the first three are the first task's.
 */
final class MamlPolicy implements Policy {
    private final StackedPolicy policy;
    private final int tasks;
    private final List<float[]> values = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();

    /** A policy with a copy of these parameters, stacked per task. */
    MamlPolicy(StackedPolicy policy, NDList stacked) {
        this.policy = policy;
        tasks = (int) stacked.head().getShape().get(0);
        stacked.forEach(a -> {
            values.add(a.toFloatArray());
            shapes.add(a.getShape());
        });
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        if (environments % tasks != 0)
            throw new IllegalArgumentException(
                "given " + environments + " environments for policies of " + tasks + " tasks; expected equally many for each");
        return new MamlActor(random);
    }

    private final class MamlActor extends DrawingActor {
        private final NDManager manager = NDManager.newBaseManager("PyTorch");
        private final NDList parameters = new NDList();

        MamlActor(RandomStream random) {
            super(random);
            for (int i = 0; i < values.size(); i++) parameters.add(manager.create(values.get(i), shapes.get(i)));
        }

        @Override
        protected DistributionRows rows(double[][] observations) {
            int n = observations.length, size = observations[0].length;
            float[] flat = Rows.flat(observations, size, "observation", ", as the first has");
            try (NDManager scope = manager.newSubManager()) {
                return new DistributionRows(policy.head(), Gradients
                    .unrecorded(() -> policy.outputs(scope.create(flat, new Shape(tasks, n / tasks, size)), parameters).toFloatArray()));
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
