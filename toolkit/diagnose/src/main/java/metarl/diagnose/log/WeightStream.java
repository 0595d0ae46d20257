package metarl.diagnose.log;

import static metarl.diagnose.log.WeightSums.CLIPPED;
import static metarl.diagnose.log.WeightSums.REWARD;
import static metarl.diagnose.log.WeightSums.WEIGHT;
import static metarl.diagnose.log.WeightSums.WEIGHTED;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.basics.StoredNumbers;

/**
 * Sums over weighted rewards that come one by one, in memory that does not grow: what {@link StreamedWeights} is made of. Parts of a log
 * can be summed apart, on several machines, and {@linkplain #merge merged}.
 */
public final class WeightStream implements Serializable {
    private static final long serialVersionUID = 1;
    /** First in the bytes of a stream: the format, and its version. */
    private static final int MARK = 0x57535401;
    private static final int BLOCK = 4096;
    /** So many rows have a tail of 300 000 draws; of more the tail is cut there. */
    private static final double MOST_ROWS = 1e10;

    private final double logClip;
    private final boolean rewarded;
    private final double[] logs = new double[BLOCK];
    private final double[] rewards = new double[BLOCK];
    private final double[][] terms = WeightSums.room(BLOCK);
    private final LargestValues largest;
    private final WeightSums sums;
    private int filled;

    private WeightStream(double logClip, boolean rewarded, double rows) {
        this(logClip, rewarded, new LargestValues(tail(rows)), new WeightSums());
    }

    private WeightStream(double logClip, boolean rewarded, LargestValues largest, WeightSums sums) {
        this.logClip = logClip;
        this.rewarded = rewarded;
        this.largest = largest;
        this.sums = sums;
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
            throw new IllegalArgumentException(
                "log weight " + (sums.count() + filled) + " is " + logWeight + "; expected a number below +∞");
        if (rewarded && !Double.isFinite(reward))
            throw new IllegalArgumentException("reward " + (sums.count() + filled) + " is " + reward + "; expected a finite number");
        logs[filled] = logWeight;
        rewards[filled++] = reward;
        if (filled == BLOCK) flush();
    }

    private void flush() {
        take(logs, rewards, filled);
        filled = 0;
    }

    private void take(double[] logs, double[] rewards, int n) {
        if (n == 0) return;
        double max = sums.max();
        for (int i = 0; i < n; i++) {
            max = Math.max(max, logs[i]);
            largest.add(logs[i]);
        }
        sums.join(WeightSums.of(logs, rewards, n, logClip, max, terms));
    }

    /**
     * Adds the rows of another part of the log, as if they had been added one by one: counts, the largest weight and the tail are exactly
     * those of one stream, means up to rounding, to about 12 digits, and their errors to 10 where rewards lie ten times their spread from
     * 0.
     *
     * @param other stays as it is
     * @return this stream
     * @throws IllegalArgumentException if it is this stream, or one of another kind
     */
    public WeightStream merge(WeightStream other) {
        if (other == this) throw new IllegalArgumentException("given the stream itself; expected one of other rows");
        if (rewarded != other.rewarded || logClip != other.logClip || largest.capacity() != other.largest.capacity())
            throw new IllegalArgumentException(
                "given a stream " + other.kind() + ", expected one " + kind() + " as this; make all streams alike before their rows come");
        flush();
        largest.addAll(other.largest);
        sums.join(other.sums);
        take(other.logs, other.rewards, other.filled);
        return this;
    }

    private String kind() {
        return (rewarded ? "of weights and rewards" : "of weights alone")
            + (logClip < Double.POSITIVE_INFINITY ? ", clipped at " + (float) Math.exp(logClip) : "");
    }

    /** All there is to the stream, so that it can go on elsewhere, bit for bit. */
    public byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MARK);
            out.writeDouble(logClip);
            out.writeBoolean(rewarded);
            sums.write(out);
            largest.write(out);
            StoredNumbers.writeCounted(out, Arrays.copyOf(logs, filled));
            StoredNumbers.writeCounted(out, Arrays.copyOf(rewards, filled));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The stream that {@link #toBytes} told of.
     *
     * @throws IllegalArgumentException if these are not the bytes of a stream, or damaged
     */
    public static WeightStream ofBytes(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MARK) throw new IOException("they do not begin as those of a stream do");
            double logClip = in.readDouble();
            boolean rewarded = in.readBoolean();
            WeightSums sums = WeightSums.read(in);
            var stream = new WeightStream(logClip, rewarded, LargestValues.read(in), sums);
            double[] logs = StoredNumbers.readDoubles(in), rewards = StoredNumbers.readDoubles(in);
            if (logs.length >= BLOCK || logs.length != rewards.length || in.read() >= 0)
                throw new IOException("there are too many of them");
            stream.filled = logs.length;
            System.arraycopy(logs, 0, stream.logs, 0, logs.length);
            System.arraycopy(rewards, 0, stream.rewards, 0, logs.length);
            return stream;
        } catch (IOException e) {
            throw new IllegalArgumentException("given " + bytes.length + " bytes that hold no stream of weights"
                + (e.getMessage() == null ? ": they end early" : ": " + e.getMessage()) + "; expected those of toBytes()", e);
        }
    }

    private Object writeReplace() {
        return new Stored(toBytes());
    }

    /** What Java's serialisation stores of a stream. */
    private record Stored(byte[] bytes) implements Serializable {
        private Object readResolve() {
            return ofBytes(bytes);
        }
    }

    /**
     * What the rows so far amount to; more may be added after.
     *
     * @throws IllegalArgumentException if there were none, or all weights are 0
     */
    public StreamedWeights result() {
        flush();
        long count = sums.count();
        if (count == 0) throw new IllegalArgumentException("the stream had no rows; expected at least one");
        if (sums.max() == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException("all " + count
                + " weights are 0; expected at least one above 0: the target never does what was logged. Or is each a product of "
                + "many, which fall below 1e-308: then sum logarithms instead, and give them to StreamedWeights.reader().read(n, "
                + "logWeights)");
        double sum = count * sums.mean(WEIGHT), sumOfSquares = sums.squares(WEIGHT) + sum * sums.mean(WEIGHT);
        // rounding may leave the exact bounds by one unit in the last place
        double ess = Math.max(1, Math.min(count, sum * sum / sumOfSquares));
        double scale = Math.exp(sums.max());
        return new StreamedWeights(count, sums.zeros(), ess, 1 / sum, scale * sums.mean(WEIGHT), scale * standardError(WEIGHT), sums.max(),
            largest.ascending(tail(count)), estimates(scale), new BadRows(count, 0, List.of()));
    }

    private List<StreamedWeights.Estimate> estimates(double scale) {
        var found = new ArrayList<StreamedWeights.Estimate>();
        if (!rewarded) return found;
        found.add(new StreamedWeights.Estimate("behavior policy", sums.mean(REWARD), standardError(REWARD), 0));
        found.add(new StreamedWeights.Estimate("IPS", scale * sums.mean(WEIGHTED), scale * standardError(WEIGHTED), 0));
        double ratio = sums.mean(WEIGHTED) / sums.mean(WEIGHT);
        double residuals = Math.max(0, sums.squares(WEIGHTED) - 2 * ratio * sums.products() + ratio * ratio * sums.squares(WEIGHT));
        found.add(new StreamedWeights.Estimate("SNIPS", ratio, standardError(residuals) / sums.mean(WEIGHT), 0));
        if (logClip < Double.POSITIVE_INFINITY)
            found.add(new StreamedWeights.Estimate("IPS, weights clipped at " + (float) Math.exp(logClip), sums.mean(CLIPPED),
                standardError(CLIPPED),
                (double) sums.clipped() / sums.count()));
        return found;
    }

    private double standardError(int kind) {
        return standardError(sums.squares(kind));
    }

    /** Of a mean, from the sum of squared deviations. */
    private double standardError(double sumOfSquares) {
        long count = sums.count();
        return count > 1 ? Math.sqrt(sumOfSquares / (count - 1) / count) : Double.POSITIVE_INFINITY;
    }
}
