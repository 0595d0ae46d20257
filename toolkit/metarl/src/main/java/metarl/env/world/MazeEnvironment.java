package metarl.env.world;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import metarl.env.Canvas;
import metarl.env.EpisodicEnvironment;
import metarl.env.Reward;
import metarl.env.Space;

/**
 * A maze on a square grid, seen by who walks in it.
 *
 * <p>Actions: 0 turn left, 1 turn right, 2 one cell forward, 3 one cell back; a move into a wall changes nothing. Outcome: the cell (x, y)
 * and whether the move hit a wall. An episode ends at the goal.
 *
 * <p>What is seen is one of two things. Either the cells 0 to 3 steps ahead, each with its left and right neighbour (36 entries): whether a
 * wall is there, whether the goal is there, and whether the cell can be seen. What stands behind a wall straight ahead cannot. Or, {@link
 * #firstPerson}, a picture of 30 × 40 pixels in red, green and blue (3 600 entries) that a {@link Raycaster} makes.
 */
public final class MazeEnvironment extends EpisodicEnvironment {
    private static final int DEPTH = 4, WIDTH = 3, CHANNELS = 3;
    /** North, east, south, west, with y downwards. */
    private static final int[] STEP_X = {0, 1, 0, -1}, STEP_Y = {-1, 0, 1, 0};
    private static final String ARROWS = "^>v<";

    private final Layout layout;
    /** Null where cells are seen. */
    private final Raycaster eye;
    /** Where the agent has been in this episode, the present cell included. */
    private final List<int[]> path = new ArrayList<>();
    private int x, y, direction;

    /**
     * Where everything is.
     *
     * @param walls whether a cell is solid, [y][x]; all around is wall
     * @param startX column of the start
     * @param startY row of the start
     * @param startDirection 0 north, 1 east, 2 south, 3 west
     * @param goalX column of the goal
     * @param goalY row of the goal
     */
    public record Layout(boolean[][] walls, int startX, int startY, int startDirection, int goalX, int goalY) {
        /** Checks that the grid is square, start and goal are free, and one can be reached from the other. */
        public Layout {
            for (boolean[] row : walls)
                if (row.length != walls.length) throw new IllegalArgumentException(
                    "the maze has " + walls.length + " rows but a row of " + row.length + " cells; expected a square");
            if (startDirection < 0 || startDirection > 3)
                throw new IllegalArgumentException("startDirection is " + startDirection + ", expected 0 (north) to 3 (west)");
            requireFree(walls, startX, startY, "start");
            requireFree(walls, goalX, goalY, "goal");
            if (distance(walls, startX, startY, goalX, goalY) < 0) throw new IllegalArgumentException(
                "the goal (" + goalX + ", " + goalY + ") cannot be reached from the start (" + startX + ", " + startY + ")");
        }

        private static void requireFree(boolean[][] walls, int x, int y, String what) {
            if (solid(walls, x, y))
                throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "the %1$s (%1$sX %2$d, %1$sY %3$d) is not a free cell of the %4$d × %4$d maze; expected one",
                        what, x, y,
                        walls.length));
        }

        /** Cells on the shortest way from start to goal, turns not counted. */
        public int shortestWay() {
            return distance(walls, startX, startY, goalX, goalY);
        }

        /** Fewest actions from the start to the goal, turns counted: what an episode takes who knows the maze. */
        public int fewestActions() {
            int size = walls.length, first = (startY * size + startX) * 4 + startDirection;
            int[] actions = new int[4 * size * size];
            var open = new ArrayDeque<Integer>(List.of(first));
            actions[first] = 1;
            while (true) {
                int pose = open.remove(), d = pose % 4, x = pose / 4 % size, y = pose / 4 / size;
                if (x == goalX && y == goalY) return actions[pose] - 1;
                for (int choice = 0; choice < 4; choice++) {
                    int turn = choice == 0 ? 3 : choice == 1 ? 1 : 0, sign = choice < 2 ? 0 : choice == 2 ? 1 : -1;
                    int nextX = x + sign * STEP_X[d], nextY = y + sign * STEP_Y[d];
                    if (wall(nextX, nextY)) continue;
                    int next = (nextY * size + nextX) * 4 + (d + turn) % 4;
                    if (actions[next] > 0) continue;
                    actions[next] = actions[pose] + 1;
                    open.add(next);
                }
            }
        }

        /** Whether there is a wall. */
        boolean wall(int x, int y) {
            return solid(walls, x, y);
        }
    }

    /** A maze with this layout, of which the cells ahead are seen. */
    public MazeEnvironment(Layout layout, int horizon, Reward reward) {
        this(layout, horizon, reward, Space.box(DEPTH * WIDTH * CHANNELS, 1), null);
    }

    private MazeEnvironment(Layout layout, int horizon, Reward reward, Space observations, Raycaster eye) {
        super(observations, Space.discrete(4), horizon, reward);
        this.layout = layout;
        this.eye = eye;
    }

    /** A maze with this layout, of which pictures are seen. */
    public static MazeEnvironment firstPerson(Layout layout, int horizon, Reward reward) {
        Raycaster eye = Raycaster.published();
        return new MazeEnvironment(layout, horizon, reward, eye.space(), eye);
    }

    /** Columns to the right that one step in this direction leads; directions go on after 3 from 0. */
    static int stepX(int direction) {
        return STEP_X[direction & 3];
    }

    /** Rows down that one step in this direction leads. */
    static int stepY(int direction) {
        return STEP_Y[direction & 3];
    }

    private static boolean solid(boolean[][] walls, int x, int y) {
        return x < 0 || y < 0 || x >= walls.length || y >= walls.length || walls[y][x];
    }

    /** Number of moves between two cells, −1 if there is no way. */
    private static int distance(boolean[][] walls, int fromX, int fromY, int toX, int toY) {
        int size = walls.length;
        int[] steps = new int[size * size];
        var open = new ArrayDeque<Integer>(List.of(fromY * size + fromX));
        steps[fromY * size + fromX] = 1;
        while (!open.isEmpty()) {
            int cell = open.remove(), x = cell % size, y = cell / size;
            if (x == toX && y == toY) return steps[cell] - 1;
            for (int d = 0; d < 4; d++) {
                int nextX = x + STEP_X[d], nextY = y + STEP_Y[d];
                if (solid(walls, nextX, nextY) || steps[nextY * size + nextX] > 0) continue;
                steps[nextY * size + nextX] = steps[cell] + 1;
                open.add(nextY * size + nextX);
            }
        }
        return -1;
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("x", "y", "hit a wall");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        x = layout.startX;
        y = layout.startY;
        direction = layout.startDirection;
        path.clear();
        path.add(new int[] {x, y});
        return observation();
    }

    @Override
    protected Advance advance(double[] action) {
        int choice = (int) action[0];
        boolean hit = false;
        if (choice < 2) direction = (direction + (choice == 0 ? 3 : 1)) % 4;
        else {
            int sign = choice == 2 ? 1 : -1, nextX = x + sign * STEP_X[direction], nextY = y + sign * STEP_Y[direction];
            hit = solid(layout.walls, nextX, nextY);
            if (!hit) {
                x = nextX;
                y = nextY;
                path.add(new int[] {x, y});
            }
        }
        return new Advance(observation(), new double[] {x, y, hit ? 1 : 0}, x == layout.goalX && y == layout.goalY);
    }

    private double[] observation() {
        return eye == null ? cells() : eye.picture(layout, x, y, direction);
    }

    private double[] cells() {
        double[] seen = new double[DEPTH * WIDTH * CHANNELS];
        int right = (direction + 1) % 4;
        for (int ahead = 0; ahead < DEPTH; ahead++) {
            int middleX = x + ahead * STEP_X[direction], middleY = y + ahead * STEP_Y[direction];
            for (int side = -1; side <= 1; side++)
                see(seen, (ahead * WIDTH + side + 1) * CHANNELS, middleX + side * STEP_X[right], middleY + side * STEP_Y[right]);
            if (solid(layout.walls, middleX, middleY)) {
                // beside a wall straight ahead nothing can be made out
                for (int side = 0; side < WIDTH; side += 2)
                    for (int f = 0; f < CHANNELS; f++) seen[(ahead * WIDTH + side) * CHANNELS + f] = 0;
                break;
            }
        }
        return seen;
    }

    private void see(double[] seen, int at, int cellX, int cellY) {
        seen[at] = solid(layout.walls, cellX, cellY) ? 1 : 0;
        seen[at + 1] = cellX == layout.goalX && cellY == layout.goalY ? 1 : 0;
        seen[at + 2] = 1;
    }

    /** The maze as text: # wall, G goal, an arrow for the agent. */
    public String text() {
        int size = layout.walls.length;
        var text = new StringBuilder();
        for (int row = -1; row <= size; row++) {
            for (int column = -1; column <= size; column++) text.append(symbol(column, row));
            text.append('\n');
        }
        return text.toString();
    }

    private char symbol(int column, int row) {
        if (column == x && row == y) return ARROWS.charAt(direction);
        if (column == layout.goalX && row == layout.goalY) return 'G';
        return solid(layout.walls, column, row) ? '#' : ' ';
    }

    @Override
    public String toString() {
        return text();
    }

    /** The maze from above with the way that was gone; where pictures are seen, to its left what the agent sees now. */
    @Override
    public BufferedImage render(int width, int height) {
        try (var canvas = new Canvas(width, height)) {
            Graphics2D g = canvas.pen(Canvas.BACKGROUND, 1);
            int left = eye == null ? 0 : width / 2;
            if (left > 0) canvas.picture(eye.space().image(observation()), 0, 0, left, height);
            int size = layout.walls.length + 2;
            double cell = (double) Math.min(width - left, height) / size;
            g.translate(left + (width - left - size * cell) / 2 + cell, (height - size * cell) / 2 + cell);
            drawMap(canvas, cell);
            return canvas.image();
        }
    }

    private void drawMap(Canvas canvas, double cell) {
        int size = layout.walls.length;
        Graphics2D g = canvas.pen(Canvas.BACKGROUND, 1);
        for (int row = -1; row <= size; row++)
            for (int column = -1; column <= size; column++)
                if (layout.wall(column, row)) g.fill(new Rectangle2D.Double(column * cell, row * cell, cell + 0.5, cell + 0.5));
        canvas.pen(Canvas.GOAL, 1).fill(new Ellipse2D.Double((layout.goalX + 0.2) * cell, (layout.goalY + 0.2) * cell, 0.6 * cell,
            0.6 * cell));
        var way = new Path2D.Double();
        for (int[] visited : path) {
            if (way.getCurrentPoint() == null) way.moveTo((visited[0] + 0.5) * cell, (visited[1] + 0.5) * cell);
            else way.lineTo((visited[0] + 0.5) * cell, (visited[1] + 0.5) * cell);
        }
        canvas.pen(Canvas.AGENT, Math.max(1, 0.06 * cell)).draw(way);
        g.translate((x + 0.5) * cell, (y + 0.5) * cell);
        g.rotate(direction * Math.PI / 2);
        var arrow = new Path2D.Double();
        arrow.moveTo(0, -0.4 * cell);
        arrow.lineTo(0.3 * cell, 0.35 * cell);
        arrow.lineTo(-0.3 * cell, 0.35 * cell);
        g.fill(arrow);
    }
}
