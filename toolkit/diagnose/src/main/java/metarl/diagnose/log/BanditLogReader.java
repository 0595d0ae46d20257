package metarl.diagnose.log;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;

/**
 * Reads a {@link BanditLog} from a file: CSV, CSV packed by gzip, or Parquet. Immutable; each verb returns a changed copy.
 *
 * <pre>{@code
 * var log = BanditLog.reader().action("item").reward("click").propensity("p").context("age", "x.*").category("country").read(path);
 * }</pre>
 *
 * <p>Columns that are not named are looked for under usual names: action, item_id; reward, click; propensity, propensity_score, pscore;
 * target_propensity.
 *
 * <p>Of a Parquet file, checksums are verified where it has them; many writers leave them out (pyarrow writes them by
 * {@code write_page_checksum=True}), and then nobody can tell a number that was damaged. Dates, times, decimals and the like are text
 * there, and refused where numbers are expected.
 */
public final class BanditLogReader {
    private final LogOptions options;
    private final int actionCount;
    private final List<String> actionNames;

    BanditLogReader(LogOptions options, int actionCount, List<String> actionNames) {
        this.options = options;
        this.actionCount = actionCount;
        this.actionNames = actionNames;
    }

    private BanditLogReader with(LogOptions changed) {
        return new BanditLogReader(changed, actionCount, actionNames);
    }

    /** The column of the action: whole numbers from 0, or names, which are numbered in alphabetical order. */
    public BanditLogReader action(String column) {
        return with(options.columns("action", column));
    }

    /** The column of the reward. */
    public BanditLogReader reward(String column) {
        return with(options.columns("reward", column));
    }

    /** The column of π_b(a | x), how likely the action was that was chosen. */
    public BanditLogReader propensity(String column) {
        return with(options.columns("propensity", column));
    }

    /**
     * The column of π_e(a | x), how likely the policy to be evaluated would have chosen that action; with it the log has
     * {@link BanditLog#weights()}.
     */
    public BanditLogReader targetPropensity(String column) {
        return with(options.columns("target propensity", column));
    }

    /**
     * Reads a log that holds no propensities. What needs none can be asked of it, the direct method and
     * {@link metarl.diagnose.bandit.Estimators#balanced}; for the rest {@link BanditLog#withFittedPropensities} estimates them.
     */
    public BanditLogReader withoutPropensities() {
        return with(options.without("propensity"));
    }

    /** Does not look for a column of target propensities, though one may have a usual name. */
    public BanditLogReader withoutTargetPropensity() {
        return with(options.without("target propensity"));
    }

    /** Columns of numeric features: names, or regular expressions such as {@code x.*}. */
    public BanditLogReader context(String... columns) {
        return with(options.columns("context", columns));
    }

    /** Columns of features without order, such as countries: each value becomes a feature that is 0 or 1. Names, or regular expressions. */
    public BanditLogReader category(String... columns) {
        return with(options.columns("category", columns));
    }

    /** How many actions the behavior policy chose among, where the log may not hold all of them; without it, the largest plus one. */
    public BanditLogReader actionCount(int count) {
        if (count < 1) throw new IllegalArgumentException("actionCount is " + count + "; expected at least 1");
        return new BanditLogReader(options, count, actionNames);
    }

    /** The names of all actions, in the order they are to be numbered in. */
    public BanditLogReader actionNames(String... names) {
        if (names.length == 0 || new TreeSet<>(List.of(names)).size() < names.length)
            throw new IllegalArgumentException("actionNames(" + String.join(", ", names) + "): expected at least one name, and none twice");
        return new BanditLogReader(options, names.length, List.of(names));
    }

    /** The encoding of the text of a CSV file, if it is not UTF-8. */
    public BanditLogReader encoding(Charset charset) {
        return with(options.inEncoding(charset));
    }

    /** The character between the cells of a CSV file; without it, comma, semicolon, tab or |, whichever fits. */
    public BanditLogReader delimiter(char character) {
        return with(options.partedBy(character));
    }

    /** Keeps going without the rows that cannot be used; the log tells how many they were. */
    public BanditLogReader dropBad() {
        return with(options.droppingBad());
    }

    /** Tells what part of the file has been read, from 0 to 1, if that takes more than two seconds. */
    public BanditLogReader progress(DoubleConsumer listener) {
        return with(options.telling(listener));
    }

    /** Reads a file. */
    public BanditLog read(String path) {
        return read(Path.of(path));
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it or a column is missing, or if rows cannot be used: a propensity that is 0, above 1 or missing,
     *     a cell that is no number, a row cut short; the message counts them by kind and names the first
     */
    public BanditLog read(Path path) {
        try (CheckedRows rows = options.open(path)) {
            var reading = new Reading(path, rows);
            while (rows.next()) reading.row();
            reading.labels.judge(reading.action, rows);
            return reading.log(rows.account(options.dropBad()));
        } catch (OutOfMemoryError e) {
            throw CheckedRows.tooLarge(path, e);
        }
    }

    private final class Reading {
        private final Path path;
        private final CheckedRows rows;
        private final LogColumn action;
        private final LogColumn propensity;
        private final LogColumn target;
        /** Reward, propensity and the target's if there are any, features. */
        private final List<LogColumn> numbers;
        private final List<LogColumn> categories;
        private final ActionLabels labels = new ActionLabels(actionCount, actionNames);
        private final IntColumn actions = IntColumn.create("action");
        private final List<DoubleColumn> values;
        private final List<StringColumn> names;

        private Reading(Path path, CheckedRows rows) {
            this.path = path;
            this.rows = rows;
            action = options.require(path, rows, "action");
            target = options.find(path, rows, "target propensity");
            numbers = new ArrayList<>(List.of(options.require(path, rows, "reward")));
            propensity = options.isOff("propensity") ? null
                : options.require(path, rows, "propensity", "If none was logged, say .withoutPropensities(): the direct method and "
                    + "Estimators.balanced need none, and withFittedPropensities(…) of the log estimates them");
            Stream.of(propensity, target).filter(c -> c != null).forEach(numbers::add);
            numbers.addAll(options.matching(path, rows, "context"));
            categories = options.matching(path, rows, "category");
            values = numbers.stream().map(c -> DoubleColumn.create(c.name())).toList();
            names = categories.stream().map(c -> StringColumn.create(c.name())).toList();
            rows.select(Stream.of(List.of(action), numbers, categories).flatMap(List::stream).toList());
        }

        private void row() {
            int label = labels.met(action, rows.label(action), rows);
            double[] cells = new double[numbers.size()];
            for (int i = 0; i < cells.length; i++) {
                LogColumn column = numbers.get(i);
                cells[i] = column == propensity ? rows.chosen(column, false)
                    : column == target ? rows.atMostOne(column, false) : rows.finite(column);
            }
            String[] texts = categories.stream().map(rows::label).toArray(String[]::new);
            if (!rows.good()) return;
            labels.good(label);
            actions.append(label);
            for (int i = 0; i < cells.length; i++) values.get(i).append(cells[i]);
            for (int i = 0; i < texts.length; i++) names.get(i).append(texts[i]);
        }

        private BanditLog log(BadRows account) {
            int[] numbering = labels.numbering(path, action);
            int[] kept = IntStream.range(0, actions.size()).filter(i -> numbering[actions.getInt(i)] >= 0).toArray();
            // a table's columns would trim their names
            var features = new ArrayList<Feature>();
            for (int i = 1; i < values.size(); i++)
                if (numbers.get(i) != propensity && numbers.get(i) != target)
                    features.add(new Feature(numbers.get(i).name(), values.get(i)::getDouble));
            for (int i = 0; i < names.size(); i++) features.addAll(indicators(categories.get(i).name(), names.get(i), kept));
            double[][] contexts = IntStream.of(kept).mapToObj(i -> features.stream().mapToDouble(f -> f.cells.applyAsDouble(i)).toArray())
                .toArray(double[][]::new);
            int[] chosen = IntStream.of(kept).map(i -> numbering[actions.getInt(i)]).toArray();
            List<String> actionNames = labels.names(numbering);
            var warnings = new ArrayList<>(labels.warnings(numbering));
            for (int i = 0; i < names.size(); i++)
                warnings.addAll(ActionLabels.alike("category '" + categories.get(i).name() + "'", names.get(i).unique().asList()));
            var details = new BanditLog.Details(column(target, kept), actionNames, features.stream().map(Feature::name).toList(), account,
                List.copyOf(warnings));
            double[] rewards = column(numbers.get(0), kept), propensities = column(propensity, kept);
            return (propensities == null ? BanditLog.of(contexts, chosen, rewards, actionNames.size())
                : BanditLog.of(contexts, chosen, rewards, propensities, actionNames.size()))
                .with(details);
        }

        private double[] column(LogColumn column, int[] kept) {
            if (column == null) return null;
            DoubleColumn cells = values.get(numbers.indexOf(column));
            return IntStream.of(kept).mapToDouble(cells::getDouble).toArray();
        }
    }

    private record Feature(String name, IntToDoubleFunction cells) {}

    private static List<Feature> indicators(String name, StringColumn cells, int[] kept) {
        var met = new TreeSet<String>();
        for (int i : kept) met.add(cells.get(i));
        return met.stream().map(value -> new Feature(name + " = " + value, i -> cells.get(i).equals(value) ? 1 : 0)).toList();
    }
}
