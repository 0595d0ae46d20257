package metarl.agent.value;

import java.util.stream.IntStream;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;

/**
 * What an adaptation took from the transitions of the train tasks, and how far it trusted them (MQL, eq. 19).
 *
 * @param weights β = p_new/p_old of old transitions, as they were used
 * @param rawEss effective sample size of the weights before clipping
 * @param ess effective sample size of the weights as used
 * @param taskWeights the mean β of each train task's transitions: which old tasks were worth most; NaN for a task without data
 * @param proximalCoefficient λ, the strength of the pull to the meta-trained networks
 * @param newTaskUpdates how many of the updates were on the new task's own episodes (eq. 18 of MQL); they come first
 */
public record OldData(ImportanceWeights weights, Ess rawEss, Ess ess, double[] taskWeights, double proximalCoefficient,
    int newTaskUpdates) {
    /** The train tasks with old data, by number, the most valuable first. */
    public int[] mostValuableTasks() {
        return IntStream.range(0, taskWeights.length).filter(i -> !Double.isNaN(taskWeights[i])).boxed()
            .sorted((a, b) -> Double.compare(taskWeights[b], taskWeights[a]))
            .mapToInt(i -> i).toArray();
    }
}
