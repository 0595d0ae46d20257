package metarl.task;

/**
 * One number in which the tasks of a family differ.
 *
 * @param name what it is, a whole word
 * @param unit its unit, empty if it has none
 * @param low the smallest value that is drawn
 * @param high the largest value that is drawn
 * @param changes what it changes
 */
public record Parameter(String name, String unit, double low, double high, Changes changes) {
    /** What a parameter changes between tasks. */
    public enum Changes {
        /** What is rewarded; the same actions lead to the same states. */
        REWARD,
        /** How the body or the world moves. */
        DYNAMICS
    }
}
