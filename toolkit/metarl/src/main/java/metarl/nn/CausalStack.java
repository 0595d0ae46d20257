package metarl.nn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.nn.TorchScript.Argument;

/**
 * Causal convolutions and attention over sequences (SNAIL, Mishra et al. 2018), as a pure function of its parameters. The shape is read
 * from the input on:
 *
 * <pre>{@code
 * CausalStack.of(inputs, longest).dense(32).convolutions(32).convolutions(32).attention(32, 32)
 * }</pre>
 *
 * <p>What a layer says is put beside all that it has read, [x, y₁, y₂ …], and that is what the next one reads; what the network says after
 * an element is the whole of it.
 * <ul>
 *   <li>{@code dense(n)}, only as the first: x ← max(W x + b, 0).
 *   <li>{@code convolutions(n)}, a block of ⌈log₂ longest⌉ of them with a kernel of two elements and dilations d = 1, 2, 4 …, zeros before
 *     the beginning: y_t = tanh(P x_{t−d} + N x_t + b) ⊙ σ(P′ x_{t−d} + N′ x_t + b′). Its last sees the whole sequence. {@code
 *     convolutions(n, depth)} has fewer: beside an attention, which sees all, few are enough, and they cost less.
 *   <li>{@code attention(k, v)}: y_t = Σ_s α_ts V x_s over s ≤ t, where α_t is the softmax of (Q x_t)·(K x_s) / √k; one head, no biases.
 * </ul>
 *
 * <p>In a pass all of [x, y₁, y₂ …] lies in one array from the beginning, of which each layer reads the first columns and writes the next,
 * so that nothing is put together by copying; the derivative is written out. One element at a time costs the convolutions of that element
 * alone ({@link CausalMemory}): with 32 filters and 256 rows, a step after 100 and 1,000 elements takes 4 and 14 ms; if the whole past is
 * computed again, 0.3 and 7 s ({@code bench/snail.jsh}).
 *
 * @param inputs size of one element of the sequence
 * @param longest length of the longest sequence: how far each block of convolutions sees
 * @param layers from the input on
 */
public record CausalStack(int inputs, int longest, List<CausalLayer> layers) implements SequenceNetwork {
    /** Numbers that passes without a gradient need for a moment: what the processor's cache holds, about. */
    private static final long AT_ONCE = 2_000_000;

    /** Checks the sizes. */
    public CausalStack {
        layers = List.copyOf(layers);
        Require.count(inputs, 1, "inputs", "at least 1");
        Require.count(longest, 1, "longest", "the length of the longest sequence, at least 1");
        for (int i = 1; i < layers.size(); i++)
            Require.that(!(layers.get(i) instanceof CausalLayer.Dense), "layer " + (i + 1), layers.get(i),
                "convolutions or attention: only the first layer can be dense");
    }

    /** No layers yet. */
    public static CausalStack of(int inputs, int longest) {
        return new CausalStack(inputs, longest, List.of());
    }

    /** This with a dense layer at the beginning. */
    public CausalStack dense(int outputs) {
        return and(new CausalLayer.Dense(outputs));
    }

    /** This and one more block of convolutions that sees the whole sequence, each with so many outputs. */
    public CausalStack convolutions(int filters) {
        return convolutions(filters, 0);
    }

    /** The same with only the first {@code depth} of them, which see 2^depth elements; 0: the whole sequence. */
    public CausalStack convolutions(int filters, int depth) {
        return and(new CausalLayer.Convolutions(filters, depth));
    }

    /** This and one more attention, with keys and values of these sizes. */
    public CausalStack attention(int keys, int values) {
        return and(new CausalLayer.Attention(keys, values));
    }

    private CausalStack and(CausalLayer layer) {
        return new CausalStack(inputs, longest, Stream.concat(layers.stream(), Stream.of(layer)).toList());
    }

    /** Dense layer, convolutions one by one, and attentions, in order. */
    List<CausalUnit> units() {
        return CausalUnit.of(this);
    }

    @Override
    public int outputs() {
        List<CausalUnit> units = units();
        return units.isEmpty() ? inputs : units.get(units.size() - 1).columns();
    }

    /**
     * How many elements, the present one included, what is said can depend on: at least {@code longest} with one block of convolutions that
     * is as deep as it takes; the largest number with an attention.
     */
    public long receptiveField() {
        List<CausalUnit> units = units();
        return units.stream().anyMatch(u -> u.kind() < 0) ? Long.MAX_VALUE : 1 + units.stream().mapToLong(CausalUnit::kind).sum();
    }

    @Override
    public List<Array> arrays() {
        return units().stream().flatMap(u -> u.arrays().stream()).toList();
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        return units().stream().flatMap(u -> u.initial(random)).toList();
    }

    /** Some rows after the others where there are many, so that what is needed for a moment stays small. */
    @Override
    public NDArray outputs(NDArray sequences, NDList own) {
        Shape shape = sequences.getShape();
        long rows = shape.get(0), some = shape.dimension() == 3 ? rowsAtOnce(shape.get(1)) : rows;
        if (rows <= some) return run(sequences, own, false).head();
        try (var parts = new NDList()) {
            for (long from = 0; from < rows; from += some)
                try (NDArray part = sequences.get(from + ":" + Math.min(rows, from + some))) {
                    parts.add(run(part, own, false).head());
                }
            return NDArrays.concat(parts, 1);
        }
    }

    private long rowsAtOnce(long length) {
        return Math.max(1, AT_ONCE / Math.max(1, Require.times(length, moment(length))));
    }

    /** α of each attention for each sequence, rows × length × length: in row t what was taken from each element up to t, then 0. */
    public List<NDArray> attention(NDArray sequences, NDList own) {
        NDList kept = run(sequences, own, true);
        var weights = new ArrayList<NDArray>();
        int at = 2;
        for (CausalUnit unit : units()) {
            if (unit.kind() < 0) weights.add(kept.get(at + 1));
            at += unit.kind() < 0 ? 2 : unit.kind() == 0 ? 0 : 1;
        }
        return weights;
    }

    @Override
    public Pass pass(NDArray sequences, NDList own) {
        return pass(sequences, own, own);
    }

    @Override
    public Pass passOn(NDArray recorded, NDList own) {
        var parameters = new NDList(own);
        parameters.add(recorded);
        return pass(recorded, own, parameters);
    }

    private Pass pass(NDArray sequences, NDList own, NDList parameters) {
        NDList kept = run(sequences, own, true);
        kept.head().setRequiresGradient(true);
        return new CausalPass(kept.head(), kept, own, parameters, plan(sequences.getManager(), 0));
    }

    @Override
    public Memory start(int rows, NDList own) {
        requireLayers();
        return new CausalMemory(this, rows, own);
    }

    /** Numbers of single precision that a row takes while it is read one element at a time, when {@code length} have been. */
    public long acting(long length) {
        return Require.times(1, outputs() + units().stream().mapToLong(u -> u.acting(length)).reduce(0, CausalStack::plus));
    }

    /** Numbers that a gradient takes per element of sequences of this length. */
    public long passing(long length) {
        return units().stream().mapToLong(u -> u.kept(length)).reduce(5L * outputs() + moment(length), CausalStack::plus);
    }

    /** The same for {@link #outputs}, of so many sequences. */
    public long passing(long length, long rows) {
        long some = Math.min(rows, rowsAtOnce(length));
        return 2L * outputs() + Require.times(some, moment(length)) / Math.max(1, rows);
    }

    /** Numbers per element that a unit needs beside what it reads and says. */
    private long moment(long length) {
        return units().stream().mapToLong(u -> u.passing(length)).max().orElse(0);
    }

    private static long plus(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    /** What the operations are told: columns of the whole, a number that they ask for, and the kinds of all units. */
    NDArray plan(NDManager scope, long number) {
        return scope.create(LongStream.concat(LongStream.of(outputs(), number), units().stream().mapToLong(CausalUnit::kind)).toArray());
    }

    private NDList run(NDArray sequences, NDList own, boolean keep) {
        requireLayers();
        try {
            requireSeen(sequences.getShape().dimension() == 3 ? sequences.getShape().get(1) : 0);
            return Gradients.unrecorded(() -> TorchScript.call("causal", Argument.of(sequences),
                Argument.of(plan(sequences.getManager(), keep ? 1 : 0)), Argument.list("w", own)));
        } catch (EngineException e) {
            throw explained(sequences, 3, own, e);
        }
    }

    /** What the engine says of shapes that do not fit, in words of this network. */
    RuntimeException explained(NDArray given, int dimensions, NDList own, RuntimeException failure) {
        require(own);
        Shape shape = given.getShape();
        Require.that(shape.dimension() == dimensions && shape.get(dimensions - 1) == inputs, "the shape of the sequences", shape,
            (dimensions == 3 ? "rows × length × " : "rows × ") + inputs);
        return failure;
    }

    /** Refuses sequences whose beginning would be out of sight. */
    void requireSeen(long length) {
        Require.that(length <= receptiveField(), "the length of the sequences", length, "at most the " + receptiveField()
            + " elements that these convolutions see. Make the network for longer sequences (longest " + longest
            + "), or give it an attention");
    }

    private void requireLayers() {
        Require.that(layers.stream().anyMatch(l -> !(l instanceof CausalLayer.Dense)), "layers", layers,
            "at least one block of convolutions or one attention");
    }
}
