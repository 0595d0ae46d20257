package metarl.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import metarl.diagnose.ImportanceWeights;
import metarl.task.HalfCheetah;
import metarl.task.PointRobot;
import metarl.task.TaskSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
    private static final Chart LINES = Plots.lines("It's a \"title\"", "x (m)", "y", Series.line("one", new double[] {1, 2, 3}, new double[] {3, 1, 2}),
        Series.points("two", new double[] {1, 2}, new double[] {2, 2}), Series.reference("level", 2.5, 1, 3));

    static Stream<Chart> charts() {
        return Stream.of(LINES,
            Plots.weights(ImportanceWeights.of(new double[] {1, 2, 3, 0, 10})),
            Plots.weights(ImportanceWeights.of(new double[] {1, 1, 1})),
            Plots.weights(ImportanceWeights.ofLog(new double[] {-700, 0, 700})),
            Plots.taskSet(TaskSet.of(PointRobot.dense()).train(5).test(2).sample(1)),
            Plots.taskSet(TaskSet.of(HalfCheetah.velocity()).train(5).test(0).sample(1)));
    }

    @ParameterizedTest
    @MethodSource("charts")
    void bothTwinsAreThere(Chart chart) throws Exception {
        JsonNode json = new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(chart.plotly()));
        assertEquals(chart.title(), json.path("layout").path("title").path("text").asText());
        assertTrue(json.path("layout").path("xaxis").path("title").path("text").isTextual());
        assertTrue(json.path("data").size() > 0 && json.path("data").get(0).path("x").size() > 0);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(chart.png()));
        assertEquals(Chart.WIDTH, picture.getWidth());
        assertEquals(json.path("layout").path("width").asInt(), picture.getWidth(), "both twins have one size, or the page would jump");
        var colours = new HashSet<Integer>();
        for (int x = 0; x < picture.getWidth(); x += 2) for (int y = 0; y < picture.getHeight(); y += 2) colours.add(picture.getRGB(x, y));
        assertTrue(colours.size() > 10, "the picture is not blank: " + colours.size() + " colours");
    }

    @Test
    void seriesKeepTheirColourInBothTwins() throws Exception {
        JsonNode data = new ObjectMapper().valueToTree(LINES.plotly()).path("data");
        assertEquals("#0072B2", data.get(0).path("line").path("color").asText());
        assertEquals("#D55E00", data.get(1).path("marker").path("color").asText());
        assertEquals("dash", data.get(2).path("line").path("dash").asText());
    }

    @Test
    void theHistogramCountsEveryWeightOnce() {
        double[] logs = new double[1000];
        for (int i = 0; i < logs.length; i++) logs[i] = Math.sin(i) * (1 + i % 7);
        JsonNode y = new ObjectMapper().valueToTree(Plots.weights(ImportanceWeights.ofLog(logs)).plotly()).path("data").get(0).path("y");
        double sum = 0;
        for (int i = 1; i < y.size() - 1; i += 2) sum += y.get(i).asDouble();
        assertEquals(1000, sum);
    }

    @Test
    void filesAreWritten(@TempDir Path folder) throws Exception {
        LINES.savePng(folder.resolve("new/chart.png").toString());
        assertEquals(2 * Chart.WIDTH, ImageIO.read(folder.resolve("new/chart.png").toFile()).getWidth());
        LINES.saveHtml(folder.resolve("chart.html").toString());
        String page = Files.readString(folder.resolve("chart.html"));
        assertTrue(page.contains("data:image/png;base64,") && page.contains("&quot;title&quot;") && !page.contains("http"), "a page that needs no network");
    }

    @Test
    void badSeriesAreNamed() {
        var lengths = assertThrows(IllegalArgumentException.class, () -> Series.line("a", new double[2], new double[3]));
        assertTrue(lengths.getMessage().contains("'a' has 2 x and 3 y"), lengths.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Series.line("a", new double[0], new double[0]));
        assertThrows(IllegalArgumentException.class, () -> Plots.lines("t", "x", "y"));
    }
}
