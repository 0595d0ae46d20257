package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.ModelForm.Rows;
import metarl.nn.Gradients;
import metarl.nn.Gru;
import metarl.nn.Loss;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.RecurrentAhead;
import metarl.nn.Sections;
import metarl.nn.SequenceNetwork;

/**
 * What a step leads to, read from a memory of the steps before: h_t = GRU(x̂_t, ŷ_{t−1}; h_{t−1}), and W h_t + b is what is foretold of
 * ŷ_t, in the units of {@link ModelForm}.
 *
 * @param form of x and y
 * @param memory the recurrent unit
 * @param last W and b
 */
record ReBalModel(ModelForm form, Gru memory, Mlp last) {
    private static final String MEMORY = "memory", LAST = "last layer";

    static ReBalModel of(ModelForm form, int hidden) {
        return new ReBalModel(form, new Gru(form.inputs() + form.outputs(), hidden), Mlp.of(hidden, form.outputs()));
    }

    Sections sections() {
        return Sections.of().and(MEMORY, memory).and(LAST, last);
    }

    /**
     * Sequences that begin with an empty memory.
     *
     * @param elements x̂ and the ŷ before, sequences × length × both
     * @param targets ŷ, length × sequences × entries
     */
    record Runs(NDArray elements, NDArray targets) {}

    /** The rows of several runs, one after the other, as sequences. */
    Runs runs(Rows rows, int runs, Units units, NDManager scope) {
        int in = form.inputs(), out = form.outputs(), width = in + out, length = rows.inputs().length / in / runs;
        float[] elements = new float[runs * length * width], targets = new float[runs * length * out];
        for (int row = 0; row < runs * length; row++) {
            int run = row / length, t = row % length;
            units.inputs().normalize(rows.inputs(), row * in, elements, row * width);
            int target = (t * runs + run) * out;
            units.targets().normalize(rows.targets(), row * out, targets, target);
            if (t < length - 1) System.arraycopy(targets, target, elements, (row + 1) * width + in, out);
        }
        return new Runs(scope.create(elements, new Shape(runs, length, width)), scope.create(targets, new Shape(length, runs, out)));
    }

    /** The mean over runs, steps and entries of (W h + b − ŷ)²; to be called while operations are recorded. */
    Loss loss(Runs runs, Parameters parameters) {
        SequenceNetwork.Pass pass = memory.pass(runs.elements, parameters.section(MEMORY));
        return new Loss(errors(pass.outputs(), runs, parameters).mean(), pass);
    }

    /** (W h + b − ŷ)² of every step, without a gradient: the mean over entries. */
    float[] errors(Runs runs, Parameters parameters) {
        return Gradients.unrecorded(() -> errors(memory.outputs(runs.elements, parameters.section(MEMORY)), runs, parameters)
            .mean(new int[] {1}).toFloatArray());
    }

    private NDArray errors(NDArray said, Runs runs, Parameters parameters) {
        NDArray foretold = last.forward(said.reshape(-1, memory.outputs()), parameters.section(LAST));
        return foretold.sub(runs.targets.reshape(-1, form.outputs())).square();
    }

    /** The hidden states after one more element of each sequence. */
    NDArray next(NDArray elements, NDArray states, Parameters parameters) {
        return memory.next(elements, states, parameters.section(MEMORY));
    }

    /** The model for looking many steps ahead. */
    RecurrentAhead ahead(Units units) {
        return new RecurrentAhead(memory, last, units.inputs(), units.targets());
    }
}
