package metarl.agent.value;

import static metarl.basics.Require.times;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import metarl.agent.Algorithm;
import metarl.agent.Learner;
import metarl.agent.MemoryNeed;
import metarl.agent.Problem;
import metarl.agent.hindsight.HindsightReplay;
import metarl.agent.hindsight.LearnedRatios;
import metarl.agent.hindsight.Relabeller;
import metarl.basics.Copy;
import metarl.basics.Require;

/**
 * Distral by networks (Teh et al. 2017, "Distral: robust multitask reinforcement learning"), in the form of soft actor-critic: every task
 * has an actor π_i and critics of its own, and a prior π₀, distilled from what all actors do, draws them towards each other.
 *
 * <p>The objective is Σ_i E Σ_t γ^t [r − A log(π_i/π₀) − T log π_i] (equation 1 with A and T for the paper's c_KL and c_Ent), which is r +
 * α/β log π₀ − 1/β log π_i with α = A/(A + T) and β = 1/(A + T). The pieces are those of {@link SoftActorCritic}; with ã ~ π_i
 *
 * <pre>
 * y = r + γ (1 − d) (min Q̄(s', ã') + A log π₀(ã'|s') − (A + T) log π_i(ã'|s'))
 * actor:  (A + T) log π_i(ã|s) − A log π₀(ã|s) − min Q(s, ã)        π₀:  −log π₀(ã|s) over all tasks' actions
 * </pre>
 *
 * <p>What is known of a train task is its number: π_i acts in it. In other tasks π₀ acts, and nothing adapts.
 *
 * <p>{@link Form#MTRL} is what the library MTRL makes of it, which MCAT's authors probably ran: the actors learn as in plain soft
 * actor-critic, without π₀; the target asks π₀ for the likelihood of an action of its own instead of ã'; π₀ learns by A times the
 * divergence KL(π₀ ‖ π_i) of the normal distributions under the tanh; and wherever it counts, in train tasks too, π₀ acts. Shipped is A =
 * 0: then π₀ never learns anything, and what is evaluated is the network as it was first drawn.
 *
 * <p>Different from the paper: it learns by policy gradients from what is collected right then, π₀ by actions weighted with γ^t; here
 * states come from a replay, each as likely, as in soft actor-critic. Different from MTRL: π₀ takes one step per update for all tasks
 * instead of one for each; observations are read without an encoder; actors and targets take a step in every update, where there it is
 * every second one.
 *
 * @param base the networks and the learning of one task; {@code batchSize} counts for each task, {@code updatesPerStep} for a step of each
 *     task, and {@code temperature} is T, at the start where it is adjusted
 * @param form the paper's or MTRL's
 * @param divergenceCost A, what a nat of divergence from π₀ costs
 * @param adjustsTemperature whether T of each task is adjusted so that its entropy stays near {@code base.entropy()}; else it is held, as
 *     in the paper
 * @param relabeller which other train tasks learn from an episode, as its task would have paid it; our own, after Generalized Hindsight and
 *     DRaT
 * @param ratios how ratios of dynamics are learned, for relabellers that ask for them
 */
public record Distral(Sac base, Form form, double divergenceCost, boolean adjustsTemperature, Relabeller relabeller,
    LearnedRatios.Settings ratios) implements Algorithm {
    private static final double LARGEST = 1e6;

    /** Whose losses. */
    public enum Form {
        /** Those of the paper's objective. */
        PAPER,
        /** Those of the library MTRL. */
        MTRL
    }

    /** Checks every value; an error names the sane range. */
    public Distral {
        if (form == null) form = Form.PAPER;
        if (relabeller == null) relabeller = Relabeller.none();
        if (ratios == null) ratios = LearnedRatios.Settings.defaults();
        Require.that(base != null, "base", base, "the settings of soft actor-critic, such as Sac.defaults()");
        Require.number(divergenceCost, divergenceCost >= 0 && divergenceCost <= LARGEST, "divergenceCost",
            "0 (each task for itself) to 1e6, usually 0.01 to 1");
    }

    private static Distral of(Sac base, Form form, double divergenceCost, boolean adjustsTemperature) {
        return new Distral(base, form, divergenceCost, adjustsTemperature, Relabeller.none(), LearnedRatios.Settings.defaults());
    }

    /**
     * The paper's form with its α and β, held: A = α/β, T = (1 − α)/β. The paper has α = 0.5 where both costs count, and
     * searches for β.
     *
     * @param alpha 0 (π₀ costs nothing) to below 1: without any bonus for entropy an actor of soft actor-critic would lose its width
     * @param beta above 0, for rewards of about 1 usually 1 to 100
     */
    public static Distral published(double alpha, double beta) {
        Require.number(alpha, alpha >= 0 && alpha < 1, "alpha", "in [0, 1), usually 0.5");
        Require.number(beta, beta > 0 && beta <= LARGEST, "beta", "above 0 and at most 1e6, usually 1 to 100 for rewards of about 1");
        return of(Sac.defaults().temperature((1 - alpha) / beta), Form.PAPER, alpha / beta, false);
    }

    /**
     * What MCAT's authors probably compared with: MTRL's form as it is shipped, A = 0, β = 1, T adjusted from 0.1 on, γ = 0.99. Widths and
     * batches of their runs are not known; these are soft actor-critic's.
     */
    public static Distral asShippedByMtrl() {
        return of(Sac.defaults().temperature(0.1), Form.MTRL, 0, true);
    }

    /** Small networks and a short horizon for {@link metarl.task.families.PointRobot}: our own, to learn in seconds. */
    public static Distral pointRobot() {
        return of(Sac.pointRobot().temperature(0.02), Form.PAPER, 0.02, false);
    }

    /** α = A/(A + T) of a task whose entropy earns T; NaN where neither costs anything. */
    public double alpha(double temperature) {
        return divergenceCost / (divergenceCost + temperature);
    }

    /** β = 1/(A + T) of a task whose entropy earns T. */
    public double beta(double temperature) {
        return 1 / (divergenceCost + temperature);
    }

    @Override
    public String name() {
        return form == Form.PAPER ? "Distral" : "Distral (MTRL)";
    }

    @Override
    public Learner learner(Problem problem, long seed) {
        if (problem.discrete())
            throw new IllegalArgumentException("the tasks take one of " + problem.actionSize() + " choices as an action; Distral by "
                + "networks needs real numbers: take metarl.agent.classical.TabularDistral");
        memory(problem).require();
        return new DistralLearner(this, problem, seed);
    }

    /** That of soft actor-critic, whose networks and batches each task has. */
    @Override
    public MemoryNeed memory(Problem p, MemoryNeed.Work work) {
        var parts = base.memory(p, work).parts().stream().map(part -> switch (part.setting()) {
            case "hidden", "batchSize" -> new MemoryNeed.Part(part.what() + " of all tasks", part.setting(), part.phase(),
                times(p.tasks(), part.heap()), times(p.tasks(), part.beside()));
            default -> part;
        }).toList();
        long capacity = times(p.tasks(), Math.max(1, base.replayCapacity() / p.tasks()));
        return new MemoryNeed(this, p, work,
            Stream.concat(parts.stream(), HindsightReplay.memory(relabeller, ratios, p, capacity).stream()).toList());
    }

    @Override
    public boolean adapts() {
        return false;
    }

    @Override
    public Distral fast() {
        return base(Sac::fast);
    }

    /** This with other settings of soft actor-critic. */
    public Distral base(Sac base) {
        return Copy.with(this, "base", base);
    }

    /** This with a change of its soft actor-critic. */
    public Distral base(UnaryOperator<Sac> change) {
        return base(change.apply(base));
    }

    /** This in another form. */
    public Distral form(Form form) {
        return Copy.with(this, "form", form);
    }

    /** This with another cost of the divergence from π₀. */
    public Distral divergenceCost(double divergenceCost) {
        return Copy.with(this, "divergenceCost", divergenceCost);
    }

    /** This with T adjusted, or held. */
    public Distral adjustsTemperature(boolean adjustsTemperature) {
        return Copy.with(this, "adjustsTemperature", adjustsTemperature);
    }

    /** This with another rule of which other train tasks learn from an episode. */
    public Distral relabeller(Relabeller relabeller) {
        return Copy.with(this, "relabeller", relabeller);
    }

    /** This with ratios of dynamics that are learned otherwise, for relabellers that ask for them. */
    public Distral ratios(LearnedRatios.Settings ratios) {
        return Copy.with(this, "ratios", ratios);
    }
}
