package metarl.agent.gradient;

import ai.djl.ndarray.NDArray;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.env.Space;
import metarl.nn.Adam;
import metarl.nn.Parameters;
import metarl.nn.PictureMemory;
import metarl.nn.PictureNetwork;
import metarl.nn.SequenceNetwork;

/**
 * How a policy with a memory is trained on trials, several episodes of one task each, for the sum of all rewards of a trial: what {@link
 * Rl2} and other methods of this kind have in common, so that they differ in their memories alone.
 *
 * <p>The policy gradient is that of PPO, E[min(ρ Â, clip(ρ, 1 ± ε) Â)] with ρ = π/π_old, and Â by generalized advantage estimation over the
 * whole trial: the end of an episode is nothing special to it. The value has a network of its own and is also told how much of the trial is
 * over, which no observation shows.
 *
 * <p>Where observations are pictures, each of the two networks has a {@link PictureNetwork} before its memory.
 *
 * <p>Components that are 0 or false do nothing. Advantages have mean 0 and variance 1 over the steps of an update, and the value learns
 * returns in units of their running deviation, unless they are asked for raw.
 *
 * @param discount γ, over the steps of a trial
 * @param lambda λ of the advantages
 * @param clip ε
 * @param epochs passes over the trials of one update
 * @param trialsPerUpdate trials collected for each update, of different tasks, in lockstep
 * @param trialsPerBatch trials per gradient step
 * @param learningRate of Adam, policy and value, at the start; it falls linearly to a tenth over {@code decaySteps}
 * @param decaySteps environment steps until then; 0: nothing falls
 * @param entropyCoefficient weight of the policy's entropy in its objective, at the start; it falls linearly to 0 over {@code decaySteps}
 * @param divergenceLimit mean KL(old ‖ new) of a batch of trials beyond which the policy takes no further step in this update; 1e12: none
 * @param episodesPerTrial episodes of one task in a trial
 * @param rawAdvantages whether advantages are taken as they are, in units of reward, so that they fade as the value learns
 * @param rawReturns whether the value learns returns in units of reward
 * @param huber whether errors of the value beyond 1, in its units, count linearly ({@link Ppo#huberLoss}) and not by their square
 * @param weightDecay of Adam for matrices, as in AdamW; 0: none
 * @param adamEpsilon ε of Adam; 0: the usual 10⁻⁸
 * @param pictureFilters filters of either convolution over a picture; 0: 16, as published
 * @param pictureFeatures numbers that are made of a picture for the memory; 0: 256, as published
 */
public record TrialPpo(double discount, double lambda, double clip, int epochs, int trialsPerUpdate, int trialsPerBatch,
    double learningRate, long decaySteps, double entropyCoefficient, double divergenceLimit, int episodesPerTrial,
    boolean rawAdvantages, boolean rawReturns, boolean huber, double weightDecay, double adamEpsilon, int pictureFilters,
    int pictureFeatures) {
    /** A divergence that nothing exceeds. */
    public static final double NO_LIMIT = 1e12;
    private static final int PUBLISHED_FILTERS = 16, PUBLISHED_FEATURES = 256;
    private static final long MOST_STEPS = 1_000_000_000_000_000L;

    /** Checks every value; an error names the sane range. */
    public TrialPpo {
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
        Require.number(divergenceLimit, divergenceLimit > 0 && divergenceLimit <= NO_LIMIT, "divergenceLimit",
            "above 0 and at most 1e12 (none), usually 0.01 to 0.05");
        Require.count(episodesPerTrial, 1, "episodesPerTrial", "at least 1, usually 2 to 100");
        Require.number(weightDecay, weightDecay >= 0 && weightDecay <= 10, "weightDecay", "0 (none) to 10, usually 0.01");
        Require.number(adamEpsilon, adamEpsilon >= 0 && adamEpsilon <= 1, "adamEpsilon", "0 (1e-8) to 1, usually up to 1e-5");
        Require.count(pictureFilters, 0, "pictureFilters", "0 (16) or more, usually 8 to 32");
        Require.count(pictureFeatures, 0, "pictureFeatures", "0 (256) or more, usually 32 to 256");
    }

    /** Settings without anything that is 0 or false by default. */
    static TrialPpo of(double discount, double lambda, double clip, int epochs, int trialsPerUpdate, int trialsPerBatch,
        double learningRate, double entropyCoefficient, double divergenceLimit, int episodesPerTrial) {
        return new TrialPpo(discount, lambda, clip, epochs, trialsPerUpdate, trialsPerBatch, learningRate, 0, entropyCoefficient,
            divergenceLimit, episodesPerTrial, false, false, false, 0, 0, 0, 0);
    }

    /**
     * Settings by which both RL² and SNAIL came to the published returns on bandits and random processes, in a reimplementation of
     * both (github.com/lucaslingle/pytorch_rl2): 240 000 steps per update, 480 trials per gradient step, 8 passes, clip 0.1, entropy 0.01,
     * λ 0.3, AdamW with rate 2·10⁻⁴, ε 10⁻⁵ and decay 0.01, advantages and returns as they are, and Huber's loss for the value; up to
     * 12 000 updates. There the value is not told the time.
     *
     * @param stepsPerEpisode 1 for bandits
     */
    public static TrialPpo published(int stepsPerEpisode, int episodesPerTrial) {
        Require.count(stepsPerEpisode, 1, "stepsPerEpisode", "at least 1, and 1 for bandits");
        Require.count(episodesPerTrial, 1, "episodesPerTrial", "at least 1, usually 2 to 100");
        long trials = 240_000 / ((long) stepsPerEpisode * episodesPerTrial);
        return of(0.99, 0.3, 0.1, 8, (int) Math.max(1, trials), 480, 2e-4, 0.01, NO_LIMIT, episodesPerTrial).rawAdvantages(true)
            .rawReturns(true).huber(true).weightDecay(0.01).adamEpsilon(1e-5);
    }

    /** How an update goes through its trials. */
    Ppo ppo() {
        return new Ppo(clip, epochs, trialsPerBatch, divergenceLimit);
    }

    /** A fresh optimiser. */
    Adam optimizer(Parameters parameters) {
        return new Adam(parameters, learningRate, adamEpsilon == 0 ? Adam.EPSILON : adamEpsilon, weightDecay);
    }

    /**
     * A memory that sees, or, where there is nothing to see, the memory alone.
     *
     * @param picture null where observations are vectors
     * @param rest entries of an element without the picture
     * @param memory makes the memory for elements of this size
     */
    SequenceNetwork seeing(Space.Picture picture, int rest, IntFunction<SequenceNetwork> memory) {
        if (picture == null) return memory.apply(rest);
        PictureNetwork eye = eye(picture);
        return new PictureMemory(eye, memory.apply(eye.features() + rest));
    }

    /** What makes features of such pictures. */
    PictureNetwork eye(Space.Picture picture) {
        return new PictureNetwork(picture, pictureFilters == 0 ? PUBLISHED_FILTERS : pictureFilters,
            pictureFeatures == 0 ? PUBLISHED_FEATURES : pictureFeatures);
    }

    /** The loss of the value. */
    BinaryOperator<NDArray> valueLoss() {
        return huber ? Ppo::huberLoss : Ppo::valueLoss;
    }

    /** Few trials, one pass: what a first try takes. */
    TrialPpo fast() {
        return trialsPerUpdate(Math.min(trialsPerUpdate, 16)).epochs(1);
    }

    /** This with another discount. */
    public TrialPpo discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another λ of the advantages. */
    public TrialPpo lambda(double lambda) {
        return Copy.with(this, "lambda", lambda);
    }

    /** This with another clip of the ratio. */
    public TrialPpo clip(double clip) {
        return Copy.with(this, "clip", clip);
    }

    /** This with another number of passes over the trials of one update. */
    public TrialPpo epochs(int epochs) {
        return Copy.with(this, "epochs", epochs);
    }

    /** This with another number of trials collected for each update. */
    public TrialPpo trialsPerUpdate(int trialsPerUpdate) {
        return Copy.with(this, "trialsPerUpdate", trialsPerUpdate);
    }

    /** This with another number of trials per gradient step. */
    public TrialPpo trialsPerBatch(int trialsPerBatch) {
        return Copy.with(this, "trialsPerBatch", trialsPerBatch);
    }

    /** This with another learning rate. */
    public TrialPpo learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another number of steps until the learning rate is a tenth and the entropy counts nothing; 0: they stay. */
    public TrialPpo decaySteps(long decaySteps) {
        return Copy.with(this, "decaySteps", decaySteps);
    }

    /** This with another weight of the entropy. */
    public TrialPpo entropyCoefficient(double entropyCoefficient) {
        return Copy.with(this, "entropyCoefficient", entropyCoefficient);
    }

    /** This with another mean KL at which an update stops. */
    public TrialPpo divergenceLimit(double divergenceLimit) {
        return Copy.with(this, "divergenceLimit", divergenceLimit);
    }

    /** This with another number of episodes in a trial. */
    public TrialPpo episodesPerTrial(int episodesPerTrial) {
        return Copy.with(this, "episodesPerTrial", episodesPerTrial);
    }

    /** This with advantages as they are, or of mean 0 and variance 1. */
    public TrialPpo rawAdvantages(boolean rawAdvantages) {
        return Copy.with(this, "rawAdvantages", rawAdvantages);
    }

    /** This with returns in units of reward, or of their running deviation. */
    public TrialPpo rawReturns(boolean rawReturns) {
        return Copy.with(this, "rawReturns", rawReturns);
    }

    /** This with Huber's loss for the value, or the mean square. */
    public TrialPpo huber(boolean huber) {
        return Copy.with(this, "huber", huber);
    }

    /** This with another decay of the weights; 0: none. */
    public TrialPpo weightDecay(double weightDecay) {
        return Copy.with(this, "weightDecay", weightDecay);
    }

    /** This with another ε of Adam; 0: 10⁻⁸. */
    public TrialPpo adamEpsilon(double adamEpsilon) {
        return Copy.with(this, "adamEpsilon", adamEpsilon);
    }

    /** This with another number of filters in each convolution over a picture; 0: 16. */
    public TrialPpo pictureFilters(int pictureFilters) {
        return Copy.with(this, "pictureFilters", pictureFilters);
    }

    /** This with another number of features of a picture; 0: 256. */
    public TrialPpo pictureFeatures(int pictureFeatures) {
        return Copy.with(this, "pictureFeatures", pictureFeatures);
    }
}
