package metarl.task.families;

import java.util.List;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.env.Environment;
import metarl.env.world.BanditEnvironment;
import metarl.task.Parameter;
import metarl.task.Task;
import metarl.task.TaskFamily;

/**
 * Bernoulli bandits (RL², Duan et al. 2016; SNAIL, Mishra et al. 2018): k arms, each pays 1 with a probability of its own, drawn from U(0,
 * 1).
 *
 * <p>One pull is one episode of one step; a trial is n pulls (10, 100, 500) of the same task, scored by the total reward. Observation:
 * always 0. Action: the arm. Outcome: the arm, and the uniform draw u that decides: reward 1 if
 * u &lt; mean[arm], else 0. Published with k = 5, 10, 50.
 *
 * @param arms number of arms
 */
public record Bandit(int arms) implements TaskFamily {
    /** Checks the number of arms. */
    public Bandit {
        Require.count(arms, 1, "arms", "at least 1");
        Require.heap(arms * Parameter.BYTES, "a bandit of " + arms + " arms", "arms");
    }

    /** A bandit with this many arms. */
    public static Bandit bernoulli(int arms) {
        return new Bandit(arms);
    }

    @Override
    public String name() {
        return "bernoulli-bandit-" + arms;
    }

    @Override
    public String description() {
        return arms + " arms that pay 1 with unknown probabilities (RL², SNAIL).";
    }

    @Override
    public List<Parameter> parameters() {
        return Parameter.group("mean", arms, "", 0, 1, Parameter.Changes.REWARD);
    }

    @Override
    public int horizon() {
        return 1;
    }

    @Override
    public Environment environment(Task task) {
        return new BanditEnvironment(IntStream.range(0, arms).mapToDouble(task::value).toArray(), task);
    }

    @Override
    public double reward(Task task, double[] outcome, double[] action) {
        return outcome[1] < task.value((int) outcome[0]) ? 1 : 0;
    }

    @Override
    public String measureName() {
        return "regret per pull";
    }

    /** How much more the best arm would have paid on average: mean of max mean − mean[arm]. */
    @Override
    public double measure(Task task, double[][] outcomes, double[][] actions) {
        double best = task.values().stream().mapToDouble(v -> v).max().orElseThrow(), sum = 0;
        for (double[] outcome : outcomes) sum += best - task.value((int) outcome[0]);
        return sum / outcomes.length;
    }
}
