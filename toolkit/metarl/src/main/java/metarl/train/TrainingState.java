package metarl.train;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import metarl.agent.Learner;
import metarl.basics.RandomStream;
import metarl.basics.StoredNumbers;

/** All that the rest of a run depends on, besides the replay: what is in {@code state.bin}. */
final class TrainingState {
    private static final int MOST_SUMS = 10_000;

    final Learner learner;
    long step;
    long updates;
    long nextEvaluation;
    /** Steps at the last evaluation; negative before the first. */
    long evaluatedAt = -1;
    RandomStream collection;
    /** The collection that has begun; null between two of them. */
    Collection begun;
    /** Per metric, the sum and number of its values since the last collection. */
    final Map<String, double[]> roundSums = new TreeMap<>();

    /**
     * A collection from its first step to the learner's having its episodes.
     *
     * @param tasks indices of the train tasks
     * @param seed of all that is drawn in it
     */
    record Collection(int[] tasks, long seed) {}

    TrainingState(Learner learner) {
        this.learner = learner;
    }

    void save(DataOutputStream out) throws IOException {
        learner.saveState(out);
        out.writeLong(step);
        out.writeLong(updates);
        out.writeLong(nextEvaluation);
        out.writeLong(collection.state());
        out.writeLong(evaluatedAt);
        out.writeInt(roundSums.size());
        for (var sum : roundSums.entrySet()) {
            out.writeUTF(sum.getKey());
            out.writeDouble(sum.getValue()[0]);
            out.writeDouble(sum.getValue()[1]);
        }
        StoredNumbers.writeCounted(out, begun == null ? new int[0] : begun.tasks);
        out.writeLong(begun == null ? 0 : begun.seed);
    }

    void load(DataInputStream in, int format) throws IOException {
        learner.loadState(in);
        step = in.readLong();
        updates = in.readLong();
        nextEvaluation = in.readLong();
        collection = RandomStream.resume(in.readLong());
        evaluatedAt = in.readLong();
        int sums = in.readInt();
        if (sums < 0 || sums > MOST_SUMS) throw new IOException("it announces " + sums + " metrics");
        for (int i = 0; i < sums; i++) roundSums.put(in.readUTF(), new double[] {in.readDouble(), in.readDouble()});
        if (step < 0 || updates < 0 || nextEvaluation < 1)
            throw new IOException("it counts " + step + " steps and " + updates + " updates, and evaluates at " + nextEvaluation);
        if (format == 1) return;
        int[] tasks = StoredNumbers.readCounted(in, 0, Integer.MAX_VALUE);
        long seed = in.readLong();
        if (tasks.length > 0) begun = new Collection(tasks, seed);
    }
}
