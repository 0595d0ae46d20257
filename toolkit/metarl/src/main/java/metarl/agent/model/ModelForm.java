package metarl.agent.model;

import metarl.agent.Problem;
import metarl.agent.model.DynamicsModel.Units;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.env.Step;
import metarl.nn.Normalizer;

/**
 * What a model of the dynamics reads and says of a step: x is observation and action, y the change of the observation and, after it, what
 * else is foretold ({@link Payments#heads}).
 *
 * @param observationSize numbers in an observation
 * @param inputs numbers in x
 * @param outputs numbers in y
 */
record ModelForm(int observationSize, int inputs, int outputs) {
    static ModelForm of(Problem problem, int heads) {
        int o = problem.observationSize();
        return new ModelForm(o, o + problem.actionSize(), o + heads);
    }

    /** Numbers in an action. */
    int actionSize() {
        return inputs - observationSize;
    }

    /** Units that change nothing. */
    Units noUnits() {
        return new Units(Normalizer.none(inputs), Normalizer.none(outputs));
    }

    /** x and y of steps, flat, row after row. */
    record Rows(float[] inputs, float[] targets) {}

    /** Units in which all entries of x and of y have mean 0 and deviation 1 over these rows. */
    Units unitsOf(Rows rows) {
        return new Units(Normalizer.of(rows.inputs, inputs), Normalizer.of(rows.targets, outputs));
    }

    /** Zeros for so many steps. */
    Rows rows(int steps) {
        return new Rows(new float[Require.tensor("the steps of a batch", "runsPerUpdate", steps, inputs)],
            new float[Require.tensor("the steps of a batch", "runsPerUpdate", steps, outputs)]);
    }

    /** Of the steps of a batch. */
    Rows rows(Batch batch, Payments payments) {
        int o = observationSize, in = inputs, a = actionSize(), out = outputs, n = batch.size();
        Rows rows = rows(n);
        for (int i = 0; i < n; i++) {
            System.arraycopy(batch.observations(), i * o, rows.inputs, i * in, o);
            System.arraycopy(batch.actions(), i * a, rows.inputs, i * in + o, a);
            for (int j = 0; j < o; j++)
                rows.targets[i * out + j] = batch.nextObservations()[i * o + j] - batch.observations()[i * o + j];
            payments.copyHeads(batch, i, rows.targets, i * out + o);
        }
        return rows;
    }

    /** Writes x and y of one step into their rows. */
    void write(double[] observation, double[] action, Step step, Payments payments, Rows rows, int row) {
        int o = observationSize;
        for (int j = 0; j < inputs; j++) rows.inputs[row * inputs + j] = (float) (j < o ? observation[j] : action[j - o]);
        for (int j = 0; j < o; j++)
            rows.targets[row * outputs + j] = (float) step.observation()[j] - (float) observation[j];
        payments.copyHeads(step, rows.targets, row * outputs + o);
    }
}
