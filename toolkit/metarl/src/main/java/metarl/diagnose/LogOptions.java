package metarl.diagnose;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * How a log is to be read: which columns hold what, and what to do about bad rows.
 *
 * @param given names of columns by what they hold
 * @param encoding of the text of a CSV file
 * @param density whether propensities are densities, which may exceed 1
 * @param dropBad whether to keep going without the rows that cannot be used
 * @param progress told what part of a file has been read, if that takes over two seconds; null where the activity is to be shown as any other
 */
record LogOptions(Map<String, List<String>> given, Charset encoding, boolean density, boolean dropBad, DoubleConsumer progress) {
    static final LogOptions USUAL = new LogOptions(Map.of(), StandardCharsets.UTF_8, false, false, null);

    private static final Map<String, List<String>> NAMES = Map.of(
        "action", List.of("action", "item_id", "arm", "a"),
        "reward", List.of("reward", "click", "r"),
        "propensity", List.of("propensity", "propensity_score", "pscore", "behavior_propensity", "behavior_probability"),
        "target propensity", List.of("target_propensity", "target_probability", "evaluation_propensity"),
        "episode", List.of("episode", "episode_id", "trajectory", "trajectory_id"),
        "step", List.of("step", "timestep", "t"),
        "terminated flag", List.of("terminated", "terminal"),
        "truncated flag", List.of("truncated", "timeout"));
    private static final Map<String, String> VERBS = Map.of("target propensity", "targetPropensity", "terminated flag", "terminated", "truncated flag", "truncated");

    /** The same with columns named for a role. */
    LogOptions columns(String role, String... names) {
        if (names.length == 0) throw new IllegalArgumentException("no column was named for the " + role + "; expected at least one name");
        var more = new HashMap<>(given);
        more.put(role, List.of(names));
        return new LogOptions(Map.copyOf(more), encoding, density, dropBad, progress);
    }

    LogOptions inEncoding(Charset charset) {
        return new LogOptions(given, charset, density, dropBad, progress);
    }

    LogOptions withDensities() {
        return new LogOptions(given, encoding, true, dropBad, progress);
    }

    LogOptions droppingBad() {
        return new LogOptions(given, encoding, density, true, progress);
    }

    LogOptions telling(DoubleConsumer listener) {
        return new LogOptions(given, encoding, density, dropBad, listener);
    }

    CheckedRows open(Path path) {
        return new CheckedRows(path, encoding, progress);
    }

    /** The column of a role, which must be there. */
    LogColumn require(Path path, CheckedRows rows, String role) {
        return LogColumn.require(path, rows.columns(), role, VERBS.getOrDefault(role, role), name(role), NAMES.get(role));
    }

    /** The column of a role; null if it was not named and none is there. */
    LogColumn find(Path path, CheckedRows rows, String role) {
        return LogColumn.find(path, rows.columns(), role, name(role), NAMES.get(role));
    }

    private String name(String role) {
        return given.containsKey(role) ? given.get(role).get(0) : null;
    }

    /** The columns that the patterns of a role fit; none if it was not named. */
    List<LogColumn> matching(Path path, CheckedRows rows, String role) {
        return LogColumn.matching(path, rows.columns(), role, given.getOrDefault(role, List.of()));
    }
}
