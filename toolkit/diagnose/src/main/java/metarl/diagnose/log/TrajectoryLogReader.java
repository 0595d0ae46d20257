package metarl.diagnose.log;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import metarl.diagnose.log.TrajectoryLog.End;

/**
 * Reads a {@link TrajectoryLog} from a file with a row per step: CSV, CSV packed by gzip, or Parquet. Immutable; each verb returns a
 * changed copy.
 *
 * <p>The rows of an episode stand together, its steps in order; where the file has a column of steps, that is checked. An episode with a
 * bad row cannot be used as a whole. Columns that are not named are looked for under usual names: episode, step, reward, propensity,
 * target_propensity, terminated, truncated.
 *
 * <p>Of a Parquet file, checksums are verified where it has them; many writers leave them out (pyarrow writes them by
 * {@code write_page_checksum=True}), and then nobody can tell a number that was damaged. Dates, times, decimals and the like are text
 * there, and refused where numbers are expected.
 */
public final class TrajectoryLogReader {
    private final LogOptions options;

    TrajectoryLogReader(LogOptions options) {
        this.options = options;
    }

    /** The column that tells which episode a step belongs to, by number or name. */
    public TrajectoryLogReader episode(String column) {
        return new TrajectoryLogReader(options.columns("episode", column));
    }

    /** The column of t, from 0 or from 1. */
    public TrajectoryLogReader step(String column) {
        return new TrajectoryLogReader(options.columns("step", column));
    }

    /** The column of r_t. */
    public TrajectoryLogReader reward(String column) {
        return new TrajectoryLogReader(options.columns("reward", column));
    }

    /** The column of π_b(a_t | s_t), how likely the action was that was chosen. */
    public TrajectoryLogReader propensity(String column) {
        return new TrajectoryLogReader(options.columns("propensity", column));
    }

    /** The column of π_e(a_t | s_t), how likely the target policy would have chosen that action. */
    public TrajectoryLogReader targetPropensity(String column) {
        return new TrajectoryLogReader(options.columns("target propensity", column));
    }

    /** The column that is 1 where the episode was over after the step: nothing was left to earn. */
    public TrajectoryLogReader terminated(String column) {
        return new TrajectoryLogReader(options.columns("terminated flag", column));
    }

    /** The column that is 1 where a limit cut the episode after the step. */
    public TrajectoryLogReader truncated(String column) {
        return new TrajectoryLogReader(options.columns("truncated flag", column));
    }

    /** Does not look for a column of t, though one may have a usual name such as t: the order of the rows is that of the steps. */
    public TrajectoryLogReader withoutStep() {
        return new TrajectoryLogReader(options.without("step"));
    }

    /** Does not look for a column of terminations, though one may have a usual name. */
    public TrajectoryLogReader withoutTerminated() {
        return new TrajectoryLogReader(options.without("terminated flag"));
    }

    /** Does not look for a column of truncations, though one may have a usual name. */
    public TrajectoryLogReader withoutTruncated() {
        return new TrajectoryLogReader(options.without("truncated flag"));
    }

    /**
     * Reads a log that holds no propensities, of the behavior policy or the target: rewards, returns, ends and further columns, but no
     * weights.
     */
    public TrajectoryLogReader withoutPropensities() {
        return new TrajectoryLogReader(options.without("propensity").without("target propensity"));
    }

    /** Further numeric columns to be kept, such as states or a model's values: names, or regular expressions. */
    public TrajectoryLogReader columns(String... columns) {
        return new TrajectoryLogReader(options.columns("column", columns));
    }

    /** Propensities are densities of continuous actions, which may exceed 1. */
    public TrajectoryLogReader densities() {
        return new TrajectoryLogReader(options.withDensities());
    }

    /** The encoding of the text of a CSV file, if it is not UTF-8. */
    public TrajectoryLogReader encoding(Charset charset) {
        return new TrajectoryLogReader(options.inEncoding(charset));
    }

    /** The character between the cells of a CSV file; without it, comma, semicolon, tab or |, whichever fits. */
    public TrajectoryLogReader delimiter(char character) {
        return new TrajectoryLogReader(options.partedBy(character));
    }

    /** Keeps going without the episodes that have rows that cannot be used; the log tells how many they were. */
    public TrajectoryLogReader dropBad() {
        return new TrajectoryLogReader(options.droppingBad());
    }

    /** Tells what part of the file has been read, from 0 to 1, if that takes more than two seconds. */
    public TrajectoryLogReader progress(DoubleConsumer listener) {
        return new TrajectoryLogReader(options.telling(listener));
    }

    /** Reads a file. */
    public TrajectoryLog read(String path) {
        return read(Path.of(path));
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it or a column is missing, or if rows cannot be used: a propensity that is 0, above 1 or missing,
     *     a cell that is no number, a row cut short, a step that does not follow the one before; the message counts them by kind and names
     *     the first
     */
    public TrajectoryLog read(Path path) {
        try (CheckedRows rows = options.open(path)) {
            var reading = new Reading(path, rows);
            while (rows.next()) reading.row();
            reading.finish();
            return reading.log(rows.account(options.dropBad()));
        } catch (OutOfMemoryError e) {
            throw CheckedRows.tooLarge(path, e);
        }
    }

    private final class Reading {
        private final Path path;
        private final CheckedRows rows;
        private final LogColumn episode;
        private final LogColumn step;
        private final LogColumn terminated;
        private final LogColumn truncated;
        /** Null where there are none. */
        private final LogColumn propensity;
        private final LogColumn target;
        /** Reward, propensity and the target's if there are any, further columns. */
        private final List<LogColumn> numbers;

        private final List<String> names = new ArrayList<>();
        private final List<double[][]> episodes = new ArrayList<>();
        private final List<End> ends = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private final Set<String> seenPlain = new HashSet<>();
        private int leftOut;

        private String current;
        private List<double[]> steps = new ArrayList<>();
        private boolean broken;
        private End end = End.UNKNOWN;
        private double lastStep;
        private long lastRow;

        private Reading(Path path, CheckedRows rows) {
            this.path = path;
            this.rows = rows;
            episode = options.require(path, rows, "episode");
            step = options.find(path, rows, "step");
            terminated = options.find(path, rows, "terminated flag");
            truncated = options.find(path, rows, "truncated flag");
            String otherwise = "If none was logged, say .withoutPropensities(): rewards, returns and further columns can be read without";
            numbers = new ArrayList<>(List.of(options.require(path, rows, "reward")));
            propensity = options.isOff("propensity") ? null : options.require(path, rows, "propensity", otherwise);
            target = propensity == null ? null : options.require(path, rows, "target propensity", otherwise);
            if (propensity != null) numbers.addAll(List.of(propensity, target));
            numbers.addAll(options.matching(path, rows, "column"));
            rows.select(Stream.concat(Stream.of(episode, step, terminated, truncated).filter(c -> c != null), numbers.stream()).toList());
        }

        private void row() {
            String name = rows.label(episode);
            // a damaged row between two may have belonged to either
            boolean gap = rows.row() != lastRow + 1;
            lastRow = rows.row();
            if (gap) broken = true;
            if (!name.equals(current)) begin(name, gap);
            else if (end != End.UNKNOWN)
                rows.fault(end == End.TERMINATED ? terminated : truncated, "has a step after its episode's end", "episode " + name);
            checkStep();
            double[] cells = new double[numbers.size()];
            for (int i = 0; i < cells.length; i++) {
                LogColumn column = numbers.get(i);
                cells[i] = column == propensity ? rows.chosen(column, options.density())
                    : column == target ? rows.atMostOne(column, options.density())
                        : rows.finite(column);
            }
            if (flag(truncated)) end = End.TRUNCATED;
            // a step can be both, and then there is nothing to come
            if (flag(terminated)) end = End.TERMINATED;
            steps.add(cells);
            broken |= !rows.good();
        }

        private void begin(String name, boolean gap) {
            finish();
            current = name;
            broken = gap;
            boolean again = !seenPlain.add(ActionLabels.plain(name));
            if (seen.add(name) && again) rows.fault(episode, "differs from another episode's in blanks or control characters alone", name);
            else if (again) rows.fault(episode, "comes back after other episodes (sort the file by episode and step)", name);
        }

        private void checkStep() {
            if (step == null) return;
            double now = rows.finite(step);
            if (steps.isEmpty() && now != 0 && now != 1) rows.fault(step, "is not 0 or 1 where an episode begins", NumberText.shown(now));
            if (!steps.isEmpty() && now != lastStep + 1)
                rows.fault(step, "does not follow the step before", NumberText.shown(now) + " after "
                    + NumberText.shown(lastStep));
            lastStep = now;
        }

        private boolean flag(LogColumn column) {
            if (column == null) return false;
            double value = rows.finite(column);
            if (Double.isFinite(value) && value != 0 && value != 1) rows.fault(column, "is neither 0 nor 1", NumberText.shown(value));
            return value == 1;
        }

        private void finish() {
            if (current == null) return;
            // damaged rows at the end of the file
            if (rows.row() != lastRow) broken = true;
            if (broken) leftOut++;
            else {
                names.add(current);
                episodes.add(steps.toArray(double[][]::new));
                ends.add(end);
            }
            steps = new ArrayList<>();
            end = End.UNKNOWN;
        }

        private TrajectoryLog log(BadRows account) {
            if (names.isEmpty()) throw new IllegalArgumentException(path + ": " + account.sentence() + " No episode is left without them.");
            var further = new LinkedHashMap<String, double[][]>();
            for (LogColumn column : numbers.subList(propensity == null ? 1 : 3, numbers.size())) further.put(column.name(), column(column));
            String note = terminated == null && rows.columns().contains("done")
                ? " The column 'done' does not tell them apart; name it by .terminated(\"done\") if no limit ever sets it." : "";
            return new TrajectoryLog(names, column(numbers.get(0)), column(propensity), column(target), ends, further, account, leftOut,
                note);
        }

        private double[][] column(LogColumn column) {
            if (column == null) return null;
            int index = numbers.indexOf(column);
            return episodes.stream().map(rows -> Stream.of(rows).mapToDouble(cells -> cells[index]).toArray()).toArray(double[][]::new);
        }
    }
}
