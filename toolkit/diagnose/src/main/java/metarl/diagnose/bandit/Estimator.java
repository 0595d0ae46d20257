package metarl.diagnose.bandit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import metarl.basics.Copy;

/**
 * A way to estimate the value of an evaluation policy from the rounds of another one. All of them are one formula,
 *
 * <p>V̂ = (1/n) Σ [ q̂(xᵢ, π_e) + ŵᵢ (rᵢ − q̂(xᵢ, aᵢ)) / c ],   q̂(x, π_e) = Σ_a π_e(a | x) q̂(x, a),   w = π_e(a | x) / π_b(a | x),
 *
 * <p>with q̂ = 0 where no reward model is used, ŵ shaped by {@link WeightShape}, and c = 1, or mean ŵ where self-normalised.
 *
 * @param name as in a table
 * @param shape how w enters
 * @param model which reward model it needs
 * @param selfNormalized whether the correction is divided by the mean weight
 * @param lambda λ of the shape; NaN where it is to be chosen from the data, or where the shape has none
 */
public record Estimator(String name, WeightShape shape, Model model, boolean selfNormalized, double lambda) {
    /** The reward model an estimator needs. */
    public enum Model {
        /** None: q̂ = 0. */
        NONE,
        /** q̂ fitted for its own error. */
        PLAIN,
        /** q̂ fitted for the variance of DR, under weights π_e (1 − π_b) / π_b² (Farajtabar et al. 2018). */
        ROBUST
    }

    private static final Pattern KEY = Pattern.compile("\\s*(\\w+)\\s*(?:\\(\\s*([^()\\s]+)\\s*\\))?\\s*");
    private static final Map<String, DoubleFunction<Estimator>> KEYS = new TreeMap<>(Map.ofEntries(
        Map.entry("dm", lambda -> dm()), Map.entry("ips", lambda -> ips()), Map.entry("snips", lambda -> snips()),
        Map.entry("dr", lambda -> dr()),
        Map.entry("snDr", lambda -> snDr()), Map.entry("mrdr", lambda -> mrdr()),
        Map.entry("clippedIps", lambda -> Double.isNaN(lambda) ? clippedIps() : clippedIps(lambda)),
        Map.entry("clippedDr", lambda -> Double.isNaN(lambda) ? clippedDr() : clippedDr(lambda)),
        Map.entry("switchDr", lambda -> Double.isNaN(lambda) ? switchDr() : switchDr(lambda)),
        Map.entry("drOs", lambda -> Double.isNaN(lambda) ? drOs() : drOs(lambda)),
        Map.entry("subGaussian", lambda -> Double.isNaN(lambda) ? subGaussian() : subGaussian(lambda)),
        Map.entry("subGaussianDr", lambda -> Double.isNaN(lambda) ? subGaussianDr() : subGaussianDr(lambda))));

    /** Checks λ: at least 0, and at most 1 for the sub-Gaussian shape. */
    public Estimator {
        double most = shape == WeightShape.SUB_GAUSSIAN ? 1 : Double.POSITIVE_INFINITY;
        if (lambda < 0 || lambda > most || shape == WeightShape.CLIPPED && lambda == 0)
            throw new IllegalArgumentException(
                "λ of " + name + " is " + lambda + "; expected a number " + (shape == WeightShape.CLIPPED ? "above 0" : "of at least 0")
                    + (most == 1 ? " and at most 1" : "") + ", or none, to have it chosen from the data");
    }

    /** The direct method: the reward model alone. */
    public static Estimator dm() {
        return new Estimator("DM", WeightShape.NONE, Model.PLAIN, false, Double.NaN);
    }

    /** Inverse propensity scoring, mean w r (Horvitz and Thompson 1952). */
    public static Estimator ips() {
        return new Estimator("IPS", WeightShape.PLAIN, Model.NONE, false, Double.NaN);
    }

    /** Self-normalised: Σ w r / Σ w (Swaminathan and Joachims 2015). */
    public static Estimator snips() {
        return new Estimator("SNIPS", WeightShape.PLAIN, Model.NONE, true, Double.NaN);
    }

    /** IPS with weights of at most λ. */
    public static Estimator clippedIps(double lambda) {
        return shaped("clipped IPS", WeightShape.CLIPPED, Model.NONE, lambda);
    }

    /** Clipped IPS with λ chosen from the data. */
    public static Estimator clippedIps() {
        return tuned("clipped IPS", WeightShape.CLIPPED, Model.NONE);
    }

    /** IPS with sub-Gaussian weights. */
    public static Estimator subGaussian(double lambda) {
        return shaped("sub-Gaussian IPS", WeightShape.SUB_GAUSSIAN, Model.NONE, lambda);
    }

    /** Sub-Gaussian IPS with λ chosen from the data. */
    public static Estimator subGaussian() {
        return tuned("sub-Gaussian IPS", WeightShape.SUB_GAUSSIAN, Model.NONE);
    }

    /** Doubly robust: right if either the propensities or the reward model are (Dudík, Langford and Li 2011). */
    public static Estimator dr() {
        return new Estimator("DR", WeightShape.PLAIN, Model.PLAIN, false, Double.NaN);
    }

    /** DR with a self-normalised correction. */
    public static Estimator snDr() {
        return new Estimator("SN-DR", WeightShape.PLAIN, Model.PLAIN, true, Double.NaN);
    }

    /** DR with weights of at most λ. */
    public static Estimator clippedDr(double lambda) {
        return shaped("clipped DR", WeightShape.CLIPPED, Model.PLAIN, lambda);
    }

    /** Clipped DR with λ chosen from the data. */
    public static Estimator clippedDr() {
        return tuned("clipped DR", WeightShape.CLIPPED, Model.PLAIN);
    }

    /** DR where w ≤ λ, the reward model alone elsewhere. */
    public static Estimator switchDr(double lambda) {
        return shaped("Switch-DR", WeightShape.SWITCHED, Model.PLAIN, lambda);
    }

    /** Switch-DR with λ chosen from the data. */
    public static Estimator switchDr() {
        return tuned("Switch-DR", WeightShape.SWITCHED, Model.PLAIN);
    }

    /** DR with optimistically shrunk weights. */
    public static Estimator drOs(double lambda) {
        return shaped("DRos", WeightShape.SHRUNK, Model.PLAIN, lambda);
    }

    /** DRos with λ chosen from the data. */
    public static Estimator drOs() {
        return tuned("DRos", WeightShape.SHRUNK, Model.PLAIN);
    }

    /** DR with sub-Gaussian weights. */
    public static Estimator subGaussianDr(double lambda) {
        return shaped("sub-Gaussian DR", WeightShape.SUB_GAUSSIAN, Model.PLAIN, lambda);
    }

    /** Sub-Gaussian DR with λ chosen from the data. */
    public static Estimator subGaussianDr() {
        return tuned("sub-Gaussian DR", WeightShape.SUB_GAUSSIAN, Model.PLAIN);
    }

    /** More robust DR: DR whose reward model was fitted for the variance of DR, not for its own error. */
    public static Estimator mrdr() {
        return new Estimator("MRDR", WeightShape.PLAIN, Model.ROBUST, false, Double.NaN);
    }

    private static Estimator shaped(String name, WeightShape shape, Model model, double lambda) {
        if (Double.isNaN(lambda))
            throw new IllegalArgumentException("λ of " + name + " is NaN; expected a number, or none, to have it chosen from the data");
        return tuned(name, shape, model).lambda(lambda);
    }

    private static Estimator tuned(String name, WeightShape shape, Model model) {
        return new Estimator(name, shape, model, false, Double.NaN);
    }

    /**
     * The estimator of a key such as "ips", "switchDr(10)" or, with λ to be chosen from the data, "switchDr".
     *
     * @throws IllegalArgumentException if there is no such key, listing those there are, or if λ is given to one that has none
     */
    public static Estimator of(String key) {
        Matcher parts = KEY.matcher(key);
        if (!parts.matches() || !KEYS.containsKey(parts.group(1)))
            throw new IllegalArgumentException("there is no estimator '" + key + "'; there are: " + String.join(", ", KEYS.keySet())
                + ", where λ may follow in brackets, as in switchDr(10)");
        if (parts.group(2) == null) return KEYS.get(parts.group(1)).apply(Double.NaN);
        double lambda = number(key, parts.group(2));
        if (Double.isNaN(lambda))
            throw new IllegalArgumentException("'" + key + "': λ is NaN; write '" + parts.group(1) + "' to have it chosen from the data");
        Estimator estimator = KEYS.get(parts.group(1)).apply(lambda);
        if (!estimator.shape.hasParameter())
            throw new IllegalArgumentException("'" + key + "': " + estimator.name + " has no λ; write '" + parts.group(1) + "'");
        return estimator;
    }

    private static double number(String key, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + key + "': λ is '" + text + "'; expected a number, as in switchDr(10)", e);
        }
    }

    /** The same with another λ. */
    public Estimator lambda(double lambda) {
        return Copy.with(this, "lambda", lambda);
    }

    /** Whether λ is still to be chosen. */
    public boolean needsLambda() {
        return shape.hasParameter() && Double.isNaN(lambda);
    }

    /** Name and λ. */
    @Override
    public String toString() {
        return needsLambda() ? name + " (λ to be chosen)" : shape.hasParameter() ? name + " (λ = " + shortLambda() + ")" : name;
    }

    /** λ in three digits. */
    String shortLambda() {
        return Double.isInfinite(lambda) ? "∞"
            : lambda == 0 ? "0" : new BigDecimal(lambda).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }
}
