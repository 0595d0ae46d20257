package metarl.agent.value;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import metarl.agent.LearnerState;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.data.PriorityTree;
import metarl.data.Trajectory;

/**
 * What was earned from every transition of a replay on, with its priority: what {@link SelfImitation} draws from. It holds numbers only;
 * the transitions stay in the replay, and what is overwritten there is overwritten here.
 */
final class EarnedReturns {
    private static final double LEAST_PRIORITY = 1e-8;

    private final SelfImitation settings;
    private final double discount;
    private final MetaReplay replay;
    private final int perTask;
    /** By place: task · perTask + position modulo perTask. */
    private final float[] earned;
    private final int[] ahead;
    private final PriorityTree priorities;
    /** The highest pᵅ ever set. */
    private double highest = 1;

    /** Of a replay that is still empty. */
    EarnedReturns(SelfImitation settings, double discount, MetaReplay replay) {
        this.settings = settings;
        this.discount = discount;
        this.replay = replay;
        perTask = replay.of(0).capacity();
        int places = Require.length("the returns of the replay", "replayCapacity", replay.tasks(), perTask);
        earned = new float[places];
        ahead = new int[places];
        priorities = new PriorityTree(places);
    }

    /** Bytes on the heap for so many transitions. */
    static long bytes(long transitions) {
        return Require.times(Float.BYTES + Integer.BYTES, transitions) + PriorityTree.bytes(transitions);
    }

    /**
     * Takes in an episode that the replay has.
     *
     * @param first the position of its first transition
     */
    void add(int task, long first, Trajectory episode) {
        double[] sums = sums(episode);
        for (int t = 0; t < episode.length(); t++) {
            int place = place(task, first + t);
            earned[place] = (float) sums[t];
            ahead[place] = ahead(episode.length(), t);
            priorities.set(place, highest);
        }
    }

    private int ahead(int length, int t) {
        int left = length - t;
        return settings.steps() == 0 ? left : Math.min(settings.steps(), left);
    }

    /** Σ_{k < m} γᵏ r_{t+k} for every t. */
    private double[] sums(Trajectory episode) {
        int length = episode.length();
        double[] sums = new double[length];
        for (int t = length - 1; t >= 0; t--) {
            if (settings.steps() == 0) sums[t] = episode.step(t).reward() + (t + 1 < length ? discount * sums[t + 1] : 0);
            else for (int k = ahead(length, t) - 1; k >= 0; k--) sums[t] = episode.step(t + k).reward() + discount * sums[t];
        }
        return sums;
    }

    private int place(int task, long position) {
        return task * perTask + (int) (position % perTask);
    }

    /** Where in its task's buffer the transition of a place stands: the newest of all that were written there. */
    private long position(int place) {
        long newest = replay.of(place / perTask).added() - 1;
        return newest - Math.floorMod(newest - place % perTask, (long) perTask);
    }

    /**
     * Drawn transitions.
     *
     * @param first the transitions; their rewards are what was earned within the bound
     * @param last the last ones within the bound; notTerminated is γ^(m−1) (1 − d). Null where nothing follows behind the bound
     * @param weights W of each
     * @param places where their priorities stand
     */
    record Drawn(Batch first, Batch last, float[] weights, int[] places) {}

    /** Draws so many transitions, with replacement. */
    Drawn draw(int count, RandomGenerator random) {
        int[] places = new int[count], tasks = new int[count];
        long[] positions = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = priorities.draw(random);
            tasks[i] = places[i] / perTask;
            positions[i] = position(places[i]);
        }
        Batch first = replay.at(tasks, positions);
        for (int i = 0; i < count; i++) first.rewards()[i] = earned[places[i]];
        return new Drawn(first, settings.steps() == 0 ? null : last(tasks, positions, places), weights(places), places);
    }

    private Batch last(int[] tasks, long[] positions, int[] places) {
        long[] ends = new long[places.length];
        for (int i = 0; i < ends.length; i++) ends[i] = positions[i] + ahead[places[i]] - 1;
        Batch last = replay.at(tasks, ends);
        for (int i = 0; i < ends.length; i++) last.notTerminated()[i] *= (float) Math.pow(discount, ahead[places[i]] - 1);
        return last;
    }

    /** (N P)^−β over its largest value: N cancels. */
    private float[] weights(int[] places) {
        float[] weights = new float[places.length];
        for (int i = 0; i < weights.length; i++)
            weights[i] = (float) Math.pow(priorities.priority(places[i]) / priorities.least(), -settings.correctionExponent());
        return weights;
    }

    /** Sets the priorities of what was drawn to how far both critics were below the bound. */
    void prioritize(int[] places, float[] gaps) {
        for (int i = 0; i < places.length; i++) {
            double priority = Math.pow(gaps[i] + LEAST_PRIORITY, settings.priorityExponent());
            highest = Math.max(highest, priority);
            priorities.set(places[i], priority);
        }
    }

    /** What is drawn from, in proportion. */
    double priority(int task, long position) {
        return priorities.priority(place(task, position));
    }

    /** The part of a state. */
    LearnerState declare(LearnerState state) {
        return state.part("earned returns", LearnerState.Kind.REPLAY, this::save, this::load);
    }

    private void save(DataOutputStream out) throws IOException {
        out.writeDouble(highest);
        for (int task = 0; task < replay.tasks(); task++) {
            int from = task * perTask, to = from + replay.of(task).size();
            StoredNumbers.writeCounted(out, Arrays.copyOfRange(earned, from, to));
            StoredNumbers.writeCounted(out, Arrays.copyOfRange(ahead, from, to));
            for (int place = from; place < to; place++) out.writeDouble(priorities.priority(place));
        }
    }

    private void load(DataInputStream in) throws IOException {
        highest = in.readDouble();
        priorities.clear();
        for (int task = 0; task < replay.tasks(); task++) {
            int from = task * perTask;
            float[] values = StoredNumbers.readCounted(in);
            int[] steps = StoredNumbers.readCounted(in, 1, Integer.MAX_VALUE);
            if (values.length > perTask || values.length != steps.length)
                throw new IOException(
                    "the stored returns are of " + values.length + " and " + steps.length + " transitions, expected at most "
                        + perTask);
            System.arraycopy(values, 0, earned, from, values.length);
            System.arraycopy(steps, 0, ahead, from, steps.length);
            for (int i = 0; i < values.length; i++) priorities.set(from + i, in.readDouble());
        }
    }
}
