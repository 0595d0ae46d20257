package metarl.diagnose.weights;

import metarl.basics.Require;

/**
 * What a classifier sees of a row: its entries at mean 0 and standard deviation 1 over source and target together, and where wanted their
 * squares and products in pairs.
 *
 * @param mean of each column
 * @param deviation of each column, 1 for those that are constant
 * @param quadratic whether squares and products follow
 */
record TransitionFeatures(double[] mean, double[] deviation, boolean quadratic) {
    static TransitionFeatures of(DynamicsRatio.Features features, double[][] source, double[][] target) {
        int size = source[0].length, n = source.length + target.length;
        double[] mean = new double[size], deviation = new double[size];
        double[][][] both = {source, target};
        for (double[][] rows : both) for (double[] row : rows) for (int j = 0; j < size; j++) mean[j] += row[j] / n;
        for (double[][] rows : both)
            for (double[] row : rows) for (int j = 0; j < size; j++) deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / n;
        for (int j = 0; j < size; j++) deviation[j] = deviation[j] > 0 ? Math.sqrt(deviation[j]) : 1;
        return new TransitionFeatures(mean, deviation, features == DynamicsRatio.Features.QUADRATIC);
    }

    double[][] rows(double[][] rows) {
        Require.room("the features of transitions",
            quadratic ? "the number of transitions, or leave out QUADRATIC:" : "the number of transitions", 8, rows.length,
            quadratic ? mean.length + mean.length * (mean.length + 1L) / 2 : mean.length);
        double[][] seen = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) seen[i] = row(rows[i]);
        return seen;
    }

    private double[] row(double[] row) {
        int size = row.length, next = size;
        double[] seen = new double[quadratic ? size + size * (size + 1) / 2 : size];
        for (int j = 0; j < size; j++) {
            seen[j] = (row[j] - mean[j]) / deviation[j];
            for (int k = 0; quadratic && k <= j; k++) seen[next++] = seen[j] * seen[k];
        }
        return seen;
    }
}
