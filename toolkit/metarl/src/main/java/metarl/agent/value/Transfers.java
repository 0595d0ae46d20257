package metarl.agent.value;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import metarl.basics.StoredNumbers;

/**
 * Who acts in which task, by what was earned there lately (MCAT, section 3.4): the learned policy, or one transferred from another task.
 *
 * <p>"Lately" is the mean of the last few returns of that policy in that task. A policy transferred from j is a candidate for i where the
 * learned policy does better on j than on i. After each change of the translator what transferred policies earned before is forgotten, and
 * every candidate that has not been tried since then is tried once, that from the best task first; after that whoever is best acts. The
 * learned policy changes all the time, and would never be seen again where another one did better once: it acts after as many episodes by
 * others as returns count. All of that is ours: the paper says only that the better one by recent returns acts.
 */
final class Transfers {
    /** In place of the number of a source task: nobody's, but the learned policy itself. */
    static final int LEARNED = -1;

    private final int tasks;
    private final int recent;
    /** By target · tasks + source, where source = target is the learned policy: the last returns, the oldest first. */
    private final double[][] returns;
    /** Episodes of the task by transferred policies since the learned one acted there last. */
    private final int[] since;
    private boolean open;

    /**
     * Nothing earned yet, and nothing to transfer.
     *
     * @param recent how many returns count
     */
    Transfers(int tasks, int recent) {
        this.tasks = tasks;
        this.recent = recent;
        returns = new double[tasks * tasks][0];
        since = new int[tasks];
    }

    /** Takes in a return on {@code target} by the policy transferred from {@code source}, or by the {@link #LEARNED} one. */
    void earned(int target, int source, double value) {
        int at = target * tasks + (source == LEARNED ? target : source);
        double[] before = returns[at];
        returns[at] = DoubleStream.concat(Arrays.stream(before).skip(before.length == recent ? 1 : 0), DoubleStream.of(value)).toArray();
        since[target] = source == LEARNED ? 0 : since[target] + 1;
    }

    /** The mean of the last returns; NaN where there are none. */
    double mean(int target, int source) {
        return Arrays.stream(returns[target * tasks + (source == LEARNED ? target : source)]).average().orElse(Double.NaN);
    }

    /** The translator has changed: what it made of policies before says nothing any more. */
    void translatorChanged() {
        open = true;
        for (int i = 0; i < returns.length; i++) if (i / tasks != i % tasks) returns[i] = new double[0];
    }

    /** Forgets everything. */
    void clear() {
        open = false;
        Arrays.fill(since, 0);
        Arrays.fill(returns, new double[0]);
    }

    /** The tasks from which a policy may be transferred to this one, the best first. */
    int[] candidates(int target) {
        if (!open) return new int[0];
        return IntStream.range(0, tasks).filter(j -> j != target && mean(j, LEARNED) > mean(target, LEARNED)).boxed()
            .sorted(Comparator.comparingDouble(j -> -mean(j, LEARNED))).mapToInt(j -> j).toArray();
    }

    /** Who acts next in this task: the number of a source task, or {@link #LEARNED}. */
    int next(int target) {
        int[] candidates = candidates(target);
        if (candidates.length == 0 || since[target] >= recent) return LEARNED;
        int best = LEARNED;
        for (int source : candidates) {
            if (Double.isNaN(mean(target, source))) return source;
            if (mean(target, source) > mean(target, best)) best = source;
        }
        return best;
    }

    void save(DataOutputStream out) throws IOException {
        out.writeBoolean(open);
        for (int episodes : since) out.writeInt(episodes);
        for (double[] r : returns) StoredNumbers.writeCounted(out, r);
    }

    void load(DataInputStream in) throws IOException {
        open = in.readBoolean();
        for (int i = 0; i < tasks; i++) since[i] = in.readInt();
        for (int i = 0; i < returns.length; i++) {
            returns[i] = StoredNumbers.readDoubles(in);
            if (returns[i].length > recent)
                throw new IOException("found " + returns[i].length + " recent returns, expected at most " + recent);
        }
    }
}
