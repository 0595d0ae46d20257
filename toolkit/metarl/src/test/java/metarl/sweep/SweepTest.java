package metarl.sweep;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.agent.Algorithm;
import metarl.agent.value.Mql;
import metarl.agent.value.Td3;
import metarl.basics.Interval;
import metarl.plot.Plots;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.PointRobot;
import metarl.train.Comparison;
import metarl.train.MetaRun;
import metarl.train.MetaRuns;
import metarl.train.MetaTraining;
import metarl.train.TrainingInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SweepTest {
    private static final String SETS = "point-robot-dense";

    @TempDir
    private Path folder;

    @Test
    void runsAreTheSameOneByOneOnThreadsAndInAnotherProcess() throws Exception {
        SweepResults results = Sweeps.tiny(folder.resolve("two")).threads(2).run();
        assertTrue(results.isComplete());
        Map<String, String> logs = Sweeps.logs(folder.resolve("two"));
        assertEquals(List.of("no-context/seed-1", "no-context/seed-2", "small/seed-1", "small/seed-2"),
            logs.keySet().stream().map(k -> k.substring(k.indexOf('/') + 1)).toList());
        Sweeps.tiny(folder.resolve("one")).threads(1).run();
        assertEquals(logs, Sweeps.logs(folder.resolve("one")));
        Sweeps.tiny(folder.resolve("elsewhere")).run(new Sweeps.AnotherProcess(folder.resolve("mail")));
        assertEquals(logs, Sweeps.logs(folder.resolve("elsewhere")));
        var alone = MetaTraining.on(Sweeps.TASKS).algorithm(Sweeps.SMALL).steps(200).evaluateEvery(80).adaptTasks(0).episodes(1).seed(2)
            .saveTo(folder.resolve("alone"));
        try (MetaRun run = alone.run()) {
            assertEquals(Files.readString(folder.resolve("alone/log.csv")), logs.get(SETS + "/small/seed-2"));
            try (MetaRuns runs = results.runs(SETS, "small")) {
                assertEquals(run.log().print(), runs.runs().get(1).log().print());
                assertEquals(run.evaluate(Sweeps.TASKS.test(), 0, 3), runs.runs().get(1).evaluate(Sweeps.TASKS.test(), 0, 3));
            }
        }
    }

    @Test
    void whatIsDoneIsNotDoneAgain() throws Exception {
        var sweep = Sweeps.tiny(folder.resolve("sweep"));
        sweep.run();
        Map<String, FileTime> before = times();
        SweepResults again = sweep.run(new Workers() {
            @Override
            public void run(List<SweepTask> tasks, Consumer<SweepOutcome> ended) {
                throw new AssertionError("nothing is left to do");
            }
        });
        assertTrue(again.isComplete());
        assertEquals(before, times());
        // a seed more, and later more steps, leave what is there and go on from it
        SweepResults more = sweep.seeds(3).run();
        assertEquals(6, more.rows().size());
        before.forEach((file, time) -> assertEquals(time, assertTimes(file), file));
        assertTrue(sweep.steps(280).run().isComplete());
        Sweeps.tiny(folder.resolve("whole")).steps(280).run();
        assertEquals(lastStep(folder.resolve("whole")), lastStep(folder.resolve("sweep")));
    }

    private static String lastStep(Path sweep) throws IOException {
        String log = Sweeps.logs(sweep).get(SETS + "/small/seed-1");
        return log.substring(log.lastIndexOf('\n', log.length() - 2));
    }

    private FileTime assertTimes(String file) {
        try {
            return times().get(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, FileTime> times() throws IOException {
        var times = new TreeMap<String, FileTime>();
        try (Stream<Path> files = Files.walk(folder.resolve("sweep"))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                times.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file));
        }
        return times;
    }

    @Test
    void aRunThatFailsIsARow() throws Exception {
        var boards = new CopyOnWriteArrayList<SweepBoard>();
        Sweep sweep = Sweeps.tiny(folder.resolve("sweep")).algorithm("fragile", new Fragile(Sweeps.SMALL, 2)).listen(boards::add);
        Fragile.broken = true;
        SweepResults results = sweep.run();
        assertEquals(List.of("fragile on " + SETS + ", seed 2"),
            results.rows().stream().filter(r -> r.state() == SweepRow.State.FAILED).map(SweepRow::name).toList());
        assertEquals("ArithmeticException: it is broken", results.table().stringColumn("error").get(5));
        assertEquals(5, results.rows().stream().filter(r -> r.state() == SweepRow.State.DONE).count());
        assertTrue(results.words().startsWith("5 of 6 runs done, 1 failed."), results.words());
        assertTrue(boards.get(boards.size() - 1).words().startsWith("5 of 6 runs done, 1 failed"), "the last word to listeners");
        assertTrue(results.comparison().words().contains("1 of 6 runs are not done"), results.comparison().words());
        assertEquals(1, results.runs(SETS, "fragile").runs().size());
        String noted = Files.readString(folder.resolve("sweep/" + SETS + "/fragile/seed-2/sweep-failed.json"));
        assertTrue(noted.contains("at metarl.sweep.Fragile.learner"), noted);
        Fragile.broken = false;
        assertTrue(sweep.run().isComplete());
        assertEquals(Map.of(), Sweeps.files(folder, "sweep-failed.json"));
    }

    @Test
    void anInterruptionKeepsEveryRunAndSaysSo() throws Exception {
        var thrown = new AtomicReference<Throwable>();
        Path run = folder.resolve("sweep");
        var thread = new Thread(() -> {
            try {
                Sweeps.longer(run).run();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        thread.start();
        for (int i = 0; i < 2_000 && Sweeps.files(run, "sweep-progress.json").size() < 2; i++) Thread.sleep(10);
        Thread.sleep(200);
        thread.interrupt();
        thread.join();
        assertTrue(thrown.get() instanceof TrainingInterruptedException, "" + thrown.get());
        assertTrue(thrown.get().getMessage().matches("Interrupted\\. \\d of 6 runs done; what was going on has kept its checkpoint in .*"),
            thrown.get().getMessage());
        Map<String, String> begun = Sweeps.files(run, "run.json");
        assertTrue(begun.size() >= 2 && begun.size() < 6, begun.keySet().toString());
        assertTrue(Sweeps.longer(run).run().isComplete());
        Sweeps.longer(folder.resolve("whole")).run();
        assertEquals(Sweeps.logs(folder.resolve("whole")), Sweeps.logs(run));
    }

    @Test
    void anotherDefinitionIsRefusedByName() {
        Path run = folder.resolve("sweep");
        Sweep sweep = Sweeps.tiny(run);
        sweep.run();
        var settings = assertThrows(IllegalStateException.class, () -> Sweep.of(Sweeps.TASKS).algorithm("small", Sweeps.SMALL.batchSize(5))
            .seeds(2).steps(200).evaluateEvery(80).adaptTasks(0).episodes(1).saveTo(run).run());
        assertTrue(settings.getMessage().contains("small on " + SETS + ", seed 1: batchSize was 4, now 5."), settings.getMessage());
        var knobs = assertThrows(IllegalStateException.class, () -> sweep.evaluateEvery(90).run());
        assertTrue(knobs.getMessage().contains("evaluateEvery was 80, now 90") && knobs.getMessage().contains("And 1 more runs"),
            knobs.getMessage());
        var steps = assertThrows(IllegalStateException.class, () -> sweep.steps(100).run());
        assertTrue(steps.getMessage().contains("steps was 200, now 100"), steps.getMessage());
        var tasks = assertThrows(IllegalStateException.class,
            () -> Sweep.of(TaskSet.of(PointRobot.dense()).train(3).test(2).sample(8)).algorithm("small", Sweeps.SMALL).seeds(1).steps(200)
                .evaluateEvery(80).adaptTasks(0).episodes(1).saveTo(run).run());
        assertTrue(tasks.getMessage().contains("tasks.hash was " + Sweeps.TASKS.hash()), tasks.getMessage());
    }

    /** The same class from another loader, as a notebook's cell makes them. */
    private static Algorithm ofACell() throws Exception {
        String name = Fragile.class.getName();
        byte[] code;
        try (InputStream in = Sweeps.class.getResourceAsStream("Fragile.class")) {
            code = in.readAllBytes();
        }
        var loader = new ClassLoader(Sweeps.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(name, code, 0, code.length);
            }
        };
        return (Algorithm) loader.define().getDeclaredConstructor(Td3.class, int.class).newInstance(Sweeps.SMALL, 9);
    }

    @Test
    void whatACellDefinesRunsOnThreadsAndIsRefusedElsewhere() throws Exception {
        var elsewhere = new Sweeps.AnotherProcess(folder.resolve("mail"));
        Sweep cell = Sweeps.tiny(folder.resolve("cell")).algorithms(ofACell()).seeds(1);
        String refused = assertThrows(IllegalArgumentException.class, () -> cell.run(elsewhere)).getMessage();
        assertTrue(refused.startsWith("the algorithm Fragile is known to this Java process alone"), refused);
        assertTrue(cell.run().isComplete());
        var wrapped = PointRobot.dense().wrapped("mine", e -> e);
        Sweep family = Sweep.of(TaskSet.of(wrapped).train(2).test(1).sample(1)).algorithms(Sweeps.SMALL).seeds(1).steps(60)
            .saveTo(folder.resolve("family"));
        String alone = assertThrows(IllegalArgumentException.class, () -> family.run(elsewhere)).getMessage();
        assertTrue(alone.startsWith("the task family point-robot-dense-mine is known to this Java process alone"), alone);
        assertTrue(family.run().isComplete());
        assertTrue(TaskSet.of(Bandit.bernoulli(7)).sample(1).family().isFoundAnywhere());
        assertTrue(PointRobot.dense().delayed(5).isFoundAnywhere());
        assertFalse(wrapped.delayed(5).isFoundAnywhere());
    }

    @Test
    void resultsAreComparedAcrossTaskSets() {
        Sweep sweep = Sweeps.tiny(folder.resolve("sweep")).tasks("sparse", TaskSet.of(PointRobot.sparse()).train(2).test(2).sample(1))
            .steps(100).evaluateEvery(100);
        SweepResults results = sweep.run();
        assertEquals(List.of(SETS, "sparse"), results.taskSets());
        assertEquals(8, results.table().rowCount());
        SweepComparison plain = results.comparison();
        double[][] scores = plain.scores("small");
        try (MetaRuns runs = results.runs("sparse", "small")) {
            assertEquals(runs.runs().get(1).lastEvaluation().meanBefore(), scores[1][1], 1e-9);
            assertEquals(1, Comparison.of(results.runs(SETS)).rows().get(0).seeds() - 1);
            assertTrue(Plots.learningCurve(results.runs("sparse")).png().length > 1_000);
        }
        assertTrue(plain.words().contains("averaged as they are"), plain.words());
        SweepComparison normalised = results.normalised(SETS, -100, 0).normalised("sparse", 2, -2).comparison();
        double[][] shares = normalised.scores("small");
        assertEquals((scores[0][0] + 100) / 100, shares[0][0], 1e-12);
        assertEquals((2 - scores[1][0]) / 4, shares[1][0], 1e-12);
        Interval gap = normalised.optimalityGap("small");
        double mean = Arrays.stream(Stratified.pooled(shares)).map(s -> Math.min(1, s)).average().orElseThrow();
        assertEquals(1 - mean, gap.value(), 1e-12);
        var missing = assertThrows(IllegalStateException.class, () -> results.normalised("sparse", 0, 1).comparison());
        assertTrue(missing.getMessage().contains("no references for " + SETS), missing.getMessage());
        var several = assertThrows(IllegalStateException.class, results::runs);
        assertTrue(several.getMessage().contains("say which"), several.getMessage());
    }

    @Test
    void aMethodThatCannotActIsARow() {
        SweepResults results = Sweep.of(TaskSet.of(Bandit.bernoulli(5)).train(2).test(1).sample(1)).algorithms(Sweeps.SMALL).seeds(1)
            .saveTo(folder.resolve("sweep")).run();
        assertTrue(results.rows().get(0).error().contains("steers with real numbers"), results.words());
        assertTrue(Sweeps.tiny(folder.resolve("varied")).varying(Sweeps.SMALL, "batchSize", 3, 5).results().algorithms()
            .containsAll(List.of("TD3-context, batchSize 3", "TD3-context, batchSize 5")));
    }

    @Test
    void aShortenedSweepDoesNotCountAsAWholeOne() throws Exception {
        Path run = folder.resolve("sweep");
        Sweep sweep = Sweeps.tiny(run).seeds(1).steps(2_000).evaluateEvery(1_000);
        System.setProperty("metarl.fast", "true");
        try {
            SweepResults shortened = sweep.run();
            assertTrue(shortened.isComplete() && shortened.rows().get(0).step() < 200, shortened.table().print());
            assertEquals(1, shortened.runs(SETS, "small").runs().size());
        } finally {
            System.clearProperty("metarl.fast");
        }
        assertFalse(Files.exists(run));
        assertFalse(sweep.results().isComplete());
    }

    @Test
    void theBoardCountsAndForesees() {
        SweepRow done = row(1, SweepRow.State.DONE, 100, 0), running = row(2, SweepRow.State.RUNNING, 50, 10),
            waiting = row(3, SweepRow.State.WAITING, 20, 0), failed = row(4, SweepRow.State.FAILED, 10, 0);
        var board = new SweepBoard(List.of(done, running, waiting, failed), "testReturn", 1);
        assertEquals((100 + 50 + 20 + 100) / 400.0, board.part(), 1e-12);
        assertEquals((50 + 80) / 10.0, board.secondsLeft(), 1e-12);
        assertEquals("1 of 4 runs done, 1 running, 1 failed · 67 % of the steps · 13 s left", board.words());
        assertEquals(List.of("running", "failed"), board.going().stringColumn("state").asList());
        assertEquals(5, board.going().doubleColumn("seconds left").get(0), 1e-12);
        assertEquals(-3, board.summary().doubleColumn("last testReturn").get(0), 1e-12);
    }

    private static SweepRow row(long seed, SweepRow.State state, long step, double perSecond) {
        return new SweepRow("points", "MQL", seed, state, step, 100, perSecond, state == SweepRow.State.DONE ? 9 : Double.NaN,
            state == SweepRow.State.DONE ? Map.of("testReturn", -3.0) : Map.of(), state == SweepRow.State.FAILED ? "Error: no" : "");
    }

    static Stream<Arguments> badInputs() {
        Sweep bare = Sweep.of(Sweeps.TASKS), whole = bare.algorithms(Sweeps.SMALL).seeds(2).saveTo("build/never");
        return Stream.of(
            bad("no task sets", Sweep::of, "no task sets"),
            bad("null tasks", () -> Sweep.of((TaskSet) null), "tasks is null"),
            bad("one family twice", () -> Sweep.of(Sweeps.TASKS, Sweeps.TASKS), "two task sets are called 'point-robot-dense'. Give each"),
            bad("no seeds", () -> bare.seeds(0), "seeds is 0, expected how many there are, at least 1"),
            bad("a seed twice", () -> bare.seeds(new long[] {1, 2, 1}), "one is there twice"),
            bad("no algorithms", () -> bare.seeds(1).saveTo("build/never").run(), "the sweep has no algorithms"),
            bad("seeds missing", () -> bare.algorithms(Sweeps.SMALL).saveTo("build/never").run(), "the sweep has no seeds"),
            bad("no folder", () -> bare.algorithms(Sweeps.SMALL).seeds(1).run(), ".saveTo(\"results/first\")"),
            bad("a blank folder", () -> bare.saveTo(" "), "saveTo is  "),
            bad("one name twice", () -> bare.algorithms(Td3.pointRobot(), Td3.withContext()), "two algorithms are called 'TD3-context'"),
            bad("one folder twice", () -> bare.algorithm("a b", Sweeps.SMALL).algorithm("A, B", Sweeps.SMALL), "would share a folder"),
            bad("a name of nothing", () -> bare.algorithm("…", Sweeps.SMALL), "neither a letter nor a digit"),
            bad("no name", () -> bare.algorithm(" ", Sweeps.SMALL), "a name is  "),
            bad("no such setting", () -> bare.varying(Sweeps.SMALL, "size", 3), "has no component 'size'"),
            bad("a bad setting", () -> bare.varying(Sweeps.SMALL, "batchSize", 0), "batchSize"),
            bad("no threads", () -> bare.threads(0), "threads is 0"),
            bad("no steps", () -> bare.steps(0), "steps is 0"),
            bad("no workers", () -> whole.run(null), "workers is null"),
            bad("an unknown task set", () -> whole.results().runs("maze"), "no task set is called 'maze'"),
            bad("an unknown method", () -> whole.results().runs(SETS, "maze"), "no algorithm is called 'maze'"),
            bad("nothing done", () -> whole.results().comparison(), "there is nothing to compare"),
            bad("equal references", () -> whole.results().normalised(SETS, 1, 1), "good is 1.0"),
            bad("too many runs", () -> bare.algorithms(Sweeps.SMALL, Mql.pointRobot()).seeds(100_000), "at most 100000"));
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void badInputIsNamed(BadInput input) {
        input.isNamed();
    }
}
