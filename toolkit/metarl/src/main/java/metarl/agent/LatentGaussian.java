package metarl.agent;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import metarl.basics.Require;

/**
 * A Gaussian with independent entries: what is believed of a latent variable z that stands for a task.
 *
 * @param mean μ, an entry per dimension
 * @param variance σ², as many, all above 0
 */
public record LatentGaussian(double[] mean, double[] variance) {
    /** Checks the lengths and keeps copies. */
    public LatentGaussian {
        Require.that(mean.length >= 1 && mean.length == variance.length, "entries of mean and variance",
            mean.length + " and " + variance.length, "as many, at least 1");
        Require.finite("mean", mean);
        for (double v : variance) Require.number(v, v > 0, "variance", "above 0");
        mean = mean.clone();
        variance = variance.clone();
    }

    /** N(0, I). */
    public static LatentGaussian standard(int size) {
        return new LatentGaussian(new double[size], DoubleStream.generate(() -> 1).limit(size).toArray());
    }

    /** The normalised product of Gaussian factors: 1/σ² = Σ 1/σₙ², μ = σ² Σ μₙ/σₙ²; their order says nothing. */
    public static LatentGaussian product(List<LatentGaussian> factors) {
        Require.that(!factors.isEmpty(), "the number of factors", 0, "at least 1");
        double[] mean = new double[factors.get(0).size()], variance = new double[mean.length];
        for (LatentGaussian factor : factors)
            for (int j = 0; j < mean.length; j++) {
                variance[j] += 1 / factor.variance[j];
                mean[j] += factor.mean[j] / factor.variance[j];
            }
        for (int j = 0; j < mean.length; j++) {
            variance[j] = 1 / variance[j];
            mean[j] *= variance[j];
        }
        return new LatentGaussian(mean, variance);
    }

    /** Dimensions of z. */
    public int size() {
        return mean.length;
    }

    /** σ of every dimension. */
    public double[] deviations() {
        return Arrays.stream(variance).map(Math::sqrt).toArray();
    }

    /** The mean of σ over the dimensions: 1 where nothing is known, near 0 where the task is. */
    public double spread() {
        return Arrays.stream(deviations()).average().orElseThrow();
    }

    /** KL(this ‖ N(0, I)) = ½ Σ (μ² + σ² − 1 − log σ²), in nats: how much has been learned about the task. */
    public double divergence() {
        double sum = 0;
        for (int j = 0; j < mean.length; j++) sum += mean[j] * mean[j] + variance[j] - 1 - Math.log(variance[j]);
        return sum / 2;
    }

    /** A draw of z. */
    public double[] draw(RandomGenerator random) {
        double[] z = new double[mean.length];
        for (int j = 0; j < z.length; j++) z[j] = mean[j] + Math.sqrt(variance[j]) * random.nextGaussian();
        return z;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof LatentGaussian g && Arrays.equals(mean, g.mean) && Arrays.equals(variance, g.variance);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(mean) + 31 * Arrays.hashCode(variance);
    }

    @Override
    public String toString() {
        return "mean " + Arrays.toString(mean) + ", variance " + Arrays.toString(variance);
    }
}
