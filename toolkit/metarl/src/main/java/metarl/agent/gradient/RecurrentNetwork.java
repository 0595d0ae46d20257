package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.nn.Gradients;
import metarl.nn.Gru;
import metarl.nn.Parameters;

/** A GRU and one linear layer on its state: what RL² acts and predicts with. */
final class RecurrentNetwork implements AutoCloseable {
    final Gru unit;
    final Parameters parameters;
    private final int outputs;

    /** Freshly drawn, for sequences of up to {@code longest} elements; the linear layer begins {@code scale} times as large as usual, so that a policy begins almost uniform. */
    RecurrentNetwork(int inputs, int hidden, int outputs, int longest, double scale, RandomStream random) {
        this.outputs = outputs;
        unit = new Gru(inputs, hidden);
        var initial = new ArrayList<>(unit.initial(random, longest));
        float[] weights = new float[Require.tensor("the weights of the last layer", "hidden", outputs, hidden)];
        double bound = scale / Math.sqrt(hidden);
        for (int i = 0; i < weights.length; i++) weights[i] = (float) random.nextDouble(-bound, bound);
        initial.add(new Parameters.Initial(weights, new Shape(outputs, hidden)));
        initial.add(new Parameters.Initial(new float[outputs], new Shape(outputs)));
        parameters = new Parameters(initial);
    }

    /** The linear layer on states of any number of leading dimensions: rows × outputs. */
    NDArray read(NDArray states) {
        NDArray rows = states.reshape(-1, unit.hidden());
        return rows.getNDArrayInternal().linear(rows, parameters.list().get(Gru.ARRAYS), parameters.list().get(Gru.ARRAYS + 1))
            .singletonOrThrow();
    }

    /** Outputs after every element of the sequences (rows × length × inputs), length × rows of them, without a gradient. */
    NDArray outputs(NDArray sequences) {
        return Gradients.unrecorded(() -> read(unit.states(sequences, parameters.list(), 0)));
    }

    /**
     * One more element for each row: changes {@code states} to the next states and returns the outputs.
     *
     * @param inputs rows × inputs, flat
     * @param states rows × hidden, flat
     */
    float[] step(float[] inputs, float[] states) {
        int rows = states.length / unit.hidden();
        try (NDManager scope = parameters.manager().newSubManager()) {
            return Gradients.unrecorded(() -> {
                NDArray next = unit.step(scope.create(inputs, new Shape(rows, unit.inputs())),
                    scope.create(states, new Shape(rows, unit.hidden())), parameters.list(), 0);
                System.arraycopy(next.toFloatArray(), 0, states, 0, states.length);
                return read(next).toFloatArray();
            });
        }
    }

    int outputs() {
        return outputs;
    }

    @Override
    public void close() {
        parameters.close();
    }
}
