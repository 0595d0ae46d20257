package metarl.agent;

import java.util.List;
import java.util.stream.IntStream;
import metarl.diagnose.Ess;
import metarl.diagnose.ImportanceWeights;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A policy specialised to one task, and what it rests on.
 *
 * @param policy how to act now; valid until {@link #close()}
 * @param oldWeights β = p_new/p_old of old transitions, as they were used; null where no old data was used
 * @param rawEss effective sample size of the weights before clipping; null where no old data was used
 * @param ess effective sample size of the weights as used; null where no old data was used
 * @param taskWeights the mean β of each train task's transitions: which old tasks were worth most; NaN for a task without data, empty where no old data was used
 * @param proximalCoefficient λ, the strength of the pull to the meta-trained networks
 * @param newTaskUpdates how many of the updates were on the new task's own episodes (eq. 18 of MQL); they come first
 * @param criticLosses the critic's loss at every update, without the proximal term
 * @param resources freed by {@link #close()}
 */
public record Adaptation(Policy policy, ImportanceWeights oldWeights, Ess rawEss, Ess ess, double[] taskWeights, double proximalCoefficient, int newTaskUpdates,
                         List<Double> criticLosses, List<AutoCloseable> resources) implements AutoCloseable {
    /** No adaptation: the policy as it was. */
    public static Adaptation none(Policy policy) {
        return new Adaptation(policy, null, null, null, new double[0], 0, 0, List.of(), List.of());
    }

    /** Gradient steps done. */
    public int updates() {
        return criticLosses.size();
    }

    /** The train tasks with old data, by number, the most valuable first. */
    public int[] mostValuableTasks() {
        return IntStream.range(0, taskWeights.length).filter(i -> !Double.isNaN(taskWeights[i])).boxed().sorted((a, b) -> Double.compare(taskWeights[b], taskWeights[a]))
            .mapToInt(i -> i).toArray();
    }

    /** The numbers as a table with one row each; empty where no old data was used. */
    public Table summary() {
        var quantity = StringColumn.create("quantity");
        var value = DoubleColumn.create("value");
        if (ess != null) {
            quantity.append("old transitions judged").append("ESS as used").append("ESS / n as used").append("ESS / n before clipping")
                .append("mean weight").append("proximal coefficient λ").append("updates on the new task").append("updates on old data");
            double mean = 0;
            for (double w : oldWeights.values()) mean += w / ess.n();
            for (double v : new double[] {ess.n(), ess.value(), ess.fraction(), rawEss.fraction(), mean, proximalCoefficient, newTaskUpdates, updates() - newTaskUpdates}) value.append(v);
        }
        return Table.create("adaptation", quantity, value);
    }

    @Override
    public void close() {
        for (AutoCloseable r : resources) {
            try {
                r.close();
            } catch (Exception e) {
                throw new IllegalStateException("could not free the adapted networks", e);
            }
        }
    }
}
