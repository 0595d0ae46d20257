package metarl.sweep;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import metarl.agent.value.Td3;
import metarl.task.TaskSet;
import metarl.task.families.PointRobot;

/** Sweeps of runs that take a fraction of a second, and what the tests ask of them. */
final class Sweeps {
    static final Td3 SMALL = Td3.pointRobot().hidden(4).batchSize(4).contextLength(2).contextSize(3).randomSteps(20).updatesPerStep(0.1)
        .replayCapacity(400);
    static final TaskSet TASKS = TaskSet.of(PointRobot.dense()).train(3).test(2).sample(7);

    private Sweeps() {}

    /** Two methods, two seeds. */
    static Sweep tiny(Path folder) {
        return Sweep.of(TASKS).algorithm("small", SMALL).algorithm("no context", SMALL.contextLength(0)).seeds(2).steps(200)
            .evaluateEvery(80).adaptTasks(0).episodes(1).saveTo(folder);
    }

    /** Six runs, of which each takes about half a second and is saved often; as short as the start of a process lets them be killed. */
    static Sweep longer(Path folder) {
        return tiny(folder).seeds(3).steps(1_000).evaluateEvery(50).threads(2);
    }

    /** The logs of all runs below a folder, by their place there. */
    static Map<String, String> logs(Path folder) throws IOException {
        return files(folder, "log.csv");
    }

    static Map<String, String> files(Path folder, String name) throws IOException {
        var logs = new TreeMap<String, String>();
        for (Path tasks : folders(folder)) for (Path algorithm : folders(tasks)) for (Path seed : folders(algorithm)) {
            Path file = seed.resolve(name);
            if (Files.exists(file)) logs.put(folder.relativize(seed).toString(), Files.readString(file));
        }
        return logs;
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.exists(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    /** Another Java process does the tasks, one after the other, knowing nothing but what they say. */
    static final class AnotherProcess implements Workers {
        private final Path place;

        AnotherProcess(Path place) {
            this.place = place;
        }

        @Override
        public void run(List<SweepTask> tasks, Consumer<SweepOutcome> ended) throws InterruptedException {
            Path sent = place.resolve("tasks"), back = place.resolve("outcomes");
            try {
                Files.createDirectories(place);
                try (var out = new ObjectOutputStream(Files.newOutputStream(sent))) {
                    out.writeObject(new ArrayList<>(tasks));
                }
                int exit = java(AnotherProcess.class, sent.toString(), back.toString()).waitFor();
                if (exit != 0) throw new IllegalStateException("the other process ended with " + exit);
                try (var in = new ObjectInputStream(Files.newInputStream(back))) {
                    for (Object outcome : (List<?>) in.readObject()) ended.accept((SweepOutcome) outcome);
                }
            } catch (IOException | ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        public static void main(String[] arguments) throws Exception {
            var outcomes = new ArrayList<SweepOutcome>();
            try (var in = new ObjectInputStream(Files.newInputStream(Path.of(arguments[0])))) {
                for (Object task : (List<?>) in.readObject()) outcomes.add(((SweepTask) task).run());
            }
            try (var out = new ObjectOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
                out.writeObject(outcomes);
            }
        }
    }

    /** A process that does the longer sweep in a folder. */
    static final class Driver {
        public static void main(String[] arguments) {
            longer(Path.of(arguments[0])).run();
        }
    }

    static Process java(Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx400m", "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }
}
