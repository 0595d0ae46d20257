package metarl.chart;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;

/** What is drawn between the axes of a chart, or of one of its panels; the same rectangle holds it in both twins. */
public interface Content {
    /**
     * What a legend says of one series.
     *
     * @param name beside its sign
     * @param look what the sign looks like: equal for equal signs
     */
    record Entry(String name, Object look) {}

    /** What stands above it. */
    String title();

    /** One or two sentences for those who do not see it: what is drawn, against what, and its main numbers. */
    String description();

    /** Pixels left and right of the plot, for the labels, where the plot is so high. */
    int[] sides(int height);

    /** Pixels below the plot. */
    int below();

    /** Height of a chart of it, in pixels. */
    default int height() {
        return Chart.HEIGHT;
    }

    /** Entries of the legend; empty for no legend. */
    List<Entry> legend();

    /** Draws one entry's sign, 30 pixels wide, around a point. */
    void sign(Graphics2D g, int entry, int x, int y);

    /** Draws grid, axes, labels and data. */
    void paint(Graphics2D g, Rectangle plot);

    /** The data in Plotly's form. */
    List<Map<String, Object>> traces(Rectangle plot);

    /** The horizontal axis in Plotly's form. */
    Map<String, Object> horizontal(Rectangle plot);

    /** The vertical axis in Plotly's form. */
    Map<String, Object> vertical(Rectangle plot);

    /** The same on logarithmic axes. */
    Content logarithmic(boolean x, boolean y);

    /** The same with one unit as long on both axes. */
    Content equalScales();

    /** Width of the plot over its height, where that is fixed; NaN where it is not. */
    default double shape() {
        return Double.NaN;
    }
}
