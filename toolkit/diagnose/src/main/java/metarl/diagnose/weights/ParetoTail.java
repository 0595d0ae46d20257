package metarl.diagnose.weights;

/**
 * A generalised Pareto distribution of excesses over a cut: P(X > x) = (1 + k x / σ)^(−1/k), and e^(−x/σ) for k = 0.
 *
 * @param shape k; moments of order 1/k and above do not exist
 * @param scale σ, above 0, in the unit of the excesses
 */
public record ParetoTail(double shape, double scale) {
    private static final double PRIOR_DRAWS = 10;
    private static final double PRIOR_SHAPE = 0.5;
    private static final double PRIOR_SPREAD = 3;
    /** Grid points of smaller posterior weight are left out, as ArviZ does. */
    private static final double NEGLIGIBLE = 10 * Math.ulp(1.0);

    /**
     * The empirical Bayes estimate of Zhang and Stephens (2009), with the shape drawn towards ½ as if by ten more draws (Vehtari et al.
     * 2024).
     *
     * <p>On a grid of m = 30 + ⌊√n⌋ values b of −k/σ, each is weighted by its profile likelihood n (ln(−b/k) − k − 1), k(b) = mean ln(1 − b
     * x), and averaged. Different from ArviZ 0.23, a grid point that falls on b = 0 counts as the exponential distribution it stands for;
     * there the fit is lost to 0/0.
     *
     * @param excesses above 0, ascending, at least 5
     */
    public static ParetoTail fit(double[] excesses) {
        int n = excesses.length, points = 30 + (int) Math.sqrt(n);
        double largest = excesses[n - 1], quartile = excesses[(int) (n / 4.0 + 0.5) - 1];
        double[] grid = new double[points], weights = new double[points];
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < points; i++) {
            grid[i] = 1 / largest + (1 - Math.sqrt(points / (i + 0.5))) / (PRIOR_SPREAD * quartile);
            weights[i] = profileLikelihood(grid[i], excesses);
            best = Math.max(best, weights[i]);
        }
        double b = posteriorMean(grid, weights, best), shape = shape(b, excesses);
        return new ParetoTail((n * shape + PRIOR_DRAWS * PRIOR_SHAPE) / (n + PRIOR_DRAWS), -shape / b);
    }

    private static double profileLikelihood(double b, double[] excesses) {
        double k = shape(b, excesses);
        double rate = b == 0 ? excesses.length / sum(excesses) : -b / k;
        return excesses.length * (Math.log(rate) - k - 1);
    }

    private static double posteriorMean(double[] grid, double[] logWeights, double best) {
        double total = 0;
        for (double l : logWeights) total += Math.exp(l - best);
        double weighted = 0, kept = 0;
        for (int i = 0; i < grid.length; i++) {
            double weight = Math.exp(logWeights[i] - best) / total;
            if (weight < NEGLIGIBLE) continue;
            weighted += weight * grid[i];
            kept += weight;
        }
        return weighted / kept;
    }

    private static double shape(double b, double[] excesses) {
        double sum = 0;
        for (double x : excesses) sum += Math.log1p(-b * x);
        return sum / excesses.length;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double v : values) sum += v;
        return sum;
    }

    /** Whether the fit came to a distribution. */
    public boolean exists() {
        return Double.isFinite(shape) && scale > 0;
    }

    /** The excess that a share {@code p} of the draws stays below, 0 &lt; p &lt; 1. */
    public double quantile(double p) {
        double exponential = -Math.log1p(-p);
        return scale * (Math.abs(shape) < Math.ulp(1.0) ? exponential : Math.expm1(shape * exponential) / shape);
    }

    /** P(X &gt; x), 0 beyond the end of a tail with k &lt; 0. */
    public double survival(double x) {
        if (Math.abs(shape) < Math.ulp(1.0)) return Math.exp(-x / scale);
        return Math.exp(-Math.log1p(Math.max(-1, shape * x / scale)) / shape);
    }
}
