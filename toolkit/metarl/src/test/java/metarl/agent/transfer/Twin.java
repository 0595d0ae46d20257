package metarl.agent.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import metarl.TwinFile;
import metarl.nn.Gradients;
import metarl.nn.Network;

/** The numbers of translator_twin.py as arrays of double precision, and gradients compared with it and with finite differences. */
record Twin(NDManager scope) {
    static final int ROWS = 7, S = 3, A = 2, Z = 2, BRANCH = 4, HIDDEN = 5, MODEL = 6;

    NDArray rows(int count, int width, int factor) {
        return scope.create(TwinFile.floats(count * width, factor, 2), new Shape(count, width)).toType(DataType.FLOAT64, false);
    }

    NDArray observations() {
        return rows(ROWS, S, 37);
    }

    NDArray actions() {
        return rows(ROWS, A, 17);
    }

    NDArray next() {
        return rows(ROWS, S, 23);
    }

    /** The parameters of these networks, one after the other, by one count. */
    NDList parameters(int factor, List<Network.Array> arrays) {
        return arrays(values(factor, arrays), arrays);
    }

    private static double[] values(int factor, List<Network.Array> arrays) {
        float[] values = TwinFile.floats(arrays.stream().mapToInt(a -> (int) a.shape().size()).sum(), factor, 2);
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private NDList arrays(double[] values, List<Network.Array> arrays) {
        var list = new NDList();
        int at = 0;
        for (Network.Array array : arrays) {
            int size = (int) array.shape().size();
            NDArray made = scope.create(Arrays.copyOfRange(values, at, at + size), array.shape());
            made.setRequiresGradient(true);
            list.add(made);
            at += size;
        }
        return list;
    }

    /** A loss and its gradient. */
    record Found(double value, NDList gradients) {}

    /** The loss of the parameters that are counted by {@code factor}, and its gradient: those of the row, and finite differences. */
    void check(TwinFile file, String row, int factor, List<Network.Array> arrays, Function<NDList, NDArray> loss) {
        checkFound(file, row, factor, arrays, own -> {
            NDArray value = Gradients.recorded(() -> loss.apply(own));
            return new Found(value.getDouble(), Gradients.of(value, own));
        });
    }

    /** The same of a loss that comes with its gradient. */
    void checkFound(TwinFile file, String row, int factor, List<Network.Array> arrays, Function<NDList, Found> loss) {
        Found found = loss.apply(parameters(factor, arrays));
        double[] gradient = found.gradients.stream().flatMapToDouble(g -> Arrays.stream(g.toDoubleArray())).toArray();
        file.requireEqual(row, DoubleStream.concat(DoubleStream.of(found.value), Arrays.stream(gradient)).toArray(), 1e-6);
        double[] theta = values(factor, arrays);
        for (int i = 0; i < theta.length; i++) {
            double[] up = theta.clone(), down = theta.clone();
            up[i] += 1e-6;
            down[i] -= 1e-6;
            double difference = (loss.apply(arrays(up, arrays)).value - loss.apply(arrays(down, arrays)).value) / 2e-6;
            assertEquals(difference, gradient[i], 1e-6 * Math.max(1, Math.abs(difference)), row + ", parameter " + i);
        }
    }
}
