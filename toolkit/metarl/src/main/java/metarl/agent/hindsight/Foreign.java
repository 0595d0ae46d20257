package metarl.agent.hindsight;

import java.util.Arrays;
import java.util.List;
import metarl.basics.Require;
import metarl.data.Trajectory;
import metarl.diagnose.weights.ImportanceWeights;
import metarl.diagnose.weights.Psis;

/**
 * What a train task learns from an episode of another one.
 *
 * @param task the number of the task that learns
 * @param episode the episode as that task would have paid and ended it
 * @param weights what each of its steps counts in a loss, at least 0
 * @param halved whether targets are halved, as the slides' optimum of DRaE has them: (r + γ V(s')) / 2
 */
public record Foreign(int task, Trajectory episode, double[] weights, boolean halved) {
    /** Checks the weights. */
    public Foreign {
        Require.count(task, 0, "task", "the number of a train task, from 0 on");
        Require.that(weights.length == episode.length(), "the number of weights", weights.length, episode.length() + ", one per step");
        Require.atLeastZero("weight", weights, "");
    }

    /** ESS/n of the weights of all steps together; 0 where none counts, NaN where there is none. */
    public static double effectiveShare(List<Foreign> foreign) {
        double[] weights = weights(foreign);
        if (weights.length == 0) return Double.NaN;
        return Arrays.stream(weights).anyMatch(w -> w > 0) ? ImportanceWeights.of(weights).ess().fraction() : 0;
    }

    /**
     * k̂ of the weights of all steps together ({@link Psis}); NaN where it tells nothing: of too few weights, of equal ones, or of a tail
     * that takes a few values again and again, as when the largest are clipped.
     */
    public static double tailShape(List<Foreign> foreign) {
        double[] weights = weights(foreign);
        // a fit costs a sort of the tail, which equal weights do not need
        if (Arrays.stream(weights).distinct().limit(Psis.SHORTEST_TAIL).count() < Psis.SHORTEST_TAIL) return Double.NaN;
        Psis psis = ImportanceWeights.of(weights).psis();
        return psis.telling() ? psis.khat() : Double.NaN;
    }

    private static double[] weights(List<Foreign> foreign) {
        return foreign.stream().flatMapToDouble(f -> Arrays.stream(f.weights)).toArray();
    }
}
