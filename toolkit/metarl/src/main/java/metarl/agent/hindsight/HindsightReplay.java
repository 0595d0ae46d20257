package metarl.agent.hindsight;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.basics.RandomStream;
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
    private final Problem problem;
    private final Relabeller relabeller;
    private final double discount;
    private final UnaryOperator<Trajectory> kept;
    private final RandomStream random;
    /** By place in the ring of a task; empty as long as all of its steps count once, and in full. */
    private final float[][] weights, scales;
    /** Of the last episode: how many tasks learned from it, then ESS/n and k̂ of the weights of their steps. */
    private final double[] last = {0, Double.NaN, Double.NaN};

    /**
     * Around a replay that nobody else adds to.
     *
     * @param relabeller who learns from an episode
     * @param discount γ
     * @param kept what is kept of an episode, such as {@link Trajectory#shaped}
     * @param random what rules draw from
     */
    public HindsightReplay(MetaReplay replay, Problem problem, Relabeller relabeller, double discount, UnaryOperator<Trajectory> kept,
        RandomStream random) {
        this.replay = replay;
        this.problem = problem;
        this.relabeller = relabeller;
        this.discount = discount;
        this.kept = kept;
        this.random = random;
        weights = new float[replay.tasks()][0];
        scales = new float[replay.tasks()][0];
    }

    /** Whether any task learns from another's episodes. */
    public boolean isUsed() {
        return !(relabeller instanceof Relabeller.None) && problem.train().size() == problem.tasks();
    }

    /** Takes in an episode of a task, and gives it to others. */
    public void add(Trajectory episode, int task, TaskValues values, DynamicsRatios ratios) {
        keep(kept.apply(episode), task, null, false);
        if (!isUsed()) return;
        List<Foreign> foreign = relabeller.relabel(new Hindsight(episode, task, problem.train(), discount, values, ratios), random);
        for (Foreign f : foreign) keep(kept.apply(f.episode()), f.task(), f.weights(), f.halved());
        last[0] = foreign.size();
        last[1] = Foreign.effectiveShare(foreign);
        last[2] = Foreign.tailShape(foreign);
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

    /**
     * What can be logged of the last episode: how many tasks learned from it ({@code foreignTasks}), ESS/n of the weights of their steps
     * ({@code foreignEss}), and the k̂ of these weights ({@code foreignKhat}) where that tells anything.
     */
    public Map<String, Double> numbers() {
        var numbers = new LinkedHashMap<String, Double>();
        if (!isUsed()) return numbers;
        numbers.put("foreignTasks", last[0]);
        if (!Double.isNaN(last[1])) numbers.put("foreignEss", last[1]);
        if (!Double.isNaN(last[2])) numbers.put("foreignKhat", last[2]);
        return numbers;
    }

    /** Adds what it knows, except the replay itself. */
    public LearnerState declare(LearnerState state) {
        if (!isUsed()) return state;
        return state.stream("relabelling", random).part("last relabelling", this::saveLast, this::loadLast)
            .part("weights of the replay", LearnerState.Kind.REPLAY, this::save, this::load);
    }

    private void saveLast(DataOutputStream out) throws IOException {
        StoredNumbers.writeCounted(out, last);
    }

    /** Runs that were stored before k̂ was told have two numbers. */
    private void loadLast(DataInputStream in) throws IOException {
        int stored = in.readInt();
        if (stored != last.length && stored != last.length - 1)
            throw new IOException("it has " + stored + " numbers, expected " + last.length);
        last[2] = Double.NaN;
        for (int i = 0; i < stored; i++) last[i] = in.readDouble();
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
