package metarl.agent.classical;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The finite-horizon Gittins index of a Bernoulli arm with a Beta(1, 1) prior: the sure payment per pull that is worth as much as the arm, if r pulls are
 * left and one may change from the arm to the payment, for good, at any time.
 *
 * <p>With p = (1 + s)/(2 + s + f), the advantage of the arm over a payment λ is
 * A(s, f, r; λ) = p − λ + p max(0, A(s + 1, f, r − 1; λ)) + (1 − p) max(0, A(s, f + 1, r − 1; λ)), A(·, ·, 0; λ) = 0,
 * and the index is the λ for which it is 0. Undiscounted (Gittins 1979; RL² computes the same for up to 500 pulls). A is convex and piecewise linear in λ; it
 * is computed on a grid and its root interpolated, which is exact to about 10⁻⁵.
 *
 * <p>With several arms, pulling the highest index is optimal for discounted endless trials; for a finite trial it is not exactly, but nothing published beats it.
 */
public final class GittinsIndex {
    /** The widest grid, in cells of λ; more would not change a decision. */
    private static final int FINEST = 2_000, COARSEST = 400;
    /** About as many values of A as take a second. */
    private static final double BUDGET = 8e9;
    /** The indices of 500 pulls take 80 MB, and as much per core while they are computed. */
    private static final int MOST_PULLS = 1_000;
    private static final Map<Integer, GittinsIndex> TABLES = new ConcurrentHashMap<>();

    private final int pulls;
    /** [remaining − 1][state]; states in the order of {@link #place}. */
    private final float[][] indices;

    private GittinsIndex(int pulls) {
        this.pulls = pulls;
        indices = layers(pulls);
        double states = pulls * (pulls + 1.0) * (pulls + 2.0) / 6;
        int cells = (int) Math.max(COARSEST, Math.min(FINEST, BUDGET / states));
        int parts = Math.min(cells, Runtime.getRuntime().availableProcessors());
        IntStream.range(0, parts).parallel().forEach(part -> sweep(cells, part * cells / parts, (part + 1) * cells / parts));
    }

    /**
     * The indices of a trial of this many pulls; computed once, in seconds for 500.
     *
     * @throws IllegalArgumentException unless there are 1 to 1000 pulls
     */
    public static GittinsIndex of(int pulls) {
        if (pulls < 1 || pulls > MOST_PULLS) throw new IllegalArgumentException("pulls is " + pulls + ", expected 1 to " + MOST_PULLS);
        return TABLES.computeIfAbsent(pulls, GittinsIndex::new);
    }

    /**
     * The index of an arm.
     *
     * @param remaining pulls that are left in the trial
     * @throws IllegalArgumentException if such an arm cannot be met in the trial
     */
    public double index(int successes, int failures, int remaining) {
        if (successes < 0 || failures < 0 || remaining < 1 || successes + failures + remaining > pulls)
            throw new IllegalArgumentException("given " + successes + " successes, " + failures + " failures and " + remaining + " pulls left, which is not part of a trial of " + pulls);
        return indices[remaining - 1][place(successes + failures, successes)];
    }

    /** States with the same number of pulls stand together, in order of their successes. */
    private static int place(int pulled, int successes) {
        return pulled * (pulled + 1) / 2 + successes;
    }

    private static float[][] layers(int pulls) {
        float[][] layers = new float[pulls][];
        for (int r = 1; r <= pulls; r++) layers[r - 1] = new float[place(pulls - r + 1, 0)];
        return layers;
    }

    /** Finds the roots between two cells of the grid, from the advantages at one λ after the other. */
    private void sweep(int cells, int from, int to) {
        float[][] before = layers(pulls);
        double[] next = new double[place(pulls + 1, 0)], present = new double[place(pulls + 1, 0)];
        for (int cell = from; cell <= to; cell++) {
            double lambda = (double) cell / cells, width = 1.0 / cells;
            Arrays.fill(next, 0);
            for (int r = 1; r <= pulls; r++) {
                advantages(r, lambda, next, present);
                float[] last = before[r - 1];
                if (cell > from) roots(indices[r - 1], last, present, lambda - width, width);
                for (int i = 0; i < last.length; i++) last[i] = (float) present[i];
                double[] swap = next;
                next = present;
                present = swap;
            }
        }
    }

    private void advantages(int remaining, double lambda, double[] next, double[] present) {
        for (int pulled = 0; pulled <= pulls - remaining; pulled++) {
            int row = place(pulled, 0), after = place(pulled + 1, 0);
            double scale = 1.0 / (pulled + 2);
            for (int s = 0; s <= pulled; s++) {
                double p = (s + 1) * scale;
                present[row + s] = p - lambda + p * Math.max(0, next[after + s + 1]) + (1 - p) * Math.max(0, next[after + s]);
            }
        }
    }

    private static void roots(float[] target, float[] before, double[] present, double lambda, double width) {
        for (int i = 0; i < target.length; i++)
            if (before[i] > 0 && present[i] <= 0) target[i] = (float) (lambda + width * before[i] / (before[i] - present[i]));
    }
}
