package metarl.diagnose.log;

import java.util.List;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What the weights of one group, such as a task, a policy or a day, amount to among themselves.
 *
 * @param name of the group
 * @param n its rows
 * @param zeros its rows of weight 0
 * @param share of all weight, Σ_g w / Σw
 * @param ess effective sample size, (Σ_g w)² / Σ_g w²; 0 where all weights of the group are 0
 * @param largestShare its largest weight over Σ_g w; 0 where all are 0
 * @param estimates as those of {@link StreamedWeights}, of the group's rows alone; of weights that are all 0, SNIPS is NaN
 */
public record WeightGroup(String name, long n, long zeros, double share, double ess, double largestShare,
    List<StreamedWeights.Estimate> estimates) {
    /** ESS / n. */
    public double fraction() {
        return ess / n;
    }

    /** The number of draws the weights are worth, how it is to be read, and what to do. */
    public String sentence() {
        return zeros == n ? "all weights of this group are 0: it does not count at all."
            : StreamedWeights.sentence(n, ess, largestShare);
    }

    /** One row for each group, its columns as in {@link metarl.diagnose.weights.ImportanceWeights#essBy(String[])}. */
    static Table table(List<WeightGroup> groups) {
        var reading = StringColumn.create("reading", groups.stream().map(WeightGroup::sentence));
        Table table = Table.create("effective sample size by group", StringColumn.create("group", groups.stream().map(g -> g.name)),
            LongColumn.create("n", groups.stream().mapToLong(g -> g.n)));
        DoubleColumn[] columns = Stream.of("share of the weight", "ESS", "ESS / n", "largest share").map(DoubleColumn::create)
            .toArray(DoubleColumn[]::new);
        for (WeightGroup group : groups) {
            double[] values = {group.share, group.ess, group.fraction(), group.largestShare};
            for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        }
        return table.addColumns(columns).addColumns(reading);
    }
}
