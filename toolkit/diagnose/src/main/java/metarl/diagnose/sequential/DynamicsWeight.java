package metarl.diagnose.sequential;

import metarl.basics.Require;

/**
 * What stands for the dynamics ratio ρ_d(t) = p_j(s_{t+1} | s_t, a_t) / p_i(s_{t+1} | s_t, a_t) when data of task i are to tell values of
 * task j: target over source. The slides print the inverse, with which the estimator is biased.
 *
 * <p>A weight is asked for the product γ ρ̂(t) Ṽ(s_{t+1}), never for ρ̂(t): the optimal weights have Ṽ in their denominator, their products
 * do not, so nothing is divided by 0.
 */
public sealed interface DynamicsWeight
    permits DynamicsWeight.Known, DynamicsWeight.Ones, OneStepWeight, IntervalWeight {
    /**
     * γ ρ̂(t) Ṽ(s_{t+1}).
     *
     * @param step t, from 0
     * @param nextValue Ṽ(s_{t+1})
     * @param reward r_j(s_t, a_t), relabelled for the target task
     * @param discount γ
     */
    double product(int step, double nextValue, double reward, double discount);

    /** ρ̂(t) for a plot, arguments as for {@link #product}; NaN where it is a quotient and γ Ṽ(s_{t+1}) is 0. */
    default double weight(int step, double nextValue, double reward, double discount) {
        double divisor = discount * nextValue;
        return divisor == 0 ? Double.NaN : product(step, nextValue, reward, discount) / divisor;
    }

    /** How many steps the weight knows of, or −1 if it serves any number. */
    int steps();

    /** Whether Ṽ(s_{t+1}) enters the product, so that weights of later steps multiply; the optimal forms cancel it. */
    default boolean recursive() {
        return true;
    }

    /** The ratio given for a step, or 1 where there is none: what policy ratios are multiplied by to judge how few draws count. */
    default double ratio(int step) {
        return 1;
    }

    /** What kind of weight it is, in a word or two. */
    String label();

    /** What it costs to use it instead of the true ratio; empty where it costs nothing. */
    default String caution() {
        return "";
    }

    /**
     * The true or estimated ratios: direct doubly robust estimation, unbiased for the true ones.
     *
     * @param ratios ρ_d(t) = target over source, T of them, finite and at least 0
     * @throws IllegalArgumentException if a ratio is out of its range, named by step
     */
    static DynamicsWeight known(double[] ratios) {
        Require.atLeastZero("dynamics ratio", ratios, ", target over source");
        return new Known(ratios);
    }

    /** ρ̂ = 1: rewards are relabelled, the shift of dynamics is ignored. */
    static DynamicsWeight ones() {
        return new Ones();
    }

    /**
     * The slides' optimum ρ̂* = (γ V_j(s') − r_j) / (2 γ Ṽ(s')), so that the product is (γ V_j(s') − r_j) / 2. It aims at half of a
     * one-step backup: values come out biased toward 0.
     *
     * @param nextValues V_j(s_{t+1}), T of them, exact or from a target critic
     * @throws IllegalArgumentException if a value is not finite, named by step
     */
    static DynamicsWeight optimal(double[] nextValues) {
        Require.finite("next value", nextValues);
        return new OneStepWeight(nextValues, true);
    }

    /**
     * The optimum of the bound without its split of the bias, ρ̂ = V_j(s') / Ṽ(s'), so that the product is γ V_j(s'): a one-step doubly
     * robust backup. Derived here, not in the slides.
     *
     * @param nextValues V_j(s_{t+1}), T of them, exact or from a target critic
     * @throws IllegalArgumentException if a value is not finite, named by step
     */
    static DynamicsWeight tight(double[] nextValues) {
        Require.finite("next value", nextValues);
        return new OneStepWeight(nextValues, false);
    }

    /**
     * A learnt ratio, clipped into the interval of ρ̂* that V_j(s') ∈ [low, high] implies: the product γ ρ_d Ṽ(s') is held between (γ low −
     * r_j)/2 and (γ high − r_j)/2.
     *
     * <p>The abstract of the NeurIPS 2023 paper speaks of an interval around the optimal weight without its details; this form is ours. For
     * low = high it is {@link #optimal}.
     *
     * @param low smaller of two critics' V(s_{t+1}), T of them
     * @param high larger of the two
     * @param ratios learnt ρ_d(t), for instance of a classifier
     * @throws IllegalArgumentException if lengths differ, an entry is not finite, low is above high, or a ratio is negative
     */
    static DynamicsWeight interval(double[] low, double[] high, double[] ratios) {
        return new IntervalWeight(low, high, known(ratios), false);
    }

    /**
     * As {@link #interval}, around the tight optimum: the product γ ρ_d Ṽ(s') is held between γ low and γ high. For low = high it is
     * {@link #tight}.
     *
     * @throws IllegalArgumentException as {@link #interval}
     */
    static DynamicsWeight tightInterval(double[] low, double[] high, double[] ratios) {
        return new IntervalWeight(low, high, known(ratios), true);
    }

    /** Given ratios. */
    record Known(double[] ratios) implements DynamicsWeight {
        @Override
        public String label() {
            return "given ratios";
        }

        @Override
        public double product(int step, double nextValue, double reward, double discount) {
            return discount * ratios[step] * nextValue;
        }

        @Override
        public double weight(int step, double nextValue, double reward, double discount) {
            return ratios[step];
        }

        @Override
        public int steps() {
            return ratios.length;
        }

        @Override
        public double ratio(int step) {
            return ratios[step];
        }
    }

    /** No correction. */
    record Ones() implements DynamicsWeight {
        @Override
        public String label() {
            return "dynamics ignored";
        }

        @Override
        public String caution() {
            return "The shift of dynamics is ignored: where the tasks move differently the value is nearer the source's. Give ratios, or "
                + "use tight.";
        }

        @Override
        public double product(int step, double nextValue, double reward, double discount) {
            return discount * nextValue;
        }

        @Override
        public double weight(int step, double nextValue, double reward, double discount) {
            return 1;
        }

        @Override
        public int steps() {
            return -1;
        }
    }
}
