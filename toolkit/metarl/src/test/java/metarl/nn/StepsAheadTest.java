package metarl.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many steps at once against the same step by step, with the network's own forward pass. */
class StepsAheadTest {
    private static final int STATE = 3, ACTION = 2, EXTRA = 1, ENVIRONMENTS = 2, CANDIDATES = 5, HORIZON = 4;

    private final NDManager scope = NDManager.newBaseManager("PyTorch");
    private final RandomStream random = RandomStream.of(7, "steps");
    private final List<Parameters> made = new ArrayList<>();

    @AfterEach
    void close() {
        made.forEach(Parameters::close);
        scope.close();
    }

    private float[] numbers(int n, double low, double high) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextDouble(low, high);
        return values;
    }

    private StepsAhead model(Mlp.Activation activation, int... hidden) {
        int[] widths = IntStream.concat(IntStream.concat(IntStream.of(STATE + ACTION), IntStream.of(hidden)), IntStream.of(STATE + EXTRA))
            .toArray();
        return new StepsAhead(Mlp.of(activation, widths), units(STATE + ACTION), units(STATE + EXTRA));
    }

    private Normalizer units(int width) {
        return new Normalizer(numbers(width, -1, 1), numbers(width, 0.5, 2));
    }

    /** The arrays of so many networks, drawn anew, stacked. */
    private NDList stacked(StepsAhead model, int networks) {
        var each = new ArrayList<NDList>();
        for (int i = 0; i < networks; i++) {
            var parameters = new Parameters(model.network().initial(random));
            made.add(parameters);
            each.add(Gradients.unrecorded(() -> Mlp.stacked(parameters.list(), 1, scope)));
        }
        var all = new NDList();
        for (int k = 0; k < 2 * model.network().layers(); k++) {
            NDArray array = each.get(0).get(k);
            for (int i = 1; i < networks; i++) array = array.concat(each.get(i).get(k), 0);
            all.add(array);
        }
        return all;
    }

    private NDArray states() {
        return scope.create(numbers(ENVIRONMENTS * STATE, -1, 1), new Shape(ENVIRONMENTS, STATE));
    }

    private NDArray actions() {
        return scope.create(numbers(ENVIRONMENTS * CANDIDATES * HORIZON * ACTION, -1, 1),
            new Shape(ENVIRONMENTS, CANDIDATES, HORIZON, ACTION));
    }

    /** What one candidate leads to, a step at a time: horizon × outputs. */
    private float[][] stepByStep(StepsAhead model, NDList stacked, NDArray states, NDArray actions, int environment, int candidate) {
        int network = stacked.head().getShape().get(0) == 1 ? 0 : environment;
        var own = new NDList();
        for (int k = 0; k < stacked.size(); k++) {
            NDArray array = stacked.get(k).get(network);
            own.add(k % 2 == 0 ? array : array.get(0));
        }
        NDArray state = states.get(environment).reshape(1, STATE);
        float[][] rows = new float[HORIZON][];
        for (int t = 0; t < HORIZON; t++) {
            NDArray x = model.inputs().normalized(state.concat(actions.get(environment).get(candidate).get(t).reshape(1, ACTION), 1));
            NDArray y = model.outputs().restored(model.network().forward(x, own));
            state = state.add(y.get(":, :" + STATE));
            rows[t] = state.concat(y.get(":, " + STATE + ":"), 1).toFloatArray();
        }
        return rows;
    }

    private void compare(StepsAhead model, int networks) {
        NDList stacked = stacked(model, networks);
        NDArray states = states(), actions = actions();
        NDArray all = model.of(states, actions, stacked);
        int perNetwork = ENVIRONMENTS / networks;
        assertEquals(new Shape(networks, HORIZON, STATE + EXTRA, perNetwork * CANDIDATES), all.getShape());
        for (int i = 0; i < ENVIRONMENTS; i++)
            for (int c = 0; c < CANDIDATES; c++) {
                float[][] expected = stepByStep(model, stacked, states, actions, i, c);
                for (int t = 0; t < HORIZON; t++)
                    assertArrayEquals(expected[t],
                        all.get(i / perNetwork).get(t).get(":, " + (i % perNetwork * CANDIDATES + c)).toFloatArray(),
                        2e-5f,
                        "environment " + i + ", candidate " + c + ", step " + t);
            }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, ENVIRONMENTS})
    void allAtOnceIsStepByStep(int networks) {
        compare(model(Mlp.Activation.RELU, 8, 8), networks);
        compare(model(Mlp.Activation.TANH, 8), networks);
        compare(model(Mlp.Activation.RELU), networks);
        // wide enough for the other kind of product
        compare(model(Mlp.Activation.RELU, 40, 48), networks);
        compare(model(Mlp.Activation.TANH, 300, 40), networks);
        compare(model(Mlp.Activation.SWISH, 12, 48, 40), networks);
    }

    @Test
    void aCandidateAloneIsTheSame() {
        StepsAhead model = model(Mlp.Activation.RELU, 64, 64);
        NDList stacked = stacked(model, 1);
        NDArray states = states(), actions = actions();
        NDArray all = model.of(states, actions, stacked);
        for (int i = 0; i < ENVIRONMENTS; i++)
            for (int c = 0; c < CANDIDATES; c++) {
                NDArray alone = model.of(states.get(i).reshape(1, STATE), actions.get(i).get(c).reshape(1, 1, HORIZON, ACTION), stacked);
                for (int t = 0; t < HORIZON; t++)
                    assertArrayEquals(alone.get(0).get(t).get(":, 0").toFloatArray(),
                        all.get(0).get(t).get(":, " + (i * CANDIDATES + c)).toFloatArray(),
                        1e-5f);
            }
    }

    /** What has no number any more is said, not covered by an activation. */
    @Test
    void notANumberIsHandedOn() {
        for (int hidden : new int[] {8, 64}) {
            StepsAhead model = model(Mlp.Activation.RELU, hidden, hidden);
            NDList stacked = stacked(model, 1);
            stacked.head().set(new float[(int) stacked.head().size()]);
            NDArray spoiled = stacked.head().mul(Float.NaN);
            stacked.set(0, spoiled);
            for (float v : model.of(states(), actions(), stacked).toFloatArray()) assertTrue(Float.isNaN(v), v + "");
        }
    }

    /** Where the library has no oneDNN, its own product takes the place. */
    @Test
    void theOtherProductIsThereToo() {
        NDArray x = scope.create(numbers(12, -1, 1), new Shape(3, 4)), w = scope.create(numbers(8, -1, 1), new Shape(2, 4)),
            b = scope.create(numbers(2, -1, 1), new Shape(2));
        assertArrayEquals(x.matMul(w.transpose()).add(b).toFloatArray(), other("product", x, w, b), 1e-6f);
        NDArray g = scope.create(numbers(6, -1, 1), new Shape(3, 2));
        assertArrayEquals(g.matMul(w).toFloatArray(), other("product_back", g, w), 1e-6f);
        assertArrayEquals(g.transpose().matMul(x).toFloatArray(), other("product_of_columns", g, x), 1e-6f);
    }

    private float[] other(String method, NDArray... arguments) {
        var inputs = new NDList(arguments);
        inputs.forEach(a -> a.setName(null));
        NDArray marker = scope.create(0f);
        marker.setName("module_method:" + method);
        inputs.add(marker);
        return IValueUtils.forward(TorchScript.loaded("product"), inputs, true).head().toFloatArray();
    }

    @Test
    void badShapesAreExplained() {
        StepsAhead model = model(Mlp.Activation.RELU, 8);
        NDList stacked = stacked(model, 1);
        NDArray states = states(), actions = actions();
        message("the shape of states is (6), expected environments × state", () -> model.of(states.reshape(6), actions, stacked));
        message("the shape of actions is (2, 5, 2, 4), expected 2 environments × candidates × horizon × 2",
            () -> model.of(states, actions.reshape(2, 5, 2, 4), stacked));
        message("the number of arrays is 2, expected 4", () -> model.of(states, actions, stacked.subNDList(2)));
        message("the number of networks is 3, expected 1, or 2, one per environment", () -> model.of(states, actions, stacked(model, 3)));
        message("the entries of inputs is 4, expected 5", () -> new StepsAhead(model.network(), Normalizer.none(4), model.outputs()));
        message("the entries of outputs is 3, expected 4", () -> new StepsAhead(model.network(), model.inputs(), Normalizer.none(3)));
    }

    private static void message(String expected, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
