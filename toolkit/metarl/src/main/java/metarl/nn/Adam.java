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

/** Adam (Kingma and Ba 2015) with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸: all arrays of a network in one native call. */
public final class Adam implements AutoCloseable {
    private final Parameters parameters;
    private final double learningRate;
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final NDList first = new NDList();
    private final NDList second = new NDList();
    private final NDList counts = new NDList();

    /** A fresh optimiser of these parameters. */
    public Adam(Parameters parameters, double learningRate) {
        if (!(learningRate > 0)) throw new IllegalArgumentException(
            "the learning rate is " + learningRate + ", expected a positive number, usually 1e-4 to 1e-3");
        this.parameters = parameters;
        this.learningRate = learningRate;
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
        NDList gradients = loss.gradients(parameters);
        NDArray rate = loss.value().getManager().create((float) learningRate);
        Gradients
            .unrecorded(() -> TorchScript.call("adam", TorchScript.Argument.of(rate), TorchScript.Argument.list("x", parameters.list()),
                TorchScript.Argument.list("g", gradients), TorchScript.Argument.list("m", first), TorchScript.Argument.list("v", second),
                TorchScript.Argument.list("t", counts)));
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
