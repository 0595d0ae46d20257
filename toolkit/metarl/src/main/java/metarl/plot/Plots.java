package metarl.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.agent.Adaptation;
import metarl.agent.Belief;
import metarl.basics.Figures;
import metarl.basics.Interval;
import metarl.basics.Require;
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.HeatMap;
import metarl.chart.Panel;
import metarl.chart.Series;
import metarl.diagnose.bandit.Estimates;
import metarl.diagnose.sequential.DraeCurve;
import metarl.diagnose.weights.Calibration;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.diagnose.weights.Psis;
import metarl.diagnose.weights.WeightReport;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.train.Comparison;
import metarl.train.MetaRun;
import metarl.train.MetaRuns;
import metarl.train.ShotComparison;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** Charts of results, one verb each. The colours can be told apart by colour-blind readers (Okabe and Ito 2008). */
public final class Plots {
    private static final int BINS = 30;
    /** Enough points for a smooth curve, few enough for a notebook's file. */
    private static final int CURVE_POINTS = 120;
    /** Tasks of up to so many parameters are shown by the first two; more would hide what differs. */
    private static final int IN_THE_PLANE = 3;
    private static final int ON_A_LINE_HEIGHT = 220;
    /** Enough dots to see a distribution. */
    private static final int SHOWN_TASKS = 12;

    private Plots() {}

    /** Mean return on the test tasks, before adaptation, against environment steps: one line per run. */
    public static Chart learningCurve(MetaRun... runs) {
        return curve("Return on test tasks", "testReturn", "mean return", runs);
    }

    /** The mean of any logged metric against environment steps: one line per run. */
    public static Chart curve(String title, String metric, String yLabel, MetaRun... runs) {
        var lines = new ArrayList<Series>();
        for (MetaRun run : runs) {
            Series line = metricSeries(run.name(), run.curve(), metric);
            if (line != null) lines.add(line);
        }
        if (lines.isEmpty()) throw new IllegalArgumentException("no run has logged '" + metric + "'; logged are: "
            + (runs.length == 0 ? "no runs" : runs[0].curve().stringColumn("metric").unique().asList()));
        return lines(title, "environment steps", yLabel, lines.toArray(new Series[0]));
    }

    /**
     * Mean return on the test tasks over several seeds, with a band of the kind that {@link Interval} gives of so many: one line per
     * method.
     */
    public static Chart learningCurve(MetaRuns... methods) {
        return curve("Return on test tasks", "testReturn", "mean return", methods);
    }

    /**
     * The mean of any logged metric over several seeds, with a band of the kind that {@link Interval} gives of so many: one line per
     * method.
     */
    public static Chart curve(String title, String metric, String yLabel, MetaRuns... methods) {
        if (methods.length == 0)
            throw new IllegalArgumentException("the chart '" + title + "' was given no methods, expected at least one");
        var series = new ArrayList<Series>();
        for (MetaRuns method : methods) {
            Table curve = method.curve(metric);
            double[] steps = curve.longColumn("step").asDoubleArray();
            double[] low = curve.doubleColumn("low").asDoubleArray(), high = curve.doubleColumn("high").asDoubleArray(),
                mean = curve.doubleColumn("mean").asDoubleArray();
            String kind = Interval.kind(method.runs().size(), "seeds");
            if (IntStream.range(0, low.length).anyMatch(i -> low[i] < high[i]))
                series.add(Series.band(method.name() + " " + kind, steps, low, high));
            series.add(Series.line(method.name() + ", " + kind, steps, mean));
        }
        return lines(title, "environment steps", yLabel, series.toArray(new Series[0]));
    }

    /**
     * Return on new tasks from round to round, one line per method, with a band of the kind that {@link Interval} gives of so many.
     * Round 0 is without any experience of the task.
     */
    public static Chart shots(ShotComparison comparison) {
        double[] rounds = IntStream.range(0, comparison.rounds()).asDoubleStream().toArray();
        var series = new ArrayList<Series>();
        for (ShotComparison.OfMethod row : comparison.rows()) {
            List<Interval> intervals = IntStream.range(0, rounds.length).mapToObj(row::round).toList();
            if (intervals.stream().noneMatch(Interval::ofOneValue))
                series.add(Series.band(row.name() + " " + row.kind(), rounds, intervals.stream().mapToDouble(Interval::low).toArray(),
                    intervals.stream().mapToDouble(Interval::high).toArray()));
            series.add(Series.line(row.name() + ", " + row.kind(), rounds, intervals.stream().mapToDouble(Interval::value).toArray()));
        }
        return lines("Return on new tasks, round by round", "rounds of experience of the task", "mean return",
            series.toArray(new Series[0]));
    }

    /**
     * What a dynamics weight does to a doubly robust value: bias², variance and their sum, the slides' bound, and the errors that the
     * slides' optimum and the tight one lead to. The bound is drawn above its least value, because terms without ρ̂ do not move it.
     */
    public static Chart drae(DraeCurve curve) {
        double[] x = curve.weights();
        DraeCurve.Formula slides = curve.optimal(), tight = curve.tight();
        String title = "MSE " + Figures.number(slides.moments().mse(), 2) + " at the slides' optimum, "
            + Figures.number(tight.moments().mse(), 2) + " at the tight one";
        return lines(title, "dynamics weight ρ̂", "error of the value", Series.line("MSE", x, curve.mse()),
            Series.line("bound B − least", x, aboveLeast(curve.bound())),
            Series.line("variance", x, curve.variance()), Series.line("bias²", x, curve.biasSquared()), marked("slides' optimum", slides),
            marked("tight optimum", tight));
    }

    private static double[] aboveLeast(double[] values) {
        double least = Arrays.stream(values).min().orElse(0);
        return Arrays.stream(values).map(v -> v - least).toArray();
    }

    private static Series marked(String name, DraeCurve.Formula formula) {
        return Series.line(name, new double[] {formula.weight(), formula.weight()}, new double[] {0, formula.moments().mse()});
    }

    /**
     * The interquartile mean of every method as a point on its interval, the first method at the top; a method without an interval is a
     * point.
     */
    public static Chart comparison(Comparison comparison) {
        List<Comparison.OfMethod> rows = comparison.rows();
        double[][] ends = rows.stream().map(r -> ends(r.interquartileMean(), r.seeds() > 1)).toArray(double[][]::new);
        return forest("Last " + comparison.metric() + ": interquartile mean, " + comparison.kinds(), comparison.metric(),
            rows.stream().map(Comparison.OfMethod::name).toList(), ends, null);
    }

    private static double[] ends(Interval interval, boolean drawn) {
        return new double[] {drawn ? interval.low() : Double.NaN, interval.value(), drawn ? interval.high() : Double.NaN};
    }

    /** Estimates on their intervals, the first at the top, with their names on the axis. */
    private static Chart forest(String title, String label, List<String> names, double[][] ends, Series reference) {
        int n = names.size();
        var series = new ArrayList<Series>();
        var axis = new ArrayList<String>();
        for (int i = 0; i < n; i++) {
            String name = names.get(i).isBlank() ? "number " + (i + 1) : names.get(i);
            axis.add(0, name + (Double.isFinite(ends[i][0]) && Double.isFinite(ends[i][2]) ? "" : " (no interval)"));
            series.add(Series.interval(name, ends[i][0], ends[i][1], ends[i][2], n - i));
        }
        if (reference != null) series.add(reference);
        return new Chart(new Panel(title, Axis.of(label), new Axis("", false, axis), series));
    }

    private static Series metricSeries(String name, Table curve, String metric) {
        var points = new TreeMap<Double, Double>();
        for (Row row : curve) if (row.getString("metric").equals(metric)) points.put((double) row.getLong("step"), row.getDouble("mean"));
        if (points.isEmpty()) return null;
        return Series.line(name, points.keySet().stream().mapToDouble(v -> v).toArray(),
            points.values().stream().mapToDouble(v -> v).toArray());
    }

    /** Histogram of the weights on a logarithmic scale, with ESS and largest share in the title. */
    public static Chart weights(ImportanceWeights weights) {
        Ess ess = weights.ess();
        String title = ess.n() + " weights: ESS/n " + Figures.percent(ess.fraction()) + ", largest share "
            + Figures.percent(ess.largestShare(), 1);
        return new Chart(histogram(title, weights));
    }

    private static Panel histogram(String title, ImportanceWeights weights) {
        double[] logs = Arrays.stream(weights.logValues()).filter(Double::isFinite).map(l -> l / Math.log(10)).toArray();
        double low = Arrays.stream(logs).min().orElse(0), high = Arrays.stream(logs).max().orElse(0);
        if (high - low < 1e-9) {
            low -= 0.5;
            high += 0.5;
        }
        double[] counts = new double[BINS];
        for (double l : logs) counts[Math.min(BINS - 1, (int) ((l - low) / (high - low) * BINS))]++;
        double[] x = new double[2 * BINS + 2], y = new double[2 * BINS + 2];
        x[0] = low;
        for (int i = 0; i < BINS; i++) {
            x[2 * i + 1] = low + i * (high - low) / BINS;
            x[2 * i + 2] = low + (i + 1) * (high - low) / BINS;
            y[2 * i + 1] = y[2 * i + 2] = counts[i];
        }
        // not "high", which rounding may leave below the last edge
        x[2 * BINS + 1] = x[2 * BINS];
        return new Panel(title, Axis.of("weight").logarithmic(true), Axis.of("number of weights"),
            List.of(new Series("weights", x, y, Series.Style.BARS)));
    }

    /**
     * All about one set of weights: their histogram, what share of the sum the largest hold, and the tail against its Pareto fit; ESS/n and
     * k̂ in the title.
     */
    public static Chart weights(WeightReport report) {
        Psis psis = report.psis();
        String title = psis.n() + " weights: " + report.figures();
        double[] sorted = Arrays.stream(report.weights().logValues()).sorted().toArray();
        var equal = new Series("equal", new double[] {0, 1}, new double[] {0, 1}, Series.Style.REFERENCE);
        return Chart.panels(title,
            histogram("Histogram", report.weights()),
            new Panel("Largest first, against equal weights", Axis.of("share of weights"), Axis.of("share of their sum"),
                List.of(concentration(sorted), equal)),
            new Panel(psis.fitted() ? "Tail, and its Pareto fit" : "Tail, without a fit", Axis.of("weight").logarithmic(true),
                Axis.of("share above").logarithmic(true),
                List.of(tail(psis, sorted))));
    }

    /** The share of the sum that each share of the largest weights holds, nearer points where it rises most. */
    private static Series concentration(double[] sortedLogs) {
        int n = sortedLogs.length;
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) sums[i + 1] = sums[i] + Math.exp(sortedLogs[n - 1 - i] - sortedLogs[n - 1]);
        int[] at = IntStream.rangeClosed(0, CURVE_POINTS).map(i -> (int) Math.round(n * Math.pow((double) i / CURVE_POINTS, 3))).distinct()
            .toArray();
        return Series.line("weights", Arrays.stream(at).mapToDouble(i -> (double) i / n).toArray(),
            Arrays.stream(at).mapToDouble(i -> sums[i] / sums[n]).toArray());
    }

    /** On two logarithmic scales a Pareto tail is a straight line, of slope −1/k. */
    private static Series[] tail(Psis psis, double[] sortedLogs) {
        int n = sortedLogs.length, positive = (int) Arrays.stream(sortedLogs).filter(Double::isFinite).count();
        int length = Math.min(positive, Math.max(psis.tailLength(), Psis.SHORTEST_TAIL));
        int[] rank = IntStream.range(0, CURVE_POINTS).map(i -> (int) (length * Math.pow((double) i / CURVE_POINTS, 3))).distinct()
            .toArray();
        double[] x = Arrays.stream(rank).mapToDouble(r -> sortedLogs[n - 1 - r] / Math.log(10)).toArray();
        var draws = Series.points("draws", x, Arrays.stream(rank).mapToDouble(r -> Math.log10((r + 0.5) / n)).toArray());
        if (!psis.fitted()) return new Series[] {draws};
        double step = (sortedLogs[n - 1] - psis.logCut()) / CURVE_POINTS, least = 0.5 / n;
        double[] fit = IntStream.rangeClosed(0, CURVE_POINTS).mapToDouble(i -> psis.logCut() + i * step)
            .filter(l -> psis.expectedShareAbove(l) > least).toArray();
        double[] above = Arrays.stream(fit).map(l -> Math.log10(psis.expectedShareAbove(l))).toArray();
        return new Series[] {draws, Series.line("fit", Arrays.stream(fit).map(l -> l / Math.log(10)).toArray(), above)};
    }

    /** What share of rows is new against how probable that was said to be, bin by bin; right probabilities lie on the dashed line. */
    public static Chart calibration(Calibration calibration) {
        String title = String.format(Locale.ROOT, "Calibration: expected error %.3f, by chance %.3f", calibration.expectedError(),
            calibration.chanceError());
        return lines(title, "probability of being new", "share of rows that are new",
            Series.points("bins", calibration.probabilities(), calibration.shares()),
            new Series("right probabilities", new double[] {0, 1}, new double[] {0, 1}, Series.Style.REFERENCE));
    }

    /**
     * Where train and test tasks lie: on a line for one parameter, in the plane for two or three, and for more a dot per task and
     * parameter. Places, such as goalX and goalY, are drawn as on a map.
     *
     * @throws IllegalArgumentException if the tasks differ in nothing
     */
    public static Chart taskSet(TaskSet tasks) {
        List<Parameter> parameters = tasks.family().parameters();
        if (parameters.isEmpty())
            throw new IllegalArgumentException("the tasks of " + tasks.family().name() + " differ in nothing, so there is nothing to plot");
        String title = tasks.family().name() + ": " + tasks.train().size() + " train and " + tasks.test().size() + " test tasks";
        boolean plane = parameters.size() > 1, many = parameters.size() > IN_THE_PLANE;
        var series = new ArrayList<Series>();
        if (!tasks.train().isEmpty()) series.add(many ? dots("train", tasks.train(), 0) : points("train", tasks.train(), plane, 1));
        if (!tasks.test().isEmpty()) series.add(many ? dots("test", tasks.test(), 0.4) : points("test", tasks.test(), plane, 2));
        if (many) return lines(title, "number of the parameter: " + groups(parameters), "value", series.toArray(new Series[0]));
        if (!plane)
            return new Chart(new Panel(title, Axis.of(parameters.get(0).label()), new Axis("", false, List.of("train", "test")), series))
                .height(ON_A_LINE_HEIGHT);
        Chart chart = lines(title, parameters.get(0).label(), parameters.get(1).label(), series.toArray(new Series[0]));
        return areCoordinates(parameters.get(0), parameters.get(1)) ? chart.equalScales() : chart;
    }

    /** Whether two parameters are the sides of one place, such as goalX and goalY. */
    private static boolean areCoordinates(Parameter x, Parameter y) {
        return x.name().endsWith("X") && y.name().equals(x.name().replaceFirst("X$", "Y")) && x.unit().equals(y.unit());
    }

    /** Such as "0–6 mass, 7–27 inertia". */
    private static String groups(List<Parameter> parameters) {
        var ends = new LinkedHashMap<String, int[]>();
        for (int i = 0; i < parameters.size(); i++) {
            int number = i;
            ends.computeIfAbsent(parameters.get(i).group(), g -> new int[] {number, number})[1] = i;
        }
        return ends.entrySet().stream().map(
            e -> (e.getValue()[0] == e.getValue()[1] ? "" + e.getValue()[0] : e.getValue()[0] + "–" + e.getValue()[1]) + " " + e.getKey())
            .collect(Collectors.joining(", "));
    }

    private static Series dots(String name, List<Task> tasks, double shift) {
        double[] x = tasks.stream().limit(SHOWN_TASKS)
            .flatMapToDouble(t -> IntStream.range(0, t.values().size()).mapToDouble(i -> i + shift)).toArray();
        double[] y = tasks.stream().limit(SHOWN_TASKS).flatMapToDouble(t -> t.values().stream().mapToDouble(v -> v)).toArray();
        return Series.points(tasks.size() > SHOWN_TASKS ? name + ", " + SHOWN_TASKS + " of " + tasks.size() : name, x, y);
    }

    private static Series points(String name, List<Task> tasks, boolean plane, double row) {
        return Series.points(name, tasks.stream().mapToDouble(t -> t.value(0)).toArray(),
            tasks.stream().mapToDouble(t -> plane ? t.value(1) : row).toArray());
    }

    /**
     * What an adaptation believes of its task before any episode of it and after each: of a z of two numbers an ellipse each, of others a
     * panel each with an interval of 95 % for every number.
     *
     * @throws IllegalArgumentException if it rests on no belief
     */
    public static Chart posterior(Adaptation adaptation) {
        Belief belief = adaptation.evidence(Belief.class);
        return belief.chart("Belief about the task, " + belief.episodes() + (belief.episodes() == 1 ? " episode" : " episodes"));
    }

    /** Any series in one chart. */
    public static Chart lines(String title, String xLabel, String yLabel, Series... series) {
        if (series.length == 0) throw new IllegalArgumentException("the chart '" + title + "' has no series; expected at least one");
        return new Chart(new Panel(title, Axis.of(xLabel), Axis.of(yLabel), List.of(series)));
    }

    /**
     * Named intervals, the first at the top, and a dashed line to compare them with.
     *
     * @param reference where the line stands, such as 0 for gains; NaN for none
     * @throws IllegalArgumentException if there are none
     */
    public static Chart intervals(String title, String label, Map<String, Interval> intervals, double reference) {
        if (intervals.isEmpty()) throw new IllegalArgumentException("the chart '" + title + "' has no intervals; expected at least one");
        intervals.forEach((name, interval) -> Require.that(name != null && interval != null, "an interval of '" + title + "'",
            name + ": " + interval, "a name and an interval"));
        double[][] ends = intervals.values().stream().map(i -> new double[] {i.low(), i.value(), i.high()}).toArray(double[][]::new);
        Series line = Double.isNaN(reference) ? null
            : new Series(reference == Math.rint(reference) ? String.valueOf((long) reference) : String.valueOf(reference),
                new double[] {reference, reference},
                new double[] {0.5, intervals.size() + 0.5}, Series.Style.REFERENCE);
        return forest(title, label, List.copyOf(intervals.keySet()), ends, line);
    }

    /**
     * A table of numbers as coloured cells, the first row at the bottom; the colours go from the least number to the greatest.
     *
     * @param xName what the columns are
     * @param yName what the rows are
     * @param xLabels one per column, all different
     * @param yLabels one per row, all different
     * @param values {@code values[row][column]}; NaN leaves a cell blank
     * @param valueName what the values are, for the colour bar
     * @throws IllegalArgumentException if there are no cells or no numbers, if rows have different lengths, if a value is infinite, or if
     *     labels are too few, too many, blank or repeated
     */
    public static Chart heatmap(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values,
        String valueName) {
        return HeatMap.of(title, xName, yName, xLabels, yLabels, values, valueName).chart();
    }

    /**
     * A table of numbers as coloured cells, with given ends of the colour bar, so that several can be compared; what lies outside has the
     * colour of the nearer end. Otherwise as {@link #heatmap(String, String, String, String[], String[], double[][], String)}.
     *
     * @param low the number of the darkest colour
     * @param high the number of the brightest colour
     * @throws IllegalArgumentException also if low is not below high
     */
    public static Chart heatmap(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values,
        String valueName, double low, double high) {
        return new HeatMap(title, xName, yName, xLabels, yLabels, values, valueName, low, high).chart();
    }

    /**
     * Every estimate as a point on its interval, the first at the top, and the true value, if it is known, as a dashed line. An estimate
     * without an interval is a point; one that is doubtful has a star at its name, and {@link Estimates#warnings} says why.
     */
    public static Chart estimates(Estimates estimates) {
        int n = estimates.estimates().size();
        double[][] ends = new double[n][];
        for (int i = 0; i < n; i++) {
            Interval interval = estimates.intervals().get(i);
            ends[i] = new double[] {interval == null ? Double.NaN : interval.low(), estimates.estimates().get(i).value(),
                interval == null ? Double.NaN : interval.high()};
        }
        Series truth = estimates.truth().isEmpty() ? null
            : new Series("value to compare with", new double[] {estimates.truth().getAsDouble(), estimates.truth().getAsDouble()},
                new double[] {0.5, n + 0.5}, Series.Style.REFERENCE);
        List<String> names = estimates.estimates().stream().map(e -> e.name() + (e.warnings().isEmpty() ? "" : " *")).toList();
        String title = estimates.intervals().stream().filter(Objects::nonNull).findFirst()
            .map(i -> "Value of the target policy, " + Figures.level(i.level()) + " intervals (" + i.method() + ")")
            .orElse("Value of the target policy");
        return forest(title, "reward per round", names, ends, truth);
    }
}
