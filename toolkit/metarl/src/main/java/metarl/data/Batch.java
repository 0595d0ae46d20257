package metarl.data;

/**
 * Sampled transitions as flat arrays, row after row, ready to become tensors: what every off-policy method needs.
 * {@link MetaReplay#withContext} adds what happened before them.
 *
 * @param size number of rows n
 * @param observations n × observation size
 * @param actions n × action size
 * @param rewards n
 * @param nextObservations n × observation size
 * @param notTerminated n, 1 where the next observation's value counts and 0 where the episode ended for good
 * @param outcomes n × outcome size, the task-independent quantities that the reward of any task of the family reads
 * @param tasks n, the number of each row's task
 * @param positions n, how many transitions its task's buffer had taken in before the row's own: where the replay finds it again
 */
public record Batch(int size, float[] observations, float[] actions, float[] rewards, float[] nextObservations, float[] notTerminated,
    float[] outcomes, int[] tasks, long[] positions) {
    /** Some of the rows, in this order; a row may be taken twice. */
    public Batch rows(int... which) {
        int n = which.length;
        var taken = new Batch(n, gathered(observations, which), gathered(actions, which), gathered(rewards, which),
            gathered(nextObservations, which), gathered(notTerminated, which), gathered(outcomes, which), new int[n], new long[n]);
        for (int i = 0; i < n; i++) {
            taken.tasks[i] = tasks[which[i]];
            taken.positions[i] = positions[which[i]];
        }
        return taken;
    }

    private float[] gathered(float[] values, int... which) {
        int width = size == 0 ? 0 : values.length / size;
        float[] taken = new float[which.length * width];
        for (int i = 0; i < which.length; i++) System.arraycopy(values, which[i] * width, taken, i * width, width);
        return taken;
    }
}
