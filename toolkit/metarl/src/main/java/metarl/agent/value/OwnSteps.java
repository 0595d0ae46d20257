package metarl.agent.value;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.data.Batch;
import metarl.data.MetaReplay;

/**
 * Which steps of a replay its tasks have lived through themselves, as they are still held, where others' steps go into it, too. Where none
 * do, all steps are own, and what is drawn is what the replay itself would draw from the same random numbers.
 */
final class OwnSteps {
    private final MetaReplay replay;
    private final boolean mixed;
    /** Of each task: positions at which runs of own steps begin, and those behind their ends; the oldest first. */
    private final List<ArrayList<long[]>> runs = new ArrayList<>();

    /**
     * Of a replay that is empty.
     *
     * @param mixed whether others' steps go into it, too; then own ones are to be {@linkplain #add told}
     */
    OwnSteps(MetaReplay replay, boolean mixed) {
        this.replay = replay;
        this.mixed = mixed;
        for (int task = 0; task < replay.tasks(); task++) runs.add(new ArrayList<>());
    }

    /** So many own steps of a task stand in the replay from this position on. */
    void add(int task, long from, int steps) {
        if (!mixed || steps == 0) return;
        ArrayList<long[]> ofTask = runs.get(task);
        ofTask.removeIf(run -> run[1] <= oldest(task));
        long[] last = ofTask.isEmpty() ? null : ofTask.get(ofTask.size() - 1);
        if (last != null && last[1] == from) last[1] += steps;
        else ofTask.add(new long[] {from, from + steps});
    }

    /** The position of the oldest step of a task that is held. */
    private long oldest(int task) {
        return replay.of(task).added() - replay.of(task).size();
    }

    /** How many own steps of a task are held. */
    int held(int task) {
        if (!mixed) return replay.of(task).size();
        long oldest = oldest(task), held = 0;
        for (long[] run : runs.get(task)) held += Math.max(0, run[1] - Math.max(run[0], oldest));
        return (int) held;
    }

    /** The position of an own step, by how many own ones of its task are newer: 0 to {@link #held} − 1. */
    long position(int task, int age) {
        if (!mixed) return replay.of(task).added() - 1 - age;
        List<long[]> ofTask = runs.get(task);
        long left = age;
        for (int i = ofTask.size() - 1; i >= 0; i--) {
            long[] run = ofTask.get(i);
            if (left < run[1] - run[0]) return run[1] - 1 - left;
            left -= run[1] - run[0];
        }
        throw new IndexOutOfBoundsException("own step " + age + " of " + held(task));
    }

    /** Whether the step at a position is an own one. */
    boolean isOwn(int task, long position) {
        return !mixed || runs.get(task).stream().anyMatch(run -> run[0] <= position && position < run[1]);
    }

    /** As {@link MetaReplay#sample(int, RandomGenerator)}, of own steps. */
    Batch sample(int n, RandomGenerator random) {
        int[] held = IntStream.range(0, replay.tasks()).map(this::held).toArray(), tasks = new int[n];
        int total = IntStream.of(held).sum();
        long[] positions = new long[n];
        for (int row = 0; row < n; row++) {
            int index = random.nextInt(total), task = 0;
            while (index >= held[task]) index -= held[task++];
            tasks[row] = task;
            positions[row] = position(task, index);
        }
        return replay.at(tasks, positions);
    }

    /** As {@link MetaReplay#sample(int[], int, int, RandomGenerator)}, of own steps of all tasks that have any. */
    Batch sampleEach(int perTask, int newest, RandomGenerator random) {
        int[] filled = IntStream.range(0, replay.tasks()).filter(task -> held(task) > 0).toArray(),
            tasks = IntStream.of(filled).flatMap(task -> IntStream.generate(() -> task).limit(perTask)).toArray();
        long[] positions = new long[tasks.length];
        for (int i = 0; i < filled.length; i++) {
            int from = Math.min(newest, held(filled[i]));
            for (int k = 0; k < perTask; k++) positions[i * perTask + k] = position(filled[i], random.nextInt(from));
        }
        return replay.at(tasks, positions);
    }

    /** Writes it. */
    void save(DataOutputStream out) throws IOException {
        for (List<long[]> ofTask : runs) {
            out.writeInt(ofTask.size());
            for (long[] run : ofTask) for (long end : run) out.writeLong(end);
        }
    }

    /** Reads it, when the replay has been read. */
    void load(DataInputStream in) throws IOException {
        for (int task = 0; task < runs.size(); task++) {
            ArrayList<long[]> ofTask = runs.get(task);
            ofTask.clear();
            int stored = in.readInt();
            long end = -1;
            for (int i = 0; i < stored; i++) {
                long[] run = {in.readLong(), in.readLong()};
                if (run[0] <= end || run[1] <= run[0] || run[1] > replay.of(task).added())
                    throw new IOException("own steps " + run[0] + " to " + run[1] + " of task " + task + " follow those to " + end
                        + ", of " + replay.of(task).added() + " that were added");
                end = run[1];
                ofTask.add(run);
            }
        }
    }
}
