package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a run ends, what it has learned is on the disk, and the message says where and how to go on. */
class EarlyEndTest {
    @TempDir
    private Path folder;

    /** Throws at the n-th environment step of a process, once. */
    private static TinyRun.Watch failing(int n, Supplier<Throwable> what) {
        int[] steps = {0};
        return environment -> {
            if (++steps[0] == n) EarlyEndTest.<RuntimeException>raise(what.get());
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable t) throws T {
        throw (T) t;
    }

    @Test
    void anEnvironmentThatFailsAtAnyStepCostsNothing() throws Exception {
        TinyRun.training().saveTo(folder.resolve("whole")).run().close();
        byte[] whole = TinyRun.log(folder.resolve("whole"));
        List<Supplier<Throwable>> kinds = List.of(() -> new IllegalStateException("the motor is broken"),
            () -> new AssertionError("angle > π"),
            () -> new OutOfMemoryError("Java heap space"), StackOverflowError::new,
            () -> new UncheckedIOException(new IOException("the robot does not answer")));
        int ended = 0;
        for (int n = 1; n < 400; n += 19) {
            Path run = folder.resolve("run-" + n);
            Supplier<Throwable> kind = kinds.get(n % kinds.size());
            var listener = new Told();
            TrainingStoppedException e = null;
            try (MetaRun done = TinyRun.training(TinyRun.tasks(failing(n, kind))).saveTo(run).listen(listener).run()) {
                assertEquals(200, done.steps());
            } catch (TrainingStoppedException stopped) {
                e = stopped;
            }
            if (e == null) break;
            ended++;
            assertSame(e, listener.causes.get(0), "the listener is told the same");
            Throwable example = kind.get();
            String text = example instanceof OutOfMemoryError ? "Java ran out of memory"
                : example.getMessage() == null ? "StackOverflowError"
                    : example.getMessage();
            assertTrue(e.getMessage().startsWith("Ended by an error after ") && e.getMessage().contains(text), e.getMessage());
            assertTrue(e.getMessage().contains("Log and checkpoint are in " + run + "; run the cell again to resume"), e.getMessage());
            assertEquals(run, e.folder().orElseThrow());
            int steps = Integer.parseInt(e.getMessage().replaceAll("(?s)\\D*(\\d+).*", "$1"));
            assertEquals(OptionalLong.of(steps), e.keptSteps());
            assertEquals(steps, new RunFolder(run).read().step(), "the failing episode alone is not there");
            TinyRun.training().saveTo(run).run().close();
            assertArrayEquals(whole, TinyRun.log(run), "step " + n);
        }
        assertTrue(ended > 10, ended + " failures");
    }

    private static class Told implements TrainingListener {
        final List<Throwable> causes = new ArrayList<>();

        @Override
        public void stopped(Throwable cause) {
            causes.add(cause);
        }
    }

    @Test
    void anInterruptionIsHeardEverywhereAlsoInTheLastEvaluation() throws Exception {
        TinyRun.training().saveTo(folder.resolve("whole")).run().close();
        for (String doing : List.of("collecting", "learning", "evaluating"))
            for (long step : new long[] {0, 40, 200}) {
                var stop = new TrainingListener() {
                    private boolean done;

                    @Override
                    public void progressed(Progress progress) {
                        if (done || !progress.doing().equals(doing) || progress.step() < step) return;
                        done = true;
                        Thread.currentThread().interrupt();
                    }
                };
                Path run = folder.resolve(doing + "-" + step);
                MetaTraining training = TinyRun.training().saveTo(run);
                try {
                    training.listen(stop).run().close();
                    // a run that has nothing left to do ends well; the interruption stays for whoever comes next
                    assertTrue(Thread.interrupted() || !stop.done, doing + " at " + step);
                } catch (TrainingInterruptedException e) {
                    assertTrue(e.getMessage().contains("run the cell again to resume"), e.getMessage());
                    assertEquals(new RunFolder(run).read().step(), e.keptSteps().orElseThrow());
                    assertTrue(!Thread.currentThread().isInterrupted());
                }
                training.run().close();
                assertArrayEquals(TinyRun.log(folder.resolve("whole")), TinyRun.log(run), doing + " at " + step);
            }
    }

    @Test
    void withoutAFolderTheRunSoFarIsHandedOver() {
        int[] steps = {0};
        var tasks = TinyRun.tasks(environment -> {
            if (++steps[0] == 150) Thread.currentThread().interrupt();
        });
        var e = assertThrows(TrainingInterruptedException.class, () -> TinyRun.training(tasks).run());
        assertTrue(e.getMessage().contains("add saveTo"), e.getMessage());
        assertTrue(e.folder().isEmpty() && e.keptSteps().isEmpty());
        try (MetaRun run = e.run().orElseThrow()) {
            assertTrue(run.steps() >= 80 && run.steps() < 200, "" + run.steps());
            assertTrue(Double.isFinite(run.evaluate(tasks.test(), 0, 1).meanBefore()));
        }
    }

    @Test
    void aLearnerThatFailsHalfwayLeavesTheLastCheckpoint() throws Exception {
        // rewards this large make the losses infinite
        MetaTraining training = TinyRun.training(TinyRun.tasks(step -> {}, 1e30)).saveTo(folder);
        var e = assertThrows(TrainingStoppedException.class, training::run);
        assertTrue(e.getCause() instanceof ArithmeticException, e.toString());
        assertTrue(e.getMessage().contains("The last checkpoint, of step 0, is in " + folder), e.getMessage());
        assertEquals(0, new RunFolder(folder).read().step());
        var again = assertThrows(TrainingStoppedException.class, training::run);
        assertTrue(again.getCause() instanceof ArithmeticException, again.toString());
    }

    @Test
    void aListenerMayFailInAnyWayAtAnyCall() throws Exception {
        TinyRun.training().saveTo(folder.resolve("whole")).run().close();
        List<Supplier<Throwable>> kinds = List.of(() -> new AssertionError("a plot's assertion"), () -> new NoClassDefFoundError("a/Plot"),
            () -> new OutOfMemoryError("Java heap space"),
            () -> new IOException("the browser is gone"), CancellationException::new);
        for (int call = 0; call < 5; call++) {
            var listener = new Failing(call, kinds.get(call));
            Path run = folder.resolve("run-" + call);
            TinyRun.training().saveTo(run).listen(listener).run().close();
            assertEquals(1, listener.failures, "call " + call);
            assertArrayEquals(TinyRun.log(folder.resolve("whole")), TinyRun.log(run));
        }
    }

    private static final class Failing implements TrainingListener {
        private final int call;
        private final Supplier<Throwable> what;
        private int failures;

        Failing(int call, Supplier<Throwable> what) {
            this.call = call;
            this.what = what;
        }

        private void failAt(int which) {
            if (which != call) return;
            failures++;
            EarlyEndTest.<RuntimeException>raise(what.get());
        }

        @Override
        public void started(MetaTraining training, MetricLog past) {
            failAt(0);
        }

        @Override
        public void progressed(Progress progress) {
            failAt(1);
        }

        @Override
        public void logged(LogRow row) {
            failAt(2);
        }

        @Override
        public void evaluated(Evaluation evaluation) {
            failAt(3);
        }

        @Override
        public void finished(MetaRun run) {
            failAt(4);
        }
    }

    /** A disk that is full from its n-th write on, until {@code space} is made. */
    private static final class FullDisk extends TinyRun.QuickDisk {
        private final int from;
        private int writes;
        private boolean space;

        FullDisk(int from) {
            this.from = from;
        }

        @Override
        void write(Path file, Content content) throws IOException {
            if (++writes >= from && !space) {
                super.write(file, out -> out.write(1));
                throw new IOException("No space left on device");
            }
            super.write(file, content);
        }
    }

    @Test
    void aFullDiskIsToldAndWhatWasKeptStaysGood() throws Exception {
        TinyRun.training().saveTo(folder.resolve("whole")).run().close();
        byte[] whole = TinyRun.log(folder.resolve("whole"));
        for (int n : new int[] {1, 3, 5, 8, 12, 20}) {
            Path run = folder.resolve("full-" + n);
            MetaTraining training = TinyRun.training().saveTo(run);
            var disk = new FullDisk(n);
            var e = assertThrows(RuntimeException.class, () -> TinyRun.run(training, disk, TinyRun.atEvaluations()));
            assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
            if (n > 6) {
                assertTrue(e.getMessage().matches("(?s).*The last checkpoint, of step \\d+, is in \\Q" + run + "\\E; run the cell again.*"),
                    e.getMessage());
                try (MetaRun inMemory = ((TrainingStoppedException) e).run().orElseThrow()) {
                    assertEquals(200, inMemory.steps());
                }
            }
            for (String name : TinyRun.names(run))
                if (name.startsWith("checkpoint"))
                    assertTrue(TinyRun.names(run.resolve(name)).contains("run.json"), name + " is half written");
            training.run().close();
            assertArrayEquals(whole, TinyRun.log(run), "write " + n);
        }
        // space is made before the end: nothing is lost, and the run ends well
        var disk = new FullDisk(7);
        var tasks = TinyRun.tasks(environment -> disk.space |= disk.writes > 20);
        Path run = folder.resolve("space");
        TinyRun.run(TinyRun.training(tasks).saveTo(run), disk, TinyRun.always()).close();
        assertArrayEquals(whole, TinyRun.log(run));
        assertEquals(200, new RunFolder(run).read().step());
    }
}
