package metarl.agent.model;

import metarl.basics.Copy;
import metarl.basics.RandomStream;
import metarl.basics.Require;

/**
 * How to choose actions with a model: model-predictive control. Before every step many sequences of actions a₁ … a_H are tried in the
 * model, the first action of the best plan is taken, and at the next step it is planned anew: argmax Σ_{t=1}^{H} r(s_t, a_t).
 *
 * <p>Random shooting (Nagabandi et al. 2018, section IV-C; 2019, section 4) draws all sequences uniformly from [−1, 1], once, and takes the
 * best.
 *
 * <p>The cross-entropy method (Rubinstein 1999; with the settings of Chua et al. 2018, PETS) draws sequences from N(μ, diag σ²), and brings
 * their entries to [−1, 1] before they are tried, so that what is scored is what would be done. μ' and σ'² are mean and variance of the
 * elites, the sequences that would earn most, of one environment each; then
 *
 * <p>μ ← α μ + (1 − α) μ', σ² ← α σ² + (1 − α) σ'², σ ← max(σ, least),
 *
 * <p>and again, for so many iterations; the plan is μ. The next step begins with the μ that is left after the first action is done, and 0
 * for the new last one (a warm start), and with the first σ. An episode that ends leaves no plan behind.
 *
 * <p>Different from PETS: there the normal distribution is cut off at two deviations, which are made smaller where a bound is near, and the
 * iterations end early where all σ² fall below a limit; here entries outside [−1, 1] are moved to the bound, and σ is kept above one.
 *
 * @param search random shooting or the cross-entropy method
 * @param candidates sequences that are tried at once, per environment and iteration
 * @param horizon H, steps of a sequence
 * @param iterations of the cross-entropy method; random shooting has one
 * @param elites how many of the candidates make the next distribution; unused by random shooting
 * @param smoothing α, what is kept of the last distribution; unused by random shooting
 * @param deviation the first σ, where the bounds of an action are −1 and 1; unused by random shooting
 * @param least the smallest σ; unused by random shooting
 * @param correlation ρ; unused by random shooting
 * @param best whether the plan is the best sequence of all that were tried, μ of each iteration among them, not the last μ; random shooting
 * always takes it
 */
public record Planner(Search search, int candidates, int horizon, int iterations, int elites, double smoothing, double deviation,
    double least, double correlation, boolean best) {
    /** How sequences are looked for. */
    public enum Search {
        /** Drawn uniformly, once. */
        RANDOM_SHOOTING,
        /** Drawn around the best of those before, several times. */
        CROSS_ENTROPY
    }

    private static final int ITERATIONS = 5, CANDIDATES_PER_ELITE = 10;
    /** PETS: variance (high − low)² / 16. */
    private static final double SMOOTHING = 0.1, DEVIATION = 0.5, LEAST = 0.03;
    private static final double SMOOTH_DEVIATION = 1.5, SMOOTH = 0.9;

    /** Checks every value; an error names the sane range. */
    public Planner {
        if (search == null) search = Search.RANDOM_SHOOTING;
        Require.count(candidates, 1, "candidates", "at least 1, usually 200 to 1000");
        Require.count(horizon, 1, "horizon", "at least 1 step, usually 10 to 30");
        Require.count(iterations, 1, "iterations", "at least 1, usually 5");
        Require.that(elites >= 1 && elites <= candidates, "elites", elites,
            "1 to candidates, which are " + candidates + ", usually a tenth of them");
        Require.number(smoothing, smoothing >= 0 && smoothing < 1, "smoothing", "at least 0 and below 1, usually 0.1");
        Require.number(deviation, deviation >= 1e-12 && deviation <= 10, "deviation", "1e-12 to 10, usually 0.5");
        Require.number(least, least >= 1e-12 && least <= deviation, "least",
            "1e-12 to deviation, which is " + deviation + ", usually 0.01 to 0.1");
        Require.number(correlation, correlation >= 0 && correlation < 1, "correlation", "at least 0 and below 1, usually 0 or 0.9");
    }

    /** Random shooting. */
    public static Planner randomShooting(int candidates, int horizon) {
        return of(Search.RANDOM_SHOOTING, candidates, horizon);
    }

    /**
     * The cross-entropy method with the settings of PETS: 5 iterations, a tenth of the candidates as elites, a smoothing of 0.1, and first
     * deviations of 0.5; none below 0.03.
     */
    public static Planner crossEntropy(int candidates, int horizon) {
        return of(Search.CROSS_ENTROPY, candidates, horizon);
    }

    /**
     * The cross-entropy method for slow bodies and horizons of 40 steps and more: first deviations of 1.5 that are correlated
     * by 0.9, and the best sequence of all is taken; our own settings.
     */
    public static Planner smoothCrossEntropy(int candidates, int horizon) {
        return crossEntropy(candidates, horizon).deviation(SMOOTH_DEVIATION).correlation(SMOOTH).best(true);
    }

    private static Planner of(Search search, int candidates, int horizon) {
        int elites = Math.max(1, candidates / CANDIDATES_PER_ELITE);
        return new Planner(search, candidates, horizon, ITERATIONS, elites, SMOOTHING, DEVIATION, LEAST, 0, false);
    }

    /**
     * Begins to plan for fresh episodes in this many environments.
     *
     * @param actionSize entries of an action, each in [−1, 1]; there is no planning where an action is one of a number of choices
     * @param random all draws come from streams that are split off this one, one per environment, so that what is planned for one does not
     * depend on how many others there are; it does not advance itself
     */
    public Planning start(int environments, int actionSize, RandomStream random) {
        return new Planning(this, environments, actionSize, random);
    }

    /** The same with everything shortened, to test that something runs. */
    Planner fast() {
        return candidates(Math.min(candidates, 10)).elites(Math.min(elites, 2)).horizon(Math.min(horizon, 3))
            .iterations(Math.min(iterations, 2));
    }

    /** This with another search. */
    public Planner search(Search search) {
        return Copy.with(this, "search", search);
    }

    /** This with another number of candidates. */
    public Planner candidates(int candidates) {
        return Copy.with(this, "candidates", candidates);
    }

    /** This with another horizon. */
    public Planner horizon(int horizon) {
        return Copy.with(this, "horizon", horizon);
    }

    /** This with another number of iterations. */
    public Planner iterations(int iterations) {
        return Copy.with(this, "iterations", iterations);
    }

    /** This with another number of elites. */
    public Planner elites(int elites) {
        return Copy.with(this, "elites", elites);
    }

    /** This with another smoothing α. */
    public Planner smoothing(double smoothing) {
        return Copy.with(this, "smoothing", smoothing);
    }

    /** This with another first deviation. */
    public Planner deviation(double deviation) {
        return Copy.with(this, "deviation", deviation);
    }

    /** This with another smallest deviation. */
    public Planner least(double least) {
        return Copy.with(this, "least", least);
    }

    /** This with another correlation ρ of draws of neighbouring steps. */
    public Planner correlation(double correlation) {
        return Copy.with(this, "correlation", correlation);
    }

    /** This with the best sequence as the plan, or with μ. */
    public Planner best(boolean best) {
        return Copy.with(this, "best", best);
    }
}
