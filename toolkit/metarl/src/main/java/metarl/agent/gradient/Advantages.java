package metarl.agent.gradient;

/** How much better actions turned out than expected: generalised advantage estimation (Schulman et al. 2016). */
public final class Advantages {
    private Advantages() {}

    /**
     * Âₜ = δₜ + γ λ Âₜ₊₁ with δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ), backwards from Â_T = 0 (their equation 16, for a sequence that ends).
     *
     * <p>How the sequence ended is said by the last value. After a termination nothing follows: it is 0. Where a time limit, or the end of
     * what was collected, cut the sequence off, the state after the last action still has a value: it is V(s_T), as the network says it.
     * Giving 0 there would teach that good states are worthless near the limit. Only where the time is part of the state, or the trial as a
     * whole is what is judged, is the limit a termination.
     *
     * <p>One sequence at a time: in several joined together, advantages would run over the ends. The returns a value is trained on are Âₜ +
     * V(sₜ).
     *
     * @param rewards r, T of them
     * @param values V of the T states that were acted in, then of the state after the last action, which is 0 after a termination
     * @param discount γ
     * @param lambda λ; 1: the discounted return less the value, without bias; 0: one step, with the least variance
     * @return T advantages
     * @throws IllegalArgumentException unless there is one value more than rewards
     */
    public static double[] generalized(double[] rewards, double[] values, double discount, double lambda) {
        if (values.length != rewards.length + 1)
            throw new IllegalArgumentException("given " + rewards.length + " rewards and " + values.length
                + " values; expected one value more, that of the last state");
        double[] advantages = new double[rewards.length];
        double next = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            next = rewards[t] + discount * values[t + 1] - values[t] + discount * lambda * next;
            advantages[t] = next;
        }
        return advantages;
    }
}
