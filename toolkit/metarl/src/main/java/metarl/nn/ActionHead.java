package metarl.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.random.RandomGenerator;

/** How a network's outputs become a distribution over actions. Rows are independent; features are what a network sees of an action. */
public sealed interface ActionHead permits ActionHead.Categorical, ActionHead.Gaussian {
    /** The distribution over this many choices, or over actions of this many real numbers. */
    static ActionHead of(int actionSize, boolean discrete) {
        return discrete ? new Categorical(actionSize) : new Gaussian(actionSize);
    }

    /** Outputs the network must have per row. */
    int outputs();

    /** Entries of an action as a network sees it. */
    int features();

    /** Writes what a network sees of an action. */
    void write(double[] action, float[] to, int at);

    /** Draws an action from one row of outputs that begins at {@code from}. */
    double[] sample(float[] outputs, int from, RandomGenerator random);

    /** The most likely action of that row. */
    double[] mode(float[] outputs, int from);

    /** log π(a) of each row, rows × 1. */
    NDArray logProbability(NDArray outputs, NDArray features);

    /** KL(old ‖ new) of each row, rows × 1. */
    NDArray divergence(NDArray old, NDArray outputs);

    /** Entropy of each row, rows × 1. */
    NDArray entropy(NDArray outputs);

    /** One of {@code count} choices: outputs are logits, π(a) = exp(l_a) / Σ exp(l). */
    record Categorical(int count) implements ActionHead {
        @Override
        public int outputs() {
            return count;
        }

        @Override
        public int features() {
            return count;
        }

        @Override
        public void write(double[] action, float[] to, int at) {
            to[at + (int) action[0]] = 1;
        }

        @Override
        public double[] sample(float[] outputs, int from, RandomGenerator random) {
            double largest = outputs[from + (int) mode(outputs, from)[0]], total = 0;
            double[] cumulative = new double[count];
            for (int a = 0; a < count; a++) cumulative[a] = total += Math.exp(outputs[from + a] - largest);
            double u = random.nextDouble() * total;
            int a = 0;
            while (a < count - 1 && cumulative[a] <= u) a++;
            return new double[] {a};
        }

        @Override
        public double[] mode(float[] outputs, int from) {
            int best = 0;
            for (int a = 1; a < count; a++) if (outputs[from + a] > outputs[from + best]) best = a;
            return new double[] {best};
        }

        @Override
        public NDArray logProbability(NDArray outputs, NDArray features) {
            return outputs.logSoftmax(1).mul(features).sum(new int[] {1}, true);
        }

        @Override
        public NDArray divergence(NDArray old, NDArray outputs) {
            return old.softmax(1).mul(old.logSoftmax(1).sub(outputs.logSoftmax(1))).sum(new int[] {1}, true);
        }

        @Override
        public NDArray entropy(NDArray outputs) {
            NDArray log = outputs.logSoftmax(1);
            return log.exp().mul(log).sum(new int[] {1}, true).neg();
        }
    }

    /** Real numbers: outputs are means, then log standard deviations: log π(a) = Σ −½ ((a − μ)/σ)² − log σ − ½ log 2π. */
    record Gaussian(int size) implements ActionHead {
        private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

        @Override
        public int outputs() {
            return 2 * size;
        }

        @Override
        public int features() {
            return size;
        }

        @Override
        public void write(double[] action, float[] to, int at) {
            for (int j = 0; j < size; j++) to[at + j] = (float) action[j];
        }

        @Override
        public double[] sample(float[] outputs, int from, RandomGenerator random) {
            double[] action = mode(outputs, from);
            for (int j = 0; j < size; j++) action[j] += Math.exp(outputs[from + size + j]) * random.nextGaussian();
            return action;
        }

        @Override
        public double[] mode(float[] outputs, int from) {
            double[] action = new double[size];
            for (int j = 0; j < size; j++) action[j] = outputs[from + j];
            return action;
        }

        /** Means and log standard deviations; the gradient of one split is half that of two slices. */
        private NDList halves(NDArray outputs) {
            return outputs.split(new long[] {size}, 1);
        }

        @Override
        public NDArray logProbability(NDArray outputs, NDArray features) {
            NDList halves = halves(outputs);
            return logProbability(halves.get(0), halves.get(1), features);
        }

        /** The same for means and log standard deviations that come apart; sums over the last axis, which stays. */
        public static NDArray logProbability(NDArray means, NDArray logDeviations, NDArray actions) {
            NDArray z = actions.sub(means).mul(logDeviations.neg().exp());
            return Gradients.scaled(z.square(), -0.5).sub(logDeviations).sub((float) HALF_LOG_TWO_PI).sum(new int[] {-1}, true);
        }

        @Override
        public NDArray divergence(NDArray old, NDArray outputs) {
            NDList before = halves(old), after = halves(outputs);
            NDArray was = before.get(1), is = after.get(1);
            NDArray squares = Gradients.scaled(was, 2).exp().add(before.get(0).sub(after.get(0)).square());
            return is.sub(was).add(Gradients.scaled(squares.mul(Gradients.scaled(is, -2).exp()), 0.5)).sub(0.5f).sum(new int[] {1}, true);
        }

        @Override
        public NDArray entropy(NDArray outputs) {
            return halves(outputs).get(1).add((float) (HALF_LOG_TWO_PI + 0.5)).sum(new int[] {1}, true);
        }
    }
}
