package metarl.diagnose.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums over weighted rewards that come one by one, in memory that does not grow: what {@link StreamedWeights} is made of.
 *
 * <p>Weights are summed relative to the largest so far (a running log-sum-exp); means and products of deviations are kept per block and joined as by Chan, Golub and
 * LeVeque (1983), so that 10⁸ rows lose no digits to cancellation.
 */
public final class WeightStream {
    private static final int BLOCK = 4096;
    /** So many rows have a tail of 300 000 draws; of more the tail is cut there. */
    private static final double MOST_ROWS = 1e10;

    // the kinds of terms whose means and products are kept
    private static final int WEIGHT = 0, WEIGHTED = 1, CLIPPED = 2, REWARD = 3, KINDS = 4;

    private final double logClip;
    private final boolean rewarded;
    private final double[] logs = new double[BLOCK];
    private final double[] rewards = new double[BLOCK];
    private final double[][] terms = new double[KINDS][BLOCK];
    private final double[] mean = new double[KINDS];
    private final double[] squares = new double[KINDS];
    /** Σ of products of deviations of w and wr. */
    private double products;
    private final LargestValues largest;
    private double max = Double.NEGATIVE_INFINITY;
    private long count;
    private long zeros;
    private long clipped;
    private int filled;

    private WeightStream(double logClip, boolean rewarded, double rows) {
        this.logClip = logClip;
        this.rewarded = rewarded;
        largest = new LargestValues(tail(rows));
    }

    /** As many of the largest weights as Pareto smoothing looks at. */
    private static int tail(double rows) {
        return (int) (1 + Math.ceil(Math.min(rows / 5, 3 * Math.sqrt(rows))));
    }

    /** Of weights alone. */
    public static WeightStream ofWeights() {
        return new WeightStream(Double.POSITIVE_INFINITY, false, MOST_ROWS);
    }

    /** Of weights and rewards. */
    public static WeightStream ofRewards() {
        return new WeightStream(Double.POSITIVE_INFINITY, true, MOST_ROWS);
    }

    /**
     * Of weights and rewards, also with every weight above {@code clip} set to it.
     *
     * @throws IllegalArgumentException unless clip is above 0
     */
    public static WeightStream ofRewards(double clip) {
        if (!(clip > 0)) throw new IllegalArgumentException("clip(" + clip + "): expected a number above 0, such as 10");
        return new WeightStream(Math.log(clip), true, MOST_ROWS);
    }

    /** Of at most so many rows, which is as good as of any number, and quicker for few. */
    WeightStream expecting(long rows) {
        return new WeightStream(logClip, rewarded, Math.min(MOST_ROWS, rows));
    }

    /**
     * Adds a row.
     *
     * @param logWeight ln w; −∞ is weight 0
     * @param reward ignored by a stream of weights alone
     * @throws IllegalArgumentException if the weight is NaN or +∞ or the reward is not finite, named by row
     */
    public void add(double logWeight, double reward) {
        if (Double.isNaN(logWeight) || logWeight == Double.POSITIVE_INFINITY)
            throw new IllegalArgumentException("log weight " + (count + filled) + " is " + logWeight + "; expected a number below +∞");
        if (rewarded && !Double.isFinite(reward))
            throw new IllegalArgumentException("reward " + (count + filled) + " is " + reward + "; expected a finite number");
        logs[filled] = logWeight;
        rewards[filled++] = reward;
        if (filled == BLOCK) flush();
    }

    private void flush() {
        if (filled == 0) return;
        double blockMax = max;
        for (int i = 0; i < filled; i++) {
            blockMax = Math.max(blockMax, logs[i]);
            largest.add(logs[i]);
        }
        if (blockMax > max) rescale(blockMax);
        boolean clips = logClip < Double.POSITIVE_INFINITY;
        for (int i = 0; i < filled; i++) {
            double w = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logs[i] - max);
            if (logs[i] == Double.NEGATIVE_INFINITY) zeros++;
            if (logs[i] > logClip) clipped++;
            terms[WEIGHT][i] = w;
            terms[WEIGHTED][i] = w * rewards[i];
            if (clips) terms[CLIPPED][i] = Math.exp(Math.min(logs[i], logClip)) * rewards[i];
            terms[REWARD][i] = rewards[i];
        }
        join();
        count += filled;
        filled = 0;
    }

    private void rescale(double larger) {
        double factor = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(max - larger);
        for (int kind : new int[] {WEIGHT, WEIGHTED}) {
            mean[kind] *= factor;
            squares[kind] *= factor * factor;
        }
        products *= factor * factor;
        max = larger;
    }

    private void join() {
        double[] blockMean = new double[KINDS];
        for (int kind = 0; kind < KINDS; kind++) {
            double sum = 0;
            for (int i = 0; i < filled; i++) sum += terms[kind][i];
            blockMean[kind] = sum / filled;
        }
        double share = (double) filled / (count + filled), both = count * share;
        double product = 0;
        for (int i = 0; i < filled; i++) product += (terms[WEIGHT][i] - blockMean[WEIGHT]) * (terms[WEIGHTED][i] - blockMean[WEIGHTED]);
        products += product + (blockMean[WEIGHT] - mean[WEIGHT]) * (blockMean[WEIGHTED] - mean[WEIGHTED]) * both;
        for (int kind = 0; kind < KINDS; kind++) {
            double sum = 0;
            for (int i = 0; i < filled; i++) sum += (terms[kind][i] - blockMean[kind]) * (terms[kind][i] - blockMean[kind]);
            double apart = blockMean[kind] - mean[kind];
            squares[kind] += sum + apart * apart * both;
            mean[kind] += apart * share;
        }
    }

    /**
     * What the rows so far amount to; more may be added after.
     *
     * @throws IllegalArgumentException if there were none, or all weights are 0
     */
    public StreamedWeights result() {
        flush();
        if (count == 0) throw new IllegalArgumentException("the stream had no rows; expected at least one");
        if (max == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException("all " + count
                + " weights are 0; expected at least one above 0: the target never does what was logged. Or is each a product of "
                + "many, which fall below 1e-308: then sum logarithms instead, and give them to StreamedWeights.reader().read(n, logWeights)");
        double sum = count * mean[WEIGHT], sumOfSquares = squares[WEIGHT] + sum * mean[WEIGHT];
        // rounding may leave the exact bounds by one unit in the last place
        double ess = Math.max(1, Math.min(count, sum * sum / sumOfSquares));
        double scale = Math.exp(max);
        return new StreamedWeights(count, zeros, ess, 1 / sum, scale * mean[WEIGHT], scale * standardError(squares[WEIGHT]), max,
            largest.ascending(tail(count)), estimates(scale), new BadRows(count, 0, List.of()));
    }

    private List<StreamedWeights.Estimate> estimates(double scale) {
        var found = new ArrayList<StreamedWeights.Estimate>();
        if (!rewarded) return found;
        found.add(new StreamedWeights.Estimate("behavior policy", mean[REWARD], standardError(squares[REWARD]), 0));
        found.add(new StreamedWeights.Estimate("IPS", scale * mean[WEIGHTED], scale * standardError(squares[WEIGHTED]), 0));
        double ratio = mean[WEIGHTED] / mean[WEIGHT];
        double residuals = Math.max(0, squares[WEIGHTED] - 2 * ratio * products + ratio * ratio * squares[WEIGHT]);
        found.add(new StreamedWeights.Estimate("SNIPS", ratio, standardError(residuals) / mean[WEIGHT], 0));
        if (logClip < Double.POSITIVE_INFINITY)
            found.add(new StreamedWeights.Estimate("IPS, weights clipped at " + (float) Math.exp(logClip), mean[CLIPPED],
                standardError(squares[CLIPPED]),
                (double) clipped / count));
        return found;
    }

    /** Of a mean, from the sum of squared deviations. */
    private double standardError(double sumOfSquares) {
        return count > 1 ? Math.sqrt(sumOfSquares / (count - 1) / count) : Double.POSITIVE_INFINITY;
    }
}
