package metarl.plot;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/**
 * One figure: a Tablesaw figure for the notebook and its twin as a picture, which is what viewers without Plotly show.
 *
 * <p>As the last value of a cell it shows itself; elsewhere use {@link #show()}. Nothing is loaded from the network.
 */
public final class Chart {
    /** Width of a chart in pixels, of both twins: JupyterLab shows the picture until the mouse enters it, and Plotly's figure then. */
    static final int WIDTH = 700;
    /** Height of a chart in pixels. */
    static final int HEIGHT = 420;
    /** Width and height of one of several panels. */
    private static final int PANEL_WIDTH = 350;
    private static final int PANEL_HEIGHT = 320;
    private static final int TITLE_HEIGHT = 36;
    private static final int FILE_SCALE = 2;
    // Tablesaw writes JavaScript, not JSON: names without quotes, texts in single quotes, commas at the end
    private static final ObjectMapper LENIENT = JsonMapper.builder()
        .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
            JsonReadFeature.ALLOW_TRAILING_COMMA, JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
        .build();

    private static Consumer<Chart> display = chart -> System.out.println(chart);

    private final String title;
    private final Figure figure;
    private final org.knowm.xchart.internal.chartpart.Chart<?, ?> picture;
    private final List<Chart> panels;

    Chart(String title, Figure figure, org.knowm.xchart.internal.chartpart.Chart<?, ?> picture) {
        this(title, figure, picture, List.of());
    }

    private Chart(String title, Figure figure, org.knowm.xchart.internal.chartpart.Chart<?, ?> picture, List<Chart> panels) {
        this.title = title;
        this.figure = figure;
        this.picture = picture;
        this.panels = panels;
    }

    /** Several charts side by side under one title; their titles have to tell what legends would. */
    static Chart panels(String title, Chart... panels) {
        for (Chart panel : panels) panel.picture.getStyler().setLegendVisible(false).setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
        return new Chart(title, panels[0].figure, panels[0].picture, List.of(panels));
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

    /** The Tablesaw figure; of several panels the first. */
    public Figure figure() {
        return figure;
    }

    /** The figure in Plotly's own form, {data, layout}, as {@code application/vnd.plotly.v1+json} wants it. */
    public Map<String, Object> plotly() {
        return panels.isEmpty() ? plotlyOfOne() : plotlyOfPanels();
    }

    /** All panels' data in one list, each with axes of its own in its share of the width. */
    @SuppressWarnings("unchecked")
    private Map<String, Object> plotlyOfPanels() {
        List<Object> data = new ArrayList<>(), titles = new ArrayList<>();
        Map<String, Object> layout = map("title", map("text", title), "showlegend", false, "width", panels.size() * PANEL_WIDTH, "height", PANEL_HEIGHT + TITLE_HEIGHT);
        for (int i = 0; i < panels.size(); i++) {
            Map<String, Object> one = panels.get(i).plotlyOfOne(), own = (Map<String, Object>) one.get("layout");
            String number = i == 0 ? "" : "" + (i + 1);
            double from = (i + 0.1) / panels.size(), to = (i + 0.95) / panels.size();
            for (Object trace : (List<Object>) one.get("data")) {
                ((Map<String, Object>) trace).putAll(map("xaxis", "x" + number, "yaxis", "y" + number));
                data.add(trace);
            }
            Map<String, Object> x = (Map<String, Object>) own.get("xaxis"), y = (Map<String, Object>) own.get("yaxis");
            x.putAll(map("domain", List.of(from, to), "anchor", "y" + number));
            y.put("anchor", "x" + number);
            layout.putAll(map("xaxis" + number, x, "yaxis" + number, y));
            titles.add(map("text", panels.get(i).title, "x", (from + to) / 2, "y", 1, "xref", "paper", "yref", "paper", "xanchor", "center", "yanchor", "bottom",
                "showarrow", false));
        }
        layout.put("annotations", titles);
        return map("data", data, "layout", layout);
    }

    /** In the order given, so that a notebook run twice is stored the same. */
    private static Map<String, Object> map(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        return map;
    }

    private Map<String, Object> plotlyOfOne() {
        try {
            List<Object> data = new ArrayList<>();
            int number = 0;
            for (Trace trace : figure.getTraces()) data.add(object(trace.asJavascript(number++)));
            Map<String, Object> layout = object(figure.getLayout().asJavascript());
            liftTitles(layout);
            repaired(data);
            repaired(layout);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("data", data);
            json.put("layout", layout);
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("the figure '" + title + "' could not be turned into JSON: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String script) throws IOException {
        return LENIENT.readValue(script.substring(script.indexOf('{'), script.lastIndexOf('}') + 1), Map.class);
    }

    /** Plotly 3 and later ignore titles given as plain text. */
    @SuppressWarnings("unchecked")
    private static void liftTitles(Map<String, Object> node) {
        if (node.get("title") instanceof String text) {
            var title = new LinkedHashMap<String, Object>(Map.of("text", text));
            Object font = node.remove("titlefont");
            if (font != null) title.put("font", font);
            node.put("title", title);
        }
        for (Object child : node.values()) if (child instanceof Map<?, ?> map) liftTitles((Map<String, Object>) map);
    }

    /** Tablesaw escapes texts as if they were part of a page; and JSON knows no NaN: what is missing is null, which Plotly leaves blank. */
    @SuppressWarnings("unchecked")
    private static Object repaired(Object node) {
        if (node instanceof Map<?, ?> map) ((Map<String, Object>) map).replaceAll((key, value) -> repaired(value));
        if (node instanceof List<?> list) ((List<Object>) list).replaceAll(Chart::repaired);
        if (node instanceof String text) return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        return node instanceof Double number && number.isNaN() ? null : node;
    }

    /** The picture as PNG. */
    public byte[] png() {
        return png(1);
    }

    private byte[] png(int scale) {
        int width = panels.isEmpty() ? picture.getWidth() : panels.size() * PANEL_WIDTH;
        int height = panels.isEmpty() ? picture.getHeight() : PANEL_HEIGHT + TITLE_HEIGHT;
        var image = new BufferedImage(scale * width, scale * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(scale, scale);
        if (panels.isEmpty()) picture.paint(g, width, height);
        else paintPanels(g, width, height);
        g.dispose();
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void paintPanels(Graphics2D g, int width, int height) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setColor(Color.BLACK);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.drawString(title, (width - g.getFontMetrics().stringWidth(title)) / 2, TITLE_HEIGHT - 12);
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D own = (Graphics2D) g.create(i * PANEL_WIDTH, TITLE_HEIGHT, PANEL_WIDTH, PANEL_HEIGHT);
            panels.get(i).picture.paint(own, PANEL_WIDTH, PANEL_HEIGHT);
            own.dispose();
        }
    }

    /** Writes the picture as a PNG file, at twice its size in a notebook. */
    public void savePng(String path) {
        write(path, png(FILE_SCALE));
    }

    /** Writes a page with the picture, which needs no network. */
    public void saveHtml(String path) {
        String page = "<!doctype html><meta charset=\"utf-8\"><title>" + escape(title) + "</title><img alt=\"" + escape(title) + "\" style=\"max-width:100%\" "
            + "src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png(FILE_SCALE)) + "\">\n";
        write(path, page.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static void write(String path, byte[] content) {
        Path file = Path.of(path);
        try {
            if (file.toAbsolutePath().getParent() != null) Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("the chart could not be written to " + file.toAbsolutePath() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "Chart: " + title;
    }
}
