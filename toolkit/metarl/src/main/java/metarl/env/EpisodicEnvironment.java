package metarl.env;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import metarl.basics.Require;

/**
 * What all environments share: the time limit, the checks of actions and of the order of calls, the reward by a rule of outcome and
 * action, and a plain picture.
 *
 * <p>A subclass gives {@link #outcomeNames}, {@link #begin} and {@link #advance}.
 */
public abstract class EpisodicEnvironment implements Environment {
    static final String REFUSED = "the action was refused: ";
    private static final int NOT_STARTED = -1;

    private final Space observations;
    private final Space actions;
    private final int horizon;
    private final Reward reward;
    private final Trace trace = new Trace();
    private int steps = NOT_STARTED;

    /** The result of one advance of the machine, before it is scored: what is seen, the outcome, and whether the episode ended for good. */
    public record Advance(double[] observation, double[] outcome, boolean terminated) {}

    /** An environment with these spaces, this time limit in steps and this reward. */
    protected EpisodicEnvironment(Space observations, Space actions, int horizon, Reward reward) {
        Require.that(horizon >= 1, "horizon", horizon, "at least 1 step");
        this.observations = observations;
        this.actions = actions;
        this.horizon = horizon;
        this.reward = reward;
    }

    /** Puts the machine into a random start state and returns the first observation. */
    protected abstract double[] begin(RandomGenerator random);

    /** Moves the machine by one step; the action lies within the action space. */
    protected abstract Advance advance(double[] action);

    @Override
    public final double[] reset(RandomGenerator random) {
        double[] observation = begin(random);
        steps = 0;
        trace.clear();
        return observation;
    }

    @Override
    public final Step step(double[] action) {
        if (steps == NOT_STARTED) throw new IllegalStateException("step() needs a running episode: call reset(random) first");
        double[] accepted = accept(action);
        Advance next;
        try {
            next = advance(accepted);
        } catch (RuntimeException e) {
            steps = NOT_STARTED;
            throw e;
        }
        trace.add(next.outcome);
        boolean truncated = ++steps >= horizon && !next.terminated;
        if (truncated || next.terminated) steps = NOT_STARTED;
        return new Step(next.observation, reward.of(next.outcome, accepted), next.terminated, truncated, next.outcome);
    }

    /** The state whose first entry is the number of steps done, followed by these; for a {@link Restorable}. */
    protected final double[] state(double[]... parts) {
        if (steps == NOT_STARTED) throw new IllegalStateException("state() needs a running episode: call reset(random) first");
        return state(steps, parts);
    }

    /** The same after a given number of steps. */
    protected static double[] state(int steps, double[]... parts) {
        return Stream.concat(Stream.of(new double[] {steps}), Stream.of(parts)).flatMapToDouble(Arrays::stream).toArray();
    }

    /** Goes on in an episode of so many steps, the first entry of this state. */
    protected final void resume(double[] state, int size) {
        Require.that(state.length == size, "the length of the state", state.length, size + ", as state() gives it");
        Require.finite("state", state);
        Require.that(state[0] == Math.rint(state[0]) && state[0] >= 0 && state[0] < horizon, "entry 0 of the state, the steps done,",
            state[0],
            "a whole number from 0 to " + (horizon - 1));
        steps = (int) state[0];
        trace.clear();
    }

    /** The task that pays, as a text; null if the reward is no task. */
    String taskName() {
        return reward != null && reward.getClass().isRecord() ? reward.toString() : null;
    }

    double[] accept(double[] action) {
        try {
            return actions.accept(action);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(REFUSED + e.getMessage() + actionHint(action), e);
        }
    }

    /** What to add to the message about a bad action, such as the name of the actuator; empty if there is nothing. */
    protected String actionHint(double[] action) {
        return "";
    }

    @Override
    public final Space observations() {
        return observations;
    }

    @Override
    public final Space actions() {
        return actions;
    }

    @Override
    public final int horizon() {
        return horizon;
    }

    /** The outcome over the last steps, one strip per entry, unless a subclass draws a picture of its own. */
    @Override
    public BufferedImage render(int width, int height) {
        return trace.draw(outcomeNames(), horizon, width, height);
    }

    @Override
    public void close() {}
}
