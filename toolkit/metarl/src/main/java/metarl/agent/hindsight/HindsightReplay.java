package metarl.agent.hindsight;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import metarl.agent.LearnerState;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.ReplayBuffer;
import metarl.data.Trajectory;

/**
 * A replay into which tasks' own episodes go, and those of others that a {@link Relabeller} gives them; what each step counts is kept
 * beside it, by its place.
 */
public final class HindsightReplay {
    private final MetaReplay replay;
    private final Relabelling relabelling;
    /** Null where nobody learns from another's episodes. */
    private final LearnedRatios ratios;
    private final UnaryOperator<Trajectory> kept;
    /** By place in the ring of a task; empty as long as all of its steps count once, and in full. */
    private final float[][] weights, scales;

    /**
     * Around a replay that nobody else adds to.
     *
     * @param relabeller who learns from an episode
     * @param ratios how ratios of dynamics are learned, for rules that ask for them
     * @param discount γ
     * @param kept what is kept of an episode, such as {@link Trajectory#shaped}
     * @param random what rules draw from
     */
    public HindsightReplay(MetaReplay replay, Problem problem, Relabeller relabeller, LearnedRatios.Settings ratios, double discount,
        UnaryOperator<Trajectory> kept, RandomStream random) {
        this.replay = replay;
        this.kept = kept;
        relabelling = new Relabelling(relabeller, problem, discount, random);
        this.ratios = relabelling.isUsed() ? new LearnedRatios(ratios, problem) : null;
        weights = new float[replay.tasks()][0];
        scales = new float[replay.tasks()][0];
    }

    /**
     * What it takes beside the replay.
     *
     * @param capacity transitions that the replay holds, over all tasks
     */
    public static List<MemoryNeed.Part> memory(Relabeller relabeller, LearnedRatios.Settings ratios, Problem problem, long capacity) {
        if (relabeller instanceof Relabeller.None) return List.of();
        long recent = Require.times(problem.tasks(), (long) ratios.steps() + ratios.every());
        return List.of(
            new MemoryNeed.Part("what others' steps count", "replayCapacity", MemoryNeed.Phase.ALWAYS,
                Require.times(2L * Float.BYTES, capacity), 0),
            new MemoryNeed.Part("steps to learn ratios from", "steps", MemoryNeed.Phase.ALWAYS,
                ReplayBuffer.bytes(problem.observationSize(), problem.actionSize(), problem.outcomeSize(), recent), 0),
            new MemoryNeed.Part("returns of recent episodes", "relabeller", MemoryNeed.Phase.ALWAYS,
                Require.times(Double.BYTES, Require.times(problem.tasks(), relabeller.recent())), 0));
    }

    /** Whether any task learns from another's episodes. */
    public boolean isUsed() {
        return relabelling.isUsed();
    }

    /** Takes in an episode of a task, and gives it to others. */
    public void add(Trajectory episode, int task, TaskValues values) {
        if (ratios != null) ratios.add(task, episode);
        add(episode, task, values, ratios);
    }

    void add(Trajectory episode, int task, TaskValues values, DynamicsRatios ratios) {
        keep(kept.apply(episode), task, null, false);
        for (Foreign f : relabelling.of(episode, task, values, ratios)) keep(kept.apply(f.episode()), f.task(), f.weights(), f.halved());
    }

    private void keep(Trajectory episode, int task, double[] counted, boolean halved) {
        ReplayBuffer buffer = replay.of(task);
        if (counted != null && weights[task].length == 0) {
            weights[task] = new float[buffer.capacity()];
            scales[task] = new float[buffer.capacity()];
            Arrays.fill(weights[task], 1);
            Arrays.fill(scales[task], 1);
        }
        for (int t = 0; t < episode.length() && weights[task].length > 0; t++) {
            int slot = (int) ((buffer.added() + t) % buffer.capacity());
            weights[task][slot] = counted == null ? 1 : (float) counted[t];
            scales[task][slot] = halved ? 0.5f : 1;
        }
        buffer.add(episode);
    }

    /** What each row counts in a loss; null where all count once. */
    public float[] weights(Batch batch) {
        return beside(batch, weights);
    }

    /** What each row's target is multiplied by, 1 or ½; null where all are whole. */
    public float[] scales(Batch batch) {
        return beside(batch, scales);
    }

    private float[] beside(Batch batch, float[][] kept) {
        float[] found = new float[batch.size()];
        boolean any = false;
        for (int row = 0; row < found.length; row++) {
            float[] ofTask = kept[batch.tasks()[row]];
            found[row] = ofTask.length == 0 ? 1 : ofTask[(int) (batch.positions()[row] % ofTask.length)];
            any |= found[row] != 1;
        }
        return any ? found : null;
    }

    /** What can be logged of the last episode; nothing where nobody learns from another's. */
    public Map<String, Double> numbers() {
        var numbers = relabelling.numbers();
        if (ratios != null) numbers.put("unfittedPairs", (double) ratios.unfittedPairs());
        return numbers;
    }

    /** Adds what it knows, except the replay itself. */
    public LearnerState declare(LearnerState state) {
        if (!isUsed()) return state;
        return relabelling.declare(state.replay("own steps of all tasks", ratios.own())).part("weights of the replay",
            LearnerState.Kind.REPLAY, this::save, this::load);
    }

    private void save(DataOutputStream out) throws IOException {
        for (int task = 0; task < weights.length; task++) {
            out.writeInt(weights[task].length);
            StoredNumbers.write(out, weights[task], weights[task].length);
            StoredNumbers.write(out, scales[task], scales[task].length);
        }
    }

    private void load(DataInputStream in) throws IOException {
        for (int task = 0; task < weights.length; task++) {
            int length = in.readInt();
            if (length != 0 && length != replay.of(task).capacity())
                throw new IOException("the stored replay has " + length + " weights of task " + task + ", expected none or "
                    + replay.of(task).capacity());
            weights[task] = new float[length];
            scales[task] = new float[length];
            StoredNumbers.read(in, weights[task], length);
            StoredNumbers.read(in, scales[task], length);
        }
    }
}
