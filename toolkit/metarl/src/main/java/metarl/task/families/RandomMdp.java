package metarl.task.families;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.world.TabularMdpEnvironment;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * Random tabular Markov decision processes (RL², Duan et al. 2016): 10 states, 5 actions, 10 steps per episode, always begun in state 0.
 *
 * <p>Per task: P(·|s, a) ~ Dirichlet(1, …, 1), mean reward R(s, a) ~ N(1, 1). A step pays R(s, a) + N(0, 1). A trial is n episodes (10,
 * 25, 50, 75, 100) of the same task, scored by the total reward. Observation: the state, one-hot (10). Action: 0 … 4. Outcome: state,
 * action, next state, noise.
 *
 * @param states number of states
 * @param actions number of actions
 * @param horizon steps per episode
 */
public record RandomMdp(int states, int actions, int horizon) implements TaskFamily {
    /** The mean of the mean rewards: published baselines assumed 0 instead. */
    public static final double REWARD_MEAN = 1;
    private static final Map<RandomMdp, List<Parameter>> PARAMETERS = new ConcurrentHashMap<>();

    /** Checks the sizes. */
    public RandomMdp {
        String given = "at least 1; given are " + states + " states and " + actions + " actions";
        Require.count(states, 1, "states", given);
        Require.count(actions, 1, "actions", given);
        Require.that(horizon >= 1, "horizon", horizon, "at least 1 step");
        long transitions = Require.length("the transitions between " + states + " states by " + actions + " actions", "states or actions",
            states, actions, states);
        Require.length("the values of a plan over the horizon of " + horizon + " steps", "horizon, states or actions", horizon, states,
            actions);
        Require.heap(transitions * Parameter.BYTES, "a process of " + states + " states and " + actions + " actions", "states or actions");
    }

    /** The published size. */
    public static RandomMdp published() {
        return new RandomMdp(10, 5, 10);
    }

    @Override
    public String name() {
        return equals(published()) ? "random-mdp" : "random-mdp-" + states + "x" + actions + "x" + horizon;
    }

    @Override
    public String description() {
        return "A process of " + states + " states and " + actions + " actions with random transitions and rewards (RL²).";
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS.computeIfAbsent(this, f -> {
            int pairs = states * actions;
            var all = new ArrayList<>(
                Parameter.group("reward", pairs, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Parameter.Changes.REWARD));
            all.addAll(Parameter.group("transition", pairs * states, "", 0, 1, Parameter.Changes.DYNAMICS));
            return List.copyOf(all);
        });
    }

    /** Mean reward of (s, a) in a task: parameter number s · actions + a. */
    public double meanReward(Task task, int state, int action) {
        return task.value(state * actions + action);
    }

    /** P(next | s, a) of a task. */
    public double transition(Task task, int state, int action, int next) {
        return task.value(states * actions + (state * actions + action) * states + next);
    }

    /** All transition probabilities of a task, [state][action][next state]. */
    public double[][][] transitions(Task task) {
        var p = new double[states][actions][states];
        for (int s = 0; s < states; s++)
            for (int a = 0; a < actions; a++)
                for (int next = 0; next < states; next++) p[s][a][next] = transition(task, s, a, next);
        return p;
    }

    @Override
    public Environment environment(Task task) {
        return new TabularMdpEnvironment(transitions(task), horizon, task);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return meanReward(task, (int) outcome[0], (int) outcome[1]) + outcome[3];
    }

    @Override
    public String measureName() {
        return "mean reward without noise";
    }

    @Override
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        double sum = 0;
        for (double[] outcome : outcomes) sum += meanReward(task, (int) outcome[0], (int) outcome[1]);
        return sum / outcomes.length;
    }

    @Override
    public List<Task> sample(int count, RandomGenerator random) {
        Task.requireRoom(this, count);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) {
            int pairs = states * actions;
            double[] values = new double[pairs + pairs * states];
            for (int p = 0; p < pairs; p++) {
                values[p] = REWARD_MEAN + random.nextGaussian();
                dirichlet(values, pairs + p * states, random);
            }
            tasks.add(task(values));
        }
        return tasks;
    }

    /** A draw from Dirichlet(1, …, 1): exponential draws over their sum. */
    private void dirichlet(double[] values, int from, RandomGenerator random) {
        double sum = 0;
        for (int i = from; i < from + states; i++) sum += values[i] = random.nextExponential();
        for (int i = from; i < from + states; i++) values[i] /= sum;
    }
}
