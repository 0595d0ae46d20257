package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.nn.TorchScript.Argument;

/**
 * Adam (Kingma and Ba 2015) with β₁ = 0.9, β₂ = 0.999: all arrays of a network in one native call. θ ← θ − α m̂ / (√v̂ + ε), and with
 * weight decay w (AdamW, Loshchilov and Hutter 2019) matrices are first made smaller by the factor 1 − α w; biases are not, as is usual.
 */
public final class Adam implements AutoCloseable {
    /** ε, unless another is given. */
    public static final double EPSILON = 1e-8;

    private final Parameters parameters;
    private final double learningRate;
    private final double epsilon;
    private final double weightDecay;
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final NDList first = new NDList();
    private final NDList second = new NDList();
    private final NDList counts = new NDList();

    /** A fresh optimiser of these parameters. */
    public Adam(Parameters parameters, double learningRate) {
        this(parameters, learningRate, EPSILON, 0);
    }

    /**
     * A fresh optimiser of these parameters.
     *
     * @param epsilon ε, above 0
     * @param weightDecay w; 0: none
     */
    public Adam(Parameters parameters, double learningRate, double epsilon, double weightDecay) {
        if (!(learningRate > 0)) throw new IllegalArgumentException(
            "the learning rate is " + learningRate + ", expected a positive number, usually 1e-4 to 1e-3");
        Require.number(epsilon, epsilon > 0 && epsilon <= 1, "epsilon", "above 0 and at most 1, usually 1e-8 to 1e-5");
        Require.number(weightDecay, weightDecay >= 0 && weightDecay <= 10, "weightDecay", "0 (none) to 10, usually 0.01");
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        for (NDArray p : parameters.list()) {
            first.add(manager.zeros(p.getShape()));
            second.add(manager.zeros(p.getShape()));
            counts.add(manager.zeros(new Shape()));
        }
    }

    /** Refuses a setting that cannot be a learning rate. */
    public static void requireRate(double rate, String name) {
        Require.number(rate, rate >= 1e-12 && rate <= 10, name, "1e-12 to 10, usually 1e-4 to 1e-3");
    }

    /** One step against the gradient of {@code loss}. */
    public void minimize(Loss loss) {
        minimize(loss, learningRate);
    }

    /** The same with another learning rate, for schedules. */
    public void minimize(Loss loss, double learningRate) {
        descend(loss.gradients(parameters), learningRate, loss.value().getManager());
    }

    /**
     * One step against gradients that are known already.
     *
     * @param gradients one array for each of the parameters
     * @param scope where what is needed on the way lives
     */
    public void descend(NDList gradients, NDManager scope) {
        descend(gradients, learningRate, scope);
    }

    /** The same with another learning rate, for schedules. */
    public void descend(NDList gradients, double learningRate, NDManager scope) {
        NDArray rate = scope.create((float) learningRate), decay = scope.create((float) (learningRate * weightDecay)),
            small = scope.create(epsilon);
        Gradients.unrecorded(() -> TorchScript.call("adam", Argument.of(rate), Argument.of(decay), Argument.of(small),
            Argument.list("x", parameters.list()), Argument.list("g", gradients), Argument.list("m", first), Argument.list("v", second),
            Argument.list("t", counts)));
    }

    /** Writes the moments and the step count. */
    public void save(DataOutputStream out) throws IOException {
        for (NDList list : new NDList[] {first, second, counts}) for (NDArray a : list) StoredNumbers.writeCounted(out, a.toFloatArray());
    }

    /** Reads what {@link #save} wrote. */
    public void load(DataInputStream in) throws IOException {
        for (NDList list : new NDList[] {first, second, counts})
            for (NDArray a : list) a.set(StoredNumbers.readCounted(in, (int) a.size()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
