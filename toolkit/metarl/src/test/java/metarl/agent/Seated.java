package metarl.agent;

import java.util.List;
import java.util.stream.IntStream;
import metarl.data.Trajectory;

/** Trials made by hand. */
public final class Seated {
    private Seated() {}

    /** {@code episodes} of the trajectories in the seat of the first task, then of the second, … */
    public static List<Trial> of(int[] tasks, int episodes, List<Trajectory> trajectories) {
        Plan plan = Plan.of(Policy.zero(1), tasks).episodes(episodes);
        return IntStream.range(0, tasks.length)
            .mapToObj(i -> new Trial(plan.seats().get(i), trajectories.subList(i * episodes, (i + 1) * episodes))).toList();
    }

    /** The numbers of a plan's tasks. */
    public static int[] tasks(Plan plan) {
        return plan.seats().stream().mapToInt(Plan.Seat::task).toArray();
    }
}
