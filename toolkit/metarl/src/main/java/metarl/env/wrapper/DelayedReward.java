package metarl.env.wrapper;

import java.util.random.RandomGenerator;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;

/**
 * Rewards paid late (MCAT, Guo et al. 2022): they are summed up, and the sum is paid when t mod n = 0 and at the end of the episode; all
 * other steps pay 0.
 *
 * <p>The steps t = 1, 2, … are counted from each reset, and the return of an episode stays the same. Published for n = 200, 350 and 500
 * steps.
 */
public final class DelayedReward extends WrappedEnvironment {
    private final int delay;
    private int steps;
    private double owed;

    /**
     * Delays the rewards of an environment.
     *
     * @param delay every how many steps the sum is paid, at least 1
     */
    public DelayedReward(Environment inner, int delay) {
        super(inner);
        if (delay < 1) throw new IllegalArgumentException("delay is " + delay + ", expected at least 1 step");
        this.delay = delay;
    }

    @Override
    public double[] reset(RandomGenerator random) {
        double[] observation = super.reset(random);
        steps = 0;
        owed = 0;
        return observation;
    }

    @Override
    public Step step(double[] action) {
        Step step = super.step(action);
        owed += step.reward();
        if (++steps % delay != 0 && !step.last()) return paying(step, 0);
        double paid = owed;
        owed = 0;
        return paying(step, paid);
    }
}
