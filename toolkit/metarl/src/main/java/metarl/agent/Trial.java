package metarl.agent;

import java.util.List;
import metarl.data.Trajectory;

/**
 * What was collected in one seat of a {@link Plan}: one or several episodes of one task, through which one actor lived.
 *
 * @param seat the seat, as the learner planned it
 * @param episodes the episodes, in the order they were lived through
 */
public record Trial(Plan.Seat seat, List<Trajectory> episodes) {
    /** Episodes of a train task that nobody planned, such as given data. */
    public static Trial of(int task, Trajectory... episodes) {
        Policy nobody = Policy.zero(episodes[0].length() == 0 ? 1 : episodes[0].action(0).length);
        return new Trial(new Plan.Seat(task, nobody, episodes.length, Integer.MAX_VALUE, ""), List.of(episodes));
    }

    /** The number of the train task. */
    public int task() {
        return seat.task();
    }

    /** Steps of all episodes together. */
    public int length() {
        return episodes.stream().mapToInt(Trajectory::length).sum();
    }

    /** The undiscounted sum of all rewards. */
    public double totalReward() {
        return episodes.stream().mapToDouble(Trajectory::totalReward).sum();
    }
}
