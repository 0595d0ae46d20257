package metarl.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import metarl.basics.RandomStream;
import org.junit.jupiter.api.Test;

/** Values and gradients are compared with PyTorch in ActionTranslatorTest; here is what is said of arrays that do not fit. */
class TranslationLossTest {
    private static final BranchedMlp TRANSLATOR = BranchedMlp.of(new int[] {3, 2}, 4, 5, 1, 2);
    private static final TranslationLoss LOSS = new TranslationLoss(TRANSLATOR, Mlp.of(5, 6, 6), true);

    @Test
    void arraysThatDoNotFitAreNamed() {
        Sections ofModel = new VarianceBounds(3).sections(Sections.of().and("model", LOSS.model()));
        try (var own = new Parameters(Sections.of().and("translator", TRANSLATOR), RandomStream.of(1, "own"));
            var model = new Parameters(ofModel, RandomStream.of(1, "model")); NDManager scope = NDManager.newBaseManager("PyTorch")) {
            var good = rows(scope, 3, 2);
            assertTrue(Double.isFinite(LOSS.of(good, own.list(), model.list()).value()));
            assertEquals(own.list().size(), LOSS.of(good, own.list(), model.list()).gradients().size());
            refused("the shape of now or goals is (7, 4), expected rows × 3", () -> LOSS.of(rows(scope, 4, 2), own.list(), model.list()));
            refused("the units of actions is 3, expected 2 entries", () -> LOSS.of(rows(scope, 3, 3), own.list(), model.list()));
            refused("the number of the model's arrays is 4, expected 6",
                () -> LOSS.of(good, own.list(), model.list().subNDList(0, 4)));
            refused("given 7 arrays of parameters, expected 8", () -> LOSS.of(good, own.list().subNDList(1), model.list()));
        }
    }

    private static TranslationLoss.Rows rows(NDManager scope, int state, int action) {
        return new TranslationLoss.Rows(scope.ones(new Shape(7, state)), scope.zeros(new Shape(7, state)), null, Normalizer.none(action),
            new NDList(scope.ones(new Shape(7, 3)), scope.ones(new Shape(7, 2))));
    }

    private static void refused(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void branchesThatDoNotFitAreRefused() {
        String message = assertThrows(IllegalArgumentException.class,
            () -> new BranchedMlp(List.of(Mlp.of(3, 4), Mlp.of(2, 5)), Mlp.of(9, 2))).getMessage();
        assertTrue(message.contains("one linear layer to 4"), message);
    }
}
