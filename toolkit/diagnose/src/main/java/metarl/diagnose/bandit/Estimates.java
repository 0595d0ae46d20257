package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import metarl.basics.Copy;
import metarl.basics.Findings;
import metarl.basics.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Several estimates of the same value, each with an interval.
 *
 * @param estimates at least one, of the same number of rounds
 * @param intervals one for each, null where the method gives none
 * @param truth the true value, where it is known
 */
public record Estimates(List<Estimate> estimates, List<Interval> intervals, OptionalDouble truth) implements Findings {
    /** Checks that there is an estimate and an interval, which may be null, for each. */
    public Estimates {
        if (estimates.isEmpty())
            throw new IllegalArgumentException("given no estimates; expected at least one, such as estimate(\"ips\", \"dr\")");
        if (intervals.size() != estimates.size())
            throw new IllegalArgumentException(
                "given " + estimates.size() + " estimates and " + intervals.size() + " intervals; expected one for each");
    }

    /** Estimates with normal intervals of 95 %. */
    public static Estimates of(List<Estimate> estimates) {
        return new Estimates(List.copyOf(estimates), estimates.stream().map(Estimate::normal).toList(), OptionalDouble.empty());
    }

    /** The same with bootstrap intervals of 95 %. */
    public Estimates bootstrap(int resamples, long seed) {
        return bootstrap(resamples, seed, Interval.USUAL_LEVEL);
    }

    /**
     * The same with bootstrap intervals: quantiles of the estimates on rounds drawn again with replacement, the same draws for all. λ and
     * the reward model stay as they are, so what choosing them adds is not in it.
     *
     * <p>Different from Open Bandit Pipeline, which resamples the terms of self-normalised estimators as if their normaliser were known:
     * here it is resampled too.
     *
     * @param resamples at least 100, usually 1000
     */
    public Estimates bootstrap(int resamples, long seed, double level) {
        return Copy.with(this, "intervals", EstimateBootstrap.intervals(estimates, resamples, seed, level));
    }

    /** The same with normal intervals of another level. */
    public Estimates normal(double level) {
        return with(e -> e.normal(level));
    }

    /**
     * The same with empirical Bernstein intervals; self-normalised estimators, for which there is none, get no interval. See
     * {@link Estimate#bernstein}.
     */
    public Estimates bernstein(double rewardLow, double rewardHigh, double largestWeight, double level) {
        return with(e -> e.estimator().selfNormalized() ? null : e.bernstein(rewardLow, rewardHigh, largestWeight, level));
    }

    private Estimates with(Function<Estimate, Interval> interval) {
        var made = new ArrayList<Interval>();
        for (Estimate e : estimates) made.add(interval.apply(e));
        return Copy.with(this, "intervals", made);
    }

    /** The same beside a value that is known from elsewhere, such as the mean reward when the evaluation policy was run. */
    public Estimates truth(double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("the true value is " + value + "; expected a finite number");
        return Copy.with(this, "truth", OptionalDouble.of(value));
    }

    /**
     * The estimate of a key such as "dr", whatever its λ.
     *
     * @throws IllegalArgumentException if it was not asked for
     */
    public Estimate get(String key) {
        return estimates.get(index(key));
    }

    /** The interval of a key such as "dr". */
    public Interval interval(String key) {
        return intervals.get(index(key));
    }

    private int index(String key) {
        String name = Estimator.of(key).name();
        return IntStream.range(0, estimates.size()).filter(i -> estimates.get(i).estimator().name().equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("'" + key + "' was not estimated; there are: "
                + String.join(", ", estimates.stream().map(Estimate::name).toList())));
    }

    /** Everything that makes these values doubtful, each sentence once, with the estimators it is about. */
    public List<String> warnings() {
        return estimates.stream().flatMap(e -> e.warnings().stream()).distinct().map(w -> about(w) + w).toList();
    }

    private String about(String warning) {
        List<String> names = estimates.stream().filter(e -> e.warnings().contains(warning)).map(e -> e.estimator().name()).toList();
        return names.size() == estimates.size() ? "" : String.join(", ", names) + ": ";
    }

    /**
     * One row per estimator: value, interval, standard error, ESS (missing where no weights are used), the true value's distance if it is
     * known, and what is doubtful.
     */
    @Override
    public Table summary() {
        String[] names = estimates.stream().map(Estimate::name).toArray(String[]::new);
        Table table = Table.create(title(), StringColumn.create("estimator", names), column("value", Estimate::value),
            interval("low", Interval::low),
            interval("high", Interval::high), column("standard error", Estimate::standardError),
            column("ESS", e -> e.ess() == null ? null : e.ess().value()),
            column("ESS / n", e -> e.ess() == null ? null : e.ess().fraction()));
        if (truth.isPresent()) table.addColumns(column("value − truth", e -> e.value() - truth.getAsDouble()));
        return table
            .addColumns(StringColumn.create("note", estimates.stream().map(e -> String.join(" ", e.warnings())).toArray(String[]::new)));
    }

    private String title() {
        String methods = String.join(" and ", intervals.stream().filter(Objects::nonNull).map(Interval::kind).distinct().toList());
        return "value of the target policy from " + estimates.get(0).rounds().size() + " rounds"
            + (methods.isEmpty() ? "" : "; intervals: " + methods);
    }

    private DoubleColumn column(String name, Function<Estimate, Double> value) {
        var column = DoubleColumn.create(name);
        for (Estimate e : estimates) append(column, value.apply(e));
        return column;
    }

    private DoubleColumn interval(String name, Function<Interval, Double> end) {
        var column = DoubleColumn.create(name);
        for (Interval i : intervals) append(column, i == null ? null : end.apply(i));
        return column;
    }

    private static void append(DoubleColumn column, Double value) {
        if (value == null) column.appendMissing();
        else column.append(value);
    }

    @Override
    public String toString() {
        return summary().removeColumns("note").print() + (warnings().isEmpty() ? "" : "\n" + String.join("\n", warnings()));
    }

    @Override
    public String words() {
        return String.join("\n", warnings());
    }
}
