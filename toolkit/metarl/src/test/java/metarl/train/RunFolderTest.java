package metarl.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import metarl.agent.gradient.Rl2;
import metarl.agent.hindsight.Relabeller;
import metarl.agent.value.Mql;
import metarl.agent.value.Pearl;
import metarl.task.TaskSet;
import metarl.task.families.Bandit;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a run does to a folder, and what it makes of a folder that somebody else has been in. */
class RunFolderTest {
    private static final TaskSet POINTS = TaskSet.of(PointRobot.dense()).train(3).test(2).sample(7);

    @TempDir
    private Path folder;

    private static MetaTraining points() {
        return TinyRun.training(POINTS);
    }

    /** Every file under a folder with its content; folders too. */
    private static Map<String, String> contents(Path folder) throws IOException {
        var all = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path p : files.toList()) all.put(folder.relativize(p).toString(), Files.isDirectory(p) ? "/"
                : new String(Files.readAllBytes(p), StandardCharsets.ISO_8859_1));
        }
        return all;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path p : files.toList()) Files.copy(p, to.resolve(from.relativize(p).toString()));
        }
    }

    @Test
    void aFolderThatIsNotARunsIsRefusedAndStaysAsItIs() throws Exception {
        List<String> foreign = List.of("log.csv", "notes.txt", "run.json.new", "run.json", "state.bin", ".hidden", "checkpoint-mine/a",
            "checkpoint-100-1f/state.bin", "checkpoint-100-1f/log.csv",
            "checkpoint-7-a", "metarl.lock.bak");
        for (String name : foreign) {
            Path there = Files.createDirectories(folder.resolve(name.replace('/', '+')));
            Files.createDirectories(there.resolve(name).getParent());
            Files.writeString(there.resolve(name), "mine");
            var before = contents(there);
            for (var call : List.<Executable>of(() -> points().saveTo(there).run(), () -> {
                try (MetaRun run = points().run()) {
                    run.saveNetworks(there.toString());
                }
            })) {
                String message = assertThrows(RuntimeException.class, call).getMessage();
                String expected = name.equals("run.json") ? "run.json cannot be used"
                    : "holds files that belong to no run: " + name.split("/")[0];
                assertTrue(message.contains(expected), name + ": " + message);
                assertEquals(before, contents(there), name);
            }
        }
    }

    @Test
    void whatAUserPutsIntoARunsFolderStays() throws Exception {
        points().steps(80).saveTo(folder).run().close();
        copy(TinyRun.checkpoint(folder), folder.resolve("checkpoint-80-c0"));
        Files.createDirectories(folder.resolve("checkpoint-mine"));
        Files.createDirectories(folder.resolve("checkpoint-80-abc"));
        List<String> mine = List.of("notes.txt", "checkpoint-mine/weights", "checkpoint-80-abc/state.bin", "log.csv.bak");
        for (String name : mine) Files.writeString(folder.resolve(name), "mine");
        Path current = folder.resolve(new RunFolder(folder).read().checkpoint());
        Files.writeString(current.resolve("why.txt"), "mine too");
        points().saveTo(folder).run().close();
        var after = contents(folder);
        for (String name : mine) assertEquals("mine", after.get(name), name);
        assertEquals("mine too", after.get(current.getFileName() + "/why.txt"));
        assertTrue(after.containsKey("checkpoint-80-c0/run.json"), "a copy of a checkpoint is the user's");
        assertTrue(!after.containsKey(current.getFileName() + "/state.bin"), "the old checkpoint itself is gone");
    }

    @Test
    void aChangedLogIsPutAside() throws Exception {
        points().saveTo(folder.resolve("whole")).run().close();
        Path run = folder.resolve("run");
        points().steps(80).saveTo(run).run().close();
        Files.writeString(run.resolve("log.csv"), "opened;in;a;spreadsheet\n");
        points().saveTo(run).run().close();
        assertArrayEquals(TinyRun.log(folder.resolve("whole")), TinyRun.log(run));
        assertEquals("opened;in;a;spreadsheet\n", Files.readString(run.resolve("log-changed-1.csv")));
    }

    @Test
    void placesThatCannotHoldARunAreNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        String message = assertThrows(IllegalArgumentException.class, () -> points().saveTo(file).run()).getMessage();
        assertTrue(message.contains("is not a folder"), message);
        message = assertThrows(RuntimeException.class, () -> points().saveTo(file.resolve("below")).run()).getMessage();
        assertTrue(message.contains("cannot be made"), message);
        message = assertThrows(RuntimeException.class, () -> points().saveTo("/proc/metarl").run()).getMessage();
        assertTrue(message.contains("/proc/metarl cannot be made"), message);
        message = assertThrows(IllegalArgumentException.class, () -> points().saveTo("a\0b")).getMessage();
        assertTrue(message.contains("saveTo(\"a\0b\")"), message);
        message = assertThrows(IllegalArgumentException.class, () -> points().saveTo("/").run()).getMessage();
        assertTrue(message.contains("belong to no run"), message);
        for (String odd : List.of("a b", "ü λ", "x\"y'z", "per%cent#", "tab\tline\n")) {
            points().saveTo(folder.resolve(odd)).run().close();
            MetaRun.load(folder.resolve(odd)).close();
        }
    }

    @Test
    void networksTakeTheirOwnPlaceOnly() throws Exception {
        Path run = folder.resolve("run"), networks = folder.resolve("networks");
        try (MetaRun trained = points().saveTo(run).run()) {
            var before = contents(run);
            String message = assertThrows(IllegalArgumentException.class, () -> trained.saveNetworks(run.toString())).getMessage();
            assertTrue(message.contains("holds a run that can be trained on"), message);
            assertEquals(before, contents(run));
            for (int i = 0; i < 2; i++) trained.saveNetworks(networks.toString());
            assertEquals(1, TinyRun.names(networks).stream().filter(n -> n.startsWith("checkpoint-")).count());
            try (MetaRun loaded = MetaRun.load(networks)) {
                assertEquals(trained.lastEvaluation(), loaded.lastEvaluation());
            }
        }
        String message = assertThrows(IllegalStateException.class, () -> points().saveTo(networks).run()).getMessage();
        assertTrue(message.contains("holds only networks"), message);
    }

    @Test
    void aLostDescriptionIsAnErrorThatSaysHowToGoOn() throws Exception {
        points().saveTo(folder.resolve("whole")).run().close();
        for (boolean damaged : new boolean[] {false, true}) {
            Path run = folder.resolve("run-" + damaged);
            points().steps(80).saveTo(run).run().close();
            Path json = run.resolve("run.json");
            if (damaged) Files.writeString(json, Files.readString(json).replace("\"seed\" : 5", "\"seed\" : 4"));
            else Files.delete(json);
            var before = contents(run);
            for (var call : List.<Executable>of(() -> points().saveTo(run).run(), () -> MetaRun.load(run))) {
                String message = assertThrows(IllegalStateException.class, call).getMessage();
                Path copy = TinyRun.checkpoint(run).resolve("run.json");
                assertTrue(message.contains(damaged ? "its checksum does not fit" : "is missing")
                    && message.contains("put " + copy + " in its place"), message);
                assertEquals(before, contents(run));
            }
            Files.copy(TinyRun.checkpoint(run).resolve("run.json"), run.resolve("run.json"), StandardCopyOption.REPLACE_EXISTING);
            points().saveTo(run).run().close();
            assertArrayEquals(TinyRun.log(folder.resolve("whole")), TinyRun.log(run));
        }
    }

    @Test
    void damageIsNamedOrWithoutEffect() throws Exception {
        points().saveTo(folder.resolve("whole")).run().close();
        byte[] whole = TinyRun.log(folder.resolve("whole"));
        Path stored = folder.resolve("stored");
        points().steps(80).saveTo(stored).run().close();
        List<String> files = contents(stored).entrySet().stream().filter(e -> !e.getValue().equals("/")).map(Map.Entry::getKey).toList();
        assertEquals(7, files.size(), files.toString());
        var random = new Random(7);
        int refused = 0, healed = 0;
        for (int i = 0; i < 105; i++) {
            Path run = folder.resolve("run-" + i);
            copy(stored, run);
            String file = files.get(i % files.size()), damage = damage(run.resolve(file), random);
            try {
                try (MetaRun loaded = MetaRun.load(run)) {
                    assertEquals(80, loaded.steps());
                }
                TinyRun.run(points().saveTo(run), new TinyRun.QuickDisk(), new Pace()).close();
                assertArrayEquals(whole, TinyRun.log(run), file + " " + damage);
                healed++;
            } catch (IllegalStateException e) {
                refused++;
                assertTrue(
                    e.getMessage().contains(run.toString()) && e.getMessage().matches("(?s).*(delete the folder|in its place to go on).*"),
                    file + " " + damage + ": " + e.getMessage());
            }
        }
        // of seven files the lock, the log to look at and the copy of the description carry nothing that is not elsewhere
        assertEquals(45, healed);
        assertEquals(60, refused);
    }

    private static String damage(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length), kind = bytes.length == 0 ? 3 : random.nextInt(5);
        switch (kind) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, at);
            case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) (bytes[at] + 1));
            case 3 -> {
                bytes = Arrays.copyOf(bytes, bytes.length + 10);
                bytes[bytes.length - 1] = 'x';
            }
            default -> {
                Files.delete(file);
                return "deleted";
            }
        }
        Files.write(file, bytes);
        return "damage " + kind + " at " + at;
    }

    /** What format 1 wrote: no checksums, no mark, no names of parts, the log outside. */
    private static void toFormatOne(Path run) throws IOException {
        toFormatTwo(run);
        var mapper = new ObjectMapper();
        var json = (ObjectNode) mapper.readTree(run.resolve("run.json").toFile());
        json.put("format", 1).remove(List.of("crc32c", "files", "lastEvaluation", "steps"));
        mapper.writeValue(run.resolve("run.json").toFile(), json);
        Path checkpoint = TinyRun.checkpoint(run);
        for (String name : List.of("run.json", "log.csv")) Files.delete(checkpoint.resolve(name));
        Files.delete(run.resolve("metarl.lock"));
        byte[] state = Files.readAllBytes(checkpoint.resolve("state.bin"));
        Files.write(checkpoint.resolve("state.bin"), Arrays.copyOfRange(state, 8, state.length - 12));
    }

    /**
     * Format 2 had neither names nor checksums of parts; it ended with the tasks and the seed of a collection that was broken off, here
     * none.
     */
    private static void toFormatTwo(Path run) throws IOException {
        Path checkpoint = TinyRun.checkpoint(run), state = checkpoint.resolve("state.bin"), replay = checkpoint.resolve("replay.bin");
        byte[] bytes = Files.readAllBytes(state), stored = Files.readAllBytes(replay);
        var out = new ByteArrayOutputStream();
        out.writeBytes("metarl 2".getBytes(StandardCharsets.US_ASCII));
        int tail = 5 * Long.BYTES + Integer.BYTES, added = 1 + Long.BYTES + Integer.BYTES, at = 8, begin = -1;
        List<String> names;
        try (var learner = points().algorithm().learner(points().problem(), 1)) {
            names = learner.state().names();
        }
        for (String name : names.subList(0, names.size() - 1)) {
            byte[] header = header(name);
            while (!Arrays.equals(header, 0, header.length, bytes, at, at + header.length)) at++;
            if (begin >= 0) out.write(bytes, begin, at - Integer.BYTES - begin);
            begin = at += header.length;
        }
        int end = bytes.length - tail - added;
        out.write(bytes, begin, end - Integer.BYTES - begin);
        out.write(bytes, end, tail);
        out.write(new byte[Integer.BYTES + Long.BYTES]);
        Files.write(state, out.toByteArray());
        Files.write(replay, Arrays.copyOfRange(stored, header("replay").length, stored.length - Integer.BYTES));
    }

    private static byte[] header(String name) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new DataOutputStream(bytes).writeUTF(name);
        return bytes.toByteArray();
    }

    @Test
    void formatOneIsStillRead() throws Exception {
        points().saveTo(folder.resolve("whole")).run().close();
        Path run = folder.resolve("run");
        try (MetaRun trained = points().steps(80).saveTo(run).run()) {
            toFormatOne(run);
            Files.writeString(run.resolve("log.csv"), "120,,written later,1", StandardOpenOption.APPEND);
            try (MetaRun loaded = MetaRun.load(run)) {
                assertEquals(80, loaded.steps());
                assertEquals(trained.log().rowCount(), loaded.log().rowCount());
            }
            // a finished run: its last evaluation is made again
            try (MetaRun again = points().steps(80).saveTo(run).run()) {
                assertEquals(trained.lastEvaluation(), again.lastEvaluation());
            }
        }
        points().saveTo(run).run().close();
        assertArrayEquals(TinyRun.log(folder.resolve("whole")), TinyRun.log(run));
        assertEquals(3, new RunFolder(run).read().format());
        TinyRun.checkpoint(run);
        for (String model : List.of("mql-cheetah-vel", "rl2-bandit-100-5")) {
            String json = Files.readString(Path.of("../../models", model, "run.json"));
            assertTrue(json.contains("\"format\" : 1") || json.contains("\"format\": 1"), model);
        }
        MetaRun.load("../../models/rl2-bandit-100-5").close();
    }

    /** A run that was stored before a method had a setting has its default, is read, and can go on. */
    @Test
    void settingsThatCameLaterHaveTheirDefaults() throws Exception {
        try (MetaRun stored = MetaRun.load("../../models/pearl-sparse-point")) {
            assertEquals(Relabeller.none(), ((Pearl) stored.training().algorithm()).relabeller());
        }
        var training = MetaTraining.on(TaskSet.of(PointRobot.dense()).train(2).test(1).sample(1))
            .algorithm(Pearl.pointRobot().initialSteps(20).updatesPerIteration(1)).evaluateEvery(80).seed(1)
            .saveTo(folder.resolve("older"));
        training.steps(80).run().close();
        for (Path file : Files.walk(folder.resolve("older")).filter(f -> f.endsWith("run.json")).toList()) {
            var mapper = new ObjectMapper();
            var node = (ObjectNode) mapper.readTree(file.toFile());
            ((ObjectNode) node.path("knobs").path("settings")).remove(List.of("relabeller", "ratios"));
            node.put("crc32c", "00000000");
            Files.write(file, RunDescription.text(node));
        }
        try (MetaRun longer = training.steps(160).run()) {
            assertTrue(longer.steps() >= 160);
        }
    }

    @Test
    void sizesInDamagedFilesOfFormatOneCostNoMemory() throws Exception {
        points().steps(80).saveTo(folder.resolve("stored")).run().close();
        toFormatOne(folder.resolve("stored"));
        var random = new Random(3);
        for (int i = 0; i < 60; i++) {
            Path run = folder.resolve("run-" + i);
            copy(folder.resolve("stored"), run);
            Path file = TinyRun.checkpoint(run).resolve(i % 2 == 0 ? "state.bin" : "replay.bin");
            byte[] bytes = Files.readAllBytes(file);
            int at = i < 4 ? 0 : random.nextInt(bytes.length - 4);
            for (int k = 0; k < 4; k++) bytes[at + k] = (byte) (k == 0 ? 0x0f : 0xff);
            Files.write(file, bytes);
            try {
                MetaRun.load(run).close();
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains(file + " cannot be read: "), e.getMessage());
            }
        }
    }

    @Test
    void aNewerFormatIsRefusedByName() throws Exception {
        points().steps(80).saveTo(folder).run().close();
        Path json = folder.resolve("run.json");
        Files.writeString(json, Files.readString(json).replace("\"format\" : 3", "\"format\" : 4"));
        String message = assertThrows(IllegalStateException.class, () -> MetaRun.load(folder)).getMessage();
        assertTrue(message.contains("it has format 4, this version of the toolkit knows formats up to 3"), message);
    }

    @Test
    void aFinishedRunIsThereWholeWhenItIsRunOrLoadedAgain() throws Exception {
        var settings = Mql.pointRobot().base(b -> TinyRun.SETTINGS.randomSteps(20)).newTaskUpdates(1).replayUpdates(2);
        MetaTraining training = MetaTraining.on(POINTS).algorithm(settings).steps(200).evaluateEvery(80).adaptTasks(1).shots(2).episodes(3)
            .seed(5)
            .saveTo(folder);
        try (MetaRun first = training.run()) {
            var before = contents(folder);
            try (MetaRun again = training.run(); MetaRun loaded = MetaRun.load(folder)) {
                for (MetaRun run : List.of(again, loaded)) {
                    assertEquals(first.lastEvaluation(), run.lastEvaluation());
                    assertTrue(run.lastEvaluation().tasks().get(0).evidence("ess") > 0 && run.lastEvaluation().tasks().get(0).adapted());
                    assertTrue(!run.lastEvaluation().tasks().get(1).adapted());
                    assertEquals(first.summary().print(), run.summary().print());
                    assertEquals(first.log().print(1000), run.log().print(1000));
                    assertEquals(first.evaluate(POINTS.test(), 1, 2), run.evaluate(POINTS.test(), 1, 2));
                    MetaTraining asked = run.training();
                    assertEquals(List.of(200L, 80L, 5L, 2L, 3L, 1L),
                        List.of(asked.steps(), asked.evaluateEvery(), asked.seed(), (long) asked.shots(),
                            (long) asked.episodes(), (long) asked.adaptTasks()));
                }
            }
            var after = contents(folder);
            before.remove("metarl.lock");
            after.remove("metarl.lock");
            assertEquals(before, after, "nothing to do, nothing written");
        }
    }

    @Test
    void aRunThatWaitsForAnotherCanBeInterrupted() throws Exception {
        var caught = new AtomicReference<Throwable>();
        var inside = new TrainingListener() {
            @Override
            public void evaluated(Evaluation evaluation) {
                if (caught.get() != null) return;
                var second = new Thread(() -> {
                    try {
                        points().saveTo(folder.resolve("a/../a")).run().close();
                    } catch (Throwable t) {
                        caught.set(t);
                    }
                });
                second.start();
                try {
                    while (second.getState() != Thread.State.WAITING) Thread.sleep(1);
                    second.interrupt();
                    second.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        points().saveTo(folder.resolve("a")).listen(inside).run().close();
        assertTrue(
            caught.get() instanceof TrainingInterruptedException && caught.get().getMessage().contains("while waiting for an earlier run"),
            ""
                + caught.get());
    }

    @Test
    void knobsThatEndInTrainOrTestAreComparedToo() throws Exception {
        var json = new ObjectMapper();
        var description = new RunDescription(json.readTree(
            "{\"knobs\": {\"settings\": {\"stepsToTrain\": 1, \"train\": [1, 2]}, \"tasks\": {\"train\": [1]}}}"));
        var wanted = (ObjectNode) json.readTree("{\"settings\": {\"stepsToTrain\": 2, \"train\": [1, 3]}, \"tasks\": {\"train\": [2]}}");
        assertEquals(List.of("stepsToTrain was 1, now 2", "train was [1,2], now [1,3]"), description.differences(wanted));
    }

    /** Runs of RL² from before its training was a record of its own. */
    @Test
    void settingsThatOnceStoodSideBySideAreStillRead() throws Exception {
        var tasks = TaskSet.of(Bandit.bernoulli(2)).train(3).test(1).sample(1);
        Rl2 settings = Rl2.bandit(5).hidden(4).trialsPerUpdate(8).trialsPerBatch(4).epochs(1);
        MetaTraining training = MetaTraining.on(tasks).algorithm(settings).steps(40).evaluateEvery(1_000).adaptTasks(0).seed(1);
        var json = new ObjectMapper();
        var stored = RunDescription.knobs(training);
        var flat = (ObjectNode) stored.get("settings");
        var within = (ObjectNode) flat.remove("training");
        flat.setAll(within.retain("discount", "lambda", "clip", "epochs", "trialsPerUpdate", "trialsPerBatch", "learningRate",
            "decaySteps", "entropyCoefficient", "divergenceLimit", "episodesPerTrial"));
        var description = new RunDescription(json.createObjectNode().put("format", 3).set("knobs", stored));
        assertEquals(settings, description.training(folder).algorithm());
        assertEquals(List.of(), description.differences(RunDescription.knobs(training)));
        assertEquals(List.of("training.clip was 0.2, now 0.1"),
            description.differences(RunDescription.knobs(training.algorithm(settings.clip(0.1)))));
    }

    @Test
    void theUnitsOfAValueTravelWithItsNetwork() throws Exception {
        var tasks = TaskSet.of(Bandit.bernoulli(2)).train(3).test(1).sample(1);
        Rl2 settings = Rl2.bandit(5).hidden(4).trialsPerUpdate(8).trialsPerBatch(4).epochs(1);
        MetaTraining training = MetaTraining.on(tasks).algorithm(settings).steps(120).evaluateEvery(1_000).adaptTasks(0).seed(1);
        try (MetaRun run = training.run()) {
            run.saveNetworks(folder.toString());
            try (MetaRun loaded = MetaRun.load(folder); MetaRun more = training.startFrom(run).run();
                MetaRun again = training.startFrom(loaded).run()) {
                // the first update after the start says how well the value foresees returns in its units
                assertEquals(more.log().print(100), again.log().print(100));
                run.saveNetworks(folder.resolve("b").toString());
                loaded.saveNetworks(folder.resolve("c").toString());
                assertArrayEquals(Files.readAllBytes(TinyRun.checkpoint(folder.resolve("b")).resolve("state.bin")),
                    Files.readAllBytes(TinyRun.checkpoint(folder.resolve("c")).resolve("state.bin")));
            }
        }
    }

    @Test
    void aLogIsReadAsItWasWritten() throws Exception {
        var log = new MetricLog();
        for (String name : List.of("", "plain", "a,b", "\"", "\"\"", "line\nbreak", "\r\n", "# no comment", "ends with \"", ","))
            log.add(new LogRow(3, name, "m" + name, -0.0));
        log.add(new LogRow(Long.MAX_VALUE, "", "x", Double.NaN));
        log.add(new LogRow(0, "", "x", Double.NEGATIVE_INFINITY));
        assertEquals(log.rows(), MetricLog.parse(log.csv(), log.size()).rows());
        assertEquals(log.rows().subList(0, 5), MetricLog.parse(log.csv(), 5).rows());
        String text = log.csv();
        for (int end = 0; end < text.length(); end++) {
            String cut = text.substring(0, end);
            assertThrows(IOException.class, () -> MetricLog.parse(cut, log.size()), cut);
        }
    }

    @Test
    void savingTakesLittleOfTheTime() {
        long[] now = {0};
        var pace = new Pace(60, () -> now[0]);
        double spent = 0;
        int saves = 0;
        // evaluations every 10 s, a save costs 5 s
        for (int t = 0; t < 36_000; t++) {
            now[0] += 1_000_000_000L;
            if (!pace.isDue(t % 10 == 0)) continue;
            double from = pace.seconds();
            now[0] += 5_000_000_000L;
            pace.saved(from);
            spent += 5;
            saves++;
        }
        assertTrue(spent <= 0.02 * pace.seconds() + 6 && saves > 100, saves + " saves of 5 s in " + pace.seconds() + " s");
    }
}
