package metarl.diagnose.weights;

import java.util.ArrayList;
import java.util.List;
import metarl.basics.Require;

/**
 * What a classifier sees of a row (s, a) or (s, a, s'): its entries at mean 0 and standard deviation 1 over source and target together, and
 * where wanted products of some of them.
 *
 * @param changed how many entries lie between an entry of s' and that of s from which it is a change; 0 where s' is seen as it is
 * @param mean of each column
 * @param deviation of each column, 1 for those that are constant
 * @param products pairs of columns whose products follow
 */
record TransitionFeatures(int changed, double[] mean, double[] deviation, int[][] products) {
    /** Of rows that begin with so many entries of s and of a. */
    static TransitionFeatures of(DynamicsRatio.Features features, int states, int actions, double[][] source, double[][] target) {
        int size = source[0].length, n = source.length + target.length;
        int changed = features == DynamicsRatio.Features.CHANGES ? states + actions : 0;
        Require.that(changed == 0 || size == changed || size == changed + states, "the length of a next state", size - changed,
            states + " entries, as a state has, for CHANGES");
        double[] mean = new double[size], deviation = new double[size];
        double[][][] both = {source, target};
        for (double[][] rows : both) for (double[] row : rows) for (int j = 0; j < size; j++) mean[j] += entry(row, j, changed) / n;
        for (double[][] rows : both) for (double[] row : rows) for (int j = 0; j < size; j++) {
            double from = entry(row, j, changed) - mean[j];
            deviation[j] += from * from / n;
        }
        for (int j = 0; j < size; j++) deviation[j] = deviation[j] > 0 ? Math.sqrt(deviation[j]) : 1;
        int[][] products = switch (features) {
            case LINEAR -> new int[0][];
            case QUADRATIC -> pairs(size);
            case CHANGES -> ofChanges(states, actions, size);
        };
        return new TransitionFeatures(changed, mean, deviation, products);
    }

    private static double entry(double[] row, int j, int changed) {
        return changed > 0 && j >= changed ? row[j] - row[j - changed] : row[j];
    }

    private static int[][] pairs(int size) {
        var pairs = new ArrayList<int[]>();
        for (int j = 0; j < size; j++) for (int k = 0; k <= j; k++) pairs.add(new int[] {j, k});
        return pairs.toArray(int[][]::new);
    }

    /** All squares, and of every change the products with its own entry of s and with all of a. */
    private static int[][] ofChanges(int states, int actions, int size) {
        List<int[]> pairs = new ArrayList<>();
        for (int j = 0; j < size; j++) pairs.add(new int[] {j, j});
        for (int j = states + actions; j < size; j++) {
            pairs.add(new int[] {j, j - states - actions});
            for (int k = states; k < states + actions; k++) pairs.add(new int[] {j, k});
        }
        return pairs.toArray(int[][]::new);
    }

    double[][] rows(double[][] rows) {
        Require.room("the features of transitions",
            products.length > 0 ? "the number of transitions, or take LINEAR features:" : "the number of transitions", 8, rows.length,
            mean.length + products.length);
        double[][] seen = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) seen[i] = row(rows[i]);
        return seen;
    }

    private double[] row(double[] row) {
        double[] seen = new double[row.length + products.length];
        for (int j = 0; j < row.length; j++) seen[j] = (entry(row, j, changed) - mean[j]) / deviation[j];
        for (int i = 0; i < products.length; i++) seen[row.length + i] = seen[products[i][0]] * seen[products[i][1]];
        return seen;
    }
}
