package metarl.train;

import java.util.Arrays;
import java.util.List;
import metarl.agent.Policy;
import metarl.basics.RandomStream;
import metarl.data.Trajectory;
import metarl.diagnose.log.TrajectoryLog;
import metarl.diagnose.log.TrajectoryLog.End;
import metarl.env.Step;

/**
 * Collected episodes as a log that off-policy estimators judge: how likely each action was under the policy that collected it, as it told
 * then, and under a target policy, which is asked now.
 *
 * <pre>{@code
 * TrajectoryLog log = OffPolicyLog.of(Rollout.of(behavior, tasks, random), target);
 * SequentialEstimators.pdis(log.rewards(), log.policyRatios(), 0.99)
 * }</pre>
 *
 * <p>Both policies must draw their actions, as those of RL² and MAML do; {@link metarl.agent.Policy.Actor#logDensities()} tells of which
 * one's own policies are. One {@linkplain Policy#withNoise with noise} tells densities that are wrong for actions that were brought back
 * to ±1, and so are the weights of their steps.
 */
public final class OffPolicyLog {
    /** So many trials are judged by one forward pass. */
    private static final int AT_ONCE = 256;
    /** exp of a number beyond this comes near to the largest double or to 0. */
    private static final double LARGEST_LOG = 600;

    private OffPolicyLog() {}

    /**
     * Episodes that stand each for itself: the target begins each without a memory.
     *
     * @throws IllegalArgumentException if one of the two policies does not tell how likely its actions are, or an episode has no steps
     */
    public static TrajectoryLog of(List<Trajectory> episodes, Policy target) {
        return ofTrials(episodes.stream().map(List::of).toList(), target);
    }

    /**
     * Trials of several episodes, through which the target lives on: each is one episode of the log, and its weight is over all of its
     * steps.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static TrajectoryLog ofTrials(List<List<Trajectory>> trials, Policy target) {
        int n = trials.size();
        double[][] rewards = new double[n][], behavior = new double[n][], targets = new double[n][];
        List<Steps> all = trials.stream().map(Steps::of).toList();
        for (int from = 0; from < n; from += AT_ONCE) {
            int to = Math.min(n, from + AT_ONCE);
            System.arraycopy(judged(all.subList(from, to), target), 0, targets, from, to - from);
        }
        for (int i = 0; i < n; i++) {
            rewards[i] = Arrays.stream(all.get(i).steps).mapToDouble(Step::reward).toArray();
            behavior[i] = all.get(i).logDensities;
            for (int t = 0; t < rewards[i].length; t++) intoPropensities(behavior[i], targets[i], i, t);
        }
        return TrajectoryLog.of(rewards, behavior, targets).ends(all.stream().map(s -> end(s.steps)).toList());
    }

    /** All steps of a trial, in order. */
    private record Steps(double[][] observations, double[][] actions, Step[] steps, double[] logDensities) {
        static Steps of(List<Trajectory> trial) {
            int length = trial.stream().mapToInt(Trajectory::length).sum(), at = 0;
            var all = new Steps(new double[length][], new double[length][], new Step[length], new double[length]);
            for (Trajectory episode : trial)
                for (int t = 0; t < episode.length(); t++, at++) {
                    all.observations[at] = episode.observation(t);
                    all.actions[at] = episode.action(t);
                    all.steps[at] = episode.step(t);
                    all.logDensities[at] = episode.logDensity(t);
                }
            return all;
        }
    }

    private static End end(Step[] steps) {
        if (steps.length == 0 || !steps[steps.length - 1].last()) return End.UNKNOWN;
        return steps[steps.length - 1].terminated() ? End.TERMINATED : End.TRUNCATED;
    }

    /** log π_e of every step of some trials. */
    private static double[][] judged(List<Steps> trials, Policy target) {
        int n = trials.size(), longest = trials.stream().mapToInt(s -> s.steps.length).max().orElse(0);
        double[][] logs = trials.stream().map(s -> new double[s.steps.length]).toArray(double[][]::new);
        double[][] observations = new double[n][], actions = new double[n][];
        Step[] steps = new Step[n];
        int[] unknown = new int[n];
        Arrays.fill(unknown, Policy.UNKNOWN);
        try (Policy.Actor actor = target.start(unknown, RandomStream.of(0, "off-policy log"))) {
            for (int t = 0; t < longest; t++) {
                for (int i = 0; i < n; i++) {
                    boolean over = t >= logs[i].length;
                    steps[i] = over ? null : trials.get(i).steps[t];
                    if (over) continue;
                    observations[i] = trials.get(i).observations[t];
                    actions[i] = trials.get(i).actions[t];
                }
                double[] told = actor.logDensities(observations, actions);
                if (told.length != n)
                    throw new IllegalArgumentException(
                        "the target policy does not tell how likely an action is (log π(a|o)); expected one that"
                            + " draws its actions, as those of RL² and MAML do");
                for (int i = 0; i < n; i++) if (steps[i] != null) logs[i][t] = told[i];
                actor.received(actions, steps);
            }
        }
        return logs;
    }

    /** Where a density is beyond the numbers of a double, both are told relative to the behavior policy's: their ratio is what counts. */
    private static void intoPropensities(double[] behavior, double[] target, int episode, int t) {
        String step = "episode " + episode + ", step " + t + ": ";
        if (Double.isNaN(behavior[t]))
            throw new IllegalArgumentException(
                step + "the policy that collected it did not tell how likely its action was (log π(a|o)); expected"
                    + " episodes of one that draws its actions, as those of RL² and MAML do");
        if (Double.isNaN(target[t]))
            throw new IllegalArgumentException(step + "the target policy does not tell how likely the action is; it gave NaN");
        double shift = Math.abs(behavior[t]) > LARGEST_LOG && Double.isFinite(behavior[t]) ? behavior[t] : 0;
        target[t] = Math.exp(target[t] - shift);
        behavior[t] = Math.exp(behavior[t] - shift);
    }
}
