package metarl.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import metarl.agent.Algorithm;
import metarl.agent.Algorithms;
import metarl.agent.Evidence;
import metarl.diagnose.weights.Ess;
import metarl.task.Task;
import metarl.task.TaskFamily;
import metarl.task.TaskSet;

/**
 * What {@code run.json} says: what was asked for, how far the run has come, and the files of its checkpoint with their lengths and
 * checksums.
 *
 * <p>Format 1 had no checksums and kept the log outside the checkpoint. It is still read.
 *
 * @param json everything
 */
record RunDescription(JsonNode json) {
    static final int FORMAT = 3;

    // a knob that the version which wrote the run did not have: these values do what that version did
    private static final Set<String> NEUTRAL = Set.of("0", "0.0", "false", "");
    /** The values of the tasks are many, and the hash stands for them. */
    private static final Set<String> NOT_COMPARED = Set.of("tasks.train", "tasks.test");
    private static final String NO_CHECKSUM = "00000000";
    private static final Pattern CHECKSUM = Pattern.compile("(\"crc32c\" : \")([0-9a-f]{8})(\")");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
        .registerModule(new RuleFormat());

    /** Says what is wrong with a description. */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message);
        }
    }

    /** An empty description in the present format. */
    static ObjectNode begin(ObjectNode knobs) {
        ObjectNode node = JSON.createObjectNode();
        node.put("format", FORMAT);
        // a checksum of this text with zeros in its place
        node.put("crc32c", NO_CHECKSUM);
        node.set("knobs", knobs);
        return node;
    }

    /** How a description tells of a file. */
    static ObjectNode part(long bytes, long crc32c) {
        return JSON.createObjectNode().put("bytes", bytes).put("crc32c", hex(crc32c));
    }

    /** The file's text. */
    static byte[] text(ObjectNode node) throws IOException {
        String text = JSON.writeValueAsString(node) + "\n";
        return text.replaceFirst(NO_CHECKSUM, checksum(text.getBytes(StandardCharsets.UTF_8))).getBytes(StandardCharsets.UTF_8);
    }

    private static String checksum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return hex(sum.getValue());
    }

    static String hex(long crc32c) {
        return HexFormat.of().toHexDigits((int) crc32c);
    }

    static RunDescription parse(byte[] bytes) throws Damaged {
        String text = new String(bytes, StandardCharsets.UTF_8);
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (IOException e) {
            throw new Damaged("it is damaged, or no JSON: " + e.getMessage().lines().findFirst().orElse(""));
        }
        if (!json.path("format").isInt() || !json.path("knobs").isObject())
            throw new Damaged("it describes no run of this toolkit, or is damaged");
        int format = json.path("format").asInt();
        if (format > FORMAT) throw new Damaged("it has format " + format + ", this version of the toolkit knows formats up to " + FORMAT
            + ": use the version that wrote it, or a newer one");
        if (format < 1) throw new Damaged("it has format " + format + ", expected 1 to " + FORMAT);
        Matcher sum = CHECKSUM.matcher(text);
        boolean fits = sum.find()
            && sum.group(2).equals(checksum(sum.replaceFirst("$1" + NO_CHECKSUM + "$3").getBytes(StandardCharsets.UTF_8)));
        if (format > 1 && !fits) throw new Damaged("its checksum does not fit: it is damaged, or was edited");
        return new RunDescription(json);
    }

    int format() {
        return json.path("format").asInt();
    }

    /** The folder of the checkpoint. */
    String checkpoint() {
        return json.path("checkpoint").asText();
    }

    /** Whether only networks were saved; of a run in format 1 its files must tell. */
    boolean networksOnly() {
        return json.path("networksOnly").asBoolean();
    }

    long step() {
        return json.path("step").asLong();
    }

    long updates() {
        return json.path("updates").asLong();
    }

    /** Wall-clock seconds, over all sittings. */
    double seconds() {
        return json.path("seconds").asDouble();
    }

    int logRows() {
        return json.path("logRows").asInt();
    }

    /**
     * The training that was run, in this folder.
     *
     * @throws IllegalArgumentException if its family is not known here; the message says what to do
     */
    MetaTraining training(Path folder) throws Damaged {
        JsonNode knobs = json.path("knobs");
        TaskFamily family = family(folder);
        try {
            return MetaTraining.on(tasks(family)).algorithm(algorithm()).saveTo(folder)
                .steps(Math.max(1, json.path("steps").asLong(step())))
                .evaluateEvery(knobs.path("evaluateEvery").asLong())
                .seed(knobs.path("seed").asLong())
                .shots(knobs.path("shots").asInt())
                .episodes(knobs.path("episodes").asInt())
                .adaptTasks(knobs.path("adaptTasks").asInt());
        } catch (RuntimeException e) {
            throw new Damaged("what it says does not fit this version of the toolkit, or is damaged: " + e.getMessage());
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
        Algorithms.requireRecord(training.algorithm().getClass());
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

    private TaskFamily family(Path folder) throws Damaged {
        String name = json.path("knobs").path("tasks").path("family").asText();
        if (name.isEmpty()) throw new Damaged("it names no task family, or is damaged");
        try {
            return TaskFamily.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the run in " + folder + " cannot be loaded yet: " + e.getMessage(), e);
        }
    }

    private TaskSet tasks(TaskFamily family) {
        JsonNode node = json.path("knobs").path("tasks");
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

    private Algorithm algorithm() {
        Class<? extends Algorithm> type = Algorithms.named(json.path("knobs").path("algorithm").asText());
        try {
            return JSON.treeToValue(grouped(json.path("knobs").path("settings"), type), type);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                "the settings of " + type.getSimpleName() + ": " + e.getMessage().lines().findFirst().orElse(""), e);
        }
    }

    /** The settings as they are now: what stood by itself when they were stored may stand in a record of several today. */
    private static JsonNode grouped(JsonNode settings, Class<? extends Algorithm> type) {
        if (!settings.isObject()) return settings;
        ObjectNode now = settings.deepCopy();
        for (RecordComponent part : type.getRecordComponents()) {
            if (!part.getType().isRecord() || settings.has(part.getName())) continue;
            ObjectNode within = JSON.createObjectNode();
            for (RecordComponent c : part.getType().getRecordComponents())
                if (now.has(c.getName())) within.set(c.getName(), now.remove(c.getName()));
            // a part of which nothing was stored came later, and has its default
            if (!within.isEmpty()) now.set(part.getName(), within);
        }
        return now;
    }

    /** What stored settings mean today: settings that came later have their defaults. */
    private static JsonNode today(JsonNode settings, Class<? extends Algorithm> type) {
        JsonNode grouped = grouped(settings, type);
        try {
            return JSON.valueToTree(JSON.treeToValue(grouped, type));
        } catch (IOException e) {
            return grouped;
        }
    }

    /** Every knob that differs, with both values. */
    List<String> differences(ObjectNode wanted) {
        var differences = new ArrayList<String>();
        JsonNode stored = json.path("knobs").deepCopy();
        String method = wanted.path("algorithm").asText();
        if (Algorithms.names().contains(method) && stored.path("algorithm").asText().equals(method))
            ((ObjectNode) stored).set("settings", today(stored.path("settings"), Algorithms.named(method)));
        compare("", stored, wanted, differences);
        return differences;
    }

    private static void compare(String name, JsonNode stored, JsonNode wanted, List<String> differences) {
        if (NOT_COMPARED.contains(name)) return;
        if (stored.isObject() && wanted.isObject()) {
            var keys = new TreeSet<String>();
            stored.fieldNames().forEachRemaining(keys::add);
            wanted.fieldNames().forEachRemaining(keys::add);
            String prefix = name.isEmpty() || name.equals("settings") ? "" : name + ".";
            for (String key : keys) compare(prefix + key, stored.path(key), wanted.path(key), differences);
        } else if (stored.isMissingNode() && wanted.isValueNode() && NEUTRAL.contains(wanted.asText())) {
            return;
        } else if (!shown(stored).equals(shown(wanted))) {
            differences.add(name + " was " + shown(stored) + ", now " + shown(wanted));
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "absent" : value.isContainerNode() ? value.toString() : value.asText();
    }

    /** An evaluation as JSON; its tasks are the test tasks in order. */
    static ObjectNode of(Evaluation evaluation) {
        ObjectNode node = JSON.createObjectNode();
        node.put("step", evaluation.step());
        ArrayNode tasks = node.putArray("tasks");
        for (Evaluation.OfTask r : evaluation.tasks()) {
            ObjectNode task = tasks.addObject().put("before", r.before()).put("measureBefore", r.measureBefore());
            if (!r.adapted()) continue;
            task.put("after", r.after()).put("measureAfter", r.measureAfter()).put("sentence", r.evidence().sentence());
            ObjectNode numbers = task.putObject("evidence");
            r.evidence().numbers().forEach(numbers::put);
        }
        return node;
    }

    /** The last evaluation; null if none is stored. */
    Evaluation lastEvaluation(List<Task> test) throws Damaged {
        JsonNode node = json.path("lastEvaluation"), tasks = node.path("tasks");
        if (!node.isObject()) return null;
        if (tasks.size() != test.size())
            throw new Damaged("its last evaluation is of " + tasks.size() + " tasks, there are " + test.size());
        var results = new ArrayList<Evaluation.OfTask>();
        for (int i = 0; i < test.size(); i++) {
            JsonNode r = tasks.get(i);
            results.add(new Evaluation.OfTask(test.get(i), number(r, "before"), number(r, "measureBefore"), number(r, "after"),
                number(r, "measureAfter"), evidence(r)));
        }
        return new Evaluation(node.path("step").asLong(), results);
    }

    private static double number(JsonNode node, String name) {
        return node.path(name).asDouble(Double.NaN);
    }

    private Evidence evidence(JsonNode result) throws Damaged {
        var numbers = new LinkedHashMap<String, Double>();
        if (format() >= 3) {
            result.path("evidence").fields().forEachRemaining(e -> numbers.put(e.getKey(), e.getValue().asDouble(Double.NaN)));
            return Evidence.of(numbers, result.path("sentence").asText());
        }
        // the formats before knew weights of old data only
        if (!result.path("ess").isObject()) return Evidence.NONE;
        try {
            Ess ess = JSON.treeToValue(result.path("ess"), Ess.class);
            numbers.put("ess", ess.fraction());
            numbers.put("lambda", number(result, "proximalCoefficient"));
            return Evidence.of(numbers, ess.sentence());
        } catch (IOException e) {
            throw new Damaged("its effective sample size cannot be read: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }
}
