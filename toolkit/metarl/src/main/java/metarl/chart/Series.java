package metarl.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One line, or one cloud of points, of a chart.
 *
 * @param name what the legend says
 * @param x horizontal values
 * @param y vertical values, as many
 * @param style how it is drawn
 */
public record Series(String name, double[] x, double[] y, Style style) {
    /** How a series is drawn. */
    public enum Style {
        /** A line through the points. */
        LINE,
        /** A dashed grey line, for references. */
        REFERENCE,
        /** Points only. */
        POINTS,
        /** Steps down to zero, for histograms. */
        BARS,
        /** The area within a closed outline, in the colour of the series that follows: an interval around a line. */
        BAND,
        /** An estimate as a point on its interval: three points, the ends first and last. */
        INTERVAL
    }

    /** More points than this cannot be told apart, and would fill a notebook's file. */
    static final int MOST_POINTS = 4_000;
    static final String NO_NUMBERS = " (no numbers)";

    /** Checks that x and y have equal length and are not empty. */
    public Series {
        if (x.length != y.length) throw new IllegalArgumentException(
            "series '" + name + "' has " + x.length + " x and " + y.length + " y values; expected as many");
        if (x.length == 0) throw new IllegalArgumentException("series '" + name + "' is empty; expected at least one point");
    }

    /** A line. */
    public static Series line(String name, double[] x, double[] y) {
        return new Series(name, x, y, Style.LINE);
    }

    /** Points without a line. */
    public static Series points(String name, double[] x, double[] y) {
        return new Series(name, x, y, Style.POINTS);
    }

    /**
     * The area between a lower and an upper line; its colour is that of the series of the same name, or of the one that follows if there is
     * none. It is left out where either is missing (NaN).
     *
     * @throws IllegalArgumentException if lengths differ, or both lines are missing everywhere, so that there is nothing between them
     */
    public static Series band(String name, double[] x, double[] low, double[] high) {
        if (x.length != low.length || x.length != high.length)
            throw new IllegalArgumentException("the band '" + name + "' has " + x.length + " x, " + low.length + " lower and " + high.length
                + " upper values; expected as many");
        var around = DoubleStream.builder();
        var edge = DoubleStream.builder();
        boolean empty = true;
        for (int from = 0, to; from < x.length; from = to + 1) {
            for (to = from; to < x.length && Double.isFinite(x[to]) && Double.isFinite(low[to]) && Double.isFinite(high[to]); to++) {}
            if (to == from) continue;
            // parts are apart by a missing point
            if (!empty) for (var builder : List.of(around, edge)) builder.add(Double.NaN);
            empty = false;
            for (int i = from; i < to; i++) {
                around.add(x[i]);
                edge.add(high[i]);
            }
            for (int i = to - 1; i >= from; i--) {
                around.add(x[i]);
                edge.add(low[i]);
            }
        }
        if (empty) throw new IllegalArgumentException("the band '" + name + "' has no point where both lines are numbers; leave it out");
        return new Series(name, around.build().toArray(), edge.build().toArray(), Style.BAND);
    }

    /** A horizontal reference at {@code level} from {@code from} to {@code to}. */
    public static Series reference(String name, double level, double from, double to) {
        return new Series(name, new double[] {from, to}, new double[] {level, level}, Style.REFERENCE);
    }

    /** An estimate on its interval, at a height; where an end is missing (NaN), the point alone. */
    public static Series interval(String name, double low, double value, double high, double height) {
        boolean whole = Double.isFinite(low) && Double.isFinite(high);
        return new Series(name, new double[] {whole ? low : value, value, whole ? high : value}, new double[] {height, height, height},
            Style.INTERVAL);
    }

    /** Whether its name says something about its points that the user has to see. */
    boolean noted() {
        return name.endsWith(NO_NUMBERS) || name.matches(".*, [\\d,]+ of [\\d,]+ points");
    }

    /**
     * The same with as many points as can be told apart, and a name that says how many are left out, or that there is nothing to be seen.
     */
    Series thinned() {
        if (noted()) return this;
        boolean any = false;
        for (int i = 0; i < x.length && !any; i++) any = Double.isFinite(x[i]) && Double.isFinite(y[i]);
        if (!any) return new Series(name + NO_NUMBERS, x, y, style);
        if (x.length <= MOST_POINTS) return this;
        int[] kept = style == Style.POINTS ? evenly() : extremes();
        String note = String.format(Locale.ROOT, ", %,d of %,d points", kept.length, x.length);
        return new Series(name + note, Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(),
            Arrays.stream(kept).mapToDouble(i -> y[i]).toArray(), style);
    }

    /** Of a cloud every so many: what is dense stays dense. */
    private int[] evenly() {
        return IntStream.range(0, MOST_POINTS).map(i -> (int) ((long) i * x.length / MOST_POINTS)).toArray();
    }

    /** Of a line the ends, lows, highs and gaps of equal parts: no peak is lost. */
    private int[] extremes() {
        int parts = MOST_POINTS / 4;
        var kept = new TreeSet<Integer>();
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) part * x.length / parts), to = (int) ((long) (part + 1) * x.length / parts), least = from,
                largest = from;
            for (int i = from; i < to; i++) {
                if (y[i] < y[least] || Double.isNaN(y[least])) least = i;
                if (y[i] > y[largest] || Double.isNaN(y[largest])) largest = i;
            }
            kept.addAll(List.of(from, least, largest, to - 1));
        }
        return kept.stream().mapToInt(i -> i).toArray();
    }
}
