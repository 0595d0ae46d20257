package metarl.task;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.wrapper.DelayedReward;

/** The tasks of another family with something around each environment; see {@link TaskFamily#wrapped} and {@link TaskFamily#delayed}. */
final class WrappedFamily implements TaskFamily {
    private final TaskFamily inner;
    private final String suffix, note;
    private final UnaryOperator<Environment> wrapper;
    private final boolean isDelay;
    private Recording.Sizes sizes;
    private String fingerprint;

    private WrappedFamily(TaskFamily inner, String suffix, String note, UnaryOperator<Environment> wrapper, boolean isDelay) {
        this.inner = inner;
        this.suffix = suffix;
        this.note = note;
        this.wrapper = wrapper;
        this.isDelay = isDelay;
    }

    static WrappedFamily of(TaskFamily inner, String suffix, UnaryOperator<Environment> wrapper) {
        Require.that(suffix != null && suffix.matches("[\\p{Alnum}._-]+") && !suffix.startsWith("delayed-"), "suffix",
            suffix == null ? null : "'" + suffix + "'", "letters, digits, '-', '_' and '.', such as \"normalized\", and not \"delayed-…\"");
        Require.that(wrapper != null, "wrapper", null, "a rule such as environment -> new SparseReward(environment, 0.5)");
        return new WrappedFamily(inner, suffix, "Its environments are wrapped: " + suffix + ".", wrapper, false);
    }

    static WrappedFamily delayed(TaskFamily inner, int delay) {
        Require.that(delay >= 1, "delay", delay, "at least 1 step");
        return new WrappedFamily(inner, "delayed-" + delay, "Rewards are paid every " + delay + " steps.",
            environment -> new DelayedReward(environment, delay), true);
    }

    @Override
    public String name() {
        return inner.name() + "-" + suffix;
    }

    @Override
    public String description() {
        return inner.description() + " " + note;
    }

    @Override
    public List<Parameter> parameters() {
        return inner.parameters();
    }

    @Override
    public int horizon() {
        return isDelay ? inner.horizon() : sizes().horizon();
    }

    @Override
    public Environment environment(Task task) {
        Environment wrapped = wrapper.apply(inner.environment(task));
        if (wrapped == null)
            throw new IllegalStateException("the wrapper of the family '" + name() + "' gave null, expected an environment");
        return wrapped;
    }

    private synchronized Recording.Sizes sizes() {
        if (sizes == null) sizes = Recording.Sizes.of(inner, wrapper);
        return sizes;
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return inner.reward(task, outcome, action);
    }

    /** A delay changes nothing of what is seen; another wrapper may. */
    @Override
    public boolean showsOutcome() {
        return isDelay && inner.showsOutcome();
    }

    @Override
    public double[] outcome(double[] observation, double[] action, double[] next) {
        return showsOutcome() ? inner.outcome(observation, action, next) : TaskFamily.super.outcome(observation, action, next);
    }

    @Override
    public boolean isShaped() {
        return inner.isShaped();
    }

    @Override
    public double shapedReward(Task task, double[] outcome, double[] action) {
        return inner.shapedReward(task, outcome, action);
    }

    /** Those of the family inside, which no wrapper changes. */
    @Override
    public double[] shapedRewards(Task task, double[][] outcomes, double[][] actions) {
        return isShaped() ? inner.shapedRewards(task, outcomes, inside(outcomes, actions)) : rewards(task, outcomes, actions);
    }

    /** What the wrapper makes of the rewards inside. */
    @Override
    public double[] rewards(Task task, double[][] outcomes, double[][] actions) {
        double[] paid = inner.rewards(task, outcomes, inside(outcomes, actions));
        return new Recording(sizes(), outcomes, paid).play(wrapper, actions);
    }

    /** The actions that reach the family inside. */
    private double[][] inside(double[][] outcomes, double[][] actions) {
        var silent = new Recording(sizes(), outcomes, new double[outcomes.length]);
        silent.play(wrapper, actions);
        return silent.received();
    }

    @Override
    public String measureName() {
        return inner.measureName();
    }

    @Override
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        return inner.measure(task, outcomes, inside(outcomes, actions));
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        return inner.sample(count, random).stream().map(task -> new Task(this, task.values())).toList();
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) fingerprint = isDelay ? inner.fingerprint() : Fingerprint.of(this);
        return fingerprint;
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof WrappedFamily other && suffix.equals(other.suffix) && inner.equals(other.inner)
            && fingerprint().equals(other.fingerprint());
    }

    @Override
    public int hashCode() {
        return Objects.hash(inner, suffix);
    }

    @Override
    public String toString() {
        return name();
    }
}
