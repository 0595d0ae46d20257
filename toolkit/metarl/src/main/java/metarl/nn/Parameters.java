package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;

/**
 * The parameters of a network: float arrays in a fixed order, in native memory of their own, and the names of the sections they belong to.
 * The code that made them closes them.
 */
public final class Parameters implements AutoCloseable {
    private final NDManager manager;
    private final Sections sections;
    private final NDList list = new NDList();
    private final Map<String, NDList> slices = new HashMap<>();

    /** Freshly drawn parameters of these sections, which can be differentiated for. */
    public Parameters(Sections sections, RandomGenerator random) {
        this(sections, sections.initial(random));
    }

    /** Parameters with these initial values and no named sections. */
    public Parameters(List<Initial> initial) {
        this(Sections.of(), initial);
    }

    private Parameters(Sections sections, List<Initial> initial) {
        TorchThread.prepare();
        this.sections = sections;
        manager = NDManager.newBaseManager("PyTorch");
        for (Initial i : initial) {
            NDArray array = manager.create(i.values, i.shape);
            array.setRequiresGradient(true);
            list.add(array);
        }
        sections.names().forEach(name -> slices.put(name, sections.slice(name, list)));
    }

    /**
     * The first values of one array.
     *
     * @param values the entries, last dimension fastest
     * @param shape the array's shape
     */
    public record Initial(float[] values, Shape shape) {
        /** Entries drawn from U(−bound, bound), in order. */
        public static Initial uniform(double bound, RandomGenerator random, long... shape) {
            float[] values = new float[Require.tensor("the weights of a layer", "hidden", shape)];
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble(-bound, bound);
            return new Initial(values, new Shape(shape));
        }

        /** The same value everywhere. */
        public static Initial constant(double value, long... shape) {
            float[] values = new float[Require.tensor("the weights of a layer", "hidden", shape)];
            Arrays.fill(values, (float) value);
            return new Initial(values, new Shape(shape));
        }
    }

    /** Which sections these are. */
    public Sections sections() {
        return sections;
    }

    /**
     * The arrays of one section, to be used in forward passes.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public NDList section(String name) {
        NDList slice = slices.get(name);
        // only to say what is wrong
        return slice == null ? sections.slice(name, list) : slice;
    }

    /** The arrays, to be used in forward passes; never close or replace them. */
    public NDList list() {
        return list;
    }

    /** The manager that owns the arrays. */
    public NDManager manager() {
        return manager;
    }

    /** New parameters with equal values. */
    public Parameters copy() {
        return new Parameters(sections, list.stream().map(a -> new Initial(a.toFloatArray(), a.getShape())).toList());
    }

    /** Makes every value equal to {@code other}'s. */
    public void set(Parameters other) {
        moveTowards(other, 1);
    }

    /** θ ← θ + rate·(θ_other − θ): how target networks follow (τ in TD3). */
    public void moveTowards(Parameters other, double rate) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray r = scope.create((float) rate);
            Gradients.unrecorded(() -> TorchScript.call("lerp", TorchScript.Argument.of(r), TorchScript.Argument.list("x", list),
                TorchScript.Argument.list("y", other.list)));
        }
    }

    /** ‖θ − θ̂‖² as a scalar in {@code scope}'s manager, differentiable in these parameters. */
    public NDArray squaredDistance(Parameters anchor, NDManager scope) {
        NDArray sum = scope.zeros(new Shape());
        for (int i = 0; i < list.size(); i++) {
            // the short-lived array must be the receiver, or the result would live as long as the parameters
            NDArray difference = scope.zeros(new Shape(1)).add(list.get(i)).sub(anchor.list.get(i));
            sum = sum.add(difference.square().sum());
        }
        return sum;
    }

    /** All values, array after array. */
    public float[] values() {
        int n = Require.tensor("all parameters of a network in one array", "hidden", list.stream().mapToLong(NDArray::size).sum());
        float[] all = new float[n];
        int at = 0;
        for (NDArray a : list) {
            float[] values = a.toFloatArray();
            System.arraycopy(values, 0, all, at, values.length);
            at += values.length;
        }
        return all;
    }

    /** Replaces all values, in the order of {@link #values()}. */
    public void setValues(float[] values) {
        int expected = Require.tensor("all parameters of a network in one array", "hidden", list.stream().mapToLong(NDArray::size).sum());
        if (values.length != expected)
            throw new IllegalArgumentException(
                "given " + values.length + " parameter values, this network has " + expected
                    + (slices.isEmpty() ? "" : " (" + sections + ")") + "; was it made with other sizes?");
        int at = 0;
        for (NDArray a : list) {
            int n = (int) a.size();
            a.set(Arrays.copyOfRange(values, at, at + n));
            at += n;
        }
    }

    /** Whether all values are equal, bit for bit. */
    public boolean sameAs(Parameters other) {
        return Arrays.equals(values(), other.values());
    }

    /** Writes all values. */
    public void save(DataOutputStream out) throws IOException {
        StoredNumbers.writeCounted(out, values());
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IOException if that was a network of another size
     */
    public void load(DataInputStream in) throws IOException {
        setValues(StoredNumbers.readCounted(in, (int) list.stream().mapToLong(NDArray::size).sum()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
