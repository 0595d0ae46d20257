package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.RandomStream;
import metarl.data.Pictures;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Parameters;
import metarl.nn.PictureMemory;
import metarl.nn.Sections;
import metarl.nn.SequenceNetwork;

/**
 * A network that reads sequences and one linear layer on what it says: what RL² acts and predicts with. Where it sees ({@link
 * PictureMemory}), an element begins with the number of a picture, and each call is told what the numbers mean.
 */
final class RecurrentNetwork implements AutoCloseable {
    private static final String MEMORY = "memory", LAST = "last layer";
    private static final Pictures NONE = new Pictures();

    final Parameters parameters;
    private final SequenceNetwork memory;
    private final Mlp last;

    /** Freshly drawn; the linear layer begins {@code scale} times as large as usual, so that a policy begins almost uniform. */
    RecurrentNetwork(SequenceNetwork memory, int outputs, double scale, RandomStream random) {
        this.memory = memory;
        last = Mlp.of(memory.outputs(), outputs);
        parameters = new Parameters(Sections.of().and(MEMORY, memory).and(LAST, last, r -> scaled(scale, r)), random);
    }

    private List<Parameters.Initial> scaled(double scale, RandomGenerator random) {
        int inputs = last.inputs(), outputs = last.outputs();
        return List.of(Parameters.Initial.uniform(scale / Math.sqrt(inputs), random, outputs, inputs),
            Parameters.Initial.constant(0, outputs));
    }

    /** The linear layer on what the memory says, of any number of leading dimensions: rows × outputs. */
    NDArray read(NDArray said) {
        return last.forward(said.reshape(-1, last.inputs()), parameters.section(LAST));
    }

    /** Outputs after every element of the sequences (rows × length × inputs), length × rows of them, without a gradient. */
    NDArray outputs(NDArray sequences, Pictures pictures) {
        return Gradients.unrecorded(() -> read(over(pictures).outputs(sequences, parameters.section(MEMORY))));
    }

    /** What the memory says after every element, length × rows × its outputs, for a loss. */
    SequenceNetwork.Pass pass(NDArray sequences, Pictures pictures) {
        return over(pictures).pass(sequences, parameters.section(MEMORY));
    }

    /** The beginning of this many sequences. */
    SequenceNetwork.Memory start(int rows, Pictures pictures) {
        return over(pictures).start(rows, parameters.section(MEMORY));
    }

    /** Whether observations are given as numbers of pictures. */
    boolean sees() {
        return memory instanceof PictureMemory;
    }

    private SequenceNetwork over(Pictures pictures) {
        return memory instanceof PictureMemory seeing ? seeing.over(pictures) : memory;
    }

    /**
     * The outputs after one more element for each row.
     *
     * @param elements rows × inputs, flat
     * @param past what went before in these rows
     */
    float[] step(float[] elements, SequenceNetwork.Memory past) {
        try (NDManager scope = parameters.manager().newSubManager()) {
            return Gradients.unrecorded(
                () -> read(past.step(scope.create(elements, new Shape(elements.length / inputs(), inputs())))).toFloatArray());
        }
    }

    /** The memory itself, which reads of a picture its features. */
    SequenceNetwork memory() {
        return memory instanceof PictureMemory seeing ? seeing.memory() : memory;
    }

    /** What it reads of sequences, rows × length × its inputs, without a gradient. */
    NDArray memoryReads(NDArray sequences, Pictures pictures) {
        return memory instanceof PictureMemory seeing ? seeing.read(sequences, pictures, parameters.section(MEMORY)) : sequences;
    }

    /** The arrays of the memory alone. */
    NDList memoryParameters() {
        NDList own = parameters.section(MEMORY);
        return memory instanceof PictureMemory seeing ? seeing.ofMemory(own) : own;
    }

    /** Entries of an element. */
    int inputs() {
        return over(NONE).inputs();
    }

    int outputs() {
        return last.outputs();
    }

    @Override
    public void close() {
        parameters.close();
    }
}
