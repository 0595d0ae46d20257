package metarl.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import metarl.agent.Algorithm;
import metarl.agent.Mql;
import metarl.agent.Td3;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;

/**
 * A run on disk: {@code run.json} (what was asked for, and which checkpoint is valid), {@code log.csv}, and one folder per checkpoint.
 *
 * <p>A checkpoint is complete before {@code run.json}, replaced in one move, points to it; a process may die at any time.
 */
final class RunFolder {
    // a knob that the version which wrote the run did not have: these values do what that version did
    private static final Set<String> NEUTRAL = Set.of("0", "false", "");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path folder;

    RunFolder(Path folder) {
        this.folder = folder;
    }

    /** Something that is written to or read from a stream. */
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Something that is written to or read from a stream. */
    interface Reader {
        void read(DataInputStream in) throws IOException;
    }

    Path log() {
        return folder.resolve("log.csv");
    }

    boolean exists() {
        return Files.exists(folder.resolve("run.json"));
    }

    /** The stored description. */
    JsonNode read() {
        Path file = folder.resolve("run.json");
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage() + ". If it is damaged, delete the folder and train again.", e);
        }
    }

    /** What identifies a training: a run with another value of any of these cannot be resumed. */
    static ObjectNode knobs(MetaTraining training) {
        ObjectNode node = JSON.createObjectNode();
        node.put("seed", training.seed());
        node.put("evaluateEvery", training.evaluateEvery());
        node.put("shots", training.shots());
        node.put("episodes", training.episodes());
        node.put("adaptTasks", training.adaptTasks());
        node.put("startFrom", training.start() == null ? "" : training.start().name());
        node.put("algorithm", training.algorithm().getClass().getSimpleName());
        node.set("settings", JSON.valueToTree(training.algorithm()));
        node.set("tasks", tasks(training.tasks()));
        return node;
    }

    private static ObjectNode tasks(TaskSet tasks) {
        ObjectNode node = JSON.createObjectNode();
        node.put("family", tasks.family().name());
        node.put("hash", tasks.hash());
        node.set("train", values(tasks.train()));
        node.set("test", values(tasks.test()));
        return node;
    }

    private static ArrayNode values(List<Task> tasks) {
        return JSON.valueToTree(tasks.stream().map(Task::values).toList());
    }

    static TaskSet tasks(JsonNode run) {
        JsonNode node = run.path("knobs").path("tasks");
        TaskFamily family = TaskFamily.named(node.path("family").asText());
        return TaskSet.of(tasks(family, node.path("train")), tasks(family, node.path("test")));
    }

    private static List<Task> tasks(TaskFamily family, JsonNode values) {
        var tasks = new ArrayList<Task>();
        for (JsonNode row : values) {
            double[] v = new double[row.size()];
            for (int i = 0; i < v.length; i++) v[i] = row.get(i).asDouble();
            tasks.add(family.task(v));
        }
        return tasks;
    }

    static Algorithm algorithm(JsonNode run) {
        String type = run.path("knobs").path("algorithm").asText();
        JsonNode settings = run.path("knobs").path("settings");
        try {
            return switch (type) {
                case "Td3" -> JSON.treeToValue(settings, Td3.class);
                case "Mql" -> JSON.treeToValue(settings, Mql.class);
                default -> throw new IllegalStateException("run.json names the algorithm '" + type + "', which this version does not know (Td3, Mql)");
            };
        } catch (IOException e) {
            throw new UncheckedIOException("the settings in run.json do not fit this version: " + e.getMessage(), e);
        }
    }

    /** Fails with the name of every knob that differs. */
    void requireSame(ObjectNode wanted) {
        var differences = new ArrayList<String>();
        compare("", read().path("knobs"), wanted, differences);
        if (!differences.isEmpty())
            throw new IllegalStateException(folder + " holds a run with other settings: " + String.join("; ", differences)
                + ". Use another folder, delete this one, or set the old values to resume.");
    }

    private static void compare(String name, JsonNode stored, JsonNode wanted, List<String> differences) {
        if (name.endsWith("train") || name.endsWith("test")) return;
        if (stored.isObject() && wanted.isObject()) {
            var keys = new TreeSet<String>();
            stored.fieldNames().forEachRemaining(keys::add);
            wanted.fieldNames().forEachRemaining(keys::add);
            for (String key : keys) compare(name.isEmpty() || name.equals("settings") ? key : name + "." + key, stored.path(key), wanted.path(key), differences);
        } else if (stored.isMissingNode() && NEUTRAL.contains(wanted.asText())) {
            return;
        } else if (!stored.asText().equals(wanted.asText())) {
            differences.add(name + " was " + (stored.isMissingNode() ? "absent" : stored.asText()) + ", now " + (wanted.isMissingNode() ? "absent" : wanted.asText()));
        }
    }

    /** Writes a checkpoint folder with these parts, then makes it the valid one. */
    void save(ObjectNode description, long step, Writer state, Writer replay) {
        try {
            String name = "checkpoint-" + step + "-" + Long.toHexString(System.nanoTime());
            Path checkpoint = Files.createDirectories(folder.resolve(name));
            write(checkpoint.resolve("state.bin"), state);
            if (replay != null) write(checkpoint.resolve("replay.bin"), replay);
            description.put("checkpoint", name);
            Path draft = folder.resolve("run.json.new");
            JSON.writeValue(draft.toFile(), description);
            Files.move(draft, folder.resolve("run.json"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            deleteOthers(name);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint could not be written to " + folder + ": " + e.getMessage() + ". Is the disk full or read-only?", e);
        }
    }

    void readState(Reader reader) {
        read("state.bin", reader);
    }

    void readReplay(Reader reader) {
        read("replay.bin", reader);
    }

    boolean hasReplay() {
        return Files.exists(folder.resolve(read().path("checkpoint").asText()).resolve("replay.bin"));
    }

    private void read(String part, Reader reader) {
        Path file = folder.resolve(read().path("checkpoint").asText()).resolve(part);
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            reader.read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(file + " cannot be read: " + e.getMessage() + " (" + e.getClass().getSimpleName()
                + "). If the checkpoint is damaged, delete the folder " + folder + " and train again.", e);
        }
    }

    private static void write(Path file, Writer writer) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
            writer.write(out);
        }
    }

    private void deleteOthers(String keep) throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(folder)) {
            old = files.filter(p -> p.getFileName().toString().startsWith("checkpoint-") && !p.getFileName().toString().equals(keep)).toList();
        }
        for (Path checkpoint : old)
            try (Stream<Path> files = Files.walk(checkpoint)) {
                for (Path p : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(p);
            }
    }

    static ObjectNode description() {
        return JSON.createObjectNode();
    }
}
