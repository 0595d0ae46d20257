package metarl.data;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * Priorities of numbered places, of which one is drawn in proportion to its priority (Schaul et al. 2016, "Prioritized experience replay",
 * appendix B.2.1): a binary tree whose inner nodes are the sums of what is below them, so that a change and a draw take log₂ n steps.
 *
 * <p>A sum is always computed from the two below it, never changed by a difference: no rounding builds up, and priorities that are read
 * back give the same tree, bit for bit.
 */
public final class PriorityTree {
    private final int places;
    private final int leaves;
    /** Node 1 is the root, 2i and 2i + 1 are below i, the places begin at {@link #leaves}. */
    private final double[] sums;
    /** The smallest priority above 0. */
    private final double[] least;

    /** With priority 0 everywhere. */
    public PriorityTree(int places) {
        Require.count(places, 1, "places", "at least 1");
        Require.heap(bytes(places), "priorities of " + places + " places", "their number");
        this.places = places;
        leaves = places == 1 ? 1 : Integer.highestOneBit(places - 1) << 1;
        sums = new double[2 * leaves];
        least = new double[2 * leaves];
        clear();
    }

    /** What a tree of so many places takes on the heap, in bytes: two numbers for each of at most four times as many nodes. */
    public static long bytes(long places) {
        long leaves = places <= 1 ? 1 : Long.highestOneBit(places - 1) << 1;
        return Require.times(2L * 2 * Double.BYTES, leaves);
    }

    /** Sets all priorities to 0. */
    public void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(least, Double.POSITIVE_INFINITY);
    }

    /** Changes one priority, which is 0 (never drawn) or more. */
    public void set(int place, double priority) {
        Require.index("place", 0, place, 0, places);
        Require.number(priority, priority >= 0, "priority", "0 (never drawn) or more");
        write(place, priority);
        for (int node = (leaves + place) / 2; node >= 1; node /= 2) join(node);
    }

    private void write(int place, double priority) {
        sums[leaves + place] = priority;
        least[leaves + place] = priority > 0 ? priority : Double.POSITIVE_INFINITY;
    }

    private void join(int node) {
        sums[node] = sums[2 * node] + sums[2 * node + 1];
        least[node] = Math.min(least[2 * node], least[2 * node + 1]);
    }

    /** The priority of a place. */
    public double priority(int place) {
        Require.index("place", 0, place, 0, places);
        return sums[leaves + place];
    }

    /** The sum of all priorities. */
    public double sum() {
        return sums[1];
    }

    /** The smallest priority above 0; infinite where all are 0. */
    public double least() {
        return least[1];
    }

    /**
     * Draws a place, in proportion to its priority.
     *
     * @throws IllegalStateException if all priorities are 0
     */
    public int draw(RandomGenerator random) {
        if (!(sum() > 0)) throw new IllegalStateException("all priorities are 0: there is nothing to draw");
        double point = random.nextDouble() * sum();
        int node = 1;
        while (node < leaves) {
            double left = sums[2 * node];
            // rounding may leave a point beyond the last sum
            boolean goesLeft = point < left || sums[2 * node + 1] == 0;
            if (!goesLeft) point -= left;
            node = 2 * node + (goesLeft ? 0 : 1);
        }
        return node - leaves;
    }
}
