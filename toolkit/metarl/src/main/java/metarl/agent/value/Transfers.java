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
 * learned policy does clearly better on j than on i: by more than {@code lead} standard errors of the difference of the two means. Without
 * that, one of several tasks is always ahead by chance, and while nothing is learned yet most episodes are nobody's own. All policies
 * change while C, H and π learn, so each is seen again now and then: a candidate that has not acted in i for {@code trialEvery} episodes
 * acts there once, that from the best task first; the learned policy acts after as many episodes by others as returns count.
 * Otherwise the best policy acts. All of that is ours: the paper says only that the better one by recent returns acts.
 */
final class Transfers {
    /** In place of the number of a source task: nobody's, but the learned policy itself. */
    static final int LEARNED = -1;

    private final int tasks;
    private final int recent, trialEvery;
    private final double lead;
    /** By target · tasks + source, where source = target is the learned policy: the last returns, the oldest first. */
    private final double[][] returns;
    /** In the same order: episodes of the target by others since that policy acted there last. */
    private final int[] idle;
    private boolean open;

    /**
     * Nothing earned yet, and nothing to transfer.
     *
     * @param recent how many returns count
     * @param trialEvery episodes of a task after which a candidate that did not act there is tried again
     * @param lead by how many standard errors a source task must be ahead
     */
    Transfers(int tasks, int recent, int trialEvery, double lead) {
        this.tasks = tasks;
        this.recent = recent;
        this.trialEvery = trialEvery;
        this.lead = lead;
        returns = new double[tasks * tasks][0];
        idle = new int[tasks * tasks];
    }

    /** Takes in a return on {@code target} by the policy transferred from {@code source}, or by the {@link #LEARNED} one. */
    void earned(int target, int source, double value) {
        int at = at(target, source);
        double[] before = returns[at];
        returns[at] = DoubleStream.concat(Arrays.stream(before).skip(before.length == recent ? 1 : 0), DoubleStream.of(value)).toArray();
        for (int i = target * tasks; i < (target + 1) * tasks; i++) idle[i]++;
        idle[at] = 0;
    }

    private int at(int target, int source) {
        return target * tasks + (source == LEARNED ? target : source);
    }

    /** The mean of the last returns; NaN where there are none. */
    double mean(int target, int source) {
        return Arrays.stream(returns[at(target, source)]).average().orElse(Double.NaN);
    }

    /** There is a translator from now on. */
    void open() {
        open = true;
    }

    /** Forgets everything. */
    void clear() {
        open = false;
        Arrays.fill(idle, 0);
        Arrays.fill(returns, new double[0]);
    }

    /** The tasks from which a policy may be transferred to this one, the best first. */
    int[] candidates(int target) {
        if (!open) return new int[0];
        return IntStream.range(0, tasks).filter(j -> j != target && isAhead(j, target)).boxed()
            .sorted(Comparator.comparingDouble(j -> -mean(j, LEARNED))).mapToInt(j -> j).toArray();
    }

    private boolean isAhead(int source, int target) {
        double needed = lead == 0 ? 0 : lead * Math.sqrt(squaredError(source) + squaredError(target));
        return mean(source, LEARNED) - mean(target, LEARNED) > needed;
    }

    /** Squared standard error of the mean of what the learned policy earned; NaN where there are fewer than two returns. */
    private double squaredError(int task) {
        double[] r = returns[at(task, LEARNED)];
        double mean = mean(task, LEARNED), squares = Arrays.stream(r).map(x -> (x - mean) * (x - mean)).sum();
        return r.length < 2 ? Double.NaN : squares / (r.length - 1) / r.length;
    }

    /** Who acts next in this task: the number of a source task, or {@link #LEARNED}. */
    int next(int target) {
        int[] candidates = candidates(target);
        if (candidates.length == 0 || idle[at(target, LEARNED)] >= recent) return LEARNED;
        int best = LEARNED;
        for (int source : candidates) {
            if (Double.isNaN(mean(target, source)) || idle[at(target, source)] >= trialEvery) return source;
            if (mean(target, source) > mean(target, best)) best = source;
        }
        return best;
    }

    void save(DataOutputStream out) throws IOException {
        out.writeBoolean(open);
        for (int episodes : idle) out.writeInt(episodes);
        for (double[] r : returns) StoredNumbers.writeCounted(out, r);
    }

    void load(DataInputStream in) throws IOException {
        open = in.readBoolean();
        for (int i = 0; i < idle.length; i++) idle[i] = in.readInt();
        for (int i = 0; i < returns.length; i++) {
            returns[i] = StoredNumbers.readDoubles(in);
            if (returns[i].length > recent)
                throw new IOException("found " + returns[i].length + " recent returns, expected at most " + recent);
        }
    }
}
