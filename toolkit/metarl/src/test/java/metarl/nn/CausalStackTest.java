package metarl.nn;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Causal convolutions and attention: against PyTorch, and what they may see. */
class CausalStackTest {
    private static final TwinFile TWIN = new TwinFile(CausalStackTest.class, "causal_twin.csv");
    private static final CausalStack BOTH = CausalStack.of(2, 6).dense(4).convolutions(3).attention(2, 3).convolutions(2).attention(3, 1);

    private static Parameters parameters(CausalStack stack) {
        return new Parameters(Sections.of().and("stack", stack), RandomStream.of(1, "stack"));
    }

    private static NDArray sequences(NDManager scope, int rows, int length, int inputs) {
        return scope.create(TwinFile.floats(rows * length * inputs, 29, 3), new Shape(rows, length, inputs));
    }

    @Test
    void whatItSaysAndItsGradientEqualPyTorch() {
        try (var p = parameters(BOTH); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            p.setValues(TwinFile.floats((int) BOTH.parameters(), 37, 1.5));
            SequenceNetwork.Pass pass = BOTH.pass(sequences(scope, 3, 6, 2), p.list());
            TWIN.requireEqual("outputs", pass.outputs().toFloatArray(), 1e-6);
            NDArray factors = scope.create(TwinFile.floats((int) pass.outputs().size(), 41, 1), pass.outputs().getShape());
            var loss = new Loss(Gradients.recorded(() -> pass.outputs().mul(factors).sum()), pass);
            TWIN.requireEqual("gradient", TwinFile.flat(loss.gradients(p)), 1e-5);
            // a pass can be asked again, and forgets nothing by being asked
            assertArrayEquals(TwinFile.flat(pass.gradients(factors)), TwinFile.flat(pass.gradients(factors)));
        }
    }

    @Test
    void theShapeSaysTheSizes() {
        CausalStack stack = CausalStack.of(8, 100).dense(32).convolutions(32).convolutions(32).attention(32, 32);
        assertEquals(32 + 7 * 32 + 7 * 32 + 32, stack.outputs());
        assertEquals(1 + 2 + 14 * 2 + 1 - 2 + 1, stack.arrays().size());
        assertEquals(new Network.Array("layer 2, dilation 64: weights", new Shape(128, 32 + 6 * 32)), stack.arrays().get(2 + 2 * 6));
        assertEquals(new Network.Array("layer 4: queries, keys and values", new Shape(96, 480)), stack.arrays().get(30));
        assertEquals(3, CausalStack.of(8, 100).convolutions(4, 3).arrays().size() / 2);
        assertEquals(1 + 1 + 2 + 4, CausalStack.of(8, 100).convolutions(4, 3).receptiveField());
        assertEquals(BOTH.parameters(), parameters(BOTH).values().length);
    }

    /** The first element of the longest sequence still reaches the last output of one block, and the block is no deeper than needed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 30, 33})
    void aBlockOfConvolutionsSeesAWholeTrial(int longest) {
        CausalStack stack = CausalStack.of(1, longest).convolutions(2);
        int depth = stack.arrays().size() / 2;
        assertEquals(Math.max(1, (int) Math.ceil(Math.log(longest) / Math.log(2))), depth);
        assertEquals(1L << depth, stack.receptiveField());
        assertTrue(stack.receptiveField() >= longest);
        try (var p = parameters(stack); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] x = new float[longest];
            NDArray before = stack.outputs(scope.create(x, new Shape(1, longest, 1)), p.list());
            x[0] = 1;
            NDArray after = stack.outputs(scope.create(x, new Shape(1, longest, 1)), p.list());
            assertFalse(Arrays.equals(before.get(longest - 1).toFloatArray(), after.get(longest - 1).toFloatArray()));
        }
        assertEquals(Long.MAX_VALUE, stack.attention(1, 1).receptiveField());
    }

    /** What is said after an element is the same, bit for bit, whatever follows; and each later output does change. */
    @Test
    void nothingIsSeenBeforeItComes() {
        int length = 9, rows = 2;
        CausalStack stack = CausalStack.of(2, length).convolutions(2).attention(2, 2).convolutions(2).attention(2, 2);
        try (var p = parameters(stack); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] x = TwinFile.floats(rows * length * 2, 29, 3);
            NDArray before = stack.outputs(scope.create(x, new Shape(rows, length, 2)), p.list());
            for (int from = 0; from < length; from++) {
                float[] other = x.clone();
                for (int row = 0; row < rows; row++) other[(row * length + from) * 2] += 1;
                NDArray after = stack.outputs(scope.create(other, new Shape(rows, length, 2)), p.list());
                for (int t = 0; t < length; t++)
                    assertEquals(t >= from, !Arrays.equals(before.get(t).toFloatArray(), after.get(t).toFloatArray()), from + " at " + t);
            }
        }
    }

    @Test
    void attentionIsSharedAmongThePastAndThePresent() {
        try (var p = parameters(BOTH); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            // weights as large as they may become
            float[] large = p.values();
            for (int i = 0; i < large.length; i++) large[i] *= 10;
            p.setValues(large);
            List<NDArray> layers = BOTH.attention(sequences(scope, 3, 6, 2), p.list());
            assertEquals(2, layers.size());
            for (NDArray layer : layers) {
                assertEquals(new Shape(3, 6, 6), layer.getShape());
                float[] weights = layer.toFloatArray();
                for (int row = 0; row < 18; row++) {
                    double sum = 0;
                    for (int s = 0; s < 6; s++) {
                        float weight = weights[row * 6 + s];
                        assertTrue(s <= row % 6 ? weight >= 0 : weight == 0, "step " + row % 6 + " looks at " + s);
                        sum += weight;
                    }
                    assertEquals(1, sum, 1e-6);
                }
            }
        }
    }

    static Stream<CausalStack> stacks() {
        return Stream.of(BOTH, CausalStack.of(2, 50).convolutions(3), CausalStack.of(2, 50).convolutions(3, 2).attention(2, 2),
            CausalStack.of(2, 1).attention(3, 2),
            CausalStack.of(2, 50).dense(5).convolutions(3).convolutions(2).attention(4, 3));
    }

    /** Longer than the rings of the convolutions, and longer than the first room for keys and values. */
    @ParameterizedTest
    @MethodSource("stacks")
    void oneElementAtATimeSaysTheSameAsTheWhole(CausalStack stack) {
        // as many rows as a dilation: rings and room for keys differ in what they do at that length
        int rows = 4, length = 50;
        try (var p = parameters(stack); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray x = sequences(scope, rows, length, 2), whole = stack.outputs(x, p.list());
            SequenceNetwork.Memory memory = stack.start(rows, p.list());
            for (int t = 0; t < length; t++)
                assertArrayEquals(whole.get(t).toFloatArray(), memory.step(x.get(":, " + t)).toFloatArray(), 1e-6f, "element " + t);
        }
    }

    /** So many that they are read some after the others. */
    @Test
    void manySequencesSayWhatEachSaysAlone() {
        int rows = 70, length = 300;
        CausalStack stack = CausalStack.of(2, length).convolutions(8, 2).attention(4, 4);
        try (var p = parameters(stack); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray x = sequences(scope, rows, length, 2), all = stack.outputs(x, p.list());
            assertEquals(new Shape(length, rows, stack.outputs()), all.getShape());
            assertTrue(stack.passing(length, rows) < stack.passing(length, 1), "fewer at once than there are");
            for (int row : new int[] {0, 5, 6, 69})
                assertArrayEquals(stack.outputs(x.get(row + ":" + (row + 1)), p.list()).toFloatArray(), all.get(":, " + row).toFloatArray(),
                    1e-6f);
        }
    }

    static Stream<Arguments> mistakes() {
        CausalStack convolutions = CausalStack.of(2, 4).convolutions(3);
        Parameters p = parameters(convolutions), others = parameters(BOTH);
        NDManager scope = p.manager().newSubManager();
        return Stream.of(
            bad("a sequence whose beginning is out of sight", () -> convolutions.outputs(scope.zeros(new Shape(1, 5, 2)), p.list()),
                "the length of the sequences is 5, expected at most the 4 elements that these convolutions see"),
            bad("a step too many", () -> {
                SequenceNetwork.Memory memory = convolutions.start(1, p.list());
                for (int t = 0; t < 5; t++) memory.step(scope.zeros(new Shape(1, 2)));
            }, "is 5, expected at most the 4"),
            bad("sequences of another size", () -> convolutions.outputs(scope.zeros(new Shape(1, 4, 3)), p.list()),
                "the shape of the sequences is (1, 4, 3), expected rows × length × 2"),
            bad("elements of another size", () -> convolutions.start(1, p.list()).step(scope.zeros(new Shape(1, 3))),
                "is (1, 3), expected rows × 2"),
            bad("arrays of another network", () -> convolutions.outputs(scope.zeros(new Shape(1, 4, 2)), others.list()),
                "expected 4: layer 1, dilation 1: weights"),
            bad("nothing but a dense layer", () -> CausalStack.of(2, 4).dense(3).start(1, p.list()), "expected at least one block"),
            bad("a dense layer later on", () -> CausalStack.of(2, 4).convolutions(3).dense(3), "only the first layer can be dense"),
            bad("no elements", () -> CausalStack.of(0, 4), "inputs is 0"), bad("no length", () -> CausalStack.of(2, 0), "longest is 0"),
            bad("no filters", () -> CausalStack.of(2, 4).convolutions(0), "filters is 0"),
            bad("no keys", () -> CausalStack.of(2, 4).attention(0, 1), "keys is 0"),
            bad("no values", () -> CausalStack.of(2, 4).attention(1, 0), "values is 0"),
            bad("no outputs", () -> CausalStack.of(2, 4).dense(0), "outputs of the dense layer is 0"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreNamed(BadInput mistake) {
        mistake.isNamed();
    }
}
