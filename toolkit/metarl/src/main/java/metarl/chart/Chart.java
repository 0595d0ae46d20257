package metarl.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * One figure: in Plotly's form for the notebook, and its twin as a picture, which is what viewers without Plotly show. JupyterLab shows the
 * picture until the mouse enters it and Plotly's figure then: both have the same size, places, ticks, colours and texts.
 *
 * <p>As the last value of a cell it shows itself; elsewhere use {@link #show()}. Nothing is loaded from the network.
 */
public final class Chart {
    /** Width of a chart in pixels, of both twins. */
    static final int WIDTH = 700;
    /** Height of a chart in pixels. */
    static final int HEIGHT = 420;
    /** Width of several panels together: what JupyterLab has beside its file browser in a window of 1280 pixels. */
    static final int PANELS_WIDTH = 810;
    static final String GRID_COLOUR = "#e6e6e6";
    static final String LINE_COLOUR = "#777777";
    static final String TEXT_COLOUR = "#333333";
    private static final int PANELS_HEIGHT = 350;
    private static final int FILE_SCALE = 2;
    private static final int TITLE_LINES = 2;
    private static final int TITLE_LINE = 20;
    private static final int ABOVE_TITLE = 10;
    private static final int AROUND_PLOT = 12;
    private static final int PANEL_TITLE = 22;
    private static final int LEGEND_ROW = 19;
    /** Plotly's: the sign of an entry and the gaps around it. */
    private static final int SIGN = 30;
    private static final int SIGN_GAPS = 10;
    private static final int LEGEND_EDGE = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Consumer<Chart> display = chart -> System.out.println(chart);

    private final String title;
    private final List<Content> panels;
    private final int width;
    private final int height;

    /** A chart of one panel or one heat map. */
    public Chart(Content content) {
        this(content.title(), List.of(content), WIDTH, HEIGHT);
    }

    private Chart(String title, List<Content> panels, int width, int height) {
        this.title = title;
        this.panels = panels;
        this.width = width;
        this.height = height;
    }

    /** Several charts side by side under one title; their titles have to tell what legends would. */
    public static Chart panels(String title, Content... panels) {
        return new Chart(title, List.of(panels), PANELS_WIDTH, PANELS_HEIGHT);
    }

    /** The same lower or higher: for many names along the vertical axis. */
    public Chart height(int pixels) {
        return new Chart(title, panels, width, pixels);
    }

    /** Where {@link #show()} sends charts; a notebook kernel sets this. */
    public static void displayWith(Consumer<Chart> target) {
        display = target;
    }

    /** Shows the chart now: in a notebook as output of the cell, elsewhere as a line of text. */
    public void show() {
        display.accept(this);
    }

    /** The chart's title. */
    public String title() {
        return title;
    }

    /**
     * The same with a logarithmic horizontal axis.
     *
     * @throws IllegalArgumentException if a number on it is not above 0, named
     */
    public Chart logX() {
        return new Chart(title, panels.stream().map(p -> p.logarithmic(true, false)).toList(), width, height);
    }

    /**
     * The same with a logarithmic vertical axis.
     *
     * @throws IllegalArgumentException if a number on it is not above 0, named
     */
    public Chart logY() {
        return new Chart(title, panels.stream().map(p -> p.logarithmic(false, true)).toList(), width, height);
    }

    /** Where everything is, in pixels from the left and upper edges. */
    private record Places(List<String> title, List<String> legend, int perRow, int entryWidth, List<Rectangle> plots) {}

    private Places places() {
        List<String> lines = Text.lines(title, Text.TITLE, width - 20, TITLE_LINES);
        boolean single = panels.size() == 1;
        List<String> legend = single ? panels.get(0).legend() : List.of();
        int entry = (int) Math.ceil(legend.stream().mapToDouble(l -> Text.width(l, Text.SMALL)).max().orElse(0)) + 6;
        int below = panels.stream().mapToInt(Content::below).max().orElse(0),
            head = ABOVE_TITLE + lines.size() * TITLE_LINE + (single ? 0 : PANEL_TITLE) + AROUND_PLOT / 2;
        int share = width / panels.size(), rows = 0, perRow = 1;
        // labels depend on the height, the height on rows of the legend, these on the width, and it on the labels: the second round settles
        // it
        int[] sides = panels.get(0).sides(height - head - below);
        if (!legend.isEmpty()) {
            perRow = Math.max(1, (share - sides[0] - sides[1] - LEGEND_EDGE) / (entry + SIGN + SIGN_GAPS));
            rows = (legend.size() + perRow - 1) / perRow;
        }
        int top = head + rows * LEGEND_ROW + (rows > 0 ? LEGEND_EDGE : 0), high = Math.max(60, height - top - below);
        var plots = new ArrayList<Rectangle>();
        for (int i = 0; i < panels.size(); i++) {
            int[] own = panels.get(i).sides(high);
            plots.add(new Rectangle(i * share + own[0], top, Math.max(60, share - own[0] - own[1]), high));
        }
        return new Places(lines, legend, perRow, entry, plots);
    }

    /** The figure in Plotly's own form, {data, layout, config}, as {@code application/vnd.plotly.v1+json} wants it. */
    public Map<String, Object> plotly() {
        Places places = places();
        Rectangle first = places.plots.get(0), last = places.plots.get(places.plots.size() - 1);
        double left = first.x, paper = last.x + last.width - left;
        Map<String, Object> layout = layout(places);
        List<Object> data = new ArrayList<>(), titles = new ArrayList<>();
        for (int i = 0; i < panels.size(); i++) {
            Rectangle plot = places.plots.get(i);
            String number = i == 0 ? "" : "" + (i + 1);
            for (Map<String, Object> trace : panels.get(i).traces(plot)) {
                if (i > 0) trace.putAll(map("xaxis", "x" + number, "yaxis", "y" + number));
                data.add(trace);
            }
            Map<String, Object> x = panels.get(i).horizontal(plot), y = panels.get(i).vertical(plot);
            if (panels.size() > 1) {
                double from = (plot.x - left) / paper, to = (plot.x + plot.width - left) / paper;
                x.putAll(map("domain", List.of(from, Math.min(1, to)), "anchor", "y" + number));
                y.put("anchor", "x" + number);
                titles.add(map("text", Text.plotly(panelTitle(i)), "x", (from + to) / 2, "y", 1, "xref", "paper", "yref", "paper",
                    "xanchor", "center", "yanchor", "bottom",
                    "showarrow", false, "font", map("size", Text.LABEL.getSize())));
            }
            layout.putAll(map("xaxis" + number, x, "yaxis" + number, y));
        }
        if (panels.size() > 1) layout.put("annotations", titles);
        return map("data", data, "layout", layout, "config", map("displaylogo", false));
    }

    /** Everything of the layout but the axes. */
    private Map<String, Object> layout(Places places) {
        Rectangle first = places.plots.get(0), last = places.plots.get(places.plots.size() - 1);
        String text = places.title.stream().map(Text::plotly).collect(Collectors.joining("<br>"));
        Map<String, Object> layout = map("title",
            map("text", text, "x", 0.5, "xref", "container", "xanchor", "center", "y", 1 - (double) ABOVE_TITLE / height, "yref",
                "container",
                "yanchor", "top", "font", map("size", Text.TITLE.getSize(), "weight", "bold")),
            "width", width, "height", height,
            "margin",
            map("l", first.x, "r", width - last.x - last.width, "t", first.y, "b", height - first.y - first.height, "pad", 0, "autoexpand",
                false),
            "font", map("family", "DejaVu Sans, Verdana, sans-serif", "size", Text.SMALL.getSize(), "color", TEXT_COLOUR), "paper_bgcolor",
            "#ffffff", "plot_bgcolor", "#ffffff",
            "hovermode", "closest", "showlegend", !places.legend.isEmpty());
        if (!places.legend.isEmpty())
            layout.put("legend",
                map("orientation", "h", "x", 0, "xanchor", "left", "y", 1, "yanchor", "bottom", "entrywidth", places.entryWidth,
                    "entrywidthmode", "pixels",
                    "bgcolor", "rgba(255,255,255,0)"));
        return layout;
    }

    private String panelTitle(int panel) {
        return Text.fitting(panels.get(panel).title(), Text.LABEL, (double) width / panels.size() - 8);
    }

    /** In the order given, so that a notebook run twice is stored the same. */
    public static Map<String, Object> map(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return map;
    }

    /** The picture as PNG. */
    public byte[] png() {
        return png(1);
    }

    private byte[] png(int scale) {
        var image = new BufferedImage(scale * width, scale * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.scale(scale, scale);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        paint(g);
        g.dispose();
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void paint(Graphics2D g) {
        Places places = places();
        for (int i = 0; i < places.title.size(); i++) {
            String line = places.title.get(i);
            Frame.text(g, line, Text.TITLE, (width - Text.width(line, Text.TITLE)) / 2, ABOVE_TITLE + 11 + i * TITLE_LINE);
        }
        Rectangle first = places.plots.get(0);
        int rows = (places.legend.size() + places.perRow - 1) / places.perRow;
        for (int i = 0; i < places.legend.size(); i++) {
            int x = first.x + LEGEND_EDGE + i % places.perRow * (places.entryWidth + SIGN + SIGN_GAPS);
            int y = first.y - LEGEND_EDGE - (rows - i / places.perRow) * LEGEND_ROW + LEGEND_ROW / 2;
            panels.get(0).sign(g, i, x, y);
            Frame.text(g, places.legend.get(i), Text.SMALL, x + SIGN + SIGN_GAPS - LEGEND_EDGE, y + 4.5);
        }
        for (int i = 0; i < panels.size(); i++) {
            Rectangle plot = places.plots.get(i);
            if (panels.size() > 1)
                Frame.text(g, panelTitle(i), Text.LABEL, plot.x + (plot.width - Text.width(panelTitle(i), Text.LABEL)) / 2, plot.y - 8);
            panels.get(i).paint(g, plot);
        }
    }

    /**
     * Writes the chart as a file, in the form that its ending asks for: {@code .png} (a picture at twice its size in a notebook),
     * {@code .html} (a page with it, which needs no network) or {@code .json} (Plotly's form). Folders that are missing are made; a file
     * that is there is replaced, and as a whole.
     *
     * @throws IllegalArgumentException if the ending is another, before anything is written
     * @throws UncheckedIOException if the file cannot be written; nothing is left of it
     */
    public void save(String path) {
        switch (ChartFile.ending(path, "png", "html", "json")) {
            case "png" -> savePng(path);
            case "html" -> saveHtml(path);
            default -> ChartFile.write(path, json());
        }
    }

    private byte[] json() {
        try {
            return JSON.writeValueAsBytes(plotly());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the chart '" + title + "' could not be turned into JSON: " + e.getMessage(), e);
        }
    }

    /** Writes the picture as a PNG file, at twice its size in a notebook; otherwise as {@link #save}. */
    public void savePng(String path) {
        ChartFile.ending(path, "png");
        ChartFile.write(path, png(FILE_SCALE));
    }

    /** Writes a page with the picture, which needs no network; otherwise as {@link #save}. */
    public void saveHtml(String path) {
        ChartFile.ending(path, "html");
        String page = "<!doctype html><meta charset=\"utf-8\"><title>" + escape(title) + "</title><img alt=\"" + escape(title)
            + "\" style=\"max-width:100%\" "
            + "src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png(FILE_SCALE)) + "\">\n";
        ChartFile.write(path, page.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return Text.line(text).replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return "Chart: " + title;
    }
}
