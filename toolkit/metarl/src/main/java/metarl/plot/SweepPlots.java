package metarl.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.basics.Interval;
import metarl.chart.Chart;
import metarl.chart.Series;
import metarl.sweep.SweepComparison;

/** Charts of a sweep's comparison, as rliable draws them (Agarwal et al. 2021). */
public final class SweepPlots {
    private SweepPlots() {}

    /** The interquartile mean of every method as a point on its interval, the first method at the top. */
    public static Chart comparison(SweepComparison comparison) {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        for (String method : comparison.methods()) {
            Interval interval = comparison.interquartileMean(method);
            intervals.put(method, interval.width() > 0 ? interval : without(interval));
        }
        return Plots.intervals("Interquartile mean of the runs", label(comparison), intervals, Double.NaN);
    }

    private static Interval without(Interval interval) {
        return new Interval(interval.value(), Double.NaN, Double.NaN);
    }

    /** Of every score τ the share of runs above it, one line per method with a pointwise band of 95 %; higher lines are better. */
    public static Chart profiles(SweepComparison comparison) {
        double[] taus = comparison.taus();
        var series = new ArrayList<Series>();
        for (String method : comparison.methods()) {
            List<Interval> shares = Arrays.asList(comparison.profile(method, taus));
            double[] low = shares.stream().mapToDouble(Interval::low).toArray();
            if (Arrays.stream(low).anyMatch(Double::isFinite))
                series.add(Series.band(method, taus, low, shares.stream().mapToDouble(Interval::high).toArray()));
            series.add(Series.line(method, taus, shares.stream().mapToDouble(Interval::value).toArray()));
        }
        return Plots.lines("Performance profiles", label(comparison) + " τ", "share of runs above τ", series.toArray(new Series[0]));
    }

    /**
     * How probably each method is better than each one after it, with the line of 0.5 at which neither is.
     *
     * @throws IllegalArgumentException if there is one method only
     */
    public static Chart improvements(SweepComparison comparison) {
        List<String> methods = comparison.methods();
        Map<String, Interval> intervals = new LinkedHashMap<>();
        for (int i = 0; i < methods.size(); i++)
            for (int j = i + 1; j < methods.size(); j++)
                intervals.put(methods.get(i) + " > " + methods.get(j), comparison.improvement(methods.get(i), methods.get(j)));
        return Plots.intervals("Probability of improvement", "P(X > Y) in " + label(comparison), intervals, 0.5);
    }

    private static String label(SweepComparison comparison) {
        return (comparison.isNormalised() ? "normalised " : "") + comparison.metric();
    }
}
