package metarl.env.mujoco;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import metarl.env.Canvas;
import metarl.env.body.Body;
import org.mujoco.Model;
import org.mujoco.MujocoException;
import org.mujoco.Renderer;
import org.mujoco.Simulation;

/**
 * A view of a body that follows it: rendered where there is off-screen OpenGL, else a stick figure with its sites, over a ruled floor if
 * seen from the side.
 *
 * <p>{@code -Dmetarl.render=false} always draws the stick figure.
 */
final class Picture implements AutoCloseable {

    private final Simulation simulation;
    private final Model model;
    private final int followed;
    private final Body.View view;
    private final double metresAcross;
    private Renderer renderer;
    private int rendererWidth, rendererHeight;

    Picture(Simulation simulation, int followed, Body.View view, double metresAcross) {
        this.simulation = simulation;
        this.model = simulation.model();
        this.followed = followed;
        this.view = view;
        this.metresAcross = metresAcross;
    }

    /** The present state, seen from the side, the followed body in the middle. */
    BufferedImage draw(int width, int height) {
        if (Boolean.parseBoolean(System.getProperty("metarl.render", "true")) && Renderer.available()) {
            try {
                return rendered(width, height);
            } catch (MujocoException e) {
                // a picture that cannot be rendered can still be drawn
                System.setProperty("metarl.render", "false");
            }
        }
        return drawn(width, height);
    }

    private BufferedImage rendered(int width, int height) {
        if (renderer == null || width != rendererWidth || height != rendererHeight) {
            close();
            renderer = Renderer.of(model, width, height).follow(model.bodyNames().get(followed)).distance(metresAcross).azimuth(90)
                .elevation(view == Body.View.SIDE ? -12 : -90);
            rendererWidth = width;
            rendererHeight = height;
        }
        return renderer.frame(simulation);
    }

    private BufferedImage drawn(int width, int height) {
        try (var canvas = new Canvas(width, height)) {
            double[] centre = new double[3];
            simulation.bodyPosition(followed, centre, 0);
            double scale = width / metresAcross;
            Graphics2D g = canvas.pen(Canvas.BACKGROUND, 0.02);
            g.translate(width / 2.0, view == Body.View.SIDE ? height * 0.8 : height * 0.5);
            g.scale(scale, -scale);
            g.translate(-centre[0], view == Body.View.SIDE ? 0 : -centre[1]);
            if (view == Body.View.SIDE) floor(g, centre[0]);
            canvas.pen(Canvas.AGENT, 0.07);
            for (int geom = 0; geom < model.geoms(); geom++) limb(g, geom);
            canvas.pen(Canvas.GOAL, 0.07);
            for (int site = 0; site < model.siteNames().size(); site++) mark(g, site);
            return canvas.image();
        }
    }

    private void floor(Graphics2D g, double x) {
        g.draw(new Line2D.Double(x - metresAcross, 0, x + metresAcross, 0));
        for (int mark = (int) Math.floor(x - metresAcross); mark <= x + metresAcross; mark++)
            g.draw(new Line2D.Double(mark, 0, mark - 0.1, -0.15));
    }

    private void limb(Graphics2D g, int geom) {
        double length = model.geomHalfLength(geom);
        if (length <= 0) return;
        double[] p = new double[3], r = new double[9];
        simulation.geomPosition(geom, p, 0);
        simulation.geomRotation(geom, r, 0);
        int up = up();
        double x = length * r[2], y = length * r[3 * up + 2];
        g.draw(new Line2D.Double(p[0] - x, p[up] - y, p[0] + x, p[up] + y));
        if (model.geomNames().get(geom).equals("head")) g.fill(new Ellipse2D.Double(p[0] - 0.08, p[2] - 0.08, 0.16, 0.16));
    }

    private void mark(Graphics2D g, int site) {
        double[] p = new double[3];
        simulation.sitePosition(site, p, 0);
        double radius = metresAcross / 60;
        g.fill(new Ellipse2D.Double(p[0] - radius, p[up()] - radius, 2 * radius, 2 * radius));
    }

    /** The axis of space that points upwards in the picture. */
    private int up() {
        return view == Body.View.SIDE ? 2 : 1;
    }

    @Override
    public void close() {
        if (renderer != null) renderer.close();
        renderer = null;
    }
}
