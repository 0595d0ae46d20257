package metarl.agent.transfer;

import ai.djl.ndarray.NDManager;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import metarl.basics.Require;
import metarl.data.Batch;
import metarl.data.MetaReplay;
import metarl.nn.Rows;
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
        long values = (long) settings.history() * (actionSize + observationSize)
            + settings.stepsDrawn() * (2L * observationSize + actionSize);
        Require.heap(Require.times(Float.BYTES * (long) n, values), "an update of " + n + " segments", "batchSize or history");
        histories = settings.contextSize() == 0 ? null : new float[Require.tensor("the histories of an update", "batchSize or history", n,
            settings.history(), actionSize + observationSize)];
        inputs = new float[Require.tensor("the steps of an update", "batchSize", steps, observationSize + actionSize)];
        changes = new float[steps * observationSize];
    }

    /** Draws one of the two batches. */
    void draw(int which, MetaReplay data, int task, RandomGenerator random) {
        int n = settings.batchSize(), ahead = settings.ahead(), drawn = settings.stepsDrawn();
        Batch starts = data.sampleStarts(task, n, ahead, random), rows = data.later(starts, later(n, ahead, drawn, random));
        int o = observationSize, a = actionSize;
        for (int from = 0; from < rows.size(); from++) {
            int to = which * rows.size() + from;
            System.arraycopy(rows.observations(), from * o, inputs, to * (o + a), o);
            System.arraycopy(rows.actions(), from * a, inputs, to * (o + a) + o, a);
            for (int j = 0; j < o; j++) changes[to * o + j] = rows.nextObservations()[from * o + j] - rows.observations()[from * o + j];
        }
        if (histories == null) return;
        float[] before = before(data, starts, settings.history());
        System.arraycopy(before, 0, histories, which * before.length, before.length);
    }

    /** For each of n segments some of the steps 0 … ahead − 1, without replacement. */
    private static int[] later(int n, int ahead, int drawn, RandomGenerator random) {
        int[] all = new int[n * drawn], steps = IntStream.range(0, ahead).toArray();
        for (int i = 0; i < n; i++)
            for (int k = 0; k < drawn; k++) {
                // whatever their order is by now, the next is drawn from those not drawn yet
                int other = drawn == ahead ? k : k + random.nextInt(ahead - k), step = steps[other];
                steps[other] = steps[k];
                steps[k] = step;
                all[i * drawn + k] = step;
            }
        return all;
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
        return new SegmentLoss.Segments(histories == null ? null : Rows.ofCount(histories, 2 * settings.batchSize(), scope),
            Rows.ofCount(inputs, 2 * settings.batchSize() * settings.stepsDrawn(), scope),
            Rows.ofCount(changes, 2 * settings.batchSize() * settings.stepsDrawn(), scope));
    }
}
