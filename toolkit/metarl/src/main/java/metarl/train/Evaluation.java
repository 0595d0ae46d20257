package metarl.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import metarl.agent.Adaptation;
import metarl.agent.Evidence;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.basics.Activity;
import metarl.basics.Findings;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.env.Lockstep;
import metarl.nn.TorchThread;
import metarl.task.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How a learner does on tasks it was not trained on: the one protocol of all algorithms.
 *
 * <p>Per task: the mean return of fresh episodes without adaptation; then {@code shots} episodes, adaptation on copies, and the mean
 * return of fresh episodes from the same start states. Several tasks are adapted to side by side, one per core. The learner is never
 * changed.
 *
 * @param step environment steps of training before this evaluation
 * @param tasks one entry per test task
 */
public record Evaluation(long step, List<OfTask> tasks) implements Findings {
    /**
     * The result on one task. A learner that remembers from episode to episode is judged by whole trials: its return is their sum, its
     * measure their mean.
     *
     * @param task the task
     * @param before mean return without adaptation
     * @param measureBefore what it means in the task's own terms
     * @param after mean return after adaptation; NaN where none was done
     * @param measureAfter what it means in the task's own terms; NaN where none was done
     * @param evidence what the adaptation rests on, in numbers and a sentence
     */
    public record OfTask(Task task, double before, double measureBefore, double after, double measureAfter, Evidence evidence)
        implements Findings {
        /** Whether the task was adapted to. */
        public boolean adapted() {
            return !Double.isNaN(after);
        }

        /** A number of the evidence by its name, such as {@code evidence("ess")}; NaN where there is none. */
        public double evidence(String name) {
            return evidence.number(name);
        }

        /** What the adaptation rests on. */
        @Override
        public String words() {
            return evidence.sentence();
        }

        /** The numbers before and after adaptation. */
        @Override
        public Table summary() {
            return new Evaluation(0, List.of(this)).summary();
        }
    }

    /**
     * Evaluates a learner.
     *
     * @param test the tasks
     * @param adapt how many of them, from the first on, are also adapted to
     * @param shots episodes to adapt from
     * @param episodes fresh episodes per task and measurement
     */
    static Evaluation of(Learner learner, long step, List<Task> test, int adapt, int shots, int episodes, RandomStream random) {
        int adapted = shots > 0 ? Math.min(adapt, test.size()) : 0;
        try (Activity activity = Activity.of("evaluating on " + test.size() + (test.size() == 1 ? " task" : " tasks"), 1 + adapted)) {
            return of(learner, step, test, adapted, shots, episodes, random, activity);
        }
    }

    private static Evaluation of(Learner learner, long step, List<Task> test, int adapt, int shots, int episodes, RandomStream random,
        Activity activity) {
        TorchThread.prepare();
        List<List<List<Trajectory>>> before = trials(learner, learner.policy(), test, episodes, random.split("fresh"), 0,
            Lockstep.cores());
        activity.advance();
        var results = new ArrayList<OfTask>();
        for (int i = 0; i < test.size(); i++)
            results.add(
                new OfTask(test.get(i), meanReturn(before.get(i)), meanMeasure(before.get(i)), Double.NaN, Double.NaN, Evidence.NONE));
        List<Callable<OfTask>> adaptations = new ArrayList<>();
        // side by side they have a core each
        int threads = adapt > 1 ? 1 : Lockstep.cores();
        for (int i = 0; i < adapt; i++) {
            int index = i;
            adaptations.add(Activity.within(() -> {
                OfTask done = adapted(learner, results.get(index), index, shots, episodes, random, threads);
                activity.advance();
                return done;
            }));
        }
        List<OfTask> adapted = sideBySide(adaptations);
        for (int i = 0; i < adapted.size(); i++) results.set(i, adapted.get(i));
        return new Evaluation(step, results);
    }

    private static OfTask adapted(Learner learner, OfTask unadapted, int index, int shots, int episodes, RandomStream random,
        int threads) {
        TorchThread.prepare();
        Task task = unadapted.task;
        try (Adaptation adaptation = adapt(learner, task, shots, random.split("shots " + index), threads)) {
            // the same start states as before adaptation, so that the difference is paired
            List<List<Trajectory>> after = trials(learner, adaptation.policy(), List.of(task), episodes, random.split("fresh"), index,
                threads).get(0);
            return new OfTask(task, unadapted.before, unadapted.measureBefore, meanReturn(after), meanMeasure(after),
                Evidence.of(adaptation.evidence().numbers(), adaptation.sentence()));
        }
    }

    /**
     * Results in order, one thread per core: each adaptation works on copies and draws from its own stream, so that the number of threads
     * changes no number.
     */
    private static <T> List<T> sideBySide(List<Callable<T>> jobs) {
        if (jobs.isEmpty()) return List.of();
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs.size(), Lockstep.cores()));
        try {
            var results = new ArrayList<T>();
            for (Future<T> future : jobs.stream().map(pool::submit).toList()) results.add(future.get());
            return results;
        } catch (InterruptedException e) {
            throw new CancellationException("the evaluation was interrupted; nothing was changed");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } finally {
            end(pool);
        }
    }

    /** Jobs still running are interrupted and waited for: they read networks that the caller may close next. */
    private static void end(ExecutorService pool) {
        boolean interrupted = Thread.interrupted();
        pool.shutdownNow();
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Collects {@code shots} episodes of a task without noise and adapts to them. */
    static Adaptation adapt(Learner learner, Task task, int shots, RandomStream random) {
        return adapt(learner, task, shots, random, Lockstep.cores());
    }

    private static Adaptation adapt(Learner learner, Task task, int shots, RandomStream random, int threads) {
        TorchThread.prepare();
        List<Trajectory> episodes = Rollout
            .firsts(Rollout.trials(learner.policy(), Collections.nCopies(shots, task), 1, random.split("episodes"), 0, threads));
        return learner.adapt(episodes, random.split("adaptation"));
    }

    /** Per task, as many trials as asked for; a trial is one episode unless the learner remembers from episode to episode. */
    private static List<List<List<Trajectory>>> trials(Learner learner, Policy policy, List<Task> tasks, int repeats, RandomStream random,
        int firstIndex, int threads) {
        var result = new ArrayList<List<List<Trajectory>>>();
        for (int i = 0; i < tasks.size(); i++) result.add(new ArrayList<>());
        for (int e = 0; e < repeats; e++) {
            var round = Rollout.trials(policy, tasks, learner.episodesPerTrial(), random.split("episode " + e), firstIndex,
                threads);
            for (int i = 0; i < tasks.size(); i++) result.get(i).add(round.get(i));
        }
        return result;
    }

    /** The return of a trial. */
    static double sum(List<Trajectory> trial) {
        return trial.stream().mapToDouble(Trajectory::totalReward).sum();
    }

    private static double meanReturn(List<List<Trajectory>> trials) {
        return trials.stream().mapToDouble(Evaluation::sum).average().orElse(Double.NaN);
    }

    private static double meanMeasure(List<List<Trajectory>> trials) {
        return trials.stream().flatMap(List::stream).mapToDouble(Trajectory::measure).average().orElse(Double.NaN);
    }

    /** Mean return over all tasks without adaptation. */
    public double meanBefore() {
        return tasks.stream().mapToDouble(OfTask::before).average().orElse(Double.NaN);
    }

    /** Mean of the task's own measure over all tasks without adaptation. */
    public double meanMeasureBefore() {
        return tasks.stream().mapToDouble(OfTask::measureBefore).average().orElse(Double.NaN);
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /** One row per task: returns and measures before and after adaptation, and the numbers that the adaptation rests on. */
    @Override
    public Table summary() {
        var task = StringColumn.create("task", tasks.stream().map(r -> r.task.label()).toList());
        String measure = tasks.isEmpty() ? "measure" : tasks.get(0).task.family().measureName();
        Table table = Table.create("evaluation", task).addColumns(column("return before", OfTask::before),
            column("return after", OfTask::after),
            column(measure + " before", OfTask::measureBefore), column(measure + " after", OfTask::measureAfter));
        tasks.stream().flatMap(r -> r.evidence.numbers().keySet().stream()).distinct()
            .forEach(name -> table.addColumns(column(name, r -> r.evidence(name))));
        return table;
    }

    private DoubleColumn column(String name, ToDoubleFunction<OfTask> number) {
        return DoubleColumn.create(name, tasks.stream().mapToDouble(number).toArray());
    }
}
