package metarl.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import metarl.plot.Plots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeatMapTest {
    private static final double NAN = Double.NaN;
    private static final double[][] VALUES = {{0, 0.5, NAN}, {1, 0.25, 3}};
    private static final String[] COLUMNS = {"10", "it's", "a \\ b"}, ROWS = {"low", "high"};
    private static final Chart CHART = Plots.heatmap("Shares", "pull", "arm", COLUMNS, ROWS, VALUES, "share of 'trials'", 0, 1);

    private static JsonNode json(Chart chart) throws Exception {
        return new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(chart.plotly()));
    }

    private static BufferedImage picture(Chart chart) throws Exception {
        return ImageIO.read(new ByteArrayInputStream(chart.png()));
    }

    /** The colour of the middle of a cell of {@link #CHART}, whose upper row and first two columns have no blank cell. */
    private static Color cell(BufferedImage picture, int row, int column) {
        int inside = picture.getWidth() / 3;
        int[] y = IntStream.range(0, picture.getHeight()).filter(i -> coloured(picture, inside, i)).toArray();
        int top = y[0], bottom = y[y.length - 1] + 1, upper = top + (bottom - top) / 4;
        int left = inside, right = inside;
        while (coloured(picture, left - 1, upper)) left--;
        while (coloured(picture, right, upper)) right++;
        return new Color(
            picture.getRGB(left + (int) ((column + 0.5) * (right - left) / 3), bottom - (int) ((row + 0.5) * (bottom - top) / 2)));
    }

    private static boolean coloured(BufferedImage picture, int x, int y) {
        Color c = new Color(picture.getRGB(x, y));
        return Math.max(c.getRed(), Math.max(c.getGreen(), c.getBlue())) - Math.min(c.getRed(), Math.min(c.getGreen(), c.getBlue())) > 40;
    }

    @Test
    void numbersLabelsAndNamesAreInTheFigure() throws Exception {
        JsonNode trace = json(CHART).path("data").get(0), layout = json(CHART).path("layout");
        assertEquals("heatmap", trace.path("type").asText());
        for (int row = 0; row < 2; row++)
            for (int column = 0; column < 3; column++) {
                JsonNode z = trace.path("z").get(row).get(column);
                if (Double.isNaN(VALUES[row][column])) assertTrue(z.isNull(), "a blank cell is null, for JSON knows no NaN: " + z);
                else assertEquals(VALUES[row][column], z.doubleValue());
            }
        for (int i = 0; i < 3; i++) assertEquals(COLUMNS[i], trace.path("x").get(i).asText());
        for (int i = 0; i < 2; i++) assertEquals(ROWS[i], trace.path("y").get(i).asText());
        assertEquals("share of 'trials'", trace.path("colorbar").path("title").path("text").asText());
        assertEquals(0, trace.path("zmin").asDouble(NAN));
        assertEquals(1, trace.path("zmax").asDouble(NAN));
        assertEquals("Shares", layout.path("title").path("text").asText());
        assertEquals("pull", layout.path("xaxis").path("title").path("text").asText());
        assertEquals("arm", layout.path("yaxis").path("title").path("text").asText());
        assertEquals("category", layout.path("xaxis").path("type").asText(), "'10' is a label, not a place on an axis of numbers");
    }

    @Test
    void thePictureHasTheFiguresSizeAndColours() throws Exception {
        BufferedImage picture = picture(CHART);
        assertEquals(json(CHART).path("layout").path("width").asInt(), picture.getWidth());
        assertEquals(json(CHART).path("layout").path("height").asInt(), picture.getHeight());
        JsonNode scale = json(CHART).path("data").get(0).path("colorscale");
        assertEquals(Color.decode(scale.get(0).get(1).asText()), cell(picture, 0, 0));
        assertEquals(Color.decode(scale.get(5).get(1).asText()), cell(picture, 0, 1));
        assertEquals(Color.WHITE, cell(picture, 0, 2), "NaN is blank");
        assertEquals(Color.decode(scale.get(10).get(1).asText()), cell(picture, 1, 0));
        assertEquals(Color.decode(scale.get(10).get(1).asText()), cell(picture, 1, 2), "what lies above the range has its end's colour");
        Color first = Color.decode(scale.get(2).get(1).asText()), second = Color.decode(scale.get(3).get(1).asText()),
            between = cell(picture, 1, 1);
        assertEquals((first.getGreen() + second.getGreen()) / 2.0, between.getGreen(), 1);
        assertEquals((first.getBlue() + second.getBlue()) / 2.0, between.getBlue(), 1);
    }

    /** CIE L* of every colour, from the sRGB standard's luminance: 15 to 91 in even steps. */
    @Test
    void lightnessRisesEvenly() {
        double[] lightness = Arrays.stream(HeatMap.COLOURS).map(Color::decode)
            .mapToDouble(c -> 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue()))
            .map(y -> 116 * Math.cbrt(y) - 16).toArray();
        for (int i = 1; i < lightness.length; i++)
            assertEquals(7.6, lightness[i] - lightness[i - 1], 1.5, "from colour " + (i - 1) + " to " + i);
    }

    private static double linear(int channel) {
        double v = channel / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    static Stream<Arguments> ranges() {
        return Stream.of(Arguments.of(new double[][] {{0.1234567, NAN}, {0.98765, 0.5}}, 0.123, 0.988),
            Arguments.of(new double[][] {{-1024.7, 0}, {3.3, 80}}, -1030, 80),
            Arguments.of(new double[][] {{2, 2}, {2, NAN}}, 1.5, 2.5), Arguments.of(new double[][] {{0, 0}, {0, 0}}, -0.5, 0.5));
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void coloursCoverAllNumbers(double[][] values, double low, double high) throws Exception {
        JsonNode trace = json(Plots.heatmap("t", "x", "y", new String[] {"a", "b"}, new String[] {"c", "d"}, values, "v")).path("data")
            .get(0);
        assertEquals(low, trace.path("zmin").asDouble(NAN), 1e-12);
        assertEquals(high, trace.path("zmax").asDouble(NAN), 1e-12);
    }

    /**
     * With a hundred columns both twins have labels every ten, with space between them: in the picture, some columns of pixels below the
     * cells are white.
     */
    @Test
    void manyLabelsDoNotTouch() throws Exception {
        String[] hundred = IntStream.range(0, 100).mapToObj(i -> "" + i).toArray(String[]::new);
        Chart chart = Plots.heatmap("t", "x", "y", hundred, new String[] {"a"},
            new double[][] {IntStream.range(0, 100).asDoubleStream().toArray()}, "v");
        assertEquals(10, json(chart).path("layout").path("xaxis").path("dtick").asInt());
        assertEquals(1, json(CHART).path("layout").path("xaxis").path("dtick").asInt());
        BufferedImage picture = picture(chart);
        int groups = 0, white = 99;
        for (int x = 0; x < picture.getWidth(); x++) {
            int column = x;
            boolean ink = IntStream.range(375, 393).anyMatch(y -> new Color(picture.getRGB(column, y)).getGreen() < 128);
            if (ink && white > 8) groups++;
            white = ink ? 0 : white + 1;
        }
        assertEquals(10, groups, "0, 10, … 90");
    }

    static Stream<Arguments> bad() {
        String[] two = {"a", "b"};
        double[][] good = {{1, 2}, {3, 4}};
        return Stream.of(Arguments.of(two, two, new double[0][], "v", 0, 1, "'bad' has no cells"),
            Arguments.of(two, two, new double[2][0], "v", 0, 1, "'bad' has no cells"),
            Arguments.of(two, two, new double[][] {{1, 2}, {3}}, "v", 0, 1, "row 1 of the heat map 'bad' has 1 values and row 0 has 2"),
            Arguments.of(two, two, new double[][] {{1, 2}, {3, Double.NEGATIVE_INFINITY}}, "v", 0, 1,
                "row 1, column 1 of the heat map 'bad' is -Infinity"),
            Arguments.of(two, two, new double[][] {{NAN, NAN}, {NAN, NAN}}, "v", 0, 1, "are NaN"),
            Arguments.of(new String[] {"a"}, two, good, "v", 0, 1, "has 1 column labels and 2 columns"),
            Arguments.of(two, new String[] {"a", "b", "c"}, good, "v", 0, 1, "has 3 row labels and 2 rows"),
            Arguments.of(two, new String[] {"a", "a"}, good, "v", 0, 1, "row label 'a' of the heat map 'bad' is given twice"),
            Arguments.of(new String[] {"a", " "}, two, good, "v", 0, 1, "column label ' ' of the heat map 'bad' is blank"),
            Arguments.of(two, two, good, "", 0, 1, "have no name"),
            Arguments.of(two, two, good, "v", 1, 1, "go from 1.0 to 1.0"), Arguments.of(two, two, good, "v", NAN, 1, "go from NaN to 1.0"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badInputIsNamed(String[] columns, String[] rows, double[][] values, String name, double low, double high, String expected) {
        var error = assertThrows(IllegalArgumentException.class,
            () -> Plots.heatmap("bad", "x", "y", columns, rows, values, name, low, high));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        if (low == 0) {
            var own = assertThrows(IllegalArgumentException.class, () -> Plots.heatmap("bad", "x", "y", columns, rows, values, name));
            assertEquals(error.getMessage(), own.getMessage(), "the same without a range");
        }
    }
}
