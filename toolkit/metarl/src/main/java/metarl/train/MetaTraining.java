package metarl.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.agent.Algorithm;
import metarl.agent.Algorithms;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.env.Lockstep;
import metarl.task.TaskSet;

/**
 * A training to be run: what to learn on, by what, for how long. Immutable; each verb returns a changed copy.
 *
 * <pre>{@code
 * var run = MetaTraining.on(tasks).algorithm(Mql.defaults()).steps(20_000).evaluateEvery(2_000).seed(7)
 *     .saveTo("runs/mql").listen(new ProgressBar()).run();
 * }</pre>
 *
 * <p>With the system property {@code metarl.fast} set to true every run is cut to a small fraction, to test that it works.
 *
 * @param tasks what to learn on and to be tested on
 * @param algorithm how to learn
 * @param steps environment steps in all
 * @param evaluateEvery environment steps between evaluations
 * @param seed the source of all randomness
 * @param shots episodes of a test task to adapt from
 * @param episodes fresh episodes per test task and measurement
 * @param adaptTasks how many test tasks are adapted to at each evaluation
 * @param folder where to keep log and checkpoints, or null
 * @param start a run whose networks to continue from, or null
 * @param listeners told what happens
 */
public record MetaTraining(TaskSet tasks, Algorithm algorithm, long steps, long evaluateEvery, long seed, int shots, int episodes,
    int adaptTasks, Path folder, MetaRun start, List<TrainingListener> listeners) {
    private static final int FAST_FRACTION = 25;
    private static final long MOST_STEPS = 1_000_000_000_000_000L;

    /** Checks every value. */
    public MetaTraining {
        Require.that(tasks != null, "tasks", tasks, "a task set, such as TaskSet.of(PointRobot.dense()).train(40).test(10).sample(7)");
        if (algorithm != null && algorithm.getClass().isRecord()) Algorithms.register(algorithm.getClass());
        Require.that(steps >= 1 && steps <= MOST_STEPS, "steps", steps, "1 to 1e15 environment steps");
        Require.that(evaluateEvery >= 1, "evaluateEvery", evaluateEvery, "at least 1 environment step");
        Require.count(shots, 0, "shots", "0 (no adaptation) or more episodes, usually 1");
        Require.count(episodes, 1, "episodes", "at least 1");
        Require.count(adaptTasks, 0, "adaptTasks", "0 or more");
        for (Object listener : listeners) Require.that(listener != null, "a listener", listener, "one such as new ProgressBar()");
        listeners = List.copyOf(listeners);
    }

    /** A training on these tasks; {@link #algorithm} has to be said before it can run. */
    public static MetaTraining on(TaskSet tasks) {
        return new MetaTraining(tasks, null, 20_000, 2_000, 0, 1, 2, 3, null, null, List.of());
    }

    /** On these tasks instead. */
    public MetaTraining tasks(TaskSet tasks) {
        return Copy.with(this, "tasks", tasks);
    }

    /** By this algorithm. */
    public MetaTraining algorithm(Algorithm algorithm) {
        requireAlgorithm(algorithm);
        return Copy.with(this, "algorithm", algorithm);
    }

    private static void requireAlgorithm(Algorithm algorithm) {
        Require.that(algorithm != null, "algorithm", algorithm,
            "settings of one of " + String.join(", ", Algorithms.names()) + ", or of a method of your own: say .algorithm(…)");
    }

    /** For this many environment steps in all. A method that collects nothing makes as many updates. */
    public MetaTraining steps(long steps) {
        return Copy.with(this, "steps", steps);
    }

    /** With an evaluation on the test tasks each time this many steps have been collected, and at the end. */
    public MetaTraining evaluateEvery(long steps) {
        return Copy.with(this, "evaluateEvery", steps);
    }

    /** With this seed; the same seed gives the same log, bit for bit, on one machine. */
    public MetaTraining seed(long seed) {
        return Copy.with(this, "seed", seed);
    }

    /** With several seeds, one run after the other: the mean of which says more than any one of them. */
    public SeededTraining seeds(long... seeds) {
        return SeededTraining.of(this, seeds);
    }

    /** Adapting from this many episodes of a test task; 0 leaves adaptation out. */
    public MetaTraining shots(int shots) {
        return Copy.with(this, "shots", shots);
    }

    /** Measuring with this many fresh episodes per test task. */
    public MetaTraining episodes(int episodes) {
        return Copy.with(this, "episodes", episodes);
    }

    /** Adapting to this many test tasks at each evaluation (adaptation takes most of an evaluation's time). */
    public MetaTraining adaptTasks(int count) {
        return Copy.with(this, "adaptTasks", count);
    }

    /**
     * Keeping log and checkpoints in this folder; running again resumes, and a changed knob is refused by name.
     *
     * <p>A run is saved when it begins, after each evaluation, when 60 seconds have gone by without a save, and however it ends: by its
     * last step, an interruption, an error, or the end of the process. On the way, saving takes at most 2 % of the time (and one second),
     * so that a very large replay is saved less often; a process that is killed then loses what it did since. When and how often a run is
     * saved changes no number of its log.
     *
     * @param folder new, empty, or one that holds a run; files that are not a run's are never touched
     * @throws IllegalArgumentException if this cannot be a folder's name; {@link #run} refuses a folder that holds other files
     */
    public MetaTraining saveTo(String folder) {
        return saveTo(RunFolder.path(folder, "saveTo"));
    }

    /** The same by path. */
    public MetaTraining saveTo(Path folder) {
        return Copy.with(this, "folder", folder);
    }

    /** Starting from the networks of another run, with an empty replay and no random steps. */
    public MetaTraining startFrom(MetaRun run) {
        return Copy.with(this, "start", run);
    }

    /** Telling these what happens, besides those told already. */
    public MetaTraining listen(TrainingListener... more) {
        var all = new ArrayList<>(listeners);
        all.addAll(Arrays.asList(more));
        return Copy.with(this, "listeners", all);
    }

    /**
     * Trains, or resumes and trains on.
     *
     * @throws TrainingInterruptedException if the thread is interrupted; the message says what was kept, and where
     * @throws TrainingStoppedException if an environment or the algorithm fails; likewise
     * @throws IllegalStateException if the folder holds a run with another knob (the message names it), a damaged one, or one that another
     *     process trains
     * @throws IllegalArgumentException if the folder holds files that belong to no run
     */
    public MetaRun run() {
        MetaTraining asked = isFast() ? fast() : this;
        Problem problem = asked.problem();
        // not to stderr: a cell that says something there counts as failed where homework is graded
        asked.memory(problem).require().warnings().forEach(System.out::println);
        return TrainingLoop.run(asked, problem);
    }

    /** What the algorithm must know of the tasks; refuses tasks that it cannot act in. */
    Problem problem() {
        requireAlgorithm(algorithm);
        Problem problem = Problem.of(tasks.train());
        if (problem.discrete() && !algorithm.choosesDiscretely())
            throw new IllegalArgumentException(
                algorithm.name() + " steers with real numbers, but an action in " + tasks.family().name() + " is one of "
                    + problem.actionSize()
                    + " choices. Take a method whose choosesDiscretely() is true, such as RL² or MAML, or a classical agent "
                    + "(metarl.agent.classical) for these tasks.");
        if (problem.picture() != null && !algorithm.readsPictures())
            throw new IllegalArgumentException(algorithm.name() + " reads vectors of numbers, but the observation in "
                + tasks.family().name() + " is a picture of " + problem.picture()
                + ". Take a method whose readsPictures() is true, such as RL² or SNAIL.");
        return problem;
    }

    /**
     * What this training will take of memory at most, evaluations included. {@link #run} refuses what is more than there is, before it
     * takes anything.
     *
     * @throws IllegalArgumentException if the algorithm cannot act in these tasks
     */
    public MemoryNeed memory() {
        return memory(problem());
    }

    private MemoryNeed memory(Problem problem) {
        int sideBySide = shots == 0 ? 0 : Math.min(Math.min(adaptTasks, tasks.test().size()), Lockstep.cores());
        var work = new MemoryNeed.Work(tasks.test().size(), episodes, shots, sideBySide);
        return algorithm.memory(problem, work);
    }

    /** Whether every run is cut to a small fraction, to test that it works: the system property {@code metarl.fast}. */
    public static boolean isFast() {
        return Boolean.getBoolean("metarl.fast");
    }

    /** Where a shortened training keeps what the whole one would keep here. */
    static Path shortened(Path folder) {
        return folder.resolveSibling(folder.getFileName() + "-fast");
    }

    private MetaTraining fast() {
        // each from its own number alone, so that a run that is asked to go on further stays the same run
        long least = 2L * tasks.family().horizon(), fewer = Math.max(least, steps / FAST_FRACTION);
        MetaTraining shorter = algorithm(algorithm.fast()).steps(fewer).evaluateEvery(Math.max(least, evaluateEvery / FAST_FRACTION))
            .episodes(1).adaptTasks(Math.min(adaptTasks, 1));
        return folder == null ? shorter : shorter.saveTo(shortened(folder));
    }
}
