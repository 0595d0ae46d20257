package metarl.chart;

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
import metarl.diagnose.weights.ImportanceWeights;
import metarl.plot.Plots;
import metarl.task.TaskSet;
import metarl.task.families.HalfCheetah;
import metarl.task.families.PointRobot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
    private static final Chart LINES = Plots.lines("It's a \"title\"", "x (m)", "y",
        Series.line("one", new double[] {1, 2, 3}, new double[] {3, 1, 2}),
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
        assertTrue(page.contains("data:image/png;base64,") && page.contains("&quot;title&quot;") && !page.contains("http"),
            "a page that needs no network");
    }

    private static JsonNode json(Chart chart) throws Exception {
        return new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(chart.plotly()));
    }

    static Stream<String> texts() {
        return Stream.of("two\nlines", "a\ttab", "back\\slash \\n \\u0041", "'single' \"double\" `back`", "<b>a</b> < b > c & d &amp; &lt;",
            "$x^2$ costs $5", "ünï, 漢字, 🚀, k̂, \u0000\u0007",
            "", "   ", "very long ".repeat(200), "{\"json\": [1, 2]}, ${x} %s %d", "\r\n", "\u2028 line separator");
    }

    /**
     * Every text comes out of both twins as it went in, but for control characters, which have no picture, and what is too long, which ends
     * in dots.
     */
    @ParameterizedTest
    @MethodSource("texts")
    void anyTextIsShownAsItIs(String text) throws Exception {
        Chart chart = Plots.lines(text, text, text, Series.line(text, new double[] {1, 2}, new double[] {1, 2}),
            Series.points(text, new double[] {1}, new double[] {1}));
        JsonNode layout = json(chart).path("layout");
        for (JsonNode shown : new JsonNode[] {layout.path("xaxis").path("title").path("text"),
            layout.path("yaxis").path("title").path("text"), json(chart).path("data").get(1).path("name")}) {
            String raw = shown.asText(), plain = raw.replace("&#36;", "$").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            assertTrue(!raw.contains("<") && !raw.contains("$") && raw.chars().noneMatch(c -> c < 32), raw);
            String expected = Text.line(text);
            if (expected.isEmpty() && shown == json(chart)) continue;
            assertTrue(plain.equals(expected) || plain.equals("series 2") && expected.isEmpty()
                || plain.endsWith("…") && expected.startsWith(plain.substring(0, plain.length() - 1)), raw);
        }
        assertTrue(layout.path("title").path("text").asText().length() < 400);
        assertEquals(Chart.WIDTH, ImageIO.read(new ByteArrayInputStream(chart.png())).getWidth());
        Chart heat = Plots.heatmap(text, text, text, new String[] {text + "a", text + "b"}, new String[] {text + "c"},
            new double[][] {{1, 2}}, text.isBlank() ? "v" : text);
        assertTrue(json(heat).path("data").get(0).path("x").size() == 2 && heat.png().length > 1000);
        assertTrue(Plots.estimates(metarl.diagnose.bandit.OffPolicyEvaluation
            .of(metarl.diagnose.log.BanditLog.of(new double[4][0], new int[] {0, 1, 0, 1}, new double[] {1, 2, 3, 4},
                new double[] {0.5, 0.5, 0.5, 0.5}, 2))
            .target(new double[] {0.5, 0.5}).estimate("ips")).png().length > 1000);
    }

    @Test
    void whatIsNoNumberIsAGap() throws Exception {
        double nan = Double.NaN, infinite = Double.POSITIVE_INFINITY;
        Chart chart = Plots.lines("t", "x", "y", Series.line("a", new double[] {1, 2, 3, infinite}, new double[] {1, nan, -infinite, 2}),
            Series.line("none", new double[] {nan}, new double[] {1}));
        JsonNode data = json(chart).path("data");
        assertTrue(data.get(0).path("y").get(1).isNull() && data.get(0).path("y").get(2).isNull() && data.get(0).path("x").get(3).isNull());
        assertEquals("none (no numbers)", data.get(1).path("name").asText());
        assertTrue(chart.png().length > 1000);
        JsonNode one = json(Plots.lines("t", "x", "y", Series.points("a", new double[] {3}, new double[] {0}))).path("layout");
        assertEquals("[2.7,3.3]", one.path("xaxis").path("range").toString());
        assertEquals("[-0.5,0.5]", one.path("yaxis").path("range").toString());
        for (double huge : new double[] {1e308, -1e308, 5e-324, 1e-300, 1e15}) {
            Chart extreme = Plots.lines("t", "x", "y", Series.line("a", new double[] {0, huge}, new double[] {huge, huge / 2}));
            assertTrue(json(extreme).path("data").size() == 1 && extreme.png().length > 1000, "" + huge);
        }
    }

    @Test
    void aMillionPointsAreThinnedAndSaidToBe() throws Exception {
        double[] x = java.util.stream.IntStream.range(0, 1_000_000).asDoubleStream().toArray(), y = new double[x.length];
        y[123_456] = 7;
        y[654_321] = -7;
        Chart chart = Plots.lines("t", "x", "y", Series.line("peaks", x, y), Series.points("cloud", x, y));
        JsonNode data = json(chart).path("data");
        assertTrue(data.get(0).path("name").asText().matches("peaks, [\\d,]+ of 1,000,000 points"), data.get(0).path("name").asText());
        assertEquals("cloud, 4,000 of 1,000,000 points", data.get(1).path("name").asText());
        int kept = data.get(0).path("x").size();
        assertTrue(kept <= 4_000, kept + " points");
        assertTrue(data.get(0).path("y").toString().contains("7.0") && data.get(0).path("y").toString().contains("-7.0"),
            "no peak is lost");
        assertEquals(999_999, data.get(0).path("x").get(kept - 1).asDouble());
        assertEquals("alone, 2,002 of<br>1,000,000 points",
            json(Plots.lines("t", "x", "y", Series.line("alone", x, y))).path("layout").path("annotations").path(0).path("text").asText(),
            "a single series has a label if that says something");
    }

    @Test
    void logarithmicAxesHaveDecades() throws Exception {
        double[] x = {1, 10, 100, 1000}, y = {1, 0.1, 0.01, 0.001};
        JsonNode layout = json(Plots.lines("t", "n", "error", Series.line("a", x, y)).logX().logY()).path("layout");
        assertEquals("log", layout.path("xaxis").path("type").asText());
        assertEquals("[\"1\",\"10\",\"100\",\"1,000\"]", layout.path("xaxis").path("ticktext").toString());
        assertEquals("[1.0,10.0,100.0,1000.0]", layout.path("xaxis").path("tickvals").toString());
        assertEquals("[\"0.001\",\"0.01\",\"0.1\",\"1\"]", layout.path("yaxis").path("ticktext").toString());
        assertEquals("[1.0,10.0,100.0,1000.0]",
            json(Plots.lines("t", "n", "error", Series.line("a", x, y)).logX()).path("data").get(0).path("x").toString());
        var zero = assertThrows(IllegalArgumentException.class,
            () -> Plots.lines("t", "x", "y", Series.line("a", new double[] {1, 0}, x.length > 0 ? new double[] {1, 1} : null)).logX());
        assertTrue(zero.getMessage().contains("'a'") && zero.getMessage().contains("x = 0.0 at point 1"), zero.getMessage());
        JsonNode weights = json(Plots.weights(ImportanceWeights.of(new double[] {0.01, 1, 100, 5}))).path("layout").path("xaxis");
        assertEquals("log", weights.path("type").asText());
        JsonNode beyond = json(Plots.weights(ImportanceWeights.ofLog(new double[] {-2000, 0, 2000}))).path("layout").path("xaxis");
        assertEquals("linear", beyond.path("type").asText(), "JavaScript has no number so large: the axis holds the logarithms");
        assertTrue(beyond.path("ticktext").toString().contains("10⁵⁰⁰"), beyond.path("ticktext").toString());
    }

    /** What the picture's plot area is, in pixels, is what Plotly's margins leave. */
    @ParameterizedTest
    @MethodSource("charts")
    void bothTwinsHaveTheSamePlotArea(Chart chart) throws Exception {
        JsonNode layout = json(chart).path("layout"), margin = layout.path("margin");
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(chart.png()));
        int left = margin.path("l").asInt(), bottom = layout.path("height").asInt() - margin.path("b").asInt();
        var axis = java.awt.Color.decode(Chart.LINE_COLOUR);
        int along = 0, up = 0;
        for (int x = left; x < picture.getWidth() - margin.path("r").asInt(); x++) if (near(picture.getRGB(x, bottom), axis)) along++;
        for (int y = margin.path("t").asInt(); y < bottom; y++) if (near(picture.getRGB(left, y), axis)) up++;
        assertTrue(along > 0.8 * (picture.getWidth() - left - margin.path("r").asInt()),
            "the horizontal axis lies where Plotly's does: " + along);
        assertTrue(up > 0.8 * (bottom - margin.path("t").asInt()), "the vertical one too: " + up);
        // on equal scales a square of goals is as wide as it can be high
        if (chart.title().startsWith("point-robot"))
            assertTrue(margin.path("t").asInt() + margin.path("b").asInt() < 0.3 * picture.getHeight(), "the plot has the height");
        else assertTrue(margin.path("l").asInt() + margin.path("r").asInt() < 0.3 * picture.getWidth(), "the plot has the width");
    }

    private static boolean near(int rgb, java.awt.Color colour) {
        var c = new java.awt.Color(rgb);
        return c.getRed() < 0xd0 && Math.abs(c.getRed() - c.getBlue()) < 60 || c.equals(colour);
    }

    @Test
    void aBandIsDrawnWhereThereIsOne() throws Exception {
        double[] x = {1, 2, 3, 4, 5}, low = {0, 1, Double.NaN, 3, 4}, high = {2, 3, 4, 5, 6};
        JsonNode band = json(Plots.lines("t", "x", "y", Series.band("95 %", x, low, high), Series.line("a", x, high))).path("data").get(0);
        assertEquals("[1.0,2.0,2.0,1.0,null,4.0,5.0,5.0,4.0]", band.path("x").toString());
        assertEquals("[2.0,3.0,1.0,0.0,null,5.0,6.0,4.0,3.0]", band.path("y").toString());
        double[] none = {Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN};
        assertThrows(IllegalArgumentException.class, () -> Series.band("95 %", x, none, none));
    }

    /** Whichever comes first, and whatever is drawn between them. */
    @Test
    void aBandHasTheColourOfItsNamesake() throws Exception {
        double[] x = {1, 2}, low = {0, 1}, high = {2, 3};
        Series[] lines = {Series.line("a", x, low), Series.line("b", x, high)}, bands = {Series.band("a", x, low, high),
            Series.band("b", x, low, high)};
        Series[][] orders = {new Series[] {bands[0], lines[0], bands[1], lines[1]},
            new Series[] {lines[0], bands[0], lines[1], bands[1]}, new Series[] {bands[1], lines[0], lines[1], bands[0]}};
        for (Series[] order : orders) {
            JsonNode drawn = json(Plots.lines("t", "x", "y", order)).path("data");
            for (JsonNode trace : drawn)
                if (trace.has("fillcolor")) {
                    String expected = trace.path("name").asText().equals("a") ? "0,114,178" : "213,94,0";
                    assertTrue(trace.path("fillcolor").asText().replace(" ", "").contains(expected), trace.toString());
                }
        }
    }

    @Test
    void filesAreWholeOrNotThere(@TempDir Path folder) throws Exception {
        for (String name : new String[] {"x.xlsx", "x", "x.png.part", ".png.", "x.eps"}) {
            var error = assertThrows(IllegalArgumentException.class, () -> LINES.save(folder.resolve(name).toString()), name);
            assertTrue(
                error.getMessage().contains(".png or .svg or .pdf or .html or .json") && error.getMessage().contains("Nothing was written"),
                error.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> LINES.savePng(folder.resolve("x.html").toString()));
        assertThrows(IllegalArgumentException.class, () -> LINES.saveHtml(folder.resolve("x.png").toString()));
        assertThrows(IllegalArgumentException.class, () -> LINES.save("bad\u0000.png"));
        Files.createDirectory(folder.resolve("folder.png"));
        var directory = assertThrows(java.io.UncheckedIOException.class, () -> LINES.save(folder.resolve("folder.png").toString()));
        assertTrue(directory.getMessage().contains("it is a folder"), directory.getMessage());
        Files.writeString(folder.resolve("file"), "mine");
        var below = assertThrows(java.io.UncheckedIOException.class, () -> LINES.save(folder.resolve("file/x.png").toString()));
        assertTrue(below.getMessage().contains("is a file, not a folder"), below.getMessage());
        assertEquals("mine", Files.readString(folder.resolve("file")));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(2, left.count(), "nothing else was left behind");
        }
        for (String name : new String[] {"a/b/x.png", "x.HTML", "x.json"}) LINES.save(folder.resolve(name).toString());
        LINES.save(folder.resolve("x.json").toString());
        assertEquals(3, new ObjectMapper().readTree(folder.resolve("x.json").toFile()).path("data").size());
    }

    @Test
    void badSeriesAreNamed() {
        var lengths = assertThrows(IllegalArgumentException.class, () -> Series.line("a", new double[2], new double[3]));
        assertTrue(lengths.getMessage().contains("'a' has 2 x and 3 y"), lengths.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Series.line("a", new double[0], new double[0]));
        assertThrows(IllegalArgumentException.class, () -> Plots.lines("t", "x", "y"));
    }
}
