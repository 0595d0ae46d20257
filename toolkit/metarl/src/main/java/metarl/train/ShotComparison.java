package metarl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import metarl.basics.Findings;
import metarl.basics.Interval;
import metarl.task.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Several methods on the same new tasks, round by round: how fast does each of them learn there, and what does that cost? One that
 * remembers, one that infers a latent variable and one that takes gradient steps are all judged alike.
 *
 * <pre>{@code
 * ShotComparison.of("PEARL", pearl.shots(tasks, 4, 1, 7)).and("RL²", rl2.shots(tasks, 4, 1, 7))
 * }</pre>
 *
 * <p>The episodic statement of meta-learning compares the last rounds, the online statement the sums over all rounds. Intervals of one
 * training run are over tasks; of several they are over runs, each with the same tasks.
 *
 * @param rows one per method, in the order given
 */
public record ShotComparison(List<OfMethod> rows) implements Findings {
    private static final long BOOTSTRAP_SEED = 0;

    /**
     * One method.
     *
     * @param name the method
     * @param runs one evaluation per training run, all on the same tasks
     */
    public record OfMethod(String name, List<ShotEvaluation> runs) {
        /** Copies the list. */
        public OfMethod {
            runs = List.copyOf(runs);
            if (runs.isEmpty()) throw new IllegalArgumentException(name + " was given no evaluations, expected at least one");
        }

        /** Mean return of a round. */
        public Interval round(int round) {
            return of(rounds -> rounds[round]);
        }

        /** The return of the last round. */
        public Interval episodic() {
            return of(rounds -> rounds[rounds.length - 1]);
        }

        /** The sum over all rounds. */
        public Interval online() {
            return of(rounds -> Arrays.stream(rounds).sum());
        }

        /** What was drawn again for the intervals. */
        public String kind() {
            return runs.size() == 1 ? Interval.kind(runs.get(0).tasks().size(), "tasks") : Interval.kind(runs.size(), "seeds");
        }

        private boolean hasInterval() {
            return runs.size() > 1 || runs.get(0).tasks().size() > 1;
        }

        private Interval of(ToDoubleFunction<double[]> quantity) {
            double[][] scores = runs.stream().map(r -> Arrays.stream(r.returns()).mapToDouble(quantity).toArray()).toArray(double[][]::new);
            return scores.length == 1 ? Interval.ofMean(scores[0], BOOTSTRAP_SEED)
                : Interval.bootstrap(scores, Interval::mean, BOOTSTRAP_SEED);
        }
    }

    /** Checks that all were judged alike. */
    public ShotComparison {
        rows = List.copyOf(rows);
        if (rows.isEmpty()) throw new IllegalArgumentException("given no methods, expected at least one");
        ShotEvaluation first = rows.get(0).runs.get(0);
        for (OfMethod row : rows)
            for (ShotEvaluation run : row.runs) {
                List<Task> tasks = run.tasks();
                if (run.rounds() != first.rounds() || !tasks.equals(first.tasks()))
                    throw new IllegalArgumentException(
                        row.name + " was judged by " + run.rounds() + " rounds on " + tasks.size() + " tasks, "
                            + rows.get(0).name + " by " + first.rounds() + " rounds on " + first.tasks().size()
                            + "; expected the same tasks and as many rounds");
            }
    }

    /** The first method, with one evaluation per training run. */
    public static ShotComparison of(String name, ShotEvaluation... runs) {
        return new ShotComparison(List.of(new OfMethod(name, List.of(runs))));
    }

    /**
     * These and one more method.
     *
     * @throws IllegalArgumentException if it was judged on other tasks, or by another number of rounds
     */
    public ShotComparison and(String name, ShotEvaluation... runs) {
        return new ShotComparison(Stream.concat(rows.stream(), Stream.of(new OfMethod(name, List.of(runs)))).toList());
    }

    /** Number of rounds. */
    public int rounds() {
        return rows.get(0).runs.get(0).rounds();
    }

    /** The table says it all. */
    @Override
    public String words() {
        return "";
    }

    /** One row per method: the first round, the last (episodic) and the sum of all (online), each with its interval. */
    @Override
    public Table summary() {
        var name = StringColumn.create("method", rows.stream().map(OfMethod::name).toList());
        var seeds = IntColumn.create("seeds");
        var columns = new ArrayList<DoubleColumn>();
        for (String quantity : List.of("round 0", "last round", "sum of rounds"))
            for (String end : List.of("", " from", " to")) columns.add(DoubleColumn.create(quantity + end));
        for (OfMethod row : rows) {
            seeds.append(row.runs.size());
            Interval[] intervals = {row.round(0), row.episodic(), row.online()};
            for (int i = 0; i < columns.size(); i++) {
                Interval interval = intervals[i / 3];
                double value = i % 3 == 0 ? interval.value() : i % 3 == 1 ? interval.low() : interval.high();
                if (i % 3 == 0 || row.hasInterval()) columns.get(i).append(value);
                else columns.get(i).appendMissing();
            }
        }
        Table table = Table.create("return by round, " + rounds() + " rounds", name, seeds);
        return table.addColumns(columns.toArray(new DoubleColumn[0]))
            .addColumns(StringColumn.create("intervals", rows.stream().map(OfMethod::kind).toList()));
    }

    @Override
    public String toString() {
        return rows.stream()
            .map(r -> r.name + ": last round " + r.episodic() + ", sum over all rounds " + r.online() + " (" + r.kind() + ")")
            .collect(Collectors.joining("\n"));
    }
}
