package metarl.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The families by name. */
final class Families {
    private static final Pattern NUMBERED = Pattern.compile("(.+)-delayed-(\\d{1,9})|bernoulli-bandit-(\\d{1,4})");
    static final Map<String, TaskFamily> ALL = new LinkedHashMap<>();

    static {
        List<TaskFamily> choices = List.of(Bandit.bernoulli(5), Bandit.bernoulli(10), Bandit.bernoulli(50), RandomMdp.published(),
            Maze.small(), Maze.large());
        List<TaskFamily> points = List.of(Point.navigation(), PointRobot.dense(), PointRobot.sparse(), Point.corner(),
            Point.shiftedSparse());
        List<TaskFamily> rewards = List.of(HalfCheetah.velocity(), HalfCheetah.velocitySparse(), HalfCheetah.forwardBackward(),
            Ant.forwardBackward(),
            Ant.direction(), Ant.goal(), Ant.goalSparse(), Humanoid.direction(), Arm.goal());
        List<TaskFamily> dynamics = List.of(Walker2d.randomParameters(), Hopper.randomParameters(), Hopper.size(), HalfCheetah.armature(),
            HalfCheetah.mass(),
            HalfCheetah.crippled(), HalfCheetah.twoLegs(), HalfCheetah.threeLegs(), Ant.damping(), Ant.crippled());
        for (List<TaskFamily> kind : List.of(choices, points, rewards, dynamics))
            for (TaskFamily family : kind) ALL.put(family.name(), family);
    }

    private Families() {}

    static TaskFamily named(String name) {
        TaskFamily family = ALL.get(name);
        if (family != null) return family;
        Matcher numbered = NUMBERED.matcher(name);
        if (numbered.matches()) return numbered.group(1) != null ? named(numbered.group(1)).delayed(Integer.parseInt(numbered.group(2)))
            : Bandit.bernoulli(Integer.parseInt(numbered.group(3)));
        throw new IllegalArgumentException(
            "no task family is called '" + name + "'; nearest: " + nearest(ALL.keySet(), name) + "; all: " + ALL.keySet());
    }

    static Table summary() {
        var name = StringColumn.create("family");
        var differs = StringColumn.create("tasks differ in");
        var changes = StringColumn.create("which changes");
        var horizon = IntColumn.create("steps");
        var description = StringColumn.create("what it is");
        for (TaskFamily family : ALL.values()) {
            List<Parameter> parameters = family.parameters();
            name.append(family.name());
            differs.append(joined(parameters.stream().map(Parameter::group)));
            changes.append(joined(parameters.stream().map(p -> p.changes().name().toLowerCase(Locale.ROOT))));
            horizon.append(family.horizon());
            description.append(family.description());
        }
        return Table.create("task families", name, differs, changes, horizon, description);
    }

    private static String joined(Stream<String> words) {
        return words.distinct().collect(Collectors.joining(", "));
    }

    /** The three names that are nearest to a mistyped one. */
    static List<String> nearest(Collection<String> names, String mistyped) {
        return names.stream().sorted(Comparator.comparingInt(n -> editDistance(n, mistyped))).limit(3).toList();
    }

    private static int editDistance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) previous[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(swap, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
