package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * A scalar to be made smaller, and the recurrent pass it stands on.
 *
 * @param value recorded, a function of parameters and of the pass's state
 * @param encoded the pass, or null
 */
public record Loss(NDArray value, Gru.Pass encoded) {
    /** ∂value/∂parameters, one array per parameter, through the recurrent unit as well. */
    public NDList gradients(Parameters parameters) {
        if (encoded == null) return Gradients.of(value, parameters.list());
        var inputs = new NDList(encoded.state());
        inputs.addAll(parameters.list());
        NDList all = Gradients.of(value, inputs);
        NDArray upstream = all.remove(0);
        encoded.addGradients(upstream, all);
        return all;
    }

    /** The number. */
    public float number() {
        return value.getFloat();
    }
}
