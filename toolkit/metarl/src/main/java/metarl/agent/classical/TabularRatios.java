package metarl.agent.classical;

import java.util.Arrays;
import java.util.List;
import metarl.agent.LearnerState;
import metarl.agent.Problem;
import metarl.agent.hindsight.DynamicsRatios;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.data.Transition;
import metarl.task.TabularFamily;
import metarl.task.Task;

/** Ratios of dynamics of tasks with finitely many states: 1, known, or from counts. */
final class TabularRatios implements DynamicsRatios {
    private final TabularQ.Ratios kind;
    private final int actions, states, tasks;
    /** P_i(s'|s, a) where it is known, else how often it happened, tasks × states × actions × next states; empty where nobody asks. */
    private final double[] chances;

    private TabularRatios(TabularQ.Ratios kind, Problem problem) {
        this.kind = kind;
        actions = problem.actionSize();
        states = problem.observationSize();
        tasks = problem.tasks();
        chances = new double[kind == TabularQ.Ratios.ONES ? 0
            : Require.length("the counts of all tasks", "the number of tasks, states or actions", tasks,
                Require.length("the counts of a task", "the number of states or actions", (long) states * states, actions))];
    }

    /**
     * Ratios of this kind.
     *
     * @throws IllegalArgumentException if they are to be known and nobody knows them
     */
    static TabularRatios of(TabularQ.Ratios kind, Problem problem) {
        var ratios = new TabularRatios(kind, problem);
        if (kind != TabularQ.Ratios.KNOWN) return ratios;
        for (int i = 0; i < problem.tasks(); i++) {
            if (i >= problem.train().size() || !(problem.train().get(i).family() instanceof TabularFamily))
                throw new IllegalArgumentException("ratios are to be known, but the train tasks are of no TabularFamily; take"
                    + " ratios(TabularQ.Ratios.COUNTED)");
            ratios.know(i, problem.train().get(i));
        }
        return ratios;
    }

    private void know(int i, Task task) {
        double[][][] p = ((TabularFamily) task.family()).dynamics(task);
        for (int s = 0; s < states; s++)
            for (int a = 0; a < actions; a++) System.arraycopy(p[s][a], 0, chances, row(i, s, a), states);
    }

    void declare(LearnerState state) {
        if (kind == TabularQ.Ratios.COUNTED || kind == TabularQ.Ratios.COUNTED_CAUTIOUSLY) state.numbers("counts of steps", chances);
    }

    private int row(int task, int s, int a) {
        return ((task * states + s) * actions + a) * states;
    }

    /** Counts an episode, where counts are asked for. */
    void saw(int task, Trajectory episode) {
        if (kind != TabularQ.Ratios.COUNTED && kind != TabularQ.Ratios.COUNTED_CAUTIOUSLY) return;
        for (Transition step : episode.transitions()) chances[row(task, step) + TrialPolicy.state(step.nextObservation())]++;
    }

    private int row(int task, Transition step) {
        return row(task, TrialPolicy.state(step.observation()), (int) step.action()[0]);
    }

    @Override
    public double[] of(int from, int to, List<Transition> steps) {
        return steps.stream().mapToDouble(step -> ratio(from, to, step)).toArray();
    }

    private double ratio(int from, int to, Transition step) {
        if (kind == TabularQ.Ratios.ONES) return 1;
        int source = row(from, step), target = row(to, step), next = TrialPolicy.state(step.nextObservation());
        double ofSource = sum(source), ofTarget = sum(target);
        if (ofTarget == 0) return kind == TabularQ.Ratios.COUNTED ? 1 : 0;
        return chances[target + next] / ofTarget / (chances[source + next] / ofSource);
    }

    private double sum(int row) {
        return Arrays.stream(chances, row, row + states).sum();
    }
}
