package metarl.nn;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.nn.Network.Array;

/**
 * A dense layer, a single convolution, or an attention: what the layers of a {@link CausalStack} are made of. Each reads the first columns
 * of what there is and writes the next; a dense layer writes in place of what it reads.
 *
 * @param kind as the operations know it: 0 for a dense layer, the dilation of a convolution, −k of an attention
 * @param reads columns that it reads
 * @param width columns that it writes
 */
record CausalUnit(String name, int kind, int reads, int width) {
    /** The layers one after the other, a block of convolutions as its convolutions. */
    static List<CausalUnit> of(CausalStack stack) {
        var units = new ArrayList<CausalUnit>();
        for (int i = 0, reads = stack.inputs(); i < stack.layers().size(); i++, reads = units.get(units.size() - 1).columns()) {
            CausalLayer layer = stack.layers().get(i);
            String name = "layer " + (i + 1);
            if (layer instanceof CausalLayer.Dense d) units.add(new CausalUnit(name, 0, reads, d.outputs()));
            if (layer instanceof CausalLayer.Attention a) units.add(new CausalUnit(name, -a.keys(), reads, a.values()));
            if (layer instanceof CausalLayer.Convolutions c)
                for (int l = 0; l < depth(c, stack.longest()); l++, reads = units.get(units.size() - 1).columns())
                    units.add(new CausalUnit(name + ", dilation " + (1 << l), 1 << l, reads, c.filters()));
        }
        return units;
    }

    /** Convolutions in a block: as asked for, or ⌈log₂ longest⌉, at least one. */
    private static int depth(CausalLayer.Convolutions block, int longest) {
        return block.depth() > 0 ? block.depth() : Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(longest - 1));
    }

    /** Columns that there are after it. */
    int columns() {
        return Require.length("what the layers say together", "filters", (long) (kind == 0 ? 0 : reads) + width);
    }

    List<Array> arrays() {
        if (kind < 0) return List.of(new Array(name + ": queries, keys and values", new Shape(projected(), reads)));
        return List.of(new Array(name + ": weights", new Shape(kind == 0 ? width : 4L * width, reads)),
            new Array(name + ": biases", new Shape(kind == 0 ? width : 2L * width)));
    }

    /**
     * Each from U(−b, b) with b = √(6 / (n + m)), n the numbers that a sum is over and m the sums that are made of them (Glorot and Bengio
     * 2010): queries that begin smaller take long to find anything. Biases begin at 0.
     */
    Stream<Parameters.Initial> initial(RandomGenerator random) {
        long sums = kind > 0 ? 2L * width : kind == 0 ? width : Math.max(-kind, width);
        double bound = Math.sqrt(6.0 / ((kind > 0 ? 2L : 1L) * reads + sums));
        return arrays().stream().map(a -> a.shape().dimension() == 1 ? Parameters.Initial.constant(0, (int) a.shape().get(0))
            : Parameters.Initial.uniform(bound, random, a.shape().getShape()));
    }

    /** Query, key and value of an attention. */
    private long projected() {
        return width - 2L * kind;
    }

    /** Numbers per row that are kept between two elements, when {@code length} have been read. */
    long acting(long length) {
        // the room for keys and values doubles
        return kind > 0 ? Require.times(kind, 2L * width) : kind == 0 ? 0 : Require.times(2 * length, width - kind);
    }

    /** Numbers per element that a gradient needs again, of sequences of this length. */
    long kept(long length) {
        return kind > 0 ? 2L * width : kind == 0 ? reads : Require.times(1, projected() + length);
    }

    /** Numbers per element that the passes of this unit need for a moment. */
    long passing(long length) {
        return kind > 0 ? 10L * width : kind == 0 ? width : Require.times(1, 2 * projected() + 3 * length);
    }
}
