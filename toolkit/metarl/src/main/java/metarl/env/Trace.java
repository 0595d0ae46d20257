package metarl.env;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;
import metarl.basics.Figures;

/**
 * The plain picture of an environment that draws none of its own: its outcome over the last steps, one strip per entry, with name and
 * present value.
 */
final class Trace {
    private static final int KEPT = 200, STRIPS = 6, MARGIN = 8, FONT = 12;

    private final double[][] outcomes = new double[KEPT][];
    private int steps;

    void clear() {
        steps = 0;
    }

    void add(double[] outcome) {
        outcomes[steps++ % KEPT] = outcome;
    }

    /**
     * The strips, from left to right as many steps as an episode has, at most the last 200.
     *
     * @param names what the entries mean
     */
    BufferedImage draw(List<String> names, int horizon, int width, int height) {
        try (var canvas = new Canvas(width, height)) {
            int strips = Math.min(STRIPS, names.size());
            for (int i = 0; i < strips; i++) strip(canvas, names.get(i), i, horizon, width, (double) height / strips);
            return canvas.image();
        }
    }

    private void strip(Canvas canvas, String name, int entry, int horizon, int width, double height) {
        double top = entry * height + FONT + MARGIN, room = height - FONT - 2 * MARGIN, low = 0, high = 0;
        int first = Math.max(0, steps - KEPT);
        for (int t = first; t < steps; t++) {
            low = Math.min(low, value(t, entry));
            high = Math.max(high, value(t, entry));
        }
        double scale = high > low ? room / (high - low) : 0, zero = top + (scale == 0 ? room : high * scale);
        canvas.pen(Canvas.BACKGROUND, 1).draw(new Line2D.Double(MARGIN, zero, width - MARGIN, zero));
        double perStep = (width - 2.0 * MARGIN) / Math.max(1, Math.min(horizon, KEPT) - 1);
        var line = new Path2D.Double();
        for (int t = first; t < steps; t++) {
            double x = MARGIN + (t - first) * perStep, y = zero - value(t, entry) * scale;
            if (t == first) line.moveTo(x, y);
            line.lineTo(x, y);
        }
        Graphics2D g = canvas.pen(Canvas.AGENT, 2);
        g.draw(line);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT));
        String present = steps == 0 ? "" : " = " + Figures.number(value(steps - 1, entry), 3);
        g.drawString(name + present, MARGIN, (int) (entry * height) + FONT + 2);
    }

    private double value(int step, int entry) {
        return outcomes[step % KEPT][entry];
    }

    /** The picture of an environment of which nothing is known. */
    static BufferedImage none(String environment, int width, int height) {
        try (var canvas = new Canvas(width, height)) {
            Graphics2D g = canvas.pen(Canvas.AGENT, 1);
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT));
            g.drawString(environment + " draws no picture.", MARGIN, height / 2);
            g.drawString("Override render(width, height).", MARGIN, height / 2 + FONT + MARGIN);
            return canvas.image();
        }
    }
}
