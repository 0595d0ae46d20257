package metarl.agent.hindsight;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.diagnose.sequential.Drae;
import metarl.diagnose.sequential.DynamicsWeight;
import metarl.task.Task;

/**
 * An episode of train task i, and what every train task j would make of it.
 *
 * <p>Rewards and ends are those of task j ({@link Trajectory#relabel}), so that an episode that leads through j's goal ends there. Dynamics
 * are those of task i, whatever j's are: {@link #ratios} says how much that matters.
 */
public final class Hindsight {
    private final Trajectory episode;
    private final int from;
    private final List<Task> train;
    private final double discount;
    private final TaskValues values;
    private final DynamicsRatios dynamics;
    private final RecentReturns recent;
    private final Trajectory[] relabelled;
    private final double[] returns;

    /**
     * All about one episode.
     *
     * @param episode of the train task {@code from}
     * @param train the train tasks, by number
     * @param discount γ
     * @param values what the learner holds its tasks to be worth at present
     * @param dynamics ratios of the tasks' dynamics, known, learnt, or {@link DynamicsRatios#ones}
     */
    public Hindsight(Trajectory episode, int from, List<Task> train, double discount, TaskValues values, DynamicsRatios dynamics) {
        this(episode, from, train, discount, values, dynamics, new RecentReturns(train.size(), 0));
    }

    /** The same beside other episodes, with which its returns are compared. */
    public Hindsight(Trajectory episode, int from, List<Task> train, double discount, TaskValues values, DynamicsRatios dynamics,
        RecentReturns recent) {
        Require.that(from >= 0 && from < train.size(), "from", from, "the number of one of " + train.size() + " train tasks");
        Require.that(episode.length() > 0, "the length of the episode", 0, "at least 1 step");
        this.episode = episode;
        this.from = from;
        this.train = List.copyOf(train);
        this.discount = discount;
        this.values = values;
        this.dynamics = dynamics;
        this.recent = recent;
        returns = new double[train.size()];
        Arrays.fill(returns, Double.NaN);
        relabelled = new Trajectory[train.size()];
    }

    /** The number of the task in which the episode was collected. */
    public int from() {
        return from;
    }

    /** How many train tasks there are. */
    public int tasks() {
        return train.size();
    }

    /** The numbers of all other train tasks. */
    public int[] others() {
        return IntStream.range(0, train.size()).filter(task -> task != from).toArray();
    }

    /** The episode as the task would have paid and ended it; of its own task it is the episode itself. */
    public Trajectory under(int task) {
        if (task == from) return episode;
        if (relabelled[task] == null) relabelled[task] = episode.relabel(train.get(task));
        return relabelled[task];
    }

    /** Σ_t γ^t r_j(t). */
    public double discountedReturn(int task) {
        if (Double.isNaN(returns[task])) {
            double sum = 0, factor = 1;
            Trajectory relabelled = under(task);
            for (int t = 0; t < relabelled.length(); t++) {
                sum += factor * relabelled.step(t).reward();
                factor *= discount;
            }
            returns[task] = sum;
        }
        return returns[task];
    }

    /** The share of recent episodes of all tasks that would have earned less in the task than this one, equal ones by half. */
    public double rank(int task) {
        return recent.rank(task, discountedReturn(task));
    }

    /** U_j(τ): what a policy that knows of task j what this episode says is worth at starts of j; see {@link TaskValues#foresight}. */
    public double foresight(int task) {
        return values.foresight(task, under(task));
    }

    /** The same for samples of what task j has lived through itself. */
    public double[] ownForesights(int task) {
        return values.ownForesights(task);
    }

    /** Whether it is known how probable all actions of the episode were, as {@link #doublyRobust} needs it. */
    public boolean isDensityKnown() {
        return IntStream.range(0, episode.length()).noneMatch(t -> Double.isNaN(episode.logDensity(t)));
    }

    /** V_j(s_0): what the learner holds the start of the episode to be worth in the task. */
    public double startValue(int task) {
        return values.value(task, episode.observation(0));
    }

    /** p_j(s'|s, a) / p_i(s'|s, a) of every step that task j would have lived through, at most {@code largest}. */
    public double[] ratios(int task, double largest) {
        double[] ratios = dynamics.of(from, task, under(task).transitions());
        return Arrays.stream(ratios).map(ratio -> Math.min(largest, ratio)).toArray();
    }

    /**
     * Ṽ(s_t) of task j along the episode, t = 0 … T, by {@link Drae}: with V_θ, Q_θ and the policy of the learner, and with policy ratios
     * π_j/π_b from the logged densities of the actions.
     *
     * @param form what stands for the ratio of the dynamics
     * @param largest policy ratios and ratios of dynamics are clipped to it
     * @throws IllegalStateException if it is not known how probable the episode's actions were
     */
    public double[] doublyRobust(int task, Form form, double largest) {
        Trajectory relabelled = under(task);
        int steps = relabelled.length();
        double[][] observations = new double[steps + 1][], actions = new double[steps][];
        double[] rewards = new double[steps], behaviour = new double[steps];
        for (int t = 0; t <= steps; t++) observations[t] = relabelled.observation(t);
        for (int t = 0; t < steps; t++) {
            actions[t] = relabelled.action(t);
            rewards[t] = relabelled.step(t).reward();
            behaviour[t] = relabelled.logDensity(t);
            if (Double.isNaN(behaviour[t]))
                throw new IllegalStateException("the log does not say how probable the action of step " + t
                    + " was; a doubly robust value needs episodes of a policy that gives its probabilities");
        }
        double[][] before = Arrays.copyOf(observations, steps);
        double[] states = values.values(task, observations), actionValues = values.actionValues(task, before, actions),
            ratios = values.logDensities(task, before, actions);
        for (int t = 0; t < steps; t++) ratios[t] = Math.min(largest, Math.exp(ratios[t] - behaviour[t]));
        double[] next = afterSteps(states, relabelled);
        states[steps] = next[steps - 1];
        DynamicsWeight weight = switch (form) {
            case SLIDES_OPTIMUM -> DynamicsWeight.optimal(next);
            case TIGHT -> DynamicsWeight.tight(next);
            case ONES -> DynamicsWeight.ones();
            case RATIOS -> DynamicsWeight.known(ratios(task, largest));
            case INTERVAL, TIGHT_INTERVAL -> {
                double[] larger = afterSteps(values.largerValues(task, observations), relabelled), learnt = ratios(task, largest);
                yield form == Form.INTERVAL ? DynamicsWeight.interval(next, larger, learnt)
                    : DynamicsWeight.tightInterval(next, larger, learnt);
            }
        };
        return Drae.values(states, actionValues, rewards, ratios, weight, discount);
    }

    /** V(s_1) … V(s_T), 0 at the last where the episode ended for good. */
    private static double[] afterSteps(double[] values, Trajectory episode) {
        double[] next = Arrays.copyOfRange(values, 1, values.length);
        if (episode.step(episode.length() - 1).terminated()) next[next.length - 1] = 0;
        return next;
    }

    /** What stands for the ratio of the dynamics in a doubly robust value. */
    public enum Form {
        /** ρ̂* of the slides: half of a one-step backup. It sees one step ahead. */
        SLIDES_OPTIMUM,
        /** The optimum without the slides' split of the bias: a one-step backup. It sees one step ahead. */
        TIGHT,
        /** 1, over all steps: the shift is ignored. */
        ONES,
        /** The ratios that are known or learnt, over all steps. */
        RATIOS,
        /**
         * The ratios, but within the slides' optimum of the smaller and of the larger of two critics ({@link DynamicsWeight#interval}). A
         * learner with one estimate, as a table, has the slides' optimum.
         */
        INTERVAL,
        /** The same around the one-step backup ({@link DynamicsWeight#tightInterval}). */
        TIGHT_INTERVAL
    }
}
