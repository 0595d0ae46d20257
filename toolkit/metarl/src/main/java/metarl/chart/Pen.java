package metarl.chart;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Lines and markers of the still picture, which look as Plotly's do. */
final class Pen {
    private Pen() {}

    static BasicStroke stroke(float width, int[] dash) {
        if (dash.length == 0) return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        float[] lengths = new float[dash.length];
        for (int i = 0; i < dash.length; i++) lengths[i] = dash[i];
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, lengths, 0);
    }

    /** A path through the points, in parts where one is missing; each part closed, or brought down to a base. */
    static Path2D path(double[] px, double[] py, boolean closed, double base) {
        var path = new Path2D.Double();
        double first = Double.NaN, last = Double.NaN;
        for (int i = 0; i <= px.length; i++) {
            boolean there = i < px.length && Double.isFinite(px[i]) && Double.isFinite(py[i]);
            if (there && Double.isNaN(first)) {
                first = px[i];
                path.moveTo(px[i], py[i]);
            } else if (there) path.lineTo(px[i], py[i]);
            else if (!Double.isNaN(first)) {
                if (!Double.isNaN(base)) {
                    path.lineTo(last, base);
                    path.lineTo(first, base);
                }
                if (closed || !Double.isNaN(base)) path.closePath();
                first = Double.NaN;
            }
            if (there) last = px[i];
        }
        return path;
    }

    /** Plotly's symbols of that name, in its sizes. */
    static void mark(Graphics2D g, String symbol, double x, double y, double size) {
        if (!Double.isFinite(x) || !Double.isFinite(y)) return;
        double r = size / 2;
        g.setStroke(new BasicStroke(1.5f));
        switch (symbol) {
            case "square" -> g.fill(new Rectangle2D.Double(x - r, y - r, size, size));
            case "diamond" -> g.fill(polygon(x, y, 0, -1.3 * r, 1.3 * r, 0, 0, 1.3 * r, -1.3 * r, 0));
            case "triangle-up" -> g.fill(polygon(x, y, -r * 2 / Math.sqrt(3), r / 2, r * 2 / Math.sqrt(3), r / 2, 0, -r));
            case "x" -> {
                g.setStroke(new BasicStroke((float) (0.4 * size)));
                double d = 0.8 * r;
                g.draw(new Line2D.Double(x - d, y - d, x + d, y + d));
                g.draw(new Line2D.Double(x - d, y + d, x + d, y - d));
            }
            case "circle-open" -> g.draw(new Ellipse2D.Double(x - r, y - r, size, size));
            default -> g.fill(new Ellipse2D.Double(x - r, y - r, size, size));
        }
    }

    static Path2D polygon(double x, double y, double... corners) {
        var path = new Path2D.Double();
        path.moveTo(x + corners[0], y + corners[1]);
        for (int i = 2; i < corners.length; i += 2) path.lineTo(x + corners[i], y + corners[i + 1]);
        path.closePath();
        return path;
    }
}
