package metarl.env.wrapper;

import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.Restorable;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;

/** A shorter time limit: the episode is truncated, not terminated, after this many steps. */
public final class TimeLimit extends WrappedEnvironment implements Restorable {
    private final int limit;
    private int steps;
    private boolean over = true;

    /** Limits the episodes of an environment; a limit beyond its own horizon changes nothing. */
    public TimeLimit(Environment inner, int limit) {
        super(inner);
        if (inner instanceof DelayedReward)
            throw new IllegalArgumentException(
                "a time limit around a delayed reward would lose the last payment; put the limit inside: "
                    + "new DelayedReward(new TimeLimit(environment, n), delay)");
        if (limit < 1) throw new IllegalArgumentException("limit is " + limit + ", expected at least 1 step");
        this.limit = limit;
    }

    @Override
    public int horizon() {
        return Math.min(limit, super.horizon());
    }

    @Override
    public double[] reset(RandomGenerator random) {
        double[] observation = super.reset(random);
        steps = 0;
        over = false;
        return observation;
    }

    @Override
    public Step step(double[] action) {
        if (over) throw new IllegalStateException("step() needs a running episode: call reset(random) first");
        Step step = super.step(action);
        over = step.last() || ++steps >= limit;
        if (step.last() || !over) return step;
        return new Step(step.observation(), step.reward(), false, true, step.outcome());
    }

    @Override
    public double[] state() {
        return Restorable.of(inner()).state();
    }

    @Override
    public void restore(double[] state) {
        restoreInside(state);
        Require.that(state[0] < limit, "entry 0 of the state, the steps done,", state[0], "at most " + (limit - 1));
        steps = (int) state[0];
        over = false;
    }

    @Override
    public double[] stateOf(double[] observation, int steps) {
        return Restorable.of(inner()).stateOf(observation, steps);
    }
}
