package metarl.agent.classical;

import static metarl.basics.Require.times;

import java.util.List;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Distral by tables (Teh et al. 2017, "Distral: robust multitask reinforcement learning"): every task learns a policy of its own by soft
 * Q-learning, and a prior π₀, distilled from what all of them do, draws them towards each other.
 *
 * <p>The objective is J = Σ_i E Σ_t γ^t [r + α/β log π₀(a|s) − 1/β log π_i(a|s)] (equation 1): α/β is the cost of leaving π₀, (1 − α)/β
 * what entropy earns. In a state s (equations 2 to 4)
 *
 * <pre>V_i = 1/β log Σ_a π₀^α exp(β Q_i),   π_i = π₀^α exp(β (Q_i − V_i)),   Q_i(s, a) += η (r + γ V_i(s') − Q_i(s, a))</pre>
 *
 * <p>and π₀ is the maximum likelihood estimate from the actions of all tasks, each of weight γ^t, t its step in the episode. With α = 0
 * each task learns by soft Q-learning alone: π₀ is still estimated, but nobody listens. {@link SoftChoice} and {@link DistralSolution}
 * are the same in closed form.
 *
 * <p>It needs choices as actions and a state that is seen one-hot, or an observation that is always 0, such as {@link
 * metarl.task.families.TwoRooms}, {@link metarl.task.families.RandomMdp} and bandits. A train task is acted in by its π_i, any other by
 * π₀; both draw their actions. The policy that collects learns at every step.
 *
 * <p>Ours: π₀ has counted {@code priorCount} of every action before it has seen any, and between two estimates of
 * it there is an episode of one task, or of several. All settings are ours, too. The paper learns π₀ by gradients.
 *
 * @param alpha α, 0 (π₀ costs nothing) to 1 (entropy earns nothing)
 * @param beta β: the larger, the less π₀ and entropy count against rewards
 * @param discount γ
 * @param learningRate η
 * @param initialValue what every Q begins with; above what is earned it draws to all that is untried, which explores well without π₀
 * @param priorCount actions that π₀ counts in every state before it has seen any; the fewer, the more is repeated what was done first
 * @param episodesPerRound episodes, of different tasks in random order, between two estimates of π₀
 */
public record TabularDistral(double alpha, double beta, double discount, double learningRate, double initialValue,
    double priorCount, int episodesPerRound) implements TabularMethod {
    private static final double LARGEST = 1e6;

    /** Checks every value; an error names the sane range. */
    public TabularDistral {
        requireCosts(alpha, beta);
        Require.number(discount, discount >= 0 && discount < 1, "discount", "in [0, 1), usually 0.9 to 0.999");
        Require.number(learningRate, learningRate > 0 && learningRate <= 1, "learningRate", "above 0 and at most 1, usually 0.1 to 1");
        Require.number(initialValue, Math.abs(initialValue) <= LARGEST, "initialValue", "−1e6 to 1e6, usually 0");
        Require.number(priorCount, priorCount > 0 && priorCount <= LARGEST, "priorCount", "above 0 and at most 1e6, usually 0.005 to 1");
        Require.count(episodesPerRound, 1, "episodesPerRound", "at least 1, at most all tasks count");
    }

    static void requireCosts(double alpha, double beta) {
        Require.number(alpha, alpha >= 0 && alpha <= 1, "alpha", "0 (soft Q-learning, each task for itself) to 1, usually 0.5 to 0.95");
        Require.number(beta, beta > 0 && beta <= LARGEST, "beta", "above 0 and at most 1e6, usually 5 to 100 for rewards of about 1");
    }

    /** For {@link metarl.task.families.TwoRooms}: our own, chosen on seeds that were not reported. */
    public static TabularDistral twoRooms() {
        return new TabularDistral(0.95, 50, 0.99, 1, 0, 0.005, 1);
    }

    /** The same without π₀: soft Q-learning, each task for itself. */
    public TabularDistral separate() {
        return alpha(0);
    }

    @Override
    public String name() {
        return alpha == 0 ? "soft Q-learning" : "tabular Distral";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        if (!problem.discrete())
            throw new IllegalArgumentException("the tasks take " + problem.actionSize() + " real numbers as an action; tabular Distral "
                + "needs a number of choices: take metarl.agent.value.Distral");
        memory(problem).require();
        return new TabularDistralLearner(this, problem, seed);
    }

    @Override
    public MemoryNeed memory(Problem p, MemoryNeed.Work work) {
        long table = times(MemoryNeed.DOUBLE, times(p.observationSize(), p.actionSize())), seats = Math.min(episodesPerRound, p.tasks());
        var tables = new MemoryNeed.Part("tables of the tasks, and those that act", "episodesPerRound", MemoryNeed.Phase.ALWAYS,
            times(p.tasks() + 1 + seats, table), 0);
        var collected = new MemoryNeed.Part("episodes of a round", "episodesPerRound", MemoryNeed.Phase.COLLECTING,
            MemoryNeed.episodes(p, times(seats, MemoryNeed.horizon(p))), 0);
        var tested = new MemoryNeed.Part("episodes of the test tasks", "episodes", MemoryNeed.Phase.EVALUATING,
            MemoryNeed.episodes(p, times(times(work.testTasks(), work.episodes()), MemoryNeed.horizon(p))), 0);
        return new MemoryNeed(this, p, work, work.testTasks() > 0 ? List.of(tables, collected, tested) : List.of(tables, collected));
    }

    /** This with another α. */
    public TabularDistral alpha(double alpha) {
        return Copy.with(this, "alpha", alpha);
    }

    /** This with another β. */
    public TabularDistral beta(double beta) {
        return Copy.with(this, "beta", beta);
    }

    /** This with another discount. */
    public TabularDistral discount(double discount) {
        return Copy.with(this, "discount", discount);
    }

    /** This with another learning rate. */
    public TabularDistral learningRate(double learningRate) {
        return Copy.with(this, "learningRate", learningRate);
    }

    /** This with other values to begin with. */
    public TabularDistral initialValue(double initialValue) {
        return Copy.with(this, "initialValue", initialValue);
    }

    /** This with another count of actions that π₀ begins with. */
    public TabularDistral priorCount(double priorCount) {
        return Copy.with(this, "priorCount", priorCount);
    }

    /** This with another number of episodes per round. */
    public TabularDistral episodesPerRound(int episodesPerRound) {
        return Copy.with(this, "episodesPerRound", episodesPerRound);
    }
}
