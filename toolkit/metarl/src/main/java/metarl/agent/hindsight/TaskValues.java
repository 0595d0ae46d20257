package metarl.agent.hindsight;

/** What a learner holds states and actions of its train tasks to be worth, and how probable actions are by its policies. */
public interface TaskValues {
    /** V_j(s) under the policy of task j. */
    double value(int task, double[] observation);

    /** Q_j(s, a). */
    double actionValue(int task, double[] observation, double[] action);

    /** log π_j(a|s) of the policy of task j. */
    double logDensity(int task, double[] observation, double[] action);
}
