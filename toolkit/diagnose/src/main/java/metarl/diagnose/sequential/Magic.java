package metarl.diagnose.sequential;

/**
 * Model and guided importance sampling combined (Thomas and Brunskill 2016): weights x on the simplex over the partial returns g_0 … g_T,
 * which follow the data for j steps and the model after that, minimising xᵀ (Ω + b bᵀ) x. g_0 is the model alone, g_T is WDR.
 *
 * <p>Ω is the covariance of the g_j, b_j the distance of g_j from the 50 % interval of g_T, whose bias vanishes with more data. The paper
 * bootstraps that interval; here it is the normal one of the linear expansion, so that no draws are needed. The mixture leans toward the
 * model as far as that interval allows, so that its own spread says little of its error: the interval told is WDR's.
 */
final class Magic {
    /** The 75 % quantile of the standard normal: half of the probability lies within so many standard errors. */
    private static final double HALF = 0.6744897501960817;
    private static final double CONVERGED = 1e-12;
    private static final int MOST_EXCHANGES = 100_000;

    private Magic() {}

    /** From a WDR estimate, whose last ratio is V̂(s_0) and whose others are steps 0 … T − 1. */
    static SequentialEstimate of(SequentialEstimate wdr) {
        double[][] partial = partialReturns(wdr.terms());
        double[] x = leastOnSimplex(errors(partial, wdr));
        double[] factors = new double[x.length];
        factors[x.length - 1] = 1;
        double following = 0;
        for (int step = x.length - 2; step >= 0; step--) factors[step] = following += x[step + 1];
        return wdr.scaled("MAGIC", factors);
    }

    private static double[][] partialReturns(double[][] terms) {
        int n = terms.length, count = terms[0].length;
        double[][] partial = new double[n][count];
        for (int i = 0; i < n; i++) {
            partial[i][0] = terms[i][count - 1];
            for (int j = 1; j < count; j++) partial[i][j] = partial[i][j - 1] + terms[i][j - 1];
        }
        return partial;
    }

    /** Ω + b bᵀ. */
    private static double[][] errors(double[][] partial, SequentialEstimate wdr) {
        int n = partial.length, count = partial[0].length;
        double[] mean = new double[count], bias = new double[count];
        for (double[] row : partial) for (int j = 0; j < count; j++) mean[j] += row[j] / n;
        for (int j = 0; j < count; j++) bias[j] = Math.max(0, Math.abs(mean[j] - wdr.value()) - HALF * wdr.standardError());
        double[][] errors = new double[count][count];
        for (double[] row : partial)
            for (int j = 0; j < count; j++)
                for (int k = 0; k < count; k++) errors[j][k] += (row[j] - mean[j]) * (row[k] - mean[k]) / n / (n - 1);
        for (int j = 0; j < count; j++)
            for (int k = 0; k < count; k++) errors[j][k] += bias[j] * bias[k];
        return errors;
    }

    /**
     * The x ≥ 0 with Σx = 1 and least xᵀ M x: weight is moved from the steepest entry that has some to the flattest, as far as it helps,
     * until the slopes agree.
     */
    static double[] leastOnSimplex(double[][] m) {
        int n = m.length;
        double[] x = new double[n], slope = new double[n];
        x[n - 1] = 1;
        for (int exchange = 0; exchange < MOST_EXCHANGES; exchange++) {
            int to = 0, from = -1;
            for (int j = 0; j < n; j++) {
                slope[j] = 0;
                for (int k = 0; k < n; k++) slope[j] += m[j][k] * x[k];
                if (slope[j] < slope[to]) to = j;
                if (x[j] > 0 && (from < 0 || slope[j] > slope[from])) from = j;
            }
            double gain = slope[from] - slope[to], curvature = m[from][from] - 2 * m[from][to] + m[to][to];
            if (gain <= CONVERGED * Math.abs(slope[from])) break;
            double moved = curvature > 0 ? Math.min(x[from], gain / curvature) : x[from];
            x[from] -= moved;
            x[to] += moved;
        }
        return x;
    }
}
