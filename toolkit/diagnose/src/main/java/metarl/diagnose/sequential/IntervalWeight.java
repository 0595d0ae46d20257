package metarl.diagnose.sequential;

/** Learnt ratios within the reach of two critics. */
record IntervalWeight(double[] low, double[] high, double[] ratios, boolean tight) implements DynamicsWeight {
    IntervalWeight {
        if (low.length != high.length || low.length != ratios.length)
            throw new IllegalArgumentException("given " + low.length + " low values, " + high.length + " high values and " + ratios.length
                + " ratios; expected one of each per step");
        // refuses ratios that are none
        DynamicsWeight.known(ratios);
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
        double learnt = discount * ratios[step] * nextValue;
        return Math.max(end(low[step], reward, discount), Math.min(end(high[step], reward, discount), learnt));
    }

    private double end(double value, double reward, double discount) {
        return tight ? discount * value : (discount * value - reward) / 2;
    }

    @Override
    public int steps() {
        return ratios.length;
    }

    @Override
    public double ratio(int step) {
        return ratios[step];
    }
}
