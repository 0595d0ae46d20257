package metarl.train;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import metarl.basics.Findings;
import metarl.basics.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * Runs of the same training that differ in their seed.
 *
 * @param name for legends
 * @param runs one per seed
 */
public record MetaRuns(String name, List<MetaRun> runs) implements AutoCloseable, Findings {
    private static final long BOOTSTRAP_SEED = 0;

    /** Checks that there is a run. */
    public MetaRuns {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) throw new IllegalArgumentException("given no runs, expected at least one");
    }

    /** Runs under a name. */
    public static MetaRuns of(String name, MetaRun... runs) {
        return new MetaRuns(name, List.of(runs));
    }

    /** The same runs under another name. */
    public MetaRuns named(String name) {
        return new MetaRuns(name, runs);
    }

    /**
     * A metric against environment steps: mean over tasks and seeds, with a band over seeds of the kind that {@link Interval} gives of so
     * many: step, mean, low, high, seeds.
     *
     * @throws IllegalArgumentException if no run has logged the metric
     */
    public Table curve(String metric) {
        var perStep = new TreeMap<Long, List<Double>>();
        for (MetaRun run : runs)
            for (Row row : run.curve()) if (row.getString("metric").equals(metric))
                perStep.computeIfAbsent(row.getLong("step"), s -> new ArrayList<>()).add(row.getDouble("mean"));
        if (perStep.isEmpty()) throw new IllegalArgumentException("no run has logged '" + metric + "'");
        var step = LongColumn.create("step");
        var seeds = IntColumn.create("seeds");
        DoubleColumn mean = DoubleColumn.create("mean"), low = DoubleColumn.create("low"), high = DoubleColumn.create("high");
        perStep.forEach((s, values) -> {
            Interval interval = Interval.ofMean(values.stream().mapToDouble(v -> v).toArray(), BOOTSTRAP_SEED);
            step.append(s);
            mean.append(interval.value());
            low.append(interval.low());
            high.append(interval.high());
            seeds.append(values.size());
        });
        return Table.create(name + ": " + metric, step, mean, low, high, seeds);
    }

    /** The last value of a metric, [runs][tasks]: what {@link Comparison} compares. */
    double[][] lastScores(String metric) {
        double[][] scores = new double[runs.size()][];
        for (int i = 0; i < scores.length; i++) {
            Table log = runs.get(i).log();
            long last = -1;
            for (Row row : log) if (row.getString("metric").equals(metric)) last = Math.max(last, row.getLong("step"));
            long at = last;
            var values = new ArrayList<Double>();
            for (Row row : log) if (row.getString("metric").equals(metric) && row.getLong("step") == at) values.add(row.getDouble("value"));
            if (values.isEmpty()) throw new IllegalArgumentException("run " + runs.get(i).name() + " has not logged '" + metric + "'");
            scores[i] = values.stream().mapToDouble(v -> v).toArray();
        }
        return scores;
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /** One row per seed: steps, updates, minutes, and return on the test tasks. */
    @Override
    public Table summary() {
        var seed = LongColumn.create("seed");
        LongColumn steps = LongColumn.create("steps"), updates = LongColumn.create("updates");
        DoubleColumn minutes = DoubleColumn.create("minutes"), score = DoubleColumn.create("mean test return");
        double[][] scores = lastScores("testReturn");
        for (int i = 0; i < runs.size(); i++) {
            MetaRun run = runs.get(i);
            seed.append(run.training().seed());
            steps.append(run.steps());
            updates.append(run.updates());
            minutes.append(run.seconds() / 60);
            score.append(Interval.mean(scores[i]));
        }
        return Table.create(name + ": mean " + Interval.bootstrap(scores, Interval::mean, BOOTSTRAP_SEED).of(scores.length, "seeds"), seed,
            steps, updates, minutes, score);
    }

    /** Frees the networks of all runs. */
    @Override
    public void close() {
        runs.forEach(MetaRun::close);
    }
}
