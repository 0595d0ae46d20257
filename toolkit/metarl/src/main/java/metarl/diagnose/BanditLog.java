package metarl.diagnose;

/**
 * Logged rounds of a contextual bandit: in round i the behavior policy saw context xᵢ, chose action aᵢ with probability π_b(aᵢ | xᵢ) and was paid rᵢ.
 *
 * <p>Every policy that is to be evaluated on it was not the one that chose; the propensities say how likely the choice was, and without them nothing can be corrected.
 */
public final class BanditLog {
    private final double[][] contexts;
    private final int[] actions;
    private final double[] rewards;
    private final double[] propensities;
    private final int actionCount;

    private BanditLog(double[][] contexts, int[] actions, double[] rewards, double[] propensities, int actionCount) {
        this.contexts = contexts;
        this.actions = actions;
        this.rewards = rewards;
        this.propensities = propensities;
        this.actionCount = actionCount;
    }

    /**
     * The rounds as arrays, one entry per round.
     *
     * @param contexts n rows of features of equal length, which may be 0
     * @param actions each from 0 to actionCount − 1
     * @param rewards finite
     * @param propensities π_b(aᵢ | xᵢ), above 0 and at most 1: the choice was made
     * @param actionCount number of actions the behavior policy chose among
     * @throws IllegalArgumentException if lengths differ, there are no rounds, or an entry is out of its range, named by round
     */
    public static BanditLog of(double[][] contexts, int[] actions, double[] rewards, double[] propensities, int actionCount) {
        int n = actions.length;
        if (n == 0) throw new IllegalArgumentException("given a log of no rounds; expected at least one");
        if (contexts.length != n || rewards.length != n || propensities.length != n)
            throw new IllegalArgumentException("given " + contexts.length + " contexts, " + n + " actions, " + rewards.length + " rewards and " + propensities.length
                + " propensities; expected one of each per round");
        if (actionCount < 1) throw new IllegalArgumentException("actionCount is " + actionCount + "; expected at least 1");
        for (int i = 0; i < n; i++) {
            if (contexts[i].length != contexts[0].length)
                throw new IllegalArgumentException("context " + i + " has " + contexts[i].length + " features, the first has " + contexts[0].length + "; expected equal lengths");
            for (int j = 0; j < contexts[i].length; j++)
                if (!Double.isFinite(contexts[i][j])) throw new IllegalArgumentException("context " + i + ", feature " + j + " is " + contexts[i][j] + "; expected a finite number");
            if (actions[i] < 0 || actions[i] >= actionCount)
                throw new IllegalArgumentException("action " + i + " is " + actions[i] + "; expected 0 to " + (actionCount - 1));
            if (!Double.isFinite(rewards[i])) throw new IllegalArgumentException("reward " + i + " is " + rewards[i] + "; expected a finite number");
            if (!(propensities[i] > 0 && propensities[i] <= 1))
                throw new IllegalArgumentException("propensity " + i + " is " + propensities[i] + "; expected a probability above 0 and at most 1, because the action was chosen");
        }
        return new BanditLog(contexts, actions, rewards, propensities, actionCount);
    }

    /** Number of rounds. */
    public int size() {
        return actions.length;
    }

    /** Number of actions the behavior policy chose among. */
    public int actionCount() {
        return actionCount;
    }

    /** xᵢ, one row per round. */
    public double[][] contexts() {
        return contexts;
    }

    /** aᵢ. */
    public int[] actions() {
        return actions;
    }

    /** rᵢ. */
    public double[] rewards() {
        return rewards;
    }

    /** π_b(aᵢ | xᵢ). */
    public double[] propensities() {
        return propensities;
    }
}
