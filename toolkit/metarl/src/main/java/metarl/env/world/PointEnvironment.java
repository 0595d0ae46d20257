package metarl.env.world;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import metarl.basics.Copy;
import metarl.basics.Require;
import metarl.env.Canvas;
import metarl.env.EpisodicEnvironment;
import metarl.env.Reward;
import metarl.env.Space;

/**
 * A point in the plane: p' = p + gain · stepLength · a + drift, with a ∈ [−1, 1]².
 *
 * <p>Observation: the position (x, y). Outcome: the position after the step and the one before it (x, y, x before, y before). The goal is
 * known to the reward, to the end of an episode where there is one, and to the picture; it is never observed.
 */
public final class PointEnvironment extends EpisodicEnvironment {
    private static final double FAR = 1e12;

    private final Setting setting;
    private final List<double[]> path = new ArrayList<>();
    private double x, y;

    /**
     * What makes one point task differ from another.
     *
     * @param startRange the start is drawn from U(−startRange, startRange)²; 0 starts at the origin
     * @param stepLength displacement per axis of an action of size 1
     * @param gain what the action's effect is multiplied by
     * @param driftX added to x in every step
     * @param driftY added to y in every step
     * @param goalX where the goal is
     * @param goalY where the goal is
     * @param endsWithin an episode ends for good when both coordinates are closer to the goal than this; 0 never ends it
     * @param horizon steps per episode
     */
    public record Setting(double startRange, double stepLength, double gain, double driftX, double driftY, double goalX, double goalY,
        double endsWithin,
        int horizon) {
        /** Checks every value. */
        public Setting {
            Require.number(startRange, startRange >= 0 && startRange <= FAR, "startRange", "0 to 1e12");
            Require.number(stepLength, stepLength > 0 && stepLength <= FAR, "stepLength", "above 0 and at most 1e12, usually 0.1");
            Require.number(gain, Math.abs(gain) <= FAR, "gain", "a number of at most 1e12 in size, usually 1");
            Require.number(driftX, Math.abs(driftX) <= FAR, "driftX", "a number of at most 1e12 in size, usually 0");
            Require.number(driftY, Math.abs(driftY) <= FAR, "driftY", "a number of at most 1e12 in size, usually 0");
            Require.number(goalX, Math.abs(goalX) <= FAR, "goalX", "a number of at most 1e12 in size");
            Require.number(goalY, Math.abs(goalY) <= FAR, "goalY", "a number of at most 1e12 in size");
            Require.number(endsWithin, endsWithin >= 0 && endsWithin <= FAR, "endsWithin", "0 (no end) to 1e12");
            Require.that(horizon >= 1, "horizon", horizon, "at least 1 step");
        }

        /** A point that is moved by up to {@code stepLength} per axis, without drift or end. */
        public static Setting of(double startRange, double stepLength, double goalX, double goalY, int horizon) {
            return new Setting(startRange, stepLength, 1, 0, 0, goalX, goalY, 0, horizon);
        }

        /** The same with other dynamics. */
        public Setting moved(double gain, double driftX, double driftY) {
            return Copy.with(Copy.with(Copy.with(this, "gain", gain), "driftX", driftX), "driftY", driftY);
        }

        /** The same with an end near the goal. */
        public Setting endsWithin(double distance) {
            return Copy.with(this, "endsWithin", distance);
        }
    }

    /** A point in this setting, paid by this reward. */
    public PointEnvironment(Setting setting, Reward reward) {
        super(Space.unbounded(2), Space.box(2, 1), setting.horizon, reward);
        this.setting = setting;
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("x", "y", "x before", "y before");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        double range = setting.startRange;
        x = range == 0 ? 0 : random.nextDouble(-range, range);
        y = range == 0 ? 0 : random.nextDouble(-range, range);
        path.clear();
        path.add(position());
        return position();
    }

    @Override
    protected Advance advance(double[] action) {
        double beforeX = x, beforeY = y, length = setting.gain * setting.stepLength;
        x += length * action[0] + setting.driftX;
        y += length * action[1] + setting.driftY;
        path.add(position());
        boolean arrived = Math.abs(x - setting.goalX) < setting.endsWithin && Math.abs(y - setting.goalY) < setting.endsWithin;
        return new Advance(position(), new double[] {x, y, beforeX, beforeY}, arrived);
    }

    private double[] position() {
        return new double[] {x, y};
    }

    @Override
    public BufferedImage render(int width, int height) {
        double reach = 1.25 * Math.max(10 * setting.stepLength, Math.max(Math.abs(setting.goalX), Math.abs(setting.goalY))),
            unit = reach / 30;
        try (var canvas = Canvas.plane(width, height, reach)) {
            Graphics2D g = canvas.pen(Canvas.BACKGROUND, unit / 4);
            g.draw(new Rectangle2D.Double(-0.8 * reach, -0.8 * reach, 1.6 * reach, 1.6 * reach));
            canvas.pen(Canvas.GOAL, unit);
            disc(g, setting.goalX, setting.goalY, 2 * unit);
            canvas.pen(Canvas.AGENT, unit / 2);
            var line = new Path2D.Double();
            for (double[] p : path)
                if (line.getCurrentPoint() == null) line.moveTo(p[0], p[1]);
                else line.lineTo(p[0], p[1]);
            g.draw(line);
            disc(g, x, y, 1.3 * unit);
            return canvas.image();
        }
    }

    private static void disc(Graphics2D g, double x, double y, double radius) {
        g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }
}
