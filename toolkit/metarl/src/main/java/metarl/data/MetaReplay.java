package metarl.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/** One replay buffer per train task, sampled as if they were one: MQL's meta-training replay (paper §3.1). */
public final class MetaReplay {
    private final int observationSize;
    private final int actionSize;
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
        for (int i = 0; i < tasks; i++)
            buffers.add(new ReplayBuffer(observationSize, actionSize, outcomeSize, Math.max(1, capacity / tasks)));
    }

    /** The buffer of one task. */
    public ReplayBuffer of(int task) {
        return buffers.get(task);
    }

    /** Number of tasks. */
    public int tasks() {
        return buffers.size();
    }

    /** Transitions of all tasks together. */
    public int size() {
        return buffers.stream().mapToInt(ReplayBuffer::size).sum();
    }

    /** Draws {@code n} transitions uniformly, with replacement, over all tasks' transitions. */
    public Batch sample(int n, int contextLength, RandomGenerator random) {
        int total = size();
        if (total == 0) throw new IllegalStateException("the replay is empty: collect episodes before sampling");
        Batch batch = empty(n, contextLength);
        for (int row = 0; row < n; row++) {
            int index = random.nextInt(total);
            int task = 0;
            while (index >= buffers.get(task).size()) index -= buffers.get(task++).size();
            fill(batch, row, task, index);
        }
        return batch;
    }

    /** {@code perTask} draws from the newest {@code snapshot} transitions of every task that has any: what MQL's propensity compares with. */
    public Batch sampleEach(int perTask, int snapshot, int contextLength, RandomGenerator random) {
        int filled = (int) buffers.stream().filter(b -> b.size() > 0).count();
        Batch batch = empty(Require.length("the snapshot of old data", "the number of shots", filled, perTask), contextLength);
        int row = 0;
        for (int task = 0; task < tasks(); task++)
            for (int i = 0; i < perTask && of(task).size() > 0; i++)
                fill(batch, row++, task, random.nextInt(Math.min(snapshot, of(task).size())));
        return batch;
    }

    /** The newest {@code perTask} transitions of every task (fewer where a task has fewer), task by task. */
    public Batch newest(int perTask, int contextLength) {
        int total = Require.length("the newest transitions", "their number per task",
            buffers.stream().mapToLong(b -> Math.min(perTask, b.size())).sum());
        Batch batch = empty(total, contextLength);
        int row = 0;
        for (int task = 0; task < tasks(); task++)
            for (int age = 0; age < Math.min(perTask, of(task).size()); age++) fill(batch, row++, task, age);
        return batch;
    }

    private Batch empty(int n, int contextLength) {
        int windows = contextLength == 0 ? 0
            : Require.tensor("the context windows of a batch", "contextLength or batchSize", n, contextLength + 1L,
                ReplayBuffer.tripleSize(observationSize, actionSize));
        Require.tensor("the observations of a batch", "batchSize", n, Math.max(observationSize, actionSize));
        return new Batch(n, new float[n * observationSize], new float[n * actionSize], new float[n], new float[n * observationSize],
            new float[n], new float[windows], contextLength, new int[n]);
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
