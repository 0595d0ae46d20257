package metarl.train;

import java.util.ArrayList;
import java.util.List;
import metarl.agent.Policy;
import metarl.data.Trajectory;
import metarl.env.Environment;
import metarl.env.RandomStream;
import metarl.env.Step;
import metarl.env.TimeLimit;
import metarl.task.Task;

/** Episodes of several tasks in lockstep, so that one forward pass serves all. */
public final class Rollout {
    private Rollout() {}

    /** One episode of each task, from start states and with policy noise drawn from {@code random}. */
    public static List<Trajectory> of(Policy policy, List<Task> tasks, RandomStream random) {
        return of(policy, tasks, random, 0, Integer.MAX_VALUE);
    }

    /** The same, cut short (truncated) after {@code limit} steps. */
    static List<Trajectory> of(Policy policy, List<Task> tasks, int limit, RandomStream random) {
        return of(policy, tasks, random, 0, limit);
    }

    /** The same where the tasks are number {@code firstIndex}, firstIndex + 1, … of a longer list: each then starts as it would there. */
    static List<Trajectory> of(Policy policy, List<Task> tasks, RandomStream random, int firstIndex) {
        return of(policy, tasks, random, firstIndex, Integer.MAX_VALUE);
    }

    private static List<Trajectory> of(Policy policy, List<Task> tasks, RandomStream random, int firstIndex, int limit) {
        var environments = new ArrayList<Environment>();
        try (Policy.Actor actor = policy.start(tasks.size(), random.split("policy"))) {
            for (Task task : tasks) {
                Environment whole = task.environment();
                environments.add(limit < whole.horizon() ? new TimeLimit(whole, limit) : whole);
            }
            return run(actor, tasks, environments, random, firstIndex);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the policy could not be closed", e);
        } finally {
            environments.forEach(Environment::close);
        }
    }

    private static List<Trajectory> run(Policy.Actor actor, List<Task> tasks, List<Environment> environments, RandomStream random, int firstIndex) {
        int n = tasks.size();
        var trajectories = new ArrayList<Trajectory>();
        double[][] observations = new double[n][];
        boolean[] ended = new boolean[n];
        for (int i = 0; i < n; i++) {
            observations[i] = environments.get(i).reset(random.split("start " + (firstIndex + i)));
            trajectories.add(new Trajectory(tasks.get(i), observations[i]));
        }
        for (int running = n; running > 0; ) {
            double[][] actions = actor.act(observations);
            Step[] steps = new Step[n];
            for (int i = 0; i < n; i++) {
                if (ended[i]) continue;
                steps[i] = environments.get(i).step(actions[i]);
                trajectories.get(i).add(actions[i], steps[i]);
                observations[i] = steps[i].observation();
                if (steps[i].last()) {
                    ended[i] = true;
                    running--;
                }
            }
            actor.received(actions, steps);
        }
        return trajectories;
    }
}
