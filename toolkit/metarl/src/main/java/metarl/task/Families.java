package metarl.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.WeakHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import metarl.env.Environment;
import metarl.env.Reward;
import metarl.env.Space;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The families and published task sets by name. */
final class Families {
    static final String MEAN_REWARD = "mean reward";
    private static final Pattern DELAYED = Pattern.compile("(.+)-delayed-(\\d{1,9})");
    private static final List<Catalogue> CATALOGUES = ServiceLoader.load(Catalogue.class, Catalogue.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get).toList();
    private static final Map<String, TaskFamily> SHIPPED = new LinkedHashMap<>();
    private static final Map<String, TaskFamily> REGISTERED = Collections.synchronizedMap(new LinkedHashMap<>());
    private static final Map<TaskFamily, Space> ACTIONS = Collections.synchronizedMap(new WeakHashMap<>());
    private static final Map<String, PublishedTasks> PUBLISHED = new LinkedHashMap<>();

    static {
        for (Catalogue catalogue : CATALOGUES) {
            for (TaskFamily family : catalogue.families()) SHIPPED.put(family.name(), family);
            for (PublishedTasks tasks : catalogue.taskSets()) PUBLISHED.put(tasks.name(), tasks);
        }
    }

    private Families() {}

    static List<String> names() {
        return all().stream().map(TaskFamily::name).toList();
    }

    /** The shipped ones, then the registered ones. */
    private static List<TaskFamily> all() {
        var all = new ArrayList<>(SHIPPED.values());
        synchronized (REGISTERED) {
            all.addAll(REGISTERED.values());
        }
        return all;
    }

    static boolean isShipped(TaskFamily family) {
        return SHIPPED.get(family.name()) == family;
    }

    /** The rewards of the single steps of an episode. */
    static double[] rewards(TaskFamily family, double[][] outcomes, double[][] actions, Reward reward) {
        double[] rewards = new double[outcomes.length];
        // an agent may ask for more than the environment does
        Space space = actions(family);
        for (int t = 0; t < rewards.length; t++) rewards[t] = reward.of(outcomes[t], space.accept(actions[t]));
        return rewards;
    }

    /** Whether every process that has the toolkit, and the catalogues of this one, finds this very family by its name. */
    static boolean isFoundAnywhere(TaskFamily family) {
        String name = family.name();
        Optional<TaskFamily> shipped = shipped(name);
        if (shipped.isPresent()) return shipped.get().equals(family);
        return isSaidByItsName(name) && family instanceof DerivedFamily derived && isFoundAnywhere(derived.inner)
            && named(name).equals(family);
    }

    /** Such a family is found without being registered. */
    private static boolean isSaidByItsName(String name) {
        return DELAYED.matcher(name).matches() || ChangingFamily.isName(name);
    }

    static void register(TaskFamily family) {
        String name = family.name();
        if (family instanceof DerivedFamily && isSaidByItsName(name) && named(name).equals(family)) return;
        if (shipped(name).isPresent() || isSaidByItsName(name))
            throw new IllegalArgumentException(
                "the name '" + name + "' belongs to a family that comes with the toolkit; give yours a different one");
        // whatever is wrong with it shows now
        Fingerprint.of(family);
        REGISTERED.put(name, family);
    }

    /** The actions of all tasks of a family; they share them. */
    static Space actions(TaskFamily family) {
        Space known = ACTIONS.get(family);
        if (known != null) return known;
        try (Environment environment = family.environment(Fingerprint.tasks(family).get(0))) {
            Space actions = environment.actions();
            ACTIONS.put(family, actions);
            return actions;
        }
    }

    private static Optional<TaskFamily> shipped(String name) {
        return Stream.concat(Stream.ofNullable(SHIPPED.get(name)), CATALOGUES.stream().flatMap(c -> c.numbered(name).stream())).findFirst();
    }

    static TaskFamily named(String name) {
        TaskFamily family = shipped(name).orElse(REGISTERED.get(name));
        if (family != null) return family;
        Matcher delayed = DELAYED.matcher(name);
        if (delayed.matches()) return named(delayed.group(1)).delayed(Integer.parseInt(delayed.group(2)));
        if (ChangingFamily.isName(name)) return ChangingFamily.named(name);
        throw unknown("task family", names(), name,
            " If it is one of your own, define it first: run the cell that makes it, with .register()"
                + " at its end.");
    }

    static List<String> publishedNames() {
        return List.copyOf(PUBLISHED.keySet());
    }

    static TaskSet published(String name) {
        PublishedTasks tasks = PUBLISHED.get(name);
        if (tasks != null) return tasks.tasks().get();
        Matcher delayed = DELAYED.matcher(name);
        if (delayed.matches()) return published(delayed.group(1)).delayed(Integer.parseInt(delayed.group(2)));
        throw unknown("published task set", PUBLISHED.keySet(), name, "");
    }

    private static IllegalArgumentException unknown(String what, Collection<String> names, String name, String remedy) {
        return new IllegalArgumentException(
            "no " + what + " is called '" + name + "'; nearest: " + nearest(names, name) + "." + remedy + " All: " + names);
    }

    static Table publishedSummary() {
        var name = StringColumn.create("name");
        var family = StringColumn.create("family");
        var train = IntColumn.create("train");
        var test = IntColumn.create("test");
        var note = StringColumn.create("note");
        for (PublishedTasks tasks : PUBLISHED.values()) {
            name.append(tasks.name());
            family.append(tasks.family().name());
            train.append(tasks.train());
            test.append(tasks.test());
            note.append(tasks.note());
        }
        return Table.create("published task sets", name, family, train, test, note);
    }

    static Table summary() {
        var name = StringColumn.create("family");
        var differs = StringColumn.create("tasks differ in");
        var changes = StringColumn.create("which changes");
        var horizon = IntColumn.create("steps");
        var description = StringColumn.create("what it is");
        for (TaskFamily family : all()) {
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
    private static List<String> nearest(Collection<String> names, String mistyped) {
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
