package metarl.agent.hindsight;

/** What a learner says best of many states at once, as networks do; of one state it says the same. */
public interface ValuesOfMany extends TaskValues {
    @Override
    double[] values(int task, double[][] observations);

    @Override
    double[] actionValues(int task, double[][] observations, double[][] actions);

    @Override
    double[] logDensities(int task, double[][] observations, double[][] actions);

    @Override
    default double value(int task, double[] observation) {
        return values(task, new double[][] {observation})[0];
    }

    @Override
    default double actionValue(int task, double[] observation, double[] action) {
        return actionValues(task, new double[][] {observation}, new double[][] {action})[0];
    }

    @Override
    default double logDensity(int task, double[] observation, double[] action) {
        return logDensities(task, new double[][] {observation}, new double[][] {action})[0];
    }
}
