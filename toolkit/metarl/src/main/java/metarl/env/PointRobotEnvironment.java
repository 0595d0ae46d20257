package metarl.env;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A point in the plane that is pushed by up to 0.1 per axis and step.
 *
 * <p>Observation and outcome are the position (x, y). Nothing terminates an episode. The goal is known to the reward only; it is
 * passed here to be drawn.
 */
public final class PointRobotEnvironment extends EpisodicEnvironment {
    /** Largest displacement per axis and step. */
    public static final double STEP_LENGTH = 0.1;

    private final double startRange;
    private final double goalX, goalY;
    private final List<double[]> path = new ArrayList<>();
    private double x, y;

    /**
     * A point robot.
     *
     * @param startRange the start is drawn from U(−startRange, startRange)²; 0 starts at the origin
     * @param goal the goal (x, y), drawn in pictures
     * @param horizon steps per episode
     * @param reward the reward, of outcome (x, y)
     */
    public PointRobotEnvironment(double startRange, double[] goal, int horizon, Reward reward) {
        super(Space.unbounded(2), Space.box(2, 1), horizon, reward);
        this.startRange = startRange;
        goalX = goal[0];
        goalY = goal[1];
    }

    @Override
    public List<String> outcomeNames() {
        return List.of("x", "y");
    }

    @Override
    protected double[] begin(RandomGenerator random) {
        x = startRange == 0 ? 0 : random.nextDouble(-startRange, startRange);
        y = startRange == 0 ? 0 : random.nextDouble(-startRange, startRange);
        path.clear();
        path.add(position());
        return position();
    }

    @Override
    protected Advance advance(double[] action) {
        x += STEP_LENGTH * action[0];
        y += STEP_LENGTH * action[1];
        path.add(position());
        return new Advance(position(), position(), false);
    }

    private double[] position() {
        return new double[] {x, y};
    }

    @Override
    public BufferedImage render(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        double scale = Math.min(width, height) / 3.0;
        g.translate(width / 2.0, height / 2.0);
        g.scale(scale, -scale);
        g.setColor(new Color(0xDD, 0xDD, 0xDD));
        g.setStroke(new BasicStroke(0.01f));
        g.draw(new Rectangle2D.Double(-1, -1, 2, 2));
        g.setColor(new Color(0xE6, 0x9F, 0x00));
        g.fill(new Ellipse2D.Double(goalX - 0.1, goalY - 0.1, 0.2, 0.2));
        g.setColor(new Color(0x00, 0x72, 0xB2));
        g.setStroke(new BasicStroke(0.02f));
        var line = new Path2D.Double();
        for (double[] p : path)
            if (line.getCurrentPoint() == null) line.moveTo(p[0], p[1]);
            else line.lineTo(p[0], p[1]);
        g.draw(line);
        g.fill(new Ellipse2D.Double(x - 0.05, y - 0.05, 0.1, 0.1));
        g.dispose();
        return image;
    }
}
