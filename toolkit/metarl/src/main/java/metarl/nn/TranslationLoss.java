package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * What a translator of actions is to make small, with its gradient: with ã = tanh H(inputs), and (μ, v) = F(ŝ, ã in units, z) of a
 * probabilistic model that stays as it is, v with soft bounds ({@link VarianceBounds}), the mean over rows of
 *
 * <pre>
 *   −log Π_j N(ŷ_j; μ_j, exp v_j)      or the mean over entries j of |μ_j − ŷ_j|
 * </pre>
 *
 * <p>The gradient is written out, not recorded: all is one operation for the caller, nothing is computed for the model's own parameters,
 * and the products forth and back are those of oneDNN where the library has it.
 *
 * @param translator H, from its inputs to an action before the tanh
 * @param model F, from state, action and context to the means and then the unbounded log variances of ŷ
 * @param likelihood whether it is the first of the two
 */
public record TranslationLoss(BranchedMlp translator, Mlp model, boolean likelihood) {
    /**
     * What is known of the rows.
     *
     * @param now ŝ as F sees it, rows × state
     * @param goals ŷ, rows × state
     * @param context z, 1 × context, the same for all rows; null where F has none
     * @param actions units in which F sees actions
     * @param inputs of H, each rows × size, or 1 × size where it is the same for all rows
     */
    public record Rows(NDArray now, NDArray goals, NDArray context, Normalizer actions, NDList inputs) {}

    /**
     * The loss and its gradient.
     *
     * @param value the loss
     * @param gradients ∂loss/∂array, one for each array of H
     */
    public record Found(double value, NDList gradients) {}

    /**
     * The loss of these rows.
     *
     * @param own the arrays of H
     * @param ofModel the arrays of F, then of its bounds
     */
    public Found of(Rows rows, NDList own, NDList ofModel) {
        NDManager scope = rows.now.getManager();
        int width = rows.actions.means().length, z = rows.context == null ? 0 : (int) rows.context.getShape().get(1);
        float[] units = new float[2 * width];
        for (int j = 0; j < width; j++) {
            units[j] = 1 / rows.actions.deviations()[j];
            units[width + j] = -rows.actions.means()[j] / rows.actions.deviations()[j];
        }
        NDArray scales = scope.create(units).toType(rows.now.getDataType(), false),
            plan = scope.create(new double[] {model.activation().number(), z, likelihood ? 1 : 0}),
            context = z > 0 ? rows.context : scope.zeros(new Shape(1, 1), rows.now.getDataType());
        // an array carries the name of its argument, and so can be one alone
        var inputs = new NDList(rows.inputs.stream().map(i -> i == rows.now || i == rows.context ? i.duplicate() : i).toList());
        try {
            NDList found = Gradients.unrecorded(() -> TorchScript.call("translation_loss", Argument.of(rows.now), Argument.of(rows.goals),
                Argument.of(context), Argument.of(scales), Argument.of(plan), Argument.list("i", inputs), Argument.list("h", own),
                Argument.list("w", ofModel)));
            NDArray value = found.remove(0);
            return new Found(value.getDataType() == DataType.FLOAT64 ? value.getDouble() : value.getFloat(), found);
        } catch (EngineException e) {
            throw explained(rows, z, width, own, ofModel, e);
        }
    }

    /** What the engine says of shapes that do not fit, in words of this loss. */
    private RuntimeException explained(Rows rows, int z, int width, NDList own, NDList ofModel, RuntimeException failure) {
        translator.require(own);
        model.require(ofModel.subNDList(0, Math.min(ofModel.size(), 2 * model.layers())));
        Require.that(ofModel.size() == 2 * model.layers() + 2, "the number of the model's arrays", ofModel.size(),
            2 * model.layers() + 2 + ": weights and biases, then the bounds");
        long s = model.outputs() / 2;
        Require.that(width == translator.joint().outputs(), "the units of actions", width, translator.joint().outputs() + " entries");
        Require.that(s + width + z == model.inputs(), "inputs of the model", model.inputs(), s + " of state, " + width + " of action and "
            + z + " of context");
        for (NDArray array : new NDArray[] {rows.now, rows.goals})
            Require.that(array.getShape().dimension() == 2 && array.getShape().get(1) == s, "the shape of now or goals", array.getShape(),
                "rows × " + s);
        return failure;
    }
}
