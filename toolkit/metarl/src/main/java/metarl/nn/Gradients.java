package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** Gradients of a loss with respect to lists of parameters, without accumulating anything on the parameters themselves. */
public final class Gradients {
    private Gradients() {}

    /** ∂loss/∂parameters, one array per parameter in the loss's manager; zero where the loss does not depend on one. */
    public static NDList of(NDArray loss, NDList parameters) {
        return gradients(loss, parameters, false);
    }

    /** The same, as functions of the parameters that can be differentiated again (for meta-gradients). */
    public static NDList differentiable(NDArray loss, NDList parameters) {
        return gradients(loss, parameters, true);
    }

    private static NDList gradients(NDArray loss, NDList parameters, boolean graph) {
        try (NDArray flag = loss.getManager().create(graph)) {
            return TorchScript.call("gradients", TorchScript.Argument.of(loss), TorchScript.Argument.of(flag),
                TorchScript.Argument.list("x", parameters));
        }
    }

    /** values − rate · gradients, as functions of both: a step of gradient descent that can be differentiated. */
    public static NDList descended(NDList values, NDList gradients, double rate) {
        NDArray r = gradients.head().getManager().create(rate);
        return TorchScript.call("descended", TorchScript.Argument.of(r), TorchScript.Argument.list("x", values),
            TorchScript.Argument.list("g", gradients));
    }

    /**
     * Σᵢ vectorsᵢ · ∂valuesᵢ/∂parameters, one array per parameter in the first value's manager; it can be asked for again with other
     * vectors. Of gradients made by {@link #differentiable} it is the product of the second derivative and a vector.
     */
    public static NDList product(NDList values, NDList parameters, NDList vectors) {
        return TorchScript.call("products", TorchScript.Argument.list("y", values), TorchScript.Argument.list("x", parameters),
            TorchScript.Argument.list("v", vectors));
    }

    /**
     * factor · values, to be differentiated at any later time. {@link NDArray#mul(Number)} must not be recorded, nor {@code div},
     * {@code pow}, {@code minimum} or {@code maximum} with a number: they leave it in memory that Java frees at its next garbage
     * collection, and the gradient reads whatever lies there by then.
     */
    public static NDArray scaled(NDArray values, double factor) {
        try (NDArray number = JniUtils.full((PtNDManager) values.getManager(), new Shape(), factor, values.getDataType(),
            values.getDevice(), SparseFormat.DENSE)) {
            return values.mul(number);
        }
    }

    /** Runs {@code body} while operations are recorded for differentiation; afterwards recording is as it was. */
    public static <T> T recorded(Supplier<T> body) {
        return withMode(true, body);
    }

    /** Runs {@code body} without recording; results have no gradient. */
    public static <T> T unrecorded(Supplier<T> body) {
        return withMode(false, body);
    }

    private static <T> T withMode(boolean mode, Supplier<T> body) {
        // the mode belongs to the thread, and notebook cells run on different threads: never rely on what it was
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(mode);
        try {
            return body.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
