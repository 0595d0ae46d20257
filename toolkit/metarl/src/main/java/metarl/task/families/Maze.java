package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.world.MazeEnvironment;
import metarl.task.Parameter;
import metarl.task.Task;

/**
 * Random mazes, seen by who walks in them, for trials of two episodes (RL², Duan et al. 2016; SNAIL, Mishra et al. 2018): explore in the
 * first, walk straight to the goal in the second.
 *
 * <p>Reward: 1 at the goal, −0.001 for hitting a wall, −0.04 per step. Small: 5 × 5 cells, 250 steps; large: 9 × 9 cells, 1000 steps. A
 * maze is a random spanning tree of the cells with even coordinates (depth first), so there is exactly one way between any two cells.
 * Start cell and direction, and goal, are drawn uniformly and stay for the trial. Observation, actions and outcome:
 * {@link MazeEnvironment}. {@code Maze.small()} sees the cells before it, which is fast to learn; {@code Maze.small().firstPerson()} sees
 * a picture of 30 × 40 pixels of the same mazes, as in the papers.
 *
 * <p>Different from the papers, whose mazes are made with ViZDoom: there an agent moves continuously, each action is held for four ticks
 * of the game, and a turn or a step is therefore a small one, so that a maze takes several times as many steps (52 in the first and 39 in
 * the second episode of a trained agent in a small maze). Here a step is a whole cell and a turn a right angle.
 *
 * @param size cells along a side, an odd number
 * @param horizon steps per episode
 * @param pictures whether the agent sees a picture instead of the cells before it
 */
public record Maze(int size, int horizon, boolean pictures) implements MeasuredInSteps {
    private static final double GOAL_REWARD = 1, WALL_COST = 0.001, STEP_COST = 0.04;
    /** Behind the walls: where start x, start y, start direction, goal x, goal y stand. */
    private static final int START_X = 0, START_Y = 1, START_DIRECTION = 2, GOAL_X = 3, GOAL_Y = 4;

    /** Checks the size. */
    public Maze {
        if (size < 3 || size % 2 == 0)
            throw new IllegalArgumentException("size is " + size + ", expected an odd number of at least 3 cells");
        Require.that(horizon >= 1, "horizon", horizon, "at least 1 step");
        Require.heap(Require.times(Parameter.BYTES, Require.length("the walls of a maze of size " + size, "size", size, size)),
            "a maze of size " + size, "size");
    }

    /** Mazes of which the cells before the agent are seen. */
    public Maze(int size, int horizon) {
        this(size, horizon, false);
    }

    /** 5 × 5 cells, 250 steps. */
    public static Maze small() {
        return new Maze(5, 250);
    }

    /** 9 × 9 cells, 1000 steps. */
    public static Maze large() {
        return new Maze(9, 1000);
    }

    /** The same mazes, of which the agent sees a picture of 30 × 40 pixels. */
    public Maze firstPerson() {
        return new Maze(size, horizon, true);
    }

    @Override
    public String name() {
        var cells = new Maze(size, horizon);
        String name = cells.equals(small()) ? "maze-small" : cells.equals(large()) ? "maze-large" : "maze-" + size + "x" + horizon;
        return pictures ? name + "-first-person" : name;
    }

    @Override
    public String description() {
        return "A maze of " + size + " × " + size + " cells, seen "
            + (pictures ? "as a picture of 30 × 40 pixels" : "in the first person") + " (RL², SNAIL).";
    }

    @Override
    public List<Parameter> parameters() {
        var all = new ArrayList<>(Parameter.group("wall", size * size, "", 0, 1, DYNAMICS));
        all.add(new Parameter("startX", "cell", 0, size - 1, DYNAMICS));
        all.add(new Parameter("startY", "cell", 0, size - 1, DYNAMICS));
        all.add(new Parameter("startDirection", "", 0, 3, DYNAMICS));
        all.add(new Parameter("goalX", "cell", 0, size - 1, REWARD));
        all.add(new Parameter("goalY", "cell", 0, size - 1, REWARD));
        return all;
    }

    /** Where everything is in a task. */
    public MazeEnvironment.Layout layout(Task task) {
        var walls = new boolean[size][size];
        for (int cell = 0; cell < size * size; cell++) walls[cell / size][cell % size] = task.whole(cell, 0, 1) == 1;
        return new MazeEnvironment.Layout(walls, cell(task, START_X), cell(task, START_Y), task.whole(size * size + START_DIRECTION, 0, 3),
            cell(task, GOAL_X), cell(task, GOAL_Y));
    }

    private int cell(Task task, int which) {
        return task.whole(size * size + which, 0, size - 1);
    }

    /**
     * The task that a drawing shows: one line per row, # for a wall, G for the goal, and ^ &gt; v &lt; for the start and its direction.
     *
     * @throws IllegalArgumentException if it is not of this size, or lacks a start or a goal
     */
    public Task drawn(String picture) {
        String[] rows = picture.strip().split("\\R");
        double[] values = new double[size * size + 5];
        int found = 0;
        for (int y = 0; y < size; y++) {
            if (rows.length != size || rows[y].length() != size)
                throw new IllegalArgumentException("the drawing has " + rows.length + " rows, row " + y + " with "
                    + rows[Math.min(y, rows.length - 1)].length() + " cells; expected " + size + " each");
            for (int x = 0; x < size; x++) {
                char c = rows[y].charAt(x);
                int direction = "^>v<".indexOf(c);
                if (c == '#') values[y * size + x] = 1;
                if (direction >= 0) found += 1 + put(values, START_X, x, START_Y, y, START_DIRECTION, direction);
                if (c == 'G') found += 10 + put(values, GOAL_X, x, GOAL_Y, y);
            }
        }
        if (found != 11) throw new IllegalArgumentException("the drawing needs one start (^, >, v or <) and one goal (G):\n" + picture);
        return task(values);
    }

    private int put(double[] values, int... pairs) {
        for (int i = 0; i < pairs.length; i += 2) values[size * size + pairs[i]] = pairs[i + 1];
        return 0;
    }

    @Override
    public Environment environment(Task task) {
        return pictures ? MazeEnvironment.firstPerson(layout(task), horizon, task) : new MazeEnvironment(layout(task), horizon, task);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        boolean arrived = outcome[0] == task.value(size * size + GOAL_X) && outcome[1] == task.value(size * size + GOAL_Y);
        return (arrived ? GOAL_REWARD : 0) - WALL_COST * outcome[2] - STEP_COST;
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) tasks.add(task(draw(RandomStream.resume(random.nextLong()))));
        return tasks;
    }

    private double[] draw(RandomStream random) {
        boolean[][] free = new boolean[size][size];
        carve(free, 2 * random.nextInt((size + 1) / 2), 2 * random.nextInt((size + 1) / 2), random);
        double[] values = new double[size * size + 5];
        var cells = new ArrayList<Integer>();
        for (int cell = 0; cell < size * size; cell++)
            if (free[cell / size][cell % size]) cells.add(cell);
            else values[cell] = 1;
        int[] order = random.permutation(cells.size());
        int start = cells.get(order[0]), goal = cells.get(order[1]);
        put(values, START_X, start % size, START_Y, start / size, START_DIRECTION, random.nextInt(4), GOAL_X, goal % size, GOAL_Y,
            goal / size);
        return values;
    }

    /** Depth first, with a stack of its own: a large maze is deeper than Java's. */
    private void carve(boolean[][] free, int startX, int startY, RandomStream random) {
        var open = new ArrayDeque<Cell>();
        free[startY][startX] = true;
        open.push(new Cell(startX, startY, random.permutation(4)));
        while (!open.isEmpty()) {
            Cell cell = open.peek();
            if (cell.tried == cell.directions.length) {
                open.pop();
                continue;
            }
            int direction = cell.directions[cell.tried++];
            int stepX = direction == 1 ? 1 : direction == 3 ? -1 : 0, stepY = direction == 2 ? 1 : direction == 0 ? -1 : 0;
            int nextX = cell.x + 2 * stepX, nextY = cell.y + 2 * stepY;
            if (nextX < 0 || nextY < 0 || nextX >= size || nextY >= size || free[nextY][nextX]) continue;
            free[cell.y + stepY][cell.x + stepX] = true;
            free[nextY][nextX] = true;
            open.push(new Cell(nextX, nextY, random.permutation(4)));
        }
    }

    /** A cell on the way, and how many of its directions were tried. */
    private static final class Cell {
        final int x, y;
        final int[] directions;
        int tried;

        Cell(int x, int y, int[] directions) {
            this.x = x;
            this.y = y;
            this.directions = directions;
        }
    }
}
