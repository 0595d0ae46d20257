package metarl.nn;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * A vector of parameters that belongs to no layer, such as the logarithms of standard deviations that are the same in every state.
 *
 * @param size its entries
 * @param value what every entry begins with
 */
public record FreeVector(int size, double value) implements Network {
    /** Checks both. */
    public FreeVector {
        Require.count(size, 1, "size", "at least 1");
        Require.number(value, Math.abs(value) <= Float.MAX_VALUE, "value", "a number that single precision holds");
    }

    @Override
    public List<Array> arrays() {
        return List.of(new Array("values", new Shape(size)));
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        return List.of(Parameters.Initial.constant(value, size));
    }
}
