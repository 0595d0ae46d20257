package metarl.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import metarl.basics.Findings;
import metarl.chart.Chart;
import metarl.task.Task;
import metarl.task.TaskSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A policy specialised to one task, and what it rests on.
 *
 * @param policy how to act now; valid until {@link #close()}
 * @param losses what the gradient steps lowered, before each of them: the critic's loss without the proximal term for MQL, the inner loss
 *     for MAML; empty where the weights stayed as they were
 * @param evidence what it rests on besides the new task's own episodes; {@link Evidence#NONE} where that is nothing
 * @param resources freed by {@link #close()}
 */
public record Adaptation(Policy policy, List<Double> losses, Evidence evidence, List<AutoCloseable> resources)
    implements AutoCloseable, Findings {
    /** The weights as they were; what was seen may be in the policy's memory. */
    public static Adaptation none(Policy policy) {
        return new Adaptation(policy, List.of(), Evidence.NONE, List.of());
    }

    /** Gradient steps done. */
    public int updates() {
        return losses.size();
    }

    /**
     * The evidence as what it is, such as {@code adaptation.evidence(OldData.class).weights()}.
     *
     * @throws IllegalArgumentException if it is of another kind
     */
    public <E extends Evidence> E evidence(Class<E> kind) {
        if (kind.isInstance(evidence)) return kind.cast(evidence);
        String rests = evidence.equals(Evidence.NONE) ? "nothing but the new task's own episodes"
            : "evidence of a different kind: " + evidence.sentence();
        throw new IllegalArgumentException("this adaptation has no " + kind.getSimpleName() + "; it is based on " + rests);
    }

    /** A number of the evidence by its name, such as {@code evidence("ess")}; NaN where there is none. */
    public double evidence(String name) {
        return evidence.number(name);
    }

    /** What it rests on, in a sentence. */
    public String sentence() {
        if (!evidence.sentence().isEmpty()) return evidence.sentence();
        return updates() == 0 ? "no gradient step: the parameters did not change"
            : updates() + (updates() == 1 ? " gradient step" : " gradient steps") + " on the new task's episodes alone";
    }

    /** A picture of what it rests on; empty where there is none. */
    public Optional<Chart> chart(TaskSet tasks, Task adaptedTo) {
        return evidence.chart(tasks, adaptedTo);
    }

    @Override
    public String words() {
        return sentence();
    }

    /** The numbers as a table with one row each. */
    @Override
    public Table summary() {
        var rows = new LinkedHashMap<>(evidence.details());
        if (rows.isEmpty()) rows.put("gradient steps", (double) updates());
        var quantity = StringColumn.create("quantity", List.copyOf(rows.keySet()));
        var value = DoubleColumn.create("value", rows.values().stream().mapToDouble(v -> v).toArray());
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
