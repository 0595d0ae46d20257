package metarl.agent.classical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.env.Step;

/**
 * Distral while it learns by tables.
 *
 * <p>Who collects learns on a copy of its table, so that a plan changes nothing; what it learned is learned again, number by number, when
 * its episode is stored.
 */
final class TabularDistralLearner implements Learner {
    private final TabularDistral settings;
    private final int actions, table, seats;
    /** Q_i(s, a), tasks × states × actions. */
    private final double[] values;
    /** Σ γ^t of the actions done, states × actions. */
    private final double[] counts;
    private final TaskOrder order;
    private final LearnerState state;

    TabularDistralLearner(TabularDistral settings, Problem problem, long seed) {
        this.settings = settings;
        actions = problem.actionSize();
        table = Require.length("the table of a task", "the number of states or actions", problem.observationSize(), actions);
        seats = Math.min(settings.episodesPerRound(), problem.tasks());
        values = new double[Require.length("the tables of all tasks", "the number of tasks, states or actions", problem.tasks(), table)];
        Arrays.fill(values, settings.initialValue());
        counts = new double[table];
        order = new TaskOrder(problem.tasks(), seed);
        state = LearnerState.of().network("action values", values).network("counts of actions", counts).part("task order", order::save,
            order::load);
    }

    @Override
    public LearnerState state() {
        return state;
    }

    /** π_i in the train tasks, π₀ in others. */
    @Override
    public Policy policy() {
        return new TaskPolicy(false);
    }

    @Override
    public Plan plan() {
        return Plan.of(new TaskPolicy(true), order.peek(seats));
    }

    @Override
    public void store(List<Trial> trials) {
        order.next(trials.size());
        double[] done = new double[table];
        for (Trial trial : trials) {
            double[] own = valuesOf(trial.task());
            for (Trajectory episode : trial.episodes()) learn(episode, own, done);
            System.arraycopy(own, 0, values, trial.task() * table, table);
        }
        // not before all have learned: they did so with the prior they acted by
        for (int i = 0; i < table; i++) counts[i] += done[i];
    }

    /** Q of a task, a copy. */
    double[] valuesOf(int task) {
        return Arrays.copyOfRange(values, task * table, (task + 1) * table);
    }

    private void learn(Trajectory episode, double[] own, double[] done) {
        double weight = 1;
        for (int t = 0; t < episode.length(); t++, weight *= settings.discount()) {
            int s = TrialPolicy.state(episode.observation(t)), a = (int) episode.action(t)[0];
            learn(own, s, a, episode.step(t));
            done[s * actions + a] += weight;
        }
    }

    /** Q(s, a) += η (r + γ V(s') − Q(s, a)). */
    private void learn(double[] own, int s, int a, Step step) {
        double following = step.terminated() ? 0 : value(own, TrialPolicy.state(step.observation()));
        double target = step.reward() + settings.discount() * following;
        own[s * actions + a] += settings.learningRate() * (target - own[s * actions + a]);
    }

    private double value(double[] own, int s) {
        return SoftChoice.value(row(own, s), prior(s), settings.alpha(), settings.beta());
    }

    private double[] row(double[] table, int s) {
        return Arrays.copyOfRange(table, s * actions, (s + 1) * actions);
    }

    /** π₀(·|s). */
    double[] prior(int s) {
        double[] row = row(counts, s);
        double sum = Arrays.stream(row).sum() + actions * settings.priorCount();
        for (int a = 0; a < actions; a++) row[a] = (row[a] + settings.priorCount()) / sum;
        return row;
    }

    /** π_i of tasks that are known by number, π₀ of others; it learns under way, or does not. */
    private final class TaskPolicy implements Policy {
        private final boolean learns;

        TaskPolicy(boolean learns) {
            this.learns = learns;
        }

        @Override
        public Actor start(int environments, RandomStream random) {
            return start(Policy.unknown(environments), random);
        }

        @Override
        public Actor start(int[] tasks, RandomStream random) {
            var tables = new ArrayList<double[]>();
            for (int task : tasks) tables.add(task == UNKNOWN ? null : valuesOf(task));
            return new TaskActor(tables, learns, random);
        }
    }

    private final class TaskActor extends ChoosingActor {
        /** Null where π₀ acts. */
        private final List<double[]> tables;
        private final boolean learns;

        TaskActor(List<double[]> tables, boolean learns, RandomStream random) {
            super(tables.size(), random);
            this.tables = tables;
            this.learns = learns;
        }

        @Override
        double[] policy(int i, int s) {
            double[] own = tables.get(i);
            return own == null ? prior(s) : SoftChoice.policy(row(own, s), prior(s), settings.alpha(), settings.beta());
        }

        @Override
        public void received(double[][] actions, Step[] steps) {
            for (int i = 0; i < steps.length && learns; i++)
                if (steps[i] != null && tables.get(i) != null) learn(tables.get(i), state(i), (int) actions[i][0], steps[i]);
        }
    }
}
