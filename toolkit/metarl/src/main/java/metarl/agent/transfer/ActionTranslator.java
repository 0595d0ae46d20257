package metarl.agent.transfer;

import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Settings of the action translator H of MCAT (Guo, Wu and Lee 2022, section 3.3): which action does in the target task i what an action
 * of the source task j does there.
 *
 * <p>ã = H(s, a, z_j, z_i) is fitted on transitions (s, a, s') of the source task such that the forward model F of the target task, which
 * stays as it is, foretells the same next state (equation 3):
 *
 * <pre>L = −log F(s' | s, ã, z_i)</pre>
 *
 * <p>or, as the release does, such that the mean of F comes near: the mean over rows and entries of |μ(s, ã, z_i) − Δŝ|, in units of
 * deviations of the change Δs = s' − s ({@link Objective}).
 *
 * <p>H is a network: s and a, and with task features z_j and z_i, each pass a layer of their own, are then joined and pass further layers
 * with max(x, 0); the action is the tanh of the result. Without features, one translator serves one pair of tasks; with them, one serves
 * all pairs. F is told z_i wherever it was fitted with an encoder, and nothing where it was fitted on the target task alone (Table 1 of the
 * paper, contextSize 0).
 *
 * <p>Different from the release: there the source's feature is the mean over the rows of the batch itself; here both features are means
 * over rows of their own. The paper says neither how wide H is nor in which units it sees s: {@link #paper} has the released widths and
 * brings s to mean 0 and deviation 1, as the forward model does; the release leaves it raw. Actions lie in [−1, 1] and stay as they are.
 *
 * @param objective what is made small
 * @param withFeatures whether H is told z_j and z_i
 * @param normalized whether H sees s in the units of the forward model, or as it is
 * @param branch width of the layer of each input
 * @param hidden width of the layers after the join
 * @param layers hidden layers after the join
 * @param learningRate of Adam, by updates
 * @param batchSize transitions of an update
 * @param segments embeddings that a task feature is the mean of, in an update
 */
public record ActionTranslator(Objective objective, boolean withFeatures, boolean normalized, int branch, int hidden, int layers,
    RateSchedule learningRate, int batchSize, int segments) {
    /** What is made small. */
    public enum Objective {
        /** −log F(s' | s, ã, z_i), equation 3 of the paper; the mean over rows, of the sum over entries. */
        LIKELIHOOD,
        /** |μ − Δŝ|, as the release has it; the mean over rows and entries. */
        DISTANCE
    }

    /** Checks every value; an error names the sane range. */
    public ActionTranslator {
        if (objective == null) objective = Objective.LIKELIHOOD;
        if (learningRate == null) learningRate = RateSchedule.released();
        Require.count(branch, 1, "branch", "at least 1, usually 128");
        Require.count(hidden, 1, "hidden", "at least 1, usually 256");
        Require.that(layers >= 1 && layers <= 100, "layers", layers, "1 to 100, usually 1 or 2");
        Require.tensor("the weights of a layer", "hidden", hidden, Math.max(hidden, 4L * branch));
        Require.count(batchSize, 1, "batchSize", "at least 1, usually 256");
        Require.count(segments, 1, "segments", "at least 1, usually 256");
    }

    /** For one pair of tasks by −log F, widths and rates as released. */
    public static ActionTranslator paper() {
        return new ActionTranslator(Objective.LIKELIHOOD, false, true, 128, 256, 1, RateSchedule.released(), 256, 256);
    }

    /** For one pair of tasks as released for Table 1: L1 on the mean, raw inputs. */
    public static ActionTranslator released() {
        return paper().objective(Objective.DISTANCE).normalized(false);
    }

    /** For all pairs of tasks, with task features, as released: another layer, and a rate of 3e-4 that never falls. */
    public static ActionTranslator releasedForAllPairs() {
        return released().withFeatures(true).layers(2).learningRate(RateSchedule.constant(3e-4));
    }

    /** Small, for one pair of tasks, two cores and some three thousand updates: our own. */
    public static ActionTranslator small() {
        return paper().branch(64).hidden(128).learningRate(new RateSchedule(3e-3, 1e-3, 2e-4, 1_000, 2_000)).batchSize(128).segments(64);
    }

    /** The same for all pairs of tasks. */
    public static ActionTranslator smallForAllPairs() {
        return small().withFeatures(true).layers(2);
    }

    /**
     * A translator that has learned nothing yet.
     *
     * @param dynamics context encoder and forward model, fitted; they stay the caller's, and are not changed
     * @throws IllegalArgumentException if there are to be task features and the model has no encoder
     */
    public FittedTranslator start(FittedContextModel dynamics, long seed) {
        return start(dynamics, dynamics.forward().actionSize(), seed);
    }

    /**
     * The same where the source task has actions of another size.
     *
     * @param sourceActionSize entries of an action of the source task
     */
    public FittedTranslator start(FittedContextModel dynamics, int sourceActionSize, long seed) {
        return new FittedTranslator(this, dynamics, sourceActionSize, seed);
    }

    /** This with another objective. */
    public ActionTranslator objective(Objective objective) {
        return Copy.with(this, "objective", objective);
    }

    /** This with or without task features. */
    public ActionTranslator withFeatures(boolean withFeatures) {
        return Copy.with(this, "withFeatures", withFeatures);
    }

    /** This with s in units, or as it is. */
    public ActionTranslator normalized(boolean normalized) {
        return Copy.with(this, "normalized", normalized);
    }

    /** This with another width of the first layers. */
    public ActionTranslator branch(int branch) {
        return Copy.with(this, "branch", branch);
    }

    /** This with another width of the joint layers. */
    public ActionTranslator hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another number of joint layers. */
    public ActionTranslator layers(int layers) {
        return Copy.with(this, "layers", layers);
    }

    /** This with other learning rates. */
    public ActionTranslator learningRate(RateSchedule learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with another batch size. */
    public ActionTranslator batchSize(int batchSize) {
        return Copy.with(this, "batchSize", batchSize);
    }

    /** This with another number of segments. */
    public ActionTranslator segments(int segments) {
        return Copy.with(this, "segments", segments);
    }
}
