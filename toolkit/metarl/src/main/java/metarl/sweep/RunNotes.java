package metarl.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import metarl.train.MetaRun;
import metarl.train.Progress;
import metarl.train.RunNote;
import tech.tablesaw.api.Row;

/**
 * What a sweep notes in the folder of a run: that it is done, with its last numbers; by which error it failed; how far it is. It is read by
 * the processes that watch, on any machine.
 */
final class RunNotes {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final RunNote done, failed, progress;

    RunNotes(Path folder) {
        done = new RunNote(folder, "done");
        failed = new RunNote(folder, "failed");
        progress = new RunNote(folder, "progress");
    }

    /**
     * A run that has ended.
     *
     * @param asked steps it was asked for
     * @param step steps it has
     * @param seconds over all sittings
     * @param scores for each metric its last value, the mean over tasks
     */
    record Done(long asked, long step, double seconds, Map<String, Double> scores) {}

    /**
     * A run that is going on, or was when this was noted.
     *
     * @param perSecond steps of this sitting
     */
    record Going(long step, long steps, String doing, double perSecond) {}

    boolean isDone(long steps) {
        return done().filter(d -> d.asked >= steps).isPresent();
    }

    void done(long asked, MetaRun run) {
        ObjectNode node = JSON.createObjectNode().put("asked", asked).put("step", run.steps()).put("updates", run.updates())
            .put("seconds", run.seconds());
        ObjectNode scores = node.putObject("scores");
        lastScores(run).forEach(scores::put);
        done.write(text(node));
        failed.delete();
        progress.delete();
    }

    private static Map<String, Double> lastScores(MetaRun run) {
        var scores = new LinkedHashMap<String, Double>();
        var at = new HashMap<String, Long>();
        for (Row row : run.curve()) {
            String metric = row.getString("metric");
            if (at.merge(metric, row.getLong("step"), Math::max) == row.getLong("step")) scores.put(metric, row.getDouble("mean"));
        }
        return scores;
    }

    Optional<Done> done() {
        return read(done).map(node -> {
            var scores = new LinkedHashMap<String, Double>();
            node.path("scores").fields().forEachRemaining(e -> scores.put(e.getKey(), e.getValue().asDouble(Double.NaN)));
            return new Done(node.path("asked").asLong(), node.path("step").asLong(), node.path("seconds").asDouble(), scores);
        });
    }

    void failed(String sentence, String trace) {
        failed.write(text(JSON.createObjectNode().put("error", sentence).put("trace", trace)));
    }

    /** The error by which the run ended the last time it was tried. */
    Optional<String> failed() {
        return read(failed).map(node -> node.path("error").asText());
    }

    /** The run is tried, again or for the first time. */
    void begun() {
        failed.delete();
    }

    void progress(Progress now, double perSecond) {
        progress.tell(text(JSON.createObjectNode().put("step", now.step()).put("steps", now.totalSteps()).put("doing", now.doing())
            .put("perSecond", perSecond)));
    }

    Optional<Going> progress() {
        return read(progress).map(node -> new Going(node.path("step").asLong(), node.path("steps").asLong(), node.path("doing").asText(),
            node.path("perSecond").asDouble()));
    }

    private static String text(ObjectNode node) {
        return node.toPrettyString() + "\n";
    }

    private static Optional<JsonNode> read(RunNote note) {
        return note.read().flatMap(text -> {
            try {
                return Optional.of(JSON.readTree(text));
            } catch (JsonProcessingException e) {
                // as if it were not there: the run itself is looked at again, and noted anew
                return Optional.empty();
            }
        });
    }
}
