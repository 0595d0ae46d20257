package metarl.env.wrapper;

import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.Step;
import metarl.env.WrappedEnvironment;

/**
 * Actions of another box, mapped linearly to the one inside: u = low' + (a − low) / (high − low) · (high' − low').
 *
 * <p>An action outside the new box is moved to its bound first. To score a step for another task, give {@code Task.reward} the action
 * inside, {@link #inside}.
 */
public final class RescaledAction extends WrappedEnvironment {
    private final Space.Box outer, target;

    /**
     * Rescales the actions of an environment.
     *
     * @param actions the box the agent acts in, bounded, with as many entries as the one inside
     * @throws IllegalArgumentException if a box is unbounded or empty in an entry, sizes differ, or the inner actions are choices
     */
    public RescaledAction(Environment inner, Space.Box actions) {
        super(inner);
        if (!(inner.actions() instanceof Space.Box box))
            throw new IllegalArgumentException("the actions inside are " + inner.actions() + "; only a box of numbers can be rescaled");
        if (actions.size() != box.size())
            throw new IllegalArgumentException("the new box has " + actions.size() + " entries, expected " + box.size());
        requireBounded(actions);
        requireBounded(box);
        outer = actions;
        target = box;
    }

    private static void requireBounded(Space.Box box) {
        for (int i = 0; i < box.size(); i++)
            if (!(box.low()[i] < box.high()[i]) || Double.isInfinite(box.high()[i] - box.low()[i]))
                throw new IllegalArgumentException("entry " + i + " of " + box + " goes from " + box.low()[i] + " to " + box.high()[i]
                    + ", expected finite bounds, the lower one first");
    }

    @Override
    public Space actions() {
        return outer;
    }

    /** The action that reaches the environment inside. */
    public double[] inside(double[] action) {
        double[] inside = outer.accept(action);
        for (int i = 0; i < inside.length; i++) {
            double share = (inside[i] - outer.low()[i]) / (outer.high()[i] - outer.low()[i]);
            inside[i] = target.low()[i] + share * (target.high()[i] - target.low()[i]);
        }
        return inside;
    }

    @Override
    public Step step(double[] action) {
        return super.step(inside(action));
    }
}
