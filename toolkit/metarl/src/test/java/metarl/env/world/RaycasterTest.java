package metarl.env.world;

import static metarl.BadInput.bad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import metarl.BadInput;
import metarl.basics.RandomStream;
import metarl.env.Environment;
import metarl.env.EnvironmentCheck;
import metarl.env.Space;
import metarl.task.Task;
import metarl.task.TaskSet;
import metarl.task.families.Maze;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Row;

/** Pictures of mazes against geometry: distances worked out by hand and by small steps along a ray, mirrors, turns, and lines of sight. */
class RaycasterTest {
    private static final int HEIGHT = 30, WIDTH = 40;
    private static final Raycaster EYE = Raycaster.published();
    private static final Maze LARGE = Maze.large().firstPerson();
    private static final List<Task> MAZES = TaskSet.of(LARGE).train(12).test(1).sample(3).train();

    private static double[] pixel(double[] picture, int row, int column) {
        int at = (row * WIDTH + column) * 3;
        return new double[] {picture[at], picture[at + 1], picture[at + 2]};
    }

    private static boolean isBrick(double[] c) {
        return c[0] > 1.5 * c[1] && c[2] > 0;
    }

    private static boolean isGold(double[] c) {
        return c[2] == 0 && c[0] > 0 && c[1] > 0.6 * c[0];
    }

    /** Rows of wall in a column. */
    private static int wallRows(double[] picture, int column) {
        int rows = 0;
        for (int row = 0; row < HEIGHT; row++) if (isBrick(pixel(picture, row, column))) rows++;
        return rows;
    }

    /** A wall at distance t is 20 / t pixels high: 40, of which 30 are seen, at 1/2, then 14, 8 and 6. */
    @Test
    void aWallStraightAheadIsAsHighAsItsDistanceSays() {
        int[] expected = {30, 14, 8, 6};
        var corridor = new boolean[7][7];
        for (boolean[] row : corridor) Arrays.fill(row, true);
        for (int y = 1; y <= 5; y++) corridor[y][3] = false;
        var maze = new MazeEnvironment.Layout(corridor, 3, 1, 0, 3, 5);
        for (int k = 0; k < expected.length; k++) {
            double[] picture = EYE.picture(maze, 3, 1 + k, 0);
            assertEquals(expected[k], wallRows(picture, 19), k + " free cells ahead");
            assertEquals(expected[k], wallRows(picture, 20));
        }
    }

    /** Small steps along the ray (s t, t) of a column until they are in a wall. */
    private static double distance(MazeEnvironment.Layout maze, int x, int y, int direction, double slope) {
        double[] ahead = {MazeEnvironment.stepX(direction), MazeEnvironment.stepY(direction)},
            right = {MazeEnvironment.stepX(direction + 1), MazeEnvironment.stepY(direction + 1)};
        for (double t = 0;; t += 1e-3) {
            double px = x + ahead[0] * t + right[0] * slope * t, py = y + ahead[1] * t + right[1] * slope * t;
            if (maze.wall((int) Math.rint(px), (int) Math.rint(py))) return t;
        }
    }

    private interface OfPlace {
        void check(MazeEnvironment.Layout maze, int x, int y, int direction);
    }

    /** Every place and direction of some mazes. */
    private static void everywhere(OfPlace check) {
        for (Task task : MAZES) {
            MazeEnvironment.Layout maze = LARGE.layout(task);
            for (int place = 0; place < 81 * 4; place++)
                if (!maze.wall(place / 4 % 9, place / 36)) check.check(maze, place / 4 % 9, place / 36, place % 4);
        }
    }

    private static double slope(int column) {
        return (column + 0.5 - 20) / 20;
    }

    @Test
    void everyColumnShowsTheWallThatItsRayMeets() {
        everywhere((maze, x, y, direction) -> {
            double[] picture = EYE.picture(maze, x, y, direction);
            for (int c = 0; c < WIDTH; c++) {
                if (Stream.iterate(0, r -> r + 1).limit(HEIGHT).anyMatch(isGoldIn(picture, c))) continue;
                double half = 10 / distance(maze, x, y, direction, slope(c));
                int rows = wallRows(picture, c), low = 2 * (int) Math.min(15, half - 0.45), high = 2 * (int) Math.min(15, half + 0.55);
                assertTrue(rows >= low && rows <= high, rows + " rows of wall, expected " + low + " to " + high);
            }
        });
    }

    private static Predicate<Integer> isGoldIn(double[] picture, int column) {
        return row -> isGold(pixel(picture, row, column));
    }

    /** The pillar has radius 1/4 and stands in the middle of the goal's cell; a column shows it if nothing stands before it. */
    @Test
    void theGoalIsSeenWhereNothingStandsBeforeIt() {
        int[] seen = new int[2];
        everywhere((maze, x, y, direction) -> {
            double[] picture = EYE.picture(maze, x, y, direction);
            int goalX = maze.goalX() - x, goalY = maze.goalY() - y;
            int ahead = goalX * MazeEnvironment.stepX(direction) + goalY * MazeEnvironment.stepY(direction);
            int right = goalX * MazeEnvironment.stepX(direction + 1) + goalY * MazeEnvironment.stepY(direction + 1);
            for (int c = 0; c < WIDTH; c++) {
                boolean expected = ahead > 0 && Math.abs(slope(c) * ahead - right) < 0.25
                    && distance(maze, x, y, direction, slope(c)) > ahead;
                boolean shown = Stream.iterate(0, r -> r + 1).limit(HEIGHT).anyMatch(isGoldIn(picture, c));
                assertEquals(expected, shown, "column " + c + " at " + x + ", " + y);
                seen[shown ? 1 : 0]++;
            }
        });
        assertTrue(seen[0] > 10_000 && seen[1] > 400, seen[0] + " columns without and " + seen[1] + " with the goal");
    }

    private static MazeEnvironment.Layout mirrored(MazeEnvironment.Layout m) {
        int n = m.walls().length;
        var walls = new boolean[n][n];
        for (int y = 0; y < n; y++) for (int x = 0; x < n; x++) walls[y][n - 1 - x] = m.walls()[y][x];
        return new MazeEnvironment.Layout(walls, n - 1 - m.startX(), m.startY(), 0, n - 1 - m.goalX(), m.goalY());
    }

    private static MazeEnvironment.Layout turned(MazeEnvironment.Layout m) {
        int n = m.walls().length;
        var walls = new boolean[n][n];
        for (int y = 0; y < n; y++) for (int x = 0; x < n; x++) walls[x][n - 1 - y] = m.walls()[y][x];
        return new MazeEnvironment.Layout(walls, n - 1 - m.startY(), m.startX(), 0, n - 1 - m.goalY(), m.goalX());
    }

    @Test
    void aMirroredMazeGivesTheMirroredPictureAndATurnedOneTheSame() {
        everywhere((maze, x, y, direction) -> {
            double[] picture = EYE.picture(maze, x, y, direction), mirror = EYE.picture(mirrored(maze), 8 - x, y, (4 - direction) % 4);
            for (int row = 0; row < HEIGHT; row++)
                for (int c = 0; c < WIDTH; c++) assertArrayEquals(pixel(picture, row, c), pixel(mirror, row, WIDTH - 1 - c));
            assertArrayEquals(picture, EYE.picture(turned(maze), 8 - y, x, (direction + 1) % 4));
        });
    }

    @Test
    void anObservationIsAPictureAndWhatIsDrawnIsWhatIsSeen() {
        Task task = MAZES.get(0);
        try (Environment environment = task.environment()) {
            var random = RandomStream.of(1, "walk");
            double[] seen = environment.reset(random);
            assertEquals(Space.picture(HEIGHT, WIDTH, 3), environment.observations());
            for (int t = 0; t < 20; t++) {
                assertTrue(environment.observations().contains(seen));
                BufferedImage drawn = environment.render(2 * 4 * WIDTH, 4 * HEIGHT + 20);
                for (int row = 0; row < 4 * HEIGHT; row++)
                    for (int c = 0; c < 4 * WIDTH; c++) {
                        double[] p = pixel(seen, row / 4, c / 4);
                        assertEquals((int) p[0] << 16 | (int) p[1] << 8 | (int) p[2], drawn.getRGB(c, row + 10) & 0xFFFFFF);
                    }
                var step = environment.step(new double[] {random.nextInt(4)});
                if (step.last()) break;
                seen = step.observation();
            }
        }
    }

    @Test
    void aMazeOfPicturesPassesTheEnvironmentCheck() {
        try (Environment environment = MAZES.get(0).environment()) {
            for (Row row : EnvironmentCheck.of(environment))
                assertTrue(row.getBoolean("holds"), row.getString("property") + " – " + row.getString("seen"));
        }
    }

    /** Turn right, three cells, turn right, two cells: seven actions; backwards out of a dead end saves two turns. */
    @Test
    void theFewestActionsCountTurns() {
        assertEquals(7, new Maze(5, 10).layout(new Maze(5, 10).drawn("^....\n###..\n...G.\n.....\n.....")).fewestActions());
        assertEquals(2, new Maze(3, 10).layout(new Maze(3, 10).drawn("^##\n.##\nG##")).fewestActions());
    }

    static Stream<Arguments> mistakes() {
        var grey = Space.picture(2, 2, 1);
        return Stream.of(bad("no pixel", () -> Space.picture(0, 2, 1), "height"),
            bad("too long", () -> grey.accept(new double[5]), "expected 4"),
            bad("no number", () -> grey.accept(new double[] {0, Double.NaN, 0, 0}), "entry 1"),
            bad("no eye", () -> new Raycaster(0, 4), "height"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreNamed(BadInput mistake) {
        mistake.isNamed();
    }

    @Test
    void thePictureSpaceHoldsWholeLevels() {
        var grey = Space.picture(1, 2, 1);
        assertTrue(grey.contains(new double[] {0, 255}));
        assertTrue(!grey.contains(new double[] {0, 256}) && !grey.contains(new double[] {0.5, 0}) && !grey.contains(new double[1]));
        assertArrayEquals(new double[] {0, 255}, grey.accept(new double[] {-3, 999}));
        assertTrue(grey.contains(grey.sample(RandomStream.of(1, "sample"))));
        assertEquals("1 × 2 × 1", grey.toString());
        assertEquals(0x0707FF, Space.picture(1, 1, 3).image(new double[] {7, 7, 255}).getRGB(0, 0) & 0xFFFFFF);
    }
}
