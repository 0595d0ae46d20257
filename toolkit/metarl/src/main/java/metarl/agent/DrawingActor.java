package metarl.agent;

import metarl.basics.RandomStream;

/** An actor whose actions are drawn from distributions, so that it can tell how likely each of them was. */
public abstract class DrawingActor implements Policy.Actor {
    private final RandomStream random;
    private DistributionRows.Draws last;

    /** Draws from this. */
    protected DrawingActor(RandomStream random) {
        this.random = random;
    }

    /** The distribution in every environment; where there is a memory, this is one step more of it. */
    protected abstract DistributionRows rows(double[][] observations);

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
