package metarl.diagnose;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;

/**
 * Reads a {@link BanditLog} from a file: CSV, CSV packed by gzip, or Parquet. Immutable; each verb returns a changed copy.
 *
 * <pre>{@code
 * var log = BanditLog.reader().action("item").reward("click").propensity("p").context("age", "x.*").category("country").read(path);
 * }</pre>
 *
 * <p>Columns that are not named are looked for under usual names: action, item_id; reward, click; propensity, propensity_score, pscore; target_propensity.
 */
public final class BanditLogReader {
    /** More actions than this are rather identifiers. */
    private static final int MOST_ACTIONS = 100_000;
    /** Tools that know blank cells write whole numbers as 3.0. */
    private static final Pattern WHOLE = Pattern.compile("[0-9]+(\\.0*)?");

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

    /** The column of π_e(a | x), how likely the policy to be evaluated would have chosen that action; with it the log has {@link BanditLog#weights()}. */
    public BanditLogReader targetPropensity(String column) {
        return with(options.columns("target propensity", column));
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
     * @throws IllegalArgumentException if it or a column is missing, or if rows cannot be used: a propensity that is 0, above 1 or missing, a cell that is no number, a
     *     row cut short; the message counts them by kind and names the first
     */
    public BanditLog read(Path path) {
        try (CheckedRows rows = options.open(path)) {
            var reading = new Reading(path, rows);
            while (rows.next()) reading.row();
            return reading.log(rows.account(options.dropBad()));
        }
    }

    private final class Reading {
        private final Path path;
        private final CheckedRows rows;
        private final LogColumn action;
        /** Reward, propensity, the target's if there is one, features. */
        private final List<LogColumn> numbers;
        private final List<LogColumn> categories;
        private final boolean withTarget;
        private final StringColumn actions = StringColumn.create("action");
        private final List<DoubleColumn> values;
        private final List<StringColumn> labels;

        private Reading(Path path, CheckedRows rows) {
            this.path = path;
            this.rows = rows;
            action = options.require(path, rows, "action");
            LogColumn target = options.find(path, rows, "target propensity");
            withTarget = target != null;
            numbers = new ArrayList<>(List.of(options.require(path, rows, "reward"), options.require(path, rows, "propensity")));
            if (withTarget) numbers.add(target);
            numbers.addAll(options.matching(path, rows, "context"));
            categories = options.matching(path, rows, "category");
            values = numbers.stream().map(c -> DoubleColumn.create(c.name())).toList();
            labels = categories.stream().map(c -> StringColumn.create(c.name())).toList();
            rows.select(Stream.of(List.of(action), numbers, categories).flatMap(List::stream).toList());
        }

        private void row() {
            String label = rows.label(action);
            check(label);
            double[] cells = new double[numbers.size()];
            for (int i = 0; i < cells.length; i++)
                cells[i] = i == 1 ? rows.chosen(numbers.get(i), false) : i == 2 && withTarget ? rows.atMostOne(numbers.get(i), false) : rows.finite(numbers.get(i));
            String[] names = categories.stream().map(rows::label).toArray(String[]::new);
            if (!rows.good()) return;
            actions.append(label);
            for (int i = 0; i < cells.length; i++) values.get(i).append(cells[i]);
            for (int i = 0; i < names.length; i++) labels.get(i).append(names[i]);
        }

        private void check(String label) {
            if (label.isEmpty()) return;
            if (!actionNames.isEmpty()) {
                if (!actionNames.contains(label)) rows.fault(action, "is none of the named actions", label);
            } else if (actionCount > 0 && WHOLE.matcher(label).matches() && Double.parseDouble(label) >= actionCount)
                rows.fault(action, "is not below actionCount, " + actionCount + ",", label);
        }

        private BanditLog log(BadRows account) {
            Map<String, Integer> numbering = numbering();
            int count = actionNames.isEmpty() ? Math.max(actionCount, 1 + numbering.values().stream().mapToInt(i -> i).max().orElse(0)) : actionNames.size();
            String[] names = IntStream.range(0, count).mapToObj(i -> "" + i).toArray(String[]::new);
            numbering.forEach((name, number) -> names[number] = name);
            var features = new ArrayList<>(values.subList(withTarget ? 3 : 2, values.size()));
            labels.forEach(column -> features.addAll(indicators(column)));
            int n = actions.size();
            double[][] contexts = IntStream.range(0, n).mapToObj(i -> features.stream().mapToDouble(f -> f.getDouble(i)).toArray()).toArray(double[][]::new);
            int[] chosen = IntStream.range(0, n).map(i -> numbering.get(actions.get(i))).toArray();
            double[] targets = withTarget ? values.get(2).asDoubleArray() : null;
            var details = new BanditLog.Details(targets, List.of(names), features.stream().map(DoubleColumn::name).toList(), account);
            return BanditLog.of(contexts, chosen, values.get(0).asDoubleArray(), values.get(1).asDoubleArray(), count).with(details);
        }

        /** The number of every action that was met or named. */
        private Map<String, Integer> numbering() {
            List<String> met = actions.unique().asList();
            var numbering = new HashMap<String, Integer>();
            if (actionNames.isEmpty() && met.stream().allMatch(name -> WHOLE.matcher(name).matches())) {
                for (String name : met) numbering.put(name, (int) Math.min(Integer.MAX_VALUE - 1, Double.parseDouble(name)));
                int largest = Collections.max(numbering.values());
                if (largest > MOST_ACTIONS)
                    throw new IllegalArgumentException(path + ", " + action + ": " + largest + " is rather an identifier than the number of an action (limit "
                        + MOST_ACTIONS + "); list them in the order they are to be numbered in by .actionNames(…)");
                return numbering;
            }
            String number = met.stream().filter(name -> name.matches("-?[0-9.]+([eE][-+]?[0-9]+)?") && !WHOLE.matcher(name).matches()).findFirst().orElse(null);
            if (actionNames.isEmpty() && number != null)
                throw new IllegalArgumentException(path + ", " + action + ": " + number + " is no action; expected whole numbers from 0, or names. If these are names, "
                    + "list them by .actionNames(…)");
            for (String name : actionNames.isEmpty() ? new TreeSet<>(met) : actionNames) numbering.put(name, numbering.size());
            return numbering;
        }
    }

    private static List<DoubleColumn> indicators(StringColumn column) {
        return new TreeSet<>(column.unique().asList()).stream()
            .map(value -> DoubleColumn.create(column.name() + " = " + value, column.asList().stream().mapToDouble(v -> v.equals(value) ? 1 : 0).toArray())).toList();
    }
}
