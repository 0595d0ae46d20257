package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import metarl.basics.Require;
import metarl.nn.Rows;
import metarl.nn.StepsAhead;

/**
 * What a learned model foresees: all sequences of all environments go through it at once, and a rule says what each step would pay.
 *
 * @param model the model
 * @param manager what the model's arrays live in
 * @param observations what each environment shows now
 * @param payment what a step pays
 */
public record ModelForesight(Ahead model, NDManager manager, double[][] observations, Payment payment) implements Foresight {
    /** What a model foretells for sequences of actions. */
    @FunctionalInterface
    public interface Ahead {
        /**
         * All that is foretold.
         *
         * @param states where each environment is now, environments × state
         * @param actions environments × candidates × horizon × action
         * @return networks × horizon × outputs × (environments / networks · candidates), as of {@link StepsAhead}; in the manager of the
         * states
         */
        NDArray of(NDArray states, NDArray actions);
    }

    /** What a step pays. */
    @FunctionalInterface
    public interface Payment {
        /**
         * The reward of one step, as it is foretold.
         *
         * @param environment in which environment
         * @param observation before the step
         * @param action entries in [−1, 1]
         * @param next what the model foretells: the observation after the step, then whatever else it says of the step
         */
        double of(int environment, double[] observation, double[] action, double[] next);
    }

    /**
     * By steps ahead through networks.
     *
     * @param stacked their arrays, of one network per environment or of one for all
     */
    public ModelForesight(StepsAhead model, NDList stacked, double[][] observations, Payment payment) {
        this((states, actions) -> model.of(states, actions, stacked), stacked.head().getManager(), observations, payment);
    }

    /** Checks that something is seen. */
    public ModelForesight {
        Require.that(observations.length >= 1, "the number of observations", 0, "one per environment");
    }

    @Override
    public double[] returns(Sequences s) {
        Require.that(s.environments() == observations.length, "environments of the sequences", s.environments(),
            observations.length + ", as many as there are observations");
        try (NDManager scope = manager.newSubManager()) {
            NDArray foretold = foretold(s, scope);
            Shape shape = foretold.getShape();
            int networks = (int) shape.get(0), width = (int) shape.get(2), rows = observations.length * s.candidates() / networks;
            double[] returns = new double[rows * networks];
            float[] values = foretold.toFloatArray();
            for (int k = 0; k < networks; k++) pay(s, k * rows, rows, width, values, returns);
            return returns;
        }
    }

    /** What the model foretells for these sequences. */
    NDArray foretold(Sequences s, NDManager scope) {
        NDArray states = Rows.array(Rows.flat(observations, observations[0].length, "observation", ", as the first has"),
            observations[0].length, scope);
        return model.of(states, scope.create(s.values(), new Shape(s.environments(), s.candidates(), s.horizon(), s.actionSize())));
    }

    /** Adds up what the sequences pay that went through one network; a step of all of them lies together. */
    private void pay(Sequences s, int first, int rows, int width, float[] foretold, double[] returns) {
        int step = first * s.horizon() * width;
        double[][] before = new double[rows][];
        for (int t = 0; t < s.horizon(); t++, step += width * rows)
            for (int row = 0; row < rows; row++) {
                int environment = (first + row) / s.candidates(), candidate = (first + row) % s.candidates();
                double[] next = new double[width];
                for (int j = 0; j < width; j++) next[j] = foretold[step + j * rows + row];
                double[] seen = t == 0 ? observations[environment] : before[row];
                returns[first + row] += payment.of(environment, seen, s.action(environment, candidate, t), next);
                before[row] = next;
            }
    }
}
