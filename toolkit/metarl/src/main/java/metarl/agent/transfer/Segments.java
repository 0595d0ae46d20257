package metarl.agent.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.random.RandomGenerator;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.nn.SegmentLoss;

/** Two batches of segments, one after the other: the history before each, and the steps of it that are looked at. */
final class Segments {
    private final ContextModel settings;
    private final int observationSize;
    private final int actionSize;
    private final float[] histories;
    private final float[] inputs;
    private final float[] changes;

    Segments(ContextModel settings, int observationSize, int actionSize) {
        this.settings = settings;
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        int n = 2 * settings.batchSize(), steps = Require.length("the steps of an update", "batchSize", n, settings.stepsDrawn());
        histories = settings.contextSize() == 0 ? null : new float[Require.tensor("the histories of an update", "batchSize or history", n,
            settings.history(), actionSize + observationSize)];
        inputs = new float[Require.tensor("the steps of an update", "batchSize", steps, observationSize + actionSize)];
        changes = new float[steps * observationSize];
    }

    /** Draws one of the two batches. */
    void draw(int which, MetaReplay data, int task, RandomGenerator random) {
        int n = settings.batchSize(), ahead = settings.ahead(), drawn = settings.stepsDrawn();
        Batch runs = data.sampleRuns(task, n, ahead, random);
        for (int i = 0; i < n; i++) {
            int[] steps = steps(ahead, drawn, random);
            for (int k = 0; k < drawn; k++) copy(runs, i * ahead + steps[k], (which * n + i) * drawn + k);
        }
        if (histories == null) return;
        int[] starts = new int[n];
        for (int i = 0; i < n; i++) starts[i] = i * ahead;
        float[] before = before(data, runs.rows(starts), settings.history());
        System.arraycopy(before, 0, histories, which * before.length, before.length);
    }

    /** Some of the steps 0 … ahead − 1, without replacement. */
    private static int[] steps(int ahead, int drawn, RandomGenerator random) {
        int[] steps = new int[ahead];
        for (int k = 0; k < ahead; k++) steps[k] = k;
        for (int k = 0; k < drawn && drawn < ahead; k++) {
            int other = k + random.nextInt(ahead - k), step = steps[other];
            steps[other] = steps[k];
            steps[k] = step;
        }
        return steps;
    }

    private void copy(Batch runs, int from, int to) {
        int o = observationSize, a = actionSize;
        System.arraycopy(runs.observations(), from * o, inputs, to * (o + a), o);
        System.arraycopy(runs.actions(), from * a, inputs, to * (o + a) + o, a);
        for (int j = 0; j < o; j++) changes[to * o + j] = runs.nextObservations()[from * o + j] - runs.observations()[from * o + j];
    }

    /** The K steps before each row, without the row's own. */
    static float[] before(MetaReplay data, Batch rows, int history) {
        float[] all = data.histories(rows, history);
        int n = rows.size(), width = all.length / Math.max(1, n) / (history + 1) * history, step = all.length / Math.max(1, n);
        float[] before = new float[n * width];
        for (int i = 0; i < n; i++) System.arraycopy(all, i * step, before, i * width, width);
        return before;
    }

    SegmentLoss.Segments in(NDManager scope) {
        return new SegmentLoss.Segments(histories == null ? null : rows(histories, 2 * settings.batchSize(), scope),
            rows(inputs, 2 * settings.batchSize() * settings.stepsDrawn(), scope),
            rows(changes, 2 * settings.batchSize() * settings.stepsDrawn(), scope));
    }

    private static NDArray rows(float[] values, int rows, NDManager scope) {
        return scope.create(values, new Shape(rows, values.length / rows));
    }
}
