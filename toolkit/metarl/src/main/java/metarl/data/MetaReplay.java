package metarl.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Require;

/**
 * One replay buffer per train task. Batches are drawn from all tasks as if their buffers were one (MQL, §3.1), or from each of some tasks
 * as many (PEARL, MCAT, HiP-BMDP).
 *
 * <pre>{@code
 * replay.sample(256, random)                               // from all transitions
 * replay.sample(new int[] {3, 5}, 128, random)             // 128 from task 3, then 128 from task 5
 * replay.withContext(batch, 20)                            // the same transitions, and the 20 steps before each
 * replay.of(3).episodes(task)                              // whole episodes, to be relabelled
 * }</pre>
 */
public final class MetaReplay {
    /** Draws of a run after which it is asked whether there is any. */
    private static final int ATTEMPTS = 1_000;

    private final int observationSize;
    private final int actionSize;
    private final int outcomeSize;
    private final List<ReplayBuffer> buffers = new ArrayList<>();

    /** Empty buffers for {@code tasks} tasks that share {@code capacity} transitions evenly. */
    public MetaReplay(int tasks, int observationSize, int actionSize, int outcomeSize, int capacity) {
        Require.count(tasks, 1, "tasks", "at least 1 train task");
        Require.count(capacity, 1, "capacity", "at least 1 transition");
        long all = Require.times(Math.max(1, capacity / tasks), tasks);
        Require.length("the replay", "its capacity, or the number of tasks,", all);
        Require.heap(ReplayBuffer.bytes(observationSize, actionSize, outcomeSize, all),
            "a replay with the capacity of " + all + " transitions", "its capacity");
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        this.outcomeSize = outcomeSize;
        for (int i = 0; i < tasks; i++)
            buffers.add(new ReplayBuffer(observationSize, actionSize, outcomeSize, Math.max(1, capacity / tasks)));
    }

    /** The buffer of one task. */
    public ReplayBuffer of(int task) {
        if (task < 0 || task >= tasks())
            throw new IllegalArgumentException("asked for task " + task + " of the replay; it has " + tasks() + ", numbered from 0");
        return buffers.get(task);
    }

    /** Number of tasks. */
    public int tasks() {
        return buffers.size();
    }

    /** Numbers in an observation. */
    public int observationSize() {
        return observationSize;
    }

    /** Numbers in an action. */
    public int actionSize() {
        return actionSize;
    }

    /** The numbers of the tasks that have any transition. */
    public int[] filledTasks() {
        return IntStream.range(0, tasks()).filter(task -> of(task).size() > 0).toArray();
    }

    /** Transitions of all tasks together. */
    public int size() {
        return buffers.stream().mapToInt(ReplayBuffer::size).sum();
    }

    /** Forgets the transitions of all tasks. */
    public void clear() {
        buffers.forEach(ReplayBuffer::clear);
    }

    /** Forgets the transitions of one task. */
    public void clear(int task) {
        of(task).clear();
    }

    /** Draws {@code n} transitions uniformly, with replacement, over all tasks' transitions. */
    public Batch sample(int n, RandomGenerator random) {
        int total = size();
        if (total == 0) throw new IllegalStateException("the replay is empty: collect episodes before sampling");
        Batch batch = empty(n);
        for (int row = 0; row < n; row++) {
            int index = random.nextInt(total);
            int task = 0;
            while (index >= buffers.get(task).size()) index -= buffers.get(task++).size();
            fill(batch, row, task, index);
        }
        return batch;
    }

    /**
     * Draws as many transitions from each of some tasks, uniformly and with replacement: rows 0 … perTask − 1 are the first task's, and so
     * on.
     *
     * @param tasks their numbers; one that is named twice gets twice as many rows
     * @throws IllegalStateException if one of them has no transitions
     */
    public Batch sample(int[] tasks, int perTask, RandomGenerator random) {
        return sample(tasks, perTask, Integer.MAX_VALUE, random);
    }

    /**
     * The same from the newest transitions of each task only: what was collected by the present policy, or what MQL's propensity compares
     * with.
     *
     * @param newest so many of a task's transitions can be drawn
     */
    public Batch sample(int[] tasks, int perTask, int newest, RandomGenerator random) {
        Require.count(perTask, 0, "perTask", "0 or more transitions");
        Require.that(newest >= 1, "newest", newest, "at least 1 transition to draw from");
        Batch batch = empty(Require.length("a batch of " + tasks.length + " tasks", "perTask", tasks.length, perTask));
        int row = 0;
        for (int task : tasks) {
            int from = Math.min(newest, filled(task).size());
            for (int i = 0; i < perTask; i++) fill(batch, row++, task, random.nextInt(from));
        }
        return batch;
    }

    /**
     * Draws runs of consecutive steps, each from one episode of one task, uniformly and with replacement over all such runs.
     *
     * @param runs how many
     * @param length steps of a run
     * @return run after run, the steps of each in their order
     * @throws IllegalStateException if no episode that is held is so long
     */
    public Batch sampleRuns(int runs, int length, RandomGenerator random) {
        Batch batch = emptyRuns(runs, length);
        for (int run = 0; run < runs; run++) {
            int task = 0, age = -1;
            for (int attempt = 0; age < 0; attempt++) {
                int index = random.nextInt(Math.max(1, size()));
                for (task = 0; index >= of(task).size() && task < tasks() - 1; task++) index -= of(task).size();
                if (of(task).endsRun(index, length)) age = index;
                else if (attempt >= ATTEMPTS && buffers.stream().noneMatch(b -> b.holdsRun(length)))
                    throw noRun(size() + " transitions in the replay", length);
            }
            fillRun(batch, run, length, task, age);
        }
        return batch;
    }

    /**
     * The same from one task alone.
     *
     * @throws IllegalStateException if no episode of the task that is held is so long
     */
    public Batch sampleRuns(int task, int runs, int length, RandomGenerator random) {
        Batch batch = emptyRuns(runs, length);
        for (int run = 0; run < runs; run++) fillRun(batch, run, length, task, lastOfRun(task, length, random));
        return batch;
    }

    /** The first step of each of such runs alone; {@link #later} gives others. */
    public Batch sampleStarts(int task, int runs, int length, RandomGenerator random) {
        Require.count(length, 1, "length", "1 or more steps");
        Batch batch = emptyRuns(runs, 1);
        for (int run = 0; run < runs; run++) fill(batch, run, task, lastOfRun(task, length, random) + length - 1);
        return batch;
    }

    /** The age of the last transition of a run. */
    private int lastOfRun(int task, int length, RandomGenerator random) {
        ReplayBuffer buffer = filled(task);
        int age = random.nextInt(buffer.size());
        for (int attempt = 0; !buffer.endsRun(age, length); attempt++) {
            if (attempt >= ATTEMPTS && !buffer.holdsRun(length)) throw noRun(buffer.size() + " transitions of task " + task, length);
            age = random.nextInt(buffer.size());
        }
        return age;
    }

    /**
     * Transitions that follow those of a batch in their episodes, as many of each row.
     *
     * @param rows drawn from this replay
     * @param steps how many steps later: first those of row 0
     * @throws IllegalArgumentException if one of them is not in the replay, or of another episode
     */
    public Batch later(Batch rows, int... steps) {
        Require.that(rows.size() > 0 && steps.length % rows.size() == 0, "the number of steps", steps.length,
            "as many for each of the " + rows.size() + " rows");
        Batch batch = empty(steps.length);
        for (int i = 0; i < steps.length; i++) {
            int row = i / (steps.length / rows.size());
            fill(batch, i, rows.tasks()[row], of(rows.tasks()[row]).age(rows.positions()[row], steps[i]));
        }
        return batch;
    }

    /** Whether an episode of the task that is held is so long, as {@link #sampleRuns(int, int, int, RandomGenerator)} needs it. */
    public boolean holdsRun(int task, int length) {
        return of(task).holdsRun(length);
    }

    private Batch emptyRuns(int runs, int length) {
        Require.count(runs, 0, "runs", "0 or more runs");
        Require.count(length, 1, "length", "1 or more steps");
        return empty(Require.length("a batch of " + runs + " runs", "length", runs, length));
    }

    private void fillRun(Batch batch, int run, int length, int task, int age) {
        for (int back = 0; back < length; back++) fill(batch, (run + 1) * length - 1 - back, task, age + back);
    }

    private static IllegalStateException noRun(String all, int length) {
        return new IllegalStateException("none of the " + all + " ends " + length
            + " steps of one episode: collect longer episodes, or ask for fewer steps");
    }

    /**
     * Each different transition of a sample once, with how often it was drawn.
     *
     * @param batch as many rows of each task, task by task
     * @param counts how often each row was drawn; 0 where a task has fewer different transitions than another
     */
    public record Counted(Batch batch, float[] counts) {}

    /** The sample that {@link #sample(int[], int, RandomGenerator)} draws from the same random numbers, counted. */
    public Counted sampleCounted(int[] tasks, int perTask, RandomGenerator random) {
        Require.count(perTask, 1, "perTask", "1 or more transitions");
        int[][] drawn = new int[tasks.length][];
        for (int i = 0; i < tasks.length; i++) {
            drawn[i] = new int[filled(tasks[i]).size()];
            for (int n = 0; n < perTask; n++) drawn[i][random.nextInt(drawn[i].length)]++;
        }
        int rows = Arrays.stream(drawn).mapToInt(counts -> (int) Arrays.stream(counts).filter(c -> c > 0).count()).max().orElse(0);
        Batch batch = empty(Require.length("a batch of " + tasks.length + " tasks", "perTask", tasks.length, rows));
        float[] counts = new float[batch.size()];
        for (int i = 0; i < tasks.length; i++) {
            int row = i * rows;
            for (int age = 0; age < drawn[i].length; age++) {
                if (drawn[i][age] == 0) continue;
                counts[row] = drawn[i][age];
                fill(batch, row++, tasks[i], age);
            }
            while (row < (i + 1) * rows) fill(batch, row++, tasks[i], 0);
        }
        return new Counted(batch, counts);
    }

    private ReplayBuffer filled(int task) {
        ReplayBuffer buffer = of(task);
        if (buffer.size() == 0) throw new IllegalStateException(
            "the replay holds no transitions of task " + task + ": collect episodes of it before sampling");
        return buffer;
    }

    /** The newest {@code perTask} transitions of every task (fewer where a task has fewer), task by task, each the newest first. */
    public Batch newest(int perTask) {
        Batch batch = empty(Require.length("the newest transitions", "their number per task",
            buffers.stream().mapToLong(b -> Math.min(perTask, b.size())).sum()));
        int row = 0;
        for (int task = 0; task < tasks(); task++)
            for (int age = 0; age < Math.min(perTask, of(task).size()); age++) fill(batch, row++, task, age);
        return batch;
    }

    /**
     * Transitions that are known by where they stand.
     *
     * @param tasks the task of each
     * @param positions as in {@link Batch#positions()}
     * @throws IllegalArgumentException if one of them is not in the replay any more, or not yet
     */
    public Batch at(int[] tasks, long[] positions) {
        Require.that(tasks.length == positions.length, "positions", positions.length + " numbers", tasks.length + ", one per task");
        Batch batch = empty(tasks.length);
        for (int row = 0; row < tasks.length; row++) fill(batch, row, tasks[row], of(tasks[row]).age(positions[row]));
        return batch;
    }

    /**
     * The transitions of a batch with what happened before each of them in its episode.
     *
     * @param batch drawn from this replay
     * @param contextLength how many steps before a transition, L; 0: none
     * @throws IllegalArgumentException if one of them is not in the replay any more
     */
    public ContextBatch withContext(Batch batch, int contextLength) {
        var context = new ContextBatch(batch, contextLength,
            ContextBatch.noWindows(batch.size(), contextLength, ContextBatch.tripleSize(observationSize, actionSize)));
        for (int row = 0; row < batch.size() && contextLength > 0; row++) of(batch.tasks()[row]).copyWindow(context, row);
        return context;
    }

    /**
     * What happened in the K steps before each transition of a batch, and in it: for each of these K + 1 steps the action a and the change
     * of the observation s' − s, zeros for those before the episode's start, or overwritten since.
     *
     * @param rows drawn from this replay
     * @param history K, 0 or more
     * @return n × (K + 1) × (action + observation), flat: of each row, entries 0 … K − 1 are the history before the transition, entries 1 …
     *     K the history after it
     * @throws IllegalArgumentException if one of them is not in the replay any more
     */
    public float[] histories(Batch rows, int history) {
        Require.count(history, 0, "history", "0 or more steps");
        int width = actionSize + observationSize;
        float[] all = new float[Require.tensor("the histories of a batch", "history or batchSize", rows.size(), history + 1L, width)];
        for (int row = 0; row < rows.size(); row++)
            of(rows.tasks()[row]).copyHistory(rows.positions()[row], history, all, row * (history + 1) * width);
        return all;
    }

    private Batch empty(int n) {
        Require.tensor("the observations of a batch", "batchSize", n, Math.max(Math.max(observationSize, actionSize), outcomeSize));
        return new Batch(n, new float[n * observationSize], new float[n * actionSize], new float[n], new float[n * observationSize],
            new float[n], new float[n * outcomeSize], new int[n], new long[n]);
    }

    private void fill(Batch batch, int row, int task, int age) {
        buffers.get(task).copy(age, batch, row);
        batch.tasks()[row] = task;
    }

    /** Writes all buffers. */
    public void save(DataOutputStream out) throws IOException {
        out.writeInt(tasks());
        for (ReplayBuffer b : buffers) b.save(out);
    }

    /** Replaces all buffers by what {@link #save} wrote. */
    public void load(DataInputStream in) throws IOException {
        int tasks = in.readInt();
        if (tasks != tasks()) throw new IOException("the stored replay has " + tasks + " tasks, this run has " + tasks());
        for (ReplayBuffer b : buffers) b.load(in);
    }
}
