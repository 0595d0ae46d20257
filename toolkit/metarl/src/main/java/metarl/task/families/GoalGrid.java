package metarl.task.families;

import static metarl.task.Parameter.Changes.DYNAMICS;
import static metarl.task.Parameter.Changes.REWARD;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.env.Environment;
import metarl.env.Space;
import metarl.env.world.Dynamics;
import metarl.task.Parameter;
import metarl.task.TabularFamily;
import metarl.task.Task;

/**
 * A square of 7 × 7 cells with the goal in one of its corners, in which tasks differ in how they move, too: the smallest bed on which data
 * of one task mislead another. Our own, to ask what DRaT (Jiang et al. 2023) claims where every value can be computed.
 *
 * <p>An episode begins in the middle and has 30 steps. Reward 1 at the goal, where it ends, and 0 elsewhere. Actions: 0 up, 1 down, 2 left,
 * 3 right; a move into the border changes nothing. With probability 0.1 a step goes in a direction drawn from all four. What the
 * {@link Shift} makes of it depends on the task's second parameter. Observation: the cell, one-hot, in reading order. Outcome: row and
 * column after the step, from 0.
 *
 * @param shift in what the dynamics of tasks differ
 */
public record GoalGrid(Shift shift) implements TabularFamily, MeasuredInSteps {
    /** In what the dynamics of tasks differ. */
    public enum Shift {
        /** In nothing; there are two tasks with each goal. */
        NONE(2),
        /** 1: every action does the opposite. */
        SIGN(2),
        /** The controls are turned by so many quarters, clockwise. */
        ROTATION(4),
        /** After a step, with probability 0.35, wind blows one cell farther: up, right, down or left. */
        WIND(4);

        private final int kinds;

        Shift(int kinds) {
            this.kinds = kinds;
        }
    }

    /** Cells along a side, and the choices of an action. */
    public static final int SIDE = 7, ACTIONS = 4;
    private static final int HORIZON = 30, STATES = SIDE * SIDE, MIDDLE = STATES / 2;
    private static final double SLIP = 0.1, GUST = 0.35;
    private static final int[] DOWN = {-1, 1, 0, 0}, RIGHT = {0, 0, -1, 1};
    /** The directions clockwise, and the place of each among them. */
    private static final int[] CLOCKWISE = {0, 3, 1, 2}, PLACE = {0, 2, 3, 1};
    private static final int[] CORNERS = {0, SIDE - 1, STATES - SIDE, STATES - 1};

    @Override
    public String name() {
        return "goal-grid" + (shift == Shift.NONE ? "" : "-" + shift.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public String description() {
        return "A square of cells with the goal in a corner; "
            + switch (shift) {
                case NONE -> "the moves are the same in all tasks.";
                case SIGN -> "in half of the tasks every action does the opposite.";
                case ROTATION -> "the controls are turned.";
                case WIND -> "wind blows from one side.";
            };
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("goal", "corner", 0, CORNERS.length - 1, REWARD),
            new Parameter("shift", "", 0, shift.kinds - 1, DYNAMICS));
    }

    @Override
    public int horizon() {
        return HORIZON;
    }

    @Override
    public int states() {
        return STATES;
    }

    @Override
    public double[] starts(Task task) {
        double[] starts = new double[STATES];
        starts[MIDDLE] = 1;
        return starts;
    }

    /** Every goal with every shift: 8 or 16 tasks, the goal changing first. */
    public List<Task> all() {
        return IntStream.range(0, CORNERS.length * shift.kinds).mapToObj(i -> task(i % CORNERS.length, i / CORNERS.length)).toList();
    }

    private static int goal(Task task) {
        return CORNERS[task.whole(0, 0, CORNERS.length - 1)];
    }

    private int kind(Task task) {
        return task.whole(1, 0, shift.kinds - 1);
    }

    private static int moved(int cell, int direction) {
        int row = cell / SIDE + DOWN[direction], column = cell % SIDE + RIGHT[direction];
        return row < 0 || column < 0 || row >= SIDE || column >= SIDE ? cell : row * SIDE + column;
    }

    /** Where an action leads to if nothing goes astray. */
    private int direction(int kind, int action) {
        return switch (shift) {
            case SIGN -> kind == 0 ? action : action ^ 1;
            case ROTATION -> CLOCKWISE[(PLACE[action] + kind) % ACTIONS];
            case NONE, WIND -> action;
        };
    }

    private int drawn(int kind, int cell, int action, RandomGenerator random) {
        int next = moved(cell, random.nextDouble() < SLIP ? random.nextInt(ACTIONS) : direction(kind, action));
        return shift == Shift.WIND && random.nextDouble() < GUST ? moved(next, CLOCKWISE[kind]) : next;
    }

    @Override
    public Environment environment(Task task) {
        int kind = kind(task), goal = goal(task);
        return Dynamics.of("row", "column").acting(Space.discrete(ACTIONS)).starting(MIDDLE / SIDE, MIDDLE % SIDE)
            .moving((at, action, random) -> {
                int next = drawn(kind, cell(at), (int) action[0], random);
                return new double[] {next / SIDE, next % SIDE};
            })
            .seeing(STATES, GoalGrid::seen, GoalGrid::seenFrom).ending(at -> cell(at) == goal).environment(HORIZON, task);
    }

    private static int cell(double[] at) {
        return (int) at[0] * SIDE + (int) at[1];
    }

    private static double[] seen(double[] at) {
        double[] oneHot = new double[STATES];
        oneHot[cell(at)] = 1;
        return oneHot;
    }

    private static double[] seenFrom(double[] observation) {
        int cell = IntStream.range(0, observation.length).filter(s -> observation[s] == 1).findFirst().orElse(0);
        return new double[] {cell / SIDE, cell % SIDE};
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return cell(outcome) == goal(task) ? 1 : 0;
    }

    @Override
    public boolean endsByTask() {
        return true;
    }

    @Override
    public boolean ends(Task task, double[] outcome) {
        return cell(outcome) == goal(task);
    }

    @Override
    public double[][][] dynamics(Task task) {
        int kind = kind(task);
        var p = new double[STATES][ACTIONS][STATES];
        for (int s = 0; s < STATES; s++)
            for (int a = 0; a < ACTIONS; a++) {
                stepped(p[s][a], moved(s, direction(kind, a)), 1 - SLIP, kind);
                for (int d = 0; d < ACTIONS; d++) stepped(p[s][a], moved(s, d), SLIP / ACTIONS, kind);
            }
        return p;
    }

    private void stepped(double[] row, int next, double chance, int kind) {
        double gust = shift == Shift.WIND ? GUST : 0;
        row[next] += chance * (1 - gust);
        if (gust > 0) row[moved(next, CLOCKWISE[kind])] += chance * gust;
    }

    @Override
    public double[][][] transitions(Task task) {
        double[][][] p = dynamics(task);
        int goal = goal(task);
        for (int s = 0; s < STATES; s++)
            for (int a = 0; a < ACTIONS; a++)
                if (s == goal) p[s][a] = new double[STATES];
                else p[s][a][goal] = 0;
        return p;
    }

    @Override
    public double[][] rewards(Task task) {
        double[][][] p = dynamics(task);
        int goal = goal(task);
        var r = new double[STATES][ACTIONS];
        for (int s = 0; s < STATES; s++) for (int a = 0; a < ACTIONS; a++) r[s][a] = s == goal ? 0 : p[s][a][goal];
        return r;
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) tasks.add(task(random.nextInt(CORNERS.length), random.nextInt(shift.kinds)));
        return tasks;
    }
}
