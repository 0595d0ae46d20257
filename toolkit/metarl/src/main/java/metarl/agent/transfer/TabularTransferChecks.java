package metarl.agent.transfer;

import java.util.Arrays;
import metarl.basics.Require;

/** What is refused of a {@link TabularTransfer}: shapes that do not fit, probabilities that do not add up to 1, unknown actions. */
final class TabularTransferChecks {
    private static final double ROUNDING = 1e-9;

    private TabularTransferChecks() {}

    static void ofTable(String what, double[][] rows, int width) {
        for (int s = 0; s < rows.length; s++) {
            Require.that(rows[s].length == width, "the length of " + what + " of state " + s, rows[s].length, String.valueOf(width));
            Require.finite(what + " of state " + s + ", entry", rows[s]);
        }
    }

    static void ofDynamics(String what, double[][][] dynamics, int states) {
        Require.that(dynamics.length == states, "the number of states of the " + what, dynamics.length, states + ", as the rewards have");
        Require.that(dynamics[0].length > 0, "the number of actions of the " + what, 0, "at least 1");
        for (int s = 0; s < states; s++) {
            Require.that(dynamics[s].length == dynamics[0].length, "the number of actions of the " + what + " in state " + s,
                dynamics[s].length, dynamics[0].length + ", as in state 0");
            for (int a = 0; a < dynamics[s].length; a++) {
                String name = "p(· | " + s + ", " + a + ") of the " + what;
                Require.that(dynamics[s][a].length == states, "the length of " + name, dynamics[s][a].length, states + ", one per state");
                Require.atLeastZero(name + ", entry", dynamics[s][a], "");
                double sum = Arrays.stream(dynamics[s][a]).sum();
                Require.that(Math.abs(sum - 1) < ROUNDING, "the sum of " + name, sum, "1: divide it by its sum");
            }
        }
    }

    /** One action per state, all of them there. */
    static void ofPolicy(String what, double[][][] dynamics, int[] policy) {
        Require.that(policy.length == dynamics.length, "the number of actions of the policy", policy.length,
            "one per state, " + dynamics.length);
        for (int s = 0; s < policy.length; s++)
            Require.index("the policy's action in the " + what + ", in state", s, policy[s], 0, dynamics[s].length);
    }
}
