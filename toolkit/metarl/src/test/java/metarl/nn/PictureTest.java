package metarl.nn;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import metarl.data.Pictures;
import metarl.env.Space;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Front ends for pictures, and memories that see: plainly, and with each picture looked at once. */
class PictureTest {
    private static final Space.Picture SIZE = Space.picture(14, 17, 3);
    private static final PictureNetwork EYE = new PictureNetwork(SIZE, 2, 4);
    private static final int ROWS = 3, LENGTH = 5, REST = 2;

    /** The pictures of picture_twin.py. */
    private static float[] levels(int pictures) {
        float[] levels = new float[pictures * SIZE.size()];
        for (int i = 0; i < levels.length; i++) levels[i] = i * 37 % 256;
        return levels;
    }

    private static Parameters twin() {
        var drawn = EYE.initial(RandomStream.of(1, "eye"));
        return new Parameters(IntStream.range(0, drawn.size())
            .mapToObj(k -> new Parameters.Initial(TwinFile.floats(drawn.get(k).values().length, 7 + 4 * k, 1.5), drawn.get(k).shape()))
            .toList());
    }

    @Test
    void featuresAndGradientsEqualThoseOfPyTorch() {
        var twin = new TwinFile(PictureTest.class, "picture_twin.csv");
        try (Parameters p = twin(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray pictures = scope.create(levels(2), new Shape(2, SIZE.size()));
            NDArray features = Gradients.recorded(() -> EYE.forward(pictures, p.list()));
            twin.requireEqual("features", features.toFloatArray(), 1e-5);
            NDList gradients = Gradients.of(Gradients.recorded(() -> features.square().sum()), p.list());
            for (int k = 0; k < gradients.size(); k++) twin.requireEqual("gradient " + k, gradients.get(k).toFloatArray(), 1e-5);
        }
    }

    /** 16 filters and 256 features of 30 × 40 pixels: 5 × 7 places are left of each filter. */
    @Test
    void thePublishedSizes() {
        var published = new PictureNetwork(Space.picture(30, 40, 3), 16, 256);
        assertEquals(new Shape(256, 560), published.arrays().get(4).shape());
        assertEquals(16 * 75 + 16 + 16 * 400 + 16 + 256 * 560 + 256, published.parameters());
    }

    /** The size of the signal: features of noise are about as large as the noise, and half of them say something. */
    @Test
    void aFreshEyeNeitherFadesNorGlares() {
        var published = new PictureNetwork(Space.picture(30, 40, 3), 16, 256);
        try (var p = new Parameters(published.initial(RandomStream.of(2, "eye"))); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] features = Gradients
                .unrecorded(() -> published.forward(scope.randomUniform(0, 255, new Shape(50, 3600)), p.list()).toFloatArray());
            double squares = 0, above = 0;
            for (float f : features) {
                squares += f * f / features.length;
                above += f > 0 ? 1.0 / features.length : 0;
            }
            assertEquals(1.0 / 12, squares, 0.04, "variance of the pixels, v/255 − 1/2");
            assertEquals(0.5, above, 0.15);
        }
    }

    static Stream<SequenceNetwork> memories() {
        int read = EYE.features() + REST;
        return Stream.of(new Gru(read, 3), new TemporalConvolution(read, 3, 2),
            CausalStack.of(read, LENGTH).dense(4).convolutions(2).attention(2, 3),
            CausalStack.of(read, LENGTH).dense(read).convolutions(2), CausalStack.of(read, LENGTH).convolutions(2));
    }

    /** Which of three pictures is seen, rows × length, and the rest of the elements. */
    private static int number(int i) {
        return i * i % 3;
    }

    private static float[] rest() {
        return TwinFile.floats(ROWS * LENGTH * REST, 29, 1);
    }

    private static Pictures pictures() {
        var pictures = new Pictures();
        float[] levels = levels(3);
        for (int k = 0; k < 3; k++) {
            double[] picture = new double[SIZE.size()];
            for (int i = 0; i < picture.length; i++) picture[i] = levels[k * picture.length + i];
            assertEquals(k, pictures.number(picture));
            assertEquals(k, pictures.number(picture.clone()));
        }
        return pictures;
    }

    /** Elements that hold a picture, or its number. */
    private static NDArray sequences(boolean numbered, NDManager scope) {
        int width = numbered ? 1 : SIZE.size();
        float[] all = new float[ROWS * LENGTH * (width + REST)];
        for (int i = 0; i < ROWS * LENGTH; i++) {
            int at = i * (width + REST);
            if (numbered) all[at] = number(i);
            else System.arraycopy(levels(3), number(i) * width, all, at, width);
            System.arraycopy(rest(), i * REST, all, at + width, REST);
        }
        return scope.create(all, new Shape(ROWS, LENGTH, width + REST));
    }

    @ParameterizedTest
    @MethodSource("memories")
    void plainlyAndByNumbersAllThreeWaysGiveTheSame(SequenceNetwork memory) {
        var seeing = new PictureMemory(EYE, memory);
        SequenceNetwork over = seeing.over(pictures());
        assertEquals(SIZE.size() + REST, seeing.inputs());
        assertEquals(1 + REST, over.inputs());
        try (var p = new Parameters(seeing.initial(RandomStream.of(5, "network"))); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            seeing.require(p.list());
            NDArray expected = byHand(memory, p, scope);
            for (boolean numbered : new boolean[] {false, true}) {
                SequenceNetwork network = numbered ? over : seeing;
                NDArray elements = sequences(numbered, scope), whole = network.outputs(elements, p.list());
                assertEquals(new Shape(LENGTH, ROWS, memory.outputs()), whole.getShape());
                assertArrayEquals(expected.toFloatArray(), whole.toFloatArray(), 1e-5f);
                assertArrayEquals(expected.toFloatArray(), network.pass(elements, p.list()).outputs().toFloatArray(), 1e-5f);
                SequenceNetwork.Memory past = network.start(ROWS, p.list());
                for (int t = 0; t < LENGTH; t++)
                    assertArrayEquals(expected.get(t).toFloatArray(), past.step(elements.get(":, " + t)).toFloatArray(), 1e-5f);
            }
        }
    }

    /** The memory on features of pictures that were looked at one by one. */
    private static NDArray byHand(SequenceNetwork memory, Parameters p, NDManager scope) {
        int eyeArrays = EYE.arrays().size(), width = EYE.features() + REST;
        float[] elements = new float[ROWS * LENGTH * width];
        for (int i = 0; i < ROWS * LENGTH; i++) {
            NDArray picture = scope.create(levels(3), new Shape(3, SIZE.size())).get(number(i) + ":" + (number(i) + 1));
            float[] features = Gradients.unrecorded(() -> EYE.forward(picture, p.list().subNDList(0, eyeArrays)).toFloatArray());
            System.arraycopy(features, 0, elements, i * width, features.length);
            System.arraycopy(rest(), i * REST, elements, i * width + features.length, REST);
        }
        return memory.outputs(scope.create(elements, new Shape(ROWS, LENGTH, width)), p.list().subNDList(eyeArrays));
    }

    /** A number that means another picture after all were forgotten. */
    @Test
    void numbersMayBeginAnewBetweenTwoSteps() {
        var memory = new TemporalConvolution(EYE.features() + REST, 3, 1);
        var seeing = new PictureMemory(EYE, memory);
        Pictures pictures = pictures();
        try (var p = new Parameters(seeing.initial(RandomStream.of(5, "network"))); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            SequenceNetwork.Memory past = seeing.over(pictures).start(1, p.list());
            NDArray first = scope.create(new float[] {0, 1, 2}, new Shape(1, 3)),
                third = scope.create(new float[] {2, 1, 2}, new Shape(1, 3));
            float[] expected = past.step(third).toFloatArray(), other = past.step(first).toFloatArray();
            double[] picture = pictures.picture(2);
            pictures.clear();
            assertEquals(0, pictures.number(picture));
            assertArrayEquals(expected, past.step(first).toFloatArray(), 1e-6f);
            assertTrue(Math.abs(expected[0] - other[0]) > 1e-3);
        }
    }

    private static Loss loss(SequenceNetwork network, NDArray elements, NDList own) {
        SequenceNetwork.Pass pass = network.pass(elements, own);
        int said = network.outputs();
        NDArray target = elements.getManager().create(TwinFile.floats(LENGTH * ROWS * said, 13, 2), new Shape(LENGTH, ROWS, said));
        return new Loss(Gradients.recorded(() -> pass.outputs().sub(target).square().mean()), pass);
    }

    @ParameterizedTest
    @MethodSource("memories")
    void theGradientReachesTheEyeAndIsTheSameByNumbers(SequenceNetwork memory) {
        var seeing = new PictureMemory(EYE, memory);
        try (var p = new Parameters(seeing.initial(RandomStream.of(5, "network"))); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDList plain = loss(seeing, sequences(false, scope), p.list()).gradients(p),
                numbered = loss(seeing.over(pictures()), sequences(true, scope), p.list()).gradients(p);
            for (int k = 0; k < plain.size(); k++) {
                assertArrayEquals(plain.get(k).toFloatArray(), numbered.get(k).toFloatArray(), 1e-5f, seeing.arrays().get(k).name());
                assertTrue(plain.get(k).abs().max().getFloat() > 1e-4, seeing.arrays().get(k).name());
            }
            checkGradient(p, plain, s -> loss(seeing.over(pictures()), sequences(true, s), p.list()).number());
        }
    }

    /** Every 13th entry by central differences of two widths, of which the better counts: one may lie across a kink of max(x, 0). */
    private static void checkGradient(Parameters p, NDList gradients, Function<NDManager, Float> loss) {
        float[] theta = p.values();
        double largest = 0, worst = 0;
        int at = 0;
        for (NDArray gradient : gradients) {
            float[] g = gradient.toFloatArray();
            for (int i = 0; i < g.length; i += 13) {
                double error = Double.POSITIVE_INFINITY;
                for (float h : new float[] {5e-4f, 2e-3f}) {
                    double difference = (moved(p, theta, at + i, h, loss) - moved(p, theta, at + i, -h, loss)) / (2 * h);
                    error = Math.min(error, Math.abs(difference - g[i]));
                }
                largest = Math.max(largest, Math.abs(g[i]));
                worst = Math.max(worst, error);
            }
            at += g.length;
        }
        p.setValues(theta);
        assertTrue(largest > 1e-2 && worst < 0.02 * largest, "largest error " + worst + " of entries up to " + largest);
    }

    private static double moved(Parameters p, float[] theta, int i, float h, Function<NDManager, Float> loss) {
        float[] values = theta.clone();
        values[i] += h;
        p.setValues(values);
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            return loss.apply(scope);
        }
    }

    /** Sequences that are parameters themselves: what a unit passes on to what its inputs were made from. */
    @Test
    void theRecurrentUnitPassesAGradientOnToRecordedSequences() {
        var unit = new Gru(2, 3);
        try (var p = new Parameters(unit.initial(RandomStream.of(4, "unit")));
            var x = new Parameters(List.of(new Parameters.Initial(TwinFile.floats(3 * 4 * 2, 29, 2), new Shape(3, 4, 2))))) {
            NDManager scope = NDManager.newBaseManager("PyTorch");
            checkGradient(x, unitLoss(unit, x, p, scope).gradients(x), s -> unitLoss(unit, x, p, s).number());
            assertEquals(4, unit.pass(scope.create(x.values(), new Shape(3, 4, 2)), p.list()).parameters().size(), "data get no gradient");
            scope.close();
        }
    }

    private static Loss unitLoss(Gru unit, Parameters x, Parameters p, NDManager scope) {
        // the short-lived array is the receiver, so that what follows ends with the scope
        NDArray sequences = Gradients.recorded(() -> scope.zeros(new Shape(1)).add(x.list().get(0)));
        SequenceNetwork.Pass pass = unit.passOn(sequences, p.list());
        NDArray found = pass.gradients(Gradients.unrecorded(() -> pass.outputs().mul(pass.outputs().sign()))).get(4);
        assertEquals(new Shape(3, 4, 2), found.getShape());
        SequenceNetwork.Pass through = new SequenceNetwork.Pass() {
            @Override
            public NDArray outputs() {
                return pass.outputs();
            }

            @Override
            public NDList parameters() {
                return x.list();
            }

            @Override
            public NDList gradients(NDArray upstream) {
                return pass.gradients(upstream).subNDList(4);
            }
        };
        return new Loss(Gradients.recorded(() -> pass.outputs().square().sum()), through);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(bad("too small", () -> new PictureNetwork(Space.picture(12, 40, 3), 16, 64), "at least 13 × 13"),
            bad("memory too narrow", () -> new PictureMemory(EYE, new Gru(3, 2)), "at least the 4 features"),
            bad("no level", () -> new Pictures().number(new double[] {3, 0.5}), "entry 1 of a picture is 0.5"),
            bad("another size", () -> pictures().number(new double[] {3, 5}), "the size of a picture is 2"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreNamed(BadInput mistake) {
        mistake.isNamed();
    }

    @Test
    void wrongShapesAreNamed() {
        try (Parameters p = twin(); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray narrow = scope.zeros(new Shape(2, 5));
            var e = assertThrows(IllegalArgumentException.class, () -> EYE.forward(narrow, p.list()));
            assertTrue(e.getMessage().contains("rows × 714"), e.getMessage());
        }
    }
}
