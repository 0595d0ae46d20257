package metarl.chart;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything of a chart is, in pixels from the left and upper edges.
 *
 * @param title its lines
 * @param legend its entries; empty where labels stand for them, or none are needed
 * @param left where the legend begins: at the first plot, or left of one that is narrower than its place
 * @param perRow entries of the legend
 * @param entryWidth of the longest name in the legend
 * @param labels names at the ends of lines
 * @param plots what is between the axes, one for each panel
 */
record Places(List<String> title, List<Sign> legend, int left, int perRow, int entryWidth, List<Label> labels, List<Rectangle> plots) {
    static final int TITLE_LINE = 20;
    static final int ABOVE_TITLE = 10;
    static final int PANEL_TITLE = 22;
    static final int LEGEND_ROW = 19;
    /** Plotly's: the sign of an entry and the gaps around it. */
    static final int SIGN = 30;
    static final int SIGN_GAPS = 10;
    static final int LEGEND_EDGE = 5;
    private static final int TITLE_LINES = 2;
    private static final int AROUND_PLOT = 12;
    /** More signs than these would not be looked up. */
    private static final int MOST_OF_PANELS = 6;
    private static final int RIGHT_OF_LABELS = 12;
    /** A plot of fewer pixels shows nothing. */
    private static final int LEAST = 60;

    /**
     * One entry of the legend.
     *
     * @param content what it belongs to
     * @param number its number among that one's entries
     * @param name beside it
     */
    record Sign(Content content, int number, String name) {}

    static Places of(String title, List<Content> panels, int width, int height) {
        List<String> lines = Text.lines(title, Text.TITLE, width - 20, TITLE_LINES);
        boolean single = panels.size() == 1;
        int below = panels.stream().mapToInt(Content::below).max().orElse(0),
            head = ABOVE_TITLE + lines.size() * TITLE_LINE + (single ? 0 : PANEL_TITLE) + AROUND_PLOT / 2;
        List<Label> labels = single && panels.get(0) instanceof Panel panel ? Label.of(panel, height - head - below) : List.of();
        List<Sign> legend = !labels.isEmpty() ? List.of() : legend(panels);
        int entry = (int) Math.ceil(legend.stream().mapToDouble(l -> Text.width(l.name, Text.SMALL)).max().orElse(0)) + 6;
        int share = width / panels.size(), rows = 0, perRow = 1;
        // labels depend on the height, the height on rows of the legend, these on the width, and it on the labels: the second round settles
        // it
        int[] sides = panels.get(0).sides(height - head - below);
        if (!legend.isEmpty()) {
            perRow = Math.max(1, (width - sides[0] - sides[1] - LEGEND_EDGE) / (entry + SIGN + SIGN_GAPS));
            rows = (legend.size() + perRow - 1) / perRow;
        }
        boolean above = labels.stream().anyMatch(Label::above);
        int top = head + rows * LEGEND_ROW + (rows > 0 ? LEGEND_EDGE : 0) + (above ? Label.LINE : 0);
        int high = Math.max(LEAST, height - top - below);
        double beside = labels.stream().filter(l -> !l.above()).mapToDouble(Label::width).max().orElse(0);
        int right = beside > 0 ? (int) Math.ceil(beside) + Label.GAP + RIGHT_OF_LABELS : 0;
        List<Rectangle> plots = new ArrayList<>();
        for (int i = 0; i < panels.size(); i++) {
            int[] own = panels.get(i).sides(high);
            plots.add(new Rectangle(i * share + own[0], top, Math.max(LEAST, share - own[0] - Math.max(own[1], right)), high));
        }
        int left = plots.get(0).x;
        if (panels.stream().noneMatch(p -> Double.isNaN(p.shape()))) plots = shaped(plots, panels);
        return new Places(lines, legend, left, perRow, entry, labels, plots);
    }

    /**
     * Each as wide as its content wants for its height, and in the middle of where it was; all of the largest height at which they fit. As
     * they were where one would be a strip.
     */
    private static List<Rectangle> shaped(List<Rectangle> plots, List<Content> panels) {
        double high = plots.get(0).height;
        for (int i = 0; i < plots.size(); i++) high = Math.min(high, plots.get(i).width / panels.get(i).shape());
        var shaped = new ArrayList<Rectangle>();
        for (int i = 0; i < plots.size(); i++) {
            Rectangle plot = plots.get(i);
            int wide = Math.min(plot.width, (int) Math.round(high * panels.get(i).shape()));
            shaped.add(new Rectangle(plot.x + (plot.width - wide) / 2, plot.y, wide, (int) Math.round(high)));
        }
        return shaped.stream().anyMatch(plot -> Math.min(plot.width, plot.height) < LEAST) ? plots : shaped;
    }

    /** Of several panels what they have in common; none where the same name looks different, or there are too many. */
    private static List<Sign> legend(List<Content> panels) {
        var signs = new ArrayList<Sign>();
        Map<String, Object> looks = new LinkedHashMap<>();
        for (Content panel : panels) {
            List<Content.Entry> entries = panel.legend();
            for (int i = 0; i < entries.size(); i++) {
                // another panel may have some
                if (panels.size() > 1 && entries.get(i).name().endsWith(Series.NO_NUMBERS)) continue;
                Object before = looks.putIfAbsent(entries.get(i).name(), entries.get(i).look());
                if (panels.size() > 1 && before != null && !before.equals(entries.get(i).look())) return List.of();
                if (panels.size() == 1 || before == null) signs.add(new Sign(panel, i, entries.get(i).name()));
            }
        }
        return panels.size() > 1 && signs.size() > MOST_OF_PANELS ? List.of() : signs;
    }
}
