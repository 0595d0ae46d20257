package metarl.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import metarl.chart.Axis;
import metarl.chart.Chart;
import metarl.chart.Panel;
import metarl.chart.Series;

/** Draws what is believed of z, before any episode of a task and after each. */
final class BeliefChart {
    /** As many as can be told apart side by side, or over each other. */
    private static final int PANELS = 4, ELLIPSES = 6;
    private static final int CORNERS = 72;
    /** A normal number lies within so many deviations of its mean with 95 %. */
    private static final double DEVIATIONS = 1.96;

    private BeliefChart() {}

    static Chart of(String title, List<LatentGaussian> beliefs) {
        return beliefs.get(0).size() == 2 ? ellipses(title, beliefs) : panels(title, beliefs);
    }

    /** Which are drawn: the first ones and the last. */
    private static int[] shown(int count, int most) {
        return IntStream.range(0, Math.min(count, most)).map(i -> i == most - 1 ? count - 1 : i).toArray();
    }

    private static String name(int episodes) {
        return episodes == 0 ? "before" : episodes == 1 ? "after 1 episode" : "after " + episodes + " episodes";
    }

    /** All points that lie one deviation from the mean. */
    private static Chart ellipses(String title, List<LatentGaussian> beliefs) {
        var series = new ArrayList<Series>();
        for (int k : shown(beliefs.size(), ELLIPSES)) {
            double[] mean = beliefs.get(k).mean(), deviation = beliefs.get(k).deviations(), x = new double[CORNERS + 1],
                y = new double[CORNERS + 1];
            for (int i = 0; i <= CORNERS; i++) {
                x[i] = mean[0] + deviation[0] * Math.cos(2 * Math.PI * i / CORNERS);
                y[i] = mean[1] + deviation[1] * Math.sin(2 * Math.PI * i / CORNERS);
            }
            series.add(Series.line(name(k), x, y));
        }
        return new Chart(new Panel(title, Axis.of("z1"), Axis.of("z2"), series));
    }

    private static Chart panels(String title, List<LatentGaussian> beliefs) {
        int[] shown = shown(beliefs.size(), PANELS);
        double reach = 0;
        for (int k : shown)
            for (double[] ends : intervals(beliefs.get(k))) reach = Math.max(reach, Math.max(Math.abs(ends[0]), Math.abs(ends[2])));
        double same = reach;
        return Chart.panels(title, IntStream.of(shown).mapToObj(k -> panel(name(k), beliefs.get(k), same)).toArray(Panel[]::new));
    }

    private static List<double[]> intervals(LatentGaussian g) {
        return IntStream.range(0, g.size()).mapToObj(j -> {
            double half = DEVIATIONS * Math.sqrt(g.variance()[j]);
            return new double[] {g.mean()[j] - half, g.mean()[j], g.mean()[j] + half};
        }).toList();
    }

    /** With z1 at the top, and the same reach in all panels, so that they can be compared. */
    private static Panel panel(String title, LatentGaussian g, double reach) {
        int n = g.size();
        var series = new ArrayList<Series>();
        var names = new ArrayList<String>();
        for (int j = 0; j < n; j++) {
            names.add(0, "z" + (j + 1));
            double[] ends = intervals(g).get(j);
            series.add(Series.interval("z" + (j + 1), ends[0], ends[1], ends[2], n - j));
        }
        series.add(new Series("the prior's mean", new double[] {0, 0}, new double[] {0.5, n + 0.5}, Series.Style.REFERENCE));
        // what is not seen holds the axis
        series.add(new Series("", new double[] {-reach, Double.NaN, reach}, new double[] {0.5, Double.NaN, 0.5}, Series.Style.REFERENCE));
        return new Panel(title, Axis.of("z"), new Axis("", false, names), series);
    }
}
