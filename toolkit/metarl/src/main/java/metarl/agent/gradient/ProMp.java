package metarl.agent.gradient;

import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.gradient.MetaPolicyMemory.Kept;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Proximal meta-policy search (ProMP, Rothfuss et al. 2019): {@link Maml} with an inner objective that credits the first policy for what it
 * collects, and with several outer steps on the same episodes. With the episodes D of θ_old and D' of θ'_old, an update raises
 *
 * <pre>
 * mean over tasks of  mean_D' min(ρ' Â, clip(ρ', 1 − ε, 1 + ε) Â)  −  η mean_D KL(π_θold ‖ π_θ)
 * θ' = θ + α ∇_θ mean_D ρ Â,   ρ = π_θ/π_θold,   ρ' = π_θ'/π_θ'old
 * </pre>
 *
 * <p>(their sections 5 and 6) by a few steps of Adam, each with the exact gradient through θ'. The clip keeps the adapted policies near
 * those that collected D', the divergence keeps the first policy near the one that collected D. With several inner steps each has episodes
 * of its own, and the divergence is the mean over them. Another {@link InnerObjective} may be asked for.
 *
 * <p>Episodes, advantages and the policy are as in {@link Maml}. Different from the release: tasks come in turn from a fixed set, where the
 * release draws new ones for every update; the penalty is one number, where the release has one per inner step, all alike at first.
 *
 * @param hidden width of both hidden layers
 * @param initialDeviation standard deviation of the first policy's actions, which lie in [−1, 1]
 * @param innerRate α
 * @param innerSteps inner steps in training
 * @param inner what an inner step raises
 * @param tasksPerUpdate tasks of one update
 * @param episodesPerTask episodes per task and round
 * @param discount γ
 * @param lambda λ of the advantages
 * @param ridge strength of the baseline's penalty
 * @param epochs steps of Adam on the episodes of one update
 * @param clip ε
 * @param divergencePenalty η, at first
 * @param divergenceTarget mean KL of an update that η aims at: above 1.5 times as much η is doubled, below 2/3 of it halved; 0: η stays
 * @param learningRate of Adam
 */
public record ProMp(int hidden, double initialDeviation, double innerRate, int innerSteps, InnerObjective inner, int tasksPerUpdate,
    int episodesPerTask, double discount, double lambda, double ridge, int epochs, double clip, double divergencePenalty,
    double divergenceTarget, double learningRate) implements MetaPolicyGradient<ProMp> {
    /** Checks every value; an error names the sane range. */
    public ProMp {
        if (inner == null) inner = InnerObjective.LIKELIHOOD_RATIO;
        MetaPolicyGradient.require(hidden, initialDeviation, innerRate, innerSteps, tasksPerUpdate, episodesPerTask, discount, lambda,
            ridge, learningRate);
        Require.count(epochs, 1, "epochs", "at least 1, usually 3 to 10");
        Require.number(clip, clip > 0 && clip < 1, "clip", "in (0, 1), usually 0.1 to 0.3");
        Require.number(divergencePenalty, divergencePenalty >= 0 && divergencePenalty <= 1e12, "divergencePenalty",
            "0 (none) to 1e12, usually 5e-4");
        Require.number(divergenceTarget, divergenceTarget >= 0 && divergenceTarget <= 1e12, "divergenceTarget",
            "0 (a fixed penalty) to 1e12, usually 0.01");
    }

    /** For {@link metarl.task.families.Point#corner()} on few episodes: our own, with larger outer steps; learned in a minute. */
    public static ProMp corner() {
        return released("point-corner").hidden(32).tasksPerUpdate(8).episodesPerTask(10).learningRate(3e-3);
    }

    /**
     * Settings of the release: 40 tasks, 20 episodes, one inner step of 0.1, five outer steps of 10⁻³, clip 0.3, penalty 5·10⁻⁴.
     *
     * @param environment point-corner, cheetah-vel, cheetah-dir, ant-vel or ant-dir, which have the same
     * @throws IllegalArgumentException for another name
     */
    public static ProMp released(String environment) {
        return switch (environment) {
            case "point-corner", "cheetah-vel", "cheetah-dir", "ant-vel", "ant-dir" -> new ProMp(64, 1, 0.1, 1,
                InnerObjective.LIKELIHOOD_RATIO, 40, 20, 0.99, 1, 1e-5, 5, 0.3, 5e-4, 0, 1e-3);
            default -> throw new IllegalArgumentException(
                "there are no settings for '" + environment + "'; expected point-corner, cheetah-vel, cheetah-dir, ant-vel or ant-dir");
        };
    }

    @Override
    public String name() {
        return "ProMP";
    }

    /** Never: the credit for the first policy is in the second derivative. */
    @Override
    public boolean firstOrder() {
        return false;
    }

    @Override
    public MemoryNeed memory(Problem problem, MemoryNeed.Work work) {
        return new MemoryNeed(this, problem, work, MetaPolicyMemory.of(this, problem, work, new Kept(20, 28), new Kept(4, 8)));
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        memory(problem).require();
        return new ProMpLearner(this, problem, seed);
    }

    /** This with another number of outer steps on the same episodes. */
    public ProMp epochs(int epochs) {
        return Copy.with(this, "epochs", epochs);
    }

    /** This with another clip of the ratio. */
    public ProMp clip(double clip) {
        return Copy.with(this, "clip", clip);
    }

    /** This with another penalty η. */
    public ProMp divergencePenalty(double divergencePenalty) {
        return Copy.with(this, "divergencePenalty", divergencePenalty);
    }

    /** This with another mean KL for the penalty to aim at; 0: the penalty stays. */
    public ProMp divergenceTarget(double divergenceTarget) {
        return Copy.with(this, "divergenceTarget", divergenceTarget);
    }
}
