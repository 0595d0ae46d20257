package metarl.agent.transfer;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Copy;
import metarl.basics.RandomStream;
import metarl.basics.Require;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;

/**
 * A source task j and a target task i that are small enough to know everything, as Proposition 1 of MCAT (Guo et al. 2022) has them: they
 * share states, the reward r(s, s′) and γ, and differ in where actions lead. They may have different numbers of actions. S states.
 *
 * <p>Here an action translator is a rule that names, for a state and an action of the source, the best action of the target
 * ({@link Match}), found by looking at all of them; {@link #bound} says what the paper's theory makes of it, and what is true.
 *
 * @param source p_j(s′ | s, a), [S][A_j][S]
 * @param target p_i(s′ | s, a), [S][A_i][S]
 * @param rewards r(s, s′), [S][S]
 * @param coordinates where the states lie, for {@link Match#MEAN}, [S][any number]
 * @param discount γ, at least 0 and below 1
 */
public record TabularTransfer(double[][][] source, double[][][] target, double[][] rewards, double[][] coordinates, double discount) {
    private static final double ROUNDING = 1e-9;
    /** What is impossible costs about 28 nats, so that the least of it is chosen where none has all next states of the source. */
    private static final double FLOOR = 1e-12;

    /** By what an action of the target is chosen for an action of the source. */
    public enum Match {
        /** The same number: no translator. */
        NONE,
        /** The equivalent action, p_i(· | s, ã) = p_j(· | s, a); where there is none, an exception. */
        EXACT,
        /** Least total variation: what Proposition 1 asks for. */
        TOTAL_VARIATION,
        /** Least −Σ p_j log p_i: the paper's objective, equation 3, with a perfect model F. */
        LIKELIHOOD,
        /** Least expected L1 distance of the mean next state in the target from the next state in the source: the released objective. */
        MEAN
    }

    /** Checks shapes, that probabilities add up to 1, and ranges. */
    public TabularTransfer {
        Require.that(rewards.length > 0, "the number of states", rewards.length, "at least 1: rewards r(s, s′) of every pair of states");
        TabularTransferChecks.ofTable("rewards", rewards, rewards.length);
        TabularTransferChecks.ofDynamics("source", source, rewards.length);
        TabularTransferChecks.ofDynamics("target", target, rewards.length);
        Require.that(coordinates.length == rewards.length, "the number of coordinates", coordinates.length, "one row per state, "
            + rewards.length);
        TabularTransferChecks.ofTable("coordinates", coordinates, coordinates[0].length);
        Require.number(discount, discount >= 0 && discount < 1, "discount", "at least 0 and below 1, so that values are finite");
    }

    /**
     * A pair drawn at random: p_j(· | s, a) ~ Dirichlet(1, …, 1); in every state the target has the actions of the source in another order,
     * and each leads elsewhere, (1 − shift) p_j + shift q, with q drawn like p_j. Rewards are drawn from [0, 1), states lie on a line.
     *
     * @param shift 0, every action has an equivalent one, to 1, the tasks have nothing in common
     */
    public static TabularTransfer random(int states, int actions, double shift, double discount, long seed) {
        Require.count(states, 1, "states", "at least 1, usually 10");
        Require.count(actions, 1, "actions", "at least 1, usually 5");
        Require.number(shift, shift >= 0 && shift <= 1, "shift", "a number from 0 (the same process) to 1 (a different one)");
        Require.room("the dynamics of source and target", "states or actions", 16, states, actions, states);
        RandomStream random = RandomStream.of(seed, "tabular transfer");
        var source = new double[states][actions][];
        var target = new double[states][actions][];
        var rewards = new double[states][];
        for (int s = 0; s < states; s++) {
            int[] order = random.permutation(actions);
            for (int a = 0; a < actions; a++) {
                double[] p = distribution(states, random), q = distribution(states, random);
                source[s][a] = p;
                target[s][order[a]] = IntStream.range(0, states).mapToDouble(to -> (1 - shift) * p[to] + shift * q[to]).toArray();
            }
            rewards[s] = random.doubles(states).toArray();
        }
        double[][] line = IntStream.range(0, states).mapToObj(s -> new double[] {s}).toArray(double[][]::new);
        return new TabularTransfer(source, target, rewards, line, discount);
    }

    private static double[] distribution(int states, RandomGenerator random) {
        double[] draws = IntStream.range(0, states).mapToDouble(s -> random.nextExponential()).toArray();
        double sum = Arrays.stream(draws).sum();
        return Arrays.stream(draws).map(draw -> draw / sum).toArray();
    }

    /**
     * A slippery square: four actions move by one cell, up, right, down and left, but with the probability of a slip to one of its two
     * sides; walls stop. Entering the last cell pays 1, and nothing leaves it. γ = 0.95. In the target all controls are turned by 90°: with
     * equal slips every action has an equivalent one, with others none has.
     */
    public static TabularTransfer slippery(int size, double sourceSlip, double targetSlip) {
        Require.count(size, 2, "size", "at least 2, usually 4");
        for (double slip : new double[] {sourceSlip, targetSlip}) Require.number(slip, slip >= 0 && slip <= 1, "slip", "a probability");
        Require.room("the dynamics of a square", "size", 128, size, size, size, size);
        int states = size * size, goal = states - 1;
        var rewards = new double[states][states];
        for (int s = 0; s < goal; s++) rewards[s][goal] = 1;
        double[][] cells = IntStream.range(0, states).mapToObj(s -> new double[] {s % size, s / size}).toArray(double[][]::new);
        return new TabularTransfer(square(size, sourceSlip, 0), square(size, targetSlip, 1), rewards, cells, 0.95);
    }

    private static double[][][] square(int size, double slip, int turn) {
        int states = size * size;
        var p = new double[states][4][states];
        for (int s = 0; s < states; s++)
            for (int a = 0; a < 4; a++)
                for (int side = -1; side <= 1; side++) {
                    int way = (a + turn + side + 4) % 4, column = s % size + (2 - way) % 2, row = s / size + (way - 1) % 2;
                    boolean stays = s == states - 1 || column < 0 || column >= size || row < 0 || row >= size;
                    p[s][a][stays ? s : row * size + column] += side == 0 ? 1 - slip : slip / 2;
                }
        return p;
    }

    /**
     * Three states in which Proposition 1 does not hold as it is printed, see {@link TransferBound}: from state 0 the source falls into
     * state 1, the target into state 2, with a small probability each, and there they stay.
     *
     * @param leap that probability
     */
    public static TabularTransfer counterexample(double leap, double discount) {
        Require.number(leap, leap >= 0 && leap <= 1, "leap", "a probability");
        double[][] stays = {{0, 1, 0}}, staysToo = {{0, 0, 1}};
        double still = 1 - discount;
        return new TabularTransfer(new double[][][] {{{1 - leap, leap, 0}}, stays, staysToo},
            new double[][][] {{{1 - leap, 0, leap}}, stays, staysToo},
            new double[][] {{0, -1, 1}, {-still, -still, -still}, {still, still, still}}, new double[][] {{0}, {-1}, {1}}, discount);
    }

    /** The same with another γ. */
    public TabularTransfer discount(double gamma) {
        return Copy.with(this, "discount", gamma);
    }

    /** V of a deterministic policy in the source, one action per state: the solution of V = r_π + γ P_π V. */
    public double[] sourceValues(int... policy) {
        return values("source", source, policy);
    }

    /** The same in the target. */
    public double[] targetValues(int... policy) {
        return values("target", target, policy);
    }

    private double[] values(String what, double[][][] dynamics, int[] policy) {
        int states = rewards.length;
        TabularTransferChecks.ofPolicy(what, dynamics, policy);
        var left = new double[states][states];
        var right = new double[states];
        for (int s = 0; s < states; s++) {
            double[] p = dynamics[s][policy[s]];
            for (int to = 0; to < states; to++) {
                left[s][to] = (s == to ? 1 : 0) - discount * p[to];
                right[s] += p[to] * rewards[s][to];
            }
        }
        return new LUDecomposition(new Array2DRowRealMatrix(left, false)).getSolver().solve(new ArrayRealVector(right, false)).toArray();
    }

    /** The best deterministic policy of the source, by policy iteration. */
    public int[] sourceOptimum() {
        return optimum("source", source);
    }

    /** The best deterministic policy of the target. */
    public int[] targetOptimum() {
        return optimum("target", target);
    }

    private int[] optimum(String what, double[][][] dynamics) {
        int[] policy = new int[rewards.length];
        for (boolean better = true; better;) {
            better = false;
            double[] values = values(what, dynamics, policy);
            for (int s = 0; s < policy.length; s++)
                for (int a = 0; a < dynamics[s].length; a++)
                    if (ahead(dynamics[s][a], s, values) > ahead(dynamics[s][policy[s]], s, values) + ROUNDING) {
                        policy[s] = a;
                        better = true;
                    }
        }
        return policy;
    }

    /** Σ p(s′) (r(s, s′) + γ V(s′)). */
    double ahead(double[] p, int state, double[] values) {
        double sum = 0;
        for (int to = 0; to < p.length; to++) sum += p[to] * (rewards[state][to] + discount * values[to]);
        return sum;
    }

    /**
     * π_i(s) = H(s, π_j(s)): the policy in the target that takes the match of what the source's takes.
     *
     * @throws IllegalArgumentException if the match is {@link Match#EXACT} and an action has no equivalent, or {@link Match#NONE} and the
     *     target has no action of that number
     */
    public int[] translated(int[] sourcePolicy, Match match) {
        TabularTransferChecks.ofPolicy("source", source, sourcePolicy);
        return IntStream.range(0, sourcePolicy.length).map(s -> translated(s, sourcePolicy[s], match)).toArray();
    }

    /** H(s, a): the action of the target that matches action a of the source; of equal ones the first. */
    public int translated(int state, int action, Match match) {
        Require.that(state >= 0 && state < source.length, "the state", state, "0 to " + (source.length - 1));
        Require.index("the action in the source, in state", state, action, 0, source[state].length);
        if (match == Match.NONE) {
            Require.index("the same action in the target, in state", state, action, 0, target[state].length);
            return action;
        }
        double[] p = source[state][action];
        int best = 0;
        for (int a = 1; a < target[state].length; a++)
            if (loss(p, target[state][a], match) < loss(p, target[state][best], match)) best = a;
        double apart = totalVariation(p, target[state][best]);
        if (match == Match.EXACT && apart > ROUNDING)
            throw new IllegalArgumentException("in state " + state + " no action of the target is equivalent to action " + action
                + " of the source: the nearest, " + best + ", is apart by a total variation of " + apart
                + ". Expected tasks with equivalent actions; for others take Match.TOTAL_VARIATION.");
        return best;
    }

    private double loss(double[] p, double[] q, Match match) {
        return switch (match) {
            case LIKELIHOOD -> crossEntropy(p, q);
            case MEAN -> distance(p, q);
            default -> totalVariation(p, q);
        };
    }

    /** −Σ p log q. */
    private static double crossEntropy(double[] p, double[] q) {
        return -IntStream.range(0, p.length).mapToDouble(to -> p[to] * Math.log(Math.max(q[to], FLOOR))).sum();
    }

    private double distance(double[] p, double[] q) {
        double sum = 0;
        for (int k = 0; k < coordinates[0].length; k++) {
            double mean = 0;
            for (int to = 0; to < q.length; to++) mean += q[to] * coordinates[to][k];
            for (int to = 0; to < p.length; to++) sum += p[to] * Math.abs(mean - coordinates[to][k]);
        }
        return sum;
    }

    /** D_TV = ½ Σ |p − q|. */
    static double totalVariation(double[] p, double[] q) {
        double sum = 0;
        for (int to = 0; to < p.length; to++) sum += Math.abs(p[to] - q[to]);
        return sum / 2;
    }

    /** What Proposition 1 makes of the values of two policies, beside the values themselves. */
    public TransferBound bound(int[] sourcePolicy, int[] targetPolicy) {
        return TransferBound.of(this, sourcePolicy, targetPolicy);
    }
}
