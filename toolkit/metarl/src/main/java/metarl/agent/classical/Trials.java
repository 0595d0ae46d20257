package metarl.agent.classical;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import metarl.basics.Activity;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.CheckedEnvironment;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.Step;
import metarl.task.Task;
import metarl.task.TaskFamily;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * How an agent does over many trials, each of a fresh task.
 *
 * <p>Trial i draws its task, what happens in it and what the agent draws from three streams of its own, so that all agents meet the same
 * tasks and results do not depend on the number of threads.
 *
 * <p>This loop keeps nothing but returns. Under {@code Rollout}, where {@link TrialAgent#policy} lets the same agents act beside learners,
 * they earn the same, draw for draw; but a million pulls then take about twice as long, and their episodes half a gigabyte.
 *
 * @param episodes episodes per trial
 * @param totals the total reward of each trial
 */
public record Trials(int episodes, double[] totals) {
    private static final int MOST_THREADS = 1024;

    /** Trials on all cores; see {@link #evaluate(TaskFamily, Function, int, int, long, int)}. */
    public static Trials evaluate(TaskFamily family, Function<Task, TrialAgent> agent, int episodes, int trials, long seed) {
        return evaluate(family, agent, episodes, trials, seed, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Runs trials of a family whose observations are a constant (bandits) or a one-hot state.
     *
     * @param agent makes the agent of a trial; only an oracle looks at the task
     * @param episodes episodes per trial
     * @param trials number of trials
     * @param seed what all randomness depends on
     * @throws IllegalArgumentException if a count is not positive, or the family's actions are not choices
     */
    public static Trials evaluate(TaskFamily family, Function<Task, TrialAgent> agent, int episodes, int trials, long seed, int threads) {
        if (episodes < 1 || trials < 1 || threads < 1)
            throw new IllegalArgumentException(
                "given " + episodes + " episodes, " + trials + " trials, " + threads + " threads; expected at least 1 of each");
        Require.count(episodes, 1, "episodes", "at least 1 per trial");
        Require.count(trials, 1, "trials", "at least 1");
        Require.heap(8L * (trials + (long) Math.min(threads, trials) * episodes), trials + " trials of " + episodes + " episodes",
            "trials or episodes");
        try (var activity = Activity.of("trials of " + family.name(), trials)) {
            return evaluate(family, agent, episodes, trials, seed, threads, activity);
        }
    }

    private static Trials evaluate(TaskFamily family, Function<Task, TrialAgent> agent, int episodes, int trials, long seed, int threads,
        Activity activity) {
        double[] totals = new double[trials];
        var next = new AtomicInteger();
        Runnable worker = () -> {
            for (int i = next.getAndIncrement(); i < trials; i = next.getAndIncrement()) {
                totals[i] = trial(family, agent, episodes, RandomStream.of(seed, "trial " + i));
                activity.advance();
            }
        };
        int workers = Math.min(threads, Math.min(trials, MOST_THREADS));
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            List<? extends Future<?>> running = Collections.nCopies(workers, worker).stream().map(w -> pool.submit(w)).toList();
            for (Future<?> future : running) future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            next.set(trials);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; no trial is kept", e);
        } finally {
            pool.shutdown();
        }
        return new Trials(episodes, totals);
    }

    private static double trial(TaskFamily family, Function<Task, TrialAgent> agent, int episodes, RandomStream random) {
        Task task = family.sample(1, random.split("task")).get(0);
        try (Environment environment = CheckedEnvironment.of(task.environment(), task)) {
            return Arrays.stream(run(agent.apply(task), environment, episodes, random.split("environment"), random.split("agent"))).sum();
        }
    }

    /**
     * One trial: the return of each episode.
     *
     * @throws IllegalArgumentException if the environment's actions are not choices
     */
    public static double[] run(TrialAgent agent, Environment given, int episodes, RandomStream ofEnvironment, RandomStream ofAgent) {
        CheckedEnvironment environment = CheckedEnvironment.of(given);
        if (!(environment.actions() instanceof Space.Discrete))
            throw new IllegalArgumentException(
                "the environment's actions are " + environment.actions() + "; a trial agent needs a number of choices");
        Require.count(episodes, 1, "episodes", "at least 1 per trial");
        Require.heap(8L * episodes, episodes + " episodes", "episodes");
        double[] returns = new double[episodes];
        agent.begin(episodes, ofAgent);
        for (int e = 0; e < episodes; e++) {
            int state = state(environment.reset(ofEnvironment));
            agent.beginEpisode();
            boolean last = false;
            while (!last) {
                int action = agent.act(state);
                Step step = environment.step(new double[] {action});
                int next = state(step.observation());
                last = step.last();
                agent.observe(state, action, step.reward(), next, last);
                returns[e] += step.reward();
                state = next;
            }
        }
        return returns;
    }

    /** The place of the one in a one-hot observation; 0 if there is none, as for bandits. */
    static int state(double[] observation) {
        for (int i = 0; i < observation.length; i++) if (observation[i] == 1) return i;
        return 0;
    }

    /** Mean total reward. */
    public double mean() {
        return Arrays.stream(totals).average().orElse(Double.NaN);
    }

    /** Standard error of the mean; NaN for a single trial. */
    public double standardError() {
        double mean = mean(), squares = Arrays.stream(totals).map(t -> (t - mean) * (t - mean)).sum();
        return Math.sqrt(squares / (totals.length - 1) / totals.length);
    }

    /** Episodes, trials, mean and standard error. */
    public Table summary() {
        return Table.create("trials", IntColumn.create("episodes", new int[] {episodes}),
            IntColumn.create("trials", new int[] {totals.length}),
            DoubleColumn.create("mean total reward", new double[] {mean()}),
            DoubleColumn.create("standard error", new double[] {standardError()}));
    }
}
