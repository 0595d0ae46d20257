package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import metarl.basics.Require;

/**
 * Soft bounds of log variances (Chua et al. 2018, PETS, appendix A.1), so that they neither run away on data that a network knows by heart
 * nor are arbitrary far from all data: v = v_max − softplus(v_max − v), then v = v_min + softplus(v − v_min). The bounds are parameters of
 * each entry; they begin at 0.5 and −10, and a penalty draws them together.
 *
 * @param size entries of v
 */
public record VarianceBounds(int size) {
    /** Names of the sections. */
    public static final String LARGEST = "largest log variances", LEAST = "least log variances";
    /** What an entry of the penalty is multiplied by. */
    public static final double PENALTY = 0.01;
    private static final double FIRST_LARGEST = 0.5, FIRST_LEAST = -10;

    /** Checks the size. */
    public VarianceBounds {
        Require.count(size, 1, "size", "at least 1 log variance");
    }

    /** The bounds as sections behind others. */
    public Sections sections(Sections before) {
        return before.and(LARGEST, new FreeVector(size, FIRST_LARGEST)).and(LEAST, new FreeVector(size, FIRST_LEAST));
    }

    /**
     * v between its bounds.
     *
     * @param free v as the network says it, rows × entries
     * @param largest v_max
     * @param least v_min
     */
    public static NDArray bounded(NDArray free, NDArray largest, NDArray least) {
        NDArray below = softplus(free.neg().add(largest)).neg().add(largest);
        return softplus(below.sub(least)).add(least);
    }

    /** The same with the bounds of these sections. */
    public static NDArray bounded(NDArray free, Sections sections, NDList all) {
        return bounded(free, sections.slice(LARGEST, all).head(), sections.slice(LEAST, all).head());
    }

    /** 0.01 Σ (v_max − v_min), a scalar in the manager of {@code scope}. */
    public NDArray penalty(NDArray scope, Sections sections, NDList all) {
        // the long-lived bounds are never the receiver, or the results would live as long
        NDArray none = scope.getManager().zeros(new Shape(size), scope.getDataType());
        return Gradients.scaled(none.add(sections.slice(LARGEST, all).head()).sub(sections.slice(LEAST, all).head()).sum(), PENALTY);
    }

    private static NDArray softplus(NDArray values) {
        return values.getNDArrayInternal().softPlus();
    }
}
