package metarl.diagnose.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;

/**
 * What weighted rewards that come one by one amount to, in memory that does not grow: what {@link StreamedWeights} is made of. Parts of a
 * log can be summed apart, on several machines, and {@linkplain #merge merged}: however the rows are parted, and in whatever order the
 * parts are merged, {@link #result}, {@link #groups} and the account of bad rows are those of one stream of all rows.
 *
 * <pre>{@code
 * var checks = CheckedWeights.ofPropensities("p_new", "p_old").reward("click").group("country");
 * WeightStream part = WeightStream.ofRewards(10).grouped(1_000);             // in each partition
 * for (var row : partition)
 *     checks.addRatio(part, row.number(), row.target(), row.propensity(), row.reward(), row.country());
 * part.save(out);
 * WeightStream all = WeightStream.load(in).merge(WeightStream.load(next));   // in any order, in any tree
 * System.out.println(all.result() + "\n" + all.result().essByGroup());
 * }</pre>
 *
 * <p><b>What is exact.</b> Counts, the largest weight, and the tail that Pareto smoothing looks at, and so k̂, are the same bit for bit.
 * Sums of w, wr, min(w, λ)r and r, and of squared deviations from their means, are kept in two doubles each, relative to a power of two:
 * the order changes at most 10⁻¹² of Σ|t|, usually 10⁻¹⁵, so that means, ESS and standard errors agree to 12 digits, and a standard error
 * far below its estimate to 12 digits of that. Groups come sorted by name, and the first bad rows are those of the smallest numbers.
 *
 * <p><b>The tail.</b> n rows have a tail of m(n) = ⌈min(n/5, 3√n)⌉ draws, which is known at the end alone, and all may be of one part. So
 * each part keeps the largest m(N) + 1 of its weights: N is 10¹⁰, m = 300 000, where nothing is known of the number of rows, and the
 * result is the same as if n had been known, up to 10¹⁰ rows; beyond, the tail stops at 300 000 draws, on one machine as on many. Where
 * at most N rows can come, {@link #expecting} makes m(N) of it.
 *
 * <p><b>Memory.</b> At most 16 (m(N) + 1) bytes for the tail, 4.8 MB unless fewer rows are expected, 0.3 MB for a block of rows, and
 * about 0.6 kB for each group. {@link #toBytes}, {@link #save} and Java's serialisation take 8 (m(N) + 1) bytes at most, 2.4 MB unless
 * fewer rows are expected, up to 82 kB for rows not summed yet, 0.2 kB and the name for each group, and up to 3 kB for each kind of bad
 * rows; few rows take few bytes. A stream is not safe for use by several threads at once.
 */
public final class WeightStream implements Serializable {
    private static final long serialVersionUID = 2;
    /** First in the bytes of a stream: the format, and its version. */
    private static final int MARK = 0x57535403;
    private static final int BLOCK = 4096, FIRST_BLOCK = 16;
    private static final long MOST_ROWS = LargestValues.MOST_ROWS;
    /** Groups where no number is given. */
    static final int GROUPS = 10_000;
    private static final int KINDS_OF_FAULTS = 1_000;

    private final double logClip;
    final boolean rewarded;
    private final long mostRows;
    private final LargestValues largest;
    private final WeightSums sums;
    final GroupSums groups;
    private final FaultCounts faults;
    // rows that are not summed yet
    private double[] logs = new double[FIRST_BLOCK];
    private double[] rewards = new double[FIRST_BLOCK];
    private int[] places;
    private int filled;
    private double[][] terms = WeightSums.room(0);

    private WeightStream(double logClip, boolean rewarded, long mostRows, int mostGroups) {
        this(logClip, rewarded, mostRows, LargestValues.ofTail(mostRows), new WeightSums(), new GroupSums(mostGroups),
            new FaultCounts(KINDS_OF_FAULTS));
    }

    private WeightStream(double logClip, boolean rewarded, long mostRows, LargestValues largest, WeightSums sums, GroupSums groups,
        FaultCounts faults) {
        this.logClip = logClip;
        this.rewarded = rewarded;
        this.mostRows = mostRows;
        this.largest = largest;
        this.sums = sums;
        this.groups = groups;
        this.faults = faults;
        places = new int[groups.most() > 0 ? FIRST_BLOCK : 0];
    }

    /** Of weights alone. */
    public static WeightStream ofWeights() {
        return new WeightStream(Double.POSITIVE_INFINITY, false, MOST_ROWS, 0);
    }

    /** Of weights and rewards. */
    public static WeightStream ofRewards() {
        return new WeightStream(Double.POSITIVE_INFINITY, true, MOST_ROWS, 0);
    }

    /**
     * Of weights and rewards, also with every weight above {@code clip} set to it.
     *
     * @throws IllegalArgumentException unless clip is above 0
     */
    public static WeightStream ofRewards(double clip) {
        if (!(clip > 0)) throw new IllegalArgumentException("clip(" + clip + "): expected a number above 0, such as 10");
        return new WeightStream(Math.log(clip), true, MOST_ROWS, 0);
    }

    /**
     * An empty stream of the same kind for logs of at most so many rows in all their parts, which is as good as one of any number, and
     * smaller and quicker for few. With more rows than that, {@link #result} refuses to guess at the tail.
     *
     * @param rows of all parts together
     * @throws IllegalArgumentException if it is below 1
     */
    public WeightStream expecting(long rows) {
        Require.that(rows >= 1, "rows", rows, "at least 1: those of all parts of the log together");
        return new WeightStream(logClip, rewarded, Math.min(MOST_ROWS, rows), groups.most());
    }

    /** An empty stream of the same kind that also sums up each group, of which there are at most 10 000. */
    public WeightStream grouped() {
        return grouped(GROUPS);
    }

    /**
     * An empty stream of the same kind that also sums up each group.
     *
     * @param most groups in all parts together; one more is refused by name
     * @throws IllegalArgumentException if it is not 1 to 1 000 000
     */
    public WeightStream grouped(int most) {
        return new WeightStream(logClip, rewarded, mostRows, GroupSums.requireMost(most));
    }

    /**
     * Adds a row.
     *
     * @param logWeight ln w; −∞ is weight 0
     * @param reward ignored by a stream of weights alone
     * @throws IllegalArgumentException if the weight is NaN or +∞ or the reward is not finite, named by row, or the stream has groups; the
     *     row is not added then
     */
    public void add(double logWeight, double reward) {
        if (places.length > 0) throw new IllegalArgumentException("a row without a group; expected add(logWeight, reward, group), as the "
            + "stream is grouped");
        require(logWeight, reward);
        push(logWeight, reward);
    }

    /**
     * Adds a row of a group.
     *
     * @param logWeight ln w; −∞ is weight 0
     * @param reward ignored by a stream of weights alone
     * @param group its name, at most 200 letters
     * @throws IllegalArgumentException as {@link #add(double, double)}, or if the group is null or its name too long, there are more groups
     *     than the stream was made for, or it was made for none
     */
    public void add(double logWeight, double reward, String group) {
        require(logWeight, reward);
        push(logWeight, reward, groups.place(group));
    }

    private void require(double logWeight, double reward) {
        if (Double.isNaN(logWeight) || logWeight == Double.POSITIVE_INFINITY)
            throw new IllegalArgumentException(
                "log weight " + (sums.count() + filled) + " is " + logWeight + "; expected a number below +∞");
        if (rewarded && !Double.isFinite(reward))
            throw new IllegalArgumentException("reward " + (sums.count() + filled) + " is " + reward + "; expected a finite number");
    }

    private void push(double logWeight, double reward) {
        if (filled == logs.length) makeRoom();
        logs[filled] = logWeight;
        rewards[filled++] = reward;
    }

    private void push(double logWeight, double reward, int place) {
        push(logWeight, reward);
        if (places.length > 0) places[filled - 1] = place;
    }

    private void makeRoom() {
        int more = 2 * filled;
        if (filled == BLOCK) flush();
        if (more > BLOCK) return;
        logs = Arrays.copyOf(logs, more);
        rewards = Arrays.copyOf(rewards, more);
        if (places.length > 0) places = Arrays.copyOf(places, more);
    }

    private void flush() {
        if (filled == 0) return;
        if (terms[0].length < filled) terms = WeightSums.room(filled);
        double max = sums.max();
        for (int i = 0; i < filled; i++) {
            max = Math.max(max, logs[i]);
            largest.add(logs[i]);
        }
        sums.join(WeightSums.of(logs, rewards, filled, logClip, max, terms));
        if (places.length > 0) groups.take(logs, rewards, places, filled, logClip, terms);
        filled = 0;
    }

    /**
     * Counts a row that cannot be used, instead of adding it. A row with several faults is counted once, if they come one after the other.
     * {@link CheckedWeights} does this for what is wrong with numbers.
     *
     * @param row its number; no row of another part must have the same
     * @param column what the column holds and its name, such as "propensity 'pscore'"
     * @param problem such as "is above 1"; with the column at most 1 000 different ones
     * @param text of the cell, where it tells more than the problem does; may be empty
     * @throws IllegalArgumentException if there are too many kinds, or the name of one is too long
     */
    public void addBad(long row, String column, String problem, String text) {
        GroupSums.requireShort("the column", column);
        GroupSums.requireShort("the problem", problem);
        faults.add(row, column, problem, text);
    }

    /** Rows so far: those that were added, without the bad ones. */
    public long rows() {
        return sums.count() + filled;
    }

    /** Rows that cannot be used, so far. */
    public long badRows() {
        return faults.rows();
    }

    /**
     * Adds the rows of another part of the log, as if they had been added one by one. Merging is associative, and its order does not count:
     * see above what is exact.
     *
     * @param other stays as it is
     * @return this stream
     * @throws IllegalArgumentException if it is this stream, or one of another kind, or both have more groups or kinds of faults than may
     *     be; nothing is added then
     */
    public WeightStream merge(WeightStream other) {
        if (other == this) throw new IllegalArgumentException("given the stream itself; expected one of other rows");
        if (rewarded != other.rewarded || logClip != other.logClip || mostRows != other.mostRows || groups.most() != other.groups.most())
            throw new IllegalArgumentException(
                "given a stream " + other.kind() + ", expected one " + kind() + " as this; make all streams alike before their rows come");
        faults.requireRoom(other.faults);
        int[] here = groups.merge(other.groups);
        faults.merge(other.faults);
        largest.addAll(other.largest);
        sums.join(other.sums);
        // one by one: parts of a few rows then make up whole blocks
        for (int i = 0; i < other.filled; i++) push(other.logs[i], other.rewards[i], places.length > 0 ? here[other.places[i]] : 0);
        return this;
    }

    private String kind() {
        return (rewarded ? "of weights and rewards" : "of weights alone")
            + (logClip < Double.POSITIVE_INFINITY ? ", clipped at " + (float) Math.exp(logClip) : "")
            + (mostRows < MOST_ROWS ? ", expecting " + mostRows + " rows" : "")
            + (groups.most() > 0 ? ", of at most " + groups.most() + " groups" : "");
    }

    /** All there is to the stream, so that it can go on elsewhere, bit for bit. */
    public byte[] toBytes() {
        // as the next row would do
        if (filled == BLOCK) flush();
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MARK);
            out.writeDouble(logClip);
            out.writeBoolean(rewarded);
            out.writeLong(mostRows);
            sums.write(out);
            largest.write(out);
            groups.write(out);
            faults.write(out);
            StoredNumbers.writeCounted(out, Arrays.copyOf(logs, filled));
            StoredNumbers.writeCounted(out, Arrays.copyOf(rewards, filled));
            StoredNumbers.writeCounted(out, Arrays.copyOf(places, Math.min(places.length, filled)));
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
            long mostRows = in.readLong();
            if (mostRows < 1 || mostRows > MOST_ROWS) throw new IOException("found " + mostRows + " expected rows");
            WeightSums sums = WeightSums.read(in);
            var stream = new WeightStream(logClip, rewarded, mostRows, LargestValues.read(in, mostRows), sums, GroupSums.read(in),
                FaultCounts.read(in, KINDS_OF_FAULTS));
            stream.readRows(in);
            return stream;
        } catch (IOException e) {
            throw new IllegalArgumentException("given " + bytes.length + " bytes that hold no stream of weights"
                + (e.getMessage() == null ? ": they end early" : ": " + e.getMessage()) + "; expected those of toBytes()", e);
        }
    }

    private void readRows(DataInputStream in) throws IOException {
        double[] logs = StoredNumbers.readDoubles(in), rewards = StoredNumbers.readDoubles(in);
        int[] places = StoredNumbers.readCounted(in, 0, groups.size() - 1);
        if (logs.length >= BLOCK || logs.length != rewards.length || places.length != (groups.most() > 0 ? logs.length : 0)
            || in.read() >= 0)
            throw new IOException("there are too many of them");
        for (int i = 0; i < logs.length; i++) push(logs[i], rewards[i], places.length > 0 ? places[i] : 0);
    }

    /** Writes {@link #toBytes} and how many they are, so that other things may follow. */
    public void save(DataOutput out) throws IOException {
        StoredNumbers.writeCounted(out, toBytes());
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IOException if it ends early, or is no stream, or damaged
     */
    public static WeightStream load(DataInput in) throws IOException {
        byte[] bytes = StoredNumbers.readBytes(in);
        try {
            return ofBytes(bytes);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
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
     * What the rows so far amount to, with the account of bad ones; more may be added after.
     *
     * @throws IllegalArgumentException if there were none, all weights are 0, or there were more rows than were {@linkplain #expecting
     *     expected}
     */
    public StreamedWeights result() {
        requireRows();
        long count = sums.count();
        if (sums.max() == Double.NEGATIVE_INFINITY)
            throw new IllegalArgumentException("all " + count
                + " weights are 0; expected at least one above 0: the target never does what was logged. Or is each a product of "
                + "many, which fall below 1e-308: then sum logarithms instead, and give them to StreamedWeights.reader().read(n, "
                + "logWeights)");
        return new StreamedWeights(count, sums.zeros(), sums.ess(), sums.largestShare(), sums.meanWeight(), sums.meanWeightError(),
            sums.max(), largest.tail(count), rewarded ? sums.estimates(logClip) : List.of(), groups.most() > 0 ? groups() : List.of(),
            account());
    }

    private void requireRows() {
        flush();
        if (sums.count() == 0) throw new IllegalArgumentException("the stream had no rows; expected at least one"
            + (faults.rows() > 0 ? ": " + account().sentence() : ""));
        if (mostRows < MOST_ROWS && sums.count() > mostRows)
            throw new IllegalArgumentException("the stream had " + sums.count() + " rows, expected at most " + mostRows
                + ", as expecting(" + mostRows + ") said: its tail was not kept in full. Give the rows of all parts together, or leave it "
                + "out");
    }

    private BadRows account() {
        return account(LongUnaryOperator.identity());
    }

    /** The account of bad rows by other numbers, in the same order. */
    BadRows account(LongUnaryOperator numbers) {
        return new BadRows(rows() + faults.rows(), faults.rows(), faults.list(numbers));
    }

    /**
     * What the rows of each group amount to among themselves, sorted by name.
     *
     * @throws IllegalArgumentException if the stream has no groups, or there were no rows
     */
    public List<WeightGroup> groups() {
        if (groups.most() == 0) throw new IllegalArgumentException("the stream has no groups; expected one made by .grouped() before its "
            + "rows come");
        requireRows();
        return groups.list(sums, rewarded, logClip);
    }
}
