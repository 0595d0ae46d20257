package metarl.agent;

import java.util.List;
import java.util.stream.IntStream;
import metarl.data.Trajectory;

/** Trials made by hand. */
public final class Seated {
    private Seated() {}

    /** {@code episodes} of the trajectories in the seat of the first task, then of the second, … */
    public static List<Trial> of(int[] tasks, int episodes, List<Trajectory> trajectories) {
        return IntStream.range(0, tasks.length)
            .mapToObj(i -> Trial.of(tasks[i], trajectories.subList(i * episodes, (i + 1) * episodes).toArray(Trajectory[]::new))).toList();
    }

    /** The numbers of a plan's tasks. */
    public static int[] tasks(Plan plan) {
        return plan.seats().stream().mapToInt(Plan.Seat::task).toArray();
    }
}
