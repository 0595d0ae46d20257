package metarl.nn;

import java.util.function.UnaryOperator;
import metarl.basics.Require;

/**
 * A step that lowers a loss as far as a divergence allows, by conjugate gradients and a line search (TRPO, Schulman et al. 2015, appendix
 * C).
 *
 * <p>With g the gradient of the loss and F the second derivative of the divergence at θ: x ≈ (F + damping)⁻¹ g by a few conjugate gradient
 * steps; the full step is −√(2 · limit / xᵀ (F + damping) x) x; it is shortened by {@code shrinkage} until the loss is lower than before
 * and the divergence at most {@code limit}.
 *
 * @param limit largest divergence
 * @param iterations conjugate gradient steps
 * @param damping added to the diagonal of F
 * @param shrinkage factor between two attempts
 * @param attempts lengths tried before θ stays as it is
 */
public record TrustRegion(double limit, int iterations, double damping, double shrinkage, int attempts) {
    private static final double SMALL_RESIDUAL = 1e-10;

    /** Checks every value. */
    public TrustRegion {
        Require.number(limit, limit > 0 && limit <= 1e12, "limit", "above 0 and at most 1e12, usually 0.01");
        Require.count(iterations, 1, "iterations", "at least 1, usually 10");
        Require.number(damping, damping >= 0 && damping <= 1e12, "damping", "0 to 1e12, usually 1e-5 to 0.1");
        Require.number(shrinkage, shrinkage > 0 && shrinkage < 1, "shrinkage", "in (0, 1), usually 0.8");
        Require.count(attempts, 1, "attempts", "at least 1, usually 15");
    }

    /** The loss and the divergence around the present parameters. */
    public interface Model {
        /** ∂loss/∂θ at the present parameters. */
        double[] gradient();

        /** The second derivative of the divergence at the present parameters, times a vector. */
        double[] curvature(double[] direction);

        /** Loss and divergence at other parameters. */
        Point at(double[] parameters);
    }

    /** Loss and divergence at some parameters. */
    public record Point(double loss, double divergence) {}

    /**
     * What came of it.
     *
     * @param parameters where the step leads; the present ones if no length was accepted
     * @param before loss before the step
     * @param after loss and divergence after it
     * @param attempts lengths tried
     * @param accepted whether the last of them was taken
     */
    public record Step(double[] parameters, double before, Point after, int attempts, boolean accepted) {}

    /** One step from the present parameters. */
    public Step minimize(double[] parameters, Model model) {
        double[] direction = solve(v -> damped(v, model), model.gradient(), iterations);
        double curvature = dot(direction, damped(direction, model)), before = model.at(parameters).loss();
        double length = Math.sqrt(2 * limit / (curvature + 1e-8));
        for (int attempt = 1; attempt <= attempts && curvature > 0 && Double.isFinite(length); attempt++) {
            double[] next = parameters.clone();
            for (int i = 0; i < next.length; i++) next[i] -= length * direction[i];
            Point point = model.at(next);
            if (point.loss() < before && point.divergence() <= limit) return new Step(next, before, point, attempt, true);
            length *= shrinkage;
        }
        return new Step(parameters, before, new Point(before, 0), attempts, false);
    }

    private double[] damped(double[] direction, Model model) {
        double[] product = model.curvature(direction).clone();
        for (int i = 0; i < product.length; i++) product[i] += damping * direction[i];
        return product;
    }

    /**
     * x ≈ A⁻¹ b by conjugate gradients from 0 (Hestenes and Stiefel 1952); after as many steps as unknowns it is exact but for rounding.
     *
     * <p>Own code because the steps are few by intent: Hipparchus' solver takes an early end for a failure.
     *
     * @param product v ↦ A v, with A symmetric and positive definite
     */
    public static double[] solve(UnaryOperator<double[]> product, double[] b, int iterations) {
        double[] x = new double[b.length], residual = b.clone(), direction = b.clone();
        double squares = dot(residual, residual);
        for (int k = 0; k < iterations && squares > SMALL_RESIDUAL * SMALL_RESIDUAL; k++) {
            double[] image = product.apply(direction);
            double curvature = dot(direction, image);
            if (!(curvature > 0)) break;
            double step = squares / curvature;
            for (int i = 0; i < x.length; i++) {
                x[i] += step * direction[i];
                residual[i] -= step * image[i];
            }
            double next = dot(residual, residual);
            for (int i = 0; i < x.length; i++) direction[i] = residual[i] + next / squares * direction[i];
            squares = next;
        }
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
