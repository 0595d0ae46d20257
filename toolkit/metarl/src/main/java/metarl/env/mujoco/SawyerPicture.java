package metarl.env.mujoco;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import metarl.env.Canvas;
import metarl.env.body.SawyerObject;
import org.mujoco.Simulation;

/**
 * The Sawyer arm from its side and somewhat from above, without perspective: table, goal, coffee machine, object, arm. Boxes and cylinders
 * stand for the meshes, which the model leaves out.
 */
final class SawyerPicture {
    private static final double METRES_ACROSS = 1.5, CENTRE_Y = 0.5, CENTRE_Z = 0.25;
    /** From where it is seen: turned about the vertical, and raised, in rad. */
    private static final double TURNED = -0.4, RAISED = 0.45;
    private static final Color TABLE = new Color(0xEE, 0xE6, 0xDA), MACHINE = new Color(0x8A, 0x5A, 0x5E),
        FINGER = new Color(0x33, 0x33, 0x33);
    private static final double[] TABLE_SIZE = {0.7, 0.4, 0.0}, PAD = {0.045, 0.006, 0.015}, CUBE = {0.02, 0.02, 0.02};
    private static final double[][] IDENTITY = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final int ROUND = 16;

    private final SawyerObject object;
    private final Simulation simulation;

    SawyerPicture(SawyerObject object, Simulation simulation) {
        this.object = object;
        this.simulation = simulation;
    }

    /** @param goal where the object is to go; null if nobody knows yet */
    BufferedImage draw(int width, int height, double[] goal) {
        try (var canvas = new Canvas(width, height)) {
            Graphics2D g = canvas.pen(Canvas.BACKGROUND, 1);
            double scale = width / METRES_ACROSS;
            double[] centre = seen(0, CENTRE_Y, CENTRE_Z);
            g.translate(width / 2.0, height / 2.0);
            g.scale(scale, -scale);
            g.translate(-centre[0], -centre[1]);
            fill(canvas, TABLE, box(new double[] {0, 0.6, 0}, IDENTITY, TABLE_SIZE));
            if (goal != null) fill(canvas, Canvas.GOAL, cylinder(new double[] {goal[0], goal[1], 0}, IDENTITY, object.radius(), 0));
            if (object == SawyerObject.MUG) machine(canvas);
            arm(canvas);
            thing(canvas);
            fingers(canvas);
            return canvas.image();
        }
    }

    private void machine(Canvas canvas) {
        double[] at = simulation.mocapPose("coffee_machine");
        fill(canvas, MACHINE, box(new double[] {at[0], at[1], at[2] + 0.115}, IDENTITY, new double[] {0.1, 0.098, 0.115}));
        fill(canvas, MACHINE, box(new double[] {at[0], at[1] - 0.042, at[2] + 0.3}, IDENTITY, new double[] {0.1, 0.14, 0.07}));
    }

    private void thing(Canvas canvas) {
        double[] pose = new double[simulation.model().positions()];
        simulation.positions(pose);
        int at = object.firstPosition();
        double[] place = Arrays.copyOfRange(pose, at, at + 3);
        double[][] axes = axes(Arrays.copyOfRange(pose, at + 3, at + 7));
        switch (object) {
            case CYLINDER -> fill(canvas, Canvas.AGENT, cylinder(place, axes, 0.02, 0.02));
            case CUBE -> fill(canvas, Canvas.AGENT, box(moved(place, axes, 0, 0.02), axes, CUBE));
            case MUG -> {
                fill(canvas, Canvas.AGENT, cylinder(moved(place, axes, 0, 0.035), axes, 0.028, 0.033));
                fill(canvas, Canvas.AGENT, box(moved(place, axes, 0.034, 0.042), axes, new double[] {0.02, 0.005, 0.02}));
            }
        }
    }

    private void arm(Canvas canvas) {
        var joints = new Path2D.Double();
        double[] at = seen(0, 0, 0);
        joints.moveTo(at[0], at[1]);
        for (String part : List.of("right_l0", "right_l1", "right_l2", "right_l3", "right_l4", "right_l5", "right_l6", "hand")) {
            double[] p = simulation.bodyPosition(part);
            at = seen(p[0], p[1], p[2]);
            joints.lineTo(at[0], at[1]);
        }
        canvas.pen(Color.GRAY, 0.05).draw(joints);
    }

    private void fingers(Canvas canvas) {
        for (String pad : List.of("leftpad_geom", "rightpad_geom")) {
            int geom = simulation.model().geomNames().indexOf(pad);
            double[] place = new double[3], r = new double[9];
            simulation.geomPosition(geom, place, 0);
            simulation.geomRotation(geom, r, 0);
            fill(canvas, FINGER, box(place, new double[][] {{r[0], r[3], r[6]}, {r[1], r[4], r[7]}, {r[2], r[5], r[8]}}, PAD));
        }
    }

    /** The axes of a body as columns of its rotation, by the quaternion w, x, y, z. */
    private static double[][] axes(double[] q) {
        double w = q[0], x = q[1], y = q[2], z = q[3];
        return new double[][] {{1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)},
            {2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)},
            {2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)}};
    }

    private static double[] moved(double[] place, double[][] axes, double x, double z) {
        double[] moved = new double[3];
        for (int i = 0; i < 3; i++) moved[i] = place[i] + x * axes[0][i] + z * axes[2][i];
        return moved;
    }

    private static List<double[]> box(double[] centre, double[][] axes, double[] half) {
        var corners = new ArrayList<double[]>();
        for (int corner = 0; corner < 8; corner++)
            corners.add(point(centre, axes, (corner & 1) == 0 ? half[0] : -half[0], (corner & 2) == 0 ? half[1] : -half[1],
                (corner & 4) == 0 ? half[2] : -half[2]));
        return corners;
    }

    private static List<double[]> cylinder(double[] centre, double[][] axes, double radius, double half) {
        var rims = new ArrayList<double[]>();
        for (int i = 0; i < 2 * ROUND; i++) {
            double angle = 2 * Math.PI * i / ROUND;
            rims.add(point(centre, axes, radius * Math.cos(angle), radius * Math.sin(angle), i < ROUND ? half : -half));
        }
        return rims;
    }

    private static double[] point(double[] centre, double[][] axes, double x, double y, double z) {
        double[] p = centre.clone();
        for (int i = 0; i < 3; i++) p[i] += x * axes[0][i] + y * axes[1][i] + z * axes[2][i];
        return seen(p[0], p[1], p[2]);
    }

    /** To the right and upwards in the picture. */
    private static double[] seen(double x, double y, double z) {
        double right = -Math.sin(TURNED) * x + Math.cos(TURNED) * y, away = -Math.cos(TURNED) * x - Math.sin(TURNED) * y;
        return new double[] {right, z * Math.cos(RAISED) + away * Math.sin(RAISED)};
    }

    /** Fills the convex hull, which is what a box or a cylinder looks like. */
    private static void fill(Canvas canvas, Color colour, List<double[]> points) {
        Graphics2D g = canvas.pen(colour, 0.002);
        List<double[]> hull = hull(points);
        var outline = new Path2D.Double();
        outline.moveTo(hull.get(0)[0], hull.get(0)[1]);
        for (double[] p : hull) outline.lineTo(p[0], p[1]);
        outline.closePath();
        g.fill(outline);
        g = canvas.pen(colour.darker(), 0.003);
        g.draw(outline);
    }

    /** Counter-clockwise, from the leftmost point on: lower side, then upper side. */
    private static List<double[]> hull(List<double[]> points) {
        var sorted = new ArrayList<>(points);
        sorted.sort((a, b) -> a[0] != b[0] ? Double.compare(a[0], b[0]) : Double.compare(a[1], b[1]));
        var hull = new ArrayList<double[]>();
        for (int side = 0; side < 2; side++) {
            int first = hull.size();
            for (double[] p : sorted) {
                while (hull.size() >= first + 2 && !turnsLeft(hull.get(hull.size() - 2), hull.get(hull.size() - 1), p))
                    hull.remove(hull.size() - 1);
                hull.add(p);
            }
            // the other side begins with it
            hull.remove(hull.size() - 1);
            Collections.reverse(sorted);
        }
        return hull;
    }

    private static boolean turnsLeft(double[] a, double[] b, double[] c) {
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0;
    }
}
