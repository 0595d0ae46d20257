package metarl.agent.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import metarl.TwinFile;
import metarl.agent.LearnerState;
import metarl.agent.model.DynamicsModel.Units;
import metarl.agent.transfer.ActionTranslator.Objective;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.nn.BranchedMlp;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Sections;
import metarl.nn.TranslationLoss;
import metarl.task.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        NDArray now = part(units.inputs(), 0, Twin.S).normalized(s), goals = units.targets().normalized(twin.next().sub(s));
        var rows = new TranslationLoss.Rows(now, goals, features ? target : null, part(units.inputs(), Twin.S, size),
            features ? new NDList(s, a, source, target) : new NDList(s, a));
        NDList model = twin.parameters(53, forward.sections(Sections.of()).arrays());
        var loss = new TranslationLoss(network, forward.network(), objective == Objective.LIKELIHOOD);
        twin.checkFound(new TwinFile(ActionTranslatorTest.class, "translator_twin.csv"), "translator " + objective + " " + features, 41,
            network.arrays(), own -> {
                TranslationLoss.Found found = loss.of(rows, own, model);
                return new Twin.Found(found.value(), found.gradients());
            });
    }

    private static Normalizer part(Normalizer units, int from, int to) {
        return new Normalizer(Arrays.copyOfRange(units.means(), from, to), Arrays.copyOfRange(units.deviations(), from, to));
    }

    private static final ActionTranslator SHORT = ActionTranslator.small().learningRate(new RateSchedule(3e-3, 1e-3, 2e-4, 200, 350));
    /** The source, the target, and one more. */
    private static final Task[] TASKS = {Masses.task(0, 1), Masses.task(0.7, 0.8), Masses.task(-0.5, 1.1)};
    private static MetaReplay data;
    /** F of the target alone, as for Table 1. */
    private static FittedContextModel ofTarget;

    @BeforeAll
    static void collect() {
        data = Masses.data(20, 1, TASKS);
        ofTarget = ContextModel.small().contextSize(0).hidden(64).start(4, 2, 1).fit(data, new int[] {1}, 600, RandomStream.of(1, "F"));
    }

    @AfterAll
    static void free() {
        ofTarget.close();
    }

    /** The closed form, to 5° and 5 %. */
    private static void requireRight(Translation translation, Task source, Task target, String of) {
        double[] found = Masses.turnAndGain(translation, 0.5);
        double gain = source.value(1) / target.value(1);
        assertEquals(Math.toDegrees(source.value(0) - target.value(0)), found[0], 5, "angle " + of);
        assertEquals(gain, found[1], 0.05 * gain, "gain " + of);
    }

    @ParameterizedTest
    @EnumSource(Objective.class)
    void theRightTranslatorIsFound(Objective objective) {
        try (FittedTranslator translator = SHORT.objective(objective).start(ofTarget, 1).fit(data, 0, 1, 450, RandomStream.of(1, "fit"))) {
            requireRight(translator, TASKS[0], TASKS[1], "" + objective);
            double exact = Masses.earned(TransferredPolicy.of(Masses.home(), Masses.exact(TASKS[0], TASKS[1])), TASKS[1]),
                there = Masses.earned(TransferredPolicy.of(Masses.home(), translator), TASKS[1]),
                plain = Masses.earned(Masses.home(), TASKS[1]);
            assertTrue(there - plain > 0.8 * (exact - plain), exact + " by the closed form, " + there + " by this, " + plain + " without");
        }
    }

    /** Of one task alone, nothing is to be translated. */
    @Test
    void fromATaskToItselfActionsStayAsTheyAre() {
        try (FittedTranslator translator = SHORT.start(ofTarget, 1).fit(data, 1, 1, 450, RandomStream.of(1, "fit"))) {
            requireRight(translator, TASKS[1], TASKS[1], "of one task");
            double[][] seen = new double[50][], actions = new double[50][];
            var random = RandomStream.of(5, "probes");
            for (int i = 0; i < 50; i++) {
                seen[i] = random.doubles(4, -0.5, 0.5).toArray();
                actions[i] = random.doubles(2, -0.8, 0.8).toArray();
            }
            double[][] translated = translator.translate(seen, actions);
            double error = 0;
            for (int i = 0; i < 50; i++) for (int j = 0; j < 2; j++) error += Math.abs(translated[i][j] - actions[i][j]) / 100;
            assertEquals(0, error, 0.03, "mean distance of an action from itself");
        }
    }

    /** One translator serves all pairs, told both tasks by the means of their embeddings. */
    @Test
    void withFeaturesOneServesAllPairs() {
        int[] both = {0, 1};
        try (FittedContextModel dynamics = ContextModel.small().learningRate(2e-3).contextSize(2).history(3).encoderHidden(32).hidden(64)
            .start(4, 2, 1).fit(data, both, 1_500, RandomStream.of(1, "F"));
            FittedTranslator translator = ActionTranslator.smallForAllPairs().objective(Objective.DISTANCE)
                .learningRate(new RateSchedule(3e-3, 1e-3, 2e-4, 400, 640)).start(dynamics, 1)
                .fit(data, both, 800, RandomStream.of(1, "fit"))) {
            float[][] z = new float[2][];
            for (int i : both) z[i] = dynamics.feature(data, i, 500, RandomStream.of(3, "feature"));
            for (int i : both) for (int j : both) {
                float[] source = z[i], target = z[j];
                requireRight((seen, actions) -> translator.translate(seen, actions, source, repeated(target, seen.length)), TASKS[i],
                    TASKS[j], "from " + i + " to " + j);
            }
        }
    }

    private static float[] repeated(float[] row, int times) {
        float[] rows = new float[times * row.length];
        for (int i = 0; i < times; i++) System.arraycopy(row, 0, rows, i * row.length, row.length);
        return rows;
    }

    @Test
    void oneSeedGivesOneTranslatorAndAStateGoesOnWhereItWas() throws IOException {
        try (FittedTranslator one = TINY.start(ofTarget, 3); FittedTranslator two = TINY.start(ofTarget, 3);
            FittedTranslator other = TINY.start(ofTarget, 4)) {
            one.fit(data, 0, 1, 20, RandomStream.of(1, "fit"));
            two.fit(data, 0, 1, 20, RandomStream.of(1, "fit"));
            assertArrayEquals(one.parameters().values(), two.parameters().values());
            var bytes = new ByteArrayOutputStream();
            one.declare(LearnerState.of(), "its ").save(new DataOutputStream(bytes));
            other.declare(LearnerState.of(), "its ").load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertEquals(20, other.updates());
            assertEquals(one.step(data, 0, 1, RandomStream.of(2, "more")), other.step(data, 0, 1, RandomStream.of(2, "more")));
            assertArrayEquals(one.parameters().values(), other.parameters().values());
        }
    }

    @Test
    void itIsStoredAloneInAFile(@TempDir Path folder) {
        Path file = folder.resolve("deep/translator");
        try (FittedTranslator one = TINY.start(ofTarget, 3).fit(data, 0, 1, 20, RandomStream.of(1, "fit"))) {
            one.save(file);
            try (FittedTranslator two = FittedTranslator.load(file, ofTarget)) {
                assertEquals(one.settings(), two.settings());
                assertArrayEquals(Masses.turnAndGain(one, 0.5), Masses.turnAndGain(two, 0.5));
            }
            assertTrue(
                assertThrows(UncheckedIOException.class, () -> FittedCycle.load(file)).getMessage().contains("no stored dynamics cycle"));
            try (FittedContextModel other = ContextModel.small().contextSize(0).start(5, 2, 1)) {
                String message = assertThrows(UncheckedIOException.class, () -> FittedTranslator.load(file, other)).getMessage();
                assertTrue(message.contains("the size of observations is 4, expected 5"), message);
            }
        }
    }

    @Test
    void memoryStaysFlat() {
        try (FittedTranslator translator = TINY.start(ofTarget, 3)) {
            translator.fit(data, 0, 1, 2, RandomStream.of(1, "fit"));
            int own = translator.parameters().manager().getManagedArrays().size(), others = ofTarget.parameters().manager()
                .getManagedArrays().size();
            translator.fit(data, 0, 1, 10, RandomStream.of(1, "fit"));
            for (int i = 0; i < 10; i++) translator.translate(new double[3][4], new double[3][2]);
            assertEquals(own, translator.parameters().manager().getManagedArrays().size());
            assertEquals(others, ofTarget.parameters().manager().getManagedArrays().size(), "nor do results live with the forward model");
        }
    }

    /** Actions of the source may have another size, where only F of the target is asked. */
    @Test
    void theSourceMayHaveOtherActions() {
        var other = new MetaReplay(1, 4, 3, 8, 100);
        var episode = new Trajectory(TASKS[0], new double[4]);
        for (int t = 0; t < 50; t++)
            episode.add(new double[] {0.1, 0.2, t / 50.0}, new Step(new double[] {0, 0, t, 0}, 0, false, t == 49, new double[8]));
        other.of(0).add(episode);
        try (FittedTranslator translator = TINY.start(ofTarget, 3, 1)) {
            assertTrue(translator.step(other, 0, 0, RandomStream.of(1, "fit")).get("translatorLoss") > 0);
            assertEquals(2, translator.translate(new double[1][4], new double[1][3])[0].length);
            refused(IllegalArgumentException.class, "4 and 2, expected 4 and 3, as the translator was made for",
                () -> translator.step(data, 0, 1, RandomStream.of(1, "fit")));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var random = RandomStream.of(1, "fit");
        var otherSpaces = new MetaReplay(2, 3, 2, 0, 10);
        var empty = new MetaReplay(2, 4, 2, 8, 10);
        refused(IllegalArgumentException.class, "no encoder to compute them (contextSize 0)",
            () -> TINY.withFeatures(true).start(ofTarget, 1));
        try (FittedTranslator translator = TINY.start(ofTarget, 1);
            FittedContextModel dynamics = ContextModel.small().contextSize(3).history(3)
                .encoderHidden(8).hidden(8).start(4, 2, 1);
            FittedTranslator with = TINY.withFeatures(true).start(dynamics, 1)) {
            dynamics.measure(data, 0);
            refused(IllegalArgumentException.class, "3 and 2, expected 4 and 2", () -> translator.step(otherSpaces, 0, 1, random));
            refused(IllegalStateException.class, "holds no transitions of task 0", () -> translator.step(empty, 0, 1, random));
            refused(IllegalArgumentException.class, "asked for task 7 of the replay", () -> translator.step(data, 7, 1, random));
            refused(IllegalArgumentException.class, "serves one pair", () -> translator.step(data, new int[] {0, 1}, random));
            refused(IllegalArgumentException.class, "the number of tasks is 0", () -> with.step(data, new int[0], random));
            refused(IllegalArgumentException.class, "updates is -1", () -> translator.fit(data, 0, 1, -1, random));
            double[][] seen = new double[2][4], actions = new double[2][2];
            refused(IllegalArgumentException.class, "action 0 is one of 1 entries, expected 2 entries of real numbers; choices",
                () -> translator.translate(seen, new double[2][1]));
            refused(IllegalArgumentException.class, "observation 0 is one of 3 entries",
                () -> translator.translate(new double[2][3], actions));
            refused(IllegalArgumentException.class, "the number of actions is 1, expected 2",
                () -> translator.translate(seen, new double[1][2]));
            refused(IllegalStateException.class, "needs task features", () -> with.translate(seen, actions));
            refused(IllegalArgumentException.class, "the source's feature is 2 entries, expected 3",
                () -> with.translate(seen, actions, new float[2], new float[6]));
            refused(IllegalArgumentException.class, "the targets' features is 3 entries, expected 2 rows of 3",
                () -> with.translate(seen, actions, new float[3], new float[3]));
            refused(IllegalArgumentException.class, "the target's feature is 1 entries, expected null",
                () -> translator.step(data.sample(new int[] {0}, 4, random), null, new float[1]));
            Thread.currentThread().interrupt();
            refused(CancellationException.class, "interrupted after 0 of 5 updates", () -> translator.fit(data, 0, 1, 5, random));
            assertTrue(Thread.interrupted());
        }
    }

    private static void refused(Class<? extends RuntimeException> type, String part, Runnable call) {
        String message = assertThrows(type, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
