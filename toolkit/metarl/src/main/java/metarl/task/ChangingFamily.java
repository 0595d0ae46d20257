package metarl.task;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Restorable;
import metarl.env.wrapper.ChangingEnvironment;

/** The tasks of another family setting in during an episode that begins as one of them; see {@link TaskFamily#changingAt}. */
final class ChangingFamily extends DerivedFamily {
    private static final Pattern NAME = Pattern.compile("(.+)-from-(\\d{1,9})(?:-as-([-\\d.E]+(?:_[-\\d.E]+)*))?");
    private static final int LONGEST_SUFFIX = 100;

    private final int steps;
    private final Task before;

    ChangingFamily(TaskFamily inner, int steps, Task before) {
        super(inner, suffix(inner, steps, before), "The task sets in after " + steps + " steps"
            + (isNominal(inner, before) ? "." : ", which are done as " + before.label() + "."));
        Require.that(steps >= 1 && steps < inner.horizon(), "steps", steps,
            "1 to " + (inner.horizon() - 1) + ": fewer than an episode of " + inner.name() + " has");
        this.steps = steps;
        this.before = new Task(inner, before.values());
        try (Environment environment = inner.environment(this.before)) {
            Restorable.of(CheckedEnvironment.of(environment, this.before));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the tasks of " + inner.name() + " cannot change in mid-episode: " + e.getMessage()
                + ". What delays or wraps belongs outside: family.changingAt(…).delayed(…)", e);
        }
    }

    private static boolean isNominal(TaskFamily inner, Task task) {
        return inner.nominal().map(nominal -> nominal.values().equals(task.values())).orElse(false);
    }

    /** The name says all, so that the family can be found by it. */
    private static String suffix(TaskFamily inner, int steps, Task before) {
        Require.that(before != null, "before", null, "a task of " + inner.name());
        String from = "from-" + steps;
        if (isNominal(inner, before)) return from;
        String suffix = from + "-as-" + before.values().stream().map(ChangingFamily::number).collect(Collectors.joining("_"));
        Require.that(suffix.length() <= LONGEST_SUFFIX, "before", before,
            "a task with fewer values, for the name of the new family to hold, or the one the family names: Family.nominal(…)");
        return suffix;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE ? Integer.toString((int) value) : Double.toString(value);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The family of this name. */
    static TaskFamily named(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) throw new IllegalArgumentException(name);
        TaskFamily inner = TaskFamily.named(parts.group(1));
        int steps = Integer.parseInt(parts.group(2));
        if (parts.group(3) == null) return inner.changingAt(steps);
        return inner.changingAt(steps, inner.task(Arrays.stream(parts.group(3).split("_")).mapToDouble(Double::parseDouble).toArray()));
    }

    private Task inside(Task task) {
        return new Task(inner, task.values());
    }

    @Override
    public Environment environment(Task task) {
        return new ChangingEnvironment(inner.environment(before), inner.environment(inside(task)), steps);
    }

    @Override
    public boolean showsOutcome() {
        return inner.showsOutcome();
    }

    @Override
    public double[] outcome(double[] observation, double[] action, double[] next) {
        return inner.outcome(observation, action, next);
    }

    /** Rewards of the tasks of a family in an episode. */
    private interface Paid {
        double[] rewards(Task task, double[][] outcomes, double[][] actions);
    }

    private double[] joined(Paid paid, Task task, double[][] outcomes, double[][] actions) {
        double[] joined = paid.rewards(inside(task), outcomes, actions);
        System.arraycopy(paid.rewards(before, outcomes, actions), 0, joined, 0, Math.min(steps, joined.length));
        return joined;
    }

    @Override
    public double[] rewards(Task task, double[][] outcomes, double[][] actions) {
        return joined(inner::rewards, task, outcomes, actions);
    }

    @Override
    public double[] shapedRewards(Task task, double[][] outcomes, double[][] actions) {
        return joined(inner::shapedRewards, task, outcomes, actions);
    }

    @Override
    public OptionalInt firstEnd(Task task, double[][] outcomes) {
        Task after = inside(task);
        return IntStream.range(0, outcomes.length).filter(t -> inner.ends(t < steps ? before : after, outcomes[t])).findFirst();
    }

    /** The family whose tasks they are; a family that changes may change again. */
    private TaskFamily root() {
        return inner instanceof ChangingFamily changing ? changing.root() : inner;
    }

    /** The task of the root family in step t, from 0 on. */
    private Task at(int t, Task task) {
        Task now = t < steps ? before : inside(task);
        return inner instanceof ChangingFamily changing ? changing.at(t, now) : now;
    }

    private int lastChange() {
        return inner instanceof ChangingFamily changing ? Math.max(steps, changing.lastChange()) : steps;
    }

    @Override
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        TaskFamily root = root();
        if (root instanceof Family family && family.hasMeasure()) return family.measure(outcomes, t -> at(t, task));
        if (root.measureName().equals(Families.MEAN_REWARD)) return super.measure(task, outcomes, actions);
        int length = outcomes.length, from = lastChange() < length ? lastChange() : 0;
        return root.measure(at(length - 1, task), Arrays.copyOfRange(outcomes, from, length), Arrays.copyOfRange(actions, from, length));
    }

    @Override
    public String fingerprint() {
        String inside = inner.fingerprint();
        return inside.isEmpty() ? "" : Fingerprint.digits(inside + before.values(), inside.length());
    }
}
