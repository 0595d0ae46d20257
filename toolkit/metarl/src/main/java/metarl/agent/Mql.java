package metarl.agent;

import java.util.function.UnaryOperator;

/**
 * Meta-Q-Learning (Fakoor et al. 2020): TD3 with context over all train tasks, then off-policy adaptation to a new one.
 *
 * <p>Adaptation has two steps on copies of the networks, both with the proximal term λ/2 ‖θ − θ̂‖² towards the meta-trained θ̂:
 * <ol>
 *   <li>eq. 18: a few TD3 updates on the new task's episodes;
 *   <li>eq. 19: TD3 updates on the old replay, every transition weighted by β = p_new/p_old, estimated by logistic regression on contexts.
 * </ol>
 * λ = 1 − ESS/n of the weights as used, unless {@code fixedProximal} says otherwise.
 *
 * <p>Different from the released code, which leaves λ at 0.1, leaves out the factor ½ and the term in step (18), does not correct β for
 * unequal class sizes, and sets β below 0.1 to zero.
 *
 * @param base the meta-training
 * @param logitClip largest log β; the released script calls it {@code beta_clip}
 * @param inverseStrength C of the logistic regression's L2 penalty
 * @param newTaskUpdates updates of step (18)
 * @param replayUpdates updates of step (19)
 * @param adaptationRate Adam's learning rate during adaptation
 * @param snapshot newest transitions per train task that the propensity is fitted against, at most
 * @param fixedProximal λ if at least 0; negative: λ = 1 − ESS/n
 */
public record Mql(Td3 base, double logitClip, double inverseStrength, int newTaskUpdates, int replayUpdates, double adaptationRate,
                  int snapshot, double fixedProximal) implements Algorithm {
    /** Checks every value; an error names the sane range. */
    public Mql {
        Td3.require(logitClip > 0, "logitClip", logitClip, "positive, usually 0.8 to 2");
        Td3.require(inverseStrength > 0, "inverseStrength", inverseStrength, "positive, usually 0.05 to 0.5");
        Td3.require(newTaskUpdates >= 0, "newTaskUpdates", newTaskUpdates, "0 or more, usually 5 to 10");
        Td3.require(replayUpdates >= 0, "replayUpdates", replayUpdates, "0 or more, usually 50 to 400");
        Td3.require(adaptationRate > 0, "adaptationRate", adaptationRate, "positive, usually 1e-4 to 1e-3");
        Td3.require(snapshot >= 1, "snapshot", snapshot, "at least 1, usually 1000 to 4000");
    }

    /** The released script's settings for HalfCheetah velocity, with λ = 1 − ESS/n as in the paper. */
    public static Mql defaults() {
        return new Mql(Td3.withContext(), 1, 0.1, 10, 100, 1e-3, 2_000, -1);
    }

    /** For {@link metarl.task.PointRobot}: small networks, learned in about a minute. */
    public static Mql pointRobot() {
        return new Mql(Td3.pointRobot(), 1, 0.1, 5, 20, 3e-4, 500, -1);
    }

    @Override
    public String name() {
        return "MQL";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        return new MqlLearner(this, problem, seed);
    }

    @Override
    public Mql fast() {
        return base(Td3::fast).newTaskUpdates(Math.min(newTaskUpdates, 1)).replayUpdates(Math.min(replayUpdates, 2));
    }

    /** This with a change of its meta-training. */
    public Mql base(UnaryOperator<Td3> change) {
        return new Mql(change.apply(base), logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with another context length. */
    public Mql contextLength(int length) {
        return base(b -> b.contextLength(length));
    }

    /** This with another number of random steps at the start. */
    public Mql randomSteps(int steps) {
        return base(b -> b.randomSteps(steps));
    }

    /** This with another number of updates per step. */
    public Mql updatesPerStep(double updates) {
        return base(b -> b.updatesPerStep(updates));
    }

    /** This with another clip of log β. */
    public Mql logitClip(double logitClip) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with another strength C of the logistic regression. */
    public Mql inverseStrength(double inverseStrength) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with another number of updates on the new task; 0 leaves out eq. 18. */
    public Mql newTaskUpdates(int newTaskUpdates) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with another number of updates on old data; 0 leaves out eq. 19. */
    public Mql replayUpdates(int replayUpdates) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with another learning rate during adaptation. */
    public Mql adaptationRate(double adaptationRate) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with another size of the snapshot per task. */
    public Mql snapshot(int snapshot) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }

    /** This with a fixed λ; negative: λ = 1 − ESS/n. */
    public Mql fixedProximal(double fixedProximal) {
        return new Mql(base, logitClip, inverseStrength, newTaskUpdates, replayUpdates, adaptationRate, snapshot, fixedProximal);
    }
}
