package metarl.diagnose.weights;

import java.util.Locale;
import metarl.basics.Figures;
import metarl.basics.Findings;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Effective sample size: how many equally weighted draws the weighted ones are worth, ESS = (Σw)² / Σw² (Kish 1965; MQL, eq. 12, divided by
 * n).
 *
 * @param n number of weights
 * @param value ESS, between 1 and n
 * @param fraction ESS / n
 * @param largestShare max w / Σw
 * @param lambda 1 − ESS/n, MQL's proximal coefficient: how strongly to stay near what was learned before
 */
public record Ess(int n, double value, double fraction, double largestShare, double lambda) implements Findings {
    /** Below this fraction old data barely overlap the new task. */
    public static final double BARELY = 0.1;
    /** Below this fraction old data overlap the new task in part. */
    public static final double PARTLY = 0.5;
    /** From this share on a single weight decides. */
    public static final double DOMINATING_SHARE = 0.2;

    /** Whether the weights can carry an estimate: enough overlap, and no single weight decides. */
    public boolean reliable() {
        return fraction >= BARELY && largestShare < DOMINATING_SHARE;
    }

    /** The number, how it is to be read, and what to do. */
    public String sentence() {
        String head = String.format(Locale.ROOT, "ESS %.0f of %d (%s), λ = %.2f: ", value, n, shown(fraction), lambda);
        if (fraction < BARELY)
            return head + "below " + Figures.percent(BARELY) + ", old data barely overlap the new task"
                + (decides() ? ", and " + share() : "") + ". Collect data on it, or clip the weights and accept bias.";
        if (n <= 1 / DOMINATING_SHARE) return head + "with so few weights each one counts for much. Collect more data.";
        if (largestShare >= DOMINATING_SHARE) return head + share() + ". Clip the weights, or collect more data.";
        if (fraction < PARTLY) return head + "old data overlap the new task in part; conclusions are based on a part of them.";
        return head + "old data overlap the new task well.";
    }

    /** For a title: the number, the largest share where it is beyond its limit, and that limit where one is passed. */
    String figures() {
        return "ESS/n " + shown(fraction) + (fraction < BARELY ? ", below " + Figures.percent(BARELY) : "") + (decides() ? " · share "
            + Figures.percentBeside(largestShare, DOMINATING_SHARE, 0) + ", above " + Figures.percent(DOMINATING_SHARE) : "");
    }

    /** Of few weights each has a large share, which is not news. */
    private boolean decides() {
        return n > 1 / DOMINATING_SHARE && largestShare >= DOMINATING_SHARE;
    }

    /** ESS/n, on the right side of the nearer limit. */
    public static String shown(double fraction) {
        return Figures.percentBeside(fraction, fraction < (BARELY + PARTLY) / 2 ? BARELY : PARTLY, 0);
    }

    private String share() {
        return "one weight holds " + Figures.percentBeside(largestShare, DOMINATING_SHARE, 0) + " of the sum (limit "
            + Figures.percent(DOMINATING_SHARE) + ")";
    }

    /** The numbers in one row. */
    @Override
    public Table summary() {
        return table("effective sample size", new String[] {"weights"}, this);
    }

    /** Raw beside clipped weights, one row each. */
    public static Table compare(Ess raw, Ess clipped) {
        return table("effective sample size", new String[] {"raw", "clipped"}, raw, clipped);
    }

    private static Table table(String name, String[] labels, Ess... rows) {
        var label = StringColumn.create("weights", labels);
        var n = IntColumn.create("n");
        DoubleColumn[] columns = {DoubleColumn.create("ESS"), DoubleColumn.create("ESS / n"), DoubleColumn.create("largest share"),
            DoubleColumn.create("λ")};
        for (Ess e : rows) {
            n.append(e.n);
            double[] values = {e.value, e.fraction, e.largestShare, e.lambda};
            for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        }
        return Table.create(name, label, n).addColumns(columns);
    }

    @Override
    public String toString() {
        return sentence();
    }
}
