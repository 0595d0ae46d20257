package metarl.agent.classical;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import metarl.agent.Learner;
import metarl.agent.LearnerState;
import metarl.agent.Plan;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.agent.TaskOrder;
import metarl.agent.Trial;
import metarl.agent.hindsight.Foreign;
import metarl.agent.hindsight.Relabelling;
import metarl.agent.hindsight.TaskValues;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.env.Step;

/** Q-learning by tables while it learns. */
final class TabularQLearner implements Learner {
    private final TabularQ settings;
    private final int actions, table;
    /** Q_j(s, a), tasks × states × actions. */
    private final double[] values;
    private final StoredSteps[] steps;
    private final TabularRatios ratios;
    private final TaskOrder order;
    private final RandomStream draws;
    private final Relabelling relabelling;
    private int owed;
    private final LearnerState state;

    TabularQLearner(TabularQ settings, Problem problem, long seed) {
        this.settings = settings;
        actions = problem.actionSize();
        table = Require.length("the table of a task", "the number of states or actions", problem.observationSize(), actions);
        values = new double[Require.length("the tables of all tasks", "the number of tasks, states or actions", problem.tasks(), table)];
        steps = IntStream.range(0, problem.tasks()).mapToObj(task -> new StoredSteps(settings.capacity())).toArray(StoredSteps[]::new);
        ratios = TabularRatios.of(settings.ratios(), problem);
        order = new TaskOrder(problem.tasks(), seed);
        draws = RandomStream.of(seed, "batches");
        relabelling = new Relabelling(settings.relabeller(), problem, settings.discount(), RandomStream.of(seed, "relabelling"));
        state = LearnerState.of().network("action values", values).part("task order", order::save, order::load).stream("batches", draws)
            .part("updates owed", out -> out.writeInt(owed), in -> owed = in.readInt());
        relabelling.declare(state);
        for (int task = 0; task < steps.length; task++)
            state.part("steps of task " + task, LearnerState.Kind.REPLAY, steps[task]::save, steps[task]::load);
        ratios.declare(state);
    }

    @Override
    public LearnerState state() {
        return state;
    }

    @Override
    public Policy policy() {
        return new Greedily(0);
    }

    @Override
    public Plan plan() {
        return Plan.of(new Greedily(settings.exploration()), order.peek(1));
    }

    @Override
    public void store(List<Trial> trials) {
        order.next(trials.size());
        for (Trial trial : trials) for (Trajectory episode : trial.episodes()) store(episode, trial.task());
    }

    private void store(Trajectory episode, int task) {
        double[] ones = new double[episode.length()];
        Arrays.fill(ones, 1);
        keep(episode, task, ones, false, false);
        ratios.saw(task, episode);
        List<Foreign> foreign = relabelling.of(episode, task, new Values(), ratios);
        for (Foreign f : foreign) keep(f.episode(), f.task(), f.weights(), f.halved(), true);
        owed += settings.updatesPerTask();
    }

    private void keep(Trajectory episode, int task, double[] weights, boolean halved, boolean foreign) {
        for (int t = 0; t < episode.length(); t++) {
            Step step = episode.step(t);
            steps[task].add(new StoredSteps.Stored(TrialPolicy.state(episode.observation(t)), (int) episode.action(t)[0], step.reward(),
                TrialPolicy.state(step.observation()), step.terminated(), weights[t], halved, foreign));
        }
    }

    @Override
    public boolean isDue() {
        return owed > 0;
    }

    /** A step of every task's that has any; logs how many tasks learned from the last episode, and ESS/n of the weights of their steps. */
    @Override
    public Map<String, Double> update() {
        owed--;
        double error = 0, foreign = 0;
        int learned = 0;
        for (int task = 0; task < steps.length; task++) {
            if (steps[task].size() == 0) continue;
            var drawn = steps[task].get(draws.nextInt(steps[task].size()));
            error += Math.abs(learn(task, drawn));
            foreign += drawn.foreign() ? 1 : 0;
            learned++;
        }
        var found = new HashMap<String, Double>();
        found.put("error", error / learned);
        found.put("foreignShare", foreign / learned);
        found.putAll(relabelling.numbers());
        return found;
    }

    private double learn(int task, StoredSteps.Stored step) {
        double following = step.ended() ? 0 : best(task, step.nextState());
        double target = step.reward() + settings.discount() * following;
        int at = at(task, step.state(), step.action());
        double error = (step.halved() ? target / 2 : target) - values[at];
        values[at] += Math.min(1, settings.learningRate() * step.weight()) * error;
        return error;
    }

    private int at(int task, int s, int a) {
        return task * table + s * actions + a;
    }

    private double best(int task, int s) {
        double best = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < actions; a++) best = Math.max(best, values[at(task, s, a)]);
        return best;
    }

    /** Probabilities of the actions in a state: ε-greedy, ties shared. */
    private double[] policy(int task, int s, double exploration) {
        double[] policy = new double[actions];
        double best = best(task, s);
        long ties = IntStream.range(0, actions).filter(a -> values[at(task, s, a)] == best).count();
        for (int a = 0; a < actions; a++)
            policy[a] = exploration / actions + (values[at(task, s, a)] == best ? (1 - exploration) / ties : 0);
        return policy;
    }

    /** What the ε-greedy policies are worth. */
    private final class Values implements TaskValues {
        @Override
        public double value(int task, double[] observation) {
            int s = TrialPolicy.state(observation);
            double[] policy = policy(task, s, settings.exploration());
            return IntStream.range(0, actions).mapToDouble(a -> policy[a] * values[at(task, s, a)]).sum();
        }

        @Override
        public double actionValue(int task, double[] observation, double[] action) {
            return values[at(task, TrialPolicy.state(observation), (int) action[0])];
        }

        @Override
        public double logDensity(int task, double[] observation, double[] action) {
            return Math.log(policy(task, TrialPolicy.state(observation), settings.exploration())[(int) action[0]]);
        }
    }

    /** ε-greedy in train tasks that are known by number, at random in others. */
    private final class Greedily implements Policy {
        private final double exploration;

        Greedily(double exploration) {
            this.exploration = exploration;
        }

        @Override
        public Actor start(int environments, RandomStream random) {
            return start(Policy.unknown(environments), random);
        }

        @Override
        public Actor start(int[] tasks, RandomStream random) {
            return new GreedyActor(tasks.clone(), exploration, random);
        }
    }

    private final class GreedyActor extends ChoosingActor {
        private final int[] tasks;
        private final double exploration;

        GreedyActor(int[] tasks, double exploration, RandomStream random) {
            super(tasks.length, random);
            this.tasks = tasks;
            this.exploration = exploration;
        }

        @Override
        double[] policy(int i, int s) {
            if (tasks[i] != Policy.UNKNOWN) return TabularQLearner.this.policy(tasks[i], s, exploration);
            double[] uniform = new double[actions];
            Arrays.fill(uniform, 1.0 / actions);
            return uniform;
        }
    }
}
