package metarl.agent.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import metarl.TwinFile;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.transfer.ActionTranslator.Objective;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Sections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActionTranslatorTest {
    private static final ActionTranslator TINY = ActionTranslator.small().branch(8).hidden(8).batchSize(16).segments(8);
    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    private static float[] deviations(int count, int factor) {
        float[] values = TwinFile.floats(count, factor, 1);
        for (int i = 0; i < count; i++) values[i] += 1;
        return values;
    }

    @ParameterizedTest
    @CsvSource({"LIKELIHOOD, false", "LIKELIHOOD, true", "DISTANCE, false", "DISTANCE, true"})
    void lossesAndGradientsAreThoseOfPyTorchAndOfFiniteDifferences(Objective objective, boolean features) {
        var twin = new Twin(scope);
        int size = Twin.S + Twin.A, z = features ? Twin.Z : 0;
        var forward = new ForwardModel(Twin.S, Twin.A, z,
            Mlp.of(Mlp.Activation.SWISH, size + z, Twin.MODEL, Twin.MODEL, 2 * Twin.S));
        var units = new Units(new Normalizer(TwinFile.floats(size, 13, 1), deviations(size, 29)),
            new Normalizer(TwinFile.floats(Twin.S, 31, 1), deviations(Twin.S, 47)));
        var network = BranchedMlp.of(features ? new int[] {Twin.S, Twin.A, z, z} : new int[] {Twin.S, Twin.A}, Twin.BRANCH, Twin.HIDDEN,
            features ? 2 : 1, Twin.A);
        NDArray s = twin.observations(), a = twin.actions(), source = twin.rows(1, Twin.Z, 19), target = twin.rows(1, Twin.Z, 43);
        NDArray goal = units.targets().normalized(twin.next().sub(s)), context = features ? target.broadcast(Twin.ROWS, z) : null;
        NDList model = twin.parameters(53, forward.sections(Sections.of()).arrays());
        twin.check(new TwinFile(ActionTranslatorTest.class, "translator_twin.csv"), "translator " + objective + " " + features, 41,
            network.arrays(), own -> {
                NDArray translated = features ? network.forward(own, s, a, source, target) : network.forward(own, s, a);
                return objective.loss(forward.predict(s, translated.tanh(), context, units, model), goal);
            });
    }

    private static FittedContextModel dynamics(MetaReplay data, int updates, int... tasks) {
        return ContextModel.small().contextSize(0).hidden(64).start(4, 2, 1).fit(data, tasks, updates, RandomStream.of(1, "dynamics"));
    }

    /** F of the target task alone, as for Table 1. */
    @ParameterizedTest
    @EnumSource(Objective.class)
    void theRightTranslatorIsFound(Objective objective) {
        var data = Masses.data(20, 1, Masses.task(0, 1), Masses.task(0.7, 0.8));
        try (FittedContextModel dynamics = dynamics(data, 600, 1);
            FittedTranslator translator = ActionTranslator.small().objective(objective)
                .learningRate(new RateSchedule(3e-3, 1e-3, 2e-4, 200, 350))
                .start(dynamics, 1).fit(data, 0, 1, 450, RandomStream.of(1, "fit"))) {
            double[] found = Masses.turnAndGain(translator, 0.5);
            System.out.println(objective + " " + Arrays.toString(found));
            assertEquals(Math.toDegrees(-0.7), found[0], 5);
            assertEquals(1 / 0.8, found[1], 0.05 / 0.8);
        }
    }
}
