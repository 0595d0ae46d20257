package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * What an encoder and a probabilistic model learn together from segments of episodes, with its gradient: z = C(history), (μ, v) = F(x, z)
 * for every step of a segment, v with soft bounds ({@link VarianceBounds}), and
 *
 * <pre>
 *   L = 2 (L_fit + 0.01 Σ_j (v_max,j − v_min,j) + Σ decay ‖array‖) + weight · L_cont
 *   L_fit = mean over steps and entries j of (ŷ_j − μ_j)² exp(−v_j) + v_j
 *   L_cont = mean over pairs of ‖z − z'‖², or of max(0, margin − ‖z − z'‖), squared or not
 * </pre>
 *
 * <p>Row i of the first half of the segments and row i of the second are a pair. The gradient is written out, not recorded: all is one
 * operation for the caller, and the products forth and back are those of oneDNN where the library has it.
 *
 * @param encoder C, from a history to z; null: none, x is all that F is told
 * @param model F, from x and z to the means and then the unbounded log variances of ŷ
 * @param weight of L_cont
 * @param margin from which on z and z' are far enough apart
 * @param squared whether what lacks to the margin is squared
 * @param decays one for each array of C, then of F
 */
public record SegmentLoss(Mlp encoder, Mlp model, double weight, double margin, boolean squared, List<Double> decays) {
    /** Checks the sizes. */
    public SegmentLoss {
        decays = List.copyOf(decays);
        int arrays = arrays(encoder) + arrays(model);
        Require.that(decays.size() == arrays, "the number of decays", decays.size(), arrays + ", one for each array of both networks");
        for (double decay : decays) Require.number(decay, decay >= 0, "decays", "numbers of 0 or more");
        Require.that(model.outputs() % 2 == 0, "outputs of the model", model.outputs(), "an even number: means, then log variances");
        Require.number(weight, weight >= 0, "weight", "0 or more");
        Require.number(margin, margin > 0, "margin", "above 0");
    }

    private static int arrays(Mlp network) {
        return network == null ? 0 : 2 * network.layers();
    }

    /** What the parameters consist of, in order. */
    public Sections sections() {
        Sections before = encoder == null ? Sections.of() : Sections.of().and("encoder", encoder);
        return new VarianceBounds(model.outputs() / 2).sections(before.and("model", model));
    }

    /**
     * Segments, and the steps that are looked at: as many of each segment, one after the other.
     *
     * @param histories segments × inputs of C; null where there is no encoder
     * @param inputs x, (segments · steps) × x
     * @param targets y, (segments · steps) × y
     */
    public record Segments(NDArray histories, NDArray inputs, NDArray targets) {}

    /**
     * Units of what segments hold.
     *
     * @param histories of a history; null where there is no encoder
     * @param inputs of x
     * @param targets of y
     */
    public record Units(Normalizer histories, Normalizer inputs, Normalizer targets) {
        /** All in one: 1 / d and −m / d, so that x̂ is one multiplication and one sum. */
        NDArray all(NDArray like) {
            List<Normalizer> each = new ArrayList<>(List.of(inputs, targets));
            if (histories != null) each.add(histories);
            float[] values = new float[each.stream().mapToInt(n -> 2 * n.means().length).sum()];
            int at = 0;
            for (Normalizer n : each) {
                int width = n.means().length;
                for (int j = 0; j < width; j++) {
                    values[at + j] = 1 / n.deviations()[j];
                    values[at + width + j] = -n.means()[j] / n.deviations()[j];
                }
                at += 2 * width;
            }
            return like.getManager().create(values).toType(like.getDataType(), false);
        }
    }

    /**
     * The loss and its gradient.
     *
     * @param fit L_fit
     * @param error mean of (ŷ − μ)²
     * @param contrastive L_cont; 0 where there is no encoder or no weight
     * @param total L
     * @param gradients ∂L/∂array, one for each of {@link #sections()}
     */
    public record Found(double fit, double error, double contrastive, double total, NDList gradients) {}

    /**
     * L of segments.
     *
     * @param same whether the segments of a pair are alike, so that their z shall be
     * @param all the arrays of {@link #sections()}
     */
    public Found of(Segments segments, Units units, boolean same, NDList all) {
        NDManager scope = segments.inputs.getManager();
        NDArray histories = encoder == null ? scope.zeros(new Shape(1, 1)) : segments.histories;
        NDArray plan = scope.create(new double[] {arrays(encoder), encoder == null ? 1 : encoder.activation().number(),
            model.activation().number(), same ? 1 : 0, weight, margin, squared ? 1 : 0, VarianceBounds.PENALTY});
        NDArray rates = scope.create(decays.stream().mapToDouble(d -> d).toArray());
        try {
            NDList found = Gradients.unrecorded(() -> TorchScript.call("segment_loss", Argument.of(histories), Argument.of(segments.inputs),
                Argument.of(segments.targets), Argument.of(units.all(segments.inputs)), Argument.of(plan), Argument.of(rates),
                Argument.list("w", all)));
            double[] numbers = found.remove(0).toType(DataType.FLOAT64, false).toDoubleArray();
            return new Found(numbers[0], numbers[1], numbers[2], numbers[3], found);
        } catch (EngineException e) {
            throw explained(segments, all, e);
        }
    }

    /** What the engine says of shapes that do not fit, in words of this loss. */
    private RuntimeException explained(Segments segments, NDList all, RuntimeException failure) {
        int arrays = decays.size() + 2, y = model.outputs() / 2;
        Require.that(all.size() == arrays, "the number of arrays", all.size(), arrays + ": " + sections());
        Shape inputs = segments.inputs.getShape(), targets = segments.targets.getShape();
        int x = model.inputs() - (encoder == null ? 0 : encoder.outputs());
        Require.that(inputs.dimension() == 2 && inputs.get(1) == x, "the shape of inputs", inputs, "steps × " + x);
        Require.that(targets.equals(new Shape(inputs.get(0), y)), "the shape of targets", targets, inputs.get(0) + " steps × " + y);
        if (encoder != null) {
            Shape histories = segments.histories.getShape();
            Require.that(histories.dimension() == 2 && histories.get(1) == encoder.inputs() && histories.get(0) % 2 == 0
                && inputs.get(0) % histories.get(0) == 0, "the shape of histories", histories,
                "segments × " + encoder.inputs() + ", an even number of segments with as many of the " + inputs.get(0) + " steps each");
        }
        return failure;
    }
}
