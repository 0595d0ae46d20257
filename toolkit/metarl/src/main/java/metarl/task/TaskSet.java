package metarl.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import metarl.basics.Copy;
import metarl.basics.Findings;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * An immutable set of train and test tasks of one family.
 *
 * <pre>{@code var tasks = TaskSet.of(HalfCheetah.velocity()).train(40).test(10).sample(7);}</pre>
 */
public final class TaskSet implements Findings {
    private final TaskFamily family;
    private final List<Task> train;
    private final List<Task> test;

    private TaskSet(TaskFamily family, List<Task> train, List<Task> test) {
        this.family = family;
        this.train = List.copyOf(train);
        this.test = List.copyOf(test);
        for (Task task : concat(train, test))
            if (!task.family().equals(family))
                throw new IllegalArgumentException(task + " is not of the family " + family.name() + "; a task set holds one family"
                    + (task.family().name().equals(family.name())
                        ? ", and these have the same name but other definitions: draw all tasks again"
                        : ""));
        if (train.isEmpty()) throw new IllegalArgumentException("a task set needs at least one train task, given none");
    }

    /** Starts to describe a task set of a family: say how many {@code train} and {@code test} tasks, then {@code sample(seed)}. */
    public static Builder of(TaskFamily family) {
        return new Builder(family, 20, 5);
    }

    /** The same by the family's name, for scripts. */
    public static Builder of(String family) {
        return of(TaskFamily.named(family));
    }

    /** A task set of tasks chosen by hand. */
    public static TaskSet of(List<Task> train, List<Task> test) {
        if (train.isEmpty()) throw new IllegalArgumentException("a task set needs at least one train task, given none");
        return new TaskSet(train.get(0).family(), train, test);
    }

    /**
     * The task set of a published experiment, such as {@code mql/cheetah-vel}: the same tasks for everyone. Behind the name of any of them
     * {@code -delayed-500} pays its rewards late, as {@link #delayed} does: {@code mcat/cheetah-armature-delayed-500}.
     *
     * @throws IllegalArgumentException for an unknown name; the message lists the nearest ones
     */
    public static TaskSet published(String name) {
        return Families.published(name);
    }

    /** The names {@link #published} knows. */
    public static List<String> publishedNames() {
        return Families.publishedNames();
    }

    /** One row per published task set: family, counts, and what a reader must know. */
    public static Table publishedSummary() {
        return Families.publishedSummary();
    }

    /**
     * How many tasks to draw of a family.
     *
     * @param family the family
     * @param trainCount train tasks, at least 1
     * @param testCount test tasks, at least 0
     */
    public record Builder(TaskFamily family, int trainCount, int testCount) {
        /** Checks the counts. */
        public Builder {
            if (trainCount < 1)
                throw new IllegalArgumentException("trainCount is " + trainCount + ", train(" + trainCount + "): expected at least 1 task");
            if (testCount < 0)
                throw new IllegalArgumentException("testCount is " + testCount + ", test(" + testCount + "): expected 0 or more tasks");
            Require.count(trainCount, 1, "trainCount", "at least 1 task");
            Require.count(testCount, 0, "testCount", "0 or more tasks");
        }

        /** As many train tasks. */
        public Builder train(int count) {
            return Copy.with(this, "trainCount", count);
        }

        /** As many test tasks. */
        public Builder test(int count) {
            return Copy.with(this, "testCount", count);
        }

        /** Draws the tasks; the first ones drawn are for training, the last ones for testing, as in PEARL and MQL. */
        public TaskSet sample(long seed) {
            Task.requireRoom(family, Math.addExact(trainCount, testCount));
            List<Task> all = family.sample(trainCount + testCount, RandomStream.of(seed, "task set"));
            return new TaskSet(family, all.subList(0, trainCount), all.subList(trainCount, all.size()));
        }
    }

    /** The same tasks with rewards paid late: see {@link TaskFamily#delayed}. */
    public TaskSet delayed(int steps) {
        TaskFamily late = family.delayed(steps);
        return new TaskSet(late, of(late, train), of(late, test));
    }

    private static List<Task> of(TaskFamily family, List<Task> tasks) {
        return tasks.stream().map(task -> new Task(family, task.values())).toList();
    }

    /** The family of all tasks. */
    public TaskFamily family() {
        return family;
    }

    /** The tasks to learn from. */
    public List<Task> train() {
        return train;
    }

    /** The tasks kept for evaluation. */
    public List<Task> test() {
        return test;
    }

    /**
     * Twelve hexadecimal digits that stand for the family's name, horizon and {@linkplain TaskFamily#fingerprint() fingerprint} and the
     * exact values of all tasks in order.
     */
    public String hash() {
        var text = new StringBuilder(family.name()).append('|').append(family.horizon());
        if (!family.fingerprint().isEmpty()) text.append('|').append(family.fingerprint());
        for (Task task : train) text.append("|train").append(task.values());
        for (Task task : test) text.append("|test").append(task.values());
        return Fingerprint.digits(text.toString(), 12);
    }

    /** What a reader of results on this set must know, one sentence each; empty if there is nothing. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        List<Task> shared = test.stream().filter(train::contains).toList();
        if (!shared.isEmpty())
            warnings.add(shared.size() + " of " + test.size() + " test tasks are also train tasks (" + shared.get(0).label()
                + "): results do not show generalisation. Draw more tasks, or test on others.");
        if (test.isEmpty()) warnings.add("There are no test tasks: nothing will be evaluated. Add test(n).");
        return warnings;
    }

    /**
     * One row per parameter (a group of like ones counts as one) and split: how many tasks, what the parameter changes, and the values'
     * range.
     */
    @Override
    public Table summary() {
        var split = StringColumn.create("split");
        var count = IntColumn.create("tasks");
        var parameter = StringColumn.create("parameter");
        var changes = StringColumn.create("changes");
        var low = DoubleColumn.create("low");
        var mean = DoubleColumn.create("mean");
        var high = DoubleColumn.create("high");
        for (boolean isTrain : new boolean[] {true, false}) {
            List<Task> tasks = isTrain ? train : test;
            if (tasks.isEmpty()) continue;
            groups().forEach((group, members) -> {
                Parameter p = family.parameters().get(members.get(0));
                var values = tasks.stream().flatMapToDouble(t -> members.stream().mapToDouble(t::value)).summaryStatistics();
                split.append(isTrain ? "train" : "test");
                count.append(tasks.size());
                parameter
                    .append(group + (members.size() > 1 ? " × " + members.size() : "") + (p.unit().isEmpty() ? "" : " (" + p.unit() + ")"));
                changes.append(p.changes().name().toLowerCase(Locale.ROOT));
                low.append(values.getMin());
                mean.append(values.getAverage());
                high.append(values.getMax());
            });
        }
        return Table.create(family.name() + " · " + hash(), split, count, parameter, changes, low, mean, high);
    }

    private Map<String, List<Integer>> groups() {
        var groups = new LinkedHashMap<String, List<Integer>>();
        List<Parameter> parameters = family.parameters();
        for (int i = 0; i < parameters.size(); i++) groups.computeIfAbsent(parameters.get(i).group(), g -> new ArrayList<>()).add(i);
        return groups;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TaskSet s && family.equals(s.family) && train.equals(s.train) && test.equals(s.test);
    }

    @Override
    public int hashCode() {
        return hash().hashCode();
    }

    @Override
    public String toString() {
        return family.name() + ": " + train.size() + " train and " + test.size() + " test tasks, hash " + hash()
            + (warnings().isEmpty() ? "" : "\n" + String.join("\n", warnings()));
    }

    private static List<Task> concat(List<Task> a, List<Task> b) {
        var all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
