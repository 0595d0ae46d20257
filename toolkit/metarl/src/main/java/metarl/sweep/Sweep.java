package metarl.sweep;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import metarl.agent.Algorithm;
import metarl.agent.Algorithms;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.env.Lockstep;
import metarl.task.TaskSet;
import metarl.train.MetaTraining;
import metarl.train.TrainingInterruptedException;

/**
 * Every method on every task set with every seed: a run each. Immutable; each verb returns a changed copy.
 *
 * <pre>{@code
 * var sweep = Sweep.of(TaskSet.of(PointRobot.dense()).train(10).test(4).sample(1))
 *     .algorithms(Mql.pointRobot(), Td3.pointRobot()).algorithm("TD3, no context", Td3.pointRobot().contextLength(0))
 *     .seeds(5).steps(10_000).evaluateEvery(2_000).saveTo("results/first");
 * var results = sweep.run();
 * }</pre>
 *
 * <p>A run that is done is not done again, one that was broken off goes on from its checkpoint, and one that failed is a row with its error
 * and is tried again by the next {@link #run()}. More seeds, methods or task sets can be added later, and more steps asked for; a run with
 * other settings in the same folder is refused before anything is done.
 */
public final class Sweep {
    private static volatile Supplier<SweepListener> display;

    private final Definition asked;

    private Sweep(Definition asked) {
        this.asked = asked;
    }

    /**
     * On these task sets, each called by its family's name.
     *
     * @throws IllegalArgumentException if there is none, or two are of the same family: then give them names by {@link #tasks}
     */
    public static Sweep of(TaskSet... tasks) {
        if (tasks.length == 0) throw new IllegalArgumentException("given no task sets, expected at least one");
        for (TaskSet set : tasks) requireTasks(set);
        return new Sweep(new Definition(Arrays.stream(tasks).map(t -> new Definition.Named<>(t.family().name(), t)).toList(), List.of(),
            List.of(), MetaTraining.on(tasks[0]), Lockstep.cores(), "testReturn", null, List.of()));
    }

    /** On one task set under a name of its own. */
    public static Sweep of(String name, TaskSet tasks) {
        requireTasks(tasks);
        return new Sweep(new Definition(List.of(new Definition.Named<>(name, tasks)), List.of(), List.of(), MetaTraining.on(tasks),
            Lockstep.cores(), "testReturn", null, List.of()));
    }

    private static void requireTasks(TaskSet tasks) {
        Require.that(tasks != null, "tasks", tasks, "a task set, such as TaskSet.of(PointRobot.dense()).train(40).test(10).sample(7)");
    }

    private Sweep with(String component, Object value) {
        return new Sweep(Copy.with(asked, component, value));
    }

    private Sweep with(UnaryOperator<MetaTraining> verb) {
        return with("training", verb.apply(asked.training()));
    }

    /** On one more task set, under this name. */
    public Sweep tasks(String name, TaskSet more) {
        requireTasks(more);
        return with("tasks", Definition.and(asked.tasks(), Stream.of(new Definition.Named<>(name, more))));
    }

    /** By these methods, too, each called by its {@link Algorithm#name}; of two that are called alike, one needs {@link #algorithm}. */
    public Sweep algorithms(Algorithm... more) {
        for (Algorithm algorithm : more) requireRecord(algorithm);
        return with("algorithms", Definition.and(asked.algorithms(), Arrays.stream(more).map(a -> new Definition.Named<>(a.name(), a))));
    }

    /** By this method, too, under a name that tells its settings: {@code .algorithm("TD3, no context", …)}. */
    public Sweep algorithm(String name, Algorithm more) {
        requireRecord(more);
        return with("algorithms", Definition.and(asked.algorithms(), Stream.of(new Definition.Named<>(name, more))));
    }

    /**
     * By this method with each of these values of a setting, too: {@code .varying(Td3.pointRobot(), "batchSize", 32, 64)} adds "TD3,
     * batchSize 32" and "TD3, batchSize 64".
     *
     * @param setting the name of a component of the settings
     * @param values of its type
     * @throws IllegalArgumentException if there is no such setting, or it refuses a value
     */
    public Sweep varying(Algorithm method, String setting, Object... values) {
        requireRecord(method);
        Sweep all = this;
        for (Object value : values)
            all = all.algorithm(method.name() + ", " + setting + " " + value, (Algorithm) Copy.with((Record) method, setting, value));
        return all;
    }

    private static void requireRecord(Algorithm algorithm) {
        Require.that(algorithm != null, "algorithm", algorithm, "settings of one of " + String.join(", ", Algorithms.names()));
        Algorithms.requireRecord(algorithm.getClass());
    }

    /**
     * With so many seeds: 1, 2, … up to this number.
     *
     * @param count at least 1, usually 5 to 10
     */
    public Sweep seeds(int count) {
        return seeds(Definition.firstSeeds(count));
    }

    /** With these seeds and no others; {@code seeds(new long[] {7})} is the one seed 7. */
    public Sweep seeds(long[] seeds) {
        return with("seeds", Arrays.stream(seeds).boxed().toList());
    }

    /** As {@link MetaTraining#steps}, for every run. More than a sweep in this folder had lets its runs go on. */
    public Sweep steps(long steps) {
        return with(t -> t.steps(steps));
    }

    /** As {@link MetaTraining#evaluateEvery}, for every run. */
    public Sweep evaluateEvery(long steps) {
        return with(t -> t.evaluateEvery(steps));
    }

    /** As {@link MetaTraining#shots}, for every run. */
    public Sweep shots(int shots) {
        return with(t -> t.shots(shots));
    }

    /** As {@link MetaTraining#episodes}, for every run. */
    public Sweep episodes(int episodes) {
        return with(t -> t.episodes(episodes));
    }

    /** As {@link MetaTraining#adaptTasks}, for every run. */
    public Sweep adaptTasks(int count) {
        return with(t -> t.adaptTasks(count));
    }

    /** On so many threads of this process, one per core unless said otherwise, or as many as memory holds. It changes no number. */
    public Sweep threads(int threads) {
        return with("threads", threads);
    }

    /** Showing the last value of this metric in tables, {@code testReturn} unless said otherwise. */
    public Sweep showing(String metric) {
        return with("metric", metric);
    }

    /**
     * Keeping every run in a folder of its own here: {@code task set/algorithm/seed-1}. Where workers are other machines, all of them must
     * see this folder by the same name, and its file system must offer locks, as local disks and NFS 4 do.
     */
    public Sweep saveTo(String folder) {
        Require.that(folder != null && !folder.isBlank(), "saveTo", folder, "the name of a folder, such as \"results/first\"");
        try {
            return saveTo(Path.of(folder));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("saveTo(\"" + folder + "\"): this cannot be a folder's name here: " + e.getReason(), e);
        }
    }

    /** The same by path. */
    public Sweep saveTo(Path folder) {
        return with("folder", folder);
    }

    /** Telling these how the runs stand, instead of showing it. */
    public Sweep listen(SweepListener... more) {
        return with("listeners", Stream.concat(asked.listeners().stream(), Arrays.stream(more)).toList());
    }

    /** Who shows sweeps that have no listener, from now on: a new one for each. Null for nobody. */
    public static void shownBy(Supplier<SweepListener> newDisplay) {
        display = newDisplay;
    }

    /**
     * Does on threads of this process what is not done yet.
     *
     * @return all runs, those that failed included
     * @throws TrainingInterruptedException if the thread is interrupted; every run that was going on has kept its checkpoint
     * @throws IllegalArgumentException if algorithms, seeds or the folder are missing
     * @throws IllegalStateException if the folder holds runs with other settings; the message names what differs
     */
    public SweepResults run() {
        return run(Workers.threads(asked.threadsThatFit()));
    }

    /**
     * Does by these workers what is not done yet.
     *
     * @throws IllegalArgumentException also if the workers are other processes, and an algorithm or a task family is known to this one
     *     alone
     */
    public SweepResults run(Workers workers) {
        Require.that(workers != null, "workers", workers, "some, such as Workers.threads(2)");
        List<SweepJob> jobs = asked.jobs();
        new SweepDriver(jobs, asked, workers).run(asked.told(display));
        return results();
    }

    /** What has come of it up to now, without doing anything: also while another process does the runs. */
    public SweepResults results() {
        return SweepResults.of(asked.jobs(), asked.metric());
    }

    @Override
    public String toString() {
        return asked.tasks().size() + " task sets × " + asked.algorithms().size() + " algorithms × " + asked.seeds().size() + " seeds = "
            + asked.tasks().size() * asked.algorithms().size() * asked.seeds().size() + " runs of " + asked.training().steps() + " steps";
    }
}
