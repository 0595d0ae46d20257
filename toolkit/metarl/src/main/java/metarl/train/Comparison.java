package metarl.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import metarl.basics.Findings;
import metarl.basics.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Several methods on the same tasks, compared by their last test returns over all seeds and tasks.
 *
 * <p>Mean and interquartile mean, each with an interval of its own: stratified by task, as recommended for few seeds (Agarwal et al. 2021,
 * rliable), and from {@link Interval#FEWEST} seeds on of 95 %. Of fewer it is the range of the seeds, of one there is none.
 *
 * @param metric what is compared
 * @param rows one per method, in the order given
 */
public record Comparison(String metric, List<OfMethod> rows) implements Findings {
    private static final long BOOTSTRAP_SEED = 0;

    /**
     * One method.
     *
     * @param name the method
     * @param seeds number of runs
     * @param tasks number of tasks per run
     * @param mean over all seeds and tasks
     * @param interquartileMean of all seeds and tasks
     */
    public record OfMethod(String name, int seeds, int tasks, Interval mean, Interval interquartileMean) {}

    /** Compares the returns on the test tasks, before adaptation. */
    public static Comparison of(MetaRuns... methods) {
        return of("testReturn", methods);
    }

    /**
     * Compares the last values of any logged metric.
     *
     * @throws IllegalArgumentException if there is nothing to compare, the methods were run on different task sets, or one has not logged
     *     the metric
     */
    public static Comparison of(String metric, MetaRuns... methods) {
        if (methods.length == 0) throw new IllegalArgumentException("given no methods, expected at least one");
        String hash = methods[0].runs().get(0).tasks().hash();
        var rows = new ArrayList<OfMethod>();
        for (MetaRuns method : methods) {
            for (MetaRun run : method.runs())
                if (!run.tasks().hash().equals(hash))
                    throw new IllegalArgumentException(method.name() + " was run on tasks " + run.tasks().hash() + ", " + methods[0].name()
                        + " on " + hash + "; only the same tasks can be compared");
            double[][] scores = method.lastScores(metric);
            rows.add(
                new OfMethod(method.name(), scores.length, scores[0].length, Interval.bootstrap(scores, Interval::mean, BOOTSTRAP_SEED),
                    Interval.bootstrap(scores, Interval::interquartileMean, BOOTSTRAP_SEED)));
        }
        return new Comparison(metric, List.copyOf(rows));
    }

    /** What the intervals are, such as "95 % bootstrap of 7 seeds", each kind once. */
    public String kinds() {
        return rows.stream().map(r -> Interval.kind(r.seeds, "seeds")).distinct().collect(Collectors.joining(" / "));
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /**
     * One row per method: seeds, tasks, mean and interquartile mean, each with its own interval, missing for one seed, and what these
     * intervals are.
     */
    @Override
    public Table summary() {
        var name = StringColumn.create("method", rows.stream().map(OfMethod::name).toList());
        IntColumn seeds = IntColumn.create("seeds"), tasks = IntColumn.create("tasks");
        DoubleColumn[] numbers = Stream
            .of("mean", "mean from", "mean to", "interquartile mean", "interquartile mean from", "interquartile mean to")
            .map(DoubleColumn::create)
            .toArray(DoubleColumn[]::new);
        var kind = StringColumn.create("intervals", rows.stream().map(r -> Interval.kind(r.seeds, "seeds")).toList());
        for (OfMethod row : rows) {
            seeds.append(row.seeds);
            tasks.append(row.tasks);
            double[] values = {row.mean.value(), row.mean.low(), row.mean.high(), row.interquartileMean.value(),
                row.interquartileMean.low(), row.interquartileMean.high()};
            for (int i = 0; i < values.length; i++)
                if (row.seeds > 1 || i % 3 == 0) numbers[i].append(values[i]);
                else numbers[i].appendMissing();
        }
        Table table = Table.create("last " + metric, name, seeds, tasks);
        return table.addColumns(numbers).addColumns(kind);
    }

    @Override
    public String toString() {
        return rows.stream().map(r -> r.name + ": interquartile mean " + r.interquartileMean.of(r.seeds, "seeds"))
            .collect(Collectors.joining("\n"));
    }
}
