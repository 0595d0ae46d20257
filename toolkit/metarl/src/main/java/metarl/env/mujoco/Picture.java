package metarl.env.mujoco;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import metarl.env.Canvas;
import org.mujoco.Model;
import org.mujoco.MujocoException;
import org.mujoco.Renderer;
import org.mujoco.Simulation;

/**
 * A side view of a body that follows it: rendered where there is off-screen OpenGL, else a stick figure over a ruled floor.
 *
 * <p>{@code -Dmetarl.render=false} always draws the stick figure.
 */
final class Picture implements AutoCloseable {

    private final Simulation simulation;
    private final Model model;
    private final int followed;
    private final double metresAcross;
    private Renderer renderer;
    private int rendererWidth, rendererHeight;

    Picture(Simulation simulation, int followed, double metresAcross) {
        this.simulation = simulation;
        this.model = simulation.model();
        this.followed = followed;
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
                .elevation(-12);
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
            g.translate(width / 2.0, height * 0.8);
            g.scale(scale, -scale);
            g.translate(-centre[0], 0);
            floor(g, centre[0]);
            canvas.pen(Canvas.AGENT, 0.07);
            for (int geom = 0; geom < model.geoms(); geom++) limb(g, geom);
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
        g.draw(new Line2D.Double(p[0] - length * r[2], p[2] - length * r[8], p[0] + length * r[2], p[2] + length * r[8]));
        if (model.geomNames().get(geom).equals("head")) g.fill(new Ellipse2D.Double(p[0] - 0.08, p[2] - 0.08, 0.16, 0.16));
    }

    @Override
    public void close() {
        if (renderer != null) renderer.close();
        renderer = null;
    }
}
