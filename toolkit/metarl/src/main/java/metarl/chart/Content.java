package metarl.chart;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;

/** What is drawn between the axes of a chart, or of one of its panels; the same rectangle holds it in both twins. */
public interface Content {
    /** What stands above it. */
    String title();

    /** Pixels left and right of the plot, for the labels, where the plot is so high. */
    int[] sides(int height);

    /** Pixels below the plot. */
    int below();

    /** Entries of the legend, a name each; empty for no legend. */
    List<String> legend();

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
}
