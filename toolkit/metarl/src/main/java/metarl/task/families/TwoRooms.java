package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Parameter;
import metarl.task.TabularFamily;
import metarl.task.Task;

/**
 * Two rooms joined by a corridor, on a grid: tasks differ in where an episode starts and where its goal is (Distral, Teh et al.
 * 2017). All of them have to find and to pass the corridor, which is what they can teach each other.
 *
 * <pre>
 * ..####..
 * ..####..
 * ..####..
 * ........
 * ..####..
 * ..####..
 * ..####..
 * </pre>
 *
 * <p>Actions: 0 stay, 1 up, 2 down, 3 left, 4 right; a move into a wall changes nothing. Reward: −0.1 per step, −0.5 more for a wall, 1
 * more at the goal, where the episode ends. Outcome: the row and the column after the step, both from 0, and whether a wall was hit.
 *
 * <p>Observation: a state, one-hot, as the tabular methods read it. {@link #published} sees what the paper says: place, last action and
 * last reward, 32 cells × 10 pasts (nothing yet, one of the 5 actions done, one of the 4 moves stopped by a wall; the last reward follows
 * from that). {@link #cells} sees the place alone, 32 states: our own.
 *
 * <p>Sizes, rewards, the five actions and the four tasks of {@code distral/two-rooms} are those of a public reimplementation
 * (Alfo5123/Robust-Multitask-RL, plans 4, 5, 7 and 8), not compared with the paper's; its networks read the place as one number. Ours:
 * the time limit of 1000 steps, which it names but does not keep, and drawn tasks, which start in a cell of either room and have their goal
 * in a cell of the other, all equally likely.
 *
 * @param remembers whether the last action and what came of it are seen besides the place
 * @param horizon steps per episode
 */
public record TwoRooms(boolean remembers, int horizon) implements TabularFamily, MeasuredInSteps {
    /** Rows and columns of the grid, and the choices of an action. */
    public static final int ROWS = 7, COLUMNS = 8, ACTIONS = 5;
    private static final int CORRIDOR = 3, FIRST_OF_CORRIDOR = 2, LAST_OF_CORRIDOR = 5, USUAL_HORIZON = 1000;
    private static final double STEP_COST = 0.1, WALL_COST = 0.5, GOAL_REWARD = 1;
    private static final int[] DOWN = {0, -1, 1, 0, 0}, RIGHT = {0, 0, 0, -1, 1};
    /** Nothing yet, an action done, a move stopped. */
    private static final int PASTS = 1 + ACTIONS + ACTIONS - 1;
    /** Cells in reading order, each as row · COLUMNS + column. */
    private static final int[] CELLS = IntStream.range(0, ROWS * COLUMNS).filter(c -> isFree(c / COLUMNS, c % COLUMNS)).toArray();
    private static final int ROW = 0, COLUMN = 1, PAST = 2;
    private static final int START_ROW = 0, START_COLUMN = 1, GOAL_ROW = 2, GOAL_COLUMN = 3;

    /** Checks the horizon. */
    public TwoRooms {
        Require.count(horizon, 1, "horizon", "at least 1 step, usually 1000");
    }

    /** Place, last action and last reward are seen, as in the paper; 1000 steps. */
    public static TwoRooms published() {
        return new TwoRooms(true, USUAL_HORIZON);
    }

    /** The place alone is seen; 1000 steps. */
    public static TwoRooms cells() {
        return new TwoRooms(false, USUAL_HORIZON);
    }

    @Override
    public String name() {
        return "two-rooms" + (remembers ? "" : "-cells") + (horizon == USUAL_HORIZON ? "" : "-" + horizon);
    }

    @Override
    public String description() {
        return "Two rooms and a corridor on a grid, from a start to a goal; " + (remembers ? "place and last step are" : "the place is")
            + " seen (Distral).";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("startRow", "cell", 0, ROWS - 1, DYNAMICS), new Parameter("startColumn", "cell", 0, COLUMNS - 1,
            DYNAMICS), new Parameter("goalRow", "cell", 0, ROWS - 1, REWARD), new Parameter("goalColumn", "cell", 0, COLUMNS - 1, REWARD));
    }

    @Override
    public int states() {
        return CELLS.length * pasts();
    }

    private int pasts() {
        return remembers ? PASTS : 1;
    }

    /** Whether a cell of the grid is no wall; all around it is wall. */
    public static boolean isFree(int row, int column) {
        boolean inside = row >= 0 && row < ROWS && column >= 0 && column < COLUMNS;
        return inside && (row == CORRIDOR || column < FIRST_OF_CORRIDOR || column > LAST_OF_CORRIDOR);
    }

    /**
     * The state of a cell before anything was done: that in which an episode begins there.
     *
     * @throws IllegalArgumentException if there is a wall
     */
    public int state(int row, int column) {
        return state(new double[] {row, column, 0});
    }

    private int state(double[] at) {
        int cell = cell((int) at[ROW], (int) at[COLUMN]);
        for (int i = 0; i < CELLS.length; i++) if (CELLS[i] == cell) return i * pasts() + (remembers ? (int) at[PAST] : 0);
        throw Require.refused("the cell", "(" + (int) at[ROW] + ", " + (int) at[COLUMN] + ")", "a row and a column of a cell that is free");
    }

    private static int cell(int row, int column) {
        return row * COLUMNS + column;
    }

    /** Row, column and past of a state. */
    private double[] at(int state) {
        int cell = CELLS[state / pasts()];
        return new double[] {cell / COLUMNS, cell % COLUMNS, state % pasts()};
    }

    private static double[] moved(double[] at, double[] action) {
        int choice = (int) action[0], row = (int) at[ROW] + DOWN[choice], column = (int) at[COLUMN] + RIGHT[choice];
        return isFree(row, column) ? new double[] {row, column, 1 + choice} : new double[] {at[ROW], at[COLUMN], ACTIONS + choice};
    }

    private static double[] told(double[] at) {
        return new double[] {at[ROW], at[COLUMN], at[PAST] > ACTIONS ? 1 : 0};
    }

    /** Row and column of a task's start or goal. */
    private double[] place(Task task, int row, int column) {
        int y = task.whole(row, 0, ROWS - 1), x = task.whole(column, 0, COLUMNS - 1);
        Require.that(isFree(y, x), row == START_ROW ? "the start" : "the goal", "(" + y + ", " + x + ")",
            "a cell (row, column) of a room or of the corridor, which is row " + CORRIDOR);
        return new double[] {y, x, 0};
    }

    private static boolean isGoal(Task task, double[] at) {
        return at[ROW] == task.value(GOAL_ROW) && at[COLUMN] == task.value(GOAL_COLUMN);
    }

    @Override
    public Environment environment(Task task) {
        double[] start = place(task, START_ROW, START_COLUMN), goal = place(task, GOAL_ROW, GOAL_COLUMN);
        Require.that(start[ROW] != goal[ROW] || start[COLUMN] != goal[COLUMN], "the start", "the goal", "another cell");
        return Dynamics.of("row", "column", "past").acting(Space.discrete(ACTIONS)).starting(start).moving(TwoRooms::moved)
            .seeing(states(), this::seen, this::seenFrom).telling(List.of("row", "column", "hit a wall"), (before, after) -> told(after))
            .ending(at -> isGoal(task, at)).environment(horizon, task);
    }

    private double[] seen(double[] at) {
        double[] oneHot = new double[states()];
        oneHot[state(at)] = 1;
        return oneHot;
    }

    private double[] seenFrom(double[] observation) {
        for (int s = 0; s < observation.length; s++) if (observation[s] == 1) return at(s);
        throw Require.refused("the observation", "without a 1", "a state, one-hot");
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return (isGoal(task, outcome) ? GOAL_REWARD : 0) - WALL_COST * outcome[2] - STEP_COST;
    }

    @Override
    public boolean endsByTask() {
        return true;
    }

    @Override
    public boolean ends(Task task, double[] outcome) {
        return isGoal(task, outcome);
    }

    @Override
    public double[] starts(Task task) {
        double[] starts = new double[states()];
        starts[state(place(task, START_ROW, START_COLUMN))] = 1;
        return starts;
    }

    @Override
    public double[][][] dynamics(Task task) {
        var p = new double[states()][ACTIONS][states()];
        for (int s = 0; s < states(); s++)
            for (int a = 0; a < ACTIONS; a++) p[s][a][state(moved(at(s), new double[] {a}))] = 1;
        return p;
    }

    @Override
    public double[][][] transitions(Task task) {
        double[][][] p = dynamics(task);
        for (int s = 0; s < states(); s++)
            for (int a = 0; a < ACTIONS; a++)
                for (int next = 0; next < states(); next++) if (isGoal(task, at(s)) || isGoal(task, at(next))) p[s][a][next] = 0;
        return p;
    }

    @Override
    public double[][] rewards(Task task) {
        var r = new double[states()][ACTIONS];
        for (int s = 0; s < states(); s++)
            for (int a = 0; a < ACTIONS; a++) {
                double[] action = {a};
                if (!isGoal(task, at(s))) r[s][a] = reward(task, told(moved(at(s), action)), action);
            }
        return r;
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) {
            boolean fromLeft = random.nextBoolean();
            int start = drawn(fromLeft, random), goal = drawn(!fromLeft, random);
            tasks.add(task(start / COLUMNS, start % COLUMNS, goal / COLUMNS, goal % COLUMNS));
        }
        return tasks;
    }

    private static int drawn(boolean left, RandomGenerator random) {
        int column = random.nextInt(FIRST_OF_CORRIDOR);
        return cell(random.nextInt(ROWS), left ? column : COLUMNS - 1 - column);
    }
}
