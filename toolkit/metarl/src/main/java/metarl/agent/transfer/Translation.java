package metarl.agent.transfer;

/**
 * What an action of the source task becomes in the target task: ã = H(s, a). A {@link FittedTranslator} without task features is one, a
 * {@link FittedCycle} is one, and so is any rule in closed form.
 */
@FunctionalInterface
public interface Translation {
    /** Leaves actions as they are: the source policy, untranslated. */
    static Translation none() {
        return (observations, actions) -> actions;
    }

    /**
     * The actions for the target task.
     *
     * @param observations rows × observation of the target task
     * @param actions rows × action, as the source policy gave them
     * @return rows × action of the target task
     */
    double[][] translate(double[][] observations, double[][] actions);
}
