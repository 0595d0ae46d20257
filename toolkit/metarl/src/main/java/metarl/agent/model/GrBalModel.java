package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import metarl.agent.meta.InnerLoss;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.model.ModelForm.Rows;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.StepsAhead;

/**
 * What a step leads to, as a function of parameters: f_θ(x̂) = ŷ, in the units of {@link ModelForm}. Models of
 * many environments or runs are evaluated at once, each with parameters of its own, by one batched product per layer.
 *
 * @param form of x and y
 * @param network f, from x̂ to ŷ
 */
record GrBalModel(ModelForm form, Mlp network) {
    /** The model of this form, with this width and number of hidden layers. */
    static GrBalModel of(ModelForm form, int hidden, int layers) {
        int[] widths = new int[layers];
        Arrays.fill(widths, hidden);
        return new GrBalModel(form, Mlp.of(form.inputs(), widths, form.outputs()));
    }

    /**
     * Steps as arrays, in units: x̂ and ŷ, models × steps × entries, and how much each step counts, models × steps × 1.
     */
    record Steps(NDArray inputs, NDArray targets, NDArray weights) {}

    /**
     * A part of the rows of each of several runs, in units.
     *
     * @param runs how many runs of equally many rows there are
     * @param from the first row of each
     * @param count how many of each; their weights are 1 / count
     */
    Steps steps(Rows rows, int runs, int from, int count, Units units, NDManager scope) {
        int length = rows.inputs().length / network.inputs() / runs;
        float[] weights = new float[runs * count];
        Arrays.fill(weights, 1f / count);
        return new Steps(normalized(rows.inputs(), units.inputs(), runs, length, from, count, scope),
            normalized(rows.targets(), units.targets(), runs, length, from, count, scope),
            scope.create(weights, new Shape(runs, count, 1)));
    }

    private static NDArray normalized(float[] rows, Normalizer units, int runs, int length, int from, int count, NDManager scope) {
        int width = units.means().length;
        float[] part = new float[runs * count * width];
        for (int row = 0; row < runs * count; row++)
            units.normalize(rows, (row / count * length + from + row % count) * width, part, row * width);
        return scope.create(part, new Shape(runs, count, width));
    }

    /** The mean over entries of (f(x̂) − ŷ)², models × steps × 1. */
    NDArray errors(Steps steps, NDList stacked) {
        NDArray errors = network.forwardEach(steps.inputs, stacked).sub(steps.targets);
        return errors.square().mean(new int[] {2}, true);
    }

    /** The sum over models of L of their steps. */
    InnerLoss loss(Steps steps) {
        return stacked -> errors(steps, stacked).mul(steps.weights).sum();
    }

    /** The model for looking many steps ahead. */
    StepsAhead ahead(Units units) {
        return new StepsAhead(network, units.inputs(), units.targets());
    }
}
