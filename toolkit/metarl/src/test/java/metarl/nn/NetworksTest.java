package metarl.nn;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of any depth, their named sections, and losses that stand on several passes over sequences. */
class NetworksTest {
    private static final Gru UNIT = new Gru(2, 3);
    private static final Mlp HEAD = Mlp.of(Mlp.Activation.TANH, 6, 4, 1);
    private static final Sections TWO_MEMORIES = Sections.of().and("fast memory", UNIT).and("slow memory", UNIT.remembering(50)).and("head",
        HEAD);

    private static float[] numbers(int count, int factor) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) ((i * factor % 101 - 50) / 70.0);
        return values;
    }

    static Stream<Mlp> depths() {
        return Stream.of(Mlp.of(3, 2), Mlp.of(3, 5, 2), Mlp.of(Mlp.Activation.TANH, 3, 4, 5, 2), Mlp.of(3, 4, 5, 6, 2),
            Mlp.of(Mlp.Activation.TANH, 3, 2, 2, 2, 2, 2), Mlp.of(Mlp.Activation.SWISH, 3, 5, 4, 2));
    }

    /** W_n f(… f(W₁ x + b₁) …) + b_n, in double precision. */
    private static double[] byHand(Mlp mlp, List<float[]> arrays, double[] x) {
        double[] h = x;
        for (int layer = 0; layer < arrays.size() / 2; layer++) {
            float[] weights = arrays.get(2 * layer), biases = arrays.get(2 * layer + 1);
            double[] sums = new double[biases.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = biases[i];
                for (int j = 0; j < h.length; j++) sums[i] += weights[i * h.length + j] * h[j];
                if (layer < mlp.layers() - 1) sums[i] = switch (mlp.activation()) {
                    case RELU -> Math.max(sums[i], 0);
                    case TANH -> Math.tanh(sums[i]);
                    case SWISH -> sums[i] / (1 + Math.exp(-sums[i]));
                };
            }
            h = sums;
        }
        return h;
    }

    @ParameterizedTest
    @MethodSource("depths")
    void aPerceptronOfAnyDepthEqualsItsEquation(Mlp mlp) {
        var drawn = mlp.initial(RandomStream.of(1, "mlp"));
        assertEquals(mlp.arrays().stream().map(Network.Array::shape).toList(), drawn.stream().map(Parameters.Initial::shape).toList());
        assertEquals(drawn.stream().mapToLong(i -> i.values().length).sum(), mlp.parameters());
        float[] x = numbers(4 * mlp.inputs(), 37);
        try (var p = new Parameters(drawn); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            float[] values = mlp.forward(scope.create(x, new Shape(4, mlp.inputs())), p.list()).toFloatArray();
            for (int row = 0; row < 4; row++) {
                double[] input = new double[mlp.inputs()];
                for (int j = 0; j < input.length; j++) input[j] = x[row * input.length + j];
                double[] expected = byHand(mlp, drawn.stream().map(Parameters.Initial::values).toList(), input);
                for (int j = 0; j < expected.length; j++) assertEquals(expected[j], values[row * expected.length + j], 1e-6);
            }
            NDArray each = mlp.forwardEach(scope.create(x, new Shape(2, 2, mlp.inputs())), Mlp.stacked(p.list(), 2, scope));
            assertEquals(new Shape(2, 2, mlp.outputs()), each.getShape());
            assertArrayEquals(values, each.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void sectionsAreDrawnOneAfterTheOtherAndFoundByName() {
        var random = RandomStream.of(2, "two memories");
        var expected = new ArrayList<float[]>();
        for (Network part : List.of(UNIT, UNIT.remembering(50), HEAD)) part.initial(random).forEach(i -> expected.add(i.values()));
        try (var p = new Parameters(TWO_MEMORIES, RandomStream.of(2, "two memories")); var copy = p.copy();
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            assertEquals(expected.size(), p.list().size());
            for (int i = 0; i < expected.size(); i++) assertArrayEquals(expected.get(i), p.list().get(i).toFloatArray());
            assertEquals(TWO_MEMORIES.parameters(), p.values().length);
            NDList head = p.section("head");
            assertEquals(4, head.size());
            for (int i = 0; i < 4; i++) assertSame(p.list().get(8 + i), head.get(i));
            assertSame(copy.list().get(4), copy.section("slow memory").get(0));
            // the same slice of anything that has one array per parameter
            NDList stacked = Mlp.stacked(p.list(), 5, scope);
            assertEquals(new Shape(5, 9, 2), TWO_MEMORIES.slice("slow memory", stacked).head().getShape());
        }
        assertEquals(List.of("fast memory", "slow memory", "head"), TWO_MEMORIES.names().toList());
        assertEquals(new Network.Array("head, layer 2 weights", new Shape(1, 4)), TWO_MEMORIES.arrays().get(10));
        assertEquals("fast memory 63, slow memory 63, head 33 numbers", TWO_MEMORIES.toString());
    }

    static Stream<Arguments> mistakes() {
        var p = new Parameters(TWO_MEMORIES, RandomStream.of(1, "p"));
        NDManager scope = p.manager().newSubManager();
        NDArray x = scope.zeros(new Shape(2, 5));
        return Stream.of(bad("an unknown section", () -> p.section("haed"), "'haed', expected one of 'fast memory', 'slow memory', 'head'"),
            bad("no sections", () -> Sections.of().slice("head", new NDList()), "expected one of none yet"),
            bad("a name that is taken", () -> TWO_MEMORIES.and("head", HEAD), "'head', expected one that is not taken"),
            bad("arrays of another network", () -> TWO_MEMORIES.slice("head", p.section("head")),
                "given 4 arrays, expected 12: fast memory, "),
            bad("too few first values", () -> Sections.of().and("a", HEAD, r -> List.of()).initial(RandomStream.of(1, "a")),
                "section 'a' is 0, expected 4"),
            bad("first values of another shape", () -> Sections.of().and("a", HEAD, r -> Mlp.of(6, 5, 1).initial(r))
                .initial(RandomStream.of(1, "a")), "initial a, layer 1 weights is (5, 6), expected (4, 6)"),
            bad("values of another network", () -> p.setValues(new float[3]),
                "given 3 parameter values, this network has 159 (fast memory 63, slow memory 63, head 33 numbers)"),
            bad("no widths", () -> Mlp.of(), "widths is []"), bad("one width", () -> Mlp.of(3), "widths is [3], expected at least two"),
            bad("a layer of nothing", () -> Mlp.of(3, 0, 2), "widths[1] is 0"),
            bad("rows of another size", () -> HEAD.forward(x, p.section("head")), "the shape of x is (2, 5), expected rows × 6"),
            bad("one network for many", () -> HEAD.forwardEach(x, Mlp.stacked(p.section("head"), 2, scope)),
                "expected networks × rows × 6"),
            bad("too few arrays", () -> HEAD.forward(scope.zeros(new Shape(2, 6)), p.section("head").subNDList(0, 2)),
                "given 2 arrays of parameters, expected 4: layer 1 weights"),
            bad("another section", () -> HEAD.forward(scope.zeros(new Shape(2, 6)), p.section("fast memory")),
                "layer 1 weights has shape (9, 2), expected (4, 6)"),
            bad("sequences of another size", () -> UNIT.last(scope.zeros(new Shape(2, 4, 3)), p.section("fast memory")),
                "the shape of the sequences is (2, 4, 3), expected rows × length × 2"),
            bad("all sections for one", () -> UNIT.last(scope.zeros(new Shape(2, 4, 2)), p.list()),
                "Pass the section of this network alone"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreNamed(BadInput mistake) {
        mistake.isNamed();
    }

    /** As the page of this package shows it. */
    @Test
    void theExampleOfThePackageLearns() {
        var network = Mlp.of(Mlp.Activation.TANH, 1, 16, 1);
        var sections = Sections.of().and("square", network);
        double first = 0, last = 0;
        try (var parameters = new Parameters(sections, RandomStream.of(1, "square")); var adam = new Adam(parameters, 0.01)) {
            for (int i = 0; i < 300; i++)
                try (NDManager scope = parameters.manager().newSubManager()) {
                    NDArray x = scope.linspace(-1, 1, 64).reshape(64, 1), y = x.square();
                    NDArray error = Gradients.recorded(() -> network.forward(x, parameters.section("square")).sub(y).square().mean());
                    adam.minimize(new Loss(error));
                    last = error.getFloat();
                    if (i == 0) first = last;
                }
        }
        assertTrue(first > 0.1 && last < 1e-3, first + " → " + last);
    }

    /** c₀ + c₁ x + c₂ x²: a network of one's own is its arrays, their first values, and a method that computes. */
    private record Parabola() implements Network {
        @Override
        public List<Array> arrays() {
            return List.of(new Array("coefficients", new Shape(1, 3)));
        }

        @Override
        public List<Parameters.Initial> initial(RandomGenerator random) {
            return List.of(Parameters.Initial.uniform(1, random, 1, 3));
        }

        NDArray forward(NDArray x, NDList own) {
            NDArray powers = x.onesLike().concat(x, 1).concat(x.square(), 1);
            return powers.mul(own.head()).sum(new int[] {1}, true);
        }
    }

    @Test
    void aNetworkOfOnesOwnLearnsBesideOthers() {
        var parabola = new Parabola();
        try (var p = new Parameters(Sections.of().and("parabola", parabola).and("noise", new FreeVector(1, 0)), RandomStream.of(1, "p"));
            var adam = new Adam(p, 0.05)) {
            for (int i = 0; i < 400; i++)
                try (NDManager scope = p.manager().newSubManager()) {
                    NDArray x = scope.linspace(-1, 1, 21).reshape(21, 1), y = Gradients.scaled(x.square(), 2).sub(x).add(0.5f);
                    adam.minimize(new Loss(Gradients.recorded(() -> parabola.forward(x, p.section("parabola")).sub(y).square().mean())));
                }
            assertArrayEquals(new float[] {0.5f, -1, 2, 0}, p.values(), 1e-3f);
        }
    }

    static Stream<SequenceNetwork> sequenceNetworks() {
        return Stream.of(new Gru(2, 3), new Gru(2, 3).remembering(20), new TemporalConvolution(2, 3, 4), new TemporalConvolution(2, 3, 1),
            CausalStack.of(2, 7).attention(2, 3), CausalStack.of(2, 7).convolutions(2).attention(2, 3).convolutions(1));
    }

    @ParameterizedTest
    @MethodSource("sequenceNetworks")
    void wholeSequencesAndSingleElementsGiveTheSame(SequenceNetwork network) {
        int rows = 3, length = 7;
        float[] x = numbers(rows * length * 2, 29);
        try (var p = new Parameters(network.initial(RandomStream.of(5, "network")));
            NDManager scope = NDManager.newBaseManager("PyTorch")) {
            network.require(p.list());
            NDArray sequences = scope.create(x, new Shape(rows, length, 2));
            NDArray whole = network.outputs(sequences, p.list());
            assertEquals(new Shape(length, rows, network.outputs()), whole.getShape());
            assertArrayEquals(whole.toFloatArray(), network.pass(sequences, p.list()).outputs().toFloatArray(), 1e-6f);
            SequenceNetwork.Memory memory = network.start(rows, p.list());
            for (int t = 0; t < length; t++)
                assertArrayEquals(whole.get(t).toFloatArray(), memory.step(sequences.get(":, " + t)).toFloatArray(), 1e-6f);
            // what comes later changes nothing of what was said before
            Arrays.fill(x, x.length - 2, x.length, 9);
            float[] changed = network.outputs(scope.create(x, new Shape(rows, length, 2)), p.list()).toFloatArray();
            int last = whole.toFloatArray().length - network.outputs();
            assertArrayEquals(Arrays.copyOf(whole.toFloatArray(), last), Arrays.copyOf(changed, last), 1e-6f);
            assertFalse(Arrays.equals(whole.toFloatArray(), changed));
        }
    }

    @ParameterizedTest
    @MethodSource("sequenceNetworks")
    void theGradientOfEveryPassEqualsFiniteDifferences(SequenceNetwork network) {
        Mlp head = Mlp.of(network.outputs(), 1);
        var sections = Sections.of().and("memory", network).and("head", head);
        try (var p = new Parameters(sections, RandomStream.of(5, "network"))) {
            checkGradient(p, scope -> {
                SequenceNetwork.Pass pass = network.pass(scope.create(numbers(3 * 7 * 2, 29), new Shape(3, 7, 2)), p.section("memory"));
                return new Loss(Gradients.recorded(() -> head.forward(pass.outputs().reshape(-1, head.inputs()), p.section("head"))
                    .sub(scope.create(numbers(21, 13), new Shape(21, 1))).square().mean()), pass);
            });
        }
    }

    /** Two units over different sequences, one of them run twice, and a pass of another network that owes these parameters nothing. */
    private static Loss severalPasses(Parameters p, Parameters other, NDManager scope) {
        NDArray first = scope.create(numbers(4 * 5 * 2, 29), new Shape(4, 5, 2)),
            second = scope.create(numbers(4 * 3 * 2, 31), new Shape(4, 3, 2));
        SequenceNetwork.Pass fast = UNIT.passToLast(first, p.section("fast memory")),
            slow = UNIT.passToLast(second, p.section("slow memory")),
            again = UNIT.passToLast(second, p.section("fast memory")), foreign = UNIT.passToLast(first, other.section("fast memory"));
        return new Loss(Gradients.recorded(() -> {
            NDArray both = HEAD.forward(fast.outputs().concat(slow.outputs(), 1), p.section("head"));
            NDArray twice = HEAD.forward(again.outputs().concat(foreign.outputs(), 1), p.section("head"));
            return both.sub(0.3f).square().add(both.mul(twice)).mean();
        }), fast, slow, null, again, foreign);
    }

    @Test
    void aLossStandsOnSeveralPasses() {
        try (var p = new Parameters(TWO_MEMORIES, RandomStream.of(2, "p"));
            var other = new Parameters(TWO_MEMORIES, RandomStream.of(3, "p"))) {
            checkGradient(p, scope -> severalPasses(p, other, scope));
            checkGradient(other, scope -> severalPasses(p, other, scope));
        }
    }

    @Test
    void severalPassesLearnTogether() {
        try (var p = new Parameters(TWO_MEMORIES, RandomStream.of(2, "p"));
            var other = new Parameters(TWO_MEMORIES, RandomStream.of(3, "p"));
            var adam = new Adam(p, 0.02)) {
            float[] before = p.values(), theirs = other.values();
            double first = 0, last = 0;
            for (int i = 0; i < 20; i++)
                try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
                    Loss loss = severalPasses(p, other, scope);
                    last = loss.number();
                    if (i == 0) first = last;
                    adam.minimize(loss);
                }
            assertTrue(last < first - 0.01, first + " → " + last);
            float[] after = p.values();
            for (int i = 0; i < before.length; i++) assertTrue(before[i] != after[i], "every number of every section moves, but " + i);
            assertArrayEquals(theirs, other.values());
        }
    }

    /** Every entry by central differences: single precision allows about 1e-3 of the largest entry. */
    private static void checkGradient(Parameters p, Function<NDManager, Loss> loss) {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDList gradient = loss.apply(scope).gradients(p);
            float[] theta = p.values();
            double largest = 0, worst = 0;
            int i = 0;
            float h = 5e-3f;
            for (NDArray array : gradient)
                for (float g : array.toFloatArray()) {
                    double difference = (moved(p, theta, i, h, loss, scope) - moved(p, theta, i, -h, loss, scope)) / (2 * h);
                    largest = Math.max(largest, Math.abs(g));
                    worst = Math.max(worst, Math.abs(difference - g));
                    i++;
                }
            p.setValues(theta);
            assertEquals(theta.length, i);
            assertTrue(largest > 1e-2 && worst < 0.01 * largest, "largest error " + worst + " of entries up to " + largest);
        }
    }

    private static double moved(Parameters p, float[] theta, int i, float h, Function<NDManager, Loss> loss, NDManager scope) {
        float[] values = theta.clone();
        values[i] += h;
        p.setValues(values);
        return loss.apply(scope).number();
    }
}
