package metarl.plot;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import metarl.chart.Chart;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/**
 * Figures that a user makes with Tablesaw's own plots, such as {@code LinePlot.create("title", table, "x", "y")}, in Plotly's form.
 * Tablesaw itself writes a page that loads Plotly from the network.
 */
public final class TablesawFigures {
    // Tablesaw writes JavaScript, not JSON: names without quotes, texts in single quotes, commas at the end
    private static final ObjectMapper LENIENT = JsonMapper.builder()
        .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
            JsonReadFeature.ALLOW_TRAILING_COMMA, JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
            JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
        .build();

    /** What Tablesaw writes into an array for a number that is missing. */
    private static final Set<Object> MISSING = Set.of("null", "NaN");

    private TablesawFigures() {}

    /**
     * The figure as {data, layout}, as {@code application/vnd.plotly.v1+json} wants it.
     *
     * @throws IllegalArgumentException if what Tablesaw wrote cannot be read, as with a quote in a name
     */
    public static Map<String, Object> plotly(Figure figure) {
        try {
            List<Object> data = new ArrayList<>();
            int number = 0;
            for (Trace trace : figure.getTraces()) data.add(repaired(object(trace.asJavascript(number++))));
            Map<String, Object> layout = new LinkedHashMap<>();
            if (figure.getLayout() != null) layout = object(figure.getLayout().asJavascript());
            liftTitles(layout);
            return Chart.map("data", data, "layout", repaired(layout));
        } catch (IOException e) {
            throw new IllegalArgumentException("Tablesaw wrote this figure in a way that cannot be read: " + e.getMessage()
                + ". Is there a quote or a backslash in one of its names? Rename it, or use Plots.", e);
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
        if (node instanceof List<?> list)
            ((List<Object>) list).replaceAll(entry -> entry == null || MISSING.contains(entry) ? null : repaired(entry));
        if (node instanceof String text)
            return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        return node instanceof Double number && !Double.isFinite(number) ? null : node;
    }
}
