package metarl.agent.transfer;

import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Settings of dynamics cycle-consistency (Zhang et al. 2020, "Learning cross-domain correspondence for control with dynamics
 * cycle-consistency", cross-physics form), the peer of the action translator in Table 1 of MCAT: states are the same in both tasks, and
 * actions are mapped there and back.
 *
 * <p>F foretells the source task: s' from s and a, by L1, and then stays as it is. On transitions (s, a, s') of the <em>target</em> task, A
 * maps an action to one of the source task and B maps it back, and both are to make
 *
 * <pre>w_d · |F(s, A(s, a)) − s'| + w_r · |B(s, A(s, a)) − a| + w_a · (D(A(s, a)) − 1)²</pre>
 *
 * <p>small, means over rows and entries. D tells actions of the source task from what A makes of others (LSGAN): it makes
 * ½ (D(A(s, a))² + (D(a_source) − 1)²) small, of actions that come out of pools of recent ones. B is what is used: it maps what the source
 * policy means to the target task.
 *
 * <p>The release fits for 30 epochs of 3 000 updates, scores each on the target task by 100 episodes, and reports the best: a selection on
 * the test. Here {@link FittedCycle#fit} keeps B of every epoch, what acts is that of the last, and {@link FittedCycle#scores} says both.
 *
 * <p>Different from the release: the optimisers go on where the rate falls, where the release starts them anew; rows are drawn with
 * replacement. {@code normalized} is ours: all see s in units of its deviation over the source data, and F foretells the change s' − s in
 * units of its own, so that small changes count.
 *
 * @param dynamicsWeight w_d
 * @param roundTripWeight w_r
 * @param adversarialWeight w_a; 0: no D
 * @param normalized whether F works in units of the source data; raw as released
 * @param branch width of the layer of each input
 * @param hidden width of the layer after the join
 * @param poolSize actions of each kind that D remembers
 * @param batchSize transitions of an update
 * @param forwardEpochs epochs of F
 * @param epochs of A, B and D
 * @param updatesPerEpoch of both
 * @param learningRate of all of Adam's, by updates
 */
public record CycleConsistency(double dynamicsWeight, double roundTripWeight, double adversarialWeight, boolean normalized, int branch,
    int hidden, int poolSize, int batchSize, int forwardEpochs, int epochs, int updatesPerEpoch, RateSchedule learningRate) {
    /** Checks every value; an error names the sane range. */
    public CycleConsistency {
        if (learningRate == null) learningRate = RateSchedule.cycle();
        requireWeight(dynamicsWeight, "dynamicsWeight", "usually 20");
        requireWeight(roundTripWeight, "roundTripWeight", "usually 1");
        requireWeight(adversarialWeight, "adversarialWeight", "usually 1");
        Require.count(branch, 1, "branch", "at least 1, usually 128");
        Require.count(hidden, 1, "hidden", "at least 1, usually 256");
        Require.tensor("the weights of a layer", "hidden", hidden, 2L * branch);
        Require.count(poolSize, 1, "poolSize", "at least 1, usually 256");
        Require.count(batchSize, 1, "batchSize", "at least 1, usually 32");
        Require.count(forwardEpochs, 1, "forwardEpochs", "at least 1, usually 30");
        Require.count(epochs, 1, "epochs", "at least 1, usually 30");
        Require.count(updatesPerEpoch, 1, "updatesPerEpoch", "at least 1, usually 3000");
    }

    private static void requireWeight(double weight, String name, String usual) {
        Require.number(weight, weight >= 0 && weight <= 1e9, name, "0 (without it) to 1e9, " + usual);
    }

    /** As released for HalfCheetah: 30 and 30 epochs of 3 000 updates. */
    public static CycleConsistency released() {
        return new CycleConsistency(20, 1, 1, false, 128, 256, 256, 32, 30, 30, 3_000, RateSchedule.cycle());
    }

    /** Small, for two cores and a few thousand updates: our own. */
    public static CycleConsistency small() {
        return new CycleConsistency(20, 1, 1, true, 32, 64, 256, 64, 10, 10, 200, new RateSchedule(3e-3, 1e-3, 2e-4, 800, 1_600));
    }

    /** Networks that have learned nothing yet. */
    public FittedCycle start(int observationSize, int actionSize, long seed) {
        return new FittedCycle(this, observationSize, actionSize, seed);
    }

    /** This with another weight of the dynamics cycle. */
    public CycleConsistency dynamicsWeight(double dynamicsWeight) {
        return Copy.with(this, "dynamicsWeight", dynamicsWeight);
    }

    /** This with another weight of the round trip. */
    public CycleConsistency roundTripWeight(double roundTripWeight) {
        return Copy.with(this, "roundTripWeight", roundTripWeight);
    }

    /** This with another weight of the adversarial term. */
    public CycleConsistency adversarialWeight(double adversarialWeight) {
        return Copy.with(this, "adversarialWeight", adversarialWeight);
    }

    /** This with F in units of the data, or as released. */
    public CycleConsistency normalized(boolean normalized) {
        return Copy.with(this, "normalized", normalized);
    }

    /** This with another width of the first layers. */
    public CycleConsistency branch(int branch) {
        return Copy.with(this, "branch", branch);
    }

    /** This with another width of the joint layer. */
    public CycleConsistency hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with pools of another size. */
    public CycleConsistency poolSize(int poolSize) {
        return Copy.with(this, "poolSize", poolSize);
    }

    /** This with another batch size. */
    public CycleConsistency batchSize(int batchSize) {
        return Copy.with(this, "batchSize", batchSize);
    }

    /** This with another number of epochs of F. */
    public CycleConsistency forwardEpochs(int forwardEpochs) {
        return Copy.with(this, "forwardEpochs", forwardEpochs);
    }

    /** This with another number of epochs of the maps. */
    public CycleConsistency epochs(int epochs) {
        return Copy.with(this, "epochs", epochs);
    }

    /** This with epochs of another length. */
    public CycleConsistency updatesPerEpoch(int updatesPerEpoch) {
        return Copy.with(this, "updatesPerEpoch", updatesPerEpoch);
    }

    /** This with other learning rates. */
    public CycleConsistency learningRate(RateSchedule learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }
}
