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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.data.Pictures;
import metarl.nn.TorchScript.Argument;

/**
 * A memory that sees: of each element the beginning is a picture, which an eye makes features of; these and the rest of the element go to a
 * memory of any kind.
 *
 * <p>Where the same pictures come again and again, {@link #over} is the same network on their numbers: the eye looks at each of them once
 * in a pass, however often it was seen, and the gradient of all places where it was seen is summed up before it goes back through the eye.
 *
 * @param eye what makes features of a picture
 * @param memory reads features, then the rest of the element
 */
public record PictureMemory(PictureNetwork eye, SequenceNetwork memory) implements SequenceNetwork {
    /** Checks that the memory reads what the eye says. */
    public PictureMemory {
        Require.that(memory.inputs() >= eye.features(), "the inputs of the memory", memory.inputs(),
            "at least the " + eye.features() + " features of the eye");
    }

    /** Entries of an element behind the picture. */
    private int rest() {
        return memory.inputs() - eye.features();
    }

    @Override
    public int inputs() {
        return eye.inputs() + rest();
    }

    @Override
    public int outputs() {
        return memory.outputs();
    }

    @Override
    public List<Array> arrays() {
        return Stream.concat(eye.arrays().stream().map(a -> new Array("eye, " + a.name(), a.shape())), memory.arrays().stream()).toList();
    }

    @Override
    public List<Parameters.Initial> initial(RandomGenerator random) {
        var drawn = new ArrayList<>(eye.initial(random));
        drawn.addAll(memory.initial(random));
        return drawn;
    }

    private NDList ofEye(NDList own) {
        return own.subNDList(0, eye.arrays().size());
    }

    private NDList ofMemory(NDList own) {
        return own.subNDList(eye.arrays().size());
    }

    @Override
    public NDArray outputs(NDArray sequences, NDList own) {
        return Gradients.unrecorded(() -> memory.outputs(elements(sequences, own), ofMemory(own)));
    }

    @Override
    public Pass pass(NDArray sequences, NDList own) {
        return pass(() -> elements(sequences, own), own);
    }

    /** What the memory reads, rows × length × its inputs. */
    private NDArray elements(NDArray sequences, NDList own) {
        Shape shape = sequences.getShape();
        long rows = shape.get(0), length = shape.get(1);
        NDArray all = sequences.reshape(rows * length, inputs());
        NDArray features = eye.forward(all.get(":, :" + eye.inputs()), ofEye(own));
        return features.concat(all.get(":, " + eye.inputs() + ":"), 1).reshape(rows, length, memory.inputs());
    }

    private Pass pass(Supplier<NDArray> made, NDList own) {
        NDArray elements = Gradients.recorded(made);
        Pass inner = memory.passOn(elements, ofMemory(own));
        return inner.parameters().isEmpty() ? inner : new SeeingPass(elements, inner, ofEye(own));
    }

    /** A pass of a memory that knows its own derivative, and from there back through the eye. */
    private record SeeingPass(NDArray elements, Pass inner, NDList eye) implements Pass {
        SeeingPass {
            if (inner.parameters().get(inner.parameters().size() - 1) != elements) throw new IllegalStateException(
                "the memory gives no gradient for the features of pictures; its passOn must count the sequences among the parameters, as the last");
        }

        @Override
        public NDArray outputs() {
            return inner.outputs();
        }

        @Override
        public NDList parameters() {
            var all = new NDList(eye);
            all.addAll(inner.parameters());
            return all;
        }

        @Override
        public NDList gradients(NDArray upstream) {
            NDList found = inner.gradients(upstream);
            NDList all = Gradients.product(new NDList(elements), eye, new NDList(found.get(found.size() - 1)));
            all.addAll(found);
            return all;
        }
    }

    @Override
    public Memory start(int rows, NDList own) {
        Memory past = memory.start(rows, ofMemory(own));
        return elements -> Gradients.unrecorded(() -> past.step(elements(elements.expandDims(1), own).squeeze(1)));
    }

    /**
     * The same network, with the same arrays, on elements that begin with the number of a picture in place of the picture itself.
     *
     * <p>In {@link #start} the features of a picture are those of the moment when it was first seen: the parameters must stay as they are
     * while the memory lives.
     *
     * @param pictures what the numbers mean; more may be added between two steps
     */
    public SequenceNetwork over(Pictures pictures) {
        return new Numbered(this, pictures);
    }

    /** Pictures looked at together without a gradient. */
    private static final int AT_ONCE = 512;

    private record Numbered(PictureMemory whole, Pictures pictures) implements SequenceNetwork {
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
            return Gradients.unrecorded(() -> whole.memory
                .outputs(elements(sequences, numbers -> sequences.getManager().create(seen(numbers, own, sequences.getManager()),
                    new Shape(numbers.length, whole.eye.features()))), whole.ofMemory(own)));
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
            Shape shape = new Shape(numbers.length, whole.eye.inputs());
            return whole.eye.forward(scope.create(pictures.bytes(numbers), shape, DataType.UINT8), whole.ofEye(own));
        }

        /** The same without a gradient, a few at a time. */
        private float[] seen(int[] numbers, NDList own, NDManager scope) {
            float[] all = new float[numbers.length * whole.eye.features()];
            for (int from = 0; from < numbers.length; from += AT_ONCE)
                try (NDManager brief = scope.newSubManager()) {
                    int[] some = Arrays.copyOfRange(numbers, from, Math.min(numbers.length, from + AT_ONCE));
                    float[] features = Gradients.unrecorded(() -> features(some, own, brief).toFloatArray());
                    System.arraycopy(features, 0, all, from * whole.eye.features(), features.length);
                }
            return all;
        }

        @Override
        public Memory start(int rows, NDList own) {
            return new NumberedMemory(this, own, whole.memory.start(rows, whole.ofMemory(own)), new ArrayList<>());
        }
    }

    /** What is kept of the sequences so far, and the features of every picture seen, by number. */
    private record NumberedMemory(Numbered network, NDList own, Memory past, List<float[]> known) implements Memory {
        @Override
        public NDArray step(NDArray elements) {
            NDManager scope = elements.getManager();
            float[] given = elements.toFloatArray();
            int width = network.inputs(), features = network.whole.eye.features(), read = network.whole.memory.inputs();
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
            while (known.size() < network.pictures.size()) known.add(null);
            int[] fresh = IntStream.range(0, given.length / width).map(i -> (int) given[i * width])
                .filter(number -> known.get(number) == null).distinct().toArray();
            if (fresh.length == 0) return;
            float[] features = network.seen(fresh, own, scope);
            int size = network.whole.eye.features();
            for (int i = 0; i < fresh.length; i++) known.set(fresh[i], Arrays.copyOfRange(features, i * size, (i + 1) * size));
        }
    }
}
