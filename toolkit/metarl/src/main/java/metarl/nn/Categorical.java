package metarl.nn;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;
import metarl.basics.Require;

/**
 * One of a number of choices: outputs are the logits l, π(a) = exp(l_a) / Σ_b exp(l_b). An action is the number of a choice from 0 on,
 * encoded one-hot.
 *
 * @param count how many choices
 */
public record Categorical(int count) implements ActionDistribution {
    /** Checks the number. */
    public Categorical {
        Require.count(count, 1, "count", "at least 1 choice");
    }

    @Override
    public int outputs() {
        return count;
    }

    @Override
    public int encodedSize() {
        return count;
    }

    @Override
    public void encode(double[] action, float[] to, int at) {
        to[at + (int) action[0]] = 1;
    }

    @Override
    public Draw draw(float[] outputs, int from, RandomGenerator random) {
        double largest = outputs[from + (int) mode(outputs, from)[0]], total = 0;
        double[] cumulative = new double[count];
        for (int a = 0; a < count; a++) cumulative[a] = total += Math.exp(outputs[from + a] - largest);
        double u = random.nextDouble() * total;
        int a = 0;
        while (a < count - 1 && cumulative[a] <= u) a++;
        return new Draw(new double[] {a}, outputs[from + a] - largest - Math.log(total));
    }

    @Override
    public double[] mode(float[] outputs, int from) {
        int best = 0;
        for (int a = 1; a < count; a++) if (outputs[from + a] > outputs[from + best]) best = a;
        return new double[] {best};
    }

    @Override
    public double logProbability(float[] outputs, int from, double[] action) {
        double largest = outputs[from + (int) mode(outputs, from)[0]], total = 0;
        for (int a = 0; a < count; a++) total += Math.exp(outputs[from + a] - largest);
        return outputs[from + (int) action[0]] - largest - Math.log(total);
    }

    @Override
    public NDArray logProbability(NDArray outputs, NDArray actions) {
        return outputs.logSoftmax(1).mul(actions).sum(new int[] {1}, true);
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
