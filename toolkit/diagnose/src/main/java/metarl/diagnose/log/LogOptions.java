package metarl.diagnose.log;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import metarl.basics.Copy;

/**
 * How a log is to be read: which columns hold what, and what to do about bad rows.
 *
 * @param given names of columns by what they hold
 * @param off what is not to be looked for, though a column may have its usual name
 * @param encoding of the text of a CSV file
 * @param delimiter between cells of a CSV file; 0 if it is to be found
 * @param density whether propensities are densities, which may exceed 1
 * @param dropBad whether to keep going without the rows that cannot be used
 * @param progress told what part of a file has been read, if that takes over two seconds; null where the activity is to be shown as any
 *     other
 */
record LogOptions(Map<String, List<String>> given, Set<String> off, Charset encoding, char delimiter, boolean density, boolean dropBad,
    DoubleConsumer progress) {
    static final LogOptions USUAL = new LogOptions(Map.of(), Set.of(), StandardCharsets.UTF_8, (char) 0, false, false, null);

    private static final Map<String, List<String>> NAMES = Map.of(
        "action", List.of("action", "item_id", "arm", "a"),
        "reward", List.of("reward", "click", "r"),
        "propensity", List.of("propensity", "propensity_score", "pscore", "behavior_propensity", "behavior_probability"),
        "target propensity", List.of("target_propensity", "target_probability", "evaluation_propensity"),
        "episode", List.of("episode", "episode_id", "trajectory", "trajectory_id"),
        "step", List.of("step", "timestep", "t"),
        "terminated flag", List.of("terminated", "terminal"),
        "truncated flag", List.of("truncated", "timeout"),
        // only where they are named
        "weight", List.of(), "group", List.of());
    private static final Map<String, String> VERBS = Map.of("target propensity", "targetPropensity", "terminated flag", "terminated",
        "truncated flag", "truncated");
    private static final Map<String, String> OFF_VERBS = Map.of("reward", "withoutReward", "propensity", "withoutPropensities",
        "target propensity", "withoutTargetPropensity", "step",
        "withoutStep", "terminated flag", "withoutTerminated", "truncated flag", "withoutTruncated");

    /** The same with columns named for a role. */
    LogOptions columns(String role, String... names) {
        if (names.length == 0) throw new IllegalArgumentException("no column was named for the " + role + "; expected at least one name");
        var more = new HashMap<>(given);
        more.put(role, List.of(names));
        var others = new HashSet<>(off);
        others.remove(role);
        return Copy.with(Copy.with(this, "given", Map.copyOf(more)), "off", Set.copyOf(others));
    }

    /** The same with a role that no column is to have. */
    LogOptions without(String role) {
        var others = new HashMap<>(given);
        others.remove(role);
        var more = new HashSet<>(off);
        more.add(role);
        return Copy.with(Copy.with(this, "given", Map.copyOf(others)), "off", Set.copyOf(more));
    }

    LogOptions inEncoding(Charset charset) {
        return Copy.with(this, "encoding", charset);
    }

    LogOptions partedBy(char character) {
        if (Character.isLetterOrDigit(character) || "\"\n\r.-+".indexOf(character) >= 0 || character == 0)
            throw new IllegalArgumentException(
                "delimiter('" + character + "'): expected a character that cells do not have, such as ';', '|' or '\\t'");
        return Copy.with(this, "delimiter", character);
    }

    LogOptions withDensities() {
        return Copy.with(this, "density", true);
    }

    LogOptions droppingBad() {
        return Copy.with(this, "dropBad", true);
    }

    LogOptions telling(DoubleConsumer listener) {
        return Copy.with(this, "progress", listener);
    }

    CheckedRows open(Path path) {
        return new CheckedRows(path, encoding, delimiter, progress);
    }

    /** The column of a role, which must be there. */
    LogColumn require(Path path, CheckedRows rows, String role) {
        return require(path, rows, role, "");
    }

    /**
     * The column of a role, which must be there.
     *
     * @param otherwise what can be done if the file does not hold it, as a sentence
     */
    LogColumn require(Path path, CheckedRows rows, String role, String otherwise) {
        return require(path, rows.columns(), role, otherwise);
    }

    LogColumn require(Path path, List<String> columns, String role, String otherwise) {
        return LogColumn.require(path, columns, role, VERBS.getOrDefault(role, role), name(role), NAMES.get(role), otherwise);
    }

    /** The column of a role; null if it is switched off, or was not named and none is there. */
    LogColumn find(Path path, CheckedRows rows, String role) {
        LogColumn found = find(path, rows.columns(), role);
        if (found != null) hint(found, rows);
        return found;
    }

    LogColumn find(Path path, List<String> columns, String role) {
        return off.contains(role) ? null : LogColumn.find(path, columns, role, name(role), NAMES.get(role));
    }

    /** If a column was found by a usual name, its faults are told with that. */
    void hint(LogColumn found, CheckedRows rows) {
        String role = found.role();
        if (!given.containsKey(role) && OFF_VERBS.containsKey(role))
            rows.hintOn(found, "Column '" + found.name() + "' was taken for the " + role + " by its name; if it is something else, say ."
                + OFF_VERBS.get(role) + "().");
    }

    boolean isOff(String role) {
        return off.contains(role);
    }

    private String name(String role) {
        return given.containsKey(role) ? given.get(role).get(0) : null;
    }

    /** The columns that the patterns of a role fit; none if it was not named. */
    List<LogColumn> matching(Path path, CheckedRows rows, String role) {
        return LogColumn.matching(path, rows.columns(), role, given.getOrDefault(role, List.of()));
    }
}
