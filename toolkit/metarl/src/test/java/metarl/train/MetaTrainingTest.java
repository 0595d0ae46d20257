package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import metarl.agent.Adaptation;
import metarl.agent.Policy;
import metarl.agent.value.Mql;
import metarl.agent.value.OldData;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaTrainingTest {
    private static final TaskSet TASKS = TaskSet.of(PointRobot.dense()).train(10).test(3).sample(7);
    private static final Mql SMALL = Mql.pointRobot().base(b -> b.hidden(16).batchSize(16).randomSteps(200)).newTaskUpdates(2)
        .replayUpdates(3);

    @TempDir
    private Path folder;

    private static MetaTraining training(long steps) {
        return MetaTraining.on(TASKS).algorithm(SMALL).steps(steps).evaluateEvery(300).adaptTasks(2).seed(5);
    }

    @Test
    void aChangedKnobIsRefusedByName() {
        training(300).saveTo(folder).run().close();
        var seed = assertThrows(IllegalStateException.class, () -> training(300).seed(6).saveTo(folder).run());
        assertTrue(seed.getMessage().contains("seed was 5, now 6"), seed.getMessage());
        var clip = assertThrows(IllegalStateException.class, () -> training(300).algorithm(SMALL.logitClip(1.5)).saveTo(folder).run());
        assertTrue(clip.getMessage().contains("logitClip was 1.0, now 1.5"), clip.getMessage());
        var hidden = assertThrows(IllegalStateException.class, () -> training(300).algorithm(SMALL.contextLength(3)).saveTo(folder).run());
        assertTrue(hidden.getMessage().contains("contextLength"), hidden.getMessage());
    }

    @Test
    void adaptationNeverChangesTheLearner() throws Exception {
        try (MetaRun run = training(600).run()) {
            byte[] before = networks(run);
            try (var adaptation = run.adapt(TASKS.test().get(0), 1, 3)) {
                assertEquals(5, adaptation.updates());
                OldData old = adaptation.evidence(OldData.class);
                assertEquals(1 - old.ess().fraction(), old.proximalCoefficient(), 1e-12);
                assertTrue(old.ess().fraction() >= old.rawEss().fraction() - 1e-12, "clipping does not lower the ESS");
                assertEquals(Map.of("ess", old.ess().fraction(), "lambda", old.proximalCoefficient()), old.numbers());
            }
            run.evaluate(TASKS.test(), 1, 3);
            assertArrayEquals(before, networks(run));
        }
    }

    private static OldData old(Adaptation adaptation) {
        return adaptation.evidence(OldData.class);
    }

    @Test
    void oneRunAdaptsInEveryVariantAndStaysAsItIs() throws Exception {
        try (MetaRun run = training(600).run()) {
            byte[] before = networks(run);
            Task task = TASKS.test().get(0);
            try (var paper = run.adapt(task, 1, 3); var released = run.adaptingBy(SMALL.releasedScript()).adapt(task, 1, 3);
                var onlyReplay = run.adaptingBy(SMALL.withoutNewTaskUpdates()).adapt(task, 1, 3);
                var onlyNew = run.adaptingBy(SMALL.withoutReplayUpdates()).adapt(task, 1, 3);
                var unclipped = run.adaptingBy(SMALL.withoutLogitClip().features(Mql.Features.OBSERVATION_AND_CONTEXT).batchMultiple(2))
                    .adapt(task, 1, 3)) {
                assertEquals(0.2, old(released).proximalCoefficient());
                for (double w : old(released).weights().values()) assertTrue(w == 0 || w >= 0.1, "small weights count as none: " + w);
                assertEquals(2, onlyNew.updates());
                assertEquals(2, old(onlyNew).newTaskUpdates());
                assertEquals(3, onlyReplay.updates());
                assertEquals(0, old(onlyReplay).newTaskUpdates());
                assertEquals(old(unclipped).rawEss(), old(unclipped).ess());
                assertEquals(TASKS.train().size(), old(paper).taskWeights().length);
                int[] valuable = old(paper).mostValuableTasks();
                assertTrue(old(paper).taskWeights()[valuable[0]] >= old(paper).taskWeights()[valuable[valuable.length - 1]]);
                assertTrue(paper.chart(TASKS, task).orElseThrow().png().length > 1000);
                for (double loss : paper.losses()) assertTrue(Double.isFinite(loss));
            }
            assertArrayEquals(before, networks(run));
            assertThrows(IllegalArgumentException.class, () -> run.adaptingBy(SMALL.contextLength(7)));
            assertThrows(IllegalArgumentException.class, () -> run.adaptingBy(Td3.pointRobot()));
        }
    }

    @Test
    void publishedSettingsAreThereByName() {
        for (String name : List.of("ant-dir", "ant-goal", "cheetah-vel", "cheetah-dir", "humanoid-dir", "walker-params")) {
            assertTrue(Mql.released(name).base().learningRate() >= 3e-4);
            assertNotEquals(Mql.released(name), Mql.paper(name), "table and script disagree");
        }
        assertEquals(50_000, Mql.released("cheetah-vel").base().randomSteps());
        assertEquals(50, Mql.released("cheetah-vel").base().randomEpisodeLength());
        assertEquals(2.5, Mql.released("cheetah-dir").base().updatesPerStep());
        assertEquals(5, Mql.paper("cheetah-vel").base().updatesPerStep());
        assertEquals(0.8, Mql.paper("cheetah-dir").logitClip());
        assertTrue(
            assertThrows(IllegalArgumentException.class, () -> Mql.released("cheetah")).getMessage().contains("no settings for 'cheetah'"));
    }

    @Test
    void tasksAdaptedSideBySideGiveWhatEachGivesAlone() {
        try (MetaRun run = training(600).run()) {
            var together = run.evaluate(TASKS.test(), 1, 3).tasks();
            var first = run.evaluate(TASKS.test().get(0), 1, 3);
            // acting for three tasks at once may round differently from acting for one
            assertEquals(first.after(), together.get(0).after(), 1e-3);
            assertEquals(first.evidence("lambda"), together.get(0).evidence("lambda"), 1e-6);
            assertEquals(together, run.evaluate(TASKS.test(), 1, 3).tasks());
        }
    }

    @Test
    void episodesOfTheRandomStartAreCutAndLaterOnesAreNot() {
        Mql cut = SMALL.base(b -> b.randomEpisodeLength(7).episodesPerRound(1));
        int horizon = Rollout.of(Policy.zero(2), TASKS.test(), RandomStream.of(1, "x")).get(0).length();
        try (MetaRun run = training(200 + 3 * horizon).algorithm(cut).evaluateEvery(100_000).adaptTasks(0).run()) {
            long episodes = run.log().where(t -> t.stringColumn("metric").isEqualTo("trainReturn")).rowCount();
            assertEquals(29 + 3, episodes, "29 episodes of 7 steps are 203 random steps, then whole ones");
        }
    }

    private byte[] networks(MetaRun run) throws Exception {
        Path place = folder.resolve("networks-" + System.nanoTime());
        run.saveNetworks(place.toString());
        try (var files = Files.walk(place)) {
            return Files.readAllBytes(files.filter(p -> p.endsWith("state.bin")).findFirst().orElseThrow());
        }
    }

    @Test
    void loadedNetworksActAlikeAndCanBeTrainedOn() {
        try (MetaRun run = training(600).run()) {
            run.saveNetworks(folder.resolve("networks").toString());
            try (MetaRun loaded = MetaRun.load(folder.resolve("networks"))) {
                assertEquals(run.evaluate(TASKS.test(), 0, 1).meanBefore(), loaded.evaluate(TASKS.test(), 0, 1).meanBefore());
                var error = assertThrows(IllegalStateException.class, () -> loaded.adapt(TASKS.test().get(0), 1, 1));
                assertTrue(error.getMessage().contains("Train on"), error.getMessage());
                try (MetaRun more = training(300).startFrom(loaded).run()) {
                    assertTrue(more.updates() > 0);
                }
            }
        }
    }

    @Test
    void contextReachesUnseenGoalsAndItsAbsenceDoesNot() {
        TaskSet tasks = TaskSet.of(PointRobot.dense()).train(100).test(20).sample(7);
        MetaTraining training = MetaTraining.on(tasks).steps(16_000).evaluateEvery(16_000).adaptTasks(0).seed(7);
        // batches of less than half the size cost half the time, and show the same
        Td3 settings = Td3.pointRobot().batchSize(48);
        double with, without;
        try (MetaRun run = training.algorithm(settings).run()) {
            with = run.lastEvaluation().meanMeasureBefore();
        }
        try (MetaRun run = training.algorithm(settings.contextLength(0)).run()) {
            without = run.lastEvaluation().meanMeasureBefore();
        }
        assertTrue(with < 0.4, "mean final distance with context " + with);
        assertTrue(without > with + 0.2, "without context " + without + ", with " + with);
    }

    @Test
    void rolloutsOfOneTaskStartAsInTheWholeList() {
        var random = RandomStream.of(3, "x");
        var all = Rollout.of(Policy.zero(2), TASKS.test(), random);
        var one = Rollout.firsts(Rollout.trials(Policy.zero(2), List.of(TASKS.test().get(2)), 1, random, 2, 1));
        assertArrayEquals(all.get(2).observation(0), one.get(0).observation(0));
    }
}
