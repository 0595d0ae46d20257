package metarl.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import metarl.TwinFile;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many steps of all candidates at once against one candidate step by step, by the recurrent unit's own pass. */
class RecurrentAheadTest {
    private static final int STATE = 3, ACTION = 2, OUTPUTS = 4, ENVIRONMENTS = 2, CANDIDATES = 5, HORIZON = 4;

    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    private static Normalizer units(int width, int factor) {
        float[] deviations = TwinFile.floats(width, factor + 6, 1);
        for (int i = 0; i < width; i++) deviations[i]++;
        return new Normalizer(TwinFile.floats(width, factor, 1), deviations);
    }

    private static RecurrentAhead model(int hidden) {
        return new RecurrentAhead(new Gru(STATE + ACTION + OUTPUTS, hidden), Mlp.of(hidden, OUTPUTS), units(STATE + ACTION, 13),
            units(OUTPUTS, 29));
    }

    private static Parameters parameters(RecurrentAhead model) {
        return new Parameters(Sections.of().and("memory", model.memory()).and("last layer", model.last()), RandomStream.of(1, "model"));
    }

    private NDArray numbers(int factor, long... shape) {
        var s = new Shape(shape);
        return scope.create(TwinFile.floats((int) s.size(), factor, 2), s);
    }

    /** Small, and wide enough for the other kind of product. */
    @ParameterizedTest
    @ValueSource(ints = {6, 70})
    void allAtOnceIsStepByStep(int width) {
        RecurrentAhead model = model(width);
        NDArray states = numbers(37, ENVIRONMENTS, STATE), hidden = numbers(17, ENVIRONMENTS, width),
            said = numbers(23, ENVIRONMENTS, OUTPUTS), actions = numbers(41, ENVIRONMENTS, CANDIDATES, HORIZON, ACTION);
        try (Parameters p = parameters(model)) {
            NDArray all = model.of(states, hidden, said, actions, p.list());
            assertEquals(new Shape(1, HORIZON, OUTPUTS, ENVIRONMENTS * CANDIDATES), all.getShape());
            for (int i = 0; i < ENVIRONMENTS; i++)
                for (int c = 0; c < CANDIDATES; c++) {
                    NDArray s = states.get(i).reshape(1, STATE), h = hidden.get(i).reshape(1, width),
                        y = said.get(i).reshape(1, OUTPUTS);
                    for (int t = 0; t < HORIZON; t++) {
                        NDArray x = model.inputs().normalized(s.concat(actions.get(i).get(c).get(t).reshape(1, ACTION), 1));
                        h = model.memory().next(x.concat(y, 1), h, p.section("memory"));
                        y = model.last().forward(h, p.section("last layer"));
                        NDArray change = model.outputs().restored(y);
                        s = s.add(change.get(":, :" + STATE));
                        assertArrayEquals(s.concat(change.get(":, " + STATE + ":"), 1).toFloatArray(),
                            all.get(0).get(t).get(":, " + (i * CANDIDATES + c)).toFloatArray(), 2e-5f,
                            "environment " + i + ", candidate " + c + ", step " + t);
                    }
                }
        }
    }

    @Test
    void badShapesAreExplained() {
        RecurrentAhead model = model(6);
        NDArray states = numbers(37, 2, STATE), hidden = numbers(17, 2, 6), said = numbers(23, 2, OUTPUTS),
            actions = numbers(41, 2, 5, HORIZON, ACTION);
        try (Parameters p = parameters(model)) {
            NDList own = p.list();
            message("the number of arrays is 4, expected 6", () -> model.of(states, hidden, said, actions, p.section("memory")));
            message("the shape of states is (6), expected environments × state",
                () -> model.of(states.reshape(6), hidden, said, actions, own));
            message("the shape of hidden is (2, 4), expected 2 environments × 6", () -> model.of(states, said, said, actions, own));
            message("the shape of said is (2, 6), expected 2 environments × 4", () -> model.of(states, hidden, hidden, actions, own));
            message("the shape of actions is (2, 5, 2, 4), expected 2 environments × candidates × horizon × 2",
                () -> model.of(states, hidden, said, actions.reshape(2, 5, 2, 4), own));
        }
        message("the widths of last is [5, 4], expected one layer that reads the 6 entries",
            () -> new RecurrentAhead(model.memory(), Mlp.of(5, 4), model.inputs(), model.outputs()));
        message("the entries of outputs is 5, expected 4",
            () -> new RecurrentAhead(model.memory(), model.last(), model.inputs(), model.inputs()));
        message("the entries of inputs is 4, expected 5",
            () -> new RecurrentAhead(model.memory(), model.last(), model.outputs(), model.outputs()));
    }

    private static void message(String expected, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
