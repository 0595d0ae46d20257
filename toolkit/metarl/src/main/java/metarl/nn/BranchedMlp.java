package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.basics.Require;

/**
 * A perceptron whose inputs each pass a layer of their own, max(W_k x_k + b_k, 0), before a joint perceptron sees them side by side.
 *
 * @param branches a linear layer for each input, all of the same width
 * @param joint reads all of their results
 */
public record BranchedMlp(List<Mlp> branches, Mlp joint) implements Network {
    /** Checks the sizes. */
    public BranchedMlp {
        branches = List.copyOf(branches);
        Require.that(!branches.isEmpty(), "the number of branches", 0, "at least 1 input");
        int width = branches.get(0).outputs();
        for (Mlp branch : branches) Require.that(branch.layers() == 1 && branch.outputs() == width, "a branch", branch.widths(),
            "one linear layer to " + width + ", as the first one");
        Require.that(joint.inputs() == branches.size() * width, "inputs of the joint network", joint.inputs(),
            branches.size() * width + ": " + branches.size() + " branches of " + width);
    }

    /**
     * With max(x, 0) everywhere.
     *
     * @param inputs sizes of the inputs
     * @param branch width of each input's own layer
     * @param hidden width of the joint hidden layers
     * @param layers how many of these
     */
    public static BranchedMlp of(int[] inputs, int branch, int hidden, int layers, int outputs) {
        Require.tensor("the weights of a layer", "branch", inputs.length, branch, hidden);
        return new BranchedMlp(Arrays.stream(inputs).mapToObj(size -> Mlp.of(size, branch)).toList(),
            Mlp.of(inputs.length * branch, IntStream.generate(() -> hidden).limit(layers).toArray(), outputs));
    }

    @Override
    public List<Array> arrays() {
        return Stream.concat(IntStream.range(0, branches.size()).boxed().flatMap(k -> branches.get(k).arrays().stream()
            .map(a -> new Array("input " + (k + 1) + " " + a.name(), a.shape()))), joint.arrays().stream()).toList();
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        return Stream.concat(branches.stream(), Stream.of(joint)).flatMap(part -> part.initial(random).stream()).toList();
    }

    /**
     * The network's value, recorded if operations are.
     *
     * @param own this network's arrays
     * @param inputs one for each branch, rows × size; one of a single row counts for all rows
     */
    public NDArray forward(NDList own, NDArray... inputs) {
        long rows = inputs[0].getShape().get(0);
        var sums = new NDList();
        for (int k = 0; k < inputs.length; k++) {
            NDArray sum = branches.get(k).forward(inputs[k], own.subNDList(2 * k, 2 * k + 2));
            long found = inputs[k].getShape().get(0);
            sums.add(found == rows ? sum : sum.broadcast(new Shape(rows, joint.inputs() / branches.size())));
        }
        NDArray joined = sums.size() == 1 ? sums.head() : sums.head().concat(sums.get(1), 1);
        for (int k = 2; k < sums.size(); k++) joined = joined.concat(sums.get(k), 1);
        return joint.forward(joined.getNDArrayInternal().relu(), own.subNDList(2 * branches.size()));
    }
}
