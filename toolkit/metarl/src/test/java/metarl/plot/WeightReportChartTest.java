package metarl.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import metarl.chart.Chart;
import metarl.diagnose.weights.Calibration;
import metarl.diagnose.weights.ImportanceWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightReportChartTest {
    static Stream<ImportanceWeights> weights() {
        double[] z = new Random(1).doubles(3_000).toArray();
        return Stream.of(ImportanceWeights.of(Arrays.stream(z).map(u -> Math.pow(u, -0.6)).toArray()),
            ImportanceWeights.of(z),
            ImportanceWeights.of(Arrays.stream(z).map(u -> Math.max(0, u - 0.998)).toArray()),
            ImportanceWeights.of(new double[] {2}),
            ImportanceWeights.of(new double[] {1, 1, 1, 1}),
            ImportanceWeights.ofLog(Arrays.stream(z).map(u -> -300 * Math.log(u)).toArray()));
    }

    @ParameterizedTest
    @MethodSource("weights")
    void allPanelsAreInBothTwins(ImportanceWeights weights) throws Exception {
        Chart chart = Plots.weights(weights.report());
        JsonNode json = new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(chart.plotly()));
        JsonNode layout = json.path("layout");
        assertTrue(chart.title().contains("ESS/n") && chart.title().contains("k̂"), chart.title());
        assertEquals(chart.title(), layout.path("title").path("text").asText());
        for (String axis : new String[] {"xaxis", "yaxis", "xaxis2", "yaxis2", "xaxis3", "yaxis3"})
            assertTrue(layout.path(axis).path("title").path("text").isTextual(), axis);
        assertTrue(layout.path("xaxis").path("domain").get(1).asDouble() < layout.path("xaxis2").path("domain").get(0).asDouble());
        assertEquals(3, layout.path("annotations").size());
        assertTrue(layout.path("width").asInt() <= 848,
            "the width of an output in JupyterLab beside the file browser in a window of 1280 pixels");
        for (JsonNode trace : json.path("data"))
            for (JsonNode y : trace.path("y")) assertTrue(Double.isFinite(y.asDouble(Double.NaN)), y.toString());
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(chart.png()));
        assertEquals(layout.path("width").asInt(), picture.getWidth());
        assertEquals(layout.path("height").asInt(), picture.getHeight());
    }

    @Test
    void curvesMeetTheirNumbers() {
        JsonNode data = new ObjectMapper().valueToTree(Plots.weights(ImportanceWeights.of(new double[] {6, 1, 1, 2}).report()).plotly())
            .path("data");
        JsonNode x = data.get(1).path("x"), y = data.get(1).path("y");
        double[] shares = {0, 0.6, 0.8, 0.9, 1};
        assertEquals(5, x.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(i / 4.0, x.get(i).asDouble(), 1e-9);
            assertEquals(shares[i], y.get(i).asDouble(), 1e-9);
        }
    }

    @Test
    void calibrationIsShownBinByBin() {
        Chart chart = Plots.calibration(Calibration.of(new double[] {0.1, 0.4}, new double[] {0.4, 0.9}, 2));
        JsonNode bins = new ObjectMapper().valueToTree(chart.plotly()).path("data").get(0);
        assertEquals(0.3, bins.path("x").get(0).asDouble(), 1e-9);
        assertEquals(1.0 / 3, bins.path("y").get(0).asDouble(), 1e-9);
        assertTrue(chart.title().contains("expected error 0.050"), chart.title());
    }
}
