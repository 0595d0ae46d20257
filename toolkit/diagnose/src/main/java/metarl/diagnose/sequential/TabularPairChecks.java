package metarl.diagnose.sequential;

import metarl.basics.Require;

/** What is refused of a {@link TabularPair}: shapes that do not fit, probabilities that do not add up to 1, numbers out of their range. */
final class TabularPairChecks {
    private static final double ROUNDING = 1e-9;

    private TabularPairChecks() {}

    static void ofRewards(double[][] rewards) {
        if (rewards.length == 0 || rewards[0].length == 0)
            throw new IllegalArgumentException("given rewards of no states or actions; expected at least one of each");
        int actions = rewards[0].length;
        for (int s = 0; s < rewards.length; s++) {
            if (rewards[s].length != actions)
                throw new IllegalArgumentException("state " + s + " has " + rewards[s].length + " rewards, the first has " + actions
                    + "; expected one per action");
            for (int a = 0; a < actions; a++)
                if (!Double.isFinite(rewards[s][a]))
                    throw new IllegalArgumentException("reward of state " + s + ", action " + a + " is " + rewards[s][a]
                        + "; expected a finite number");
        }
    }

    static void ofDynamics(String what, double[][][] dynamics, int states, int actions) {
        if (dynamics.length != states) throw new IllegalArgumentException(
            what + " has " + dynamics.length + " states, the rewards have " + states + "; expected as many");
        for (int s = 0; s < states; s++) ofRows(what + " of state " + s, dynamics[s], actions, states);
    }

    static void ofRows(String what, double[][] rows, int count, int width) {
        if (rows.length != count) throw new IllegalArgumentException(what + " has " + rows.length + " rows; expected " + count);
        for (int i = 0; i < count; i++) {
            if (rows[i].length != width)
                throw new IllegalArgumentException(what + ", row " + i + " has " + rows[i].length + " probabilities; expected " + width);
            double sum = 0;
            for (double p : rows[i]) {
                if (!(p >= 0 && p <= 1))
                    throw new IllegalArgumentException(what + ", row " + i + " holds " + p + "; expected probabilities from 0 to 1");
                sum += p;
            }
            if (Math.abs(sum - 1) > ROUNDING)
                throw new IllegalArgumentException(what + ", row " + i + " adds up to " + sum + "; expected 1: divide it by its sum");
        }
    }

    static void ofNumbers(double discount, int horizon, int start, int states, int actions) {
        Require.discount(discount);
        if (horizon < 1) throw new IllegalArgumentException("horizon is " + horizon + "; expected at least 1 step");
        try {
            Require.room("the action values of every step", "horizon", 16, horizon + 1L, states, actions);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("horizon is " + horizon + ": " + e.getMessage(), e);
        }
        if (start < 0 || start >= states)
            throw new IllegalArgumentException("start is " + start + "; expected a state from 0 to " + (states - 1));
    }
}
