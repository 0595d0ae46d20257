package metarl.train;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import metarl.agent.Learner;
import metarl.basics.RandomStream;

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
    /** The seed of the collection that has begun; none between two of them. One that is broken off is done again, the same. */
    OptionalLong begun = OptionalLong.empty();
    /** Updates that the last plan asked for and that are not done yet. */
    int asked;
    /** Per metric, the sum and number of its values since the last collection. */
    final Map<String, double[]> roundSums = new TreeMap<>();

    TrainingState(Learner learner) {
        this.learner = learner;
    }

    void save(DataOutputStream out) throws IOException {
        learner.state().save(out);
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
        out.writeBoolean(begun.isPresent());
        out.writeLong(begun.orElse(0));
        out.writeInt(asked);
    }

    void load(DataInputStream in, int format) throws IOException {
        if (format < 3) learner.state().loadUnnamed(in);
        else learner.state().load(in);
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
        if (format >= 3) loadCollection(in);
        // format 2 kept the tasks of a collection that was broken off; they were drawn already, and others are collected in their place
        else if (format == 2) in.skipNBytes(Integer.BYTES * (long) in.readInt() + Long.BYTES);
    }

    private void loadCollection(DataInputStream in) throws IOException {
        boolean began = in.readBoolean();
        long seed = in.readLong();
        begun = began ? OptionalLong.of(seed) : OptionalLong.empty();
        asked = in.readInt();
        if (asked < 0) throw new IOException("it owes " + asked + " updates");
    }
}
