package metarl.agent.model;

import java.util.List;
import java.util.stream.IntStream;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.Restorable;
import metarl.env.Space;
import metarl.env.Step;
import metarl.task.Task;

/**
 * Planning with the true simulator as the model: the bound of what a learned model can reach with the same planner. It knows the task, and
 * plays every sequence of actions in an environment of it, from the state behind the observation.
 *
 * <pre>{@code
 * Rollout.of(TrueModel.of(task, Planner.crossEntropy(500, 20)), List.of(task), random)
 * }</pre>
 *
 * <p>It also knows when a task {@linkplain metarl.task.TaskFamily#changingAt changes} under way, and plans for it before. What counts is
 * the sum of the rewards that the environment pays until the sequence, or the episode, ends. Where a world moves by chance, all sequences
 * meet the same draws, which are not those that come. Sequences are shared among the machine's cores; what is planned does not depend on
 * how many there are.
 *
 * @param tasks of each environment in which it acts, or one for all of them; their environments can be put into a state
 * ({@link Restorable}), and show it whole
 * @param planner how sequences are looked for
 */
public record TrueModel(List<Task> tasks, Planner planner) implements Policy {
    /** Checks that there is a task. */
    public TrueModel {
        tasks = List.copyOf(tasks);
        Require.that(!tasks.isEmpty(), "tasks", "an empty list", "one task for all environments, or one for each");
        Require.that(planner != null, "planner", null, "one, such as Planner.crossEntropy(500, 20)");
    }

    /** For environments of one task. */
    public static TrueModel of(Task task, Planner planner) {
        return new TrueModel(List.of(task), planner);
    }

    @Override
    public Actor start(int environments, RandomStream random) {
        Require.that(tasks.size() == 1 || tasks.size() == environments, "the number of environments", environments,
            tasks.size() + ", one for each task that the model knows");
        try (Environment first = tasks.get(0).environment()) {
            if (!(first.actions() instanceof Space.Box actions))
                throw new IllegalArgumentException(
                    "actions of " + tasks.get(0) + " are one of a number of choices; a planner looks for real numbers in [−1, 1]");
            return new Planned(IntStream.range(0, environments).mapToObj(i -> tasks.get(tasks.size() == 1 ? 0 : i)).toList(),
                planner.start(environments, actions.size(), random), random.split("chance"));
        }
    }

    private static final class Planned implements Actor {
        private final Planning planning;
        private final Simulators simulators;
        private final int[] steps;
        private final boolean[] over;

        Planned(List<Task> tasks, Planning planning, RandomStream random) {
            this.planning = planning;
            simulators = new Simulators(tasks, random);
            steps = new int[tasks.size()];
            over = new boolean[tasks.size()];
        }

        @Override
        public double[][] act(double[][] observations) {
            double[][] states = IntStream.range(0, steps.length)
                .mapToObj(i -> over[i] ? null : simulators.state(i, observations[i], steps[i])).toArray(double[][]::new);
            return planning.next(simulators.from(states));
        }

        @Override
        public void received(double[][] actions, Step[] received) {
            for (int i = 0; i < received.length; i++) {
                over[i] = received[i] == null;
                if (over[i]) continue;
                steps[i]++;
                if (!received[i].last()) continue;
                steps[i] = 0;
                planning.ended(i);
            }
        }

        @Override
        public void close() {
            simulators.close();
        }
    }
}
