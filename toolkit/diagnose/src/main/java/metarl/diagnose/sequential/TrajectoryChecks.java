package metarl.diagnose.sequential;

import metarl.basics.Require;

/** What is refused of trajectories and a critic of them, named by trajectory and step. */
final class TrajectoryChecks {
    private TrajectoryChecks() {}

    /** On rewards and ratios of at least two trajectories. */
    static void of(double[][] rewards, double[][] policyRatios, double discount) {
        if (rewards.length != policyRatios.length)
            throw new IllegalArgumentException(
                "given rewards of " + rewards.length + " and policy ratios of " + policyRatios.length + " trajectories; expected as many");
        if (rewards.length < 2) throw new IllegalArgumentException(
            "given " + rewards.length + " trajectories; expected at least 2, because fewer give no standard error");
        Require.discount(discount);
        ofRatios(policyRatios);
        for (int i = 0; i < rewards.length; i++) {
            if (rewards[i].length != policyRatios[i].length)
                throw new IllegalArgumentException(
                    "trajectory " + i + " has " + rewards[i].length + " rewards and " + policyRatios[i].length
                        + " policy ratios; expected one of each per step");
            Require.finite("trajectory " + i + ", reward", rewards[i]);
        }
    }

    static void ofRatios(double[][] policyRatios) {
        for (int i = 0; i < policyRatios.length; i++) {
            if (policyRatios[i].length == 0) throw new IllegalArgumentException("trajectory " + i + " has no steps; expected at least one");
            Require.atLeastZero("trajectory " + i + ", policy ratio", policyRatios[i], ", evaluation over behavior probability");
        }
    }

    /** On a critic: one action value per step, one state value more. */
    static void ofModel(double[][] rewards, double[][] stateValues, double[][] actionValues) {
        if (stateValues.length != rewards.length || actionValues.length != rewards.length)
            throw new IllegalArgumentException("given state values of " + stateValues.length + ", action values of " + actionValues.length
                + " and rewards of " + rewards.length
                + " trajectories; expected as many");
        for (int i = 0; i < rewards.length; i++)
            if (stateValues[i].length != rewards[i].length + 1 || actionValues[i].length != rewards[i].length)
                throw new IllegalArgumentException("trajectory " + i + " has " + rewards[i].length + " rewards, " + stateValues[i].length
                    + " state values and "
                    + actionValues[i].length
                    + " action values; expected one action value per step and one state value more, the last to bootstrap from (0 if the "
                    + "episode terminated)");
    }

    /** The contributions, if their weights are within the range of numbers. */
    static double[] finite(double[] contributions) {
        for (int i = 0; i < contributions.length; i++)
            if (!Double.isFinite(contributions[i]))
                throw new IllegalArgumentException("the weights of trajectory " + i
                    + " multiply beyond the range of numbers; use a self-normalised form (wis, perDecisionWis, wdr) or a shorter horizon");
        return contributions;
    }
}
