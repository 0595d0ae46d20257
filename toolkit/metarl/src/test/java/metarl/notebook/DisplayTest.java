package metarl.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import metarl.agent.Policy;
import metarl.agent.value.Td3;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.env.Environment;
import metarl.env.Step;
import metarl.plot.Plots;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Maze;
import metarl.task.families.PointRobot;
import metarl.train.MetaTraining;
import metarl.train.Rollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

class DisplayTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "-3.14159, -3.142", "12345.678, 12346", "2000000, 2000000", "0.00012345, 0.0001235", "1.5e-9, 1.50e-09",
        "3e12, 3.00e+12", "0.5, 0.5", "99.999, 100"})
    void numbersHaveFourSignificantDigits(double value, String text) {
        assertEquals(text, Display.number(value));
    }

    @Test
    void tablesAreEscapedAlignedAndCutAtTwentyRows() {
        var names = StringColumn.create("a<b");
        var numbers = DoubleColumn.create("n");
        for (int i = 0; i < 25; i++) {
            names.append("<script>&" + i);
            numbers.append(i == 3 ? Double.NaN : i / 3.0);
        }
        Map<String, Object> bundle = Display.bundle(Table.create("t", names, numbers));
        String html = (String) bundle.get("text/html");
        assertTrue(html.contains("a&lt;b") && html.contains("&lt;script&gt;&amp;0") && !html.contains("<script>"), html);
        assertTrue(html.contains("text-align:right\">0.3333<") && html.contains("text-align:left"), html);
        assertTrue(html.contains("the first 20 of 25 rows") && !html.contains("&amp;20"), html);
        assertTrue(((String) bundle.get("text/plain")).contains("… 25 rows"));
    }

    @Test
    void columnsHaveTheirDigitsInCommonAndEmptyOnesAreLeftOut() {
        Table table = Table.create("t", StringColumn.create("name", "a", "b", "c"),
            DoubleColumn.create("return", -69.5, -117.42, Double.NaN),
            DoubleColumn.create("after", Double.NaN, Double.NaN, Double.NaN), DoubleColumn.create("error", 0.002008, 0.05731, 0),
            DoubleColumn.create("n", 12, 1500, 3),
            StringColumn.create("note", "", "", ""), DoubleColumn.create("wide", 123456.78, 0.5, 1e-4));
        String text = (String) Display.bundle(table).get("text/plain");
        assertEquals(
            "name  return     error     n    wide\na      -69.5  0.002008    12  123457\nb     -117.4  0.057310  1500     0.5\nc         "
                + "    0.000000     3  0.0001\n",
            text);
        String html = (String) Display.bundle(table).get("text/html");
        assertTrue(!html.contains("after") && !html.contains("note"), html);
        Table quantities = Table.create("q", StringColumn.create("quantity", "n", "share"), DoubleColumn.create("value", 3200, 0.2345));
        assertTrue(((String) Display.bundle(quantities).get("text/plain")).contains("3200\n"),
            "rows of different quantities have digits of their own");
    }

    @Test
    void bigTablesAreCut() {
        var columns = new ArrayList<Column<?>>();
        for (int i = 0; i < 300; i++) columns.add(StringColumn.create("c" + i, "x".repeat(10_000), "y"));
        Map<String, Object> bundle = Display.bundle(Table.create("wide", columns));
        assertTrue(((String) bundle.get("text/html")).contains("the first 20 of 300 columns")
            && ((String) bundle.get("text/html")).length() < 20_000);
        assertTrue(((String) bundle.get("text/plain")).contains("… 300 columns"));
        assertTrue(((String) Display.bundle(Table.create("empty")).get("text/html")).contains("<table>"));
        assertTrue(((String) Display.bundle(Table.create("no rows", StringColumn.create("a"))).get("text/html")).contains(">a<"));
    }

    @Test
    void aTableSaysWhichFilesItCanBe(@TempDir Path folder) throws Exception {
        TableFiles.refuseOtherEndings();
        TableFiles.refuseOtherEndings();
        Table table = Table.create("t", DoubleColumn.create("a", 1, 2));
        for (String name : new String[] {"x.xlsx", "x.parquet", "x"}) {
            Path file = folder.resolve(name);
            Files.writeString(file, "mine");
            var error = assertThrows(IllegalArgumentException.class, () -> table.write().toFile(file.toString()));
            assertTrue(error.getMessage().contains(".csv") && error.getMessage().contains("Nothing was written"), error.getMessage());
            assertEquals("mine", Files.readString(file));
        }
        table.write().toFile(folder.resolve("x.csv").toString());
        assertTrue(Files.readString(folder.resolve("x.csv")).startsWith("a"));
    }

    @Test
    void everyTypeHasTextAndSomethingRicher() {
        TaskSet tasks = TaskSet.of(PointRobot.dense()).train(3).test(1).sample(1);
        var weights = ImportanceWeights.of(new double[] {1, 2, 3});
        assertEquals(Set.of("text/plain", "application/vnd.plotly.v1+json", "image/png"), Display.bundle(Plots.weights(weights)).keySet());
        for (Object value : new Object[] {tasks, weights, weights.ess()})
            assertEquals(Set.of("text/plain", "text/html"), Display.bundle(value).keySet());
        assertEquals(Set.of("text/plain", "image/png"), Display.bundle(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB)).keySet());
        String alt = Plots.weights(weights).description();
        assertEquals(Map.of("image/png", Map.of("alt", alt)), Display.metadata(Display.bundle(Plots.weights(weights))));
        assertTrue(alt.contains("Histogram of number of weights against weight"), alt);
        assertEquals(Map.of(), Display.metadata(Display.bundle(weights)), "tables need no words");
        BufferedImage gallery = Gallery.of(tasks.train(), List.of("left", "up", "right"));
        assertEquals("3 tasks after 12 random steps: left; up; right", Display.bundle(gallery).get("text/plain"));
        assertEquals("42", Display.bundle(42).get("text/plain"));
    }

    @Test
    void anAnimationHasFramesSideBySide() throws Exception {
        var task = PointRobot.dense().task(0.5, 0.5);
        byte[] gif = Animation.of("zero", Policy.zero(2), task).beside("random", Policy.random(2)).seconds(1).gif();
        var reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif)));
        int frames = reader.getNumImages(true);
        assertEquals(20, frames);
        assertEquals(640, reader.read(0).getWidth());
    }

    /** Both episodes as they were lived: the arrow stands where it stood. */
    @Test
    void aTrialIsShownEpisodeBesideEpisode() throws Exception {
        Task maze = TaskSet.of(new Maze(5, 40).firstPerson()).train(1).test(1).sample(3).train().get(0);
        Policy walk = (environments, random) -> seen -> new double[][] {{random.nextInt(4)}};
        List<Trajectory> trial = Rollout.trials(walk, List.of(maze), 2, RandomStream.of(5, "walk")).get(0);
        Animation animation = Animation.of(trial);
        assertEquals("Animation: " + maze + ", episode 1: " + trial.get(0).length() + " steps beside episode 2: " + trial.get(1).length()
            + " steps", animation.toString());
        List<BufferedImage> frames = animation.frames();
        assertEquals(Math.max(trial.get(0).length(), trial.get(1).length()) + 1, frames.size());
        assertEquals(640, frames.get(0).getWidth());
        try (Environment environment = maze.environment()) {
            environment.reset(RandomStream.of(0, "start"));
            for (int t = 0; t < trial.get(1).length(); t++) environment.step(trial.get(1).action(t));
            BufferedImage last = environment.render(320, 178), shown = frames.get(frames.size() - 1);
            for (int x = 0; x < 320; x += 3)
                for (int y = 0; y < 178; y += 3) assertEquals(last.getRGB(x, y), shown.getRGB(320 + x, 22 + y));
        }
        var other = new Trajectory(maze, new double[3600]);
        other.add(new double[] {0}, new Step(new double[3600], 0, false, true, new double[3]));
        var e = assertThrows(IllegalArgumentException.class, () -> Animation.of(List.of(other)).frames());
        assertTrue(e.getMessage().contains("cannot be repeated"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Animation.of(List.<Trajectory>of()));
    }

    @Test
    void withoutAKernelProgressIsAFewLinesOfText() {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true));
        try {
            MetaTraining.on(TaskSet.of(PointRobot.dense()).train(3).test(1).sample(1))
                .algorithm(Td3.pointRobot().hidden(8).batchSize(8).randomSteps(40)).steps(300).evaluateEvery(150).adaptTasks(0)
                .listen(new ProgressBar(), LivePlot.testReturn().reference("a level", -10), LivePlot.adaptedReturn()).run().close();
        } finally {
            System.setOut(before);
        }
        String[] lines = bytes.toString().strip().split("\n");
        assertTrue(lines.length <= 4, "throttled: " + lines.length + " lines");
        assertTrue(lines[lines.length - 1].contains("finished · 300 of 300 steps") && lines[lines.length - 1].contains("best test return"),
            lines[lines.length - 1]);
    }

    @Test
    void everyImportOfTheNotebooksExists() {
        assertTrue(Imports.lines().size() > 8);
        for (String line : Imports.lines()) assertTrue(line.matches("import (static )?[\\w.]+(\\.\\*)?;"), line);
    }
}
