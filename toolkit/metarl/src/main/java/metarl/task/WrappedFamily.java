package metarl.task;

import java.util.function.UnaryOperator;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.wrapper.DelayedReward;

/** The tasks of another family with something around each environment; see {@link TaskFamily#wrapped} and {@link TaskFamily#delayed}. */
final class WrappedFamily extends DerivedFamily {
    private final UnaryOperator<Environment> wrapper;
    private final boolean isDelay;
    private Recording.Sizes sizes;
    private String fingerprint;

    private WrappedFamily(TaskFamily inner, String suffix, String note, UnaryOperator<Environment> wrapper, boolean isDelay) {
        super(inner, suffix, note);
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
        Require.that(delay <= inner.horizon(), "delay", delay, "at most the " + inner.horizon() + " steps of an episode of "
            + inner.name() + ": that many pay the whole return at its end");
        return new WrappedFamily(inner, "delayed-" + delay, "Rewards are paid every " + delay + " steps.",
            environment -> new DelayedReward(environment, delay), true);
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

    /** A delay changes nothing of what is seen; another wrapper may. */
    @Override
    public boolean showsOutcome() {
        return isDelay && inner.showsOutcome();
    }

    @Override
    public double[] outcome(double[] observation, double[] action, double[] next) {
        return showsOutcome() ? inner.outcome(observation, action, next) : super.outcome(observation, action, next);
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
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        return inner.measure(task, outcomes, inside(outcomes, actions));
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) fingerprint = isDelay ? inner.fingerprint() : Fingerprint.of(this);
        return fingerprint;
    }
}
