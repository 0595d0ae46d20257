package metarl.diagnose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Effective sample size of each group's weights among themselves. */
final class GroupEss {
    private GroupEss() {}

    /** One row per group, in order of first appearance, with the group's share of all weight. */
    static Table table(ImportanceWeights all, String[] groups) {
        double[] logs = all.logValues();
        Map<String, List<Double>> members = new LinkedHashMap<>();
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] == null) throw new IllegalArgumentException("the group of weight " + i + " is null; expected a name");
            members.computeIfAbsent(groups[i], name -> new ArrayList<>()).add(logs[i]);
        }
        double logTotal = all.logMean() + Math.log(groups.length);
        var name = StringColumn.create("group");
        var n = IntColumn.create("n");
        DoubleColumn[] columns = {DoubleColumn.create("share of the weight"), DoubleColumn.create("ESS"), DoubleColumn.create("ESS / n"), DoubleColumn.create("largest share")};
        var reading = StringColumn.create("reading");
        members.forEach((group, list) -> {
            double[] own = list.stream().mapToDouble(l -> l).toArray();
            name.append(group);
            n.append(own.length);
            append(columns, reading, own, logTotal);
        });
        return Table.create("effective sample size by group", name, n).addColumns(columns).addColumns(reading);
    }

    private static void append(DoubleColumn[] columns, StringColumn reading, double[] logs, double logTotal) {
        double[] values = {0, 0, 0, 0};
        String sentence = "all weights of this group are 0: it does not count at all.";
        if (Arrays.stream(logs).anyMatch(l -> l > Double.NEGATIVE_INFINITY)) {
            var weights = ImportanceWeights.ofLog(logs);
            Ess ess = weights.ess();
            values = new double[] {Math.exp(weights.logMean() + Math.log(logs.length) - logTotal), ess.value(), ess.fraction(), ess.largestShare()};
            sentence = ess.sentence();
        }
        for (int i = 0; i < columns.length; i++) columns[i].append(values[i]);
        reading.append(sentence);
    }
}
