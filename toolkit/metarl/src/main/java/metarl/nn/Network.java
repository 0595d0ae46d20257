package metarl.nn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A part of a network, such as a perceptron or a recurrent unit: a pure function that is handed its parameters with every call. It says
 * which arrays these parameters are and how they are first drawn; where they lie is up to {@link Sections} and {@link Parameters}. One
 * object can therefore serve many sets of parameters: a network, its target, the steps of an inner loop.
 *
 * <p>A network of your own implements {@link #arrays()} and {@link #initial(RandomGenerator)}, and a method that computes, such as {@link
 * Mlp#forward}.
 */
public interface Network {
    /**
     * One array of parameters.
     *
     * @param name what it is within its network, such as "layer 2 weights"; error messages say it
     * @param shape its shape
     */
    record Array(String name, Shape shape) {}

    /** The arrays, in the order in which every method takes them. */
    List<Array> arrays();

    /** First values of the arrays, one entry per array and of its shape; the same generator gives the same numbers. */
    List<Parameters.Initial> initial(RandomGenerator random);

    /** Numbers in all arrays together. */
    default long parameters() {
        return arrays().stream().mapToLong(a -> a.shape().size()).sum();
    }

    /**
     * Says what is wrong if these are not the arrays of this network: their number, or a shape.
     *
     * @throws IllegalArgumentException with what was given and what is expected
     */
    default void require(NDList own) {
        List<Array> arrays = arrays();
        if (own.size() != arrays.size())
            throw new IllegalArgumentException("given " + own.size() + " arrays of parameters, expected " + arrays.size() + ": "
                + String.join(", ", arrays.stream().map(Array::name).toList()) + ". Pass the section of this network alone.");
        IntStream.range(0, arrays.size()).forEach(i -> {
            Array expected = arrays.get(i);
            if (!own.get(i).getShape().equals(expected.shape())) throw new IllegalArgumentException(
                expected.name() + " has shape " + own.get(i).getShape() + ", expected " + expected.shape());
        });
    }
}
