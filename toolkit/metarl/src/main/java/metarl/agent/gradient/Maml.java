package metarl.agent.gradient;

import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.gradient.MetaPolicyMemory.Kept;
import metarl.basics.Copy;
import metarl.basics.Require;

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
 * @param inner what an inner step raises
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
public record Maml(int hidden, double initialDeviation, double innerRate, int innerSteps, boolean firstOrder, InnerObjective inner,
    int tasksPerUpdate, int episodesPerTask,
    double discount, double lambda, double ridge, Outer outer, double divergenceLimit, int conjugateSteps, double damping,
    double learningRate) implements MetaPolicyGradient<Maml> {
    /** How θ follows the outer gradient. */
    public enum Outer {
        /** As in TRPO: a natural gradient step, as long as the divergence allows and the loss falls. */
        TRUST_REGION,
        /** One step of Adam. */
        ADAM
    }

    /** Checks every value; an error names the sane range. */
    public Maml {
        if (inner == null) inner = InnerObjective.LOG_PROBABILITY;
        if (outer == null) outer = Outer.TRUST_REGION;
        MetaPolicyGradient.require(hidden, initialDeviation, innerRate, innerSteps, tasksPerUpdate, episodesPerTask, discount, lambda,
            ridge, learningRate);
        Require.number(divergenceLimit, divergenceLimit > 0 && divergenceLimit <= 1e12, "divergenceLimit",
            "above 0 and at most 1e12, usually 0.01");
        Require.count(conjugateSteps, 1, "conjugateSteps", "at least 1, usually 10");
        Require.number(damping, damping >= 0 && damping <= 1e12, "damping", "0 to 1e12, usually 1e-5 to 0.1");
    }

    /** For {@link metarl.task.families.Point#navigation()} on few episodes: our own, learned in about a minute. */
    public static Maml navigation() {
        return released("navigation").hidden(32).tasksPerUpdate(20).episodesPerTask(10).divergenceLimit(0.02)
            .inner(InnerObjective.LIKELIHOOD_RATIO);
    }

    /**
     * For bodies, as HalfCheetah, on a fifth of the release's episodes: our own; smaller noise and larger inner and outer steps learn
     * within minutes.
     */
    public static Maml locomotion() {
        return released("cheetah-dir").hidden(64).initialDeviation(0.5).innerRate(0.3).lambda(0.95).divergenceLimit(0.03).tasksPerUpdate(8)
            .inner(InnerObjective.LIKELIHOOD_RATIO);
    }

    /**
     * Settings of the release: 40 tasks, 20 episodes, one inner step, trust region of 0.01.
     *
     * @param environment navigation, cheetah-vel, cheetah-dir, ant-vel or ant-dir
     * @throws IllegalArgumentException for another name
     */
    public static Maml released(String environment) {
        var bodies = new Maml(100, 1, 0.1, 1, false, InnerObjective.LOG_PROBABILITY, 40, 20, 0.99, 1, 1e-5, Outer.TRUST_REGION, 0.01, 10,
            1e-5, 1e-3);
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
        // the slope of the divergence of a trust region keeps much
        return new MemoryNeed(this, problem, work, MetaPolicyMemory.of(this, problem, work, firstOrder ? new Kept(2, 4) : new Kept(36, 16),
            outer == Outer.ADAM ? new Kept(4, 4) : new Kept(30, 32)));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new MamlLearner(this, problem, seed);
    }

    /** This with the inner gradient held fixed in the outer one, or not. */
    public Maml firstOrder(boolean firstOrder) {
        return Copy.with(this, "firstOrder", firstOrder);
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
}
