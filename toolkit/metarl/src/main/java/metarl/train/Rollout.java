package metarl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.env.wrapper.TimeLimit;
import metarl.task.Task;

/** Episodes of several tasks in lockstep, so that one forward pass serves all. */
public final class Rollout {
    /** What an episode of one step takes on the heap, at least. */
    static final long EPISODE_BYTES = 500;

    private Rollout() {}

    /** One episode of each task, from start states and with policy noise drawn from {@code random}. */
    public static List<Trajectory> of(Policy policy, List<Task> tasks, RandomStream random) {
        return firsts(trials(policy, tasks, 1, random));
    }

    /** The same, cut short (truncated) after {@code limit} steps. */
    static List<Trajectory> of(Policy policy, List<Task> tasks, int limit, RandomStream random) {
        return firsts(trials(policy, tasks, 1, random, 0, limit));
    }

    /** The same where the tasks are number {@code firstIndex}, firstIndex + 1, … of a longer list: each then starts as it would there. */
    static List<Trajectory> of(Policy policy, List<Task> tasks, RandomStream random, int firstIndex) {
        return firsts(trials(policy, tasks, 1, random, firstIndex, Integer.MAX_VALUE));
    }

    private static List<Trajectory> firsts(List<List<Trajectory>> trials) {
        return trials.stream().map(t -> t.get(0)).toList();
    }

    /**
     * A trial of each task: several episodes, one after the other, through which the actor lives on. Whoever remembers can use in a later episode what an
     * earlier one has shown.
     *
     * @param episodes episodes per trial
     */
    public static List<List<Trajectory>> trials(Policy policy, List<Task> tasks, int episodes, RandomStream random) {
        return trials(policy, tasks, episodes, random, 0, Integer.MAX_VALUE);
    }

    static List<List<Trajectory>> trials(Policy policy, List<Task> tasks, int episodes, RandomStream random, int firstIndex, int limit) {
        if (episodes < 1) throw new IllegalArgumentException("given " + episodes + " episodes, expected at least 1 per trial");
        Require.heap(Require.times(EPISODE_BYTES, Require.times(tasks.size(), episodes)),
            String.format(Locale.ROOT, "%,d environments with %,d episodes each", tasks.size(), episodes),
            "the number of tasks, shots or episodes");
        var environments = new ArrayList<Environment>();
        try (Policy.Actor actor = policy.start(tasks.size(), random.split("policy"))) {
            for (Task task : tasks) {
                Environment whole = CheckedEnvironment.of(task.environment(), task);
                environments.add(whole);
                requireSameSizes(environments.get(0), whole);
                if (limit < whole.horizon()) environments.set(environments.size() - 1, new TimeLimit(whole, limit));
            }
            return run(actor, tasks, environments, episodes, random, firstIndex);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the policy could not be closed", e);
        } finally {
            environments.forEach(Environment::close);
        }
    }

    /** One network serves all tasks. */
    private static void requireSameSizes(Environment first, Environment other) {
        int[] expected = sizes(first), given = sizes(other);
        if (!Arrays.equals(expected, given))
            throw new IllegalArgumentException("the environments of a rollout differ: entries of observation, action and outcome are "
                + Arrays.toString(expected)
                + " in the first task and " + Arrays.toString(given) + " in another; expected the same, because one policy acts in all");
    }

    private static int[] sizes(Environment environment) {
        return new int[] {environment.observations().size(), environment.actions().size(), environment.outcomeNames().size()};
    }

    private static List<List<Trajectory>> run(Policy.Actor actor, List<Task> tasks, List<Environment> environments, int episodes,
        RandomStream random, int firstIndex) {
        int n = tasks.size(), running = n;
        var trials = new ArrayList<List<Trajectory>>();
        var streams = new RandomStream[n];
        double[][] observations = new double[n][];
        for (int i = 0; i < n; i++) {
            streams[i] = random.split("start " + (firstIndex + i));
            trials.add(new ArrayList<>());
            observations[i] = begin(trials.get(i), tasks.get(i), environments.get(i), streams[i]);
        }
        boolean[] over = new boolean[n];
        while (running > 0) {
            double[][] actions = actor.act(observations);
            if (actions == null || actions.length != n)
                throw new IllegalStateException("the policy gave " + (actions == null ? "null" : actions.length + " actions")
                    + ", expected " + n + ", one per environment");
            Step[] steps = new Step[n];
            for (int i = 0; i < n; i++) {
                if (over[i]) continue;
                List<Trajectory> trial = trials.get(i);
                steps[i] = stepped(environments.get(i), actions[i]);
                trial.get(trial.size() - 1).add(actions[i], steps[i]);
                observations[i] = steps[i].observation();
                if (!steps[i].last()) continue;
                if (trial.size() < episodes) observations[i] = begin(trial, tasks.get(i), environments.get(i), streams[i]);
                else {
                    over[i] = true;
                    running--;
                }
            }
            actor.received(actions, steps);
        }
        return trials;
    }

    /** An action that the border refuses is the policy's fault, not the environment's. */
    private static Step stepped(Environment environment, double[] action) {
        try {
            return environment.step(action);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the policy gave an action that its environment cannot take. " + e.getMessage(), e);
        }
    }

    private static double[] begin(List<Trajectory> trial, Task task, Environment environment, RandomStream random) {
        double[] observation = environment.reset(random);
        trial.add(new Trajectory(task, observation));
        return observation;
    }
}
