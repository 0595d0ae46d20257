package metarl.env;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An environment around another one: it passes everything on, and a subclass changes what it must.
 *
 * <p>Wrappers change what the agent sees, does and is paid, never the outcome: {@code Task.reward(outcome, action)} goes on to give the
 * reward of the task itself. Closing a wrapper closes what is inside. What comes from inside is checked ({@link CheckedEnvironment}), so
 * that a fault is told as that of the environment inside, not of the wrapper.
 */
public abstract class WrappedEnvironment implements Environment {
    private final Environment inner;
    private final CheckedEnvironment checked;

    /** Wraps an environment, which must not be used directly any more. */
    protected WrappedEnvironment(Environment inner) {
        this.inner = inner;
        checked = CheckedEnvironment.of(inner);
    }

    /** What is inside. */
    protected final Environment inner() {
        return inner;
    }

    @Override
    public Space observations() {
        return inner.observations();
    }

    @Override
    public Space actions() {
        return inner.actions();
    }

    @Override
    public int horizon() {
        return inner.horizon();
    }

    @Override
    public List<String> outcomeNames() {
        return inner.outcomeNames();
    }

    @Override
    public double[] reset(RandomGenerator random) {
        return checked.reset(random);
    }

    @Override
    public Step step(double[] action) {
        return checked.step(action);
    }

    @Override
    public BufferedImage render(int width, int height) {
        return checked.render(width, height);
    }

    @Override
    public void close() {
        checked.close();
    }

    /** Puts what is inside into a state; see {@link Restorable}, which a wrapper implements whose own state is the number of steps. */
    protected final void restoreInside(double[] state) {
        checked.restore(state);
    }

    /** "Wrapper around …": all wrappers, then what is inside them, by the given name if it has one. */
    String chain(Object name) {
        String inside = inner instanceof WrappedEnvironment wrapped ? wrapped.chain(name)
            : name == null ? CheckedEnvironment.nameOf(inner) : name.toString();
        String full = getClass().getName();
        return full.substring(full.lastIndexOf('.') + 1) + " around " + inside;
    }

    /** The same step with another reward. */
    protected static Step paying(Step step, double reward) {
        return new Step(step.observation(), reward, step.terminated(), step.truncated(), step.outcome());
    }
}
