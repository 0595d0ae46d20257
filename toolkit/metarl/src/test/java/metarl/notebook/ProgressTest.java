package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import metarl.agent.Evidence;
import metarl.agent.gradient.Maml;
import metarl.agent.value.Td3;
import metarl.basics.Activity;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.task.TaskSet;
import metarl.task.families.Point;
import metarl.task.families.PointRobot;
import metarl.train.Evaluation;
import metarl.train.MetaTraining;
import metarl.train.MetricLog;
import metarl.train.Progress;
import metarl.train.ProgressSentence;
import metarl.train.TrainingInterruptedException;
import metarl.train.TrainingListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    private static MetaTraining small() {
        return MetaTraining.on(TaskSet.of(Point.navigation()).train(4).test(2).sample(1))
            .algorithm(Maml.navigation().hidden(4).tasksPerUpdate(2).episodesPerTask(2))
            .steps(2_000).evaluateEvery(1_000).shots(2).adaptTasks(0).episodes(1).seed(0);
    }

    private static Evaluation evaluation(double before, double after) {
        var task = PointRobot.dense().task(0.5, 0.5);
        return new Evaluation(0, List.of(new Evaluation.OfTask(task, before, 0, after, 0, Evidence.NONE),
            new Evaluation.OfTask(task, before - 2, 0, Double.NaN, 0, Evidence.NONE)));
    }

    /** What goes to the terminal, which is where everything goes without a notebook. */
    private static List<String> lines(Runnable work) {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(before);
        }
        String text = bytes.toString(StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\n"));
    }

    @AfterEach
    void nobodyWatches() {
        Activity.watchedBy(null);
    }

    @Test
    void theBestReturnIsThatOfThisRun() {
        var sentence = new ProgressSentence();
        for (double level : new double[] {-10, -30}) {
            sentence.started(small(), new MetricLog());
            sentence.progressed(new Progress(10, 100, "learning", java.util.Map.of()));
            assertFalse(sentence.text().contains("best"), "nothing is evaluated yet: " + sentence.text());
            sentence.evaluated(evaluation(level, Double.NaN));
            sentence.evaluated(evaluation(level - 5, Double.NaN));
            assertTrue(sentence.text().endsWith("best test return " + (level - 1)), sentence.text());
        }
    }

    @Test
    void itIsTheAdaptedReturnWhereTheMethodAdapts() {
        var sentence = new ProgressSentence();
        sentence.started(small(), new MetricLog());
        sentence.progressed(new Progress(10, 100, "learning", java.util.Map.of()));
        sentence.evaluated(evaluation(-20, -7.5));
        assertTrue(sentence.text().endsWith("best adapted return -7.5"), sentence.text());
        sentence.started(small().algorithm(Td3.pointRobot()), new MetricLog());
        sentence.progressed(new Progress(10, 100, "learning", java.util.Map.of()));
        sentence.evaluated(evaluation(-20, -19));
        assertTrue(sentence.text().endsWith("best test return -21.0"), "asked to adapt, but it does not: " + sentence.text());
    }

    @Test
    void oneBarServesSeveralSeedsAndMethods() {
        var bar = new ProgressBar();
        List<String> lines = lines(() -> small().listen(bar).seeds(1, 2).run().close());
        List<String> ends = lines.stream().filter(l -> l.contains("finished")).toList();
        assertEquals(2, ends.size(), lines.toString());
        assertTrue(ends.get(0).contains("seed 1 ·") && ends.get(1).contains("seed 2 ·"), ends.toString());
        var training = small();
        List<String> best = new ArrayList<>();
        lines(() -> {
            for (long seed : new long[] {1, 2}) try (var run = training.seed(seed).run()) {
                double most = run.curve().where(run.curve().stringColumn("metric").isEqualTo("testReturn")).doubleColumn("mean").max();
                best.add(String.format(java.util.Locale.ROOT, "best test return %.1f", most));
            }
        });
        for (int i = 0; i < 2; i++) assertTrue(ends.get(i).endsWith(best.get(i)), ends.get(i) + " should end with " + best.get(i));
    }

    @Test
    void mamlShowsWhatItReachesAfterAdaptation() {
        var training = small().adaptTasks(2).seed(3);
        var after = new ArrayList<Double>();
        List<String> lines = lines(() -> training.listen(new ProgressBar(), new TrainingListener() {
            @Override
            public void evaluated(Evaluation evaluation) {
                after.add(evaluation.tasks().stream().mapToDouble(Evaluation.OfTask::after).average().orElseThrow());
            }
        }).run().close());
        String best = String.format(java.util.Locale.ROOT, "best adapted return %.1f",
            after.stream().mapToDouble(v -> v).max().orElseThrow());
        assertTrue(lines.get(lines.size() - 1).endsWith(best), lines.get(lines.size() - 1) + " should end with " + best);
    }

    @Test
    void theLastLineSaysWhatBecameOfTheRun(@TempDir Path folder) {
        var interrupting = new TrainingListener() {
            @Override
            public void logged(metarl.train.LogRow row) {
                if (row.step() >= 1_000) Thread.currentThread().interrupt();
            }
        };
        List<String> lost = lines(
            () -> assertThrows(TrainingInterruptedException.class, () -> small().listen(new ProgressBar(), interrupting).run()));
        assertTrue(lost.get(lost.size() - 1).contains(
            "interrupted, nothing was kept: give the training saveTo(\"runs/…\") to keep it"), lost.toString());
        List<String> kept = lines(() -> assertThrows(TrainingInterruptedException.class,
            () -> small().saveTo(folder.resolve("run")).listen(new ProgressBar(), interrupting).run()));
        assertTrue(kept.get(kept.size() - 1).matches(".*interrupted, kept to step [\\d,]+ in .*run; run the cell again to go on.*"),
            kept.toString());
        List<String> again = lines(() -> small().saveTo(folder.resolve("run")).listen(new ProgressBar()).run().close());
        assertTrue(again.get(again.size() - 1).contains("finished · 2,000 of 2,000 steps"), again.toString());
        List<String> listener = lines(() -> small().listen(new ProgressBar(), new TrainingListener() {
            @Override
            public void evaluated(Evaluation evaluation) {
                throw new AssertionError("this is wrong");
            }
        }).run().close());
        assertTrue(listener.get(listener.size() - 1).contains("finished · 2,000 of 2,000 steps"), listener.toString());
        var failed = new metarl.train.ProgressSentence();
        failed.stopped(new IllegalStateException("this is wrong"));
        assertTrue(failed.text().endsWith("failed: this is wrong"), failed.text());
    }

    /** Remembers activities that belong to no other. */
    private static final class Record implements Activity.Watcher {
        private final List<String> begun = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();

        @Override
        public void begun(Activity activity) {
            begun.add(activity.name());
        }

        @Override
        public void ended(Activity activity) {
            ended.add(activity.sentence().isEmpty() ? activity.done() + "/" + activity.total() : activity.sentence());
        }
    }

    private static Record watched(Runnable work) {
        var record = new Record();
        Activity.watchedBy(record);
        work.run();
        Activity.watchedBy(null);
        assertEquals(record.begun.size(), record.ended.size(), "what begins ends: " + record.begun + record.ended);
        return record;
    }

    @Test
    void everyTrainingIsAnActivityUnlessItsListenerShowsIt() {
        var silent = watched(() -> small().run().close());
        assertEquals(List.of("MAML on point-navigation, seed 0"), silent.begun, "evaluations within it belong to it");
        assertTrue(silent.ended.get(0).contains("finished · 2,000 of 2,000 steps"), silent.ended.toString());
        assertEquals(List.of("2 seeds of MAML"), watched(() -> small().seeds(1, 2).run().close()).begun);
        var own = new TrainingListener() {
            private int calls;

            @Override
            public void progressed(Progress progress) {
                calls++;
            }
        };
        assertEquals(List.of(), watched(() -> small().listen(own).run().close()).begun);
        assertTrue(own.calls > 0);
        PrintStream out = System.out;
        System.setOut(new PrintStream(new ByteArrayOutputStream()));
        assertEquals(List.of(), watched(() -> small().listen(new ProgressBar()).seeds(1, 2).run().close()).begun);
        System.setOut(out);
        assertEquals(1, watched(() -> small().listen(LivePlot.testReturn()).run().close()).begun.size(),
            "a curve does not say how long it takes");
        assertEquals(1, watched(() -> small().listen(new TrainingListener() {}).run().close()).begun.size());
    }

    @Test
    void whatTakesLongOnARunIsAnActivity() {
        try (var run = small().run()) {
            var task = run.tasks().test().get(0);
            assertEquals(List.of("evaluating on 2 tasks"), watched(() -> run.evaluate(run.tasks().test(), 1, 1)).begun);
            assertEquals(List.of("3/3"), watched(() -> run.evaluate(run.tasks().test(), 1, 1)).ended);
            assertEquals(List.of("2/2"), watched(() -> run.shots(run.tasks().test(), 2, 1, 1)).ended);
            assertEquals(List.of("3/3"), watched(() -> run.adapt(task, 3, 1, 1).close()).ended);
            assertEquals(1, watched(() -> run.adapt(task, 1, 1).close()).begun.size());
            assertEquals(List.of("2/2"), watched(() -> Animation.of(run.policy(), task).seconds(1).gif()).ended);
        }
    }

    /** The display looks when the test tells it to, and waits for nothing. */
    @Test
    void shortOnesShareALineAndLongOnesEndInOne() {
        var display = new ActivityDisplay(0);
        Activity.watchedBy(display);
        List<String> lines = lines(() -> {
            try (var activity = Activity.of("bootstrap", 4)) {
                activity.advance();
                display.look();
                try (var inner = Activity.of("part", 2)) {
                    inner.advance();
                    display.look();
                }
                activity.reach(4);
            }
            for (int i = 0; i < 3; i++) try (var activity = Activity.of("fit")) {
                if (i == 2) display.look();
            }
        });
        assertEquals(5, lines.size(), lines.toString());
        assertTrue(lines.get(0).matches("\\[######-{18}\\] bootstrap · 1 of 4 · .*left"), lines.get(0));
        assertTrue(lines.get(1).matches("\\[#########-{15}\\] bootstrap · 1 of 4 · .*left · part · 1 of 2.*"), lines.get(1));
        assertTrue(lines.get(2).matches("bootstrap · 4 · 0\\.\\d s"), lines.get(2));
        assertTrue(lines.get(4).matches("fit · the last of 4 such in this cell · .*"), lines.get(4));
    }

    @Test
    void beforeTwoSecondsNothingIsShown() {
        var display = new ActivityDisplay(2);
        Activity.watchedBy(display);
        assertEquals(List.of(), lines(() -> {
            try (var activity = Activity.of("fit")) {
                display.look();
            }
            display.look();
        }));
    }

    @Test
    void whatEndsEarlySaysSo() {
        var display = new ActivityDisplay(0);
        Activity.watchedBy(display);
        List<String> lines = lines(() -> assertThrows(IllegalStateException.class, () -> {
            try (var activity = Activity.of("fit", 10)) {
                activity.advance();
                display.look();
                throw new IllegalStateException();
            }
        }));
        assertTrue(lines.get(1).startsWith("fit · ended after 1 of 10 · "), lines.toString());
        try (var after = Activity.of("next")) {
            assertEquals("next", after.name());
        }
    }

    @Test
    void partsAreCountedFromAllThreads() throws Exception {
        try (var activity = Activity.of("many", 100_000)) {
            IntStream.range(0, 100_000).parallel().forEach(i -> activity.advance());
            assertEquals(100_000, activity.done());
            assertEquals(1, activity.fraction());
            var record = new Record();
            Activity.watchedBy(record);
            Callable<String> work = Activity.within(() -> {
                try (var inner = Activity.of("inner")) {
                    return inner.name();
                }
            });
            var thread = new Thread(() -> {
                try {
                    work.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
            thread.join();
            assertEquals(List.of(), record.begun, "work handed to another thread belongs to its activity");
        }
    }

    /** A million begun and ended ones: far below a microsecond's work each is lost in what they are for. */
    @Test
    void anActivityCostsNextToNothing() {
        long start = System.nanoTime();
        for (int i = 0; i < 1_000_000; i++) try (var activity = Activity.of("fit", 1)) {
            activity.advance();
        }
        double micros = (System.nanoTime() - start) / 1e9;
        assertTrue(micros < 5, "took " + micros + " µs each");
        assertEquals(3, ImportanceWeights.of(new double[] {1, 2, 3}).ess().n());
    }
}
