package metarl.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import metarl.agent.Adaptation;
import metarl.agent.Learner;
import metarl.agent.Policy;
import metarl.basics.Activity;
import metarl.basics.Findings;
import metarl.basics.Interval;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.nn.TorchThread;
import metarl.task.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * How a learner gets better at new tasks from round to round: the return of round 0, without any experience of the task; of round 1, with
 * that of round 0; and so on.
 *
 * <p>The same protocol serves all methods. One that remembers (RL²) simply lives on; one that adapts (MAML, MQL) adapts after each round to
 * all rounds so far, and the next is collected with the adapted policy. The two problem statements of meta-learning are two ways to read
 * the result: {@link #episodic()} counts what is reached in the end and forgives what was paid for it, {@link #online()} counts everything,
 * exploration included.
 *
 * @param tasks the tasks
 * @param returns task × round: the mean return of the round's episodes
 */
public record ShotEvaluation(List<Task> tasks, double[][] returns) implements Findings {
    private static final long INTERVAL_SEED = 0;
    private static final String STREAM = "shots";

    /**
     * Of a policy that remembers, such as a classical agent's ({@link metarl.agent.classical.TrialAgent#policy}): it lives on from round to
     * round. Of the same seed, it meets the same episodes' draws as a learner that remembers does under {@link MetaRun#shots}.
     */
    public static ShotEvaluation of(Policy policy, List<Task> tasks, int rounds, int episodesPerRound, long seed) {
        require(tasks, rounds, episodesPerRound);
        try (Activity activity = Activity.of(name(tasks, rounds))) {
            return living(policy, tasks, rounds, episodesPerRound, RandomStream.of(seed, STREAM));
        }
    }

    static ShotEvaluation of(Learner learner, List<Task> tasks, int rounds, int episodesPerRound, long seed) {
        require(tasks, rounds, episodesPerRound);
        RandomStream random = RandomStream.of(seed, STREAM);
        boolean lives = learner.episodesPerTrial() > 1;
        try (Activity activity = lives ? Activity.of(name(tasks, rounds)) : Activity.of(name(tasks, rounds), tasks.size())) {
            if (lives) return living(learner.policy(), tasks, rounds, episodesPerRound, random);
            double[][] returns = new double[tasks.size()][];
            for (int i = 0; i < returns.length; i++) {
                returns[i] = adapting(learner, tasks.get(i), rounds, episodesPerRound, random.split("task " + i));
                activity.advance();
            }
            return new ShotEvaluation(tasks, returns);
        }
    }

    private static String name(List<Task> tasks, int rounds) {
        return rounds + " rounds on " + tasks.size() + (tasks.size() == 1 ? " task" : " tasks");
    }

    private static void require(List<Task> tasks, int rounds, int episodesPerRound) {
        if (rounds < 1 || episodesPerRound < 1)
            throw new IllegalArgumentException(
                "given " + rounds + " rounds of " + episodesPerRound + " episodes, expected at least 1 of each");
        Require.length("the episodes of all rounds", "rounds or episodesPerRound", rounds, episodesPerRound);
        Require.heap(Require.times(Rollout.EPISODE_BYTES, Require.times(tasks.size(), Require.times(rounds, episodesPerRound))),
            rounds + " rounds of " + episodesPerRound + " episodes of " + tasks.size() + " tasks", "rounds or episodesPerRound");
        if (tasks.isEmpty()) throw new IllegalArgumentException("given no tasks, expected at least one");
        TorchThread.prepare();
    }

    private static ShotEvaluation living(Policy policy, List<Task> tasks, int rounds, int episodesPerRound, RandomStream random) {
        double[][] returns = new double[tasks.size()][rounds];
        var trials = Rollout.trials(policy, tasks, rounds * episodesPerRound, random);
        for (int i = 0; i < returns.length; i++)
            for (int r = 0; r < rounds; r++) returns[i][r] = mean(trials.get(i).subList(r * episodesPerRound, (r + 1) * episodesPerRound));
        return new ShotEvaluation(tasks, returns);
    }

    private static double[] adapting(Learner learner, Task task, int rounds, int episodesPerRound, RandomStream random) {
        double[] returns = new double[rounds];
        var seen = new ArrayList<List<Trajectory>>();
        for (int r = 0; r < rounds; r++) {
            try (Adaptation adaptation = r == 0 ? null : learner.adaptInRounds(seen, random.split("adaptation " + r))) {
                Policy policy = r == 0 ? learner.policy() : adaptation.policy();
                List<Trajectory> episodes = Rollout.of(policy, Collections.nCopies(episodesPerRound, task), random.split("round " + r));
                returns[r] = mean(episodes);
                seen.add(episodes);
            }
        }
        return returns;
    }

    private static double mean(List<Trajectory> episodes) {
        return episodes.stream().mapToDouble(Trajectory::totalReward).average().orElse(Double.NaN);
    }

    /** Number of rounds. */
    public int rounds() {
        return returns[0].length;
    }

    /** Mean return of one round over tasks, with its interval over tasks. */
    public Interval round(int r) {
        return Interval.ofMean(Arrays.stream(returns).mapToDouble(v -> v[r]).toArray(), INTERVAL_SEED);
    }

    /** Gain of a round over round 0 per task, paired, with its interval. */
    public Interval gain(int r) {
        return Interval.ofMean(Arrays.stream(returns).mapToDouble(v -> v[r] - v[0]).toArray(), INTERVAL_SEED);
    }

    /** The episodic problem statement: the return of the last round. */
    public Interval episodic() {
        return round(rounds() - 1);
    }

    /** The online problem statement: the sum over all rounds. */
    public Interval online() {
        return Interval.ofMean(Arrays.stream(returns).mapToDouble(v -> Arrays.stream(v).sum()).toArray(), INTERVAL_SEED);
    }

    /** One row per round: mean return, interval, and gain over round 0. */
    @Override
    public Table summary() {
        var round = IntColumn.create("round");
        String kind = tasks.size() < Interval.FEWEST ? " (" + Interval.kind(tasks.size(), "tasks") + ")" : " (95 %)";
        DoubleColumn[] columns = {DoubleColumn.create("return"), DoubleColumn.create("from" + kind), DoubleColumn.create("to" + kind),
            DoubleColumn.create("gain over round 0")};
        for (int r = 0; r < rounds(); r++) {
            Interval now = round(r);
            round.append(r);
            double[] values = {now.value(), now.low(), now.high(), gain(r).value()};
            for (int i = 0; i < columns.length; i++)
                if (tasks.size() > 1 || i % 3 == 0) columns[i].append(values[i]);
                else columns[i].appendMissing();
        }
        return Table.create("return by round, " + tasks.size() + " tasks", round).addColumns(columns);
    }

    @Override
    public String toString() {
        String intervals = tasks.size() > 1 && tasks.size() < Interval.FEWEST ? " (" + Interval.kind(tasks.size(), "tasks") + ")" : "";
        return tasks.size() + " tasks, " + rounds() + " rounds: last round " + episodic() + ", sum over all rounds " + online() + intervals;
    }
}
