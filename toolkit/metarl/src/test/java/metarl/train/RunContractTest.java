package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import metarl.agent.Adaptation;
import metarl.env.Environment;
import metarl.env.EnvironmentException;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run of every algorithm keeps to: the algorithms and their tiny settings are those of {@link LearnerContractTest}. */
class RunContractTest {
    @TempDir
    private Path folder;

    private static void assertSame(Path whole, Path other, String when) throws IOException {
        assertArrayEquals(TinyRun.log(whole), TinyRun.log(other), when);
        for (String file : List.of("state.bin", "replay.bin"))
            assertArrayEquals(Files.readAllBytes(TinyRun.checkpoint(whole).resolve(file)),
                Files.readAllBytes(TinyRun.checkpoint(other).resolve(file)), when + ": " + file);
    }

    @ParameterizedTest
    @MethodSource("metarl.train.LearnerContractTest#cases")
    void aRunThatIsInterruptedOrKilledGoesOnAsIfNothingHadBeen(LearnerContractTest.Case c) throws IOException {
        MetaTraining training = c.training();
        Path whole = folder.resolve("whole");
        var calls = new AtomicInteger();
        run(training.saveTo(whole).listen(counting(calls, -1)), new TinyRun.QuickDisk());
        for (int stop : new int[] {1, calls.get() / 2, calls.get()}) {
            Path parts = folder.resolve("interrupted-" + stop);
            var e = assertThrows(TrainingInterruptedException.class,
                () -> run(training.saveTo(parts).listen(counting(new AtomicInteger(), stop)), new TinyRun.QuickDisk()));
            assertEquals(new RunFolder(parts).read().step(), e.keptSteps().orElseThrow());
            run(training.saveTo(parts), new TinyRun.QuickDisk());
            assertSame(whole, parts, "interrupted at " + stop + " of " + calls);
        }
        for (int last : new int[] {9, 30}) {
            Path parts = folder.resolve("killed-" + last);
            var disk = new TinyRun.MortalDisk(last, last % 2 == 0);
            assertThrows(Throwable.class, () -> TinyRun.run(training.saveTo(parts), disk, TinyRun.always()).close());
            assertTrue(disk.died());
            run(training.saveTo(parts), new TinyRun.QuickDisk());
            assertSame(whole, parts, "killed at operation " + last);
        }
        try (MetaRun other = training.adaptTasks(0).seed(6).run();
            MetaRun loaded = MetaRun.load(whole.toString(), c.algorithm().getClass())) {
            assertFalse(other.log().print(1000).equals(loaded.log().print(1000)), "another seed, another log");
        }
    }

    private static void run(MetaTraining training, Disk disk) {
        TinyRun.run(training, disk, TinyRun.atEvaluations()).close();
    }

    /** Interrupts at the n-th call. */
    private static TrainingListener counting(AtomicInteger calls, int stop) {
        return new TrainingListener() {
            @Override
            public void progressed(Progress progress) {
                if (calls.incrementAndGet() == stop) Thread.currentThread().interrupt();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("metarl.train.LearnerContractTest#cases")
    void runsAdaptEvaluateShipAndStartOthers(LearnerContractTest.Case c) throws IOException {
        Path networks = folder.resolve("networks");
        try (MetaRun run = c.training().run()) {
            var task = c.tasks().test().get(0);
            var evaluation = run.evaluate(c.tasks().test(), 1, 3);
            assertEquals(evaluation, run.evaluate(c.tasks().test(), 1, 3));
            try (Adaptation one = run.adapt(task, 2, 1, 3); Adaptation two = run.adapt(task, 2, 1, 3)) {
                assertEquals(LearnerContractTest.acting(c, one.policy()), LearnerContractTest.acting(c, two.policy()));
            }
            run.saveNetworks(networks.toString());
            try (MetaRun loaded = MetaRun.load(networks); MetaRun more = c.training().startFrom(loaded).run();
                MetaRun same = c.training().startFrom(run).run()) {
                assertEquals(LearnerContractTest.acting(c, run.policy()), LearnerContractTest.acting(c, loaded.policy()));
                assertEquals(more.log().print(1000), same.log().print(1000));
                assertTrue(more.steps() > 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metarl.train.LearnerContractTest#cases")
    void anInterruptionEndsARunWithinASecond(LearnerContractTest.Case c) throws Exception {
        endsWithinASecond(c.training().steps(1_000_000_000).evaluateEvery(1_000).saveTo(folder), 6);
        try (MetaRun kept = MetaRun.load(folder.toString(), c.algorithm().getClass())) {
            assertTrue(kept.steps() > 0);
        }
    }

    /** An episode takes two seconds, of which no step hears anything. */
    @Test
    void anInterruptionEndsALongCollectionToo() throws Exception {
        var slow = TinyRun.tasks(environment -> {
            long until = System.nanoTime() + 100_000_000;
            while (System.nanoTime() < until) Thread.onSpinWait();
        });
        endsWithinASecond(TinyRun.training(slow).saveTo(folder), 1);
    }

    private static void endsWithinASecond(MetaTraining training, int after) throws InterruptedException {
        var begun = new CountDownLatch(after);
        var ended = new AtomicReference<Throwable>();
        var listener = new TrainingListener() {
            @Override
            public void progressed(Progress progress) {
                begun.countDown();
            }
        };
        var thread = new Thread(() -> ended.set(assertThrows(Throwable.class, () -> training.listen(listener).run())));
        thread.start();
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        long from = System.nanoTime();
        thread.interrupt();
        thread.join(30_000);
        long milliseconds = (System.nanoTime() - from) / 1_000_000;
        assertTrue(ended.get() instanceof TrainingInterruptedException e && e.keptSteps().isPresent(), "" + ended.get());
        assertTrue(milliseconds < 1_000, "it took " + milliseconds + " ms");
    }

    /** A family whose steps are changed before anybody sees them. */
    private record Changed(TaskFamily inner, UnaryOperator<Step> change) implements TaskFamily {
        TaskSet tasks(TaskSet given) {
            return TaskSet.of(given.train().stream().map(t -> new Task(this, t.values())).toList(),
                given.test().stream().map(t -> new Task(this, t.values())).toList());
        }

        private Task inner(Task task) {
            return new Task(inner, task.values());
        }

        @Override
        public String name() {
            return "my-" + inner.name();
        }

        @Override
        public String description() {
            return inner.description();
        }

        @Override
        public List<Parameter> parameters() {
            return inner.parameters();
        }

        @Override
        public List<Task> sample(int count, RandomGenerator random) {
            return inner.sample(count, random).stream().map(t -> task(t.values().stream().mapToDouble(v -> v).toArray())).toList();
        }

        @Override
        public int horizon() {
            return inner.horizon();
        }

        @Override
        public double reward(Task task, double[] outcome, double[] action) {
            return inner.reward(inner(task), outcome, action);
        }

        @Override
        public Environment environment(Task task) {
            return new WrappedEnvironment(inner.environment(inner(task))) {
                @Override
                public Step step(double[] action) {
                    return change.apply(super.step(action));
                }
            };
        }
    }

    /** What an environment does wrong at a step of its life, and what must be said of it. */
    private static Map<String, UnaryOperator<Step>> faults() {
        var faults = new LinkedHashMap<String, UnaryOperator<Step>>();
        faults.put("the reward is NaN", s -> new Step(s.observation(), Double.NaN, s.terminated(), s.truncated(), s.outcome()));
        faults.put("the observation has 7 entries", s -> new Step(new double[7], s.reward(), s.terminated(), s.truncated(), s.outcome()));
        faults.put("the environment failed with IllegalStateException: the motor is broken", s -> {
            throw new IllegalStateException("the motor is broken");
        });
        return faults;
    }

    @ParameterizedTest
    @MethodSource("metarl.train.LearnerContractTest#cases")
    void afterAFaultOfTheEnvironmentARunGoesOnAsIfNothingHadBeen(LearnerContractTest.Case c) throws IOException {
        var steps = new AtomicInteger();
        var when = new AtomicInteger(-1);
        var fault = new AtomicReference<UnaryOperator<Step>>();
        UnaryOperator<Step> change = s -> steps.incrementAndGet() == when.get() ? fault.get().apply(s) : s;
        MetaTraining training = c.on(new Changed(c.tasks().family(), change).tasks(c.tasks())).training();
        Path whole = folder.resolve("whole");
        run(training.saveTo(whole), new TinyRun.QuickDisk());
        int all = steps.get(), number = 0;
        for (var f : faults().entrySet()) {
            steps.set(0);
            fault.set(f.getValue());
            when.set(3 + number * all / 4);
            Path parts = folder.resolve("parts-" + number++);
            var e = assertThrows(TrainingStoppedException.class, () -> run(training.saveTo(parts), new TinyRun.QuickDisk()));
            assertTrue(e.getCause() instanceof EnvironmentException, e.toString());
            assertTrue(e.getMessage().contains("my-" + c.tasks().family().name() + "(") && e.getMessage().contains(f.getKey())
                && e.getMessage().matches("(?s).*step \\d+ of episode \\d+.*Log and checkpoint are in.*"), e.getMessage());
            var kept = new RunFolder(parts);
            assertArrayEquals(TinyRun.log(parts), kept.readLog(kept.read()).csv().getBytes(StandardCharsets.UTF_8));
            run(training.saveTo(parts), new TinyRun.QuickDisk());
            assertSame(whole, parts, f.getKey());
        }
    }

    @ParameterizedTest
    @MethodSource("metarl.train.LearnerContractTest#cases")
    void damageIsRefusedAndThePartIsNamed(LearnerContractTest.Case c) throws IOException {
        run(c.training().saveTo(folder), new TinyRun.QuickDisk());
        var random = new Random(7);
        for (String name : List.of("state.bin", "replay.bin")) {
            Path file = TinyRun.checkpoint(folder).resolve(name);
            byte[] good = Files.readAllBytes(file);
            var begins = begins(c, good, name.equals("replay.bin"));
            if (good.length == 0) continue;
            var places = new ArrayList<>(random.ints(12, 0, good.length).boxed().toList());
            begins.values().forEach(begin -> places.addAll(List.of(begin, begin + 1, begin + 3)));
            for (int at : places) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bad);
                refused(c, file, begins, at);
            }
            // sizes that are there, but absurd
            for (int begin : begins.values()) {
                byte[] bad = good.clone();
                int content = begin + 2 + (bad[begin] << 8) + bad[begin + 1];
                for (int k = 0; k < 4; k++) bad[content + k] = (byte) (k == 0 ? 0x7f : 0xff);
                Files.write(file, bad);
                refused(c, file, begins, content);
            }
            Files.write(file, good);
        }
    }

    /** Where each part begins with its name; the last entry is where the last one ends. */
    private static Map<String, Integer> begins(LearnerContractTest.Case c, byte[] file, boolean replay) throws IOException {
        var begins = new LinkedHashMap<String, Integer>();
        int at = replay ? 0 : "metarl 3".length();
        try (Driven driven = c.driven(1)) {
            for (String name : driven.learner.state().names()) {
                var header = new ByteArrayOutputStream();
                new DataOutputStream(header).writeUTF(name);
                int found = at;
                while (found + header.size() <= file.length
                    && !Arrays.equals(header.toByteArray(), 0, header.size(), file, found, found + header.size())) found++;
                if (found + header.size() > file.length) continue;
                begins.put(name, found);
                at = found + header.size();
            }
        }
        return begins;
    }

    private void refused(LearnerContractTest.Case c, Path file, Map<String, Integer> begins, int at) {
        String message = assertThrows(IllegalStateException.class, () -> MetaRun.load(folder.toString(), c.algorithm().getClass()))
            .getMessage();
        assertTrue(message.contains(file + " cannot be read: its checksum does not fit"), message);
        String part = null;
        for (var begin : begins.entrySet()) if (begin.getValue() <= at) part = begin.getKey();
        boolean last = part == null || begins.keySet().stream().reduce((a, b) -> b).orElseThrow().equals(part);
        assertTrue(last && file.endsWith("state.bin") || message.contains("'" + part + "'"), at + ", in '" + part + "': " + message);
    }
}
