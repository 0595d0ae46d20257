package metarl.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who does runs, and who asks for them, may die at any time: what was done stays done, and the end is the same. */
class KilledSweepTest {
    private static final int KILLS = 3;

    @TempDir
    private Path folder;
    @TempDir
    private static Path undisturbed;

    /** The longer sweep without any disturbance; done once. */
    private static SweepResults whole() {
        return Sweeps.longer(undisturbed).run();
    }

    @Test
    void aProcessThatIsKilledAtRandomMomentsLosesNothing() throws Exception {
        Path run = folder.resolve("killed");
        var random = new Random(3);
        Map<String, String> done = Map.of();
        int broken = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = Sweeps.java(Sweeps.Driver.class, run.toString());
            try {
                int before = Sweeps.files(run, "run.json").size() + Sweeps.files(run, "sweep-done.json").size();
                for (int i = 0; i < 3_000 && child.isAlive(); i++) {
                    if (Sweeps.files(run, "run.json").size() + Sweeps.files(run, "sweep-done.json").size() > before) break;
                    Thread.sleep(10);
                }
                Thread.sleep(random.nextInt(400));
            } finally {
                child.destroyForcibly().waitFor();
            }
            Map<String, String> now = Sweeps.files(run, "sweep-done.json");
            for (var mark : done.entrySet()) assertEquals(mark.getValue(), now.get(mark.getKey()), mark.getKey());
            if (now.size() < Sweeps.files(run, "run.json").size()) broken++;
            done = now;
        }
        assertTrue(broken > 0, "no run was killed on its way");
        SweepResults results = Sweeps.longer(run).run();
        assertTrue(results.isComplete(), results.words());
        SweepResults whole = whole();
        assertEquals(Sweeps.logs(undisturbed), Sweeps.logs(run));
        for (int i = 0; i < 6; i++) assertEquals(whole.rows().get(i).scores(), results.rows().get(i).scores());
        assertEquals(whole.comparison().summary().print(), results.comparison().summary().print());
    }

    /** Workers that lose every task once, and one of them always. */
    @Test
    void aLostTaskIsAskedForAgain() {
        var asked = new ArrayList<Integer>();
        Workers forgetful = new Workers() {
            private final Workers inner = Workers.threads(1);

            @Override
            public boolean inThisProcess() {
                return true;
            }

            @Override
            public void run(List<SweepTask> tasks, Consumer<SweepOutcome> ended) throws InterruptedException {
                asked.add(tasks.size());
                if (asked.size() > 1)
                    inner.run(tasks.stream().filter(t -> !t.name().equals("small on point-robot-dense, seed 2")).toList(), ended);
            }
        };
        SweepResults results = Sweeps.tiny(folder.resolve("lost")).run(forgetful);
        assertEquals(List.of(4, 4, 1), asked);
        assertTrue(results.words().contains("small on point-robot-dense, seed 2: its worker was lost 3 times"), results.words());
        assertEquals(3, results.rows().stream().filter(r -> r.state() == SweepRow.State.DONE).count());
    }

    /** Workers that give up after a task each time, and never begin if told so. */
    @Test
    void workersThatGiveUpAreAskedAgainAsLongAsSomethingComesOfIt() {
        Workers inner = Workers.threads(1), weak = (tasks, ended) -> {
            inner.run(tasks.subList(0, 1), ended);
            throw new IllegalStateException("the cluster is gone");
        }, gone = (tasks, ended) -> {
            throw new IllegalStateException("there is no cluster");
        };
        assertTrue(Sweeps.tiny(folder.resolve("weak")).run(weak).isComplete());
        var error = assertThrows(IllegalStateException.class, () -> Sweeps.tiny(folder.resolve("gone")).run(gone));
        assertEquals("there is no cluster", error.getMessage());
    }

    /** One damaged file costs one run, or nothing. */
    @Test
    void oneDamagedRunIsARowAndADamagedNoteIsWrittenAnew() throws Exception {
        Path run = folder.resolve("damaged");
        Sweeps.tiny(run).run();
        Map<String, String> done = Sweeps.files(run, "sweep-done.json");
        Files.writeString(run.resolve("point-robot-dense/small/seed-1/sweep-done.json"), "{");
        assertTrue(Sweeps.tiny(run).run().isComplete());
        assertEquals(done, Sweeps.files(run, "sweep-done.json"));
        Files.delete(run.resolve("point-robot-dense/small/seed-2/sweep-done.json"));
        Files.writeString(run.resolve("point-robot-dense/small/seed-2/run.json"), "{");
        SweepResults results = Sweeps.tiny(run).run();
        assertTrue(results.words().contains("small on point-robot-dense, seed 2: IllegalStateException: ")
            && results.words().contains("put") && results.words().contains("3 of 4 runs done, 1 failed"), results.words());
    }

    /** Two processes do the same sweep at the same time: each run is done by one of them. */
    @Test
    void twoProcessesShareASweep() throws Exception {
        Path run = folder.resolve("shared");
        Process other = Sweeps.java(Sweeps.Driver.class, run.toString());
        try {
            for (int i = 0; i < 3_000 && Sweeps.files(run, "run.json").isEmpty(); i++) Thread.sleep(10);
            SweepResults results = Sweeps.longer(run).run();
            assertTrue(results.isComplete(), results.words());
            assertEquals(0, other.waitFor());
        } finally {
            other.destroyForcibly().waitFor();
        }
        whole();
        assertEquals(Sweeps.logs(undisturbed), Sweeps.logs(run));
    }
}
