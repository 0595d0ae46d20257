package metarl.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import metarl.agent.value.OldData;
import metarl.diagnose.weights.Ess;
import metarl.diagnose.weights.ImportanceWeights;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A policy specialised to one task, and what it rests on.
 *
 * @param policy how to act now; valid until {@link #close()}
 * @param losses what the gradient steps lowered, before each of them: the critic's loss without the proximal term for MQL, the inner loss for MAML; empty where the
 *     weights stayed as they were
 * @param oldData what was taken from the train tasks; null where nothing was
 * @param resources freed by {@link #close()}
 */
public record Adaptation(Policy policy, List<Double> losses, OldData oldData, List<AutoCloseable> resources) implements AutoCloseable {
    /** The weights as they were; what was seen may be in the policy's memory. */
    public static Adaptation none(Policy policy) {
        return new Adaptation(policy, List.of(), null, List.of());
    }

    /** Gradient steps done. */
    public int updates() {
        return losses.size();
    }

    /** Weights of the old transitions as they were used; null where no old data was used. */
    public ImportanceWeights oldWeights() {
        return oldData == null ? null : oldData.weights();
    }

    /** Effective sample size of the old data before clipping; null where none was used. */
    public Ess rawEss() {
        return oldData == null ? null : oldData.rawEss();
    }

    /** Effective sample size of the old data as used; null where none was used. */
    public Ess ess() {
        return oldData == null ? null : oldData.ess();
    }

    /** λ, the strength of the pull to the meta-trained networks; 0 where there was none. */
    public double proximalCoefficient() {
        return oldData == null ? 0 : oldData.proximalCoefficient();
    }

    /** What it rests on, in a sentence. */
    public String sentence() {
        if (oldData != null) return oldData.ess().sentence();
        return updates() == 0 ? "no gradient step: the weights are as they were"
            : updates() + (updates() == 1 ? " gradient step" : " gradient steps") + " on the new task's episodes alone";
    }

    /** The numbers as a table with one row each. */
    public Table summary() {
        var rows = new LinkedHashMap<String, Double>();
        if (oldData != null) {
            double mean = 0;
            for (double w : oldData.weights().values()) mean += w / oldData.ess().n();
            rows.put("old transitions judged", (double) oldData.ess().n());
            rows.put("ESS as used", oldData.ess().value());
            rows.put("ESS / n as used", oldData.ess().fraction());
            rows.put("ESS / n before clipping", oldData.rawEss().fraction());
            rows.put("mean weight", mean);
            rows.put("proximal coefficient λ", oldData.proximalCoefficient());
        }
        int onOld = oldData == null ? 0 : updates() - oldData.newTaskUpdates();
        rows.put("updates on the new task", (double) (updates() - onOld));
        rows.put("updates on old data", (double) onOld);
        var quantity = StringColumn.create("quantity");
        var value = DoubleColumn.create("value");
        for (Map.Entry<String, Double> row : rows.entrySet()) {
            quantity.append(row.getKey());
            value.append(row.getValue());
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
