package metarl.diagnose.sequential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import metarl.basics.Figures;

/**
 * All trajectories the behavior policy can leave in the source of a {@link TabularPair}: averages over them are exact, whatever the
 * estimator does with a trajectory.
 *
 * @param log one entry per trajectory that can happen
 * @param probabilities of the trajectories, adding up to 1
 * @param truth V_j(s_0)
 */
public record Trajectories(TabularLog log, double[] probabilities, double truth) {
    /** More would take minutes and gigabytes. */
    private static final double MOST = 1e6;

    /**
     * Walks through them.
     *
     * @throws IllegalArgumentException if there may be more than a million
     */
    static Trajectories of(TabularPair pair) {
        double count = Math.pow((double) pair.rewards().length * pair.rewards()[0].length, pair.horizon());
        if (count > MOST)
            throw new IllegalArgumentException(
                String.format(Locale.ROOT, "up to %s trajectories to enumerate; expected at most a million: shorten the horizon (%d), "
                    + "or use moments(…), which needs none", Figures.number(count, 3), pair.horizon()));
        var walk = new Walk(pair, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new int[pair.horizon() + 1],
            new int[pair.horizon()]);
        walk.states[0] = pair.start();
        walk.from(0, 1);
        double[] probabilities = walk.probabilities.stream().mapToDouble(p -> p).toArray();
        return new Trajectories(pair.log(walk.allStates.toArray(new int[0][]), walk.allActions.toArray(new int[0][])), probabilities,
            pair.value());
    }

    private record Walk(TabularPair pair, List<int[]> allStates, List<int[]> allActions, List<Double> probabilities, int[] states,
        int[] actions) {
        void from(int step, double probability) {
            if (step == actions.length) {
                allStates.add(states.clone());
                allActions.add(actions.clone());
                probabilities.add(probability);
                return;
            }
            int s = states[step];
            for (int a = 0; a < pair.rewards()[s].length; a++)
                for (int next = 0; next < states(s, a).length; next++) {
                    double p = probability * pair.behaviorPolicy()[s][a] * states(s, a)[next];
                    if (p == 0) continue;
                    actions[step] = a;
                    states[step + 1] = next;
                    from(step + 1, p);
                }
        }

        private double[] states(int s, int a) {
            return pair.sourceDynamics()[s][a];
        }
    }

    /**
     * Exact moments of an estimator by what it makes of each trajectory, such as {@link SequentialEstimate#contributions}.
     *
     * @param values one per trajectory
     */
    public Moments moments(double[] values) {
        return Moments.of(values, probabilities, truth);
    }
}
