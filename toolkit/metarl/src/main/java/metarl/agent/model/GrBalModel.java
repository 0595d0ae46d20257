package metarl.agent.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import metarl.agent.Problem;
import metarl.agent.meta.InnerLoss;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.nn.Gradients;
import metarl.nn.Mlp;
import metarl.nn.Normalizer;
import metarl.nn.StepsAhead;

/**
 * What a step leads to, as a function of parameters: f_θ(x̂) = ŷ, where x is observation and action, and y the change of the observation
 * and, after it, what else is foretold ({@link Payments#heads}). Models of many environments or runs are evaluated at once, each with
 * parameters of its own, by one batched product per layer.
 *
 * @param observationSize numbers in an observation
 * @param network f, from x̂ to ŷ
 */
record GrBalModel(int observationSize, Mlp network) {
    /** The model for a problem, with this width and number of hidden layers. */
    static GrBalModel of(Problem problem, int hidden, int layers, int heads) {
        int[] widths = new int[layers];
        Arrays.fill(widths, hidden);
        int o = problem.observationSize();
        return new GrBalModel(o, Mlp.of(o + problem.actionSize(), widths, o + heads));
    }

    /** Units of x and of y. */
    record Units(Normalizer inputs, Normalizer targets) {
        /** Means and deviations of x, then of y, to be kept in a state. */
        double[] numbers() {
            float[][] all = {inputs.means(), inputs.deviations(), targets.means(), targets.deviations()};
            double[] numbers = new double[2 * all[0].length + 2 * all[2].length];
            int at = 0;
            for (float[] part : all) for (float v : part) numbers[at++] = v;
            return numbers;
        }

        static Units of(double[] numbers, Mlp network) {
            int x = network.inputs(), y = network.outputs();
            return new Units(new Normalizer(part(numbers, 0, x), part(numbers, x, x)),
                new Normalizer(part(numbers, 2 * x, y), part(numbers, 2 * x + y, y)));
        }

        private static float[] part(double[] numbers, int from, int size) {
            float[] part = new float[size];
            for (int i = 0; i < size; i++) part[i] = (float) numbers[from + i];
            return part;
        }
    }

    /** Units that change nothing. */
    Units noUnits() {
        return new Units(Normalizer.none(network.inputs()), Normalizer.none(network.outputs()));
    }

    /** x and y of steps, flat, row after row. */
    record Rows(float[] inputs, float[] targets) {}

    /** Of the steps of a batch. */
    Rows rows(Batch batch, Payments payments) {
        int o = observationSize, in = network.inputs(), a = in - o, out = network.outputs(), n = batch.size();
        var rows = new Rows(new float[Require.tensor("the steps of a batch", "runsPerUpdate", n, in)],
            new float[Require.tensor("the steps of a batch", "runsPerUpdate", n, out)]);
        for (int i = 0; i < n; i++) {
            System.arraycopy(batch.observations(), i * o, rows.inputs, i * in, o);
            System.arraycopy(batch.actions(), i * a, rows.inputs, i * in + o, a);
            for (int j = 0; j < o; j++)
                rows.targets[i * out + j] = batch.nextObservations()[i * o + j] - batch.observations()[i * o + j];
            payments.copyHeads(batch, i, rows.targets, i * out + o);
        }
        return rows;
    }

    /**
     * Steps as arrays, in units: x̂ and ŷ, models × steps × entries, and how much each step counts, models × steps × 1.
     */
    record Steps(NDArray inputs, NDArray targets, NDArray weights) {}

    /**
     * A part of the rows of each of several runs, in units.
     *
     * @param runs how many runs of equally many rows there are
     * @param from the first row of each
     * @param count how many of each; their weights are 1 / count
     */
    Steps steps(Rows rows, int runs, int from, int count, Units units, NDManager scope) {
        int length = rows.inputs.length / network.inputs() / runs;
        float[] weights = new float[runs * count];
        Arrays.fill(weights, 1f / count);
        return new Steps(normalized(rows.inputs, units.inputs, runs, length, from, count, scope),
            normalized(rows.targets, units.targets, runs, length, from, count, scope), scope.create(weights, new Shape(runs, count, 1)));
    }

    private static NDArray normalized(float[] rows, Normalizer units, int runs, int length, int from, int count, NDManager scope) {
        int width = units.means().length;
        float[] part = new float[runs * count * width];
        for (int k = 0; k < part.length; k++) {
            int entry = k % width, row = k / width, run = row / count;
            float raw = rows[(run * length + from + row % count) * width + entry];
            part[k] = (raw - units.means()[entry]) / units.deviations()[entry];
        }
        return scope.create(part, new Shape(runs, count, width));
    }

    /** The mean over entries of (f(x̂) − ŷ)², models × steps × 1. */
    NDArray errors(Steps steps, NDList stacked) {
        return network.forwardEach(steps.inputs, stacked).sub(steps.targets).square().mean(new int[] {2}, true);
    }

    /** The sum over models of L of their steps. */
    InnerLoss loss(Steps steps) {
        return stacked -> errors(steps, stacked).mul(steps.weights).sum();
    }

    /** The sum over models of L, as a number. */
    double error(Steps steps, NDList stacked) {
        return Gradients.unrecorded(() -> (double) loss(steps).of(stacked).getFloat());
    }

    /** The model for looking many steps ahead. */
    StepsAhead ahead(Units units) {
        return new StepsAhead(network, units.inputs, units.targets);
    }
}
