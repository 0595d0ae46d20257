package metarl.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final int PANELS_HEIGHT = 370;
    private static final int FILE_SCALE = 2;
    /** Of the white card that a chart stands on, also where a notebook is dark. */
    private static final int CORNER = 10;
    private static final String CLEAR = "rgba(0,0,0,0)";
    /** A vertical reference this near to an end of its axis has its name beside it, not around it. */
    private static final double NEAR_END = 0.15;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Consumer<Chart> display = chart -> System.out.println(chart);

    private final String title;
    private final List<Content> panels;
    private final int width;
    private final int height;

    /** A chart of one panel or one heat map. */
    public Chart(Content content) {
        this(content.title(), List.of(content), WIDTH, content.height());
    }

    private Chart(String title, List<Content> panels, int width, int height) {
        this.title = title;
        this.panels = panels;
        this.width = width;
        this.height = height;
    }

    /** Several charts side by side under one title; one legend says what looks the same in all. */
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

    /** The chart in words, for those who do not see it: its title, what is drawn against what, and the main numbers. */
    public String description() {
        var text = new StringBuilder(Text.line(title));
        for (Content panel : panels) {
            text.append(text.isEmpty() || ".!?".indexOf(text.charAt(text.length() - 1)) >= 0 ? " " : ". ");
            if (panels.size() > 1) text.append(Text.line(panel.title())).append(": ");
            text.append(panel.description());
        }
        return text.toString().strip();
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

    /**
     * The same with one unit as long on both axes, as on a map: circles are round. The chart is as high as it must be for that, at most as
     * high as it was. Where the plot would be a strip of fewer than 60 pixels, scales stay independent.
     *
     * @throws IllegalArgumentException if an axis has names, or one of two is logarithmic
     */
    public Chart equalScales() {
        List<Content> equal = panels.stream().map(Content::equalScales).toList();
        Places before = places(), after = Places.of(title, equal, width, height);
        return new Chart(title, equal, width, height - before.plots().get(0).height + after.plots().get(0).height);
    }

    private Places places() {
        return Places.of(title, panels, width, height);
    }

    /** The figure in Plotly's own form, {data, layout, config}, as {@code application/vnd.plotly.v1+json} wants it. */
    public Map<String, Object> plotly() {
        Places places = places();
        Rectangle first = places.plots().get(0), last = places.plots().get(places.plots().size() - 1);
        double left = first.x, paper = last.x + last.width - left;
        Map<String, Object> layout = layout(places);
        List<Object> data = new ArrayList<>(), notes = notes(places);
        Set<Object> unnamed = new HashSet<>(places.legend().stream().map(sign -> Text.plotly(sign.name())).toList());
        for (int i = 0; i < panels.size(); i++) {
            Rectangle plot = places.plots().get(i);
            String number = i == 0 ? "" : "" + (i + 1);
            for (Map<String, Object> trace : panels.get(i).traces(plot)) {
                if (i > 0) trace.putAll(map("xaxis", "x" + number, "yaxis", "y" + number));
                // once, although several panels may show it
                if (panels.size() > 1 && Boolean.TRUE.equals(trace.get("showlegend")))
                    trace.put("showlegend", unnamed.remove(trace.get("name")));
                data.add(trace);
            }
            Map<String, Object> x = panels.get(i).horizontal(plot), y = panels.get(i).vertical(plot);
            if (panels.size() > 1) {
                double from = (plot.x - left) / paper, to = (plot.x + plot.width - left) / paper;
                x.putAll(map("domain", List.of(from, Math.min(1, to)), "anchor", "y" + number));
                y.put("anchor", "x" + number);
                notes.add(map("text", Text.plotly(panelTitle(i)), "x", (from + to) / 2, "y", 1, "xref", "paper", "yref", "paper",
                    "xanchor", "center", "yanchor", "bottom",
                    "showarrow", false, "font", map("size", Text.LABEL.getSize())));
            }
            layout.putAll(map("xaxis" + number, x, "yaxis" + number, y));
        }
        if (!notes.isEmpty()) layout.put("annotations", notes);
        return map("data", data, "layout", layout, "config", map("displaylogo", false));
    }

    /** The labels at the ends of lines; they move with them when the user zooms. */
    private List<Object> notes(Places places) {
        var notes = new ArrayList<Object>();
        for (Label label : places.labels()) {
            Map<String, Object> note = map("text", label.plotly(), "showarrow", false, "align", "left", "borderpad", 0, "font",
                map("size", Text.SMALL.getSize(), "color", label.colour()));
            if (label.above()) note.putAll(map("x", label.at(), "xref", "x", "xanchor", anchor(label), "y", 1, "yref", "paper", "yanchor",
                "bottom"));
            else note.putAll(map("x", 1, "xref", "paper", "xanchor", "left", "xshift", Label.GAP, "y", label.at(), "yref", "y", "yanchor",
                "middle", "yshift", -label.shift()));
            notes.add(note);
        }
        return notes;
    }

    /** Which end, or the middle, of a label above the plot is over its line: so that it stays within the chart. */
    private String anchor(Label label) {
        Axis.Range range = ((Panel) panels.get(0)).xRange();
        double part = (label.at() - range.low()) / (range.high() - range.low());
        return part < NEAR_END ? "left" : part > 1 - NEAR_END ? "right" : "center";
    }

    /** Everything of the layout but the axes. */
    private Map<String, Object> layout(Places places) {
        Rectangle first = places.plots().get(0), last = places.plots().get(places.plots().size() - 1);
        String text = places.title().stream().map(Text::plotly).collect(Collectors.joining("<br>"));
        Map<String, Object> layout = map("title",
            map("text", text, "x", 0.5, "xref", "container", "xanchor", "center", "y", 1 - (double) Places.ABOVE_TITLE / height, "yref",
                "container",
                "yanchor", "top", "font", map("size", Text.TITLE.getSize())),
            "width", width, "height", height,
            "margin",
            map("l", first.x, "r", width - last.x - last.width, "t", first.y, "b", height - first.y - first.height, "pad", 0, "autoexpand",
                false),
            "font", map("family", Text.FAMILIES, "size", Text.SMALL.getSize(), "color", TEXT_COLOUR), "paper_bgcolor",
            CLEAR, "plot_bgcolor", CLEAR, "shapes", List.of(card(first)),
            "modebar", map("bgcolor", "rgba(255,255,255,0.8)", "color", "#999999", "activecolor", TEXT_COLOUR),
            "hovermode", "closest", "showlegend", !places.legend().isEmpty());
        if (!places.legend().isEmpty())
            layout.put("legend",
                map("orientation", "h", "x", (places.left() - first.x) / (double) (last.x + last.width - first.x), "xanchor", "left", "y",
                    panels.size() == 1 ? 1 : 1 + (double) Places.PANEL_TITLE / first.height, "yanchor", "bottom", "entrywidth",
                    places.entryWidth(),
                    "entrywidthmode", "pixels",
                    "bgcolor", CLEAR));
        return layout;
    }

    /** A white rectangle with round corners as large as the chart, in pixels from the lower left corner of the first plot. */
    private Map<String, Object> card(Rectangle first) {
        int left = -first.x, right = width - first.x, low = first.y + first.height - height, high = first.y + first.height;
        String path = String.format("M%d,%d L%d,%d Q%d,%d %d,%d L%d,%d Q%d,%d %d,%d L%d,%d Q%d,%d %d,%d L%d,%d Q%d,%d %d,%d Z",
            left + CORNER, low, right - CORNER, low, right, low, right, low + CORNER, right, high - CORNER, right, high, right - CORNER,
            high, left + CORNER, high, left, high, left, high - CORNER, left, low + CORNER, left, low, left + CORNER, low);
        return map("type", "path", "path", path, "xref", "paper", "yref", "paper", "xsizemode", "pixel", "ysizemode", "pixel", "xanchor", 0,
            "yanchor", 0, "layer", "below", "fillcolor", "#ffffff", "line", map("width", 0));
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
        return png(1, BufferedImage.TYPE_INT_ARGB);
    }

    private byte[] png(int scale, int type) {
        var image = new BufferedImage(scale * width, scale * height, type);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.scale(scale, scale);
        g.setColor(Color.WHITE);
        if (type == BufferedImage.TYPE_INT_ARGB) g.fill(new RoundRectangle2D.Double(0, 0, width, height, 2 * CORNER, 2 * CORNER));
        else g.fillRect(0, 0, width, height);
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
        for (int i = 0; i < places.title().size(); i++) {
            String line = places.title().get(i);
            Frame.text(g, line, Text.TITLE, (width - Text.width(line, Text.TITLE)) / 2,
                Places.ABOVE_TITLE + 11 + i * Places.TITLE_LINE);
        }
        for (int i = 0; i < panels.size(); i++) {
            Rectangle plot = places.plots().get(i);
            if (panels.size() > 1)
                Frame.text(g, panelTitle(i), Text.LABEL, plot.x + (plot.width - Text.width(panelTitle(i), Text.LABEL)) / 2, plot.y - 8);
            panels.get(i).paint(g, plot);
        }
        legend(g, places);
        for (Label label : places.labels()) label(g, label, places.plots().get(0));
    }

    private void legend(Graphics2D g, Places places) {
        Rectangle first = places.plots().get(0);
        int rows = (places.legend().size() + places.perRow() - 1) / places.perRow();
        int bottom = first.y - Places.LEGEND_EDGE - (panels.size() > 1 ? Places.PANEL_TITLE : 0);
        for (int i = 0; i < places.legend().size(); i++) {
            Places.Sign sign = places.legend().get(i);
            int x = places.left() + Places.LEGEND_EDGE + i % places.perRow() * (places.entryWidth() + Places.SIGN + Places.SIGN_GAPS);
            int y = bottom - (rows - i / places.perRow()) * Places.LEGEND_ROW + Places.LEGEND_ROW / 2;
            sign.content().sign(g, sign.number(), x, y);
            Frame.text(g, sign.name(), Text.SMALL, x + Places.SIGN + Places.SIGN_GAPS - Places.LEGEND_EDGE, y + 4.5);
        }
    }

    private void label(Graphics2D g, Label label, Rectangle plot) {
        var panel = (Panel) panels.get(0);
        if (label.above()) {
            Axis.Range range = panel.xRange();
            double x = plot.x + (label.at() - range.low()) / (range.high() - range.low()) * plot.width;
            double part = switch (anchor(label)) {
                case "left" -> 0;
                case "right" -> 1;
                default -> 0.5;
            };
            Frame.text(g, label.lines().get(0), Text.SMALL, label.colour(), x - part * label.width(), plot.y - 5);
            return;
        }
        Axis.Range range = panel.yRange();
        double middle = plot.y + (range.high() - label.at()) / (range.high() - range.low()) * plot.height + label.shift();
        for (int i = 0; i < label.lines().size(); i++)
            Frame.text(g, label.lines().get(i), Text.SMALL, label.colour(), plot.x + plot.width + Label.GAP,
                middle - label.height() / 2.0 + Label.LINE * i + 11.5);
    }

    /**
     * Writes the chart as a file, in the form that its ending asks for: {@code .png} (a picture at twice its size in a notebook),
     * {@code .svg} and {@code .pdf} (lines and texts, for papers), {@code .html} (a page with the picture, which needs no network) or
     * {@code .json} (Plotly's form). Folders that are missing are made; a file that is there is replaced, and as a whole.
     *
     * @throws IllegalArgumentException if the ending is another, before anything is written
     * @throws UncheckedIOException if the file cannot be written; nothing is left of it
     */
    public void save(String path) {
        switch (ChartFile.ending(path, "png", "svg", "pdf", "html", "json")) {
            case "png" -> savePng(path);
            case "svg" -> ChartFile.write(path, VectorFile.svg(title, description(), width, height, this::paint));
            case "pdf" -> ChartFile.write(path, VectorFile.pdf(title, description(), width, height, this::paint));
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
        ChartFile.write(path, png(FILE_SCALE, BufferedImage.TYPE_INT_RGB));
    }

    /** Writes a page with the picture, which needs no network; otherwise as {@link #save}. */
    public void saveHtml(String path) {
        ChartFile.ending(path, "html");
        String page = "<!doctype html><meta charset=\"utf-8\"><title>" + escape(title) + "</title><img alt=\"" + escape(description())
            + "\" style=\"max-width:100%\" "
            + "src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png(FILE_SCALE, BufferedImage.TYPE_INT_RGB)) + "\">\n";
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
