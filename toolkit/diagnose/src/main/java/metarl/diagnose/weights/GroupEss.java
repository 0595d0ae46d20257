package metarl.diagnose.weights;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Effective sample size of each group's weights among themselves. */
final class GroupEss {
    private GroupEss() {}

    /** One row per group, in order of first appearance, with the group's share of all weight. */
    static Table table(ImportanceWeights all, String[] groups) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] == null) throw new IllegalArgumentException("the group of weight " + i + " is null; expected a name");
            sizes.merge(groups[i], 1, Integer::sum);
        }
        Map<String, DoubleBuffer> members = new LinkedHashMap<>();
        sizes.forEach((group, size) -> members.put(group, DoubleBuffer.allocate(size)));
        double[] logs = all.logValues();
        for (int i = 0; i < logs.length; i++) members.get(groups[i]).put(logs[i]);
        var name = StringColumn.create("group");
        var n = IntColumn.create("n");
        DoubleColumn[] columns = Stream.of("share of the weight", "ESS", "ESS / n", "largest share").map(DoubleColumn::create)
            .toArray(DoubleColumn[]::new);
        var reading = StringColumn.create("reading");
        double logTotal = all.logMean() + Math.log(logs.length);
        members.forEach((group, own) -> {
            name.append(group);
            n.append(own.capacity());
            append(columns, reading, own.array(), logTotal);
        });
        return Table.create("effective sample size by group", name, n).addColumns(columns).addColumns(reading);
    }

    private static void append(DoubleColumn[] columns, StringColumn reading, double[] logs, double logTotal) {
        double[] values = {0, 0, 0, 0};
        String sentence = "all weights of this group are 0: it does not count at all.";
        if (Arrays.stream(logs).anyMatch(l -> l > Double.NEGATIVE_INFINITY)) {
            var weights = ImportanceWeights.ofLog(logs);
            Ess ess = weights.ess();
            values = new double[] {Math.exp(weights.logMean() + Math.log(logs.length) - logTotal), ess.value(), ess.fraction(),
                ess.largestShare()};
            sentence = ess.sentence();
        }
        for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        reading.append(sentence);
    }
}
