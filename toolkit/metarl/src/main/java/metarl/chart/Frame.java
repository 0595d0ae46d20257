package metarl.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;

/** Grid, axes, ticks and labels of the still picture, where Plotly has them. */
final class Frame {
    static final int TICK_LENGTH = 4;
    /** So much longer than its axis may a name be, at either end. */
    static final int OVERHANG = 20;
    private static final int LABEL_GAP = 4;

    private Frame() {}

    static void paint(Graphics2D g, Rectangle plot, Axis x, Axis y, Axis.Range xs, Axis.Range ys, int left) {
        Ticks horizontal = x.ticks(xs, plot.width, true), vertical = y.ticks(ys, plot.height, false);
        g.setStroke(new BasicStroke(1));
        for (int i = 0; i < horizontal.at().length; i++) {
            double px = plot.x + (horizontal.at()[i] - xs.low()) / (xs.high() - xs.low()) * plot.width;
            g.setColor(Color.decode(Chart.GRID_COLOUR));
            g.draw(new Line2D.Double(px, plot.y, px, plot.y + plot.height));
            below(g, plot, px, horizontal.labels()[i]);
        }
        for (int i = 0; i < vertical.at().length; i++) {
            double py = plot.y + plot.height - (vertical.at()[i] - ys.low()) / (ys.high() - ys.low()) * plot.height;
            g.setColor(Color.decode(Chart.GRID_COLOUR));
            g.draw(new Line2D.Double(plot.x, py, plot.x + plot.width, py));
            left(g, plot, py, vertical.labels()[i]);
        }
        g.setColor(Color.decode(Chart.LINE_COLOUR));
        g.draw(new Line2D.Double(plot.x, plot.y, plot.x, plot.y + plot.height));
        g.draw(new Line2D.Double(plot.x, plot.y + plot.height, plot.x + plot.width, plot.y + plot.height));
        labels(g, plot, x.label(), y.label(), left);
    }

    /** A tick and its label below the plot. */
    static void below(Graphics2D g, Rectangle plot, double px, String label) {
        int bottom = plot.y + plot.height;
        g.setColor(Color.decode(Chart.LINE_COLOUR));
        g.draw(new Line2D.Double(px, bottom, px, bottom + TICK_LENGTH));
        text(g, label, Text.SMALL, px - Text.width(label, Text.SMALL) / 2, bottom + TICK_LENGTH + 14);
    }

    /** A tick and its label left of the plot. */
    static void left(Graphics2D g, Rectangle plot, double py, String label) {
        g.setColor(Color.decode(Chart.LINE_COLOUR));
        g.draw(new Line2D.Double(plot.x - TICK_LENGTH, py, plot.x, py));
        text(g, label, Text.SMALL, plot.x - TICK_LENGTH - LABEL_GAP - Text.width(label, Text.SMALL), py + 4.5);
    }

    /** The names of both axes, the vertical one at the left end of that many pixels beside the plot. */
    static void labels(Graphics2D g, Rectangle plot, String x, String y, int pixels) {
        String below = Text.fitting(x, Text.LABEL, plot.width + 2 * OVERHANG),
            left = Text.fitting(y, Text.LABEL, plot.height + 2 * OVERHANG);
        text(g, below, Text.LABEL, plot.x + (plot.width - Text.width(below, Text.LABEL)) / 2, plot.y + plot.height + 38);
        AffineTransform before = g.getTransform();
        g.translate(plot.x - pixels + 18, plot.y + (plot.height + Text.width(left, Text.LABEL)) / 2);
        g.rotate(-Math.PI / 2);
        text(g, left, Text.LABEL, 0, 0);
        g.setTransform(before);
    }

    static void text(Graphics2D g, String text, Font font, double x, double y) {
        text(g, text, font, Chart.TEXT_COLOUR, x, y);
    }

    static void text(Graphics2D g, String text, Font font, String colour, double x, double y) {
        g.setColor(Color.decode(colour));
        g.setFont(Text.fontFor(text, font));
        g.drawString(text, (float) x, (float) y);
    }
}
