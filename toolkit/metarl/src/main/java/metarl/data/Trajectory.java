package metarl.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import metarl.env.Step;
import metarl.task.Task;

/**
 * The steps of one episode of one task, in order.
 *
 * <p>An observation that is a picture ({@link metarl.env.Space.Picture}) is kept as bytes, and equal ones once: of 3 600 entries 3.6 kB
 * instead of 29. What {@link #observation} gives is the same.
 */
public final class Trajectory {
    private final Task task;
    private final Observations observations = new Observations();
    private final List<double[]> actions = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    /** Of as many steps as it is long; null as long as none is known. */
    private double[] logDensities;

    /** An episode that starts with this observation. */
    public Trajectory(Task task, double[] firstObservation) {
        this.task = task;
        observations.add(firstObservation);
    }

    /** Appends what an action led to; how likely the action was is not known. */
    public void add(double[] action, Step step) {
        add(action, step, Double.NaN);
    }

    /**
     * Appends what an action led to.
     *
     * @param logDensity log π_b(a|o) of the policy that chose the action, NaN if it is not known
     */
    public void add(double[] action, Step step, double logDensity) {
        if (!Double.isNaN(logDensity)) {
            int known = logDensities == null ? 0 : logDensities.length;
            if (known <= length()) {
                logDensities = logDensities == null ? new double[length() + 1] : Arrays.copyOf(logDensities, 2 * length() + 1);
                Arrays.fill(logDensities, known, logDensities.length, Double.NaN);
            }
            logDensities[length()] = logDensity;
        }
        actions.add(action);
        boolean asBytes = observations.add(step.observation());
        steps.add(asBytes ? new Step(null, step.reward(), step.terminated(), step.truncated(), step.outcome()) : step);
    }

    /** The task the rewards were paid by. */
    public Task task() {
        return task;
    }

    /** Number of steps. */
    public int length() {
        return steps.size();
    }

    /** What was seen before step {@code t}; {@code t = length()} is the last observation. */
    public double[] observation(int t) {
        return observations.get(t);
    }

    /** What was done at step {@code t}. */
    public double[] action(int t) {
        return actions.get(t);
    }

    /** log π_b(a|o) of what was done at step {@code t}: a probability of choices, a density of real numbers; NaN if it is not known. */
    public double logDensity(int t) {
        if (t < 0 || t >= length()) throw new IndexOutOfBoundsException("step " + t + " of " + length());
        return logDensities == null || t >= logDensities.length ? Double.NaN : logDensities[t];
    }

    /** What step {@code t} led to. */
    public Step step(int t) {
        Step s = steps.get(t);
        if (s.observation() != null) return s;
        return new Step(observations.get(t + 1), s.reward(), s.terminated(), s.truncated(), s.outcome());
    }

    /** The t-th step as a transition. */
    public Transition transition(int t) {
        Step s = steps.get(t);
        return new Transition(observations.get(t), actions.get(t), s.reward(), observations.get(t + 1), s.terminated(), s.outcome());
    }

    /** All steps as transitions, in order. */
    public List<Transition> transitions() {
        var all = new ArrayList<Transition>();
        for (int t = 0; t < length(); t++) all.add(transition(t));
        return all;
    }

    /** The undiscounted sum of rewards. */
    public double totalReward() {
        double sum = 0;
        for (Step s : steps) sum += s.reward();
        return sum;
    }

    /** How well the episode did in the task's own terms; see {@link metarl.task.TaskFamily#measure}. */
    public double measure() {
        return task.family().measure(task, outcomes(), actions.toArray(double[][]::new));
    }

    private double[][] outcomes() {
        return steps.stream().map(Step::outcome).toArray(double[][]::new);
    }

    /**
     * The same episode with the rewards that its family names to learn from ({@link metarl.task.TaskFamily#shapedReward}); itself where
     * these are what was paid.
     */
    public Trajectory shaped() {
        if (!task.family().isShaped()) return this;
        return paid(task, task.family().shapedRewards(task, outcomes(), actions.toArray(double[][]::new)));
    }

    /**
     * The same episode scored for another task of the family: with the rewards that its environment would have paid, and cut off at the
     * step at which it would have ended ({@link metarl.task.TaskFamily#endsByTask}). Where only its own task ended it, it counts as
     * truncated.
     */
    public Trajectory relabel(Task other) {
        var family = other.family();
        double[][] outcomes = outcomes();
        OptionalInt end = family.endsByTask() ? family.firstEnd(other, outcomes) : OptionalInt.empty();
        int lived = end.isPresent() ? end.getAsInt() + 1 : length();
        double[][] taken = actions.subList(0, lived).toArray(double[][]::new);
        var copy = paid(other, family.rewards(other, Arrays.copyOf(outcomes, lived), taken));
        if (lived > 0 && family.endsByTask()) copy.endBy(end.isPresent());
        return copy;
    }

    /** Makes the last step one that ended the episode for good, or did not. */
    private void endBy(boolean terminated) {
        Step last = steps.get(length() - 1);
        boolean truncated = !terminated && (last.truncated() || last.terminated());
        steps.set(length() - 1, new Step(last.observation(), last.reward(), terminated, truncated, last.outcome()));
    }

    /** As many steps as there are rewards. */
    private Trajectory paid(Task other, double[] rewards) {
        var copy = new Trajectory(other, observations.get(0));
        for (int t = 0; t < rewards.length; t++) {
            Step s = step(t);
            var paid = new Step(s.observation(), rewards[t], s.terminated(), s.truncated(), s.outcome());
            copy.add(actions.get(t), paid, logDensity(t));
        }
        return copy;
    }
}
