package metarl.agent.gradient;

import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.nn.Adam;

/**
 * Model-agnostic meta-learning by policy gradients (MAML, Finn, Abbeel and Levine 2017): parameters θ from which one step of policy
 * gradient on a few episodes of a new task, θ' = θ + α ∇J(θ), leads to a good policy. θ maximises Σ J(θ') by the exact gradient through the
 * step, second derivatives included, unless {@code firstOrder} holds the inner gradient fixed.
 *
 * <p>Each update collects a round of episodes with θ, one inner step per task, a round with the stepped parameters, and so on; the last
 * round drives the outer step. Advantages are generalized ones over a linear baseline, fitted per task and round, and brought to mean 0 and
 * variance 1. The outer step is that of TRPO, with the mean KL of the adapted policies as its constraint, or one of Adam.
 *
 * <p>The policy draws actions before and after adaptation: without noise there is no policy gradient to adapt by.
 *
 * <p>Different from the release: the second derivative of the divergence is exact, not a difference of gradients; tasks come in turn from a
 * fixed set, where the release draws new ones for every update; actions are scaled to [−1, 1] before the standard deviation applies, which
 * the release gives in the units of the environment; the hidden layers are tanh throughout, where the release has max(x, 0) for the point.
 *
 * @param hidden width of both hidden layers
 * @param initialDeviation standard deviation of the first policy's actions, which lie in [−1, 1]
 * @param innerRate α
 * @param innerSteps inner steps in training
 * @param firstOrder whether the inner gradient is held fixed in the outer one (first-order MAML)
 * @param inner which inner loss
 * @param tasksPerUpdate tasks of one update
 * @param episodesPerTask episodes per task and round
 * @param discount γ
 * @param lambda λ of the advantages
 * @param ridge strength of the baseline's penalty
 * @param outer which outer step
 * @param divergenceLimit largest mean KL of an outer step; for the trust region
 * @param conjugateSteps conjugate gradient steps; for the trust region
 * @param damping added to the second derivative of the divergence; for the trust region
 * @param learningRate of the outer Adam; unused by the trust region
 */
public record Maml(int hidden, double initialDeviation, double innerRate, int innerSteps, boolean firstOrder, Inner inner,
    int tasksPerUpdate, int episodesPerTask,
    double discount, double lambda, double ridge, Outer outer, double divergenceLimit, int conjugateSteps, double damping,
    double learningRate) implements Algorithm {
    /** What an inner step lowers; both have the policy gradient as their gradient. */
    public enum Inner {
        /** −mean log π(a|o) Â, as in the release. Its second derivative leaves out how θ decides what is collected. */
        LOG_PROBABILITY,
        /** −mean ρ Â with ρ = π(a|o) / (π(a|o) held fixed), as in ProMP (Rothfuss et al. 2019): its second derivative has that part. */
        LIKELIHOOD_RATIO
    }

    /** How θ follows the outer gradient. */
    public enum Outer {
        /** As in TRPO: a natural gradient step, as long as the divergence allows and the loss falls. */
        TRUST_REGION,
        /** One step of Adam. */
        ADAM
    }

    /** Checks every value; an error names the sane range. */
    public Maml {
        if (inner == null) inner = Inner.LOG_PROBABILITY;
        if (outer == null) outer = Outer.TRUST_REGION;
        Require.count(hidden, 1, "hidden", "at least 1, usually 64 to 100");
        Require.number(initialDeviation, initialDeviation >= 1e-12 && initialDeviation <= 10, "initialDeviation",
            "1e-12 to 10, usually 0.3 to 1");
        Require.number(innerRate, innerRate >= 1e-12 && innerRate <= 10, "innerRate", "1e-12 to 10, usually 0.1 to 0.5");
        Require.count(innerSteps, 1, "innerSteps", "at least 1, usually 1 to 3");
        Require.count(tasksPerUpdate, 1, "tasksPerUpdate", "at least 1, usually 20 to 40");
        Require.count(episodesPerTask, 1, "episodesPerTask", "at least 1, usually 20");
        Require.number(discount, discount >= 0 && discount <= 1, "discount", "in [0, 1], usually 0.95 to 0.99");
        Require.number(lambda, lambda >= 0 && lambda <= 1, "lambda", "in [0, 1], usually 0.95 to 1");
        Require.number(ridge, ridge > 0 && ridge <= 1e12, "ridge", "above 0 and at most 1e12, usually 1e-5");
        Require.number(divergenceLimit, divergenceLimit > 0 && divergenceLimit <= 1e12, "divergenceLimit",
            "above 0 and at most 1e12, usually 0.01");
        Require.count(conjugateSteps, 1, "conjugateSteps", "at least 1, usually 10");
        Require.number(damping, damping >= 0 && damping <= 1e12, "damping", "0 to 1e12, usually 1e-5 to 0.1");
        Adam.requireRate(learningRate, "learningRate");
    }

    /** For {@link metarl.task.families.Point#navigation()} on few episodes: our own, learned in about a minute. */
    public static Maml navigation() {
        return released("navigation").hidden(32).tasksPerUpdate(20).episodesPerTask(10).divergenceLimit(0.02).inner(Inner.LIKELIHOOD_RATIO);
    }

    /**
     * For bodies, as HalfCheetah, on a fifth of the release's episodes: our own; smaller noise and larger inner and outer steps learn
     * within minutes.
     */
    public static Maml locomotion() {
        return released("cheetah-dir").hidden(64).initialDeviation(0.5).innerRate(0.3).lambda(0.95).divergenceLimit(0.03).tasksPerUpdate(8)
            .inner(Inner.LIKELIHOOD_RATIO);
    }

    /**
     * Settings of the release: 40 tasks, 20 episodes, one inner step, trust region of 0.01.
     *
     * @param environment navigation, cheetah-vel, cheetah-dir, ant-vel or ant-dir
     * @throws IllegalArgumentException for another name
     */
    public static Maml released(String environment) {
        var bodies = new Maml(100, 1, 0.1, 1, false, Inner.LOG_PROBABILITY, 40, 20, 0.99, 1, 1e-5, Outer.TRUST_REGION, 0.01, 10, 1e-5,
            1e-3);
        return switch (environment) {
            case "navigation" -> bodies.innerRate(0.5);
            case "cheetah-vel", "cheetah-dir", "ant-vel", "ant-dir" -> bodies;
            default -> throw new IllegalArgumentException(
                "there are no settings for '" + environment + "'; expected navigation, cheetah-vel, cheetah-dir, ant-vel or ant-dir");
        };
    }

    @Override
    public String name() {
        return firstOrder ? "first-order MAML" : "MAML";
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, MamlMemory.of(this, problem, work));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new MamlLearner(this, problem, seed);
    }

    @Override
    public boolean choosesDiscretely() {
        return true;
    }

    @Override
    public Maml fast() {
        return tasksPerUpdate(Math.min(tasksPerUpdate, 2)).episodesPerTask(Math.min(episodesPerTask, 2));
    }

    /** This with another width of the hidden layers. */
    public Maml hidden(int hidden) {
        return Copy.with(this, "hidden", hidden);
    }

    /** This with another standard deviation of the first policy. */
    public Maml initialDeviation(double initialDeviation) {
        return Copy.with(this, "initialDeviation", initialDeviation);
    }

    /** This with another inner rate α. */
    public Maml innerRate(double innerRate) {
        return Copy.with(this, "innerRate", innerRate);
    }

    /** This with another number of inner steps in training; each costs a round of episodes. */
    public Maml innerSteps(int innerSteps) {
        return Copy.with(this, "innerSteps", innerSteps);
    }

    /** This with the inner gradient held fixed in the outer one, or not. */
    public Maml firstOrder(boolean firstOrder) {
        return Copy.with(this, "firstOrder", firstOrder);
    }

    /** This with another inner loss. */
    public Maml inner(Inner inner) {
        return Copy.with(this, "inner", inner);
    }

    /** This with another number of tasks per update. */
    public Maml tasksPerUpdate(int tasksPerUpdate) {
        return Copy.with(this, "tasksPerUpdate", tasksPerUpdate);
    }

    /** This with another number of episodes per task and round. */
    public Maml episodesPerTask(int episodesPerTask) {
        return Copy.with(this, "episodesPerTask", episodesPerTask);
    }

    /** This with another discount. */
    public Maml discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another λ of the advantages. */
    public Maml lambda(double lambda) {
        return Copy.with(this, "lambda", lambda);
    }

    /** This with another ridge of the baseline. */
    public Maml ridge(double ridge) {
        return Copy.with(this, "ridge", ridge);
    }

    /** This with another outer step. */
    public Maml outer(Outer outer) {
        return Copy.with(this, "outer", outer);
    }

    /** This with another limit of the mean KL of an outer step. */
    public Maml divergenceLimit(double divergenceLimit) {
        return Copy.with(this, "divergenceLimit", divergenceLimit);
    }

    /** This with another number of conjugate gradient steps. */
    public Maml conjugateSteps(int conjugateSteps) {
        return Copy.with(this, "conjugateSteps", conjugateSteps);
    }

    /** This with another damping of the conjugate gradients. */
    public Maml damping(double damping) {
        return Copy.with(this, "damping", damping);
    }

    /** This with another learning rate of the outer Adam. */
    public Maml learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }
}
