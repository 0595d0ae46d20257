package metarl.diagnose.weights;

/**
 * Sums over weights relative to the largest, v = w / max w.
 *
 * @param sum Σv
 * @param squares Σv²
 * @param logProducts Σ v ln v
 */
record RelativeSums(double sum, double squares, double logProducts) {
    static RelativeSums of(double[] logWeights, double logMax) {
        double sum = 0, squares = 0, logProducts = 0;
        for (double l : logWeights) {
            double d = l - logMax, v = Math.exp(d);
            // 0 · ln 0 counts as 0
            if (v == 0) continue;
            sum += v;
            squares += v * v;
            logProducts += v * d;
        }
        return new RelativeSums(sum, squares, logProducts);
    }
}
