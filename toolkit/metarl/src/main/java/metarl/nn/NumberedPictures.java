package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.data.Pictures;
import metarl.nn.TorchScript.Argument;

/** A {@link PictureMemory} on elements that begin with the number of a picture: each picture is looked at once in a pass. */
record NumberedPictures(PictureMemory whole, Pictures pictures) implements SequenceNetwork {
    /** Pictures looked at together without a gradient. */
    private static final int AT_ONCE = 512;

    @Override
    public int inputs() {
        return 1 + whole.rest();
    }

    @Override
    public int outputs() {
        return whole.outputs();
    }

    @Override
    public List<Array> arrays() {
        return whole.arrays();
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        return whole.initial(random);
    }

    @Override
    public NDArray outputs(NDArray sequences, NDList own) {
        return Gradients.unrecorded(() -> whole.memory().outputs(read(sequences, own), whole.ofMemory(own)));
    }

    NDArray read(NDArray sequences, NDList own) {
        NDManager scope = sequences.getManager();
        return Gradients.unrecorded(() -> elements(sequences, numbers -> scope.create(seen(numbers, own, scope),
            new Shape(numbers.length, whole.eye().features()))));
    }

    @Override
    public Pass pass(NDArray sequences, NDList own) {
        return whole.pass(() -> elements(sequences, numbers -> features(numbers, own, sequences.getManager())), own);
    }

    /** Each picture that occurs is looked at once; the features of all places are looked up. */
    private NDArray elements(NDArray sequences, Function<int[], NDArray> looked) {
        NDManager scope = sequences.getManager();
        float[] numbers = Gradients.unrecorded(() -> sequences.get(":, :, 0").toFloatArray());
        int[] place = new int[pictures.size()], used = new int[Math.min(pictures.size(), numbers.length)];
        long[] places = new long[numbers.length];
        int n = 0;
        for (int i = 0; i < numbers.length; i++) {
            int number = (int) numbers[i];
            if (place[number] == 0) {
                used[n] = number;
                place[number] = ++n;
            }
            places[i] = place[number] - 1;
        }
        return TorchScript
            .call("looked_up", Argument.of(looked.apply(Arrays.copyOf(used, n))), Argument.of(sequences),
                Argument.of(scope.create(places)))
            .singletonOrThrow();
    }

    private NDArray features(int[] numbers, NDList own, NDManager scope) {
        Shape shape = new Shape(numbers.length, whole.eye().inputs());
        return whole.eye().forward(scope.create(pictures.bytes(numbers), shape, DataType.UINT8), whole.ofEye(own));
    }

    /** The same without a gradient, a few at a time. */
    private float[] seen(int[] numbers, NDList own, NDManager scope) {
        float[] all = new float[numbers.length * whole.eye().features()];
        for (int from = 0; from < numbers.length; from += AT_ONCE)
            try (NDManager brief = scope.newSubManager()) {
                int[] some = Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + AT_ONCE));
                float[] features = Gradients.unrecorded(() -> features(some, own, brief).toFloatArray());
                System.arraycopy(features, 0, all, from * whole.eye().features(), features.length);
            }
        return all;
    }

    @Override
    public Memory start(int rows, NDList own) {
        return new NumberedMemory(this, own, whole.memory().start(rows, whole.ofMemory(own)), new ArrayList<>());
    }

    /** What is kept of the sequences so far, and the features of every picture seen, by number. */
    private record NumberedMemory(NumberedPictures network, NDList own, Memory past, List<float[]> known) implements Memory {
        @Override
        public NDArray step(NDArray elements) {
            NDManager scope = elements.getManager();
            float[] given = elements.toFloatArray();
            int width = network.inputs(), features = network.whole.eye().features(), read = network.whole.memory().inputs();
            int rows = given.length / width;
            look(given, width, scope);
            float[] seen = new float[rows * read];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(known.get((int) given[i * width]), 0, seen, i * read, features);
                System.arraycopy(given, i * width + 1, seen, i * read + features, width - 1);
            }
            return past.step(scope.create(seen, new Shape(rows, read)));
        }

        /** Looks at the pictures that were not there before. */
        private void look(float[] given, int width, NDManager scope) {
            // the numbers have begun anew
            if (network.pictures.size() < known.size()) known.clear();
            while (known.size() < network.pictures.size()) known.add(null);
            int[] fresh = IntStream.range(0, given.length / width).map(i -> (int) given[i * width])
                .filter(number -> known.get(number) == null).distinct().toArray();
            if (fresh.length == 0) return;
            float[] features = network.seen(fresh, own, scope);
            int size = network.whole.eye().features();
            for (int i = 0; i < fresh.length; i++) known.set(fresh[i], Arrays.copyOfRange(features, i * size, (i + 1) * size));
        }
    }
}
