package metarl.diagnose.log;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * Reads {@link StreamedWeights} from a file of any length or from rows made on the fly. Immutable; each verb returns a changed copy.
 *
 * <pre>{@code
 * var weights = StreamedWeights.reader().reward("click").propensity("p_old").targetPropensity("p_new")
 *     .clip(10).progress(part -> bar.set(part)).read("big.csv.gz");
 * }</pre>
 *
 * <p>Of a Parquet file, checksums are verified where it has them; many writers leave them out (pyarrow writes them by
 * {@code write_page_checksum=True}), and then nobody can tell a number that was damaged. Dates, times, decimals and the like are text
 * there, and refused where numbers are expected.
 */
public final class StreamedWeightsReader {
    private static final int ROWS_PER_LOOK = 1 << 16;
    private static final String OTHERWISE = "If the file holds weights, name them by .weight(\"…\"); if it holds neither, there is "
        + "nothing to stream: read it by "
        + "BanditLog.reader().withoutPropensities() instead";

    private final LogOptions options;
    private final double clip;
    private final int mostGroups;

    StreamedWeightsReader(LogOptions options, double clip, int mostGroups) {
        this.options = options;
        this.clip = clip;
        this.mostGroups = mostGroups;
    }

    private StreamedWeightsReader with(LogOptions changed) {
        return new StreamedWeightsReader(changed, clip, mostGroups);
    }

    /** The column of the reward. Where the file has none, the weights alone are summed. */
    public StreamedWeightsReader reward(String column) {
        return with(options.columns("reward", column));
    }

    /** The column of π_b(a | x), how likely the action was that was chosen. */
    public StreamedWeightsReader propensity(String column) {
        return with(options.columns("propensity", column));
    }

    /** The column of π_e(a | x), how likely the target policy would have chosen that action. */
    public StreamedWeightsReader targetPropensity(String column) {
        return with(options.columns("target propensity", column));
    }

    /** The column of weights, where the file holds them instead of propensities. */
    public StreamedWeightsReader weight(String column) {
        return with(options.columns("weight", column));
    }

    /** Does not look for a column of the reward, though one may have a usual name: the weights alone are summed. */
    public StreamedWeightsReader withoutReward() {
        return with(options.without("reward"));
    }

    /** Also clips the weights: every one above {@code max} counts as {@code max}. */
    public StreamedWeightsReader clip(double max) {
        if (!(max > 0)) throw new IllegalArgumentException("clip(" + max + "): expected a number above 0, such as 10");
        return new StreamedWeightsReader(options, max, mostGroups);
    }

    /** Also sums up each group, such as a country or a day, of which there are at most 10 000: the column of its name. */
    public StreamedWeightsReader group(String column) {
        return group(column, WeightStream.GROUPS);
    }

    /** The same with another number of groups at most, 1 to 1 000 000; one more is refused by name. */
    public StreamedWeightsReader group(String column, int most) {
        return new StreamedWeightsReader(options.columns("group", column), clip, GroupSums.requireMost(most));
    }

    /** Propensities are densities of continuous actions, which may exceed 1. */
    public StreamedWeightsReader densities() {
        return with(options.withDensities());
    }

    /** The encoding of the text of a CSV file, if it is not UTF-8. */
    public StreamedWeightsReader encoding(Charset charset) {
        return with(options.inEncoding(charset));
    }

    /** The character between the cells of a CSV file; without it, comma, semicolon, tab or |, whichever fits. */
    public StreamedWeightsReader delimiter(char character) {
        return with(options.partedBy(character));
    }

    /** Keeps going without the rows that cannot be used; the result tells how many they were. */
    public StreamedWeightsReader dropBad() {
        return with(options.droppingBad());
    }

    /** Tells what part has been read, from 0 to 1, twice a second, if that takes more than two seconds. */
    public StreamedWeightsReader progress(DoubleConsumer listener) {
        return with(options.telling(listener));
    }

    /** Reads a file. */
    public StreamedWeights read(String path) {
        return read(Path.of(path));
    }

    /**
     * Reads a file in one pass.
     *
     * @throws IllegalArgumentException if it or a column is missing, or if rows cannot be used; the message counts them by kind and names
     *     the first
     */
    public StreamedWeights read(Path path) {
        try (CheckedRows rows = options.open(path)) {
            var columns = Columns.of(options, path, rows.columns());
            columns.hint(options, rows);
            LogColumn reward = columns.reward, weight = columns.weight, behavior = columns.behavior, target = columns.target,
                group = columns.group;
            rows.select(columns.all().toList());
            WeightStream stream = stream(reward != null);
            while (rows.next()) {
                double paid = reward == null ? 0 : rows.finite(reward);
                double log = weight == null
                    ? Math.log(rows.atMostOne(target, options.density())) - Math.log(rows.chosen(behavior, options.density()))
                    : Math.log(rows.atMostOne(weight, true));
                String name = group == null ? "" : rows.label(group);
                if (!rows.good()) continue;
                if (group == null) stream.add(log, paid);
                else stream.add(log, paid, name);
            }
            BadRows account = rows.account(options.dropBad());
            return stream.result().with(account);
        }
    }

    /** Rows made on the fly: the log weight of each row from 0 to n − 1. */
    public StreamedWeights read(long n, LongToDoubleFunction logWeights) {
        return read(n, logWeights, null);
    }

    /** Rows made on the fly: log weight and reward of each row from 0 to n − 1. */
    public StreamedWeights read(long n, LongToDoubleFunction logWeights, LongToDoubleFunction rewards) {
        if (n < 1) throw new IllegalArgumentException("n is " + n + "; expected at least one row");
        WeightStream stream = stream(rewards != null).expecting(n);
        try (var progress = new ReadingProgress("weights made on the fly", options.progress())) {
            for (long i = 0; i < n; i++) {
                stream.add(logWeights.applyAsDouble(i), rewards == null ? 0 : rewards.applyAsDouble(i));
                if (i % ROWS_PER_LOOK == 0) progress.reach((double) i / n);
            }
            progress.end();
        }
        return stream.result();
    }

    /**
     * What this reader asks of the rows of a log that is no file of this machine, such as a table of a cluster: which column holds what,
     * and what is wrong with a row.
     *
     * @param source the name of the log, for messages
     * @param columns it has
     * @throws IllegalArgumentException if a column is missing
     */
    public CheckedWeights checks(String source, List<String> columns) {
        var found = Columns.of(options, Path.of(source), columns);
        CheckedWeights checks = found.weight != null ? CheckedWeights.ofWeights(found.weight.name())
            : CheckedWeights.ofPropensities(found.target.name(), found.behavior.name());
        if (options.density()) checks = checks.densities();
        if (found.reward != null) checks = checks.reward(found.reward.name());
        return found.group == null ? checks : checks.group(found.group.name());
    }

    /** An empty stream for the rows that are so checked. */
    public WeightStream stream(CheckedWeights checks) {
        return stream(checks.columns().containsKey(CheckedWeights.Role.REWARD));
    }

    private WeightStream stream(boolean rewarded) {
        WeightStream stream = !rewarded ? WeightStream.ofWeights()
            : clip < Double.POSITIVE_INFINITY ? WeightStream.ofRewards(clip) : WeightStream.ofRewards();
        return mostGroups > 0 ? stream.grouped(mostGroups) : stream;
    }

    /**
     * What the rows of such a log amount to.
     *
     * @param source the name of the log, for messages
     * @param numbers of rows as they are to be shown, by those they were added under; in the same order
     * @throws IllegalArgumentException if there were no rows, or some are bad and {@link #dropBad} was not said; the message counts them by
     *     kind and names the first
     */
    public StreamedWeights result(String source, WeightStream stream, LongUnaryOperator numbers) {
        BadRows account = stream.account(numbers);
        CheckedRows.require(source, account, options.dropBad(), List::of);
        return stream.result().with(account);
    }

    /** Which column holds what; null where none does. */
    private record Columns(LogColumn weight, LogColumn reward, LogColumn behavior, LogColumn target, LogColumn group) {
        static Columns of(LogOptions options, Path path, List<String> names) {
            LogColumn weight = options.find(path, names, "weight");
            boolean ratio = weight == null;
            return new Columns(weight, options.find(path, names, "reward"),
                ratio ? options.require(path, names, "propensity", OTHERWISE) : null,
                ratio ? options.require(path, names, "target propensity", OTHERWISE) : null, options.find(path, names, "group"));
        }

        Stream<LogColumn> all() {
            return Stream.of(weight, reward, behavior, target, group).filter(Objects::nonNull);
        }

        void hint(LogOptions options, CheckedRows rows) {
            all().forEach(column -> options.hint(column, rows));
        }
    }
}
