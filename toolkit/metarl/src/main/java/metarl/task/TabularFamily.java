package metarl.task;

/**
 * A family with finitely many states and actions whose tasks are known exactly; a state is seen one-hot, in the order of these arrays.
 */
public interface TabularFamily extends TaskFamily {
    /** How many states there are. */
    int states();

    /** The chance that an episode of a task begins in each state. */
    double[] starts(Task task);

    /**
     * P(s'|s, a) of a task, [state][action][next state], as if nothing ended an episode: what two tasks with other goals have in common
     * where they move alike.
     */
    double[][][] dynamics(Task task);

    /** The same where episodes end: rows that lead to an end lack the chance of it, and those of a state in which nothing is done are 0. */
    double[][][] transitions(Task task);

    /** The mean reward of every state and action of a task, [state][action]; 0 in a state in which nothing is done any more. */
    double[][] rewards(Task task);
}
