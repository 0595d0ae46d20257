package metarl.agent.classical;

import java.util.function.IntFunction;
import metarl.agent.Policy;
import metarl.basics.RandomStream;

/**
 * A learner of the classical kind: it learns within one trial, from the first step to the last of n episodes of one task, and then forgets.
 *
 * <p>States and actions are numbers from 0 on. A bandit is the case of one state and episodes of one step. This is the bar for agents that
 * learned to learn.
 *
 * <p>{@link Trials} runs many trials quickly; {@link #policy} lets an agent act where learners do.
 */
public interface TrialAgent {
    /**
     * Forgets everything and prepares for a trial.
     *
     * @param episodes how many episodes the trial has
     * @param random the source of everything the agent draws
     */
    void begin(int episodes, RandomStream random);

    /** Prepares for an episode: the time to plan. */
    default void beginEpisode() {}

    /** The action to take in a state. */
    int act(int state);

    /**
     * Learns from a step.
     *
     * @param last whether it was the episode's last one
     */
    void observe(int state, int action, double reward, int next, boolean last);

    /**
     * Agents as a policy, so that one protocol measures them beside learners: under {@code Rollout.trials} or {@code ShotEvaluation.of}.
     *
     * <pre>{@code
     * Policy thompson = TrialAgent.policy(i -> BanditAgents.thompson(5), 100);
     * Policy optimum = TrialAgent.policy(i -> TabularAgents.optimal(tasks.get(i)), 100);       // knows the i-th task
     * }</pre>
     *
     * @param agents makes the agent of the i-th environment
     * @param episodes how many episodes a trial has, which agents such as Gittins' must know
     */
    static Policy policy(IntFunction<TrialAgent> agents, int episodes) {
        return new TrialPolicy(agents, episodes);
    }
}
