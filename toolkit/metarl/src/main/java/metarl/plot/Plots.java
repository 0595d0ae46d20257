package metarl.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import metarl.agent.Adaptation;
import metarl.agent.OldData;
import metarl.diagnose.Calibration;
import metarl.diagnose.ConfidenceInterval;
import metarl.diagnose.DraeCurve;
import metarl.diagnose.Ess;
import metarl.diagnose.Estimate;
import metarl.diagnose.Estimates;
import metarl.diagnose.ImportanceWeights;
import metarl.diagnose.Psis;
import metarl.diagnose.WeightReport;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.train.Comparison;
import metarl.train.Interval;
import metarl.train.MetaRun;
import metarl.train.MetaRuns;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Charts of results, one verb each. The colours can be told apart by colour-blind readers (Okabe and Ito 2008). */
public final class Plots {
    private static final String[] COLOURS = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
    private static final String REFERENCE_COLOUR = "#777777";
    private static final int BINS = 30;
    private static final double BAND_OPACITY = 0.25;
    /** Enough points for a smooth curve, few enough for a notebook's file. */
    private static final int CURVE_POINTS = 120;
    /** Tasks of up to so many parameters are shown by the first two; more would hide what differs. */
    private static final int IN_THE_PLANE = 3;
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
        if (lines.isEmpty()) throw new IllegalArgumentException("no run has logged '" + metric + "'; logged are: " + (runs.length == 0 ? "no runs" : runs[0].curve().stringColumn("metric").unique().asList()));
        return lines(title, "environment steps", yLabel, lines.toArray(new Series[0]));
    }

    /** Mean return on the test tasks over several seeds, with its 95 % bootstrap band: one line per method. */
    public static Chart learningCurve(MetaRuns... methods) {
        return curve("Return on test tasks", "testReturn", "mean return", methods);
    }

    /** The mean of any logged metric over several seeds, with its 95 % bootstrap band: one line per method. */
    public static Chart curve(String title, String metric, String yLabel, MetaRuns... methods) {
        if (methods.length == 0) throw new IllegalArgumentException("the chart '" + title + "' was given no methods, expected at least one");
        var series = new ArrayList<Series>();
        for (MetaRuns method : methods) {
            Table curve = method.curve(metric);
            double[] steps = curve.longColumn("step").asDoubleArray();
            if (method.runs().size() > 1) series.add(Series.band(method.name() + " 95 %", steps, curve.doubleColumn("low").asDoubleArray(), curve.doubleColumn("high").asDoubleArray()));
            series.add(Series.line(method.name(), steps, curve.doubleColumn("mean").asDoubleArray()));
        }
        return lines(title, "environment steps", yLabel, series.toArray(new Series[0]));
    }

    /**
     * What a dynamics weight does to a doubly robust value: bias², variance and their sum, the slides' bound, and the errors that the slides' optimum and the tight one lead to. The bound is drawn above
     * its least value, because terms without ρ̂ do not move it.
     */
    public static Chart drae(DraeCurve curve) {
        double[] x = curve.weights();
        DraeCurve.Formula slides = curve.optimal(), tight = curve.tight();
        String title = String.format(Locale.ROOT, "MSE %.2f at the slides' optimum, %.2f at the tight one", slides.moments().mse(), tight.moments().mse());
        return lines(title, "dynamics weight ρ̂", "error of the value", Series.line("MSE", x, curve.mse()), Series.line("bound B − least", x, aboveLeast(curve.bound())),
            Series.line("variance", x, curve.variance()), Series.line("bias²", x, curve.biasSquared()), marked("slides' optimum", slides), marked("tight optimum", tight));
    }

    private static double[] aboveLeast(double[] values) {
        double least = Arrays.stream(values).min().orElse(0);
        return Arrays.stream(values).map(v -> v - least).toArray();
    }

    private static Series marked(String name, DraeCurve.Formula formula) {
        return Series.line(name, new double[] {formula.weight(), formula.weight()}, new double[] {0, formula.moments().mse()});
    }

    /** The interquartile mean of every method as a point on its 95 % interval, the first method at the bottom. */
    public static Chart comparison(Comparison comparison) {
        var series = new ArrayList<Series>();
        double height = 0;
        for (Comparison.OfMethod row : comparison.rows()) {
            height++;
            Interval interval = row.interquartileMean();
            series.add(Series.line(row.name(), new double[] {interval.low(), interval.value(), interval.high()}, new double[] {height, height, height}));
        }
        return lines("Last " + comparison.metric() + ": interquartile mean, 95 % interval", comparison.metric(), "", series.toArray(new Series[0]));
    }

    /**
     * What an adaptation rests on: the mean weight of each train task's old transitions against the first parameter of the task, and where the new task stands.
     *
     * @throws IllegalArgumentException if no old data was used
     */
    public static Chart adaptation(Adaptation adaptation, TaskSet tasks, Task adaptedTo) {
        OldData old = adaptation.oldData();
        if (old == null) throw new IllegalArgumentException("this adaptation used no old data, so there are no weights to show");
        int[] used = old.mostValuableTasks();
        double[] x = Arrays.stream(used).mapToDouble(i -> tasks.train().get(i).value(0)).toArray();
        double[] y = Arrays.stream(used).mapToDouble(i -> old.taskWeights()[i]).toArray();
        double top = Arrays.stream(y).max().orElse(1), here = adaptedTo.value(0);
        String title = String.format(Locale.ROOT, "Adapting to %s: ESS/n %.0f %%, λ = %.2f", adaptedTo.label(), 100 * old.ess().fraction(), old.proximalCoefficient());
        return lines(title, label(tasks.family().parameters().get(0)) + " of the old task", "mean weight of its transitions", Series.points("old tasks", x, y),
            new Series("new task", new double[] {here, here}, new double[] {0, top}, Series.Style.REFERENCE));
    }

    private static Series metricSeries(String name, Table curve, String metric) {
        var points = new TreeMap<Double, Double>();
        for (Row row : curve) if (row.getString("metric").equals(metric)) points.put((double) row.getLong("step"), row.getDouble("mean"));
        if (points.isEmpty()) return null;
        return Series.line(name, points.keySet().stream().mapToDouble(v -> v).toArray(), points.values().stream().mapToDouble(v -> v).toArray());
    }

    /** Histogram of the weights on a logarithmic scale, with ESS and largest share in the title. */
    public static Chart weights(ImportanceWeights weights) {
        Ess ess = weights.ess();
        String title = String.format(Locale.ROOT, "%d weights: ESS/n %.0f %%, largest share %.1f %%", ess.n(), 100 * ess.fraction(), 100 * ess.largestShare());
        return lines(title, "log10 of the weight", "number of weights", histogram(weights));
    }

    private static Series histogram(ImportanceWeights weights) {
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
        // not "high", which rounding may leave below the last edge: XChart insists on order
        x[2 * BINS + 1] = x[2 * BINS];
        return new Series("weights", x, y, Series.Style.BARS);
    }

    /** All about one set of weights: their histogram, what share of the sum the largest hold, and the tail against its Pareto fit; ESS/n and k̂ in the title. */
    public static Chart weights(WeightReport report) {
        Psis psis = report.psis();
        String khat = psis.fitted() ? String.format(Locale.ROOT, "k̂ %.2f (limit %.2f)", psis.khat(), psis.threshold()) : "no k̂";
        String verdict = report.reliable() ? "" : ", not to be trusted";
        String title = String.format(Locale.ROOT, "%d weights: ESS/n %.0f %%, %s%s", psis.n(), 100 * report.ess().fraction(), khat, verdict);
        double[] sorted = Arrays.stream(report.weights().logValues()).sorted().toArray();
        var equal = new Series("equal", new double[] {0, 1}, new double[] {0, 1}, Series.Style.REFERENCE);
        return Chart.panels(title,
            lines("Histogram", "log10 of the weight", "number of weights", histogram(report.weights())),
            lines("Largest first, against equal weights", "share of weights", "share of their sum", concentration(sorted), equal),
            lines(psis.fitted() ? "Tail, and its Pareto fit" : "Tail, without a fit", "log10 of the weight", "log10 of the share above", tail(psis, sorted)));
    }

    /** The share of the sum that each share of the largest weights holds, nearer points where it rises most. */
    private static Series concentration(double[] sortedLogs) {
        int n = sortedLogs.length;
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) sums[i + 1] = sums[i] + Math.exp(sortedLogs[n - 1 - i] - sortedLogs[n - 1]);
        int[] at = IntStream.rangeClosed(0, CURVE_POINTS).map(i -> (int) Math.round(n * Math.pow((double) i / CURVE_POINTS, 3))).distinct().toArray();
        return Series.line("weights", Arrays.stream(at).mapToDouble(i -> (double) i / n).toArray(), Arrays.stream(at).mapToDouble(i -> sums[i] / sums[n]).toArray());
    }

    /** On two logarithmic scales a Pareto tail is a straight line, of slope −1/k. */
    private static Series[] tail(Psis psis, double[] sortedLogs) {
        int n = sortedLogs.length, positive = (int) Arrays.stream(sortedLogs).filter(Double::isFinite).count();
        int length = Math.min(positive, Math.max(psis.tailLength(), Psis.SHORTEST_TAIL));
        int[] rank = IntStream.range(0, CURVE_POINTS).map(i -> (int) (length * Math.pow((double) i / CURVE_POINTS, 3))).distinct().toArray();
        double[] x = Arrays.stream(rank).mapToDouble(r -> sortedLogs[n - 1 - r] / Math.log(10)).toArray();
        var draws = Series.points("draws", x, Arrays.stream(rank).mapToDouble(r -> Math.log10((r + 0.5) / n)).toArray());
        if (!psis.fitted()) return new Series[] {draws};
        double step = (sortedLogs[n - 1] - psis.logCut()) / CURVE_POINTS, least = 0.5 / n;
        double[] fit = IntStream.rangeClosed(0, CURVE_POINTS).mapToDouble(i -> psis.logCut() + i * step).filter(l -> psis.expectedShareAbove(l) > least).toArray();
        double[] above = Arrays.stream(fit).map(l -> Math.log10(psis.expectedShareAbove(l))).toArray();
        return new Series[] {draws, Series.line("fit", Arrays.stream(fit).map(l -> l / Math.log(10)).toArray(), above)};
    }

    /** What share of rows is new against how probable that was said to be, bin by bin; right probabilities lie on the dashed line. */
    public static Chart calibration(Calibration calibration) {
        String title = String.format(Locale.ROOT, "Calibration: expected error %.3f, by chance %.3f", calibration.expectedError(), calibration.chanceError());
        return lines(title, "probability of being new", "share of rows that are new", Series.points("bins", calibration.probabilities(), calibration.shares()),
            new Series("right probabilities", new double[] {0, 1}, new double[] {0, 1}, Series.Style.REFERENCE));
    }

    /**
     * Where train and test tasks lie: on a line for one parameter, in the plane for two or three, and for more a dot per task and parameter.
     *
     * @throws IllegalArgumentException if the tasks differ in nothing
     */
    public static Chart taskSet(TaskSet tasks) {
        List<Parameter> parameters = tasks.family().parameters();
        if (parameters.isEmpty()) throw new IllegalArgumentException("the tasks of " + tasks.family().name() + " differ in nothing, so there is nothing to plot");
        String title = tasks.family().name() + ": " + tasks.train().size() + " train and " + tasks.test().size() + " test tasks";
        boolean plane = parameters.size() > 1, many = parameters.size() > IN_THE_PLANE;
        var series = new ArrayList<Series>();
        if (!tasks.train().isEmpty()) series.add(many ? dots("train", tasks.train(), 0) : points("train", tasks.train(), plane, 1));
        if (!tasks.test().isEmpty()) series.add(many ? dots("test", tasks.test(), 0.4) : points("test", tasks.test(), plane, 2));
        if (many) return lines(title, "number of the parameter: " + groups(parameters), "value", series.toArray(new Series[0]));
        return lines(title, label(parameters.get(0)), plane ? label(parameters.get(1)) : "", series.toArray(new Series[0]));
    }

    /** Such as "0–6 mass, 7–27 inertia". */
    private static String groups(List<Parameter> parameters) {
        var ends = new LinkedHashMap<String, int[]>();
        for (int i = 0; i < parameters.size(); i++) {
            int number = i;
            ends.computeIfAbsent(parameters.get(i).group(), g -> new int[] {number, number})[1] = i;
        }
        return ends.entrySet().stream().map(e -> (e.getValue()[0] == e.getValue()[1] ? "" + e.getValue()[0] : e.getValue()[0] + "–" + e.getValue()[1]) + " " + e.getKey())
            .collect(Collectors.joining(", "));
    }

    private static Series dots(String name, List<Task> tasks, double shift) {
        double[] x = tasks.stream().limit(SHOWN_TASKS).flatMapToDouble(t -> IntStream.range(0, t.values().size()).mapToDouble(i -> i + shift)).toArray();
        double[] y = tasks.stream().limit(SHOWN_TASKS).flatMapToDouble(t -> t.values().stream().mapToDouble(v -> v)).toArray();
        return Series.points(name, x, y);
    }

    private static Series points(String name, List<Task> tasks, boolean plane, double row) {
        return Series.points(name, tasks.stream().mapToDouble(t -> t.value(0)).toArray(), tasks.stream().mapToDouble(t -> plane ? t.value(1) : row).toArray());
    }

    private static String label(Parameter p) {
        return p.name() + (p.unit().isEmpty() ? "" : " (" + p.unit() + ")");
    }

    /** Any series in one chart. */
    public static Chart lines(String title, String xLabel, String yLabel, Series... series) {
        if (series.length == 0) throw new IllegalArgumentException("the chart '" + title + "' has no series; expected at least one");
        return new Chart(title, figure(title, xLabel, yLabel, series), picture(title, xLabel, yLabel, series));
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
     * @throws IllegalArgumentException if there are no cells or no numbers, if rows have different lengths, if a value is infinite, or if labels are too few, too many, blank or repeated
     */
    public static Chart heatmap(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values, String valueName) {
        return HeatMap.of(title, xName, yName, xLabels, yLabels, values, valueName).chart();
    }

    /**
     * A table of numbers as coloured cells, with given ends of the colour bar, so that several can be compared; what lies outside has the colour of the nearer end. Otherwise as
     * {@link #heatmap(String, String, String, String[], String[], double[][], String)}.
     *
     * @param low the number of the darkest colour
     * @param high the number of the brightest colour
     * @throws IllegalArgumentException also if low is not below high
     */
    public static Chart heatmap(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values, String valueName, double low, double high) {
        return new HeatMap(title, xName, yName, xLabels, yLabels, values, valueName, low, high).chart();
    }

    private static String colour(Series[] series, int index) {
        if (series[index].style() == Series.Style.REFERENCE) return REFERENCE_COLOUR;
        int number = 0;
        for (int i = 0; i < index; i++) if (series[i].style() != Series.Style.REFERENCE && series[i].style() != Series.Style.BAND) number++;
        return COLOURS[number % COLOURS.length];
    }

    private static Figure figure(String title, String xLabel, String yLabel, Series[] series) {
        Trace[] traces = new Trace[series.length];
        for (int i = 0; i < series.length; i++) {
            Series s = series[i];
            String colour = colour(series, i);
            var builder = ScatterTrace.builder(s.x(), s.y()).name(s.name()).showLegend(series.length > 1 && s.style() != Series.Style.BAND);
            switch (s.style()) {
                case POINTS -> builder.mode(ScatterTrace.Mode.MARKERS).marker(Marker.builder().color(colour).size(8).build());
                case REFERENCE -> builder.mode(ScatterTrace.Mode.LINE).line(Line.builder().color(colour).dash(Line.Dash.DASH).build());
                case BARS -> builder.mode(ScatterTrace.Mode.LINE).line(Line.builder().color(colour).build()).fill(ScatterTrace.Fill.TO_ZERO_Y);
                case BAND -> builder.mode(ScatterTrace.Mode.LINE).line(Line.builder().color(colour).width(0).build()).fill(ScatterTrace.Fill.TO_SELF).opacity(BAND_OPACITY);
                case LINE -> builder.mode(s.x().length < 40 ? ScatterTrace.Mode.LINE_AND_MARKERS : ScatterTrace.Mode.LINE)
                    .line(Line.builder().color(colour).width(2).build()).marker(Marker.builder().color(colour).size(6).build());
            }
            traces[i] = builder.build();
        }
        Layout layout = Layout.builder(title).width(Chart.WIDTH).height(Chart.HEIGHT)
            .xAxis(Axis.builder().title(xLabel).build()).yAxis(Axis.builder().title(yLabel).build()).build();
        return new Figure(layout, traces);
    }

    private static XYChart picture(String title, String xLabel, String yLabel, Series[] series) {
        XYChart chart = new XYChartBuilder().width(Chart.WIDTH).height(Chart.HEIGHT).title(title).xAxisTitle(xLabel).yAxisTitle(yLabel).build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendVisible(series.length > 1).setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        chart.getStyler().setXAxisTickMarkSpacingHint(90).setXAxisDecimalPattern("#,##0.###").setYAxisDecimalPattern("#,##0.###");
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        for (int i = 0; i < series.length; i++) {
            Series s = series[i];
            // XChart wants names to be unique
            XYSeries added = chart.addSeries(s.name() + " ".repeat(i), s.x(), s.y());
            Color colour = Color.decode(colour(series, i));
            added.setMarkerColor(colour);
            added.setLineColor(colour);
            added.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 90));
            added.setMarker(s.style() == Series.Style.POINTS || s.style() == Series.Style.LINE && s.x().length < 40 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            added.setLineWidth(2);
            switch (s.style()) {
                case POINTS -> added.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
                case BARS -> added.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
                case BAND -> {
                    added.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
                    added.setLineStyle(SeriesLines.NONE);
                    added.setShowInLegend(false);
                }
                case REFERENCE -> added.setLineStyle(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 5}, 0));
                case LINE -> { }
            }
        }
        return chart;
    }

    /**
     * Every estimate as a point on its interval, numbered from the bottom, and the true value, if it is known, as a dashed line. An estimate without an interval is a point;
     * one that is doubtful has a star at its name, and {@link Estimates#warnings} says why.
     */
    public static Chart estimates(Estimates estimates) {
        var series = new ArrayList<Series>();
        for (int i = 0; i < estimates.estimates().size(); i++) {
            Estimate estimate = estimates.estimates().get(i);
            ConfidenceInterval interval = estimates.intervals().get(i);
            double height = i + 1, low = interval == null ? estimate.value() : interval.low(), high = interval == null ? estimate.value() : interval.high();
            series.add(Series.line(i + 1 + " " + estimate.name() + (estimate.warnings().isEmpty() ? "" : " *"), new double[] {low, estimate.value(), high}, new double[] {height, height, height}));
        }
        double top = series.size() + 0.5;
        estimates.truth().ifPresent(truth -> series.add(new Series("true value", new double[] {truth, truth}, new double[] {0.5, top}, Series.Style.REFERENCE)));
        String title = estimates.intervals().stream().filter(Objects::nonNull).findFirst()
            .map(i -> String.format(Locale.ROOT, "Value of the target policy, %.0f %% intervals (%s)", 100 * i.level(), i.method())).orElse("Value of the target policy");
        return lines(title, "reward per round", "", series.toArray(new Series[0]));
    }
}
