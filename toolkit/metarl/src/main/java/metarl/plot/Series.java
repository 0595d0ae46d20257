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
        BARS
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

    /** A horizontal reference at {@code level} from {@code from} to {@code to}. */
    public static Series reference(String name, double level, double from, double to) {
        return new Series(name, new double[] {from, to}, new double[] {level, level}, Style.REFERENCE);
    }
}
