package metarl.nn;

/**
 * Actions of real numbers: outputs are one mean for each, then the logarithms of the standard deviations; an action is encoded as itself.
 */
interface RealActions extends ActionDistribution {
    /** Numbers in an action. */
    int size();

    @Override
    default int outputs() {
        return 2 * size();
    }

    @Override
    default int encodedSize() {
        return size();
    }

    @Override
    default void encode(double[] action, float[] to, int at) {
        for (int j = 0; j < size(); j++) to[at + j] = (float) action[j];
    }
}
