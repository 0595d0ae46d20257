package metarl.plot;

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
        BAND
    }

    /** Checks that x and y have equal length and are not empty. */
    public Series {
        if (x.length != y.length) throw new IllegalArgumentException("series '" + name + "' has " + x.length + " x and " + y.length + " y values; expected as many");
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

    /** The area between a lower and an upper line; its colour is that of the series that follows. */
    public static Series band(String name, double[] x, double[] low, double[] high) {
        int n = x.length;
        double[] around = new double[2 * n], edge = new double[2 * n];
        for (int i = 0; i < n; i++) {
            around[i] = x[i];
            edge[i] = high[i];
            around[2 * n - 1 - i] = x[i];
            edge[2 * n - 1 - i] = low[i];
        }
        return new Series(name, around, edge, Style.BAND);
    }

    /** A horizontal reference at {@code level} from {@code from} to {@code to}. */
    public static Series reference(String name, double level, double from, double to) {
        return new Series(name, new double[] {from, to}, new double[] {level, level}, Style.REFERENCE);
    }
}
