package metarl.env;

/**
 * What one action led to.
 *
 * @param observation the new observation
 * @param reward the reward of the task the environment was built for
 * @param terminated whether the episode ended for good: only this stops bootstrapping
 * @param truncated whether a time limit cut the episode: the value of the new observation still counts
 * @param outcome the task-independent quantities every reward of the family reads, in the order of {@link Environment#outcomeNames()}
 */
public record Step(double[] observation, double reward, boolean terminated, boolean truncated, double[] outcome) {
    /** Whether the environment must be reset before the next step. */
    public boolean last() {
        return terminated || truncated;
    }
}
