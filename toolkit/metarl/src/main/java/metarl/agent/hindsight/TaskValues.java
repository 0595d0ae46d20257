package metarl.agent.hindsight;

import java.util.stream.IntStream;
import metarl.data.Trajectory;

/** What a learner holds states and actions of its train tasks to be worth, and how probable actions are by its policies. */
public interface TaskValues {
    /** V_j(s) under the policy of task j. */
    double value(int task, double[] observation);

    /** Q_j(s, a). */
    double actionValue(int task, double[] observation, double[] action);

    /** log π_j(a|s) of the policy of task j. */
    double logDensity(int task, double[] observation, double[] action);

    /** V_j of several states. */
    default double[] values(int task, double[][] observations) {
        return IntStream.range(0, observations.length).mapToDouble(i -> value(task, observations[i])).toArray();
    }

    /** V_j of several states by the larger of two critics, where {@link #values} goes by the smaller; the same where there is one. */
    default double[] largerValues(int task, double[][] observations) {
        return values(task, observations);
    }

    /** Q_j of several states and an action for each. */
    default double[] actionValues(int task, double[][] observations, double[][] actions) {
        return IntStream.range(0, observations.length).mapToDouble(i -> actionValue(task, observations[i], actions[i])).toArray();
    }

    /** log π_j of an action for each of several states. */
    default double[] logDensities(int task, double[][] observations, double[][] actions) {
        return IntStream.range(0, observations.length).mapToDouble(i -> logDensity(task, observations[i], actions[i])).toArray();
    }

    /**
     * U_j(τ), what an episode is good for: the mean of V over starts of task j, by a policy that knows of the task what this episode says,
     * and nothing else (Hindsight Foresight Relabeling, Wan et al. 2021).
     *
     * @throws UnsupportedOperationException if the learner does not infer tasks from episodes
     */
    default double foresight(int task, Trajectory episode) {
        throw noForesight();
    }

    /**
     * The same of samples of what task j has lived through itself: what U_j usually is.
     *
     * @throws UnsupportedOperationException if the learner does not infer tasks from episodes
     */
    default double[] ownForesights(int task) {
        throw noForesight();
    }

    private static UnsupportedOperationException noForesight() {
        return new UnsupportedOperationException(
            "the rule asks what an episode is good for as evidence of its task, which needs a learner that"
                + " infers tasks from episodes, such as PEARL; expected a different rule, such as Relabeller.paid()");
    }
}
