package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.nn.Gaussian;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.Sections;
import metarl.nn.VarianceBounds;

/**
 * What a step leads to, with its uncertainty, as a function of parameters: one network of a probabilistic ensemble (Chua et al. 2018,
 * PETS).
 *
 * <p>Inputs x are observation and action, targets y the change of the observation s' − s and, if asked for, the reward behind it. The
 * network sees x̂ and says mean and log variance of ŷ, each brought to mean 0 and deviation 1 over the data: p(ŷ | x̂) = Π_j N(ŷ_j; μ_j,
 * exp v_j). Log variances have soft bounds ({@link VarianceBounds}), and a penalty draws these together.
 *
 * <p>Different from the authors' code: there targets are in their own units, and the likelihood is a mean over the entries of y without its
 * constants, so that the penalty of the bounds weighs about as much for two entries, and less for more.
 *
 * @param observationSize numbers in s
 * @param actionSize numbers in a
 * @param withReward whether the reward is among the targets
 * @param network from x̂ to the means and then the unbounded log variances of ŷ
 */
public record DynamicsModel(int observationSize, int actionSize, boolean withReward, Mlp network) {
    /** Names of the sections. */
    public static final String NETWORK = "network", LARGEST = VarianceBounds.LARGEST, LEAST = VarianceBounds.LEAST;

    /** Checks the sizes. */
    public DynamicsModel {
        Require.count(observationSize, 1, "observationSize", "at least 1");
        Require.count(actionSize, 1, "actionSize", "at least 1");
        int inputs = observationSize + actionSize, outputs = 2 * (observationSize + (withReward ? 1 : 0));
        Require.that(network.inputs() == inputs, "inputs of the network", network.inputs(), inputs + ": observation and action");
        Require.that(network.outputs() == outputs, "outputs of the network", network.outputs(),
            outputs + ": a mean and a log variance per target");
    }

    /** With hidden layers of these widths; none: means and log variances are linear. */
    public static DynamicsModel of(int observationSize, int actionSize, boolean withReward, Mlp.Activation activation, int... hidden) {
        int outputs = 2 * (observationSize + (withReward ? 1 : 0));
        int[] widths = IntStream
            .concat(IntStream.concat(IntStream.of(observationSize + actionSize), IntStream.of(hidden)), IntStream.of(outputs))
            .toArray();
        return new DynamicsModel(observationSize, actionSize, withReward, Mlp.of(activation, widths));
    }

    /**
     * The units of inputs and targets.
     *
     * @param inputs of x
     * @param targets of y
     */
    public record Units(Normalizer inputs, Normalizer targets) {
        /** Those of the data, flat rows of x and of y. */
        public static Units of(DynamicsModel model, float[] inputs, float[] targets) {
            return new Units(Normalizer.of(inputs, model.network.inputs()), Normalizer.of(targets, model.targetSize()));
        }

        /** Means and deviations of x, then of y, to be kept in a state. */
        public double[] numbers() {
            double[] numbers = new double[2 * (inputs.means().length + targets.means().length)];
            int at = 0;
            for (Normalizer units : new Normalizer[] {inputs, targets}) {
                for (float mean : units.means()) numbers[at++] = mean;
                for (float deviation : units.deviations()) numbers[at++] = deviation;
            }
            return numbers;
        }

        /** What {@link #numbers} kept, of so many entries of x and of y. */
        public static Units of(double[] numbers, int inputs, int targets) {
            return new Units(new Normalizer(part(numbers, 0, inputs), part(numbers, inputs, inputs)),
                new Normalizer(part(numbers, 2 * inputs, targets), part(numbers, 2 * inputs + targets, targets)));
        }

        private static float[] part(double[] numbers, int from, int size) {
            float[] part = new float[size];
            for (int i = 0; i < size; i++) part[i] = (float) numbers[from + i];
            return part;
        }
    }

    /**
     * Normal distributions of independent entries, a row each.
     *
     * @param means rows × targets
     * @param logVariances rows × targets
     */
    public record Prediction(NDArray means, NDArray logVariances) {
        /** log p(y) of each row, rows × 1. */
        public NDArray logProbability(NDArray targets) {
            return Gaussian.logProbability(means, logDeviations(), targets);
        }

        /** Draws μ + σ ε, functions of both; {@code noise} is ε, standard normal, rows × targets. */
        public NDArray sample(NDArray noise) {
            return logDeviations().exp().mul(noise).add(means);
        }

        private NDArray logDeviations() {
            return Gradients.scaled(logVariances, 0.5);
        }
    }

    /** What the parameters consist of. */
    public Sections sections() {
        return bounds().sections(Sections.of().and(NETWORK, network));
    }

    /** Numbers in y. */
    public int targetSize() {
        return observationSize + (withReward ? 1 : 0);
    }

    /** x of each row: s, rows × observation, and a, rows × action. */
    public NDArray inputs(NDArray observations, NDArray actions) {
        return observations.concat(actions, 1);
    }

    /** y of each row; {@code rewards}, rows × 1, are left out where they are no target. */
    public NDArray targets(NDArray observations, NDArray nextObservations, NDArray rewards) {
        NDArray change = nextObservations.sub(observations);
        return withReward ? change.concat(rewards, 1) : change;
    }

    /**
     * The distribution of y, in its own units.
     *
     * @param inputs x, rows × inputs
     * @param all the arrays of {@link #sections()}
     */
    public Prediction predict(NDArray inputs, Units units, NDList all) {
        Prediction p = normalized(inputs, units, all);
        return new Prediction(units.targets.restored(p.means), units.targets.restoredLogVariance(p.logVariances));
    }

    /**
     * −mean over rows of log p(ŷ | x̂) + 0.01 Σ_j (v_max − v_min), a scalar.
     *
     * @param inputs x, rows × inputs
     * @param targets y, rows × targets
     * @param all the arrays of {@link #sections()}
     */
    public NDArray loss(NDArray inputs, NDArray targets, Units units, NDList all) {
        NDArray likelihood = normalized(inputs, units, all).logProbability(units.targets.normalized(targets)).mean();
        return bounds().penalty(targets, sections(), all).sub(likelihood);
    }

    private VarianceBounds bounds() {
        return new VarianceBounds(targetSize());
    }

    private Prediction normalized(NDArray inputs, Units units, NDList all) {
        NDArray x = units.inputs.normalized(inputs);
        NDList halves = network.forward(x, sections().slice(NETWORK, all)).split(new long[] {targetSize()}, 1);
        return new Prediction(halves.get(0), VarianceBounds.bounded(halves.get(1), sections(), all));
    }
}
