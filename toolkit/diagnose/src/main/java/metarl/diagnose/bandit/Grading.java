package metarl.diagnose.bandit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import metarl.basics.Activity;
import metarl.basics.Figures;
import metarl.basics.Findings;
import metarl.basics.Require;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Estimators graded where the truth is known: every estimator sees the same logs of an {@link Oracle}, many times, and is judged by what it
 * said. This evaluates estimators; to evaluate a policy, use one of them on your own log.
 *
 * @param grades one per estimator
 * @param truth the oracle's value
 * @param n trajectories or rounds per log
 * @param repeats number of logs
 */
public record Grading(List<OfEstimator> grades, double truth, int n, int repeats) implements Findings {
    /** What an estimator says: a value and its 95 % interval. */
    public interface Answer {
        /** The estimate. */
        double value();

        /** Lower end of its 95 % interval. */
        double low();

        /** Upper end of its 95 % interval. */
        double high();
    }

    /**
     * How one estimator did.
     *
     * @param name of the estimator
     * @param bias mean estimate − truth
     * @param biasError standard error of the bias, sd / √repeats
     * @param sd standard deviation of the estimates
     * @param rmse root mean squared error, √(bias² + sd²) up to n − 1 for n
     * @param coverage share of the intervals that held the truth; 0.95 is right
     */
    public record OfEstimator(String name, double bias, double biasError, double sd, double rmse, double coverage) {
        /** From 0.90 to 0.99, the share is taken to be that of a 95 % interval. */
        public boolean covers() {
            return coverage >= LEAST_COVERAGE && coverage <= MOST_COVERAGE;
        }
    }

    /** Below this share intervals promise too much. */
    public static final double LEAST_COVERAGE = 0.90;
    /** Above this share intervals are wider than they need be. */
    public static final double MOST_COVERAGE = 0.99;
    private static final double CHANCE = 3;

    /**
     * Grades estimators, with seed 0.
     *
     * @see #of(Map, Oracle, int, int, long)
     */
    public static <L> Grading of(Map<String, Function<L, ? extends Answer>> estimators, Oracle<L> oracle, int n, int repeats) {
        return of(estimators, oracle, n, repeats, 0);
    }

    /**
     * Grades estimators on the same logs.
     *
     * @param estimators by name, in the order of the table: what each makes of a log
     * @param oracle whose truth is known
     * @param n trajectories or rounds per log
     * @param repeats number of logs, at least 20
     * @param seed of the logs
     * @throws IllegalArgumentException if there are no estimators or too few repeats, or if an estimator answers NaN, named
     */
    public static <L> Grading of(Map<String, Function<L, ? extends Answer>> estimators, Oracle<L> oracle, int n, int repeats, long seed) {
        if (estimators.isEmpty()) throw new IllegalArgumentException("given no estimators to grade; expected at least one");
        if (repeats < 20) throw new IllegalArgumentException(
            "asked for " + repeats + " repeats; expected at least 20, usually 500, to tell a bias from chance");
        var names = new ArrayList<>(estimators.keySet());
        double truth = oracle.value();
        Require.room("the estimates of a grading", "repeats", 8, names.size(), repeats);
        double[][] values = new double[names.size()][repeats];
        int[] held = new int[names.size()];
        var seeds = new SplittableRandom(seed);
        try (var activity = Activity.of("grading on logs", repeats)) {
            for (int r = 0; r < repeats; r++) {
                L log = oracle.sample(n, seeds.nextLong());
                for (int e = 0; e < names.size(); e++) {
                    Answer answer = estimators.get(names.get(e)).apply(log);
                    values[e][r] = answer.value();
                    if (!Double.isFinite(values[e][r]))
                        throw new IllegalArgumentException("estimator '" + names.get(e) + "' answered " + values[e][r] + " on log " + r
                            + "; expected a finite number");
                    if (answer.low() <= truth && truth <= answer.high()) held[e]++;
                }
                activity.advance();
            }
        }
        var grades = new ArrayList<OfEstimator>();
        for (int e = 0; e < names.size(); e++) grades.add(grade(names.get(e), values[e], truth, (double) held[e] / repeats));
        return new Grading(List.copyOf(grades), truth, n, repeats);
    }

    private static OfEstimator grade(String name, double[] values, double truth, double coverage) {
        int repeats = values.length;
        double mean = Arrays.stream(values).average().orElse(0);
        double sd = Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (repeats - 1));
        double rmse = Math.sqrt(Arrays.stream(values).map(v -> (v - truth) * (v - truth)).average().orElse(0));
        return new OfEstimator(name, mean - truth, sd / Math.sqrt(repeats), sd, rmse, coverage);
    }

    /** The grade of one estimator. */
    public OfEstimator grade(String name) {
        return grades.stream().filter(g -> g.name.equals(name)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException(
                "no estimator is called '" + name + "'; graded were " + grades.stream().map(OfEstimator::name).toList()));
    }

    /** Name of the estimator with the smallest root mean squared error. */
    public String best() {
        return grades.stream().min((a, b) -> Double.compare(a.rmse, b.rmse)).orElseThrow().name;
    }

    /** What is to be known before the numbers are believed: biases beyond chance, intervals that hold the truth too rarely or too often. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        for (OfEstimator g : grades) {
            if (Math.abs(g.bias) > CHANCE * g.biasError && Math.abs(g.bias) > 1e-9)
                warnings.add(String.format(Locale.ROOT,
                    "%s is biased: %s, %s standard errors (limit %.0f); more trajectories shrink its spread (%s), not its bias. Change the "
                        + "estimator, not n.",
                    g.name, (g.bias > 0 ? "+" : "") + Figures.number(g.bias, 3), Figures.number(Math.abs(g.bias) / g.biasError, 2), CHANCE,
                    Figures.number(g.sd, 3)));
            if (!g.covers())
                warnings
                    .add(String.format(Locale.ROOT, "%s: its 95 %% intervals held the truth in %s of %d logs (expected 90 to 99 %%). %s",
                        g.name, Figures.percent(g.coverage),
                        repeats,
                        g.coverage < LEAST_COVERAGE
                            ? "They are too narrow: the estimator is biased, or there are too few trajectories for the weights."
                            : "They are wider than necessary."));
        }
        return warnings;
    }

    /** One row per estimator. */
    @Override
    public Table summary() {
        var name = StringColumn.create("estimator");
        var covers = BooleanColumn.create("90 to 99 %");
        DoubleColumn[] columns = {DoubleColumn.create("bias"), DoubleColumn.create("± (standard error)"), DoubleColumn.create("sd"),
            DoubleColumn.create("RMSE"),
            DoubleColumn.create("coverage")};
        for (OfEstimator g : grades) {
            name.append(g.name);
            covers.append(g.covers());
            double[] values = {g.bias, g.biasError, g.sd, g.rmse, g.coverage};
            for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        }
        return Table.create(repeats + " logs of " + n + ", truth " + Figures.number(truth, 4), name).addColumns(columns).addColumns(covers);
    }

    @Override
    public String toString() {
        return summary().print() + "\n" + String.join("\n", warnings());
    }

    @Override
    public String words() {
        return String.join("\n", warnings());
    }
}
