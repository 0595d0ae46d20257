package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.basics.Require;
import metarl.data.Pictures;

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
    int rest() {
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

    NDList ofEye(NDList own) {
        return own.subNDList(0, eye.arrays().size());
    }

    /** The arrays of the memory among those of all. */
    public NDList ofMemory(NDList own) {
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

    Pass pass(Supplier<NDArray> made, NDList own) {
        NDArray elements = Gradients.recorded(made);
        Pass inner = memory.passOn(elements, ofMemory(own));
        return inner.parameters().isEmpty() ? inner : new SeeingPass(elements, inner, ofEye(own));
    }

    /** A pass of a memory that knows its own derivative, and from there back through the eye. */
    private record SeeingPass(NDArray elements, Pass inner, NDList eye) implements Pass {
        SeeingPass {
            if (inner.parameters().get(inner.parameters().size() - 1) != elements) throw new IllegalStateException(
                "the memory gives no gradient for the features of pictures; its passOn must count the sequences among the parameters");
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
     * @param pictures what the numbers mean; between two steps more may be added, or all forgotten
     */
    public SequenceNetwork over(Pictures pictures) {
        return new NumberedPictures(this, pictures);
    }

    /** What the memory reads of elements that begin with numbers of pictures, rows × length × its inputs, without a gradient. */
    public NDArray read(NDArray sequences, Pictures pictures, NDList own) {
        return new NumberedPictures(this, pictures).read(sequences, own);
    }
}
