package metarl.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.Reward;

/**
 * One task: a family and the values of its parameters. Tasks are data: comparable, printable, cheap.
 *
 * @param family the family it belongs to
 * @param values the parameters' values, in the order of {@link TaskFamily#parameters()}
 */
public record Task(TaskFamily family, List<Double> values) implements Reward {
    /** A label shows so many values of a group one by one. */
    private static final int SHOWN_VALUES = 6;

    /** What a task and each of its values take on the heap. */
    private static final long TASK_BYTES = 80, VALUE_BYTES = 28;
    private static final int FEW = 1000;

    /** Checks that every parameter has a finite value. */
    public Task {
        values = List.copyOf(values);
        int expected = family.parameters().size();
        if (values.size() != expected)
            throw new IllegalArgumentException(
                family.name() + " has " + expected + " parameter(s) " + shortened(names(family)) + ", given " + values.size()
                    + " value(s) " + shortened(values));
        for (int i = 0; i < expected; i++)
            if (!Double.isFinite(values.get(i)))
                throw new IllegalArgumentException(
                    family.name() + ": " + names(family).get(i) + " is " + values.get(i) + ", expected a finite number");
    }

    /** Refuses to make more tasks than Java's memory holds. */
    public static void requireRoom(TaskFamily family, int count) {
        Require.that(count >= 0, "count", count, "0 or more tasks");
        if (count <= FEW) return;
        long each = TASK_BYTES + Require.times(VALUE_BYTES, family.parameters().size());
        Require.heap(Require.times(count, each), String.format(Locale.ROOT, "%,d tasks of %s", count, family.name()),
            "the number of tasks");
    }

    private static String shortened(List<?> list) {
        return list.size() <= 2 * SHOWN_VALUES ? list.toString() : list.subList(0, SHOWN_VALUES) + " … " + list.get(list.size() - 1);
    }

    private static List<String> names(TaskFamily family) {
        return family.parameters().stream().map(Parameter::name).toList();
    }

    /** The parameters by name, in the family's order. */
    public Map<String, Double> parameters() {
        var map = new LinkedHashMap<String, Double>();
        List<String> names = names(family);
        for (int i = 0; i < names.size(); i++) map.put(names.get(i), values.get(i));
        return map;
    }

    /**
     * The i-th parameter's value.
     *
     * @throws IllegalArgumentException if there is none, as where the task of one family is given to another
     */
    public double value(int i) {
        if (i < 0 || i >= values.size())
            throw new IllegalArgumentException(
                family.name() + " has " + values.size() + " parameter(s) " + shortened(names(family)) + ", asked for number " + i
                    + " (from 0). Was a task of " + family.name() + " given to a different family?");
        return values.get(i);
    }

    /**
     * The value of the parameter with this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists them
     */
    public double value(String name) {
        int i = names(family).indexOf(name);
        if (i < 0) throw new IllegalArgumentException(family.name() + " has no parameter '" + name + "', only " + shortened(names(family)));
        return values.get(i);
    }

    /**
     * The i-th parameter's value where it counts or names something.
     *
     * @throws IllegalArgumentException if it is not a whole number from {@code low} to {@code high}
     */
    public int whole(int i, int low, int high) {
        double value = value(i);
        if (value != Math.rint(value) || value < low || value > high)
            throw new IllegalArgumentException(
                family.name() + ": " + names(family).get(i) + " is " + value + ", expected a whole number from " + low + " to " + high);
        return (int) value;
    }

    /**
     * The reward this task pays: a pure function, so that steps collected for one task can be scored for another of the family.
     *
     * @param outcome a step's task-independent outcome
     * @param action the action taken
     */
    public double reward(double[] outcome, double[] action) {
        return family.reward(this, outcome, action);
    }

    @Override
    public double of(double[] outcome, double[] action) {
        return reward(outcome, action);
    }

    /** A machine for this task; close it after use. */
    public Environment environment() {
        return family.environment(this);
    }

    /** A short text such as {@code speed=1.32}, unique within rounding; a group of many values is shown by its size and a hash. */
    public String label() {
        var groups = new LinkedHashMap<String, List<Double>>();
        List<Parameter> parameters = family.parameters();
        for (int i = 0; i < parameters.size(); i++)
            groups.computeIfAbsent(parameters.get(i).group(), g -> new ArrayList<>()).add(values.get(i));
        return groups.entrySet().stream().map(e -> e.getKey() + "=" + label(e.getValue())).collect(Collectors.joining(" "));
    }

    /** Three significant digits, whole numbers in full, no −0. */
    private static String figure(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 999.5 ? "%.0f" : "%.3g", value + 0.0);
    }

    private static String label(List<Double> values) {
        if (values.size() > SHOWN_VALUES) return String.format(Locale.ROOT, "[%d values #%04x]", values.size(), values.hashCode() & 0xFFFF);
        String text = values.stream().map(Task::figure).collect(Collectors.joining(" "));
        return values.size() == 1 ? text : "[" + text + "]";
    }

    @Override
    public String toString() {
        return family.name() + "(" + label() + ")";
    }

    static Task of(TaskFamily family, double... values) {
        if (values == null)
            throw new IllegalArgumentException(family.name() + " was given null, expected a value for each of " + shortened(names(family)));
        var list = new ArrayList<Double>();
        for (double v : values) list.add(v);
        return new Task(family, list);
    }
}
