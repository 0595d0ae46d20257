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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import metarl.TwinFile;
import metarl.agent.LearnerState;
import metarl.basics.RandomStream;
import metarl.data.MetaReplay;
import metarl.nn.BranchedMlp;
import metarl.nn.Mlp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CycleConsistencyTest {
    private static final CycleConsistency TINY = CycleConsistency.small().branch(8).hidden(8).batchSize(16).poolSize(20).forwardEpochs(1)
        .epochs(2).updatesPerEpoch(5);
    private final NDManager scope = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void lossesAndGradientsAreThoseOfPyTorchAndOfFiniteDifferences() {
        var file = new TwinFile(CycleConsistencyTest.class, "translator_twin.csv");
        var twin = new Twin(scope);
        int[] inputs = {Twin.S, Twin.A};
        var networks = new CycleNetworks(BranchedMlp.of(inputs, Twin.BRANCH, Twin.HIDDEN, 1, Twin.A),
            BranchedMlp.of(inputs, Twin.BRANCH, Twin.HIDDEN, 1, Twin.S), Mlp.of(Twin.A, 4, 3, 2));
        NDArray s = twin.observations(), a = twin.actions(), next = twin.next(), real = twin.rows(Twin.ROWS, Twin.A, 61);
        NDList model = twin.parameters(53, networks.model().arrays()), maps = twin.parameters(41, networks.maps().arrays()),
            judge = twin.parameters(59, networks.judge().arrays());
        twin.check(file, "forward", 53, networks.model().arrays(), own -> networks.forwardLoss(s, a, next, own));
        NDArray there = networks.there(s, a, maps).stopGradient();
        CycleNetworks.Terms terms = networks.terms(s, a, there, next, model, maps, judge);
        file.requireEqual("terms", new double[] {terms.dynamics().getDouble(), terms.roundTrip().getDouble(),
            terms.adversarial().getDouble()}, 1e-9);
        twin.check(file, "maps", 41, networks.maps().arrays(),
            own -> networks.terms(s, a, networks.there(s, a, own), next, model, own, judge).total(CycleConsistency.released()));
        twin.check(file, "discriminator", 59, networks.judge().arrays(), own -> networks.discriminatorLoss(there, real, own));
    }

    /** Controls of the target are turned by 40° and weaker: what comes home in the source is told to push the other way, and harder. */
    @Test
    void theRightTranslatorIsFoundAndEveryEpochIsKept() {
        var data = Masses.data(20, 1, Masses.task(0, 1), Masses.task(0.7, 0.8));
        var settings = CycleConsistency.small().forwardEpochs(2).epochs(3).learningRate(new RateSchedule(3e-3, 1e-3, 2e-4, 250, 450));
        try (FittedCycle cycle = settings.start(4, 2, 1).fit(data, 0, 1, RandomStream.of(1, "fit"))) {
            double[] found = Masses.turnAndGain(cycle, 0.5);
            assertEquals(Math.toDegrees(-0.7), found[0], 5);
            assertEquals(1 / 0.8, found[1], 0.05 / 0.8);
            Translation right = Masses.exact(Masses.task(0, 1), Masses.task(0.7, 0.8));
            double exact = Masses.earned(TransferredPolicy.of(Masses.home(), right), Masses.task(0.7, 0.8)),
                there = Masses.earned(TransferredPolicy.of(Masses.home(), cycle), Masses.task(0.7, 0.8)),
                plain = Masses.earned(Masses.home(), Masses.task(0.7, 0.8));
            // B knows no actions of the source that A makes of none of the target, and these are weaker
            assertTrue(there - plain > 0.65 * (exact - plain), exact + " by the closed form, " + there + " by this, " + plain + " without");
            FittedCycle.Scores scores = cycle.scores(t -> -Math.abs(Masses.turnAndGain(t, 0.5)[0] + Math.toDegrees(0.7)));
            assertEquals(3, scores.ofEpoch().length);
            assertEquals(-Math.abs(found[0] + Math.toDegrees(0.7)), scores.last(), 1e-9);
            assertEquals(Arrays.stream(scores.ofEpoch()).max().getAsDouble(), scores.best());
            assertEquals(scores.best(), scores.ofEpoch()[scores.bestEpoch()]);
            assertArrayEquals(found, Masses.turnAndGain(cycle, 0.5), "scoring changes nothing");
            Map<String, Double> losses = cycle.losses().get(2);
            assertTrue(losses.get("roundTripLoss") < 0.05 && losses.get("dynamicsLoss") < 0.05, losses.toString());
        }
    }

    @Test
    void oneSeedGivesOneCycleAndAStateGoesOnWhereItWas() throws IOException {
        var data = Masses.data(1, 1, Masses.task(0, 1), Masses.task(1, 1));
        try (FittedCycle one = TINY.start(4, 2, 3).fit(data, 0, 1, RandomStream.of(1, "fit"));
            FittedCycle two = TINY.start(4, 2, 3).fit(data, 0, 1, RandomStream.of(1, "fit")); FittedCycle other = TINY.start(4, 2, 4)) {
            assertArrayEquals(one.parameters().values(), two.parameters().values());
            var bytes = new ByteArrayOutputStream();
            one.declare(LearnerState.of(), "cycle ").save(new DataOutputStream(bytes));
            other.declare(LearnerState.of(), "cycle ").load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertEquals(10, other.updates());
            assertArrayEquals(Masses.turnAndGain(one, 0.5), Masses.turnAndGain(other, 0.5));
            assertEquals(one.step(data, 0, 1, RandomStream.of(2, "more")), other.step(data, 0, 1, RandomStream.of(2, "more")));
            assertArrayEquals(one.parameters().values(), other.parameters().values());
            assertArrayEquals(one.scores(t -> Masses.turnAndGain(t, 0.5)[0]).ofEpoch(),
                other.scores(t -> Masses.turnAndGain(t, 0.5)[0]).ofEpoch());
        }
    }

    @Test
    void theAdversarialTermCanBeLeftOut() {
        var data = Masses.data(1, 1, Masses.task(0, 1), Masses.task(1, 1));
        try (FittedCycle cycle = TINY.adversarialWeight(0).normalized(false).start(4, 2, 3)) {
            assertEquals("[dynamicsLoss, roundTripLoss]", cycle.step(data, 0, 1, RandomStream.of(1, "fit")).keySet().toString());
        }
    }

    @Test
    void thePoolShowsOldActionsAgain() {
        var pool = new ActionPool(2, 1);
        var random = RandomStream.of(1, "pool");
        assertArrayEquals(new float[] {1, 2}, pool.exchanged(new float[] {1, 2}, random));
        int old = 0;
        for (int i = 3; i < 1_003; i++) if (pool.exchanged(new float[] {i}, random)[0] != i) old++;
        assertEquals(500, old, 50);
    }

    @Test
    void itIsStoredAloneInAFile(@TempDir Path folder) {
        var data = Masses.data(1, 1, Masses.task(0, 1), Masses.task(1, 1));
        try (FittedCycle one = TINY.start(4, 2, 3).fit(data, 0, 1, RandomStream.of(1, "fit"))) {
            one.save(folder.resolve("cycle"));
            try (FittedCycle two = FittedCycle.load(folder.resolve("cycle"))) {
                assertEquals(one.settings(), two.settings());
                assertArrayEquals(Masses.turnAndGain(one, 0.5), Masses.turnAndGain(two, 0.5));
                refused(IllegalStateException.class, "no epoch was fitted yet", () -> two.scores(t -> 0));
            }
        }
    }

    @Test
    void memoryStaysFlat() {
        var data = Masses.data(1, 1, Masses.task(0, 1), Masses.task(1, 1));
        try (FittedCycle cycle = TINY.start(4, 2, 3).fit(data, 0, 1, RandomStream.of(1, "fit"))) {
            int arrays = cycle.parameters().manager().getManagedArrays().size();
            for (int i = 0; i < 10; i++) cycle.step(data, 0, 1, RandomStream.of(i, "fit"));
            cycle.translate(new double[3][4], new double[3][2]);
            assertEquals(arrays, cycle.parameters().manager().getManagedArrays().size());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var other = new MetaReplay(2, 3, 2, 0, 10);
        var empty = new MetaReplay(2, 4, 2, 8, 10);
        var random = RandomStream.of(1, "fit");
        try (FittedCycle cycle = TINY.start(4, 2, 3)) {
            refused(IllegalStateException.class, "no epoch was fitted yet", () -> cycle.scores(t -> 0));
            refused(IllegalStateException.class, "holds no transitions of task 0", () -> cycle.fit(empty, 0, 1, random));
            refused(IllegalStateException.class, "holds no transitions of task 1", () -> cycle.step(empty, 1, 0, random));
            refused(IllegalArgumentException.class, "3 and 2, expected 4 and 2", () -> cycle.fit(other, 0, 1, random));
            refused(IllegalArgumentException.class, "3 and 2, expected 4 and 2", () -> cycle.forwardStep(other, 0, random));
            refused(IllegalArgumentException.class, "asked for task 2", () -> cycle.step(empty, 2, 0, random));
            refused(IllegalArgumentException.class, "choices cannot be translated",
                () -> cycle.translate(new double[1][4], new double[1][1]));
            refused(IllegalArgumentException.class, "observation 0 is null", () -> cycle.translate(new double[1][], new double[1][2]));
        }
        refused(IllegalArgumentException.class, "observationSize is 0", () -> TINY.start(0, 2, 1));
    }

    private static void refused(Class<? extends RuntimeException> type, String part, Runnable call) {
        String message = assertThrows(type, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
