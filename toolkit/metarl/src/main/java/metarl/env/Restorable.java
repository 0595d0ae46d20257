package metarl.env;

/**
 * An environment that can be put into a state: to look ahead from where another one is, or to go on in another task.
 *
 * <p>What two environments of the same shape do after the same state is the same, bit for bit, if their tasks are the same. Ask
 * {@link #of}, which looks behind a border and inside wrappers, not {@code instanceof}: a wrapper can do this only if what is inside can.
 */
public interface Restorable extends Environment {
    /**
     * All that the next step depends on, as numbers, to be handed to {@link #restore} of an environment of the same shape. Entry 0 is the
     * number of steps done in this episode.
     *
     * @throws IllegalStateException if no episode is running
     */
    double[] state();

    /**
     * Goes on from there, in an episode that is running; no {@link #reset} is needed before.
     *
     * @throws IllegalArgumentException if it has the wrong length, or an entry is not finite, or the number of steps is not from 0 to
     *     {@link #horizon()} − 1
     */
    void restore(double[] state);

    /**
     * The state behind an observation after so many steps.
     *
     * @throws UnsupportedOperationException where observations hide a part of the state
     */
    double[] stateOf(double[] observation, int steps);

    /**
     * The environment as one that can be put into a state.
     *
     * @throws IllegalArgumentException if it cannot, or a wrapper around it cannot
     */
    static Restorable of(Environment environment) {
        Environment inside = environment;
        while (inside instanceof Restorable) {
            if (inside instanceof CheckedEnvironment checked) inside = checked.inner();
            else if (inside instanceof WrappedEnvironment wrapped) inside = wrapped.inner();
            else break;
        }
        if (inside instanceof Restorable) return (Restorable) environment;
        throw new IllegalArgumentException(CheckedEnvironment.nameOf(inside) + " cannot be put into a state (it is no "
            + Restorable.class.getSimpleName()
            + "); expected a world of Dynamics, a simulated body, or a class of your own that implements "
            + "it; of the wrappers, only a TimeLimit around one");
    }
}
