package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * Several perceptrons of the same widths, each with parameters of its own, in one pass: a network for every task. The arrays are those of
 * one perceptron, stacked: weights networks × outputs × inputs, biases networks × 1 × outputs.
 *
 * @param one what each of them is
 * @param networks how many
 */
public record MlpEach(Mlp one, int networks) implements Network {
    /** Checks the number. */
    public MlpEach {
        Require.that(one != null, "one", one, "a perceptron such as Mlp.of(4, 64, 64, 2)");
        Require.count(networks, 1, "networks", "at least 1, usually one for each task");
        for (Network.Array array : one.arrays())
            Require.tensor("the weights of a layer of all networks", "networks or hidden", networks, array.shape().size());
    }

    @Override
    public List<Array> arrays() {
        return one.arrays().stream().map(a -> new Array(a.name() + " of " + networks + " networks", stacked(a.shape()))).toList();
    }

    private Shape stacked(Shape shape) {
        return shape.dimension() == 1 ? new Shape(networks, 1, shape.get(0)) : new Shape(networks, shape.get(0), shape.get(1));
    }

    /** Network after network drawn as one is: that of number 0 first. */
    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        var drawn = new ArrayList<List<Parameters.Initial>>();
        for (int k = 0; k < networks; k++) drawn.add(one.initial(random));
        var stacked = new ArrayList<Parameters.Initial>();
        for (int i = 0; i < arrays().size(); i++) {
            int size = drawn.get(0).get(i).values().length;
            float[] values = Arrays.copyOf(drawn.get(0).get(i).values(), networks * size);
            for (int k = 1; k < networks; k++) System.arraycopy(drawn.get(k).get(i).values(), 0, values, k * size, size);
            stacked.add(new Parameters.Initial(values, arrays().get(i).shape()));
        }
        return stacked;
    }

    /**
     * The networks' values, recorded if operations are.
     *
     * @param x networks × rows × inputs
     * @param own their arrays
     * @return networks × rows × outputs
     */
    public NDArray forward(NDArray x, NDList own) {
        Require.that(own.size() == 2 * one.layers(), "the number of arrays of parameters", own.size(),
            2 * one.layers() + ": weights and biases of each layer");
        return one.forwardEach(x, own);
    }
}
