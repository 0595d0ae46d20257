package metarl.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loss of encoder and forward model and its written-out gradient, against PyTorch's autograd, finite differences and bad input. */
class SegmentLossTest {
    private static final int OBSERVATION = 3, ACTION = 2, HISTORY = 4, CONTEXT = 2, SEGMENTS = 10, STEPS = 3;
    private static final TwinFile TWIN = new TwinFile(SegmentLossTest.class, "segment_twin.csv");

    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    private static SegmentLoss loss(boolean squared, boolean encoded) {
        Mlp encoder = Mlp.of(HISTORY * (ACTION + OBSERVATION), 6, 5, CONTEXT),
            model = Mlp.of(Mlp.Activation.SWISH, OBSERVATION + ACTION + (encoded ? CONTEXT : 0), 7, 7, 2 * OBSERVATION);
        var decays = new ArrayList<Double>();
        if (encoded) decays.addAll(List.of(0.01, 0.01, 0.02, 0.02, 0.02, 0.02));
        decays.addAll(List.of(0.03, 0.03, 0.01, 0.01, 0.02, 0.02));
        return new SegmentLoss(encoded ? encoder : null, model, 0.7, 2.5, squared, decays);
    }

    private static float[] repeated(float... step) {
        float[] all = new float[HISTORY * step.length];
        for (int i = 0; i < all.length; i++) all[i] = step[i % step.length];
        return all;
    }

    private static SegmentLoss.Units units(boolean encoded) {
        return new SegmentLoss.Units(encoded ? new Normalizer(repeated(0, 1, 0.25f, 0, -0.5f), repeated(1, 4, 1, 2, 0.5f)) : null,
            new Normalizer(new float[] {0.5f, -0.25f, 0, 0, 1}, new float[] {2, 1, 0.5f, 1, 4}),
            new Normalizer(new float[] {0.25f, 0, -0.5f}, new float[] {1, 2, 0.5f}));
    }

    private NDArray numbers(int rows, int width, int factor) {
        return scope.create(TwinFile.numbers(rows * width, factor, 4), new Shape(rows, width));
    }

    private SegmentLoss.Segments segments() {
        return new SegmentLoss.Segments(numbers(SEGMENTS, HISTORY * (ACTION + OBSERVATION), 17),
            numbers(SEGMENTS * STEPS, OBSERVATION + ACTION, 11), numbers(SEGMENTS * STEPS, OBSERVATION, 13));
    }

    /** The twin's parameters. */
    private static double[] theta(SegmentLoss loss) {
        double[] theta = TwinFile.numbers((int) loss.sections().parameters(), 7, 2);
        for (int i = 1; i <= 2 * OBSERVATION; i++) theta[theta.length - i] += i <= OBSERVATION ? -3 : 0.5;
        return theta;
    }

    private NDList arrays(SegmentLoss loss, double[] theta) {
        var list = new NDList();
        int at = 0;
        for (Network.Array a : loss.sections().arrays()) {
            int size = (int) a.shape().size();
            list.add(scope.create(Arrays.copyOfRange(theta, at, at + size), a.shape()));
            at += size;
        }
        return list;
    }

    private static double[] flat(NDList arrays) {
        return arrays.stream().flatMapToDouble(a -> Arrays.stream(a.toType(DataType.FLOAT64, false).toDoubleArray())).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "different", "different unsquared", "without encoder"})
    void valueAndGradientEqualThoseOfPyTorch(String name) {
        boolean encoded = !name.equals("without encoder");
        SegmentLoss loss = loss(!name.endsWith("unsquared"), encoded);
        SegmentLoss.Found found = loss.of(segments(), units(encoded), !name.startsWith("different"), arrays(loss, theta(loss)));
        TWIN.requireEqual(name + " values", new double[] {found.fit(), found.error(), found.contrastive(), found.total()}, 1e-9);
        TWIN.requireEqual(name + " gradient", flat(found.gradients()), 1e-8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theGradientEqualsFiniteDifferences(boolean same) {
        SegmentLoss loss = loss(true, true);
        double[] theta = theta(loss), gradient = flat(loss.of(segments(), units(true), same, arrays(loss, theta)).gradients());
        for (int i = 0; i < theta.length; i++) {
            double[] ends = new double[2];
            for (int side = 0; side < 2; side++) {
                double[] moved = theta.clone();
                moved[i] += side == 0 ? -1e-6 : 1e-6;
                ends[side] = loss.of(segments(), units(true), same, arrays(loss, moved)).total();
            }
            double difference = (ends[1] - ends[0]) / 2e-6;
            assertEquals(difference, gradient[i], 1e-6 * Math.max(1, Math.abs(difference)), "parameter " + i);
        }
    }

    /** In single precision products of larger layers go another way than in double. */
    @Test
    void singlePrecisionAgreesWithDouble() {
        Mlp encoder = Mlp.of(60, 64, 48, 10), model = Mlp.of(Mlp.Activation.SWISH, 18, 80, 80, 12);
        var loss = new SegmentLoss(encoder, model, 1, 1, true, IntStream.range(0, 12).mapToObj(i -> 1e-4).toList());
        var units = new SegmentLoss.Units(Normalizer.none(60), Normalizer.none(8), Normalizer.none(6));
        var segments = new SegmentLoss.Segments(numbers(64, 60, 17), numbers(128, 8, 11), numbers(128, 6, 13));
        try (var parameters = new Parameters(loss.sections(), RandomStream.of(1, "segments"))) {
            var wide = new NDList();
            parameters.list().forEach(p -> wide.add(scope.create(flat(new NDList(p)), p.getShape())));
            var narrow = new SegmentLoss.Segments(single(segments.histories()), single(segments.inputs()), single(segments.targets()));
            SegmentLoss.Found expected = loss.of(segments, units, false, wide), found = loss.of(narrow, units, false, parameters.list());
            assertEquals(expected.total(), found.total(), 1e-5 * Math.abs(expected.total()));
            assertArrayEquals(flat(expected.gradients()), flat(found.gradients()), 2e-5);
        }
    }

    private static NDArray single(NDArray values) {
        return values.toType(DataType.FLOAT32, false);
    }

    @Test
    void whatDoesNotFitIsRefusedInWords() {
        SegmentLoss loss = loss(true, true);
        NDList all = arrays(loss, theta(loss));
        SegmentLoss.Segments good = segments();
        NDArray odd = numbers(9, HISTORY * (ACTION + OBSERVATION), 17), narrow = numbers(SEGMENTS, 7, 17);
        for (Executable attempt : List.<Executable>of(
            () -> loss.of(good, units(true), true, all.subNDList(1)),
            () -> loss.of(new SegmentLoss.Segments(odd, good.inputs(), good.targets()), units(true), true, all),
            () -> loss.of(new SegmentLoss.Segments(narrow, good.inputs(), good.targets()), units(true), true, all),
            () -> loss.of(new SegmentLoss.Segments(good.histories(), good.targets(), good.targets()), units(true), true, all),
            () -> loss.of(new SegmentLoss.Segments(good.histories(), good.inputs(), good.inputs()), units(true), true, all),
            () -> new SegmentLoss(null, Mlp.of(3, 4), 1, 1, true, List.of(0.0)),
            () -> new SegmentLoss(null, Mlp.of(3, 4), 1, 1, true, List.of(0.0, -1.0)),
            () -> new SegmentLoss(null, Mlp.of(3, 5), 1, 1, true, List.of(0.0, 0.0)))) {
            String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
            assertTrue(message.contains("expected"), message);
        }
    }
}
