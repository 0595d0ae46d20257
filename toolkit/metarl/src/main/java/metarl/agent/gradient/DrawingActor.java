package metarl.agent.gradient;

import metarl.agent.Policy;
import metarl.basics.RandomStream;

/** Draws its actions from distributions, and tells how likely they were. */
abstract class DrawingActor implements Policy.Actor {
    private final RandomStream random;
    private DistributionRows.Draws last;

    DrawingActor(RandomStream random) {
        this.random = random;
    }

    /** A distribution for each environment; a memory takes the observations in. */
    abstract DistributionRows rows(double[][] observations);

    @Override
    public double[][] act(double[][] observations) {
        last = rows(observations).draw(random);
        return last.actions();
    }

    @Override
    public double[] logDensities() {
        return last.logDensities();
    }

    @Override
    public double[] logDensities(double[][] observations, double[][] actions) {
        return rows(observations).logDensities(actions);
    }
}
