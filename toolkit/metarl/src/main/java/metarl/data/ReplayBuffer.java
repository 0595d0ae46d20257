package metarl.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.env.Step;
import metarl.task.Task;

/**
 * The most recent transitions of one task: a ring of arrays, one per quantity, in single precision.
 *
 * <p>Episodes stand in the ring step after step. What happened before a transition is therefore read back from it, and so are whole
 * episodes.
 */
public final class ReplayBuffer {
    private final int observationSize;
    private final int actionSize;
    private final int outcomeSize;
    private final int capacity;
    private final float[] observations;
    private final float[] actions;
    private final float[] rewards;
    private final float[] nextObservations;
    private final float[] notTerminated;
    private final float[] outcomes;
    private final int[] episodeSteps;
    private long added;

    /** An empty buffer for {@code capacity} transitions with vectors of these sizes. */
    public ReplayBuffer(int observationSize, int actionSize, int outcomeSize, int capacity) {
        if (capacity < 1) throw new IllegalArgumentException("capacity is " + capacity + ", expected at least 1 transition");
        Require.length("a replay of " + capacity + " transitions", "its capacity", capacity,
            Math.max(Math.max(observationSize, actionSize), outcomeSize));
        Require.heap(bytes(observationSize, actionSize, outcomeSize, capacity),
            "a replay with the capacity of " + capacity + " transitions", "its capacity");
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        this.outcomeSize = outcomeSize;
        this.capacity = capacity;
        observations = new float[capacity * observationSize];
        actions = new float[capacity * actionSize];
        rewards = new float[capacity];
        nextObservations = new float[capacity * observationSize];
        notTerminated = new float[capacity];
        outcomes = new float[capacity * outcomeSize];
        episodeSteps = new int[capacity];
    }

    /** What a buffer of this capacity takes on the heap, full or empty, in bytes. */
    public static long bytes(int observationSize, int actionSize, int outcomeSize, long capacity) {
        return Require.times(4L * (2L * observationSize + actionSize + outcomeSize + 3), capacity);
    }

    /** Number of transitions held. */
    public int size() {
        return (int) Math.min(added, capacity);
    }

    /** Number of transitions added since the buffer was made or cleared. */
    public long added() {
        return added;
    }

    /** The largest number of transitions held. */
    public int capacity() {
        return capacity;
    }

    /** Forgets all transitions. */
    public void clear() {
        added = 0;
    }

    /** Appends an episode; the oldest transitions make room. */
    public void add(Trajectory trajectory) {
        for (int t = 0; t < trajectory.length(); t++) add(trajectory.transition(t), t);
    }

    private void add(Transition transition, int episodeStep) {
        int slot = (int) (added++ % capacity);
        write(transition.observation(), observations, slot * observationSize);
        write(transition.action(), actions, slot * actionSize);
        rewards[slot] = (float) transition.reward();
        write(transition.nextObservation(), nextObservations, slot * observationSize);
        notTerminated[slot] = transition.terminated() ? 0 : 1;
        write(transition.outcome(), outcomes, slot * outcomeSize);
        episodeSteps[slot] = episodeStep;
    }

    private static void write(double[] from, float[] to, int offset) {
        for (int i = 0; i < from.length; i++) to[offset + i] = (float) from[i];
    }

    /** Transition number {@code age}, 0 the newest. */
    public Transition recent(int age) {
        int slot = slot(age);
        return new Transition(read(observations, slot, observationSize), read(actions, slot, actionSize), rewards[slot],
            read(nextObservations, slot, observationSize), notTerminated[slot] == 0, read(outcomes, slot, outcomeSize));
    }

    private static double[] read(float[] from, int slot, int size) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) values[i] = from[slot * size + i];
        return values;
    }

    private int slot(int age) {
        if (age < 0 || age >= size()) throw new IndexOutOfBoundsException("transition " + age + " of " + size());
        return (int) ((added - 1 - age) % capacity);
    }

    /**
     * The episodes that are held whole, the oldest first; one whose first steps have been overwritten is left out.
     *
     * <p>Numbers have the single precision of the buffer. An episode that did not end for good is marked as cut by a limit at its last
     * step.
     *
     * @param task the task that paid the rewards
     */
    public List<Trajectory> episodes(Task task) {
        var episodes = new ArrayList<Trajectory>();
        Trajectory current = null;
        for (int age = size() - 1; age >= 0; age--) {
            Transition step = recent(age);
            boolean first = episodeSteps[slot(age)] == 0, last = age == 0 || episodeSteps[slot(age - 1)] == 0;
            if (first) episodes.add(current = new Trajectory(task, step.observation()));
            if (current != null) current.add(step.action(),
                new Step(step.nextObservation(), step.reward(), step.terminated(), last && !step.terminated(), step.outcome()));
        }
        return episodes;
    }

    /** What was seen at the start of the newest episodes, as many as are held and asked for, the newest first. */
    public List<double[]> starts(int most) {
        return IntStream.range(0, size()).filter(age -> episodeSteps[slot(age)] == 0).limit(most)
            .mapToObj(age -> read(observations, slot(age), observationSize)).toList();
    }

    /** Whether transition {@code age} is held with so many steps of its episode, itself the last of them. */
    boolean endsRun(int age, int length) {
        return age + length <= size() && episodeSteps[slot(age)] >= length - 1;
    }

    /** Whether any transition does. */
    boolean holdsRun(int length) {
        return IntStream.range(0, size()).anyMatch(age -> endsRun(age, length));
    }

    /** Copies transition {@code age} (0 the newest) into row {@code row} of the batch. */
    void copy(int age, Batch batch, int row) {
        int slot = slot(age);
        System.arraycopy(observations, slot * observationSize, batch.observations(), row * observationSize, observationSize);
        System.arraycopy(actions, slot * actionSize, batch.actions(), row * actionSize, actionSize);
        System.arraycopy(nextObservations, slot * observationSize, batch.nextObservations(), row * observationSize, observationSize);
        System.arraycopy(outcomes, slot * outcomeSize, batch.outcomes(), row * outcomeSize, outcomeSize);
        batch.rewards()[row] = rewards[slot];
        batch.notTerminated()[row] = notTerminated[slot];
        batch.positions()[row] = added - 1 - age;
    }

    /** Copies the triples that end with a row's own into its window. */
    void copyWindow(ContextBatch context, int row) {
        int triple = ContextBatch.tripleSize(observationSize, actionSize), rows = context.contextLength() + 1;
        int age = age(context.batch().positions()[row]);
        int end = (row + 1) * rows * triple;
        int step = episodeSteps[slot(age)];
        int available = Math.min(step + 1, size() - age);
        float[] windows = context.windows();
        for (int back = 0; back < Math.min(available, rows); back++) {
            int slot = slot(age + back);
            int at = end - (back + 1) * triple;
            System.arraycopy(actions, slot * actionSize, windows, at, actionSize);
            windows[at + actionSize] = rewards[slot];
            System.arraycopy(observations, slot * observationSize, windows, at + actionSize + 1, observationSize);
        }
        boolean startInWindow = step + 1 < rows && available == step + 1;
        if (startInWindow) {
            int at = end - (step + 2) * triple;
            System.arraycopy(observations, slot(age + step) * observationSize, windows, at + actionSize + 1, observationSize);
        }
    }

    /** Copies action and change of the observation of a transition and of those before it in its episode; the last stands last. */
    void copyHistory(long position, int history, float[] to, int at) {
        int age = age(position), width = actionSize + observationSize;
        int available = Math.min(episodeSteps[slot(age)] + 1, size() - age);
        for (int back = 0; back < Math.min(available, history + 1); back++) {
            int slot = slot(age + back), place = at + (history - back) * width;
            System.arraycopy(actions, slot * actionSize, to, place, actionSize);
            for (int j = 0; j < observationSize; j++) {
                int from = slot * observationSize + j;
                to[place + actionSize + j] = nextObservations[from] - observations[from];
            }
        }
    }

    /** The age of the transition that follows one so many steps later in its episode. */
    int age(long position, int steps) {
        int age = age(position);
        if (steps < 0 || steps > age || episodeSteps[slot(age - steps)] != episodeSteps[slot(age)] + steps)
            throw new IllegalArgumentException("asked for the transition " + steps + " steps after step " + episodeSteps[slot(age)]
                + " of an episode, which does not hold so many; expected a run of the replay's sampleRuns or sampleStarts");
        return age - steps;
    }

    int age(long position) {
        long age = added - 1 - position;
        if (age < 0 || age >= size())
            throw new IllegalArgumentException("a row of the batch is transition " + position + " of its task, but the replay holds "
                + (size() == 0 ? "none" : (added - size()) + " to " + (added - 1))
                + "; expected a batch that was drawn after the last change");
        return (int) age;
    }

    /** Writes everything the buffer holds. */
    public void save(DataOutputStream out) throws IOException {
        out.writeInt(observationSize);
        out.writeInt(actionSize);
        out.writeInt(outcomeSize);
        out.writeInt(capacity);
        out.writeLong(added);
        int n = size();
        StoredNumbers.write(out, observations, n * observationSize);
        StoredNumbers.write(out, actions, n * actionSize);
        StoredNumbers.write(out, rewards, n);
        StoredNumbers.write(out, nextObservations, n * observationSize);
        StoredNumbers.write(out, notTerminated, n);
        StoredNumbers.write(out, outcomes, n * outcomeSize);
        for (int i = 0; i < n; i++) out.writeInt(episodeSteps[i]);
    }

    /**
     * Replaces everything by what {@link #save} wrote.
     *
     * @throws IOException if that was a buffer of another shape; nothing is allocated for it
     */
    public void load(DataInputStream in) throws IOException {
        require("values per observation", in.readInt(), observationSize);
        require("values per action", in.readInt(), actionSize);
        require("values per outcome", in.readInt(), outcomeSize);
        require("transitions of capacity", in.readInt(), capacity);
        added = in.readLong();
        if (added < 0) throw new IOException("the stored replay counts " + added + " transitions");
        int n = size();
        StoredNumbers.read(in, observations, n * observationSize);
        StoredNumbers.read(in, actions, n * actionSize);
        StoredNumbers.read(in, rewards, n);
        StoredNumbers.read(in, nextObservations, n * observationSize);
        StoredNumbers.read(in, notTerminated, n);
        StoredNumbers.read(in, outcomes, n * outcomeSize);
        for (int i = 0; i < n; i++) episodeSteps[i] = in.readInt();
        for (int i = 0; i < n; i++) if (episodeSteps[i] < 0)
            throw new IOException("transition " + i + " of the stored replay is step " + episodeSteps[i] + " of its episode");
    }

    private static void require(String what, int stored, int expected) throws IOException {
        if (stored != expected) throw new IOException("the stored replay has " + stored + " " + what + ", this run has " + expected);
    }
}
