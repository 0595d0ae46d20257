package metarl.agent.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import metarl.agent.DivergedException;
import metarl.basics.RandomStream;

/**
 * A {@link Planner} at work in several environments: the memory of one rollout, a plan and a stream of random numbers for each environment.
 */
public final class Planning {
    private final Planner planner;
    private final int environments, actionSize, length;
    private final RandomStream[] streams;
    private final Sequences sequences;
    /** The plan, which is μ but for the best sequence, and σ² of each environment; horizon × action. */
    private final double[][] means, variances;

    Planning(Planner planner, int environments, int actionSize, RandomStream random) {
        this.planner = planner;
        this.environments = environments;
        this.actionSize = actionSize;
        int values = Sequences.length(environments, planner.candidates(), planner.horizon(), actionSize);
        length = planner.horizon() * actionSize;
        sequences = new Sequences(environments, planner.candidates(), planner.horizon(), actionSize, new float[values]);
        streams = IntStream.range(0, environments).mapToObj(i -> random.split("plans " + i)).toArray(RandomStream[]::new);
        means = new double[environments][length];
        variances = new double[environments][length];
    }

    /**
     * Plans one step in every environment.
     *
     * @param foresight is asked once per iteration, for all candidates of all environments
     * @return the action to take in each environment, entries in [−1, 1]
     * @throws DivergedException if no return of an environment is a finite number
     */
    public double[][] next(Foresight foresight) {
        if (planner.search() == Planner.Search.RANDOM_SHOOTING) shoot(foresight);
        else concentrate(foresight);
        return Arrays.stream(means).map(mean -> Arrays.copyOf(mean, actionSize)).toArray(double[][]::new);
    }

    /** The present plan: what {@link #next} has chosen to do last, and after it; horizon × action. */
    public double[][] plan(int environment) {
        return IntStream.range(0, planner.horizon())
            .mapToObj(t -> Arrays.copyOfRange(means[environment], t * actionSize, (t + 1) * actionSize)).toArray(double[][]::new);
    }

    /** Forgets the plan of an environment whose episode has ended. */
    public void ended(int environment) {
        Arrays.fill(means[environment], 0);
    }

    private void shoot(Foresight foresight) {
        for (int i = 0; i < environments; i++) {
            RandomStream random = streams[i];
            float[] values = sequences.values();
            int first = sequences.at(i, 0, 0), end = first + planner.candidates() * length;
            for (int k = first; k < end; k++) values[k] = 2 * random.nextFloat() - 1;
        }
        double[] returns = returns(foresight);
        for (int i = 0; i < environments; i++) means[i] = sequence(i, best(returns, i));
    }

    private void concentrate(Foresight foresight) {
        for (int i = 0; i < environments; i++) {
            // one step has passed; there is nothing yet for the new last one
            System.arraycopy(means[i], actionSize, means[i], 0, length - actionSize);
            Arrays.fill(means[i], length - actionSize, length, 0);
            Arrays.fill(variances[i], planner.deviation() * planner.deviation());
        }
        double[][] best = new double[environments][];
        double[] most = new double[environments];
        for (int iteration = 0; iteration < planner.iterations(); iteration++) {
            for (int i = 0; i < environments; i++) draw(i);
            double[] returns = returns(foresight);
            for (int i = 0; i < environments; i++) {
                int[] ranked = ranked(returns, i);
                follow(i, ranked);
                double earned = returns[i * planner.candidates() + ranked[0]];
                if (best[i] != null && earned <= most[i]) continue;
                most[i] = earned;
                best[i] = sequence(i, ranked[0]);
            }
        }
        if (planner.best()) System.arraycopy(best, 0, means, 0, environments);
    }

    private double[] sequence(int environment, int candidate) {
        int first = sequences.at(environment, candidate, 0);
        return IntStream.range(first, first + length).mapToDouble(k -> sequences.values()[k]).toArray();
    }

    private void draw(int environment) {
        double[] mean = means[environment], deviation = Arrays.stream(variances[environment]).map(Math::sqrt).toArray();
        double kept = planner.correlation(), fresh = Math.sqrt(1 - kept * kept);
        RandomStream random = streams[environment];
        double[] noise = new double[length];
        int at = sequences.at(environment, 0, 0);
        for (int candidate = 0; candidate < planner.candidates(); candidate++)
            for (int k = 0; k < length; k++) {
                // μ itself is tried, too, where the best is taken, so that noise does not spoil a plan that is good already
                double drawn = candidate == 0 && planner.best() ? 0 : random.nextGaussian();
                noise[k] = k < actionSize ? drawn : kept * noise[k - actionSize] + fresh * drawn;
                sequences.values()[at++] = (float) Math.max(-1, Math.min(1, mean[k] + deviation[k] * noise[k]));
            }
    }

    /** Mean and variance go towards those of the best. */
    private void follow(int environment, int[] ranked) {
        double kept = planner.smoothing(), least = planner.least() * planner.least();
        int n = Math.min(planner.elites(), ranked.length);
        int[] rows = IntStream.range(0, n).map(e -> sequences.at(environment, ranked[e], 0)).toArray();
        for (int k = 0; k < length; k++) {
            double sum = 0, squares = 0;
            for (int row : rows) sum += sequences.values()[row + k];
            double mean = sum / n;
            for (int row : rows) squares += Math.pow(sequences.values()[row + k] - mean, 2);
            means[environment][k] = kept * means[environment][k] + (1 - kept) * mean;
            variances[environment][k] = Math.max(least, kept * variances[environment][k] + (1 - kept) * squares / n);
        }
    }

    private double[] returns(Foresight foresight) {
        double[] returns = foresight.returns(sequences);
        int expected = environments * planner.candidates();
        if (returns == null || returns.length != expected)
            throw new IllegalStateException(
                "the foresight gave " + (returns == null ? "null" : returns.length + " returns") + ", expected " + expected
                    + ": one per candidate, " + planner.candidates() + " for each of " + environments + " environments");
        return returns;
    }

    private int best(double[] returns, int environment) {
        int first = environment * planner.candidates(), best = -1;
        for (int c = 0; c < planner.candidates(); c++)
            if (Double.isFinite(returns[first + c]) && (best < 0 || returns[first + c] > returns[first + best])) best = c;
        DivergedException.requireForeseen(best >= 0, planner.candidates(), returns[first], environment);
        return best;
    }

    /** The candidates of one environment whose returns are finite, the best first. */
    private int[] ranked(double[] returns, int environment) {
        int first = environment * planner.candidates();
        int[] ranked = IntStream.range(0, planner.candidates()).filter(c -> Double.isFinite(returns[first + c])).boxed()
            .sorted(Comparator.comparingDouble(c -> -returns[first + c])).mapToInt(c -> c).toArray();
        DivergedException.requireForeseen(ranked.length > 0, planner.candidates(), returns[first], environment);
        return ranked;
    }
}
