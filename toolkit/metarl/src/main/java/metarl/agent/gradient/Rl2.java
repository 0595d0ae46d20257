package metarl.agent.gradient;

import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Policy;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * RL² (Duan et al. 2016): a recurrent policy whose memory lasts for a whole trial, several episodes of one task, and is trained for the sum
 * of all rewards of the trial. What it does while its weights stay as they are is a learning algorithm of its own.
 *
 * <p>Input of each step: observation, last action (one-hot if it was a choice), last reward, whether the episode ended; the state is reset
 * between trials, not between episodes. Policy and value have a recurrent unit each; the value is also told how much of the trial is over,
 * which no observation shows. The policy gradient is that of PPO, E[min(ρ Â, clip(ρ, 1 ± ε) Â)] with ρ = π/π_old, and Â by generalized
 * advantage estimation over the whole trial: the end of an episode is nothing special to it.
 *
 * <p>Different from the authors' launchers, which had the same clipped ratio: there a line search holds the mean KL to 0.01, here an update
 * stops when it is exceeded; the unit there is weight-normalised and has a ReLU candidate, here its entries begin with times of forgetting
 * up to the length of a trial.
 *
 * @param hidden size of either recurrent state
 * @param discount γ, over the steps of a trial
 * @param lambda λ of the advantages
 * @param clip ε
 * @param epochs passes over the trials of one update
 * @param trialsPerUpdate trials collected for each update, of different tasks, in lockstep
 * @param trialsPerBatch trials per gradient step
 * @param learningRate of Adam, policy and value, at the start; it falls linearly to a tenth over {@code decaySteps}
 * @param decaySteps environment steps until then; 0: nothing falls
 * @param entropyCoefficient weight of the policy's entropy in its objective, at the start; it falls linearly to 0 over {@code decaySteps}
 * @param divergenceLimit mean KL(old ‖ new) of a batch of trials beyond which the policy takes no further step in this update
 * @param episodesPerTrial episodes of one task in a trial
 */
public record Rl2(int hidden, double discount, double lambda, double clip, int epochs, int trialsPerUpdate, int trialsPerBatch,
    double learningRate, long decaySteps,
    double entropyCoefficient, double divergenceLimit, int episodesPerTrial) implements Algorithm {
    private static final long MOST_STEPS = 1_000_000_000_000_000L;

    /** Checks every value; an error names the sane range. */
    public Rl2 {
        Require.count(hidden, 1, "hidden", "at least 1, usually 32 to 256");
        Require.number(discount, discount >= 0 && discount <= 1, "discount", "in [0, 1], usually 0.99");
        Require.number(lambda, lambda >= 0 && lambda <= 1, "lambda", "in [0, 1], usually 0.3 to 1");
        Require.number(clip, clip > 0 && clip < 1, "clip", "in (0, 1), usually 0.1 to 0.3");
        Require.count(epochs, 1, "epochs", "at least 1, usually 3 to 10");
        Require.count(trialsPerUpdate, 1, "trialsPerUpdate", "at least 1, usually 100 to 2 500");
        Require.count(trialsPerBatch, 1, "trialsPerBatch", "at least 1, usually 32 to 256");
        Adam.requireRate(learningRate, "learningRate");
        Require.that(decaySteps >= 0 && decaySteps <= MOST_STEPS, "decaySteps", decaySteps,
            "0 (no decay) or the steps of the whole training, at most 1e15");
        Require.number(entropyCoefficient, entropyCoefficient >= 0 && entropyCoefficient <= 1000, "entropyCoefficient",
            "0 to 1000, usually up to 0.02");
        Require.number(divergenceLimit, divergenceLimit > 0 && divergenceLimit <= 1e12, "divergenceLimit",
            "above 0 and at most 1e12, usually 0.01 to 0.05");
        Require.count(episodesPerTrial, 1, "episodesPerTrial", "at least 1, usually 2 to 100");
    }

    /** For bandits with trials of {@code pulls} pulls: our own, learned in minutes. */
    public static Rl2 bandit(int pulls) {
        return new Rl2(64, 0.99, 0.9, 0.2, 5, 256, 32, 4e-3, 0, 0, 0.03, pulls);
    }

    /** For random tabular processes with trials of {@code episodes} episodes of ten steps: our own. */
    public static Rl2 tabular(int episodes) {
        return bandit(episodes).lambda(0.3).learningRate(2e-3).entropyCoefficient(0.02);
    }

    /** For {@link metarl.task.families.Maze} with trials of {@code episodes} episodes: our own. */
    public static Rl2 maze(int episodes) {
        return new Rl2(64, 0.99, 0.9, 0.2, 5, 128, 16, 1e-3, 0, 0.01, 0.03, episodes);
    }

    /** For bodies, as HalfCheetah with speeds to be found out, with trials of {@code episodes} episodes: our own. */
    public static Rl2 locomotion(int episodes) {
        return new Rl2(64, 0.99, 0.95, 0.2, 5, 100, 20, 1e-3, 0, 0, 0.03, episodes);
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
            case "bandit" -> new Rl2(128, 0.99, 1, 0.3, 10, Math.max(1, 250_000 / episodes), 128, 1e-3, 0, 0, 0.01, episodes);
            case "mdp" -> new Rl2(128, 0.99, 0.3, 0.1, 5, Math.max(1, 25_000 / episodes), 64, 1e-3, 0, 0, 0.01, episodes);
            case "maze" -> new Rl2(256, 0.99, 0.99, 0.3, 10, Math.max(1, 40 / episodes), 16, 1e-3, 0, 0, 0.01, episodes);
            case "cheetah-vel" -> new Rl2(64, 0.99, 1, 0.3, 5, 100, 100, 1e-3, 0, 0, 0.01, episodes);
            default -> throw new IllegalArgumentException(
                "there are no settings for '" + problem + "'; expected bandit, mdp, maze or cheetah-vel");
        };
    }

    /** How an update goes through its trials. */
    Ppo ppo() {
        return new Ppo(clip, epochs, trialsPerBatch, divergenceLimit);
    }

    @Override
    public String name() {
        return "RL²";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, Rl2Memory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new Rl2Learner(this, problem, seed);
    }

    @Override
    public boolean choosesDiscretely() {
        return true;
    }

    @Override
    public boolean readsPictures() {
        return true;
    }

    @Override
    public Rl2 fast() {
        return trialsPerUpdate(Math.min(trialsPerUpdate, 16)).epochs(1);
    }

    /** This with another size of the recurrent states. */
    public Rl2 hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another discount. */
    public Rl2 discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another λ of the advantages. */
    public Rl2 lambda(double lambda) {
        return Copy.with(this, "lambda", lambda);
    }

    /** This with another clip of the ratio. */
    public Rl2 clip(double clip) {
        return Copy.with(this, "clip", clip);
    }

    /** This with another number of passes over the trials of one update. */
    public Rl2 epochs(int epochs) {
        return Copy.with(this, "epochs", epochs);
    }

    /** This with another number of trials collected for each update. */
    public Rl2 trialsPerUpdate(int trialsPerUpdate) {
        return Copy.with(this, "trialsPerUpdate", trialsPerUpdate);
    }

    /** This with another number of trials per gradient step. */
    public Rl2 trialsPerBatch(int trialsPerBatch) {
        return Copy.with(this, "trialsPerBatch", trialsPerBatch);
    }

    /** This with another learning rate. */
    public Rl2 learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another number of steps until the learning rate is a tenth and the entropy counts nothing; 0: they stay. */
    public Rl2 decaySteps(long decaySteps) {
        return Copy.with(this, "decaySteps", decaySteps);
    }

    /** This with another weight of the entropy. */
    public Rl2 entropyCoefficient(double entropyCoefficient) {
        return Copy.with(this, "entropyCoefficient", entropyCoefficient);
    }

    /** This with another mean KL at which an update stops. */
    public Rl2 divergenceLimit(double divergenceLimit) {
        return Copy.with(this, "divergenceLimit", divergenceLimit);
    }

    /** This with another number of episodes in a trial. */
    public Rl2 episodesPerTrial(int episodesPerTrial) {
        return Copy.with(this, "episodesPerTrial", episodesPerTrial);
    }
}
