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

    /** Σ a², the usual cost of control. */
    static double squares(double[] action) {
        double sum = 0;
        for (double a : action) sum += a * a;
        return sum;
    }
}
