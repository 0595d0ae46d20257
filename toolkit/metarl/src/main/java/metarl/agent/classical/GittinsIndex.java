package metarl.agent.classical;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import metarl.basics.Activity;

/**
 * The finite-horizon Gittins index of a Bernoulli arm under a Beta(1, 1) prior, undiscounted.
 *
 * <p>The index is the retirement rate λ at which going on and stopping are worth the same. With s successes, f failures, r pulls remaining
 * and p = (1 + s) / (2 + s + f), the advantage of one more pull over stopping is A(s, f, r; λ) = p − λ + p · max(0, A(s + 1, f, r − 1; λ))
 * + (1 − p) · max(0, A(s, f + 1, r − 1; λ)), with A = 0 for r = 0; the index is the λ with A = 0 (Gittins, Glazebrook and Weber 2011, §8;
 * the horizon instead of a discount). A falls in λ, is convex and piecewise linear.
 *
 * <p>Computed with its slope on a grid of λ. Between two points a convex function lies above its tangents there, whose larger root is
 * taken: exact if the function bends at most once between them. The error is below 1e-5 up to 100 pulls; at 500 it is 1e-5 on average and
 * 2e-4 at worst. States of equal s + f + r depend only on each other; their indices are computed together, once, and kept (2 bytes · (s + f
 * + r)²).
 */
public final class GittinsIndex {
    /** The largest s + f + r: all tables up to here would take 670 MB. */
    public static final int LARGEST_TRIAL = 1_000;

    /**
     * A table for one pull is computed at so many points of λ, one for n pulls at an n-th of them, and none at fewer than the second
     * number.
     */
    private static final int POINTS_OF_ONE_PULL = 300_000, FEWEST_POINTS = 1_000;
    /** An arm counts as never given up if the expected number of its pulls is within this of those that remain. */
    private static final double NEVER_GIVEN_UP = 1e-8;

    /** Indices by s + f + r; within, the state after t = s + f pulls with s successes is entry t (t + 1) / 2 + s. */
    private static final AtomicReferenceArray<FutureTask<float[]>> TABLES = new AtomicReferenceArray<>(LARGEST_TRIAL + 1);

    private GittinsIndex() {}

    /**
     * The index of an arm.
     *
     * @param successes pulls that paid 1
     * @param failures pulls that paid 0
     * @param remaining pulls left in the trial, at least 1
     */
    public static double index(int successes, int failures, int remaining) {
        if (successes < 0 || failures < 0)
            throw new IllegalArgumentException(
                "given " + successes + " successes and " + failures + " failures, expected 0 or more of each");
        if (remaining < 1) throw new IllegalArgumentException("remaining is " + remaining + ", expected at least 1 pull");
        long total = (long) successes + failures + remaining;
        if (total > LARGEST_TRIAL)
            throw new IllegalArgumentException("successes + failures + remaining is " + total + ", expected at most " + LARGEST_TRIAL
                + " (memory grows with its third power)");
        int pulls = successes + failures;
        return table((int) total)[pulls * (pulls + 1) / 2 + successes];
    }

    /** Computes all indices that a trial of this many pulls can ask for, on all cores: 500 pulls take some ten seconds and 84 MB. */
    public static void prepare(int pulls) {
        if (pulls < 1 || pulls > LARGEST_TRIAL)
            throw new IllegalArgumentException("pulls is " + pulls + ", expected 1 to " + LARGEST_TRIAL);
        // interleaved, so that every core gets long and short tables
        try (var activity = Activity.of("Gittins indices", pulls)) {
            IntStream.range(0, pulls).parallel().forEach(i -> {
                claim(i % 2 == 0 ? i / 2 + 1 : pulls - i / 2);
                activity.advance();
            });
        }
    }

    private static float[] table(int total) {
        try {
            return claim(total).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the indices for s + f + r = " + total + " could not be computed", e);
        }
    }

    /** Each table is computed by the thread that asks first; others may go on with other tables meanwhile. */
    private static FutureTask<float[]> claim(int total) {
        FutureTask<float[]> known = TABLES.get(total);
        if (known != null) return known;
        var mine = new FutureTask<>(() -> compute(total));
        FutureTask<float[]> other = TABLES.compareAndExchange(total, null, mine);
        if (other != null) return other;
        mine.run();
        return mine;
    }

    private static float[] compute(int total) {
        var induction = new Induction(total);
        int points = Math.max(FEWEST_POINTS, POINTS_OF_ONE_PULL / total);
        for (int g = 1; g <= points; g++) induction.advance((double) g / points);
        return induction.index;
    }

    /**
     * The recursion for all states of equal s + f + r while λ rises from 0 to 1. A row holds the states after t pulls by s.
     *
     * <p>Per row only a band is computed: below it A ≤ 0, above it the arm is never given up, so that A = r (p − λ) and its slope is −r.
     */
    private static final class Induction {
        final float[] index;
        private final int total;
        private final double[][] advantage, slope;
        /** The numbers 0, 1, 2, …: a loop over them is faster than a conversion. */
        private final double[] number;
        /** First and last s of each row's band. */
        private final int[] first, last;
        private double rate;

        Induction(int total) {
            this.total = total;
            index = new float[total * (total + 1) / 2];
            advantage = new double[total + 1][];
            slope = new double[total + 1][];
            number = new double[total + 2];
            first = new int[total];
            last = new int[total + 1];
            for (int t = 0; t <= total; t++) {
                advantage[t] = new double[t + 2];
                slope[t] = new double[t + 2];
                number[t + 1] = t + 1;
            }
            // at λ = 0 no arm is given up
            Arrays.fill(last, -1);
            last[total] = total;
        }

        /** Raises λ; notes the index of every state whose A changes sign. */
        void advance(double rate) {
            for (int t = total - 1; t >= 0; t--) if (first[t] <= t) backUp(t, rate);
            this.rate = rate;
        }

        private void backUp(int t, double newRate) {
            double[] row = advantage[t], next = advantage[t + 1], rowSlope = slope[t], nextSlope = slope[t + 1];
            double scale = 1.0 / (t + 2);
            int s = first[t];
            // A grows with s: states whose sign changes come first
            for (; s <= t; s++) {
                double p = (s + 1) * scale, a = p * (1 + next[s + 1] - next[s]) + next[s] - newRate;
                if (a > 0) break;
                double b = p * (nextSlope[s + 1] - nextSlope[s]) + nextSlope[s] - 1;
                boolean inBand = s <= last[t];
                double before = inBand ? row[s] : (total - t) * (p - rate), slopeBefore = inBand ? rowSlope[s] : t - total;
                index[t * (t + 1) / 2 + s] = (float) Math.min(Math.max(rate - before / slopeBefore, newRate - a / b), newRate);
                row[s] = 0;
                rowSlope[s] = 0;
            }
            first[t] = s;
            int end = Math.min(t, last[t + 1]);
            for (int i = s; i <= end; i++) {
                double p = number[i + 1] * scale;
                row[i] = p * (1 + next[i + 1] - next[i]) + next[i] - newRate;
            }
            for (int i = s; i <= end; i++) rowSlope[i] = number[i + 1] * scale * (nextSlope[i + 1] - nextSlope[i]) + nextSlope[i] - 1;
            closeBand(t, s, Math.max(end, s - 1), newRate);
        }

        /** Finds the last state of a band that ends at {@code end} or before, and fills in the one after it. */
        private void closeBand(int t, int from, int end, double newRate) {
            int remaining = total - t, s = end;
            while (s >= from && slope[t][s] < NEVER_GIVEN_UP - remaining) s--;
            last[t] = s;
            double scale = 1.0 / (t + 2);
            for (int i = s + 1; i <= Math.min(s + 2, t); i++) {
                advantage[t][i] = remaining * ((i + 1) * scale - newRate);
                slope[t][i] = -remaining;
            }
        }
    }
}
