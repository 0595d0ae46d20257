package metarl.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A table of numbers as coloured cells, with both twins of its chart.
 *
 * <p>The colours are viridis (Smith and van der Walt 2015): lightness rises evenly from the lowest number to the highest, also in grey and
 * for colour-blind readers, and none of it is the white of a blank cell.
 *
 * @param title title of the chart
 * @param xName what the columns are
 * @param yName what the rows are
 * @param xLabels one per column, from the left
 * @param yLabels one per row, from the bottom
 * @param values {@code values[row][column]}; NaN is left blank
 * @param valueName what the colour bar says
 * @param low the number of the darkest colour
 * @param high the number of the brightest colour; what lies outside of the two has the colour of the nearer one
 */
public record HeatMap(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values, String valueName,
    double low, double high)
    implements Content {
    static final String[] COLOURS = {"#440154", "#482576", "#414487", "#35608D", "#2A788E", "#21908C", "#22A884", "#43BF71", "#7AD151",
        "#BBDF27", "#FDE725"};
    private static final int LABEL_GAP = 16;
    private static final double LONGEST_LABEL = 160;
    private static final int BAR_WIDTH = 20;
    private static final int BAR_GAP = 10;
    /** Least height of the plot, and so of the colour bar. */
    private static final int BAR_HEIGHT = 260;

    /** Checks labels and values. */
    public HeatMap {
        if (values.length == 0 || values[0].length == 0)
            throw new IllegalArgumentException("the heat map '" + title + "' has no cells; expected at least one row with one value");
        for (int row = 0; row < values.length; row++) {
            if (values[row].length != values[0].length)
                throw new IllegalArgumentException("row " + row + " of the heat map '" + title + "' has " + values[row].length
                    + " values and row 0 has " + values[0].length
                    + "; expected as many");
            for (int column = 0; column < values[row].length; column++)
                if (Double.isInfinite(values[row][column]))
                    throw new IllegalArgumentException(
                        "the value in row " + row + ", column " + column + " of the heat map '" + title + "' is " + values[row][column]
                            + "; expected a number, or NaN for a blank cell");
        }
        checkLabels(title, "column", xLabels, values[0].length);
        checkLabels(title, "row", yLabels, values.length);
        if (Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(Double::isNaN))
            throw new IllegalArgumentException("all values of the heat map '" + title + "' are NaN; expected at least one number");
        if (valueName.isBlank()) throw new IllegalArgumentException(
            "the values of the heat map '" + title + "' have no name; expected what the colour bar has to say");
        if (!(low < high) || Double.isInfinite(high - low))
            throw new IllegalArgumentException("the colours of the heat map '" + title + "' go from " + low + " to " + high
                + "; expected finite numbers, the first below the second");
    }

    private static void checkLabels(String title, String what, String[] labels, int expected) {
        if (labels.length != expected)
            throw new IllegalArgumentException("the heat map '" + title + "' has " + labels.length + " " + what + " labels and " + expected
                + " " + what + "s; expected a label for each");
        var seen = new HashSet<String>();
        for (String label : labels)
            // Plotly would draw both into one
            if (label.isBlank() || !seen.add(label))
                throw new IllegalArgumentException("the " + what + " label '" + label + "' of the heat map '" + title + "' is "
                    + (label.isBlank() ? "blank" : "given twice")
                    + "; expected labels that differ");
    }

    /**
     * With colours from the least number to the greatest, a little rounded outwards so that the ends of the colour bar are short numbers.
     */
    public static HeatMap of(String title, String xName, String yName, String[] xLabels, String[] yLabels, double[][] values,
        String valueName) {
        double[] numbers = Arrays.stream(values).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
        double least = Arrays.stream(numbers).min().orElse(0), greatest = Arrays.stream(numbers).max().orElse(1);
        if (greatest - least <= 1e-12 * Math.abs(greatest)) {
            double margin = Math.max(0.5, Math.abs(least) / 100);
            return new HeatMap(title, xName, yName, xLabels, yLabels, values, valueName, least - margin, least + margin);
        }
        int digits = 2 - (int) Math.floor(Math.log10(greatest - least));
        return new HeatMap(title, xName, yName, xLabels, yLabels, values, valueName, rounded(least, digits, RoundingMode.FLOOR),
            rounded(greatest, digits, RoundingMode.CEILING));
    }

    private static double rounded(double value, int digits, RoundingMode mode) {
        return BigDecimal.valueOf(value).setScale(digits, mode).doubleValue();
    }

    /** It as a chart. */
    public Chart chart() {
        return new Chart(this);
    }

    @Override
    public int[] sides(int height) {
        double widest = Arrays.stream(labels(yLabels)).mapToDouble(label -> Text.width(label, Text.SMALL)).max().orElse(0);
        return new int[] {(int) Math.ceil(widest) + 12 + (yName.isBlank() ? 4 : 26), barSpace()};
    }

    @Override
    public int below() {
        return 52;
    }

    @Override
    public List<Entry> legend() {
        return List.of();
    }

    @Override
    public String description() {
        return Description.of(this);
    }

    @Override
    public void sign(Graphics2D g, int entry, int x, int y) {}

    @Override
    public Content logarithmic(boolean x, boolean y) {
        throw new IllegalArgumentException("the axes of the heat map '" + title + "' have names; names have no logarithms");
    }

    @Override
    public Content equalScales() {
        throw new IllegalArgumentException("the axes of the heat map '" + title + "' have names; names have no scale");
    }

    private static String[] labels(String[] texts) {
        return Arrays.stream(texts).map(text -> Text.fitting(text, Text.SMALL, LONGEST_LABEL)).toArray(String[]::new);
    }

    @Override
    public List<Map<String, Object>> traces(Rectangle plot) {
        List<Object> rows = new ArrayList<>(), scale = new ArrayList<>();
        for (double[] row : values) {
            List<Object> cells = new ArrayList<>();
            for (double value : row) cells.add(Double.isNaN(value) ? null : (Object) value);
            rows.add(cells);
        }
        for (int i = 0; i < COLOURS.length; i++) scale.add(List.of((double) i / (COLOURS.length - 1), COLOURS[i]));
        Ticks ticks = barTicks();
        Map<String, Object> bar = Chart.map("title",
            Chart.map("text", Text.plotly(barName()), "side", "right", "font", Chart.map("size", Text.SMALL.getSize())),
            "thicknessmode", "pixels", "thickness", BAR_WIDTH, "len", 1, "xpad", BAR_GAP, "ypad", 0, "outlinewidth", 0,
            "tickmode", "array", "tickvals", Arrays.stream(ticks.at()).boxed().toList(), "ticktext", List.of(ticks.labels()));
        return List.of(Chart.map("type", "heatmap", "x", texts(xLabels), "y", texts(yLabels), "z", rows, "colorscale", scale, "zmin", low,
            "zmax", high, "hoverongaps", false,
            "colorbar", bar));
    }

    private static List<String> texts(String[] labels) {
        return Arrays.stream(labels).map(Text::line).map(Text::plotly).toList();
    }

    /** Labels such as "10" would otherwise be taken as numbers. */
    private static Map<String, Object> categories(String name, int every, int pixels) {
        return Chart.map("title",
            Chart.map("text", Text.plotly(Text.fitting(name, Text.LABEL, pixels + 2 * Frame.OVERHANG)), "standoff", 8, "font",
                Chart.map("size", Text.LABEL.getSize())),
            "type", "category", "tickmode", "linear", "tick0", 0, "dtick", every, "ticks", "outside", "ticklen", Frame.TICK_LENGTH,
            "tickcolor", Chart.LINE_COLOUR, "tickfont", Chart.map("size", Text.SMALL.getSize()), "tickangle", 0, "showgrid", false,
            "zeroline", false, "automargin", false);
    }

    @Override
    public Map<String, Object> horizontal(Rectangle plot) {
        Map<String, Object> axis = categories(xName, xEvery(plot), plot.width);
        if (cut(xLabels)) axis.putAll(Chart.map("tickmode", "array", "tickvals", texts(xLabels), "ticktext", texts(labels(xLabels))));
        return axis;
    }

    @Override
    public Map<String, Object> vertical(Rectangle plot) {
        Map<String, Object> axis = categories(yName, yEvery(plot), plot.height);
        if (cut(yLabels)) axis.putAll(Chart.map("tickmode", "array", "tickvals", texts(yLabels), "ticktext", texts(labels(yLabels))));
        return axis;
    }

    private static boolean cut(String[] texts) {
        return !Arrays.equals(labels(texts), Arrays.stream(texts).map(Text::line).toArray(String[]::new));
    }

    @Override
    public void paint(Graphics2D g, Rectangle plot) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        int rows = values.length, columns = values[0].length;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) {
                if (Double.isNaN(values[row][column])) continue;
                int left = plot.x + column * plot.width / columns, right = plot.x + (column + 1) * plot.width / columns;
                int top = plot.y + (rows - 1 - row) * plot.height / rows, bottom = plot.y + (rows - row) * plot.height / rows;
                g.setColor(colour((values[row][column] - low) / (high - low)));
                g.fillRect(left, top, right - left, bottom - top);
            }
        int bar = plot.x + plot.width + BAR_GAP;
        for (int y = 0; y < plot.height; y++) {
            g.setColor(colour(1 - (y + 0.5) / plot.height));
            g.fillRect(bar, plot.y + y, BAR_WIDTH, 1);
        }
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Ticks ticks = barTicks();
        for (int i = 0; i < ticks.at().length; i++)
            Frame.text(g, ticks.labels()[i], Text.SMALL, bar + BAR_WIDTH + 4,
                plot.y + plot.height * (1 - (ticks.at()[i] - low) / (high - low)) + 4.5);
        AffineTransform before = g.getTransform();
        g.translate(bar + BAR_WIDTH + 4 + numberWidth() + 8, plot.y + (plot.height - Text.width(barName(), Text.SMALL)) / 2);
        g.rotate(Math.PI / 2);
        Frame.text(g, barName(), Text.SMALL, 0, 0);
        g.setTransform(before);
        String[] x = labels(xLabels), y = labels(yLabels);
        for (int i = 0; i < columns; i += xEvery(plot)) Frame.below(g, plot, plot.x + (i + 0.5) * plot.width / columns, x[i]);
        for (int i = 0; i < rows; i += yEvery(plot)) Frame.left(g, plot, plot.y + plot.height - (i + 0.5) * plot.height / rows, y[i]);
        Frame.labels(g, plot, xName, yName, sides(plot.height)[0]);
    }

    private static Color colour(double part) {
        double at = Math.max(0, Math.min(1, part)) * (COLOURS.length - 1);
        int below = (int) Math.min(COLOURS.length - 2, Math.floor(at));
        Color a = Color.decode(COLOURS[below]), b = Color.decode(COLOURS[below + 1]);
        double share = at - below;
        return new Color(mixed(a.getRed(), b.getRed(), share), mixed(a.getGreen(), b.getGreen(), share),
            mixed(a.getBlue(), b.getBlue(), share));
    }

    private static int mixed(int a, int b, double share) {
        return (int) Math.round(a + share * (b - a));
    }

    private Ticks barTicks() {
        return Ticks.linear(low, high, 0, BAR_HEIGHT, label -> 40);
    }

    private String barName() {
        return Text.fitting(valueName, Text.SMALL, BAR_HEIGHT);
    }

    private int numberWidth() {
        return (int) Math.ceil(Arrays.stream(barTicks().labels()).mapToDouble(label -> Text.width(label, Text.SMALL)).max().orElse(0));
    }

    private int barSpace() {
        return BAR_GAP + BAR_WIDTH + 4 + numberWidth() + 30;
    }

    private int xEvery(Rectangle plot) {
        return every(labels(xLabels), label -> Text.width(label, Text.SMALL), (double) plot.width / xLabels.length);
    }

    private int yEvery(Rectangle plot) {
        return every(yLabels, label -> Text.SMALL.getSize(), (double) plot.height / yLabels.length);
    }

    /** 1 if all labels can be shown without touching, or else 2, 5, 10, 20, 50, …: every so many. */
    private static int every(String[] labels, ToDoubleFunction<String> size, double cell) {
        int step = 1;
        for (int i = 0; touching(labels, size, cell, step); i++) step *= i % 3 == 1 ? 2.5 : 2;
        return step;
    }

    private static boolean touching(String[] labels, ToDoubleFunction<String> size, double cell, int step) {
        for (int i = step; i < labels.length; i += step)
            if ((size.applyAsDouble(labels[i - step]) + size.applyAsDouble(labels[i])) / 2 + LABEL_GAP > step * cell) return true;
        return false;
    }
}
