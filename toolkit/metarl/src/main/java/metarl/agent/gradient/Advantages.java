package metarl.agent.gradient;

/** How much better actions turned out than expected: generalized advantage estimation (Schulman et al. 2016). */
final class Advantages {
    private Advantages() {}

    /**
     * Âₜ = δₜ + γ λ Âₜ₊₁ with δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ), backwards from Â_T = 0.
     *
     * @param rewards r, T of them
     * @param values V of the T states that were acted in, then of the state after the last action: 0 if the sequence terminated there, its value if it was cut off
     * @param discount γ
     * @param lambda λ; 1: the whole return less the value, 0: one step
     * @return T advantages
     */
    static double[] generalized(double[] rewards, double[] values, double discount, double lambda) {
        if (values.length != rewards.length + 1)
            throw new IllegalArgumentException(
                "given " + rewards.length + " rewards and " + values.length + " values; expected one value more, that of the last state");
        double[] advantages = new double[rewards.length];
        double next = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            next = rewards[t] + discount * values[t + 1] - values[t] + discount * lambda * next;
            advantages[t] = next;
        }
        return advantages;
    }
}
