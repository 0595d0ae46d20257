package metarl.agent.gradient;

import static metarl.agent.MemoryNeed.recurrent;

import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Gru;

/**
 * RL² (Duan et al. 2016): a recurrent policy whose memory lasts for a whole trial, several episodes of one task, and is trained for the sum
 * of all rewards of the trial. What it does while its weights stay as they are is a learning algorithm of its own.
 *
 * <p>Input of each step: observation, last action (one-hot if it was a choice), last reward, whether the episode ended; the state is reset
 * between trials, not between episodes. Policy and value have a recurrent unit each; {@link TrialPpo} says how they are trained.
 *
 * <p>Different from the authors' launchers, which had the same clipped ratio: there a line search holds the mean KL to 0.01, here an update
 * stops when it is exceeded; the unit there is weight-normalised and has a ReLU candidate, here its entries begin with times of forgetting
 * up to the length of a trial.
 *
 * @param hidden size of either recurrent state
 * @param training how policy and value are trained
 */
public record Rl2(int hidden, TrialPpo training) implements TrialMethod<Rl2> {
    /** A gate that begins to forget later than this is too flat to learn otherwise. */
    private static final int LONGEST_MEMORY = 1_000;

    /** Checks every value; an error names the sane range. */
    public Rl2 {
        Require.count(hidden, 1, "hidden", "at least 1, usually 32 to 256");
        Require.that(training != null, "training", training, "settings, as TrialPpo.published(10, 10)");
    }

    /** For bandits with trials of {@code pulls} pulls: our own, learned in minutes. */
    public static Rl2 bandit(int pulls) {
        return new Rl2(64, TrialPpo.of(0.99, 0.9, 0.2, 5, 256, 32, 4e-3, 0, 0.03, pulls));
    }

    /**
     * For random tabular processes with trials of {@code episodes} episodes of ten steps: our own. Within minutes it learns which action is
     * good in all states, and no more; {@link Snail#tabular} learns which is good in each.
     */
    public static Rl2 tabular(int episodes) {
        return bandit(episodes).lambda(0.3).learningRate(2e-3).entropyCoefficient(0.02);
    }

    /** For {@link metarl.task.families.Maze} with trials of {@code episodes} episodes: our own. */
    public static Rl2 maze(int episodes) {
        return new Rl2(64, TrialPpo.of(0.99, 0.9, 0.2, 5, 128, 16, 1e-3, 0.01, 0.03, episodes).pictureFeatures(64));
    }

    /** For bodies, as HalfCheetah with speeds to be found out, with trials of {@code episodes} episodes: our own. */
    public static Rl2 locomotion(int episodes) {
        return new Rl2(64, TrialPpo.of(0.99, 0.95, 0.2, 5, 100, 20, 1e-3, 0, 0.03, episodes));
    }

    /**
     * Settings of the authors' launchers (250 000 steps per update, hence many trials); for cheetah-vel, which they did not try, those of
     * ProMP's comparison. The sources leave out the clip of both mazes and cheetah-vel and the epochs of mazes: those of bandits. λ of
     * mazes is the largest of the launchers' sweep.
     *
     * @param problem bandit, mdp, maze or cheetah-vel
     * @param episodes episodes per trial
     * @throws IllegalArgumentException for another name
     */
    public static Rl2 released(String problem, int episodes) {
        Require.count(episodes, 1, "episodes", "at least 1 per trial, usually 2 to 100");
        return switch (problem) {
            case "bandit" -> new Rl2(128, TrialPpo.of(0.99, 1, 0.3, 10, Math.max(1, 250_000 / episodes), 128, 1e-3, 0, 0.01, episodes));
            case "mdp" -> new Rl2(128, TrialPpo.of(0.99, 0.3, 0.1, 5, Math.max(1, 25_000 / episodes), 64, 1e-3, 0, 0.01, episodes));
            case "maze" -> new Rl2(256, TrialPpo.of(0.99, 0.99, 0.3, 10, Math.max(1, 40 / episodes), 16, 1e-3, 0, 0.01, episodes));
            case "cheetah-vel" -> new Rl2(64, TrialPpo.of(0.99, 1, 0.3, 5, 100, 100, 1e-3, 0, 0.01, episodes));
            default -> throw new IllegalArgumentException(
                "there are no settings for '" + problem + "'; expected bandit, mdp, maze or cheetah-vel");
        };
    }

    /**
     * Settings that came to the published returns, those of a reimplementation: {@link TrialPpo#published}, and 256 units.
     *
     * @param stepsPerEpisode 1 for bandits, 10 for the published processes
     * @param episodes episodes per trial
     */
    public static Rl2 published(int stepsPerEpisode, int episodes) {
        return new Rl2(256, TrialPpo.published(stepsPerEpisode, episodes));
    }

    @Override
    public String name() {
        return "RL²";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        long read = TrialMemory.inputs(training, problem), said = TrialMemory.outputs(problem);
        long networks = recurrent(read, hidden) + (hidden + 1L) * said + recurrent(read + 1, hidden) + hidden + 1;
        var size = new TrialMemory.Size("hidden", networks, 8L * hidden, 8L * hidden, 28L * hidden);
        return new MemoryNeed(this, problem, work, TrialMemory.of(training, size, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        TrialLearner.MemoryOf unit = (inputs, steps) -> new Gru(inputs, hidden).remembering(Math.min(LONGEST_MEMORY, steps));
        return new TrialLearner(training, problem, seed, unit, unit);
    }

    /** This with another size of the recurrent states. */
    public Rl2 hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    @Override
    public Rl2 training(TrialPpo training) {
        return Copy.with(this, "training", training);
    }
}
