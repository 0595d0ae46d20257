package metarl.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import metarl.basics.Figures;

/** Charts in words, for those who do not see them. */
final class Description {
    private static final int MOST = 8;
    private static final int DIGITS = 3;

    private Description() {}

    /** Kind, axes, and the ends of every line, or the numbers of every estimate. */
    static String of(Panel panel) {
        Axis x = panel.x(), y = panel.y();
        List<Series> series = panel.series();
        int[] said = IntStream.range(0, series.size())
            .filter(i -> series.get(i).style() != Series.Style.BAND && !panel.holdsAxis(i)).toArray();
        String rest = said.length > MOST && !panel.ofIntervals() ? "; and " + (said.length - MOST) + " more" : "";
        String each = Arrays.stream(said).limit(panel.ofIntervals() ? said.length : MOST).mapToObj(i -> of(panel, i))
            .collect(Collectors.joining("; ")) + rest + ".";
        if (panel.ofIntervals()) return "Estimates of " + named(x.label(), "the value") + " with their intervals: " + each;
        boolean bands = series.stream().anyMatch(s -> s.style() == Series.Style.BAND);
        String axes = named(y.label(), "values") + " against " + named(x.label(), "x") + ", "
            + ends(x, series.stream().flatMapToDouble(s -> Arrays.stream(s.x()))) + (bands ? ", with intervals as bands" : "");
        return kind(series) + " of " + axes + ". " + each;
    }

    private static String kind(List<Series> series) {
        if (series.stream().anyMatch(s -> s.style() == Series.Style.BARS)) return "Histogram";
        return series.stream().anyMatch(s -> s.style() == Series.Style.LINE) ? "Line chart" : "Scatter plot";
    }

    private static String of(Panel panel, int index) {
        Series s = panel.series().get(index);
        Axis x = panel.x(), y = panel.y();
        String name = panel.name(index);
        int[] there = IntStream.range(0, s.x().length).filter(i -> Double.isFinite(s.x()[i]) && Double.isFinite(s.y()[i])).toArray();
        if (there.length == 0) return name;
        double first = s.y()[there[0]], last = s.y()[there[there.length - 1]];
        return switch (s.style()) {
            case INTERVAL -> name + " " + number(x, s.x()[1])
                + (s.x()[0] < s.x()[2] ? " (" + number(x, s.x()[0]) + " to " + number(x, s.x()[2]) + ")" : "");
            case REFERENCE -> "reference " + (name.equals(number(x, s.x()[there[0]])) ? "line" : name)
                + (s.x()[there[0]] == s.x()[there[there.length - 1]] ? " at " + number(x, s.x()[there[0]]) : level(y, first, last));
            case POINTS -> name + ", " + there.length + " points, " + ends(y, Arrays.stream(there).mapToDouble(i -> s.y()[i]));
            case BARS -> name + ", up to " + number(y, Arrays.stream(there).mapToDouble(i -> s.y()[i]).max().getAsDouble());
            default -> name + level(y, first, last);
        };
    }

    private static String level(Axis axis, double first, double last) {
        return first == last ? " at " + number(axis, first) : " from " + number(axis, first) + " to " + number(axis, last);
    }

    private static String ends(Axis axis, DoubleStream values) {
        var all = values.filter(Double::isFinite).summaryStatistics();
        return all.getCount() == 0 ? "without numbers" : "from " + number(axis, all.getMin()) + " to " + number(axis, all.getMax());
    }

    private static String number(Axis axis, double value) {
        return shown(axis.logarithmic() ? Math.pow(10, value) : value);
    }

    private static String shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) return String.format(Locale.ROOT, "%,d", (long) value).replace('-', '−');
        String text = Figures.number(value, DIGITS);
        return (text.contains(".") && !text.contains("e") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text).replace('-', '−');
    }

    private static String named(String label, String otherwise) {
        String line = Text.line(label);
        return line.isEmpty() ? otherwise : line;
    }

    /** Size, and where the least and the greatest number are. */
    static String of(HeatMap map) {
        int rows = map.values().length, columns = map.values()[0].length;
        int[] cells = IntStream.range(0, rows * columns).filter(i -> Double.isFinite(map.values()[i / columns][i % columns])).toArray();
        int least = cells[0], greatest = cells[0];
        for (int i : cells) {
            if (value(map, i) < value(map, least)) least = i;
            if (value(map, i) > value(map, greatest)) greatest = i;
        }
        return "Heat map of " + Text.line(map.valueName()) + ": " + count(rows, "row", map.yName()) + " and "
            + count(columns, "column", map.xName()) + ". The least value is " + cell(map, least) + ", the greatest " + cell(map, greatest)
            + ".";
    }

    private static String count(int n, String noun, String name) {
        String line = Text.line(name);
        return n + " " + noun + (n == 1 ? "" : "s") + (line.isEmpty() ? "" : " (" + line + ")");
    }

    private static double value(HeatMap map, int cell) {
        return map.values()[cell / map.xLabels().length][cell % map.xLabels().length];
    }

    private static String cell(HeatMap map, int cell) {
        int columns = map.xLabels().length;
        return shown(value(map, cell)) + " in row " + Text.line(map.yLabels()[cell / columns]) + ", column "
            + Text.line(map.xLabels()[cell % columns]);
    }
}
