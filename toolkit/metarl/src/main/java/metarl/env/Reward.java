package metarl.env;

/** A reward as a pure function of what happened and of the action, so that stored steps can be scored again for another task. */
@FunctionalInterface
public interface Reward {
    /**
     * The reward of one step.
     *
     * @param outcome the step's {@link Step#outcome()}
     * @param action the action, within the action space
     */
    double of(double[] outcome, double[] action);
}
