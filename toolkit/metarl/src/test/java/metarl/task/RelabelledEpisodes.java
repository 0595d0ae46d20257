package metarl.task;

import metarl.data.Trajectory;
import metarl.env.Step;
import metarl.task.families.GoalGrid;

/** Episodes of the grid that are written down cell by cell. */
public final class RelabelledEpisodes {
    private RelabelledEpisodes() {}

    /** An episode of a task through these cells, each step by action 0 and with probability 1/4; it is cut off unless it arrives. */
    public static Trajectory alongCells(Task task, int... cells) {
        var episode = new Trajectory(task, oneHot(cells[0]));
        for (int t = 1; t < cells.length; t++) {
            double[] outcome = {cells[t] / GoalGrid.SIDE, cells[t] % GoalGrid.SIDE};
            boolean ends = task.family().ends(task, outcome);
            episode.add(new double[] {0},
                new Step(oneHot(cells[t]), task.reward(outcome, new double[1]), ends, !ends && t == cells.length - 1, outcome),
                Math.log(0.25));
        }
        return episode;
    }

    private static double[] oneHot(int cell) {
        double[] seen = new double[GoalGrid.SIDE * GoalGrid.SIDE];
        seen[cell] = 1;
        return seen;
    }
}
