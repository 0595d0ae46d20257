package metarl.chart;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import metarl.basics.Copy;

/**
 * One axis of a panel.
 *
 * @param label what is along it
 * @param logarithmic whether its series hold logarithms to base 10 of what it shows
 * @param names what stands at 1, 2, 3, …; null for numbers
 */
public record Axis(String label, boolean logarithmic, List<String> names) {
    /** JavaScript's numbers, and Java's, end near 1e308. */
    private static final double LARGEST_EXPONENT = 300;
    private static final double MARGIN = 0.03;
    private static final double LONGEST_NAME = 250;

    /**
     * The part of an axis that is shown.
     *
     * @param low its lower or left end, a logarithm where the axis is logarithmic
     * @param high its other end
     * @param whole whether everything on it is a whole number, such as rounds or episodes
     */
    record Range(double low, double high, boolean whole) {}

    /** An axis of numbers with this label. */
    public static Axis of(String label) {
        return new Axis(label, false, null);
    }

    /** The same, whose series hold logarithms to base 10 of what it shows, or not. */
    public Axis logarithmic(boolean yes) {
        return Copy.with(this, "logarithmic", yes);
    }

    /** From the least to the largest finite value, and a little more; a margin is left out at 0 where something stands on it. */
    Range range(DoubleStream values, boolean fromZero) {
        if (names != null) return new Range(0.5, names.size() + 0.5, true);
        double[] finite = values.filter(Double::isFinite).toArray();
        if (finite.length == 0) return new Range(0, 1, false);
        double[] ends = {Arrays.stream(finite).min().getAsDouble(), Arrays.stream(finite).max().getAsDouble()};
        boolean whole = Arrays.stream(finite).allMatch(v -> v == Math.rint(v));
        double low = fromZero ? Math.min(0, ends[0]) : ends[0], high = fromZero ? Math.max(0, ends[1]) : ends[1];
        // differences that are rounding only, or none
        if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) {
            double around = low == 0 || logarithmic ? 0.5 : Math.abs(low) / 10;
            return new Range(low - around, high + around, false);
        }
        double margin = MARGIN * (high - low);
        return new Range(fromZero && low == 0 ? 0 : low - margin, fromZero && high == 0 ? 0 : high + margin, whole);
    }

    /** Ticks along so many pixels. */
    Ticks ticks(Range range, double pixels, boolean horizontal) {
        if (names != null) {
            double[] at = new double[names.size()];
            String[] labels = new String[names.size()];
            for (int i = 0; i < at.length; i++) {
                at[i] = i + 1;
                labels[i] = Text.fitting(names.get(i), Text.SMALL, LONGEST_NAME);
            }
            return new Ticks(at, labels, 1);
        }
        if (horizontal) return numbers(range, pixels, label -> Text.width(label, Text.SMALL) + 18);
        return numbers(range, pixels, label -> 30);
    }

    private Ticks numbers(Range range, double pixels, ToDoubleFunction<String> size) {
        if (logarithmic) return Ticks.logarithmic(range.low, range.high, pixels, size);
        // half an episode is nothing
        return Ticks.linear(range.low, range.high, range.whole && range.high - range.low > 2 ? 1 : 0, pixels, size);
    }

    /** Whether Plotly's own logarithmic axis can show the range; where it cannot, an even one of logarithms has the same ticks. */
    boolean trulyLogarithmic(Range range) {
        return logarithmic && Math.max(Math.abs(range.low), Math.abs(range.high)) <= LARGEST_EXPONENT;
    }

    /** The axis in Plotly's form, where it is so many pixels long. */
    Map<String, Object> plotly(Range range, Ticks ticks, int pixels) {
        var axis = new LinkedHashMap<String, Object>();
        axis.put("title", Chart.map("text", Text.plotly(Text.fitting(label, Text.LABEL, pixels + 2 * Frame.OVERHANG)), "standoff", 8,
            "font", Chart.map("size", Text.LABEL.getSize())));
        boolean truly = trulyLogarithmic(range);
        axis.put("type", truly ? "log" : "linear");
        axis.put("range", List.of(range.low, range.high));
        if (names == null && !logarithmic && ticks.labels().length > 0 && !ticks.labels()[ticks.labels().length - 1].contains("×")) {
            // so many that Plotly's own choice is this one, and a finer one when the user zooms
            axis.put("nticks", (int) Math.floor((range.high - range.low) / ticks.step()) + 1);
            String text = ticks.labels()[0];
            int decimals = text.contains(".") ? text.length() - text.indexOf('.') - 1 : 0;
            // as many decimals at every tick; finer steps, when the user zooms, have their own
            axis.put("tickformatstops",
                List.of(Chart.map("dtickrange", Arrays.asList(0.99 * ticks.step(), null), "value", ",." + decimals + "f")));
            axis.put("separatethousands", true);
            axis.put("exponentformat", "none");
        } else {
            axis.put("tickmode", "array");
            axis.put("tickvals", DoubleStream.of(ticks.at()).mapToObj(v -> (Object) (truly ? Math.pow(10, v) : v)).toList());
            axis.put("ticktext", Arrays.stream(ticks.labels()).map(Text::plotly).toList());
        }
        axis.putAll(Chart.map("ticks", "outside", "ticklen", 4, "tickcolor", Chart.LINE_COLOUR, "tickfont",
            Chart.map("size", Text.SMALL.getSize()), "showline", true,
            "linecolor", Chart.LINE_COLOUR, "linewidth", 1, "gridcolor", Chart.GRID_COLOUR, "zeroline", false, "automargin", false));
        return axis;
    }
}
