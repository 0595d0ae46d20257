package metarl.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Series on two axes. On a logarithmic axis the series hold logarithms to base 10.
 *
 * @param title what stands above it
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series what is drawn, the first at the bottom
 * @param equal whether one unit is as long on both axes, as on a map
 */
public record Panel(String title, Axis x, Axis y, List<Series> series, boolean equal) implements Content {
    private static final String[] COLOURS = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
    private static final String REFERENCE_COLOUR = "#777777";
    /** Told apart also without colour. */
    private static final int[][] DASHES = {{}, {9, 4}, {3, 3}, {12, 4, 3, 4}, {6, 2}, {16, 4}};
    private static final String[] SYMBOLS = {"circle", "square", "diamond", "triangle-up", "x", "circle-open"};
    private static final int[] REFERENCE_DASH = {9, 9};
    private static final double BAND_OPACITY = 0.18;
    private static final int FEW = 40;
    private static final int LINE_MARKER = 6;
    private static final int POINT_MARKER = 8;
    private static final int DENSE = 500;
    private static final int SMALL_MARKER = 4;
    private static final double LONGEST_ENTRY = 240;
    private static final int GAP = 8;
    private static final int BELOW_TICKS = 26;
    private static final int BELOW_LABEL = 48;
    private static final int INTERVALS_HEAD = 130, INTERVALS_ROW = 34;

    /** Thins out series with more points than anybody can see. */
    public Panel {
        series = series.stream().map(Series::thinned).toList();
    }

    /** Axes of independent scales. */
    public Panel(String title, Axis x, Axis y, List<Series> series) {
        this(title, x, y, series, false);
    }

    @Override
    public Content equalScales() {
        if (x.names() != null || y.names() != null || x.logarithmic() != y.logarithmic())
            throw new IllegalArgumentException("the axes of '" + title + "' have no unit in common: one has names, or is logarithmic");
        return new Panel(title, x, y, series, true);
    }

    @Override
    public double shape() {
        Axis.Range xs = xRange(), ys = yRange();
        return equal ? (xs.high() - xs.low()) / (ys.high() - ys.low()) : Double.NaN;
    }

    Axis.Range xRange() {
        return x.range(series.stream().flatMapToDouble(s -> Arrays.stream(s.x())), false);
    }

    Axis.Range yRange() {
        boolean bars = !y.logarithmic() && series.stream().anyMatch(s -> s.style() == Series.Style.BARS);
        return y.range(series.stream().flatMapToDouble(s -> Arrays.stream(s.y())), bars);
    }

    @Override
    public Content logarithmic(boolean ofX, boolean ofY) {
        boolean moreX = ofX && !x.logarithmic(), moreY = ofY && !y.logarithmic();
        if (moreX && x.names() != null || moreY && y.names() != null)
            throw new IllegalArgumentException("the axis of '" + title + "' has names; names have no logarithms");
        var logs = series.stream()
            .map(s -> new Series(s.name(), moreX ? logs(s, s.x(), "x") : s.x(), moreY ? logs(s, s.y(), "y") : s.y(), s.style())).toList();
        return new Panel(title, x.logarithmic(x.logarithmic() || ofX), y.logarithmic(y.logarithmic() || ofY), logs, equal);
    }

    private double[] logs(Series s, double[] values, String which) {
        for (int i = 0; i < values.length; i++)
            if (values[i] <= 0)
                throw new IllegalArgumentException(
                    "the series '" + s.name() + "' of the chart '" + title + "' has " + which + " = " + values[i] + " at point " + i
                        + "; a logarithmic axis shows numbers above 0 only. Leave such points out, or keep the axis even.");
        return Arrays.stream(values).map(Math::log10).toArray();
    }

    /** Its number among the series that have a colour of their own; a band shares that of its namesake, else of the series that follows. */
    private int number(int index) {
        Series own = series.get(index);
        int before = own.style() == Series.Style.BAND
            ? IntStream.range(0, series.size()).filter(i -> isColoured(i) && series.get(i).name().equals(own.name())).findFirst()
                .orElse(index)
            : index;
        return (int) IntStream.range(0, before).filter(this::isColoured).count();
    }

    private boolean isColoured(int index) {
        return series.get(index).style() != Series.Style.REFERENCE && series.get(index).style() != Series.Style.BAND;
    }

    String colour(int index) {
        // names stand beside them
        if (series.get(index).style() == Series.Style.INTERVAL) return COLOURS[0];
        return series.get(index).style() == Series.Style.REFERENCE ? REFERENCE_COLOUR : COLOURS[number(index) % COLOURS.length];
    }

    private int[] dash(int index) {
        return switch (series.get(index).style()) {
            case REFERENCE -> REFERENCE_DASH;
            case LINE -> DASHES[number(index) % DASHES.length];
            default -> DASHES[0];
        };
    }

    private String symbol(int index) {
        return series.get(index).style() == Series.Style.INTERVAL ? SYMBOLS[0] : SYMBOLS[number(index) % SYMBOLS.length];
    }

    private static int marker(Series s) {
        return switch (s.style()) {
            case POINTS -> s.x().length > DENSE ? SMALL_MARKER : POINT_MARKER;
            case INTERVAL -> POINT_MARKER;
            case LINE -> s.x().length < FEW ? LINE_MARKER : 0;
            default -> 0;
        };
    }

    String name(int index) {
        String name = Text.line(series.get(index).name());
        return name.isEmpty() ? "series " + (index + 1) : name;
    }

    private boolean inLegend(int index) {
        Series.Style style = series.get(index).style();
        return style != Series.Style.BAND && style != Series.Style.INTERVAL && !holdsAxis(index);
    }

    /** Whether it is a reference without a name: it says nothing, and only holds an axis open. */
    boolean holdsAxis(int index) {
        return series.get(index).style() == Series.Style.REFERENCE && series.get(index).name().isBlank();
    }

    int[] entries() {
        int[] shown = IntStream.range(0, series.size()).filter(this::inLegend).toArray();
        boolean needed = series.size() > 1 || series.get(0).noted();
        return needed ? shown : new int[0];
    }

    @Override
    public List<Entry> legend() {
        return Arrays.stream(entries()).mapToObj(i -> new Entry(Text.fitting(name(i), Text.SMALL, LONGEST_ENTRY), look(i))).toList();
    }

    private String look(int index) {
        return series.get(index).style() + " " + colour(index) + " " + Arrays.toString(dash(index)) + " " + symbol(index);
    }

    @Override
    public String description() {
        return Description.of(this);
    }

    /** Whether it is a list of named estimates. */
    boolean ofIntervals() {
        return y.names() != null && series.stream().anyMatch(s -> s.style() == Series.Style.INTERVAL);
    }

    @Override
    public int height() {
        return ofIntervals() ? INTERVALS_HEAD + INTERVALS_ROW * y.names().size() : Chart.HEIGHT;
    }

    @Override
    public int[] sides(int height) {
        Ticks ticks = y.ticks(yRange(), height, false);
        double widest = Arrays.stream(ticks.labels()).mapToDouble(l -> Text.width(l, Text.SMALL)).max().orElse(0);
        return new int[] {(int) Math.ceil(widest) + GAP + 4 + (y.label().isBlank() ? 4 : 26), 22};
    }

    @Override
    public int below() {
        return x.label().isBlank() ? BELOW_TICKS : BELOW_LABEL;
    }

    @Override
    public Map<String, Object> horizontal(Rectangle plot) {
        return x.plotly(xRange(), x.ticks(xRange(), plot.width, true), plot.width);
    }

    @Override
    public Map<String, Object> vertical(Rectangle plot) {
        return y.plotly(yRange(), y.ticks(yRange(), plot.height, false), plot.height);
    }

    @Override
    public List<Map<String, Object>> traces(Rectangle plot) {
        int[] entries = entries();
        var traces = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < series.size(); i++) {
            Series s = series.get(i);
            int index = i, marker = marker(s);
            Map<String, Object> trace = Chart.map("type", "scatter", "name", Text.plotly(Text.fitting(name(i), Text.SMALL, LONGEST_ENTRY)),
                "x", numbers(s.x(), x.trulyLogarithmic(xRange())), "y", numbers(s.y(), y.trulyLogarithmic(yRange())),
                "mode", s.style() == Series.Style.POINTS ? "markers" : marker > 0 ? "lines+markers" : "lines",
                "showlegend", Arrays.stream(entries).anyMatch(e -> e == index));
            if (s.style() != Series.Style.POINTS) {
                int[] dash = dash(i);
                Map<String, Object> line = Chart.map("color", colour(i), "width", width(s));
                if (dash == REFERENCE_DASH) line.put("dash", "dash");
                else if (dash.length > 0) line.put("dash", String.join(",", Arrays.stream(dash).mapToObj(d -> d + "px").toList()));
                trace.put("line", line);
            }
            if (marker > 0) trace.put("marker",
                Chart.map("color", colour(i), "size", s.style() == Series.Style.INTERVAL ? List.of(0, marker, 0) : marker, "symbol",
                    symbol(i), "opacity", 1,
                    "line", Chart.map("width", symbol(i).endsWith("open") ? 1.5 : 0)));
            if (s.style() == Series.Style.BARS) trace.putAll(Chart.map("fill", "tozeroy", "fillcolor", transparent(colour(i), 0.35)));
            if (s.style() == Series.Style.BAND)
                trace.putAll(Chart.map("fill", "toself", "fillcolor", transparent(colour(i), BAND_OPACITY), "hoverinfo", "skip"));
            traces.add(trace);
        }
        return traces;
    }

    private static double width(Series s) {
        return s.style() == Series.Style.BAND ? 0 : s.style() == Series.Style.REFERENCE ? 1.5 : 2;
    }

    /** What is no number is a gap. */
    private static List<Object> numbers(double[] values, boolean exponents) {
        var numbers = new ArrayList<Object>(values.length);
        for (double v : values) numbers.add(Double.isFinite(v) ? (Object) (exponents ? Math.pow(10, v) : v) : null);
        return Collections.unmodifiableList(numbers);
    }

    private static String transparent(String colour, double opacity) {
        Color c = Color.decode(colour);
        return "rgba(" + c.getRed() + "," + c.getGreen() + "," + c.getBlue() + "," + opacity + ")";
    }

    @Override
    public void paint(Graphics2D g, Rectangle plot) {
        Axis.Range xs = xRange(), ys = yRange();
        Frame.paint(g, plot, x, y, xs, ys, sides(plot.height)[0]);
        Shape clip = g.getClip();
        g.clip(plot);
        for (int i = 0; i < series.size(); i++) {
            Series s = series.get(i);
            double[] px = Arrays.stream(s.x()).map(v -> plot.x + (v - xs.low()) / (xs.high() - xs.low()) * plot.width).toArray();
            double[] py = Arrays.stream(s.y()).map(v -> plot.y + plot.height - (v - ys.low()) / (ys.high() - ys.low()) * plot.height)
                .toArray();
            double zero = plot.y + plot.height - Math.max(0, Math.min(1, -ys.low() / (ys.high() - ys.low()))) * plot.height;
            draw(g, i, px, py, y.logarithmic() ? plot.y + plot.height : zero);
        }
        g.setClip(clip);
    }

    private void draw(Graphics2D g, int index, double[] px, double[] py, double zero) {
        Series s = series.get(index);
        Color colour = Color.decode(colour(index));
        if (s.style() == Series.Style.BAND || s.style() == Series.Style.BARS) {
            double opacity = s.style() == Series.Style.BAND ? BAND_OPACITY : 0.35;
            g.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), (int) (255 * opacity)));
            Path2D area = Pen.path(px, py, s.style() == Series.Style.BAND, zero);
            g.fill(area);
        }
        g.setColor(colour);
        if (s.style() != Series.Style.POINTS && s.style() != Series.Style.BAND) {
            g.setStroke(Pen.stroke((float) width(s), dash(index)));
            g.draw(Pen.path(px, py, false, Double.NaN));
        }
        int marker = marker(s);
        if (s.style() == Series.Style.INTERVAL) Pen.mark(g, symbol(index), px[1], py[1], marker);
        else if (marker > 0) for (int i = 0; i < px.length; i++) Pen.mark(g, symbol(index), px[i], py[i], marker);
    }

    @Override
    public void sign(Graphics2D g, int entry, int left, int middle) {
        int index = entries()[entry];
        if (series.get(index).style() == Series.Style.POINTS) {
            g.setColor(Color.decode(colour(index)));
            Pen.mark(g, symbol(index), left + 15, middle, POINT_MARKER);
            return;
        }
        double[] px = {left, left + 15, left + 30}, py = {middle, middle, middle};
        Color colour = Color.decode(colour(index));
        if (series.get(index).style() == Series.Style.BARS) {
            g.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 90));
            g.fill(new Rectangle2D.Double(left, middle, 30, 6));
        }
        g.setColor(colour);
        g.setStroke(Pen.stroke((float) width(series.get(index)), dash(index)));
        g.draw(Pen.path(px, py, false, Double.NaN));
        if (marker(series.get(index)) > 0) Pen.mark(g, symbol(index), left + 15, middle, LINE_MARKER);
    }
}
