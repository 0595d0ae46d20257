package metarl.agent.gradient;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import metarl.basics.Require;
import metarl.basics.StoredNumbers;
import metarl.data.Trajectory;
import metarl.nn.ActionDistribution;

/**
 * Episodes of several tasks, ready for a policy gradient: per task the steps of all its episodes, one after the other, filled up to equally
 * many rows.
 *
 * @param tasks how many tasks
 * @param rows steps of the task that has most
 * @param observations tasks × rows × observation size
 * @param actions tasks × rows × entries of an encoded action
 * @param advantages tasks × rows, of mean 0 and variance 1 in every task; 0 where there is no step
 * @param weights tasks × rows: 1 / steps of the task; 0 where there is no step, so that sums are means and padding counts nothing
 * @param meanReturn undiscounted, over all episodes
 * @param starts tasks × rows: in which of its task's rows a row's episode begins; empty where it was not stored
 */
record EpisodeBatch(int tasks, int rows, float[] observations, float[] actions, float[] advantages, float[] weights, double meanReturn,
    int[] starts) {
    private static final String SMALLER = "tasksPerUpdate, episodesPerTask or the horizon";

    /**
     * Takes in episodes.
     *
     * @param perTask for every task at least one episode
     */
    static EpisodeBatch of(List<List<Trajectory>> perTask, ActionDistribution head, double discount, double lambda, double ridge) {
        int n = perTask.size(),
            rows = Require.length("the steps of a task", SMALLER, perTask.stream().mapToLong(EpisodeBatch::steps).max().orElse(0)),
            width = perTask.get(0).get(0).observation(0).length, f = head.encodedSize();
        var batch = new EpisodeBatch(n, rows, new float[all(n, rows, width)], new float[all(n, rows, f)], new float[all(n, rows, 1)],
            new float[all(n, rows, 1)],
            perTask.stream().flatMap(List::stream).mapToDouble(Trajectory::totalReward).average().orElse(Double.NaN),
            new int[all(n, rows, 1)]);
        for (int task = 0; task < n; task++) {
            List<Trajectory> episodes = perTask.get(task);
            double[] advantages = advantages(episodes, discount, lambda, ridge);
            int row = task * rows, at = 0;
            for (Trajectory episode : episodes) {
                int start = at;
                for (int t = 0; t < episode.length(); t++, row++, at++) {
                    batch.starts[row] = start;
                    for (int j = 0; j < width; j++) batch.observations[row * width + j] = (float) episode.observation(t)[j];
                    head.encode(episode.action(t), batch.actions, row * f);
                    batch.advantages[row] = (float) advantages[at];
                    batch.weights[row] = 1f / advantages.length;
                }
            }
        }
        return batch;
    }

    private static int all(int tasks, int rows, int width) {
        return Require.tensor("the episodes of a round", SMALLER, tasks, rows, width);
    }

    private static long steps(List<Trajectory> episodes) {
        return episodes.stream().mapToLong(Trajectory::length).sum();
    }

    /** Of all steps of one task's episodes, by a baseline fitted to the same episodes, brought to mean 0 and variance 1. */
    private static double[] advantages(List<Trajectory> episodes, double discount, double lambda, double ridge) {
        var baseline = LinearBaseline.fit(episodes, discount, ridge);
        double[] all = episodes.stream().flatMapToDouble(e -> {
            double[] rewards = new double[e.length()];
            for (int t = 0; t < rewards.length; t++) rewards[t] = e.step(t).reward();
            return Arrays.stream(Advantages.generalized(rewards, baseline.values(e), discount, lambda));
        }).toArray();
        double mean = Arrays.stream(all).average().orElse(0);
        double deviation = Math.sqrt(Arrays.stream(all).map(a -> (a - mean) * (a - mean)).average().orElse(0)) + 1e-8;
        return Arrays.stream(all).map(a -> (a - mean) / deviation).toArray();
    }

    /** Writes it; the starts of episodes only for objectives that ask for them. */
    void save(DataOutputStream out, boolean withStarts) throws IOException {
        out.writeInt(tasks);
        out.writeInt(rows);
        out.writeDouble(meanReturn);
        for (float[] values : new float[][] {observations, actions, advantages, weights}) StoredNumbers.writeCounted(out, values);
        if (withStarts) StoredNumbers.writeCounted(out, starts);
    }

    static EpisodeBatch load(DataInputStream in, boolean withStarts) throws IOException {
        int tasks = in.readInt(), rows = in.readInt();
        double meanReturn = in.readDouble();
        float[][] arrays = new float[4][];
        for (int k = 0; k < arrays.length; k++) arrays[k] = StoredNumbers.readCounted(in);
        int[] starts = withStarts ? StoredNumbers.readCounted(in, 0, rows - 1) : new int[0];
        long steps = (long) tasks * rows;
        boolean fits = tasks >= 1 && rows >= 1 && arrays[0].length % steps == 0 && arrays[1].length % steps == 0
            && arrays[2].length == steps
            && arrays[3].length == steps && (!withStarts || starts.length == steps);
        if (!fits) throw new IOException("the stored episodes of " + tasks + " tasks in " + rows + " rows do not fit together");
        return new EpisodeBatch(tasks, rows, arrays[0], arrays[1], arrays[2], arrays[3], meanReturn, starts);
    }
}
