package metarl.chart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import metarl.plot.Plots;
import org.junit.jupiter.api.Test;

/** On a map a unit is as long to the right as upwards, in both twins. */
class EqualScalesTest {
    private static final Series HALF = Series.line("half circle", new double[] {-1, 0, 1}, new double[] {0, 1, 0});
    private static final Series TALL = Series.line("tall", new double[] {0, 1}, new double[] {0, 2});

    private static double[] unitsInPixels(Chart chart) {
        JsonNode layout = layout(chart), margin = layout.path("margin");
        double width = layout.path("width").asInt() - margin.path("l").asInt() - margin.path("r").asInt();
        double height = layout.path("height").asInt() - margin.path("t").asInt() - margin.path("b").asInt();
        JsonNode domain = layout.path("xaxis").path("domain"), x = layout.path("xaxis").path("range"),
            y = layout.path("yaxis").path("range");
        if (!domain.isMissingNode()) width *= domain.get(1).asDouble() - domain.get(0).asDouble();
        return new double[] {width / (x.get(1).asDouble() - x.get(0).asDouble()), height / (y.get(1).asDouble() - y.get(0).asDouble())};
    }

    private static void assertEqual(Chart chart) throws Exception {
        double[] pixels = unitsInPixels(chart);
        assertEquals(1, pixels[0] / pixels[1], 0.02, chart.title());
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(chart.png()));
        assertEquals(layout(chart).path("height").asInt(), picture.getHeight());
    }

    @Test
    void aUnitIsAsLongOnBothAxes() throws Exception {
        assertEqual(Plots.lines("wide", "x", "y", HALF).equalScales());
        assertEqual(Plots.lines("tall", "x", "y", TALL).equalScales());
        assertEqual(Plots.lines("with labels beside", "x", "y", HALF, TALL).equalScales());
        assertEqual(Chart.panels("two", new Panel("left", Axis.of("x"), Axis.of("y"), List.of(HALF)),
            new Panel("right", Axis.of("x"), Axis.of("y"), List.of(TALL))).equalScales());
        double[] free = unitsInPixels(Plots.lines("as it comes", "x", "y", TALL));
        assertTrue(free[0] / free[1] > 3, "other charts fill their place");
    }

    @Test
    void noPlotIsAStrip() {
        for (double longer : new double[] {1e3, 1e9}) for (boolean flat : new boolean[] {true, false}) {
            double[] ends = {0, longer}, side = {0, 1};
            Chart free = Plots.lines("strip", "x", "y", Series.line("", flat ? ends : side, flat ? side : ends));
            assertArrayEquals(unitsInPixels(free), unitsInPixels(free.equalScales()), 1e-9);
        }
    }

    @Test
    void aFlatMapIsALowChart() {
        JsonNode height = layout(Chart.panels("two", new Panel("a", Axis.of("x"), Axis.of("y"), List.of(HALF)),
            new Panel("b", Axis.of("x"), Axis.of("y"), List.of(HALF))).equalScales()).path("height");
        assertTrue(height.asInt() < 330, height.toString());
    }

    /** A narrow plot in the middle leaves its legend the whole width. */
    @Test
    void theLegendHasTheWidthOfTheChart() {
        Series[] five = IntStream.range(0, 5).mapToObj(i -> Series.line("a name of some length " + i, HALF.y(), HALF.x()))
            .toArray(Series[]::new);
        JsonNode free = layout(Plots.lines("free", "x", "y", five)), equal = layout(Plots.lines("equal", "x", "y", five).equalScales());
        double width = equal.path("width").asInt() - equal.path("margin").path("l").asInt() - equal.path("margin").path("r").asInt();
        assertEquals(0, free.path("legend").path("x").asDouble());
        assertEquals(free.path("margin").path("l").asInt(),
            equal.path("margin").path("l").asInt() + equal.path("legend").path("x").asDouble() * width, 0.5);
    }

    private static JsonNode layout(Chart chart) {
        return new ObjectMapper().valueToTree(chart.plotly()).path("layout");
    }

    @Test
    void axesWithoutACommonUnitAreNamed() {
        var logs = Plots.lines("logs", "x", "y", Series.line("positive", new double[] {1, 2}, new double[] {1, 2})).logX();
        var e = assertThrows(IllegalArgumentException.class, logs::equalScales);
        assertEquals("the axes of 'logs' have no unit in common: one has names, or is logarithmic", e.getMessage());
    }
}
