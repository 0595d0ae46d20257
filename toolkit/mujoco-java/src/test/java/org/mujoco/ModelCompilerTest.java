package org.mujoco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No model ends the process: crashes, endless compilations and models that fill the memory are exceptions. */
class ModelCompilerTest {
    /** Never ends on any machine of today. */
    private static final String ENDLESS = "<mujoco><worldbody>" + "<replicate count=\"1000\" offset=\"1 0 0\">".repeat(6)
        + "<geom size=\"0.1\"/>" + "</replicate>".repeat(6)
        + "</worldbody></mujoco>";

    /** The program of the child process: every hostile model, then an ordinary one. */
    static final class Child {
        public static void main(String[] arguments) {
            System.setProperty(ModelCompiler.MEMORY, "300");
            for (HostileModels.Hostile hostile : HostileModels.in(Path.of(arguments[0]))) {
                // what would only go on for long is ended soon; a crash has its time, also where other programs run
                System.setProperty(ModelCompiler.SECONDS, hostile.kind().matches("(replicate|composite).*") ? "1" : "20");
                String outcome;
                try (Model model = hostile.load(); var simulation = new Simulation(model)) {
                    simulation.step(new double[model.controls()], 3);
                    outcome = "simulated";
                } catch (MujocoException e) {
                    outcome = "refused: " + e.getMessage();
                }
                System.out.println(hostile.kind() + "\t" + outcome.replaceAll("\\s+", " "));
            }
            try (Model model = MujocoTest.model()) {
                System.out.println("after all\t" + model.positions() + " positions");
            }
        }
    }

    @TempDir
    Path folder;

    private String child(long seconds, String program, String... arguments) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the limits of the child are Linux'");
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -v 6000000; exec \"$@\"", "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
            "-XX:ReservedCodeCacheSize=64m", "-XX:CompressedClassSpaceSize=64m", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
            "-D" + ModelCompiler.SECONDS + "=3",
            "-D" + ModelCompiler.MEMORY + "=300", "-cp", System.getProperty("java.class.path"), program));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile())
            .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertTrue(ended, "the child process hangs after: " + text);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    @Test
    void noHostileModelEndsTheProcess() throws Exception {
        Map<String, String> outcomes = child(120, Child.class.getName(), folder.toString()).lines().filter(line -> line.contains("\t"))
            .collect(Collectors.toMap(line -> line.substring(0, line.indexOf('\t')), line -> line.substring(line.indexOf('\t') + 1)));
        assertEquals("2 positions", outcomes.remove("after all"));
        assertEquals(HostileModels.in(folder).size(), outcomes.size());
        assertTrue(outcomes.size() >= 60, outcomes.size() + " kinds");
        for (var outcome : outcomes.entrySet()) {
            String text = outcome.getValue();
            assertTrue(text.equals("simulated") || text.startsWith("refused: ") && text.length() > 40, outcome.toString());
        }
        assertTrue(outcomes.values().stream().filter(text -> text.startsWith("refused")).count() >= 55, outcomes.toString());
        contains(outcomes, "mesh builtin supersphere 100000 1 1", "larger than MuJoCo can hold", "params=\"100000 1 1\" (line 1)");
        // the same cause shows as a crash or as an error of its own in other versions
        if (Model.version().startsWith("3.17"))
            contains(outcomes, "hfield of 10¹⁰ points", "more than the 300 MiB of memory", "mujoco.compile.memory");
        if (Model.version().startsWith("3.17"))
            contains(outcomes, "nuser_geom", "more than the 300 MiB of memory", "nuser_geom=\"2000000000\"");
        contains(outcomes, "nkey", "nkey=\"2000000000\" (line 1), expected at most 1000000");
        contains(outcomes, "replicate 100000000", "count=\"100000000\" (line 1), expected at most 1000000");
        // which limit comes first depends on the machine
        assertTrue(outcomes.get("replicates in replicates").matches(".*(took more than 1 s to compile|more than the 300 MiB of memory).*"),
            outcomes.toString());
        contains(outcomes, "damaged binary model", "is a binary model");
        contains(outcomes, "two files that include each other", "already included");
        if (Model.version().startsWith("3.17")) contains(outcomes, "an attached file that attaches itself",
            "made MuJoCo crash while it read the model (signal 11)", "This program is unharmed");
    }

    private static void contains(Map<String, String> outcomes, String kind, String... expected) {
        for (String text : expected) assertTrue(outcomes.get(kind).contains(text), kind + ": " + outcomes.get(kind));
    }

    @Test
    void noDamagedModelEndsTheProcessOrEscapesTheDocumentedExceptions() throws Exception {
        String text = child(120, ModelFuzz.class.getName(), "400", "17");
        assertTrue(text.contains("400 damaged models") && text.contains("the process lives; failures: 0"), text);
    }

    @Test
    void anEndlessCompilationIsEndedByAnInterrupt() throws Exception {
        var failure = new RuntimeException[1];
        var interrupted = new boolean[1];
        var thread = new Thread(() -> {
            try {
                Model.fromXml(ENDLESS).close();
            } catch (RuntimeException e) {
                failure[0] = e;
                interrupted[0] = Thread.currentThread().isInterrupted();
            }
        });
        thread.start();
        Thread.sleep(200);
        thread.interrupt();
        thread.join(10_000);
        assertTrue(failure[0] instanceof MujocoException && failure[0].getMessage().contains("interrupted"), String.valueOf(failure[0]));
        assertTrue(interrupted[0], "the interrupt stays known");
        MujocoTest.model().close();
    }

    @Test
    void aCompilationThatTakesTooLongIsEnded() {
        System.setProperty(ModelCompiler.SECONDS, "1");
        System.setProperty(ModelCompiler.MEMORY, "4096");
        try {
            String message = assertThrows(MujocoException.class, () -> Model.fromXml(ENDLESS)).getMessage();
            assertTrue(message.contains("took more than 1 s to compile")
                && message.contains("System.setProperty(\"mujoco.compile.seconds\", \"10\")"), message);
        } finally {
            System.clearProperty(ModelCompiler.SECONDS);
            System.clearProperty(ModelCompiler.MEMORY);
        }
        MujocoTest.model().close();
    }

    @Test
    void severalThreadsCompileAtTheSameTimeAndAnEndlessOneHoldsUpNobody() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            var endless = threads.submit(() -> Model.fromXml(ENDLESS));
            var others = threads.invokeAll(java.util.Collections.<java.util.concurrent.Callable<Double>>nCopies(12, () -> {
                try (Model model = MujocoTest.model(); var simulation = new Simulation(model)) {
                    simulation.step(new double[] {1, 1}, 10);
                    return simulation.position(0);
                }
            }), 30, TimeUnit.SECONDS);
            double expected = others.get(0).get();
            for (var other : others) assertEquals(expected, other.get());
            assertTrue(!endless.isDone());
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aHelperThatWasKilledIsReplaced() throws Exception {
        MujocoTest.model().close();
        for (int i = 0; i < 3; i++) {
            var helpers = ProcessHandle.current().children().filter(child -> child.info().command().orElse("").endsWith("mujoco-compiler"))
                .toList();
            assumeTrue(!helpers.isEmpty(), "no helper here");
            helpers.forEach(ProcessHandle::destroyForcibly);
            MujocoTest.model().close();
        }
    }

    @Test
    void aModelCompiledApartIsTheOneCompiledHere() {
        double[][] states = new double[2][];
        for (int i = 0; i < 2; i++) {
            System.setProperty(ModelCompiler.APART, i == 0 ? "true" : "false");
            try (Model model = MujocoTest.model(); var simulation = new Simulation(model)) {
                simulation.step(new double[] {1, -0.5}, 200);
                states[i] = simulation.state();
            } finally {
                System.clearProperty(ModelCompiler.APART);
            }
        }
        assertArrayEquals(states[0], states[1]);
    }

    @Test
    void limitsThatAreNoneAreNamed() {
        System.setProperty(ModelCompiler.SECONDS, "soon");
        try {
            String message = assertThrows(MujocoException.class, () -> MujocoTest.model()).getMessage();
            assertTrue(message.contains("mujoco.compile.seconds is 'soon'"), message);
        } finally {
            System.clearProperty(ModelCompiler.SECONDS);
        }
    }

    @Test
    void largeNumbersInCommentsAreNotMeant() {
        try (Model model = Model.fromXml("<mujoco><!-- <size nkey=\"2000000000\"/> -->\n<worldbody/></mujoco>")) {
            assertEquals(1, model.bodies());
        }
        assertEquals("The largest numbers in it: memory=\"2G\" (line 3), b='30000 4' (line 2). ".replace('\'', '"'),
            DeclaredSizes.largest("<a>\n<b b='30000 4'/><!-- c=\"1e9\" -->\n<d memory=\"2G\"/>"));
    }
}
