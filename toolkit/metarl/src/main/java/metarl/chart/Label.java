package metarl.chart;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The name of a series beside the end of its line, or above a vertical reference. Where the names of all series fit there, no legend is
 * needed.
 *
 * @param lines its text
 * @param colour of the text: that of the series, darker, so that it can be read on white
 * @param at where the line ends, on the vertical axis; for a vertical reference its place on the horizontal one
 * @param shift pixels downwards from there, so that labels do not overlap
 * @param above whether it stands above the plot
 */
record Label(List<String> lines, String colour, double at, double shift, boolean above) {
    static final int LINE = 14;
    /** Pixels between the plot and a label beside it. */
    static final int GAP = 6;
    private static final int MOST = 4;
    private static final double LONGEST = 135, FARTHEST = 24;
    /** Lines end at the right if they end in this share of the axis. */
    private static final double RIGHT_END = 0.05;
    private static final double DARKER = 0.7;

    /** Of all series that a legend would name, in a plot so high; none if one of them does not fit. */
    static List<Label> of(Panel panel, int height) {
        var beside = new ArrayList<Label>();
        var all = new ArrayList<Label>();
        Axis.Range xs = panel.xRange(), ys = panel.yRange();
        for (int index : panel.entries()) {
            Series s = panel.series().get(index);
            boolean line = s.style() == Series.Style.LINE || s.style() == Series.Style.REFERENCE;
            int end = end(s);
            if (!line || end < 0) return List.of();
            boolean above = s.style() == Series.Style.REFERENCE && s.x().length == 2 && s.x()[0] == s.x()[1];
            if (!above && (xs.high() - s.x()[end]) > RIGHT_END * (xs.high() - xs.low())) return List.of();
            List<String> lines = above ? List.of(panel.name(index)) : broken(panel.name(index));
            // a long text has more room in a legend
            if (!above && widest(lines) > LONGEST) return List.of();
            var label = new Label(lines, darker(panel.colour(index)), above ? s.x()[end] : s.y()[end], 0, above);
            (above ? all : beside).add(label);
        }
        if (all.size() > 1 || beside.size() > MOST) return List.of();
        List<Label> apart = apart(beside, ys, height);
        if (apart.size() < beside.size()) return List.of();
        all.addAll(apart);
        return all;
    }

    /** In one line, or broken at the space that makes both lines shortest. */
    private static List<String> broken(String text) {
        List<String> best = List.of(text);
        if (widest(best) <= LONGEST) return best;
        for (int space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) {
            List<String> lines = List.of(text.substring(0, space), text.substring(space + 1));
            if (widest(lines) < widest(best)) best = lines;
        }
        return best;
    }

    private static double widest(List<String> lines) {
        return lines.stream().mapToDouble(line -> Text.width(line, Text.SMALL)).max().orElse(0);
    }

    /** The rightmost point, the last of several. */
    private static int end(Series s) {
        int end = -1;
        for (int i = 0; i < s.x().length; i++)
            if (Double.isFinite(s.x()[i]) && Double.isFinite(s.y()[i]) && (end < 0 || s.x()[i] >= s.x()[end])) end = i;
        return end;
    }

    private static String darker(String colour) {
        Color c = Color.decode(colour);
        return String.format("#%02X%02X%02X", (int) (DARKER * c.getRed()), (int) (DARKER * c.getGreen()), (int) (DARKER * c.getBlue()));
    }

    /** Moved as little as need be so that none overlap; none if one would be far from its line. */
    private static List<Label> apart(List<Label> labels, Axis.Range ys, int height) {
        List<Label> sorted = labels.stream().sorted(Comparator.comparingDouble((Label l) -> -l.at)).toList();
        int n = sorted.size();
        double[] wanted = sorted.stream().mapToDouble(l -> height * (ys.high() - l.at) / (ys.high() - ys.low())).toArray();
        double[] from = new double[n];
        for (int i = 1; i < n; i++) from[i] = from[i - 1] + (sorted.get(i - 1).height() + sorted.get(i).height()) / 2.0 + 1;
        double[] place = rising(IntStream.range(0, n).mapToDouble(i -> wanted[i] - from[i]).toArray());
        double least = n == 0 ? 0 : sorted.get(0).height() / 2.0 - LINE, most = n == 0 ? 0 : height + LINE / 2.0
            - sorted.get(n - 1).height() / 2.0 - from[n - 1];
        var apart = new ArrayList<Label>();
        for (int i = 0; i < n; i++) {
            double shift = Math.max(least, Math.min(most, place[i])) + from[i] - wanted[i];
            if (Math.abs(shift) > FARTHEST) return List.of();
            Label l = sorted.get(i);
            apart.add(new Label(l.lines, l.colour, l.at, shift, false));
        }
        return apart;
    }

    /** The nearest numbers that do not fall (pooling adjacent violators). */
    private static double[] rising(double[] values) {
        double[] mean = new double[values.length];
        int[] size = new int[values.length];
        int pools = 0;
        for (double value : values) {
            mean[pools] = value;
            size[pools++] = 1;
            for (; pools > 1 && mean[pools - 2] > mean[pools - 1]; pools--) {
                int both = size[pools - 2] + size[pools - 1];
                mean[pools - 2] = (mean[pools - 2] * size[pools - 2] + mean[pools - 1] * size[pools - 1]) / both;
                size[pools - 2] = both;
            }
        }
        double[] result = new double[values.length];
        for (int pool = 0, i = 0; pool < pools; pool++) for (int k = 0; k < size[pool]; k++) result[i++] = mean[pool];
        return result;
    }

    double width() {
        return widest(lines);
    }

    int height() {
        return LINE * lines.size();
    }

    /** Its text in Plotly's form. */
    String plotly() {
        return lines.stream().map(Text::plotly).collect(Collectors.joining("<br>"));
    }
}
