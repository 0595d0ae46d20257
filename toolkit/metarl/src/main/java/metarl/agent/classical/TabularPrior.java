package metarl.agent.classical;

/**
 * What an agent believes of a tabular process before it has seen anything: P(·|s, a) ~ Dirichlet(count, …, count), mean reward R(s, a) ~
 * N(mean, 1/precision).
 *
 * @param count α of every next state
 * @param rewardMean what the mean rewards are expected to be
 * @param rewardPrecision how sure that is: the inverse of a variance, where one reward counts 1
 */
public record TabularPrior(double count, double rewardMean, double rewardPrecision) {
    /** With what RL² ran most baselines: mean rewards around 0, TabulaRL's default. */
    public static final TabularPrior PUBLISHED = new TabularPrior(1, 0, 1);
    /** What the processes are drawn from: mean rewards around 1. */
    public static final TabularPrior WELL_SPECIFIED = new TabularPrior(1, 1, 1);
    /** TabulaRL's default for greedy and ε-greedy agents. */
    public static final TabularPrior NEARLY_FLAT = new TabularPrior(1e-4, 0, 1e-4);
    /** TabulaRL's default for UCRL2. */
    public static final TabularPrior UCRL2 = new TabularPrior(1e-5, 0, 1e-4);

    /** Checks that the numbers make a prior. */
    public TabularPrior {
        if (!(count > 0) || Double.isInfinite(count))
            throw new IllegalArgumentException("count is " + count + ", expected a positive finite number");
        if (!Double.isFinite(rewardMean)) throw new IllegalArgumentException("rewardMean is " + rewardMean + ", expected a finite number");
        if (!(rewardPrecision > 0) || Double.isInfinite(rewardPrecision))
            throw new IllegalArgumentException("rewardPrecision is " + rewardPrecision + ", expected a positive finite number");
    }
}
