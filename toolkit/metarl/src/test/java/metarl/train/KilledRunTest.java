package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import metarl.agent.Algorithm;
import metarl.agent.value.Mql;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that trains may die at any time: run again, the training ends as if nothing had happened. */
class KilledRunTest {
    @TempDir
    private Path folder;

    @Test
    void aProcessMayDieAtEveryOperationOnItsFiles() throws Exception {
        TinyRun.training().saveTo(folder.resolve("whole")).run().close();
        byte[] whole = TinyRun.log(folder.resolve("whole"));
        int deaths = 0;
        for (int n = 1;; n++) {
            var disk = death(n, false, whole);
            if (!disk.died()) break;
            deaths++;
            if (!disk.diedWriting()) continue;
            death(n, true, whole);
            deaths++;
        }
        assertTrue(deaths > 80, "only " + deaths + " moments to die at");
    }

    private TinyRun.MortalDisk death(int n, boolean halfway, byte[] whole) throws Exception {
        Path run = folder.resolve(n + (halfway ? "-halfway" : ""));
        var disk = new TinyRun.MortalDisk(n, halfway);
        MetaTraining training = TinyRun.training().saveTo(run);
        try {
            TinyRun.run(training, disk, TinyRun.atEvaluations()).close();
        } catch (TinyRun.Died | TrainingStoppedException e) {
            // as if killed
        }
        String moment = "operation " + n + (halfway ? ", halfway" : "");
        if (Files.exists(run.resolve("run.json"))) new RunFolder(run).readLog(new RunFolder(run).read());
        TinyRun.run(training, new TinyRun.QuickDisk(), new Pace()).close();
        assertArrayEquals(whole, TinyRun.log(run), moment);
        assertEquals(List.of(TinyRun.checkpoint(run).getFileName().toString(), "log.csv", "metarl.lock", "run.json"), TinyRun.names(run),
            moment);
        return disk;
    }

    /** The process that is killed: it saves whenever it can, and trains without end. */
    static final class Child {
        public static void main(String[] arguments) {
            Pace pace = arguments.length > 2 ? TinyRun.atEvaluations() : TinyRun.always();
            TinyRun.run(endless(Path.of(arguments[0]), arguments[1]), new Disk(), pace);
        }
    }

    private static MetaTraining endless(Path folder, String method) {
        Algorithm algorithm = method.equals(OWN) ? new Outsiders.CrossEntropy(2, 1) : TinyRun.SETTINGS;
        return MetaTraining.on(POINTS).algorithm(algorithm).steps(1_000_000).evaluateEvery(500).adaptTasks(0).episodes(1).seed(5)
            .saveTo(folder);
    }

    private static final TaskSet POINTS = TaskSet.of(PointRobot.dense()).train(3).test(1).sample(7);

    private static final String SHIPPED = "shipped", OWN = "own";

    @ParameterizedTest
    @CsvSource({SHIPPED + ", 2", OWN + ", 1"})
    void aProcessIsKilledAndKeepsOthersOutUntilThen(String method, int kills) throws Exception {
        Path run = folder.resolve("killed");
        var random = new Random(7);
        for (int kill = 0; kill < kills; kill++) {
            Process child = start(run.toString(), method);
            try {
                long from = Math.max(0, stored(run)), deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
                while (stored(run) <= from && child.isAlive() && System.nanoTime() < deadline) Thread.sleep(5);
                assertTrue(child.isAlive() && stored(run) > from, "the child does not train");
                String refused = assertThrows(IllegalStateException.class, () -> endless(run, method).run()).getMessage();
                assertTrue(refused.contains("is in use by another run (process " + child.pid() + ")"), refused);
                try (MetaRun loaded = MetaRun.load(run)) {
                    long logged = (long) loaded.log().longColumn("step").max();
                    assertTrue(logged <= loaded.steps() && logged >= loaded.steps() - 40, "a log up to " + logged + " and a state of step "
                        + loaded.steps());
                }
                Thread.sleep(random.nextInt(300));
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
        assertGoesOnAsIfNothingHadHappened(run, method);
    }

    @Test
    void aProcessThatIsToldToEndSavesFirst() throws Exception {
        Path run = folder.resolve("told");
        Process child = start(run.toString(), SHIPPED, "saves nothing on the way");
        try {
            for (int i = 0; i < 6_000 && stored(run) < 0 && child.isAlive(); i++) Thread.sleep(10);
            // some steps, also where other programs keep it waiting
            Thread.sleep(1_500);
            child.destroy();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS), "the process does not end");
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertTrue(stored(run) > 0, "nothing was saved after the first step");
        assertGoesOnAsIfNothingHadHappened(run, SHIPPED);
    }

    private static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m", "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1", "-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private void assertGoesOnAsIfNothingHadHappened(Path run, String method) throws IOException {
        long steps = (stored(run) / 500 + 1) * 500;
        endless(run, method).steps(steps).run().close();
        endless(folder.resolve("whole"), method).steps(steps).run().close();
        assertArrayEquals(TinyRun.log(folder.resolve("whole")), TinyRun.log(run));
    }

    private static long stored(Path run) {
        var folder = new RunFolder(run);
        return folder.exists() ? folder.read().step() : -1;
    }

    /** Networks this small are computed without PyTorch's ever having set up the thread: see {@link metarl.nn.TorchThread}. */
    @Test
    void theThreadMakesNoDifference() throws Exception {
        Mql settings = Mql.pointRobot().newTaskUpdates(1).replayUpdates(1)
            .base(b -> b.hidden(8).batchSize(8).randomSteps(40).replayCapacity(400).updatesPerStep(0.1).episodesPerRound(2));
        var tasks = TaskSet.of(PointRobot.dense()).train(4).test(2).sample(7);
        MetaTraining training = MetaTraining.on(tasks).algorithm(settings).evaluateEvery(80).adaptTasks(1).episodes(1).seed(5);
        for (int i = 0; i < 3; i++) inAThread(training.steps(200).saveTo(folder.resolve("whole-" + i)));
        inAThread(training.steps(80).saveTo(folder.resolve("parts")));
        inAThread(training.steps(200).saveTo(folder.resolve("parts")));
        byte[] whole = TinyRun.log(folder.resolve("whole-0"));
        for (String name : List.of("whole-1", "whole-2", "parts")) assertArrayEquals(whole, TinyRun.log(folder.resolve(name)), name);
    }

    private static void inAThread(MetaTraining training) throws InterruptedException {
        var thread = new Thread(() -> training.run().close());
        thread.start();
        thread.join();
    }
}
