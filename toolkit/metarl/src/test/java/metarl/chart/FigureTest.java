package metarl.chart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import metarl.plot.Plots;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** What a journal asks of a figure: names at the lines, styles that differ without colour, words for those who do not see it, and files. */
class FigureTest {
    private static final double[] X = {0, 100};

    private static JsonNode json(Chart chart) {
        return new ObjectMapper().valueToTree(chart.plotly());
    }

    private static BufferedImage picture(Chart chart) throws Exception {
        return ImageIO.read(new ByteArrayInputStream(chart.png()));
    }

    private static Series flat(String name, double level) {
        return Series.line(name, X, new double[] {level, level});
    }

    /** The place of a number on the picture, from Plotly's own layout. */
    private static int place(JsonNode layout, double value, boolean horizontal) {
        JsonNode margin = layout.path("margin"), range = layout.path(horizontal ? "xaxis" : "yaxis").path("range");
        double part = (value - range.get(0).asDouble()) / (range.get(1).asDouble() - range.get(0).asDouble());
        int width = layout.path("width").asInt() - margin.path("l").asInt() - margin.path("r").asInt(),
            height = layout.path("height").asInt() - margin.path("t").asInt() - margin.path("b").asInt();
        return (int) Math.round(horizontal ? margin.path("l").asInt() + part * width : margin.path("t").asInt() + (1 - part) * height);
    }

    private static boolean inked(BufferedImage picture, int x, int y, Color colour) {
        Color c = new Color(picture.getRGB(x, y));
        return Math.abs(c.getRed() - colour.getRed()) + Math.abs(c.getGreen() - colour.getGreen())
            + Math.abs(c.getBlue() - colour.getBlue()) < 90;
    }

    @Test
    void namesStandAtTheEndsOfLinesInBothTwins() throws Exception {
        Chart chart = Plots.lines("t", "x", "y", flat("low", 1), flat("high", 3), Series.reference("best", 5, 0, 100));
        JsonNode layout = json(chart).path("layout"), notes = layout.path("annotations");
        assertTrue(!layout.path("showlegend").asBoolean(), "no legend besides");
        assertEquals(List.of("best", "high", "low"), IntStream.range(0, 3).mapToObj(i -> notes.get(i).path("text").asText()).toList());
        BufferedImage picture = picture(chart);
        int right = layout.path("width").asInt() - layout.path("margin").path("r").asInt();
        for (JsonNode note : notes) {
            assertEquals(0, note.path("yshift").asDouble(), 1e-9, "nothing is in the way");
            Color colour = Color.decode(note.path("font").path("color").asText());
            int y = place(layout, note.path("y").asDouble(), false);
            long ink = IntStream.range(right + Label.GAP, 700).filter(x -> IntStream.range(y - 6, y + 7)
                .anyMatch(row -> inked(picture, x, row, colour))).count();
            assertTrue(ink > 5, note + " is in the picture: " + ink);
            assertTrue(contrast(colour) > 4.5, note + " can be read on white: " + contrast(colour));
        }
    }

    /** WCAG's, with white. */
    private static double contrast(Color c) {
        double[] linear = IntStream.of(c.getRed(), c.getGreen(), c.getBlue()).mapToDouble(v -> v / 255.0)
            .map(v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4)).toArray();
        return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05);
    }

    @Test
    void labelsAreMovedApartAndALegendStandsWhereTheyDoNotFit() {
        JsonNode near = json(Plots.lines("t", "x", "y", flat("a", 1), flat("b", 1.01), flat("c", 5))).path("layout");
        double[] places = IntStream.of(0, 1, 2)
            .mapToDouble(i -> place(near, near.path("annotations").get(i).path("y").asDouble(), false)
                - near.path("annotations").get(i).path("yshift").asDouble())
            .toArray();
        assertTrue(places[1] - places[0] >= Label.LINE && places[2] - places[1] >= Label.LINE, places[0] + " " + places[1]);
        Series[] four = {flat("a", 1), flat("b", 1), flat("c", 1), flat("d", 1)};
        assertTrue(!json(Plots.lines("t", "x", "y", four)).path("layout").path("showlegend").asBoolean(), "four fit one above the other");
        for (Chart chart : List.of(
            Plots.lines("t", "x", "y", flat("a", 1), flat("b", 2), flat("c", 3), flat("d", 4), flat("e", 5)),
            Plots.lines("t", "x", "y", flat("a", 1), Series.points("b", X, X)),
            Plots.lines("t", "x", "y", flat("a", 1), Series.line("ends early", new double[] {0, 50}, X)),
            Plots.lines("t", "x", "y", flat("a", 1), flat("a name that is too long for two lines of a label at the end of its line", 2))))
            assertTrue(json(chart).path("layout").path("showlegend").asBoolean() && !json(chart).path("layout").has("annotations"));
    }

    @Test
    void aVerticalReferenceHasItsNameAboveIt() throws Exception {
        double[] at = {70, 70};
        Chart chart = Plots.lines("t", "x", "y", flat("a", 1), new Series("the change", at, new double[] {0, 2}, Series.Style.REFERENCE));
        JsonNode layout = json(chart).path("layout"), note = layout.path("annotations").get(0);
        assertEquals("the change", note.path("text").asText());
        assertEquals(70, note.path("x").asDouble());
        assertEquals("bottom", note.path("yanchor").asText());
        int x = place(layout, 70, true), top = layout.path("margin").path("t").asInt();
        BufferedImage picture = picture(chart);
        Color colour = Color.decode(note.path("font").path("color").asText());
        assertTrue(
            IntStream.range(x - 30, x + 30).anyMatch(c -> IntStream.range(top - 14, top).anyMatch(r -> inked(picture, c, r, colour))));
    }

    /** Along a flat line the picture has as many dashes as Plotly's pattern says. */
    @Test
    void dashesAndMarkersAreThoseOfPlotly() throws Exception {
        double[] many = IntStream.range(0, 100).asDoubleStream().toArray();
        Series[] lines = IntStream.range(0, 4)
            .mapToObj(i -> Series.line("line " + i, many, IntStream.range(0, 100).mapToDouble(k -> i).toArray())).toArray(Series[]::new);
        Chart chart = Plots.lines("t", "x", "y", lines);
        JsonNode figure = json(chart), layout = figure.path("layout");
        BufferedImage picture = picture(chart);
        for (int i = 0; i < 4; i++) {
            JsonNode line = figure.path("data").get(i).path("line");
            Color colour = Color.decode(line.path("color").asText());
            int y = place(layout, i, false), from = place(layout, 0, true), to = place(layout, 99, true), runs = 0;
            // a line between two rows of pixels is paler in both
            IntPredicate drawn = x -> IntStream.rangeClosed(y - 1, y + 1).anyMatch(row -> inked(picture, x, row, colour));
            for (int x = from + 1; x < to; x++) if (drawn.test(x) && !drawn.test(x - 1)) runs++;
            String[] pattern = line.path("dash").asText().replace("px", "").split(",");
            double period = pattern.length < 2 ? Double.POSITIVE_INFINITY : IntStream.range(0, pattern.length)
                .mapToDouble(k -> Double.parseDouble(pattern[k])).sum() * 2 / pattern.length;
            assertEquals(Double.isInfinite(period) ? 1 : (to - from) / period, runs, 2, "dashes of line " + i);
        }
        JsonNode square = json(Plots.lines("t", "x", "y", flat("a", 1), flat("b", 3))).path("data").get(1).path("marker");
        assertEquals("square", square.path("symbol").asText());
        BufferedImage marked = picture(Plots.lines("t", "x", "y", flat("a", 1), flat("b", 3)));
        JsonNode other = json(Plots.lines("t", "x", "y", flat("a", 1), flat("b", 3))).path("layout");
        int x = place(other, 0, true), corner = square.path("size").asInt() / 2 - 1;
        assertTrue(inked(marked, x - corner, place(other, 3, false) - corner, Color.decode("#D55E00")), "a square has corners");
        assertTrue(!inked(marked, x - corner - 1, place(other, 1, false) - corner - 1, Color.decode("#0072B2")), "a circle has none");
    }

    @Test
    void panelsShareOneLegend() {
        var left = new Panel("left", Axis.of("x"), Axis.of("y"), List.of(flat("a", 1), flat("b", 2)));
        var right = new Panel("right", Axis.of("x"), Axis.of("y"), List.of(flat("a", 3), flat("b", 1)));
        JsonNode both = json(Chart.panels("t", left, right));
        assertTrue(both.path("layout").path("showlegend").asBoolean());
        assertEquals("[true,true,false,false]",
            IntStream.range(0, 4).mapToObj(i -> both.path("data").get(i).path("showlegend").asText()).toList().toString().replace(" ", ""));
        var swapped = new Panel("right", Axis.of("x"), Axis.of("y"), List.of(flat("b", 3), flat("a", 1)));
        assertTrue(!json(Chart.panels("t", left, swapped)).path("layout").path("showlegend").asBoolean(), "the same name looks different");
    }

    @Test
    void wholeNumbersHaveNoTicksBetweenThem() {
        JsonNode layout = json(
            Plots.lines("t", "inner steps", "y", Series.line("a", new double[] {0, 1, 2, 3}, new double[] {0.5, 1, 2, 3})))
            .path("layout");
        assertEquals(4, layout.path("xaxis").path("nticks").asInt());
        assertEquals("[{\"dtickrange\":[0.99,null],\"value\":\",.0f\"}]", layout.path("xaxis").path("tickformatstops").toString());
    }

    @Test
    void chartsAreSaidInWords() {
        assertEquals("Two runs. Line chart of return against steps, from 0 to 100. MQL from −20 to −4.5; reference best at 3.",
            Plots.lines("Two runs", "steps", "return", Series.line("MQL", X, new double[] {-20, -4.5}), Series.reference("best", 3, 0, 100))
                .description());
        assertEquals("Errors. Scatter plot of error against n, from 1 to 1,000. a, 2 points, from 0.01 to 1.",
            Plots.lines("Errors", "n", "error", Series.points("a", new double[] {1, 1000}, new double[] {1, 0.01})).logX().logY()
                .description());
        assertEquals("Gains. Estimates of gain with their intervals: paper 7 (−2 to 57); release 4; reference line at 0.",
            new Chart(new Panel("Gains", Axis.of("gain"), new Axis("", false, List.of("release", "paper")),
                List.of(Series.interval("paper", -2, 7, 57, 2), Series.interval("release", Double.NaN, 4, Double.NaN, 1),
                    new Series("0", new double[] {0, 0}, new double[] {0.5, 2.5}, Series.Style.REFERENCE))))
                .description());
        assertEquals(
            "Shares. Heat map of share: 1 row (arm) and 2 columns (pull). The least value is 0.25 in row a, column 0, the greatest 1 in"
                + " row a, column 1.",
            Plots.heatmap("Shares", "pull", "arm", new String[] {"0", "1"}, new String[] {"a"},
                new double[][] {{0.25, 1}}, "share").description());
    }

    private static Chart greek() {
        return Plots.lines("Return ≥ −1 of λ, β and θ'", "ρ̂", "E[V̂] × 10", flat("γ = 0.9", 1), flat("β", 2)).logY();
    }

    @Test
    void anSvgHoldsTextsAsTexts(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("x.svg");
        greek().save(file.toString());
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document svg = factory.newDocumentBuilder().parse(file.toFile());
        assertEquals("Return ≥ −1 of λ, β and θ'", svg.getElementsByTagName("title").item(0).getTextContent());
        assertEquals(greek().description(), svg.getElementsByTagName("desc").item(0).getTextContent());
        assertEquals("img", svg.getDocumentElement().getAttribute("role"));
        List<String> texts = IntStream.range(0, svg.getElementsByTagName("text").getLength())
            .mapToObj(i -> svg.getElementsByTagName("text").item(i).getTextContent()).toList();
        assertTrue(texts.containsAll(List.of("Return ≥ −1 of λ, β and θ'", "ρ̂", "E[V̂] × 10", "γ = 0.9", "β")), texts.toString());
    }

    @Test
    void aPdfHoldsItsFontAndIsTheSameEachTime(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("x.pdf"), again = folder.resolve("again.pdf");
        greek().save(file.toString());
        greek().save(again.toString());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        try (PDDocument pdf = Loader.loadPDF(file.toFile())) {
            assertEquals("Return ≥ −1 of λ, β and θ'", pdf.getDocumentInformation().getTitle());
            assertEquals(525, pdf.getPage(0).getMediaBox().getWidth(), 0.01);
            String text = new PDFTextStripper().getText(pdf);
            for (String part : List.of("Return ≥ −1 of λ, β and θ'", "γ = 0.9", "β")) assertTrue(text.contains(part), text);
            BufferedImage drawn = new PDFRenderer(pdf).renderImageWithDPI(0, 96), picture = picture(greek());
            assertEquals(picture.getWidth(), drawn.getWidth(), 1);
            JsonNode layout = json(greek()).path("layout");
            int y = place(layout, Math.log10(2), false), x = place(layout, 100, true);
            assertTrue(inked(drawn, x, y, Color.decode("#D55E00")), "the second line ends where it ends in the picture");
        }
    }

    @Test
    void aCardHasRoundCornersOnADarkPage() throws Exception {
        BufferedImage picture = picture(greek());
        assertEquals(0, picture.getRGB(0, 0) >>> 24, "nothing in the corner");
        assertEquals(Color.WHITE.getRGB(), picture.getRGB(350, 3));
        JsonNode card = json(greek()).path("layout").path("shapes").get(0), margin = json(greek()).path("layout").path("margin");
        assertTrue(card.path("path").asText().startsWith("M" + (10 - margin.path("l").asInt()) + "," + -margin.path("b").asInt()),
            card.toString());
        assertEquals("#ffffff", card.path("fillcolor").asText());
    }
}
