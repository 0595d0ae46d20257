package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.api.LinePlot;
import tech.tablesaw.plotly.api.ScatterPlot;
import tech.tablesaw.plotly.components.Figure;

/** A user's own Tablesaw plots show themselves without a network, as the toolkit's charts do. */
class TablesawFigureTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Table table(String x, String y) {
        return Table.create("t", DoubleColumn.create(x, 1, 2, 3), DoubleColumn.create(y, 0.5, Double.NaN, -2));
    }

    private static JsonNode shown(Figure figure) {
        Map<String, Object> bundle = Display.bundle(figure);
        assertTrue(bundle.get("text/plain").toString().startsWith("Tablesaw figure"), bundle.toString());
        return JSON.valueToTree(bundle.get("application/vnd.plotly.v1+json"));
    }

    @Test
    void aLineHasItsNumbersAndTitles() {
        JsonNode figure = shown(LinePlot.create("return <b> & more", table("step", "return"), "step", "return"));
        // Tablesaw quotes the numbers; Plotly reads them as numbers
        assertEquals("[\"1.0\",\"2.0\",\"3.0\"]", figure.at("/data/0/x").toString());
        assertEquals("[\"0.5\",null,\"-2.0\"]", figure.at("/data/0/y").toString());
        assertEquals("return <b> & more", figure.at("/layout/title/text").asText());
        assertEquals("step", figure.at("/layout/xaxis/title/text").asText());
        assertTrue(Display.TYPES.contains(Figure.class));
    }

    @Test
    void namesMayHoldBlanksOfAllKinds() {
        JsonNode figure = shown(ScatterPlot.create("a\nb\tc", table("x\n1", "y"), "x\n1", "y"));
        assertEquals("a\nb\tc", figure.at("/layout/title/text").asText());
        assertEquals(3, figure.at("/data/0/x").size());
    }
}
