package metarl.agent.transfer;

import java.util.List;
import metarl.basics.Require;

/**
 * How well embeddings of several tasks keep apart: whether the nearest of the known ones is of the same task.
 */
public final class NearestNeighbour {
    private NearestNeighbour() {}

    /**
     * The share of the asked embeddings whose nearest known one, by Euclidean distance, is of their own task.
     *
     * @param known of each task its embeddings, n × size, flat, as {@link FittedContextModel#embeddings} gives them
     * @param asked the same, of other episodes
     * @param size entries of an embedding
     * @return from 0 to 1; 1 / tasks is what guessing gives
     */
    public static double accuracy(List<float[]> known, List<float[]> asked, int size) {
        Require.count(size, 1, "size", "at least 1 entry of an embedding");
        Require.that(known.size() == asked.size(), "the number of tasks that are asked for", asked.size(),
            known.size() + ", as many as are known");
        for (List<float[]> all : List.of(known, asked))
            for (float[] rows : all) Require.that(rows.length > 0 && rows.length % size == 0, "the number of values of a task", rows.length,
                "one or more embeddings of " + size + " entries");
        int right = 0, count = 0;
        for (int task = 0; task < asked.size(); task++)
            for (int at = 0; at < asked.get(task).length; at += size, count++)
                if (nearest(known, asked.get(task), at, size) == task) right++;
        return (double) right / count;
    }

    private static int nearest(List<float[]> known, float[] asked, int from, int size) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int task = 0; task < known.size(); task++) {
            float[] rows = known.get(task);
            for (int at = 0; at < rows.length; at += size) {
                double distance = 0;
                for (int j = 0; j < size; j++) distance += (double) (rows[at + j] - asked[from + j]) * (rows[at + j] - asked[from + j]);
                if (distance < least) {
                    least = distance;
                    nearest = task;
                }
            }
        }
        return nearest;
    }
}
