package metarl.diagnose.sequential;

/** Learnt ratios within the reach of two critics. */
record IntervalWeight(double[] low, double[] high, DynamicsWeight learnt, boolean tight) implements DynamicsWeight {
    IntervalWeight {
        if (low.length != high.length || low.length != learnt.steps())
            throw new IllegalArgumentException("given " + low.length + " low values, " + high.length + " high values and " + learnt.steps()
                + " ratios; expected one of each per step");
        for (int t = 0; t < low.length; t++)
            if (!(low[t] <= high[t]) || Double.isInfinite(low[t]) || Double.isInfinite(high[t]))
                throw new IllegalArgumentException("the interval of step " + t + " is from " + low[t] + " to " + high[t]
                    + "; expected finite numbers, min and max of the critics");
    }

    @Override
    public String label() {
        return tight ? "tight interval" : "interval";
    }

    @Override
    public String caution() {
        return "Ratios are clipped to what the critics allow: where that bites the value is biased toward theirs"
            + (tight ? "." : ", halved as by the slides' optimum.");
    }

    @Override
    public double product(int step, double nextValue, double reward, double discount) {
        double least = OneStepWeight.product(low[step], reward, discount, !tight),
            most = OneStepWeight.product(high[step], reward, discount, !tight);
        return Math.max(least, Math.min(most, learnt.product(step, nextValue, reward, discount)));
    }

    @Override
    public int steps() {
        return learnt.steps();
    }

    @Override
    public double ratio(int step) {
        return learnt.ratio(step);
    }
}
